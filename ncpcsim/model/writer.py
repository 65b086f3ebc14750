"""Writes a plan's tables row by row, and remembers where each number of the plan went.

A plan counts its months from its start, a run from its first day, which may come later. The
difference is taken here and nowhere else, from every column of the type `Month` or `Moment`.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from ncpcsim.model.counts import counted
from ncpcsim.model.fields import NONE, Inputs
from ncpcsim.model.order import order
from ncpcsim.model.streams import stream_key
from ncpcsim.model.tables import columns, month_columns, tables_of
from ncpcsim.plan.problems import KeyPath, dotted
from ncpcsim.plan.schema import Numbers

NEVER = 1 << 53
"""More of anything than there can be."""


class CollisionError(ValueError):
    """Two names of a plan that cannot be told apart by their numbers."""


class At(NamedTuple):
    """A number of the plan, and where it stands there."""

    path: KeyPath
    value: Any


class Writer:
    """Rows of all tables as they are written.

    Attributes:
        numbers: the plan.
        rows: the rows of each table.
        cells: where each number of the plan stands: table, row and column, by dotted path.
        counts: the row of what is counted, by subject and what.
        roles, segments, services, donors, grants, givers, contracts, events, positions: names, in
            the order of their rows; a giver is a grant or a kind of contract.
    """

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.rows: dict[str, list[Any]] = defaultdict(list)
        self.cells: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        self._names: dict[tuple[str, int], str] = {}
        self.counts = {each: row for row, each in enumerate(counted(numbers))}
        leads = numbers.leadership
        roles = [post.role for post in numbers.posts.values()]
        roles += [leads.role, leads.office_role] if leads else []  # perhaps held by nobody
        self.roles = list(dict.fromkeys(roles))
        self.segments = list(numbers.segments)
        self.services = list(numbers.services)
        self.donors = list(numbers.donors)
        self.grants = list(numbers.grants)
        self.givers = [*numbers.grants, *numbers.contracts]
        self.contracts: list[str] = []
        self.events: list[str] = []
        self.positions: list[str] = []

    def add(self, table: str, section: Any = None, path: KeyPath = (), /, **others: Any) -> None:
        """Write a row: `others`, and every field the section has of the same name.

        What the section leaves out is 0.
        """
        kind, _ = tables_of(Inputs)[table]
        row, months = [], month_columns(kind)
        for column, name in enumerate(columns(kind)):
            found = others.pop(name) if name in others else self._stated(section, path, name)
            number = self._number(table, column, found)
            row.append(self.in_run(number) if name in months else number)
        if others:
            raise TypeError(f"table {table} has no {', '.join(others)}")
        self.rows[table].append(tuple(row))

    def in_run(self, month: float) -> float:
        """A month of the plan, counted from the first day of the run."""
        return month - self.numbers.elapsed_months

    def is_past(self, month: float) -> bool:
        """Whether what begins in a month of the plan began before the first day of the run."""
        return month < self.numbers.elapsed_months

    def add_number(self, table: str, number: Any) -> None:
        """Write a row that is one number."""
        self.rows[table].append(self._number(table, 0, number))

    def _stated(self, section: Any, path: KeyPath, name: str) -> Any:
        if section is None:
            return 0
        value = getattr(section, name)
        return 0 if value is None else At((*path, name), value)

    def _number(self, table: str, column: int, found: Any) -> Any:
        if not isinstance(found, At):
            return found
        self.cells[dotted(found.path)].append((table, len(self.rows[table]), column))
        return found.value

    def key(self, stream: str) -> int:
        """The key of a random stream."""
        return self._named("stream", stream_key(stream), stream)

    def order(self, stream: str) -> int:
        """The rank of a stream among events of one instant."""
        return self._named("order", order(stream), stream)

    def _named(self, what: str, number: int, name: str) -> int:
        """A number for a name, refused if another name has it."""
        other = self._names.setdefault((what, number), name)
        if other != name:
            raise CollisionError(f"{other!r} and {name!r} have the same number: rename one of them")
        return number

    def row(self, subject: str, what: str) -> int:
        """The row of what is counted, or `NONE`."""
        return self.counts.get((subject, what), NONE)


def all_of(section: Any, path: KeyPath) -> dict[str, At]:
    """Every number of a section."""
    return {name: At((*path, name), getattr(section, name)) for name in type(section).model_fields}
