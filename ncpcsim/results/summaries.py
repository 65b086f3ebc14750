"""Tables over the runs of one plan: accounts by month, statement lines by year, activities by step.

They are made from what the first runs left, at most `MOST_RUNS` of them: quantiles of more would
be no sharper than the eye, and would take time and memory.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account, account_names
from ncpcsim.accounting.statements import LAYOUTS, statement_cents
from ncpcsim.measures import coverage, declaration
from ncpcsim.model.record import Records
from ncpcsim.plan.schema import Numbers
from ncpcsim.plan.schema.common import STEPS
from ncpcsim.rules import CENTS_PER_USD, cents

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}
MOST_RUNS = 10_000
_MONTHS = 6
"""Months of an account looked at together, over all runs."""


@dataclass(frozen=True)
class Summaries:
    """Tables over runs.

    Attributes:
        runs: runs they are made from.
        monthly: one row per account and month: net debits and balances, in USD.
        statements: one row per layout, line and year, in USD.
        activities: one row per service that serves a principle and step: planned, and done.
    """

    runs: int
    monthly: "pd.DataFrame"
    statements: "pd.DataFrame"
    activities: "pd.DataFrame"


class Paths:
    """What the first runs left, kept on disk so that memory does not grow with the runs."""

    def __init__(self, folder: Path, numbers: Numbers) -> None:
        self._folder, self._numbers = folder, numbers
        self._files = 0
        self.runs = 0

    def add(self, records: Records) -> None:
        """Take what some runs left, as long as there is room for more runs."""
        room = min(MOST_RUNS - self.runs, len(records.net_cents))
        if room <= 0:
            return
        self._folder.mkdir(exist_ok=True)
        np.save(self._folder / f"net.{self._files}.npy", records.net_cents[:room])
        done = declaration.delivered(records, self._numbers)[:room]
        np.save(self._folder / f"delivered.{self._files}.npy", done)
        self._files += 1
        self.runs += room

    def summaries(self) -> Summaries:
        """The tables; there is at least one run."""
        return Summaries(self.runs, self._monthly(), self._statements(), self._activities())

    def _taken(self, what: str, *index: int | slice) -> NDArray[np.int64]:
        """A part of what was kept, over all runs (first axis)."""
        files = [self._folder / f"{what}.{number}.npy" for number in range(self._files)]
        # A copy, so that a file is not kept in memory for the sake of one account.
        parts = [np.load(file, mmap_mode="r")[:, *index].copy() for file in files]
        return np.concatenate(parts)

    def _monthly(self) -> "pd.DataFrame":
        import pandas as pd

        numbers = self._numbers
        year_of = coverage.fiscal_years(numbers.start, numbers.horizon.months)
        opening = cents(numbers.opening.cash_usd)
        starts = {int(Account.CASH): opening, int(Account.OPENING_FUND): -opening}
        frames = []
        for index, name in enumerate(account_names(numbers.services)):
            balance = np.full(self.runs, starts.get(index, 0), np.int64)
            for first in range(0, len(year_of), _MONTHS):
                months = slice(first, first + _MONTHS)
                moved = self._taken("net", index, months)
                balances = balance[:, np.newaxis] + np.cumsum(moved, axis=1)
                balance = balances[:, -1]
                about = {"account": name, "month": np.arange(len(year_of))[months]}
                about |= {"year": year_of[months]}
                spread = spread_usd("net_", moved) | spread_usd("balance_", balances)
                frames.append(pd.DataFrame(about | spread))
        return pd.concat(frames, ignore_index=True)

    def _statements(self) -> "pd.DataFrame":
        import pandas as pd

        numbers = self._numbers
        year_of = coverage.fiscal_years(numbers.start, numbers.horizon.months)
        accounts = range(len(account_names(numbers.services)))
        by_year = [coverage.by_year(self._taken("net", index), year_of) for index in accounts]
        net = np.stack(by_year, axis=1)
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
                frames.append(pd.DataFrame(about | spread_usd("", amounts[:, index])))
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
            levels = np.quantile(done, list(QUANTILES.values()), axis=0)
            spread = dict(zip(QUANTILES, levels, strict=True))
            frames.append(pd.DataFrame(about | {"done_mean": done.mean(axis=0)} | spread))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def spread_usd(prefix: str, amounts_cents: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Mean and quantiles over the runs (first axis), in USD, by column name."""
    levels = np.quantile(amounts_cents, list(QUANTILES.values()), axis=0) / CENTS_PER_USD
    mean = amounts_cents.mean(axis=0) / CENTS_PER_USD
    named = dict(zip(QUANTILES, levels, strict=True))
    return {f"{prefix}mean_usd": mean} | {f"{prefix}{q}_usd": x for q, x in named.items()}
