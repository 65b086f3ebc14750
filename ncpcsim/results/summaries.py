"""Tables over the runs of one plan: accounts by month, statement lines by year, activities by step.

They are made from what the first runs left, at most `MOST_RUNS` of them: quantiles of more would
be no sharper than the eye, and would take time and memory.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import account_names
from ncpcsim.accounting.statements import LAYOUTS, statement_cents
from ncpcsim.measures import coverage, declaration
from ncpcsim.model.record import Records
from ncpcsim.plan.schema import Numbers
from ncpcsim.plan.schema.common import STEPS
from ncpcsim.rules import CENTS_PER_UNIT

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}
MOST_RUNS = 10_000
_FILE_RUNS = 1000


@dataclass(frozen=True)
class Summaries:
    """Tables over runs.

    Attributes:
        runs: runs they are made from.
        monthly: one row per account and month: net debits and balances, in the plan's currency.
        statements: one row per layout, line and year, in the plan's currency.
        activities: one row per service that serves a principle and step: planned, and done.
    """

    runs: int
    monthly: "pd.DataFrame"
    statements: "pd.DataFrame"
    activities: "pd.DataFrame"


class Paths:
    """What the first runs left, kept on disk so that memory does not grow with the runs.

    In files of a thousand runs, the runs last: one account of all runs is then read in one go.
    """

    def __init__(self, folder: Path, numbers: Numbers) -> None:
        self._folder, self._numbers = folder, numbers
        self._waiting: list[tuple[NDArray[np.int64], ...]] = []
        self._files = 0
        self.runs = 0

    def add(self, records: Records) -> None:
        """Take what some runs left, as long as there is room for more runs."""
        room = min(MOST_RUNS - self.runs, len(records.net_cents))
        if room <= 0:
            return
        done = declaration.delivered(records, self._numbers)
        opened = records.opening_cents[:room].copy()
        self._waiting.append((records.net_cents[:room].copy(), opened, done[:room]))
        self.runs += room
        if sum(len(net) for net, *_ in self._waiting) >= _FILE_RUNS:
            self._flush()

    def summaries(self) -> Summaries:
        """The tables; there is at least one run."""
        self._flush()
        return Summaries(self.runs, self._monthly(), self._statements(), self._activities())

    def _flush(self) -> None:
        if not self._waiting:
            return
        self._folder.mkdir(exist_ok=True)
        for name, arrays in zip(
            ("net", "opening", "delivered"), zip(*self._waiting, strict=True), strict=True
        ):
            runs_last = np.moveaxis(np.concatenate(arrays), 0, -1)
            np.save(self._folder / f"{name}.{self._files}.npy", np.ascontiguousarray(runs_last))
        self._waiting = []
        self._files += 1

    def _taken(self, what: str, index: int) -> NDArray[np.int64]:
        """One account, or one service's activities, over all runs (last axis)."""
        files = [self._folder / f"{what}.{number}.npy" for number in range(self._files)]
        # A copy, so that a file is not kept in memory for its sake.
        return np.concatenate([np.load(f, mmap_mode="r")[index].copy() for f in files], axis=-1)

    def _monthly(self) -> "pd.DataFrame":
        import pandas as pd

        numbers = self._numbers
        year_of = coverage.fiscal_years(numbers.first_day, numbers.months)
        frames = []
        for index, name in enumerate(account_names(numbers.services)):
            moved = self._taken("net", index)
            balances = self._taken("opening", index) + np.cumsum(moved, axis=0)
            about = {"account": name, "month": np.arange(len(year_of)), "year": year_of}
            spread = quantile_columns("net_", moved) | quantile_columns("balance_", balances)
            frames.append(pd.DataFrame(about | spread))
        return pd.concat(frames, ignore_index=True)

    def _statements(self) -> "pd.DataFrame":
        import pandas as pd

        numbers = self._numbers
        year_of = coverage.fiscal_years(numbers.first_day, numbers.months)
        accounts = range(len(account_names(numbers.services)))
        net = np.stack([_by_year(self._taken("net", index), year_of) for index in accounts], axis=1)
        frames = []
        for layout, lines in LAYOUTS.items():
            amounts = statement_cents(net, layout)
            for index, line in enumerate(lines):
                about = {
                    "layout": layout,
                    "section": line.section,
                    "line": line.name,
                    "level": line.level,
                    "year": coverage.years(numbers),
                }
                frames.append(pd.DataFrame(about | quantile_columns("", amounts[:, index].T)))
        return pd.concat(frames, ignore_index=True)

    def _activities(self) -> "pd.DataFrame":
        import pandas as pd

        numbers = self._numbers
        plans, frames = declaration.planned(numbers), []
        for index, name in enumerate(declaration.serving(numbers)):
            about = {
                "principle": numbers.services[name].principle,
                "service": name,
                "step": np.arange(1, STEPS + 1),
                "planned": plans[index],
            }
            done = self._taken("delivered", index)
            levels = np.quantile(done, list(QUANTILES.values()), axis=-1)
            spread = dict(zip(QUANTILES, levels, strict=True))
            frames.append(pd.DataFrame(about | {"done_mean": done.mean(axis=-1)} | spread))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _by_year(moved: NDArray[np.int64], year_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """One account by run and year, shape (runs, years)."""
    return coverage.by_year(moved.T, year_of)


def quantile_columns(
    prefix: str, amounts_cents: NDArray[np.int64]
) -> dict[str, NDArray[np.float64]]:
    """Mean and quantiles over the runs (last axis), in the plan's currency, by column name."""
    levels = np.quantile(amounts_cents, list(QUANTILES.values()), axis=-1) / CENTS_PER_UNIT
    mean = amounts_cents.mean(axis=-1) / CENTS_PER_UNIT
    named = dict(zip(QUANTILES, levels, strict=True))
    return {f"{prefix}mean": mean} | {f"{prefix}{q}": x for q, x in named.items()}
