"""What earmarked money makes a centre able to do, summed by hand."""

from math import exp
from typing import Any

import pytest

from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import PlanError
from tests.full_centre import SAVINGS, asked_for, bare
from tests.plans import by_month, counted, earmarks, grant, post, run, service

TRAINING = {"abroad_month_cost": 1000, "abroad_worth_months": 5, "services_months": 2}
CONSULTANTS = {"day_rate": 100, "carried_share": 0.5, "beside_speed": 3}
LEARNING = {
    "months": 10,
    "productivity_at_start": 0.5,
    "counterpart_until_month": 0,
    "counterpart_speed": 1,
}
ASKED = "visit.asked"
KITS = {"kits_cost": 1000, "unmeasured_share": 0}


def able(category: str, usd: float, changes: dict[str, Any] | None = None) -> Plan:
    """Ten days' visits, one begun on each month's last day, and a year's earmarked money."""
    shares = {category: 1.0}
    money = grant({0: usd}, terms="earmarked", spend_months=12, earmarks=earmarks(**shares))
    visit = service(staff_days=10, offered_year=12, project=True)
    return bare({"grants.donor": money, "services.visit": visit, **(changes or {})})


def hours(plan: Plan) -> list[int]:
    """Hours of own staff of each visit, by the month in which it was begun; all end in the next."""
    return counted(run(plan), "visit.staff_hours")[1:]


# ------------------------------------------------------------------ consultants


@pytest.mark.parametrize(
    ("usd", "carried"),
    # Two days a month; or twenty, of which a visit takes half of its ten.
    [(2400, 2), (24_000, 5)],
)
def test_consultants_carry_days_while_they_are_paid(usd: float, carried: float) -> None:
    found = hours(able("subcontractors", usd, {"ability.consultants": CONSULTANTS}))
    # The first visit begins before the first money is spent, the last with the last of it.
    assert found[:14] == [80] + [(10 - carried) * 8] * 12 + [80]


def test_what_is_no_project_they_do_not_carry() -> None:
    plan = able("subcontractors", 24_000, {"ability.consultants": CONSULTANTS})
    courses = plan.variant({"services.visit.project": False})
    assert set(hours(courses)[:22]) == {80}


def test_whoever_works_beside_them_learns_faster() -> None:
    # Twenty days a month beside one person: 1 - 1/e of the time, three times as fast.
    changes = {
        "ability.consultants": {**CONSULTANTS, "carried_share": 0},
        "learning": LEARNING,
    }
    found = hours(able("subcontractors", 24_000, changes))
    gained = 2 * (1 - exp(-1))
    for month in range(1, 12):
        # A visit of month `month`'s last day begins before that month's money is spent.
        learned = month + gained * (month - 1)
        assert found[month - 1] == round(80 / (1 - 0.5 * exp(-learned / 10)))


# ------------------------------------------------------------------ training


def test_training_abroad_is_worth_months_of_experience() -> None:
    changes = {"ability.training": TRAINING, "learning": LEARNING}
    found = hours(able("travel", 12_000, changes))
    # A month abroad is bought each month, for one person: 1 - 1/e of it is of use.
    gained = 5 * (1 - exp(-1))
    for month in range(1, 12):
        learned = month + gained * (month - 1)
        assert found[month - 1] == round(80 / (1 - 0.5 * exp(-learned / 10)))


def test_more_people_share_it_and_whoever_comes_later_has_missed_it() -> None:
    changes = {
        "ability.training": TRAINING,
        "learning": LEARNING,
        # One leaves in month 6, another comes; ten more of another role are there.
        "posts.expert.until_month": 6,
        "posts.other": post(from_month=6),
        "posts.driver": post(role="driver", people=10),
    }
    found = hours(able("travel", 12_000, changes))
    gained = 5 * (1 - exp(-1 / 11))
    for month in (7, 8, 9, 10, 11):
        learned = (month - 6) + gained * (month - 7)
        assert found[month - 1] == pytest.approx(80 / (1 - 0.5 * exp(-learned / 10)), abs=0.51)


def asked(usd: float, **visit: Any) -> int:
    """How often visits are asked for in two years, of a centre that trains for so much money."""
    visits = service(clients=asked_for(20), **visit)
    plan = able("travel", usd, {"ability.training": TRAINING, "services.visit": visits})
    return sum(counted(run(plan), "visit.asked"))


def test_services_that_need_training_open_with_it() -> None:
    every = asked(0)
    assert asked(0, needs_training=0.8) == pytest.approx(0.2 * every, rel=0.1)
    # Two months abroad are bought in a month, and 1 - 1/e^2 of one are of use.
    shares = [1 - 0.8 * exp(-min(m, 12) * (1 - exp(-2)) / 2) for m in range(24)]
    by_hand = every * sum(shares) / 24
    assert asked(24_000, needs_training=0.8) == pytest.approx(by_hand, rel=0.05)
    assert asked(24_000, needs_training=0.8) <= asked(240_000, needs_training=0.8) < every


def test_a_centre_begun_in_mid_life_may_be_trained() -> None:
    visits = service(clients=asked_for(20), needs_training=1)
    changes = {"ability.training": TRAINING, "services.visit": visits, "opening.abroad_months": 0}
    assert sum(counted(run(able("travel", 0, changes)), "visit.asked")) == 0
    changes["opening.abroad_months"] = 1e3
    assert sum(counted(run(able("travel", 0, changes)), "visit.asked")) > 400


# ------------------------------------------------------------------ the counterpart


def supported(usd: float, changes: dict[str, Any] | None = None, /, **learning: Any) -> Plan:
    """A counterpart of 300 a month for eighteen months, and a year of money for sub-contractors."""
    terms = {"counterpart_until_month": 18, "counterpart_cost_month": 300, **learning}
    stated = {"learning": {**LEARNING, **terms}, "opening.cash": 1e5, **(changes or {})}
    return able("subcontractors", usd, stated)


def test_earmarked_money_pays_the_counterpart_first_and_the_centre_the_rest() -> None:
    record = run(supported(2400))
    assert by_month(record, "subcontractors") == [100_00] * 12 + [300_00] * 6 + [0] * 6
    assert by_month(record, "earmarked_subcontractors")[:13] == [200_00] * 12 + [0]


def test_what_the_counterpart_takes_pays_no_consultants() -> None:
    trained = {"learning.productivity_at_start": 1, "ability.consultants": CONSULTANTS}
    # Five days a month are bought with 500, or two with what 300 leave of them.
    plan = able("subcontractors", 6000, {"ability.consultants": CONSULTANTS})
    assert hours(plan)[1:12] == [40] * 11
    assert hours(supported(6000, trained))[1:12] == [64] * 11


def test_a_counterpart_that_no_longer_fits_is_paid_and_teaches_nothing() -> None:
    plan = supported(0, counterpart_speed=3, counterpart_fits_months=6)
    found = hours(plan)
    for month in range(1, 20):
        learned = month + 2 * min(month, 6)
        assert found[month - 1] == round(80 / (1 - 0.5 * exp(-learned / 10)))
    assert by_month(run(plan), "subcontractors") == [300_00] * 18 + [0] * 6


@pytest.mark.parametrize(("fits", "months"), [(0, 0), (6.5, 6.5), (100, 18)])
def test_a_counterpart_teaches_what_services_need(fits: float, months: float) -> None:
    visits = service(clients=asked_for(20), needs_training=1)
    training = {**TRAINING, "services_months": 1, "counterpart_worth_months": 0.2}
    changes = {"ability.training": training, "services.visit": visits}
    plan = supported(0, changes, counterpart_fits_months=fits)
    by_hand = [1 - exp(-0.2 * min(m, months)) for m in range(24)]
    every = sum(counted(run(able("travel", 0, {"services.visit.clients": asked_for(20)})), ASKED))
    assert sum(counted(run(plan), ASKED)) == pytest.approx(every * sum(by_hand) / 24, rel=0.08)


def test_a_counterpart_fits_from_the_plan_s_start_on() -> None:
    visits = service(clients=asked_for(20), needs_training=1)
    training = {**TRAINING, "counterpart_worth_months": 9}
    changes = {"ability.training": training, "services.visit": visits, "opening.as_of": 8}
    asked = [
        sum(counted(run(supported(0, changes, counterpart_fits_months=fits)), ASKED))
        for fits in (8, 9)
    ]
    assert asked[0] == 0
    assert asked[1] > 100


# ------------------------------------------------------------------ measuring kits


def found(plan: Plan, months: slice = slice(None)) -> int:
    return sum(counted(run(plan), "options.housekeeping.found")[months])


def measured(category: str, usd: float, changes: dict[str, Any] | None = None) -> Plan:
    """Assessments, twenty a month, that find ten options each with all kits there are."""
    assess = service(clients=asked_for(20), project=True, finds_options=True)
    savings = {**SAVINGS, "options_mean": 10, "kits": KITS}
    stated = {"services.visit": assess, "savings": savings, "staff.working_days_month": 20}
    return able(category, usd, {**stated, **(changes or {})})


def test_options_are_found_with_measuring_kits() -> None:
    every = found(measured("travel", 0, {"savings.kits.unmeasured_share": 1}))
    assert every > 4000
    assert found(measured("travel", 24_000)) == 0
    half = found(measured("travel", 0, {"savings.kits.unmeasured_share": 0.5}))
    assert half == pytest.approx(every / 2, rel=0.05)
    bought = found(measured("equipment", 12_000))
    by_month = [1 - exp(-min(m, 12)) for m in range(24)]
    assert bought == pytest.approx(every * sum(by_month) / 24, rel=0.05)


def test_kits_that_the_centre_buys_itself_measure_as_well() -> None:
    own = {"costs.equipment": 1e5, "costs.equipment_month": 12, "opening.cash": 1e5}
    plan = measured("travel", 0, own)
    assert found(plan, slice(0, 12)) == 0
    assert found(plan, slice(12, 24)) > 2000
    # Or that its host has.
    assert found(measured("travel", 0, {"opening.kits": 1e5}), slice(0, 12)) > 2000


# ------------------------------------------------------------------ plans refused


@pytest.mark.parametrize(
    ("path", "needed"),
    [("opening.kits", "savings.kits"), ("opening.abroad_months", "ability.training")],
)
def test_what_moves_nothing_is_refused(path: str, needed: str) -> None:
    with pytest.raises(PlanError, match=rf"{path}: moves nothing here, expected .*{needed}"):
        bare({path: 1})
