"""First steps in the market: a few demonstrations, and talks at other people's events."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account
from ncpcsim.experiment.run import Task, run_chunk
from ncpcsim.measures.judgement import Judgement, judge
from ncpcsim.model.record import Records
from ncpcsim.plan.load import Plan, load_plan
from tests.directions import t_value
from tests.evidence import fact
from tests.full_centre import without
from tests.plans import changed

RUNS, SEED = 200, 3
FIRMS = "demonstrations.segments"
OWN = ("awareness", "awareness_at_others", "policy_advice")


def records(plan: Plan) -> Records:
    found = run_chunk(Task(plan, SEED, 0, RUNS, keep_records=True, engine="compiled")).records
    assert found is not None
    return found


@cache
def of_generic(changes: tuple[tuple[str, float], ...]) -> Records:
    return records(changed(load_plan("generic"), dict(changes)))


@cache
def without_any() -> Records:
    return records(without(load_plan("generic"), "demonstrations"))


def enquiries(found: Records, months: int) -> NDArray[np.float64]:
    """What clients ask for in the first months, shape (runs,); what the centre offers is none."""
    rows = [
        row
        for row, name in enumerate(found.counted)
        if name.endswith(".asked") and name.split(".")[0] not in OWN
    ]
    asked: NDArray[np.int64] = found.counts[:, rows, :months].sum(axis=(1, 2))
    return asked.astype(float)


def closing_cash(found: Records) -> NDArray[np.float64]:
    cents: NDArray[np.int64] = found.cash_cents()[:, -1]
    return cents / 100


def more(one: NDArray[np.float64], two: NDArray[np.float64]) -> tuple[float, float]:
    """By how much `two` is more in the mean, and in standard errors."""
    differences = (two - one).tolist()
    return float(np.mean(differences)), t_value(differences)


def test_a_centre_that_shows_nothing_has_less_demand_in_its_first_three_years() -> None:
    shown, none = of_generic(()), without_any()
    mean, t = more(enquiries(none, 36), enquiries(shown, 36))
    # Eight projects are counted as asked for; the others come by what they show.
    assert t > 10
    assert 0.02 < (mean - 8) / enquiries(none, 36).mean() < 0.2
    # What they show wears off.
    assert more(enquiries(none, 36), enquiries(shown, 36))[0] > 0.4 * mean


def test_ten_times_as_many_cost_more_than_they_bring() -> None:
    many = of_generic(((f"{FIRMS}.sme.number", 60), (f"{FIRMS}.large.number", 20)))
    mean, t = more(closing_cash(of_generic(())), closing_cash(many))
    assert t < -4
    assert mean < -5_000


CARE: Mapping[str, tuple[tuple[str, float], ...]] = {
    "firms taken without choosing": (("demonstrations.selection_days", 0),),
    "projects that nobody hears of": (("demonstrations.convinced_share", 0),),
    "failures that everybody hears of": (("demonstrations.failure_lost_share", 1),),
    "firms that nobody can tell from others": (("demonstrations.failure_probability", 1),),
}


@pytest.mark.parametrize("name", CARE)
def test_what_weakens_them_takes_demand(name: str) -> None:
    _, t = more(enquiries(of_generic(()), 60), enquiries(of_generic(CARE[name]), 60))
    assert t < -4


def test_firms_that_pay_are_fewer_and_fail_less() -> None:
    free, paid = (
        of_generic(((f"{FIRMS}.large.firm_pays_share", share), (f"{FIRMS}.large.number", 40)))
        for share in (0, 0.3)
    )
    asked, failed, done = (
        [
            found.counts[:, found.counted.index(f"assessment.{what}"), :36].sum()
            for found in (free, paid)
        ]
        for what in ("asked", "failed", "done")
    )
    # How many are done is the staff's doing too: so many that some leave before anybody comes.
    assert asked[1] < 0.85 * asked[0]
    assert done[1] < done[0]
    assert failed[1] / done[1] < failed[0] / done[0]


def sustained(found: Records) -> NDArray[np.float64]:
    judgement = judge(found, load_plan("generic").numbers.thresholds).judgement
    return np.where(judgement == Judgement.SUSTAINED, 1.0, 0.0)


def fees(found: Records) -> NDArray[np.float64]:
    cents: NDArray[np.int64] = -found.net_cents[:, Account.FEES :].sum(axis=(1, 2))
    return cents / 100


def test_twice_as_many_talks_at_others_events_bring_fees_and_take_no_survival() -> None:
    many = of_generic((("services.awareness_at_others.offered_year", 24),))
    mean, t = more(fees(of_generic(())), fees(many))
    assert t > 4
    assert mean > 0.015 * fees(of_generic(())).mean()
    # In 4,000 pairs +0.1 points (-0.6 to 0.9); 200 would tell a fall of six.
    change = sustained(many) - sustained(of_generic(()))
    assert change.mean() > -3 * change.std() / len(change) ** 0.5


def counted(found: Records, what: str, months: slice) -> NDArray[np.int64]:
    """What was counted in some months, shape (runs,)."""
    total: NDArray[np.int64] = found.counts[:, found.counted.index(what), months].sum(axis=1)
    return total


def test_training_grows_as_in_mexico() -> None:
    found = of_generic(())
    asked = [counted(found, "training.asked", slice(12 * y, 12 * y + 12)).mean() for y in range(4)]
    # Each year more than the year before, in the mean nearly twice as much.
    assert all(later > earlier for earlier, later in pairwise(asked))
    yearly = (asked[-1] / asked[0]) ** (1 / 3)
    assert yearly == pytest.approx(fact("mexico.training_growth"), rel=0.2)
    # From its first months to the book the centre had six years.
    low, high = np.percentile(counted(found, "training.done", slice(0, 72)), [10, 90])
    assert low <= fact("mexico.workshops.low") < fact("mexico.workshops.high") <= high


def test_requests_for_information_grow_as_in_costa_rica() -> None:
    # Half a year's, 15 months after the first half year.
    first, later = (
        counted(of_generic(()), "technical_information.asked", slice(begin, begin + 6)).mean()
        for begin in (0, 15)
    )
    assert later / first == pytest.approx(fact("costa_rica.requests_growth"), rel=0.35)
