"""Mature years of the average centre, many of them, set beside those of other small bodies."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from ncpcsim.compiled import run as compiled
from ncpcsim.compiled.library import load
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.experiment.tables import tables_for
from ncpcsim.measures.falls import falls, mature_years
from ncpcsim.model.record import Records
from ncpcsim.plan.load import Plan
from tests.evidence import GENERIC, fact
from tests.full_centre import without

RUNS = 2000


def simulated(plan: Plan) -> Records:
    values = draw_matrix(plan, 1, range(RUNS), load())
    paths = tuple(plan.uncertain)
    return compiled.simulate(tables_for(plan), 1, range(RUNS), paths, values).records()


@cache
def records() -> Records:
    return simulated(with_parameters(GENERIC))


def share_of_falls(found_in: Records) -> float:
    found = falls(found_in, GENERIC.numbers)
    years = found["mature_years"]
    return float(np.nansum(years * found["income_fall_share"]) / years.sum())


def steady() -> Plan:
    plan = GENERIC
    for segment in plan.numbers.segments:
        plan = without(plan, f"segments.{segment}.shifts")
    return with_parameters(plan)


def changes() -> NDArray[np.float64]:
    """Log changes from each mature year to the next, NaN where a year is missing."""
    earned, there = mature_years(records(), GENERIC.numbers)
    logs = np.log(np.where(there & (earned > 0), earned, np.nan))
    found: NDArray[np.float64] = np.diff(logs, axis=1)
    return found


def test_a_mature_centre_s_income_falls_as_often_as_outside_the_book() -> None:
    found = share_of_falls(records())
    assert fact("outside.d2") < found < fact("outside.d1")
    # Without lasting shifts, a third less often: hosts, leaders and contracts come and go too.
    assert share_of_falls(simulated(steady())) < 0.7 * found


def test_yearly_changes_of_earned_income_are_as_outside_the_book() -> None:
    found = changes()
    lower, upper = np.nanquantile(found, [0.25, 0.75])
    assert abs(lower - fact("outside.d5.lower")) < 0.05
    assert abs(upper - fact("outside.d5.upper")) < 0.05
    pairs = np.stack([found[:, :-1].ravel(), found[:, 1:].ravel()])
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    memory = float(spearmanr(*pairs).statistic)
    assert abs(memory - fact("outside.d14")) < 0.08
