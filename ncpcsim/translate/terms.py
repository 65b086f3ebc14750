"""What is known of expressions, functions and names while they are translated."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from ncpcsim.translate.kinds import BOOL, FLOAT, INT, TypeKind


@dataclass(frozen=True)
class Term:
    """An expression in C.

    Attributes:
        text: the expression.
        kind: what it is.
        simple: a constant or a local name: nothing else that is evaluated can change it.
        changes: evaluating it may change the state.
    """

    text: str
    kind: TypeKind
    simple: bool = False
    changes: bool = False


@dataclass(frozen=True)
class Signature:
    """A function that may be called.

    Attributes:
        name: its name in C.
        parameters: its parameters, in order.
        returns: what it returns.
        changes: it may change the state.
    """

    name: str
    parameters: Mapping[str, TypeKind]
    returns: TypeKind
    changes: bool


@dataclass(frozen=True)
class Scope:
    """What names stand for in one function.

    Attributes:
        module: those of its module.
        own: all that it assigns or is given.
        kinds: what each of its own is, as far as is known.
        sure: its own that have a value whichever way was taken here.
    """

    module: Mapping[str, Any]
    own: AbstractSet[str]
    kinds: dict[str, TypeKind]
    sure: set[str]


def fits(found: TypeKind, expected: TypeKind) -> bool:
    """Whether a value can be given where another kind is expected."""
    if found == expected:
        return True
    if expected == FLOAT:
        return found.is_whole
    return expected == INT and found == BOOL


def worded(kind: TypeKind) -> str:
    """A kind of value in words."""
    return f"a {kind.name} of {getattr(kind.of, '__name__', kind.of)}" if kind.of else kind.name
