"""Which engine simulates: the compiled one where there is one, else SimPy. Both give the same."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ncpcsim.compiled import run as compiled
from ncpcsim.compiled.library import EngineError, load
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.tables import tables_for
from ncpcsim.model.faults import RunError
from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan

EngineName = Literal["compiled", "reference"]
AUTO: Final = "auto"
COMPILED: Final = "compiled"
REFERENCE: Final = "reference"
ENGINES = (AUTO, COMPILED, REFERENCE)


@dataclass(frozen=True)
class Engine:
    """The engine that simulates.

    Attributes:
        name: "compiled" or "reference".
        instead: why the compiled one does not, in one line, where it was wanted if possible.
    """

    name: EngineName
    instead: str | None = None


def choose(wanted: str = AUTO) -> Engine:
    """The engine to use.

    Args:
        wanted: "auto" takes the compiled one if there is one; the others are as they say.

    Raises:
        EngineError: the compiled one is wanted and is not there.
        ValueError: there is no engine of that name.
    """
    if wanted not in ENGINES:
        raise ValueError(f"engine is {wanted!r}, expected one of {', '.join(ENGINES)}")
    if wanted == REFERENCE:
        return Engine("reference")
    try:
        load()
    except EngineError as error:
        if wanted == COMPILED:
            raise
        return Engine("reference", f"{error}; SimPy simulates instead, a hundred times slower")
    return Engine("compiled")


def chosen(wanted: str = AUTO) -> EngineName:
    """The name of the engine to use; a warning is logged where SimPy is in the other's place.

    Raises:
        EngineError: the compiled one is wanted and is not there.
        ValueError: there is no engine of that name.
    """
    found = choose(wanted)
    if found.instead:
        logging.getLogger(__name__).warning(found.instead)
    return found.name


def simulate_compiled(
    plan: Plan, seed: int, replications: Sequence[int], draws: Sequence[int]
) -> Iterator[tuple[dict[str, float], Record] | RunError]:
    """Runs of a plan through the compiled engine: drawn parameters and record, or what stopped it.

    Args:
        plan: what to simulate.
        seed: the random seed.
        replications: which runs.
        draws: the draw of the uncertain parameters of each.

    Raises:
        EngineError: there is no compiled engine.
    """
    values = draw_matrix(plan, seed, draws, load())
    paths = tuple(plan.uncertain)
    found = compiled.simulate(tables_for(plan), seed, replications, paths, values)
    for run, row in enumerate(values.tolist()):
        try:
            yield dict(zip(paths, row, strict=True)), found.record(run)
        except RunError as error:
            yield error
