"""What is kept of runs for the answer: in memory for a few, in a scratch folder for many."""

import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncpcsim.results.table import Table, joined

MOST_IN_MEMORY = 10_000
"""Runs whose columns stay in memory; those of more lie on the disk until they are asked for."""
_TOGETHER = 2000
"""Runs that are written at a time, and joined: small tables take more room than their rows."""


class Kept:
    """Tables of runs as they come, in order.

    Args:
        spills: columns of many runs go to a scratch folder, so that memory does not grow with them.
    """

    def __init__(self, *, spills: bool) -> None:
        self._spills = spills
        self._tables: list[Table] = []
        self._waiting: list[Table] = []
        self._runs = 0
        self._columns: _Scratch | None = None

    def add(self, table: Table) -> None:
        """Take a table of runs that follow those before."""
        self._waiting.append(table)
        self._runs += len(table)
        if sum(map(len, self._waiting)) >= _TOGETHER:
            self._join()

    def table(self) -> Table:
        """All of them."""
        self._join()
        found = joined(self._tables)
        if self._columns is None:
            return found
        return Table(found.replications, found.draws, found.errors, self._columns)

    def _join(self) -> None:
        if not self._waiting:
            return
        new, self._waiting = joined(self._waiting), []
        if self._columns is None and self._spills and self._runs > MOST_IN_MEMORY:
            self._columns = _Scratch()
            self._tables = [self._columns.take(table) for table in self._tables]
        self._tables.append(new if self._columns is None else self._columns.take(new))


class _Scratch(Mapping[str, NDArray[Any]]):
    """Columns by name, each in a file of its own, read anew each time; removed with the object.

    `_types` holds the number of each column's file and what it holds.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="ncpcsim-"))
        self._types: dict[str, tuple[int, np.dtype[Any]]] = {}
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def take(self, table: Table) -> Table:
        """Append a table's columns, and give back what is left of it."""
        for name, values in table.columns.items():
            number, _ = self._types.setdefault(name, (len(self._types), values.dtype))
            with (self._folder / str(number)).open("ab") as file:
                file.write(values.tobytes())
        return Table(table.replications, table.draws, table.errors, {})

    def __getitem__(self, name: str) -> NDArray[Any]:
        number, kind = self._types[name]
        return np.fromfile(self._folder / str(number), kind)

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)
