"""The folder of one plan's runs: written beside its place, then moved there whole."""

import errno
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account, account_names
from ncpcsim.accounting.statements import LAYOUTS
from ncpcsim.measures import coverage, declaration
from ncpcsim.plan.load import Plan
from ncpcsim.plan.schema.common import STEPS
from ncpcsim.results.manifest import MANIFEST, manifest
from ncpcsim.results.parts import quoted, write_parquet
from ncpcsim.rules import CENTS_PER_USD, cents

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}
_PARTS = "parts"
_PART_RUNS = 1000
"""Runs put on disk together."""
_GROUP_ROWS = 4096
"""Rows that DuckDB holds in memory together; its own 122,880 would be too many."""
_MONTHS = 6
"""Months of an account looked at together, over all runs."""


class StoreError(ValueError):
    """A folder that results cannot be written to."""


class Store:
    """Results on their way to a folder.

    Everything is written to a folder beside the wanted one, which takes its place only when
    `publish` has run; leaving the `with` block any other way leaves nothing behind.
    """

    def __init__(
        self, out: Path, work: Path, plan: Plan, seed: int, lucks_per_draw: int, engine: str
    ) -> None:
        self.out, self.work = out, work
        self._plan, self._seed, self._lucks_per_draw = plan, seed, lucks_per_draw
        self._engine = engine
        self._waiting: list[tuple[pd.DataFrame, Mapping[str, NDArray[np.int64]]]] = []
        self._parts = 0
        self._new_folders: list[Path] = []
        (work / _PARTS).mkdir()

    @classmethod
    def create(
        cls,
        out: Path,
        plan: Plan,
        seed: int,
        lucks_per_draw: int = 1,
        *,
        engine: str,
        force: bool,
    ) -> "Store":
        """Prepare a folder for results.

        Raises:
            StoreError: `out` holds results and `force` is not set, holds something else, or cannot
                be written.
        """
        check_free(out, force=force)
        above = [folder for folder in out.absolute().parents if not folder.exists()]
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        except OSError as error:
            raise StoreError(f"{out}: cannot be written ({error.strerror})") from None
        store = cls(out, work, plan, seed, lucks_per_draw, engine)
        store._new_folders = above
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        if not self.out.exists():
            for folder in self._new_folders:
                folder.rmdir()

    def add(self, table: "pd.DataFrame", cubes: Mapping[str, NDArray[np.int64]]) -> None:
        """Take one chunk's rows and cubes; they go to disk by the thousand, not one by one."""
        self._waiting.append((table, cubes))
        if sum(len(rows) for rows, _ in self._waiting) >= _PART_RUNS:
            self._flush()

    def _flush(self) -> None:
        """Put what waits on disk, so that memory does not grow with the runs."""
        import pandas as pd

        if not self._waiting:
            return
        self._append(pd.concat([table for table, _ in self._waiting], ignore_index=True))
        every = [cubes for _, cubes in self._waiting if cubes]
        for name in every[0] if every else ():
            joined = np.concatenate([cubes[name] for cubes in every], axis=-1)
            np.save(self._part(self._parts, name), joined)
        self._parts += 1
        self._waiting = []

    def finish(self, table: "pd.DataFrame") -> None:
        """Turn the chunks into tables and pictures."""
        from ncpcsim.report.pictures import draw_pictures

        self._flush()
        self._write_rows()
        if table["error"].isna().any():
            monthly, statements = self._monthly(), self._statements()
            write_parquet(monthly, self.work / "monthly.parquet")
            statements.to_csv(self.work / "statements.csv", index=False, float_format="%.2f")
            activities = self._activities()
            activities.to_csv(self.work / "activities.csv", index=False, float_format="%.2f")
            draw_pictures(self.work, self._plan.numbers, table, monthly, statements)
        failed = int(table["error"].notna().sum())
        content = manifest(
            self._plan, self._seed, len(table), self._lucks_per_draw, failed, self._engine
        )
        (self.work / MANIFEST).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
        shutil.rmtree(self.work / _PARTS)

    def _append(self, table: "pd.DataFrame") -> None:
        """Keep rows in a database beside the parts: one file, whatever the number of runs."""
        with self._database() as connection:
            connection.register("chunk", table)
            connection.execute("CREATE TABLE IF NOT EXISTS rows AS SELECT * FROM chunk LIMIT 0")
            connection.execute("INSERT INTO rows SELECT * FROM chunk")

    def _write_rows(self) -> None:
        with self._database() as connection:
            # Statistics of what happens to be there must not decide how columns are written.
            connection.execute("SET disabled_optimizers = 'statistics_propagation'")
            rows = connection.table("rows")  # in the order in which they came
            file = str(self.work / "replications.parquet")
            rows.write_parquet(file, compression="zstd", row_group_size=_GROUP_ROWS)

    @contextmanager
    def _database(self) -> "Iterator[duckdb.DuckDBPyConnection]":
        import duckdb

        # One thread keeps the order of the rows, and with it the file's bytes.
        file = quoted(str(self.work / _PARTS / "rows.duckdb"))
        try:
            with duckdb.connect(config={"threads": 1}) as connection:
                connection.execute(f"ATTACH {file} AS store (ROW_GROUP_SIZE {_GROUP_ROWS})")
                connection.execute("USE store")
                yield connection
        except duckdb.Error as error:
            raise OSError(errno.EIO, str(error)) from None

    def publish(self) -> None:
        """Move the finished folder to its place."""
        if self.out.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{self.out.name}.old.", dir=self.out.parent))
            self.out.rename(old / "results")
            self.work.rename(self.out)
            shutil.rmtree(old, ignore_errors=True)
        else:
            self.work.rename(self.out)
        self.out.chmod(0o755)

    def _part(self, number: int, cube: str) -> Path:
        return self.work / _PARTS / f"{number:06d}.{cube}.npy"

    def _series(self, cube: str, index: int, periods: slice = slice(None)) -> NDArray[np.int64]:
        """One account or line over all runs, shape (periods, runs)."""
        files = (self._part(number, cube) for number in range(self._parts))
        # A copy, so that a part is not kept in memory for the sake of one account.
        parts = [
            np.load(file, mmap_mode="r")[index, periods].copy() for file in files if file.exists()
        ]
        return np.concatenate(parts, axis=-1)

    def _monthly(self) -> "pd.DataFrame":
        """One row per account and month: net debits and balances over the runs, in USD."""
        import pandas as pd

        numbers = self._plan.numbers
        year_of = coverage.fiscal_years(numbers.start, numbers.horizon.months)
        opening = cents(numbers.opening.cash_usd)
        frames = []
        for index, name in enumerate(account_names(numbers.services)):
            start = {Account.CASH: opening, Account.OPENING_FUND: -opening}.get(index, 0)  # type: ignore[call-overload]
            balance: NDArray[np.int64] = np.int64(start)  # type: ignore[assignment]
            for first in range(0, len(year_of), _MONTHS):
                months = slice(first, first + _MONTHS)
                moved = self._series("accounts", index, months)
                balances = balance + np.cumsum(moved, axis=0)
                balance = balances[-1]
                about = {"account": name, "month": np.arange(len(year_of))[months]}
                about |= {"year": year_of[months]}
                spread = spread_usd("net_", moved) | spread_usd("balance_", balances)
                frames.append(pd.DataFrame(about | spread))
        return pd.concat(frames, ignore_index=True)

    def _statements(self) -> "pd.DataFrame":
        """One row per layout, line and year: amounts over the runs, in USD."""
        import pandas as pd

        years = coverage.years(self._plan.numbers)
        frames = []
        for layout, lines in LAYOUTS.items():
            for index, line in enumerate(lines):
                amounts = self._series(f"statement.{layout}", index)
                about = {
                    "layout": layout,
                    "section": line.section,
                    "line": line.name,
                    "level": line.level,
                    "year": years,
                }
                frames.append(pd.DataFrame(about | spread_usd("", amounts)))
        return pd.concat(frames, ignore_index=True)

    def _activities(self) -> "pd.DataFrame":
        """One row per service that serves a principle and step: planned, and done over the runs."""
        import pandas as pd

        numbers = self._plan.numbers
        plans, frames = declaration.planned(numbers), []
        for index, name in enumerate(declaration.serving(numbers)):
            about = {
                "principle": numbers.services[name].principle,
                "service": name,
                "step": np.arange(1, STEPS + 1),
                "planned": plans[index],
            }
            done = self._series("delivered", index)
            levels = np.quantile(done, list(QUANTILES.values()), axis=-1)
            spread = dict(zip(QUANTILES, levels, strict=True))
            frames.append(pd.DataFrame(about | {"done_mean": done.mean(axis=-1)} | spread))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def spread_usd(prefix: str, amounts_cents: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Mean and quantiles over the runs (last axis), in USD, by column name."""
    levels = np.quantile(amounts_cents, list(QUANTILES.values()), axis=-1) / CENTS_PER_USD
    mean = amounts_cents.mean(axis=-1) / CENTS_PER_USD
    named = dict(zip(QUANTILES, levels, strict=True))
    return {f"{prefix}mean_usd": mean} | {f"{prefix}{q}_usd": x for q, x in named.items()}


def check_free(out: Path, *, force: bool) -> None:
    """Refuse a folder that results must not take the place of; see `StoreError`."""
    if not out.exists():
        return
    if Path.cwd().is_relative_to(out.resolve()):
        raise StoreError(f"{out}: is the working folder, expected another")
    if not out.is_dir():
        raise StoreError(f"{out}: is a file, expected a folder or nothing there")
    if (out / MANIFEST).exists():
        if not force:
            raise StoreError(f"{out}: holds the results of a batch; --force replaces them")
    elif any(out.iterdir()):
        # Never with --force either: these files are not ours to remove.
        raise StoreError(f"{out}: holds other files, expected an empty folder or none")
