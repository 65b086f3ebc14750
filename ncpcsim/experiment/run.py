"""One run of a plan, and one task of consecutive runs: what a worker does."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncpcsim.compiled import run as compiled
from ncpcsim.compiled.library import load
from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.engines import COMPILED, REFERENCE, EngineName
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.tables import tables_for
from ncpcsim.faults import Fault, RunError
from ncpcsim.measures.columns import column_types, measured
from ncpcsim.model.record import Record, Records, Trace
from ncpcsim.model.streams import Streams
from ncpcsim.plan.load import Plan
from ncpcsim.reference.assembly import simulate
from ncpcsim.results.table import Table


@dataclass(frozen=True)
class Task:
    """Consecutive replications of one plan, to be run by one worker.

    Attributes:
        plan: what to simulate.
        seed: the batch's random seed.
        first: number of the first replication.
        runs: how many.
        replications_per_draw: consecutive replications that share one draw of the uncertain
            parameters and differ in randomness alone.
        keep_records: whether to keep each run's record in addition to the table.
        engine: "compiled" or "reference".
    """

    plan: Plan
    seed: int
    first: int
    runs: int
    replications_per_draw: int = 1
    keep_records: bool = False
    engine: EngineName = REFERENCE


@dataclass(frozen=True, eq=False)
class Chunk:
    """The results of a task.

    Attributes:
        table: a row a replication, in order.
        records: what the runs that finished left, in order; None unless asked for, and where none
            finished.
    """

    table: Table
    records: Records | None


def run_once(
    plan: Plan,
    seed: int,
    replication: int,
    trace: Trace | None = None,
    *,
    draw: int | None = None,
) -> tuple[dict[str, float], Record]:
    """Replay one replication with SimPy: its drawn parameters and its record.

    Args:
        plan: what to simulate.
        seed: the batch's random seed.
        replication: the number of the replication; it selects the random streams.
        trace: a callback for every event and posting, if given.
        draw: the number of the draw of the uncertain parameters; the replication's if left out.

    Raises:
        RunError: the run cannot be carried to its end.
    """
    parameters = draw_parameters(plan, seed, replication if draw is None else draw)
    tables = tables_for(plan)
    with _no_garbage_collection():
        record = simulate(
            tables, Streams(seed, replication), trace, words=tables.filled(parameters)
        )
    return parameters, record


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Collect no cyclic garbage for a while.

    A run leaves hardly any before its end, when all its parts are garbage at once; to look for it
    all the while took a tenth of a run's time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def run_chunk(task: Task) -> Chunk:
    """Run a task; an error in one replication becomes its row, not the batch's end.

    Raises:
        EngineError: the compiled engine is to simulate and is not there.
    """
    plan = task.plan
    replications = np.arange(task.first, task.first + task.runs)
    draws = replications // task.replications_per_draw
    runs = (_compiled if task.engine == COMPILED else _by_simpy)(
        plan, task.seed, replications.tolist(), draws.tolist()
    )
    if runs.records is None:
        kinds = column_types(plan.numbers)
        columns: dict[str, NDArray[Any]] = {name: np.empty(0, kinds[name]) for name in kinds}
    else:
        columns = measured(runs.records, plan.numbers)
    for column, path in enumerate(plan.uncertain):
        columns[f"parameter.{path}"] = runs.parameters[:, column]
    table = Table(replications, draws, runs.errors, columns)
    return Chunk(table, runs.records if task.keep_records else None)


@dataclass(frozen=True, eq=False)
class _Runs:
    """Runs of either engine: parameters and records of those that finished, errors of the others.

    `parameters` has shape (finished, parameters); `records` is None where none finished.
    """

    parameters: NDArray[np.float64]
    records: Records | None
    errors: dict[int, str]


def _compiled(plan: Plan, seed: int, replications: Sequence[int], draws: Sequence[int]) -> _Runs:
    values = draw_matrix(plan, seed, draws, load())
    found = compiled.simulate(tables_for(plan), seed, replications, tuple(plan.uncertain), values)
    faults = found.faults
    if not faults.any():
        return _Runs(values, found.records(), {})
    errors = {
        replications[run]: error_text(RunError(Fault(faults[run].item())))
        for run in np.flatnonzero(faults).tolist()
    }
    finished = np.flatnonzero(faults == Fault.NONE)
    records = found.records(finished) if len(finished) else None
    return _Runs(values[finished], records, errors)


def _by_simpy(plan: Plan, seed: int, replications: Sequence[int], draws: Sequence[int]) -> _Runs:
    parameters, records, errors = [], [], {}
    for replication, draw in zip(replications, draws, strict=True):
        try:
            drawn, record = run_once(plan, seed, replication, draw=draw)
        except Exception as error:  # noqa: BLE001  any failure of a run is a result to report
            errors[replication] = error_text(error)
            continue
        parameters.append(list(drawn.values()))
        records.append(record)
    values = np.array(parameters, np.float64).reshape(len(records), len(plan.uncertain))
    return _Runs(values, Records.of(records) if records else None, errors)


def error_text(error: Exception) -> str:
    """An error in one line, as a table of runs has it."""
    return f"{type(error).__name__}: {error}"
