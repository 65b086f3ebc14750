"""Which engine simulates: the compiled one where there is one, else SimPy. Both give the same."""

import logging
from dataclasses import dataclass
from typing import Final, Literal

from ncpcsim.compiled.library import EngineError, load

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
