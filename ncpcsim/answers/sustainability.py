"""Will the centre last? Probabilities with intervals, coverage by year, the lowest cash."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ncpcsim.experiment.precision import estimate
from ncpcsim.measures import coverage
from ncpcsim.measures.catalogue import INDICATORS, MEASURES, OUTPUTS
from ncpcsim.measures.intervals import Interval, share_interval
from ncpcsim.measures.judgement import Judgement
from ncpcsim.model.ending import CAUSES, State
from ncpcsim.model.record import OPEN
from ncpcsim.plan.schema import Numbers
from ncpcsim.plan.schema.agreements import programme_end
from ncpcsim.results.table import Table, as_table

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

BAND = (0.05, 0.50, 0.95)
ALIVE_AFTER = (0, 12, 24)
"""Months after the end of programme money at which it is told how many centres live."""
JUDGEMENTS = tuple(each.name.lower() for each in Judgement)


class Band(NamedTuple):
    """The 5th, 50th and 95th percentile over runs; NaN where no run has a value."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Year:
    """One fiscal year, at its end.

    Attributes:
        year: which.
        active: share of runs in which the centre is active, with its interval.
        open: the same, active or dormant.
        coverage: coverage of own cost by name, over the runs in which anything was spent.
        full_coverage: the same of full cost.
    """

    year: int
    active: Interval
    open: Interval
    coverage: Mapping[str, Band]
    full_coverage: Mapping[str, Band]


@dataclass(frozen=True)
class Answer:
    """What a batch says about a centre.

    Attributes:
        runs: runs that finished.
        failed: runs that ended in an error, left out of everything else.
        alive: share of runs in which the centre is active or dormant, by months after the end of
            programme money as agreed (`ALIVE_AFTER`), as far as the run goes; empty if none is
            agreed.
        judgement: share of runs by what the centre has come to (`Judgement`, in lower case): they
            sum to 1.
        self_sufficient: sustained from fees alone.
        causes: share of each first cause (`Cause`, in lower case) among the runs in which the
            centre is closed or dormant at the end; empty if there are none.
        closed_month: when it closed, among the runs in which it did.
        lowest_cash: the least cash at any month end while open.
        lowest_cash_month: the month at whose end that was.
        years: the fiscal years, in order.
        indicators: the other indicators, by name (see `ncpcsim.measures.indicators`).
    """

    runs: int
    failed: int
    alive: Mapping[int, Interval]
    judgement: Mapping[str, Interval]
    self_sufficient: Interval
    causes: Mapping[str, float]
    closed_month: Band
    lowest_cash: Band
    lowest_cash_month: Band
    years: tuple[Year, ...]
    indicators: Mapping[str, Band]

    @property
    def sustained(self) -> Interval:
        """Share of runs in which the centre is sustained."""
        return self.judgement["sustained"]


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
        alive=_alive(numbers, runs),
        judgement={name: estimate(MEASURES[name], runs) for name in JUDGEMENTS},
        self_sufficient=estimate(MEASURES["self_sufficient"], runs),
        causes=_causes(runs),
        closed_month=band(closed[closed != OPEN]),
        lowest_cash=band(runs["lowest_cash_cents"] / 100),
        lowest_cash_month=band(runs["lowest_cash_month"]),
        years=tuple(_year(runs, year) for year in coverage.years(numbers)),
        indicators={m.name: band(runs[m.column]) for m in (*INDICATORS, *OUTPUTS)},
    )


def band(values: "ArrayLike") -> Band:
    """The 5th, 50th and 95th percentile of the values that are there."""
    numbers = np.asarray(values, np.float64)
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return Band(math.nan, math.nan, math.nan)
    return Band(*np.quantile(known, BAND).tolist())


def _alive(numbers: Numbers, runs: Table) -> dict[int, Interval]:
    """The centre lives at a month's end if it does not close then or before."""
    closed, agreed = runs["closed_month"], programme_end(numbers.programme, numbers.grants)
    months = {after: numbers.programme_end + after for after in ALIVE_AFTER}
    return {
        after: _share((closed == OPEN) | (closed >= month))
        for after, month in months.items()
        if agreed and month <= numbers.months
    }


def _causes(runs: Table) -> dict[str, float]:
    """Why the centres that do not work any longer first paid late."""
    ended = np.isin(runs["judgement"], (Judgement.DORMANT, Judgement.CLOSED))
    causes = runs["cause"][ended]
    found = {cause.name.lower(): float((causes == cause).mean()) for cause in CAUSES if len(causes)}
    return {name: share for name, share in found.items() if share > 0}


def _share(happens: "NDArray[np.bool_]") -> Interval:
    return share_interval(int(happens.sum()), len(happens))


def _year(runs: Table, year: int) -> Year:
    state = runs[f"state.{year}"]
    own, full = (
        {name: band(runs[f"{of}.{name}.{year}"]) for name in coverage.COVERAGES}
        for of in ("coverage", "full_coverage")
    )
    return Year(year, _share(state == State.ACTIVE), _share(state != State.CLOSED), own, full)
