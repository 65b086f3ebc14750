"""A table of runs as columns: an array of those that finished, and why others failed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ncpcsim.model.record import OPEN

if TYPE_CHECKING:
    import pandas as pd

MAY_LACK = ("closed_month", "late_since", "dormant_since")
"""The columns of whole numbers that a finished run may lack: it never came to that."""


@dataclass(frozen=True, eq=False)
class Table:
    """Runs of one plan, in order.

    Attributes:
        replications: their numbers, shape (runs,).
        draws: the draw of the uncertain parameters that each had, shape (runs,).
        errors: why runs failed, by the number of the replication.
        columns: what the others gave, by name, shape (finished,) each; `closed_month` is `OPEN`
            where the centre was open to the end.
    """

    replications: NDArray[np.int64]
    draws: NDArray[np.int64]
    errors: Mapping[int, str]
    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.replications)

    def __getitem__(self, column: str) -> NDArray[Any]:
        return self.columns[column]

    @cached_property
    def finished(self) -> NDArray[np.bool_]:
        """Which runs finished, shape (runs,)."""
        if not self.errors:
            return np.ones(len(self.replications), np.bool_)
        return ~np.isin(self.replications, list(self.errors))

    @property
    def finished_draws(self) -> NDArray[np.int64]:
        """The draws of the runs that finished, shape (finished,)."""
        return self.draws[self.finished]

    def only(self, wanted: Iterable[str]) -> "Table":
        """The same runs with fewer columns."""
        # Copies: a view would keep all that a run left in memory.
        columns = {name: self.columns[name].copy() for name in wanted}
        return Table(self.replications, self.draws, self.errors, columns)

    def rows(self, first: int, end: int) -> "Table":
        """Some consecutive runs."""
        part = slice(first, end)
        before = np.concatenate([[0], np.cumsum(self.finished)])
        finished = slice(before[min(first, len(self))], before[min(end, len(self))])
        numbers = self.replications[part]
        return Table(
            numbers,
            self.draws[part],
            {number: self.errors[number] for number in numbers.tolist() if number in self.errors},
            {name: values[finished] for name, values in self.columns.items()},
        )

    def whole(self) -> dict[str, Any]:
        """Every run's row by column, masked where a value is missing: what is stored."""
        failed = ~self.finished
        errors = np.full(len(self), None, object)
        errors[failed] = [self.errors[number] for number in self.replications[failed].tolist()]
        found: dict[str, Any] = {
            "replication": self.replications,
            "draw": self.draws,
            "error": errors,
        }
        for name, values in self.columns.items():
            found[name] = self._spread(values, _lacking(name, values))
        return found

    def _spread(self, values: NDArray[Any], lacks: NDArray[np.bool_] | None) -> Any:
        """A column over all runs, masked where one failed or lacks the number."""
        if not self.errors:
            return values if lacks is None else np.ma.masked_array(values, lacks)
        spread, mask = np.zeros(len(self), values.dtype), ~self.finished
        spread[self.finished] = values
        if lacks is not None:
            mask[self.finished] = lacks
        return np.ma.masked_array(spread, mask)

    def frame(self) -> "pd.DataFrame":
        """The same for pandas, in its types that know of missing values."""
        import pandas as pd

        found = {name: _series(name, values) for name, values in self.whole().items()}
        return pd.DataFrame(found, copy=False)

    @classmethod
    def of(cls, frame: "pd.DataFrame") -> "Table":
        """What `frame` gave, or what was read from a folder."""
        failed = frame["error"].notna()
        numbers, good = frame.get("replication"), frame[~failed]
        replications = np.arange(len(frame)) if numbers is None else numbers.to_numpy(np.int64)
        failures = replications[failed.to_numpy()].tolist(), frame["error"][failed].tolist()
        errors = dict(zip(*failures, strict=True))
        names = [name for name in good.columns if name not in ("replication", "draw", "error")]
        columns = {name: _values(name, good[name]) for name in names}
        return cls(replications, frame["draw"].to_numpy(np.int64), errors, columns)


def as_table(runs: "Table | pd.DataFrame") -> Table:
    """Runs as arrays, whichever way they are given."""
    return runs if isinstance(runs, Table) else Table.of(runs)


def joined(tables: Sequence[Table]) -> Table:
    """Tables of the same columns, one after the other; there is at least one.

    One in which every run failed has no columns.
    """
    errors = {number: error for table in tables for number, error in table.errors.items()}
    filled = [table.columns for table in tables if table.columns]
    names = filled[0] if filled else ()
    return Table(
        np.concatenate([table.replications for table in tables]),
        np.concatenate([table.draws for table in tables]),
        errors,
        {name: np.concatenate([columns[name] for columns in filled]) for name in names},
    )


def _lacking(name: str, values: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Which runs have no value in a column, or None if none lacks anything."""
    if name in MAY_LACK:
        stayed: NDArray[np.bool_] = values == OPEN
        return stayed
    if values.dtype == np.float64:
        lacks = np.isnan(values)
        return lacks if lacks.any() else None
    return None


def _series(name: str, values: Any) -> Any:
    """A column as pandas has it."""
    import pandas as pd

    if name == "error":
        return pd.array(values, dtype="string")
    if name in ("replication", "draw"):
        return values
    mask = np.ma.getmaskarray(values)
    plain = np.ma.getdata(values)
    if plain.dtype == np.bool_:
        return pd.arrays.BooleanArray(plain.copy(), mask)
    if plain.dtype == np.int64:
        return pd.arrays.IntegerArray(plain.copy(), mask)
    return np.where(mask, np.nan, plain)


def _values(name: str, series: Any) -> NDArray[Any]:
    """A column of runs that finished, as `Table` has it."""
    if name in MAY_LACK:
        found: NDArray[Any] = series.fillna(OPEN).to_numpy(np.int64)
    elif series.isna().any():  # of another plan's runs, or a ratio that a run has not
        found = series.astype("Float64").to_numpy(np.float64, na_value=np.nan)
    elif series.dtype.kind in "iu":
        found = series.to_numpy(np.int64)
    elif series.dtype.kind == "b":
        found = series.to_numpy(np.bool_)
    elif series.dtype.kind == "f":
        found = series.astype("float64").to_numpy(np.float64)
    else:
        found = series.to_numpy()
    return found
