"""Will the centre last? Probabilities with intervals, coverage by year, the lowest cash."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ncpcsim.experiment.precision import estimate
from ncpcsim.measures import coverage
from ncpcsim.measures.catalogue import INDICATORS, MEASURES, OUTPUTS
from ncpcsim.measures.intervals import Interval
from ncpcsim.model.record import OPEN
from ncpcsim.plan.schema import Numbers
from ncpcsim.results.table import Table, as_table

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

BAND = (0.05, 0.50, 0.95)


class Band(NamedTuple):
    """The 5th, 50th and 95th percentile over runs; NaN where no run has a value."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Year:
    """One fiscal year: share of runs with the centre open at its end, and coverage ratios."""

    year: int
    open_share: float
    coverage: Mapping[str, Band]


@dataclass(frozen=True)
class Answer:
    """What a batch says about a centre.

    Attributes:
        runs: runs that finished.
        failed: runs that ended in an error, left out of everything else.
        sustained: open at the end, with programme-free coverage at the threshold.
        self_sufficient: the same with fee coverage.
        closed: closed before the end.
        closed_month: when, among the runs in which it was.
        lowest_cash: the least cash at any month end while open.
        lowest_cash_month: the month at whose end that was.
        years: the fiscal years, in order.
        indicators: the other indicators, by name (see `ncpcsim.measures.indicators`).
    """

    runs: int
    failed: int
    sustained: Interval
    self_sufficient: Interval
    closed: Interval
    closed_month: Band
    lowest_cash: Band
    lowest_cash_month: Band
    years: tuple[Year, ...]
    indicators: Mapping[str, Band]


def answer(numbers: Numbers, table: "Table | pd.DataFrame") -> Answer:
    """Read a table of replications.

    Raises:
        ValueError: no run finished.
    """
    runs = as_table(table)
    if not runs.finished.any():
        raise ValueError("no run finished, expected at least one")
    closed = runs["closed_month"]
    return Answer(
        runs=int(runs.finished.sum()),
        failed=len(runs.errors),
        sustained=estimate(MEASURES["sustained"], runs),
        self_sufficient=estimate(MEASURES["self_sufficient"], runs),
        closed=estimate(MEASURES["closed"], runs),
        closed_month=band(closed[closed != OPEN]),
        lowest_cash=band(runs["lowest_cash_cents"] / 100),
        lowest_cash_month=band(runs["lowest_cash_month"]),
        years=tuple(_year(numbers, runs, year) for year in coverage.years(numbers)),
        indicators={m.name: band(runs[m.column]) for m in (*INDICATORS, *OUTPUTS)},
    )


def band(values: "ArrayLike") -> Band:
    """The 5th, 50th and 95th percentile of the values that are there."""
    numbers = np.asarray(values, np.float64)
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return Band(math.nan, math.nan, math.nan)
    return Band(*np.quantile(known, BAND).tolist())


def _year(numbers: Numbers, runs: Table, year: int) -> Year:
    months = coverage.fiscal_years(numbers.start, numbers.months)
    last = int((months <= year).sum()) - 1
    closed = runs["closed_month"]
    still_open = (closed == OPEN) | (closed > last)
    ratios = {name: band(runs[f"coverage.{name}.{year}"]) for name in coverage.COVERAGES}
    return Year(year, float(still_open.mean()), ratios)
