"""Will the centre last? Probabilities with intervals, coverage by year, the lowest cash."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncpcsim.experiment.precision import estimate
from ncpcsim.measures import coverage
from ncpcsim.measures.catalogue import MEASURES
from ncpcsim.measures.indicators import UNITS
from ncpcsim.measures.intervals import Interval
from ncpcsim.plan.schema import Numbers

if TYPE_CHECKING:
    import pandas as pd

BAND = (0.05, 0.50, 0.95)


@dataclass(frozen=True)
class Band:
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
        insolvent: wound up before the end.
        insolvent_month: when, among the runs in which it was.
        lowest_cash_usd: the least cash at any month end while open.
        lowest_cash_month: the month at whose end that was.
        years: the fiscal years, in order.
        indicators: the other indicators, by name (see `ncpcsim.measures.indicators`).
    """

    runs: int
    failed: int
    sustained: Interval
    self_sufficient: Interval
    insolvent: Interval
    insolvent_month: Band
    lowest_cash_usd: Band
    lowest_cash_month: Band
    years: tuple[Year, ...]
    indicators: Mapping[str, Band]


def answer(numbers: Numbers, table: "pd.DataFrame") -> Answer:
    """Read a batch's table of replications.

    Raises:
        ValueError: no run finished.
    """
    good = table[table["error"].isna()]
    if good.empty:
        raise ValueError("no run finished, expected at least one")
    return Answer(
        runs=len(good),
        failed=len(table) - len(good),
        sustained=estimate(MEASURES["sustained"], good),
        self_sufficient=estimate(MEASURES["self_sufficient"], good),
        insolvent=estimate(MEASURES["insolvent"], good),
        insolvent_month=band(good["insolvent_month"]),
        lowest_cash_usd=band(good["lowest_cash_cents"] / 100),
        lowest_cash_month=band(good["lowest_cash_month"]),
        years=tuple(_year(numbers, good, year) for year in coverage.years(numbers)),
        indicators={name: band(good[f"indicator.{name}"]) for name in UNITS},
    )


def band(values: "pd.Series[float]") -> Band:
    """The 5th, 50th and 95th percentile of the values that are there."""
    quantiles = values.dropna().astype("float64").quantile(list(BAND))
    return Band(*(float(x) for x in quantiles))


def _year(numbers: Numbers, good: "pd.DataFrame", year: int) -> Year:
    months = coverage.fiscal_years(numbers.start, numbers.horizon.months)
    last = int((months <= year).sum()) - 1
    still_open = ~(good["insolvent_month"] <= last).fillna(value=False)
    ratios = {name: band(good[f"coverage.{name}.{year}"]) for name in coverage.COVERAGES}
    return Year(year, float(still_open.mean()), ratios)
