"""Rows of numbers of eight bytes: named tuples or slotted classes as memory that C can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from ncpcsim.model.fields import Key, Moment, Month

WORD = 8
"""Bytes of a number."""
_TYPES: dict[Any, str] = {float: "<f8", int: "<i8", bool: "<i8", Key: "<u8"}
_TYPES |= {Month: "<i8", Moment: "<f8"}


@dataclass(frozen=True)
class Span:
    """Where a table stands in a block of words.

    Attributes:
        kind: the class of its rows; `float` or `int` where a row is one number.
        first: its first word.
        rows: how many rows it has.
        single: it is one row, not a list.
    """

    kind: type
    first: int
    rows: int
    single: bool

    @property
    def width(self) -> int:
        """Words of a row."""
        return len(columns(self.kind)) if self.kind not in _TYPES else 1

    @property
    def words(self) -> int:
        """Words of the whole table."""
        return self.rows * self.width


@cache
def columns(kind: type) -> tuple[str, ...]:
    """Names of the fields of a row, in order."""
    return tuple(get_type_hints(kind))


@cache
def month_columns(kind: type) -> frozenset[str]:
    """Names of the fields of a row that are months of the plan."""
    hints = get_type_hints(kind).items()
    return frozenset(name for name, hint in hints if hint in (Month, Moment))


@cache
def row_type(kind: type) -> "np.dtype[Any]":
    """A row as numpy sees it."""
    if kind in _TYPES:
        return np.dtype(_TYPES[kind])
    return np.dtype([(name, _TYPES[hint]) for name, hint in get_type_hints(kind).items()])


@cache
def tables_of(group: type) -> dict[str, tuple[type, bool]]:
    """The tables of a group of them: the class of the rows, and whether there is only one row.

    Groups within the group are left out.
    """
    found = {}
    for name, hint in get_type_hints(group).items():
        listed = get_origin(hint) is list
        kind = get_args(hint)[0] if listed else hint
        if kind in _TYPES or all(each in _TYPES for each in get_type_hints(kind).values()):
            found[name] = (kind, not listed)
    return found


def spans(group: type, rows: Mapping[str, int], first: int = 0) -> dict[str, Span]:
    """The tables of a group one after the other.

    Args:
        group: a class whose fields are rows or lists of rows.
        rows: how many rows each list has.
        first: the first word.
    """
    found = {}
    for name, (kind, single) in tables_of(group).items():
        found[name] = Span(kind, first, 1 if single else rows[name], single)
        first += found[name].words
    return found


def view(words: NDArray[np.int64], span: Span) -> NDArray[Any]:
    """A table as a structured array over its words, shape (rows,)."""
    part = words[span.first : span.first + span.words]
    return part.view(row_type(span.kind))


def objects(group: type, words: NDArray[np.int64], places: Mapping[str, Span]) -> Any:
    """A group of tables as objects of Python: what the reference engine reads."""
    found: dict[str, Any] = {}
    for name, span in places.items():
        values = view(words, span).tolist()
        rows = values if span.kind in _TYPES else [span.kind(*row) for row in values]
        found[name] = rows[0] if span.single else rows
    return group(**found)
