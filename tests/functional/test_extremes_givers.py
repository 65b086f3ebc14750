"""Those who give, and time, at their extremes."""

from copy import deepcopy

import pytest

from ncpcsim.accounting.ledger import MEMO, Account
from ncpcsim.plan.load import Plan, plan_from_tree
from tests.extremes import BUSY, REPLICATIONS, runs, summed
from tests.plans import (
    HOST,
    bare_plan,
    booked,
    by_month,
    changed,
    counted,
    earmarks,
    grant,
    post,
    run,
    service,
    unfunded,
)

# ------------------------------------------------------------------ givers


def test_without_a_host_nothing_is_in_kind(generic: Plan) -> None:
    tree = deepcopy(dict(generic.tree))
    del tree["host"]
    for post_of_host in tree["posts"].values():
        if post_of_host["payer"] == "host":
            post_of_host["payer"] = "centre"
    plan = plan_from_tree(tree, "hostless")
    for record in runs(plan):
        for account in (*(Account(number).name.lower() for number in MEMO), "host_cash"):
            assert not any(by_month(record, account))
        rent = round(plan.numbers.costs.premises_month * 100)
        assert set(by_month(record, "premises")) == {rent}


def test_without_grants_no_programme_money_comes(generic: Plan) -> None:
    for record in runs(unfunded(generic)):
        for account in (
            "programme_discretionary",
            "programme_earmarked",
            "earmarked_cash",
            "earmarked_grants_unspent",
            "earmarked_salaries",
            "other_support",
        ):
            assert not any(by_month(record, account))


def test_a_grant_that_may_only_be_spent_on_salaries_of_nobody_is_never_spent() -> None:
    plan = bare_plan(
        {"grants.core": grant({1: 500}, terms="earmarked", earmarks=earmarks(salaries=1))}
    )
    assert booked(run(plan)) == {
        "earmarked_cash": [0, 500_00, 0, 0, 0, 0],
        "earmarked_grants_unspent": [0, -500_00, 0, 0, 0, 0],
    }


HOSTED = {
    "horizon.judged_month": 3,
    "costs.premises_month": 400,
    "host": {**HOST, "cash_month": 70, "premises_share": 0.5},
    "posts.lent": post(payer="host", then="ends", people=4, salary_month=10),
    "posts.kept": post(payer="host", then="centre", salary_month=30),
}


def test_a_host_that_delivers_all_it_promised() -> None:
    assert booked(run(bare_plan(HOSTED))) == {
        "host_cash": [-70_00] * 3,
        "premises": [200_00] * 3,
        "in_kind_premises": [200_00] * 3,
        "in_kind_salaries": [70_00] * 3,
        "in_kind_income": [-270_00] * 3,
        "cash": [-130_00] * 3,
    }


def test_a_host_that_delivers_nothing_leaves_the_centre_with_the_rent_and_the_posts_it_keeps() -> (
    None
):
    record = run(bare_plan({**HOSTED, "host.delivered_share": 0}))
    assert booked(record) == {
        "premises": [400_00] * 3,
        "salaries": [30_00] * 3,
        "cash": [-430_00] * 3,
    }


def test_a_host_bears_no_rent_before_there_is_any() -> None:
    record = run(bare_plan({**HOSTED, "costs.from_month": 2}))
    assert by_month(record, "in_kind_premises") == [0, 0, 200_00]
    assert by_month(record, "premises") == [0, 0, 200_00]


def test_a_host_that_bears_all_logistics_leaves_only_the_materials_of_the_work() -> None:
    plan = bare_plan(
        {
            "horizon.judged_month": 3,
            "host": {**HOST, "logistics_share": 1},
            "costs.materials_month": 50,
            "costs.overhead_month": 30,
            "costs.miscellaneous_month": 10,
            "services.visit": service(offered_year=12, materials=7),
        }
    )
    assert booked(run(plan)) == {
        "materials": [7_00] * 3,
        "miscellaneous": [10_00] * 3,
        "in_kind_logistics": [80_00] * 3,
        "in_kind_income": [-80_00] * 3,
        "cash": [-17_00] * 3,
    }


def test_advice_is_adopted_always_or_never() -> None:
    offered = {**BUSY, "services.visit.offered_year": 12}
    always = bare_plan({**offered, "services.visit.adoption_probability": 1})
    for record in runs(always):
        assert counted(record, "visit.adopted") == counted(record, "visit.done")
        assert summed(record, "adopted") > 0
    assert all(summed(record, "adopted") == 0 for record in runs(bare_plan(offered)))


def test_the_best_climate_at_once_multiplies_enquiries_as_much_as_it_can() -> None:
    # The first visit is adopted and goes all the way to the best climate, which doubles demand.
    # Candidates come at that doubled rate, so afterwards each of them becomes an enquiry.
    best = {
        **BUSY,
        "market.climate_effect": 1,
        "services.visit.adoption_probability": 1,
        "services.visit.climate_gain": 1,
        "services.visit.staff_days": 0,
    }
    for replication in REPLICATIONS:
        asked = sum(counted(run(bare_plan(best), replication=replication), "visit.asked"))
        no_gain = bare_plan({**best, "services.visit.climate_gain": 0})
        fewer = sum(counted(run(no_gain, replication=replication), "visit.asked"))
        assert 480 - 5 * 480**0.5 < asked < 480 + 5 * 480**0.5
        assert 240 - 5 * 240**0.5 < fewer < 240 + 5 * 240**0.5


@pytest.mark.parametrize(("probability", "share"), [(0, 0), (1, 1)])
def test_a_service_follows_always_or_never(probability: float, share: int) -> None:
    plan = bare_plan(
        {
            **BUSY,
            "services.check": service(follows={"service": "visit", "probability": probability}),
        }
    )
    for record in runs(plan):
        done = counted(record, "visit.done")
        assert sum(done) > 0
        assert counted(record, "check.asked") == [share * n for n in done]


def test_a_service_does_not_follow_for_segments_it_does_not_serve() -> None:
    plan = bare_plan(
        {
            **BUSY,
            "services.check": service(follows={"service": "visit", "probability": 1}, clients={}),
        }
    )
    assert all(sum(counted(record, "check.asked")) == 0 for record in runs(plan))


# ------------------------------------------------------------------ time


def test_equipment_is_worn_off_at_the_end_of_its_life_and_no_more_after() -> None:
    plan = bare_plan(
        {
            "horizon.judged_month": 30,
            "costs.equipment": 200,
            "costs.equipment_month": 4,
            "costs.equipment_life_months": 20,
        }
    )
    assert by_month(run(plan), "depreciation") == [0] * 4 + [10_00] * 20 + [0] * 6


@pytest.mark.parametrize(("window", "follow_up"), [(1, 0), (5, 0), (3, 4)])
def test_every_month_has_its_rent_the_last_included(window: int, follow_up: int) -> None:
    plan = bare_plan(
        {
            **({"grants.core": grant({}, until_month=window)} if follow_up else {}),
            "horizon": {"follow_up_months": follow_up or window},
            "costs.premises_month": 10,
            "posts.expert.salary_month": 20,
        }
    )
    record = run(plan)
    months = window + follow_up
    assert record.months == months
    assert booked(record) == {
        "premises": [10_00] * months,
        "salaries": [20_00] * months,
        "cash": [-30_00] * months,
    }


def test_costs_and_posts_that_begin_at_the_end_never_begin() -> None:
    plan = bare_plan(
        {
            "costs.from_month": 6,
            "costs.premises_month": 10,
            "costs.equipment": 10,
            "costs.equipment_month": 6,
            "posts.expert.salary_month": 20,
            "posts.expert.from_month": 6,
            "grants.core": grant({6: 100}),
        }
    )
    assert booked(run(plan)) == {}


def test_costs_and_posts_that_begin_in_the_last_month_are_paid_once() -> None:
    plan = bare_plan(
        {
            "costs.from_month": 5,
            "costs.premises_month": 10,
            "costs.equipment": 10,
            "costs.equipment_month": 5,
            "posts.expert.salary_month": 20,
            "posts.expert.from_month": 5,
            "grants.core": grant({5: 100}),
        }
    )
    assert booked(run(plan)) == {
        "premises": [0, 0, 0, 0, 0, 10_00],
        "salaries": [0, 0, 0, 0, 0, 20_00],
        "equipment": [0, 0, 0, 0, 0, 10_00],
        "depreciation": [0, 0, 0, 0, 0, 10_00],
        "accumulated_depreciation": [0, 0, 0, 0, 0, -10_00],
        "programme_discretionary": [0, 0, 0, 0, 0, -100_00],
        "cash": [0, 0, 0, 0, 0, 60_00],
    }


@pytest.mark.parametrize(
    ("offered_year", "years"),
    [
        (1, 1),
        (6, 3),
        (12, 7),
        (17, 1),
        (13, 1),
        # As the average centre's seminars and its seven years.
        (17, 7),
    ],
)
def test_a_year_holds_as_many_of_the_centre_s_own_events_as_planned(
    offered_year: int, years: int
) -> None:
    plan = bare_plan(
        {"horizon.judged_month": 12 * years, "services.visit.offered_year": offered_year}
    )
    done = counted(run(plan), "visit.done")
    assert [sum(done[12 * y : 12 * y + 12]) for y in range(years)] == [offered_year] * years


def test_a_closed_centre_does_nothing_more(generic: Plan) -> None:
    poor = changed(
        generic,
        {
            "liquidity.credit_line": 0,
            "liquidity.creditors_bear_months": 0,
            "liquidity.bridged_share": 0,
            "liquidity.dormant_months": 0,
            "host.delivered_share": 0,
            "host.lends": 0,
            "host.trouble": {
                "defaults_year": 12,
                "default_months": 1e6,
                "losses_year": 0,
                "move_months": 0,
            },
            "programme.amount_year": 0,
        },
    )
    for record in runs(poor):
        assert record.closed_month is not None
        after = record.closed_month + 1
        assert after < record.months
        assert not record.net_cents[:, after:].any()
        assert not record.counts[:, after:].any()
        assert not record.receipts_cents[after:].any()
        assert record.cash_cents()[after:].tolist() == [
            record.cash_cents()[record.closed_month]
        ] * (record.months - after)
