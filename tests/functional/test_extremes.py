"""Numbers at their extremes, where what must happen is plain without a calculation."""

from copy import deepcopy
from typing import Any

import pytest

from ncpcsim.accounting.ledger import MEMO, Account
from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan, load_plan, plan_from_tree
from tests.plans import (
    BANKED,
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
    total,
    unfunded,
    without_more,
)

REPLICATIONS = range(5)
FOREVER = 1e12

# Ten enquiries a month, a dollar more than willing to pay, a tenth of a month's work each.
BUSY_CLIENTS = {"firms": {"asks_year": 1.2, "price": 100, "willingness": 101}}
BUSY: dict[str, Any] = {
    "horizon.judged_month": 24,
    "services.visit": service(
        staff_days=2, variability="exponential", participants=3, clients=BUSY_CLIENTS
    ),
}


@pytest.fixture(scope="module")
def generic() -> Plan:
    """The average centre, with a bank that never loses patience."""
    return without_more(load_plan("generic").variant({"liquidity.credit_line": 1e9}))


def runs(plan: Plan) -> list[Record]:
    return [run(plan, replication=replication) for replication in REPLICATIONS]


def everywhere(plan: Plan, key: str, value: float) -> dict[str, float]:
    """The change of one key in the demand of every segment for every service."""
    return {
        f"services.{name}.clients.{segment}.{key}": value
        for name, service in plan.numbers.services.items()
        for segment in service.clients
    }


def all_fees(record: Record) -> int:
    return -int(record.net_cents[Account.FEES :].sum())


def summed(record: Record, what: str) -> int:
    """A count summed over services and months."""
    rows = [i for i, name in enumerate(record.counted) if name.endswith(f".{what}")]
    return int(record.counts[rows].sum())


# ------------------------------------------------------------------ demand


def test_without_demand_nobody_asks_and_nobody_pays(generic: Plan) -> None:
    plan = changed(generic, everywhere(generic, "asks_year", 0))
    for record in runs(plan):
        assert all_fees(record) == 0
        assert not any(by_month(record, "receivables"))
        assert summed(record, "declined") == summed(record, "left") == 0
        # The centre still holds what it offers of its own accord.
        assert sum(counted(record, "awareness.done")) > 0


def test_clients_who_never_hear_of_the_centre_do_not_ask(generic: Plan) -> None:
    unknown = {
        f"segments.{name}.{key}": 0
        for name in generic.numbers.segments
        for key in ("aware_at_start", "aware_at_most")
    }
    for record in runs(changed(generic, unknown)):
        assert all_fees(record) == 0
        assert sum(counted(record, "assessment.asked")) == 0


def test_nobody_is_left_to_tell_where_everyone_knows() -> None:
    # What events and satisfied clients say changes nothing at all.
    plan = bare_plan(BUSY)
    told = {"services.visit.reaches_clients": 50, "market.word_of_mouth_clients": 50}
    assert booked(run(changed(plan, told))) == booked(run(plan))


def test_a_centre_that_forgets_itself_at_once_has_no_enquiries_after_the_first_months() -> None:
    plan = bare_plan({**BUSY, "market.awareness_fade_month": 10})
    for record in runs(plan):
        assert sum(counted(record, "visit.asked")[2:]) == 0


def test_a_price_above_any_willingness_is_always_declined(generic: Plan) -> None:
    changes = {
        "market.charge_from_month": 0,
        **everywhere(generic, "price", 1e9),
    }
    for record in runs(changed(generic, changes)):
        assert all_fees(record) == 0
        for name in generic.numbers.services:
            offered = generic.numbers.services[name].offered_year > 0
            done, asked = (sum(counted(record, f"{name}.{what}")) for what in ("done", "asked"))
            assert offered or done == 0
            # All but those who are still thinking at the end.
            assert offered or sum(counted(record, f"{name}.declined")) >= asked - 10


def test_a_price_exactly_at_the_willingness_is_accepted_and_a_cent_more_is_not() -> None:
    plan = bare_plan(BUSY)
    at = changed(plan, {"services.visit.clients.firms.price": 101})
    above = changed(plan, {"services.visit.clients.firms.price": 101.01})
    for record in runs(at):
        assert sum(counted(record, "visit.declined")) == 0
        assert sum(counted(record, "visit.done")) > 0
    for record in runs(above):
        assert counted(record, "visit.declined") == counted(record, "visit.asked")
        assert booked(record) == {}


def test_who_would_pay_nothing_still_takes_what_is_free() -> None:
    free = {"price": 0, "willingness": 0, "asks_year": 1.2}
    plan = bare_plan({**BUSY, "services.visit.clients.firms": free})
    for record in runs(plan):
        assert sum(counted(record, "visit.done")) > 0
        assert sum(counted(record, "visit.declined")) == 0
        assert booked(record) == {}


def test_who_decides_after_the_end_is_only_counted_as_asking() -> None:
    for record in runs(bare_plan({**BUSY, "market.decision_months": 24})):
        assert sum(counted(record, "visit.asked")) > 0
        assert summed(record, "declined") == summed(record, "left") == summed(record, "done") == 0


def test_nothing_is_charged_before_the_month_in_which_charging_begins(generic: Plan) -> None:
    end = generic.numbers.months
    for record in runs(generic.variant({"market.charge_from_month": end})):
        assert all_fees(record) == 0
        assert sum(counted(record, "assessment.done")) > 0
        assert summed(record, "declined") == 0


# ------------------------------------------------------------------ staff and patience


def test_with_infinite_patience_nobody_leaves(generic: Plan) -> None:
    patient = {f"segments.{name}.patience_months": FOREVER for name in generic.numbers.segments}
    impatient = dict.fromkeys(patient, 0.5)
    understaffed = generic.variant({"posts.technical.from_month": 60})
    assert all(summed(r, "left") == 0 for r in runs(changed(understaffed, patient)))
    assert all(summed(r, "left") > 0 for r in runs(changed(understaffed, impatient)))


NOBODY = {
    "host": {**HOST, "delivered_share": 0},
    "posts.expert": post(payer="host", then="ends"),
}


def test_without_patience_and_without_staff_everybody_leaves() -> None:
    # The only person was promised by a host that delivers nothing.
    plan = bare_plan({**BUSY, **NOBODY, "segments.firms.patience_months": 0})
    for record in runs(plan):
        assert counted(record, "visit.left") == counted(record, "visit.asked")
        assert sum(counted(record, "visit.left")) > 0
        assert booked(record) == {}


def test_with_patience_but_without_staff_everybody_waits_for_ever() -> None:
    for record in runs(bare_plan({**BUSY, **NOBODY})):
        assert summed(record, "asked") > 0
        assert summed(record, "left") == summed(record, "done") == 0


def test_without_patience_but_with_staff_to_spare_nobody_leaves() -> None:
    plan = bare_plan({**BUSY, "segments.firms.patience_months": 0, "posts.expert.people": 100})
    for record in runs(plan):
        assert summed(record, "left") == 0
        assert summed(record, "done") > 0


def test_who_leaves_the_centre_finishes_the_work_in_hand_and_begins_no_other() -> None:
    # One person, 1.5 months on each visit and many waiting, gone after month 3: begun early and
    # then every 1.5 months, the visit begun last before the end of month 3 lasts until 4.5.
    plan = bare_plan(
        {
            "horizon.judged_month": 12,
            "posts.expert.until_month": 4,
            "services.visit": service(staff_days=30, clients=BUSY_CLIENTS),
        }
    )
    for record in runs(plan):
        assert counted(record, "visit.done")[5:] == [0] * 7
        assert 2 <= sum(counted(record, "visit.done")) <= 3
        assert sum(counted(record, "visit.asked")[4:]) > 0
    # With a second person who stays, half of the work goes on.
    both = changed(plan, {"posts.other": post(), "services.visit.staff_days": 20})
    for record in runs(both):
        assert counted(record, "visit.done")[6:] == [1] * 6


def test_nobody_works_before_the_post_begins() -> None:
    # The centre calls for work at the end of each month; whoever does it comes with month 3.
    plan = bare_plan({"posts.expert.from_month": 3, "services.visit.offered_year": 12})
    record = run(plan)
    assert counted(record, "visit.asked") == [1, 1, 1, 1, 1, 1]
    assert counted(record, "visit.done") == [0, 0, 0, 4, 1, 1]
    # A colleague who is there from the start does not wait for the other.
    assert counted(run(changed(plan, {"posts.other": post()})), "visit.done") == [1] * 6


def test_work_done_wholly_outside_occupies_nobody() -> None:
    # One person, 60 days asked for in a month of 20, no patience: only a free chair helps.
    plan = bare_plan(
        {
            **BUSY,
            "services.visit.outside_share": 1,
            "services.visit.staff_days": 6,
            "services.visit.variability": "fixed",
            "segments.firms.patience_months": 0,
            "staff.outside_day_rate": 10,
        }
    )
    for record in runs(plan):
        assert counted(record, "visit.done") == counted(record, "visit.asked")
        assert summed(record, "left") == 0
        assert total(record, "subcontractors") == 60_00 * summed(record, "done")
    half = changed(plan, {"services.visit.outside_share": 0.5})
    assert all(summed(record, "left") > 0 for record in runs(half))


def test_work_inside_costs_no_outside_expert() -> None:
    plan = bare_plan({**BUSY, "staff.outside_day_rate": 1000})
    assert all(total(record, "subcontractors") == 0 for record in runs(plan))


def test_a_post_that_ends_before_it_begins_to_be_filled_keeps_nobody_else_from_work() -> None:
    # A host nine months late lends a person until month six: nobody ever comes, and the centre's
    # own person is as free as without the promise.
    plan = bare_plan(
        {
            "horizon.judged_month": 12,
            "services.visit.offered_year": 12,
            "services.visit.staff_days": 2,
        }
    )
    promised = changed(
        plan,
        {
            "host": {**HOST, "delay_months": 9},
            "posts.lent": post(payer="host", then="ends", until_month=6),
        },
    )
    assert counted(run(promised), "visit.done") == counted(run(plan), "visit.done")


# ------------------------------------------------------------------ payment


def test_with_certain_bad_debt_every_invoice_is_written_off_in_time() -> None:
    plan = bare_plan(
        {**BUSY, "segments.firms.bad_debt_probability": 1, "market.write_off_months": 3}
    )
    for record in runs(plan):
        invoiced = [-cents for cents in by_month(record, "fees_visit")]
        assert sum(invoiced) > 0
        # Three months to the instant: the month of the invoice plus three.
        assert by_month(record, "bad_debts") == [0, 0, 0, *invoiced[:-3]]
        assert not any(by_month(record, "cash"))


def test_with_no_bad_debt_and_no_delay_every_invoice_is_paid_at_once() -> None:
    for record in runs(bare_plan(BUSY)):
        assert by_month(record, "cash") == [-cents for cents in by_month(record, "fees_visit")]
        assert all_fees(record) == 100_00 * summed(record, "done") > 0
        assert total(record, "bad_debts") == 0


def test_invoices_paid_after_the_end_stay_receivable() -> None:
    plan = bare_plan({**BUSY, "segments.firms.payment_delay_months": FOREVER})
    for record in runs(plan):
        assert total(record, "receivables") == all_fees(record) > 0
        assert not any(by_month(record, "cash"))


def test_money_that_comes_after_the_end_never_comes_though_the_work_is_done(
    generic: Plan,
) -> None:
    late = {
        **{f"grants.{name}.delay_months": FOREVER for name in generic.numbers.grants},
        **{f"segments.{n}.payment_delay_months": FOREVER for n in generic.numbers.segments},
        "host.delay_months": 1000,
    }
    # Its core staff is the centre's own, so that work is done at all.
    for record in runs(changed(generic, {**late, **BANKED})):
        assert not record.receipts_cents.any()
        assert sum(counted(record, "assessment.done")) > 0
        assert total(record, "receivables") + total(record, "bad_debts") == all_fees(record) > 0
        assert total(record, "programme_earmarked") == total(record, "earmarked_cash") == 0


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
