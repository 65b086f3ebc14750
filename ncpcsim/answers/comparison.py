"""Plans side by side with the same random streams: paired differences and what pairing saves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ncpcsim.measures.catalogue import MEASURES, Measure
from ncpcsim.measures.intervals import (
    Interval,
    effective_runs,
    mean_interval,
    share_difference_interval,
    share_of,
)
from ncpcsim.results.table import Table, as_table

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_MEASURES = ("sustained", "programme_free_coverage", "lowest_cash", "closing_cash")


@dataclass(frozen=True)
class Difference:
    """One plan less another, in one measure, run by run with the same random streams.

    Attributes:
        measure: what.
        name: the plan.
        base: the other.
        pairs: replications in which both have a value.
        mean: of the difference, with its 95 % interval, in the measure's unit.
        p05: 5th percentile of the difference over the pairs.
        p50: median.
        p95: 95th percentile.
        better: share of pairs in which the plan is better off, with its interval.
        worse: share of pairs in which it is worse off, with its interval.
        variance_ratio: variance of the paired difference over that of an independent one.
        independent_runs: runs of each plan that would give an interval as narrow without common
            random numbers; NaN where the plans never differ.
    """

    measure: Measure
    name: str
    base: str
    pairs: int
    mean: Interval
    p05: float
    p50: float
    p95: float
    better: Interval
    worse: Interval
    variance_ratio: float
    independent_runs: float


def compare(
    tables: "Mapping[str, Table | pd.DataFrame]", measures: Iterable[str] = DEFAULT_MEASURES
) -> list[Difference]:
    """Each plan against the first.

    Args:
        tables: rows of each plan by name, all run with the same seed; the first is the base.
        measures: names of `MEASURES`.

    Raises:
        KeyError: there is no such measure.
        ValueError: fewer than two plans.
    """
    if len(tables) < 2:
        raise ValueError(f"compares {len(tables)} plans, expected two or more")
    (base, first), *others = tables.items()
    chosen = [MEASURES[name] for name in measures]
    return [difference(m, name, table, base, first) for name, table in others for m in chosen]


def difference(
    measure: Measure,
    name: str,
    table: "Table | pd.DataFrame",
    base: str,
    other: "Table | pd.DataFrame",
) -> Difference:
    """One plan less another in one measure; see `Difference`."""
    mine, theirs, draws = _pairs(measure, as_table(table), as_table(other))
    gap = mine - theirs
    sign = -1 if measure.less_is_better else 1
    worth = effective_runs(gap, draws)
    if measure.is_share:
        each = worth / len(gap) if len(gap) else 0
        mean = share_difference_interval(each * (gap > 0).sum(), each * (gap < 0).sum(), worth)
    else:
        mean = mean_interval(gap, draws)
    independent = float(np.var(mine) + np.var(theirs)) if len(gap) else 0.0
    paired = float(np.var(gap)) if len(gap) else 0.0
    ratio = paired / independent if independent else float("nan")
    p05, p50, p95 = np.quantile(gap, (0.05, 0.5, 0.95)).tolist() if len(gap) else [np.nan] * 3
    return Difference(
        measure=measure,
        name=name,
        base=base,
        pairs=len(gap),
        mean=mean,
        p05=p05,
        p50=p50,
        p95=p95,
        better=share_of(sign * gap > 0, draws),
        worse=share_of(sign * gap < 0, draws),
        variance_ratio=ratio,
        independent_runs=worth / ratio if ratio > 0 else float("nan"),
    )


def _pairs(
    measure: Measure, table: Table, other: Table
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """The measure in both plans, of the replications in which both have it, and their draws."""
    first, second = (runs.replications[runs.finished] for runs in (table, other))
    _, here, there = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    mine, theirs = measure.values(table)[here], measure.values(other)[there]
    known = ~(np.isnan(mine) | np.isnan(theirs))
    return mine[known], theirs[known], table.finished_draws[here][known]


def table_of(differences: Iterable[Difference], currency: str) -> "pd.DataFrame":
    """Differences of plans in one currency as a table, one row each, in their measures' units."""
    import pandas as pd

    return pd.DataFrame(
        {
            "plan": d.name,
            "base": d.base,
            "measure": d.measure.name,
            "unit": d.measure.unit_in(currency),
            "pairs": d.pairs,
            "mean": d.mean.estimate,
            "low": d.mean.low,
            "high": d.mean.high,
            "p05": d.p05,
            "p50": d.p50,
            "p95": d.p95,
            "better": d.better.estimate,
            "better_low": d.better.low,
            "better_high": d.better.high,
            "worse": d.worse.estimate,
            "variance_ratio": d.variance_ratio,
            "independent_runs": d.independent_runs,
        }
        for d in differences
    )
