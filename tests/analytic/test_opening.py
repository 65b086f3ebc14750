"""A plan that begins in the middle of its life: what is past, and what each item comes to."""

import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from ncpcsim.model.ending import Cause
from ncpcsim.model.record import Record
from ncpcsim.plan.judged import judged_in, judged_together
from ncpcsim.plan.load import Plan
from tests.full_centre import CREDIBILITY, asked_for, bare, contract, traced
from tests.funders import REPLICATIONS, received
from tests.plans import (
    HOST,
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
)

AS_OF = {"opening.as_of": 9}
"""Of 24 months, 15 are left."""
LEFT = 15


def opened(changes: dict[str, Any] | None = None) -> Plan:
    """The bare centre, of whose two years nine months are past."""
    return bare({**AS_OF, **(changes or {})})


def opening(record: Record, account: str) -> int:
    """What stood in an account on the first day, in cents."""
    cents: int = record.opening_cents[record.accounts.index(account)].item()
    return cents


# ------------------------------------------------------------------ months


def test_the_run_begins_on_the_day_and_ends_when_the_plan_does() -> None:
    numbers = bare({"opening.as_of": date(2000, 10, 1)}).numbers
    assert (numbers.first_day, numbers.months) == (date(2000, 10, 1), LEFT)
    assert numbers.start == date(2000, 1, 1)
    assert run(opened()).months == LEFT


def test_plans_that_begin_on_different_days_are_judged_in_one_month() -> None:
    later = {"opening.as_of": 9, "horizon.judged_month": 36}
    together = judged_together([opened(), bare(), opened(later)])
    assert {judged_in(plan) for plan in together} == {date(2003, 1, 1)}
    assert [plan.numbers.months for plan in together] == [27, 36, 27]


def test_a_beginning_on_the_plan_s_first_day_is_none() -> None:
    plan = bare({"grants.core": grant({0: 100, 5: 50})})
    here = changed(plan, {"opening.as_of": 0})
    assert np.array_equal(run(plan).net_cents, run(here).net_cents)


def test_tranches_before_the_day_are_past_and_those_from_it_on_come() -> None:
    plan = opened({"grants.core": grant({0: 1, 8: 20, 9: 300, 20: 4000})})
    assert by_month(run(plan), "programme_discretionary") == received(
        {0: 300_00, 11: 4000_00}, LEFT
    )


def test_the_programme_s_support_is_counted_from_the_plan_s_start() -> None:
    # Four halves of 24 months at 1,200 a year: months 0, 6, 12 and 18.
    terms = {"months": 24, "amount_year": 1200, "interval_months": 6, "shape": "even"}
    shared = grant({}, programme_share=1)
    for key in ("from_month", "until_month", "tranches"):
        del shared[key]
    plan = opened({"programme": terms, "grants.core": shared})
    assert by_month(run(plan), "programme_discretionary") == received({3: 600_00, 9: 600_00}, LEFT)
    assert plan.numbers.programme_end == LEFT


def test_posts_begun_before_are_filled_on_the_first_day_and_others_in_their_month() -> None:
    posts = {
        "posts.expert.salary_month": 1,
        "posts.expert.from_month": 4,
        "posts.later": post(salary_month=20, from_month=11),
        "posts.over": post(salary_month=300, until_month=9),
        "posts.ends": post(salary_month=4000, until_month=10),
    }
    pay = by_month(run(opened(posts)), "salaries")
    assert pay == [4001_00, 1_00, *[21_00] * 13]


def test_running_costs_and_their_travel_begin_in_their_own_months() -> None:
    costs = {"costs.from_month": 0, "costs.overhead_month": 5, "costs.travel_month": 7}
    record = run(opened({**costs, "costs.travel_from_month": 12}))
    assert by_month(record, "overhead") == [5_00] * LEFT
    assert by_month(record, "travel") == [0] * 3 + [7_00] * 12
    late = run(opened({**costs, "costs.from_month": 10, "costs.travel_from_month": 12}))
    assert by_month(late, "overhead") == [0, *[5_00] * 14]


@pytest.mark.parametrize(("month", "bought"), [(8, {}), (9, {0: 60_00}), (12, {3: 60_00})])
def test_equipment_is_bought_in_its_month_unless_that_is_past(
    month: int, bought: dict[int, int]
) -> None:
    costs = {"costs.equipment": 60, "costs.equipment_life_months": 6}
    record = run(opened({**costs, "costs.equipment_month": month}))
    assert by_month(record, "equipment") == [bought.get(m, 0) for m in range(LEFT)]
    assert total(record, "depreciation") == sum(bought.values())


def test_events_before_the_day_have_happened() -> None:
    plan = opened({
        "events.before": {"month": 8, "climate_gain": 1},
        "events.after": {"month": 12, "climate_gain": 1},
    })  # fmt: skip
    assert [what for what in traced(plan) if "policy" in what[1]] == [(3, "policy: after")]


def test_charging_begins_in_its_month() -> None:
    visits = service(clients=asked_for(20, price=10))
    fees = by_month(run(opened({"services.visit": visits, "market.charge_from_month": 11})), "cash")
    assert fees[:2] == [0, 0]
    assert all(fees[2:])
    own = {"services.visit": {**visits, "charge_from_month": 10}}
    assert by_month(run(opened({**own, "market.charge_from_month": 20})), "cash")[:1] == [0]
    assert all(by_month(run(opened(own)), "cash")[1:])


def test_bids_begin_in_their_month() -> None:
    plan = opened({"contracts.project": contract(calls_year=48, from_month=12)})
    bids = counted(run(plan), "project.bids")
    assert bids[:3] == [0, 0, 0]
    assert sum(bids[3:])


def test_a_host_s_delay_is_counted_from_the_plan_s_start() -> None:
    host = {**HOST, "cash_month": 10, "premises_share": 1, "delay_months": 10.5}
    plan = opened({"host": host, "costs.premises_month": 3})
    record = run(plan)
    assert by_month(record, "host_cash") == [0, 0, *[-10_00] * 13]
    assert by_month(record, "in_kind_premises") == [0, 0, *[3_00] * 13]
    seconded = {"posts.sent": post(payer="host", salary_month=5)}
    assert by_month(run(changed(plan, seconded)), "in_kind_salaries") == [0, 0, *[5_00] * 13]


def test_what_is_offered_is_counted_from_the_plan_s_start_and_by_the_declaration_s_steps() -> None:
    # Every third month. What falls on the stroke of the first day belongs to the month before.
    plan = opened({"services.visit": service(offered_year=4)})
    assert counted(run(plan), "visit.done") == [m % 3 == 2 for m in range(LEFT)]
    # Steps of eight months: 3, 0 and then 6 a year. The second held nothing; from 16 on every 2.
    steps = {"declaration.step_months": 8, "opening.as_of": 9}
    plan = opened({**steps, "services.visit": service(offered_by_step=[3, 0, 6, 6, 6])})
    assert [m for m, n in enumerate(counted(run(plan), "visit.done")) if n] == [8, 10, 12, 14]


def test_an_extension_that_is_past_is_not_decided_again() -> None:
    extension = {"credibility": 0, "probability": 1, "months": 3, "amount": 500}
    for until, gained in ((8, 0), (9, 500_00), (12, 500_00)):
        core = grant({0: 1}, until_month=until, extension=extension)
        assert total(run(opened({"grants.core": core})), "programme_discretionary") == -gained


def test_a_donor_that_gives_on_the_first_day_has_not_left_before() -> None:
    donor = {"suspensions_year": 0, "suspension_months": 0, "early_ends_year": 12}
    core = grant({9: 10, 23: 10}, donor="giver", until_month=24)
    plan = opened({"donors.giver": donor, "grants.core": core})
    for replication in REPLICATIONS:
        assert by_month(run(plan, replication=replication), "cash")[0] == 10_00


def test_money_is_that_of_the_day() -> None:
    economy = {"inflation_year": 0.5, "price_follow_share": 1, "recessions_year": 0}
    economy |= {"recession_months": 1, "recession_demand": 0}
    record = run(opened({"economy": economy, "costs.overhead_month": 100}))
    assert by_month(record, "overhead")[0] == 100_00
    assert by_month(record, "overhead")[12] == 150_00


# ------------------------------------------------------------------ the same from the middle on


def whole() -> Plan:
    """Two years without randomness: grants, a host, posts, costs, equipment, work, learning."""
    money = grant(
        {0: 1440},
        terms="earmarked",
        earmarks=earmarks(subcontractors=0.5, travel=0.25, equipment=0.25),
        spend_months=12,
        until_month=24,
    )
    return bare(
        {
            "opening.cash": 5000,
            "grants.core": grant({0: 3000, 9: 2000, 18: 1000}, until_month=24),
            "grants.direct": money,
            "host": {**HOST, "cash_month": 30, "delay_months": 11, "premises_share": 0.5},
            "posts.expert.salary_month": 200,
            "posts.second": post(salary_month=100, from_month=5, until_month=20),
            "posts.third": post(salary_month=50, from_month=13),
            "costs.premises_month": 40,
            "costs.travel_month": 20,
            "costs.travel_from_month": 12,
            "costs.equipment": 720,
            "costs.equipment_month": 2,
            "costs.equipment_life_months": 18,
            "learning": {
                "months": 6,
                "productivity_at_start": 0.5,
                "counterpart_until_month": 12,
                "counterpart_speed": 2,
            },
            "services.visit": service(offered_year=7, staff_days=5, materials=9, travel=1),
        }
    )


def test_a_plan_begun_in_the_middle_goes_on_as_it_would_have() -> None:
    record, at = run(whole()), 9
    closing = record.opening_cents + record.net_cents[:, :at].sum(axis=1)
    stood = dict(zip(record.accounts, (closing / 100).tolist(), strict=True))
    plan = changed(
        whole(),
        {
            "opening.as_of": at,
            "opening.cash": stood["cash"],
            "opening.grants.direct": {"unspent": stood["earmarked_cash"], "unspent_months": 3},
            "opening.equipment": {
                "net_value": stood["equipment"] + stood["accumulated_depreciation"],
                "months_left": 11,
            },
        },
    )
    rest = run(plan)
    assert (stood["earmarked_cash"], stood["accumulated_depreciation"]) == (360, -280)
    assert np.array_equal(rest.cash_cents(), record.cash_cents()[at:])
    assert np.array_equal(rest.net_cents, record.net_cents[:, at:])
    assert np.array_equal(rest.counts, record.counts[:, at:])
    assert sum(counted(rest, "visit.staff_hours"))


# ------------------------------------------------------------------ what stands in the books

BOOKS: dict[str, Any] = {
    "opening.cash": 1000,
    "opening.receivables": {
        "amount": 100.01,
        "invoices": 3,
        "delay_months": 0,
        "bad_debt_probability": 0,
    },
    "opening.payables": {"amount": 30.02, "late_months": 2},
    "opening.equipment": {"net_value": 70.05, "months_left": 4},
    "opening.grants.direct": {"unspent": 500.03},
    "grants.direct": grant({}, terms="earmarked", earmarks=earmarks(travel=1)),
}


def test_the_opening_entry_balances() -> None:
    record = run(opened(BOOKS))
    stood = {name: opening(record, name) for name in record.accounts if opening(record, name)}
    assert stood == {
        "cash": 1000_00,
        "earmarked_cash": 500_03,
        "receivables": 100_01,
        "equipment": 70_05,
        "payables": -30_02,
        "earmarked_grants_unspent": -500_03,
        "opening_fund": -1140_04,
    }
    assert sum(stood.values()) == 0
    assert sum(record.closing_cents().values()) == 0


def test_what_stands_in_the_books_is_no_income_and_no_cost_of_the_run() -> None:
    # Only what is spent of restricted money, and depreciation.
    assert booked(run(opened(BOOKS))) == {
        "cash": [100_01 - 30_02, *[0] * 14],
        "earmarked_cash": [-500_03, *[0] * 14],
        "receivables": [-100_01, *[0] * 14],
        "accumulated_depreciation": [-17_51, -17_51, -17_51, -17_52, *[0] * 11],
        "payables": [30_02, *[0] * 14],
        "earmarked_grants_unspent": [500_03, *[0] * 14],
        "programme_earmarked": [-500_03, *[0] * 14],
        "depreciation": [17_51, 17_51, 17_51, 17_52, *[0] * 11],
        "earmarked_travel": [500_03, *[0] * 14],
    }


def test_each_invoice_is_paid_in_its_own_time() -> None:
    terms = {"amount": 1000, "invoices": 200, "delay_months": 3, "bad_debt_probability": 0}
    paid = np.array(by_month(run(opened({"opening.receivables": terms})), "cash"))
    # Of an exponential time with a mean of three months, 1 - 1/e is over after three.
    assert paid[:3].sum() / 1000_00 == pytest.approx(0.632, abs=0.1)
    assert (paid > 0).sum() > 8
    slower = run(opened({"opening.receivables": {**terms, "delay_months": 12}}))
    assert sum(by_month(slower, "cash")[:3]) < 0.5 * paid[:3].sum()


def test_invoices_that_are_never_paid_are_written_off_like_others() -> None:
    terms = {"amount": 1000, "invoices": 200, "delay_months": 0, "bad_debt_probability": 0.4}
    record = run(opened({"opening.receivables": terms}))
    lost = by_month(record, "bad_debts")
    assert lost[11] == sum(lost)  # at the instant of the end of the twelfth month
    assert lost[11] + by_month(record, "cash")[0] == 1000_00
    assert lost[11] == pytest.approx(400_00, abs=100_00)


def test_the_host_keeps_its_fee_of_old_invoices_too() -> None:
    host = {**HOST, "management_fee_share": 0.1}
    assert total(run(opened({**BOOKS, "host": host})), "management_fee") == 3 * 3_33


PATIENT: dict[str, Any] = {
    "liquidity.credit_line": 0,
    "liquidity.creditors_bear_months": 5,
    "opening.payables": {"amount": 80, "late_months": 3},
}


def test_overdue_bills_are_paid_first_as_cash_comes() -> None:
    flow = {"grants.core": grant({9: 50, 11: 50})}
    record = run(opened({**PATIENT, **flow}))
    assert by_month(record, "payables") == [50_00, 0, 30_00, *[0] * 12]
    assert record.cash_cents().tolist() == [0, 0, *[20_00] * 13]
    assert (record.cause, record.late_since) == (Cause.NONE, None)


@pytest.mark.parametrize(("late_months", "closed"), [(0, 5), (3, 2), (5, 0)])
def test_creditors_have_waited_before_the_first_day(late_months: int, closed: int) -> None:
    overdue = {"opening.payables": {"amount": 80, "late_months": late_months}}
    record = run(opened({**PATIENT, **overdue}))
    assert record.closed_month == closed
    assert (record.cause, record.late_since) == (Cause.LATE_AT_FIRST, 0)


def test_new_bills_wait_behind_old_ones() -> None:
    # 80 of before the first day, then 10 a month. Of 95 in month 1 go 10 to that month's bill, and
    # 85 to the oldest: what is left is of month 0, so that creditors, who bear four months, act at
    # the end of month 4. Paid the other way round, they would act at the end of month 1.
    costs = {"costs.overhead_month": 10, "grants.core": grant({10: 95})}
    terms = {**PATIENT, "liquidity.creditors_bear_months": 4, **costs}
    record = run(opened(terms))
    assert by_month(record, "payables")[:3] == [-10_00, 85_00, -10_00]
    assert record.closed_month == 4


@pytest.mark.parametrize(("own", "months"), [(None, 4), (7, 7)])
def test_restricted_money_is_spent_to_the_last_cent_as_earmarked(
    own: int | None, months: int
) -> None:
    held: dict[str, Any] = {"unspent": 100.01}
    if own is not None:
        held["unspent_months"] = own
    money = grant(
        {0: 9, 9: 12},
        terms="earmarked",
        earmarks=earmarks(travel=0.25, equipment=0.75),
        spend_months=4,
    )
    record = run(opened({"grants.core": money, "opening.grants.core": held}))
    # 25.00 and 75.01 over their months; and the tranche of the day, 3 and 9 over four.
    travel, things = (by_month(record, f"earmarked_{what}") for what in ("travel", "equipment"))
    assert (sum(travel), sum(things)) == (28_00, 84_01)
    assert travel[0] == 25_00 // months + 75
    assert things[0] == 75_01 // months + 2_25
    assert (travel[months - 1] > 0, sum(travel[months:])) == (True, 0)
    assert record.closing_cents()["earmarked_cash"] == 0


def test_restricted_money_pays_the_posts_of_its_grant() -> None:
    money = grant({}, terms="earmarked", earmarks=earmarks(salaries=1), until_month=24)
    posts = {"posts.expert": post(salary_month=40, payer="core")}
    record = run(opened({**posts, "grants.core": money, "opening.grants.core": {"unspent": 100}}))
    assert by_month(record, "earmarked_salaries") == [40_00, 40_00, 20_00, *[0] * 12]
    assert by_month(record, "salaries") == [0, 0, 20_00, *[40_00] * 12]


@pytest.mark.parametrize("until", [5, 9, 24])
def test_a_tranche_that_is_owed_comes_also_under_an_agreement_that_is_over(until: int) -> None:
    core = grant({0: 7}, until_month=until, support_cost_share=0.1)
    plan = opened({"grants.core": core, "opening.grants.core": {"owed": 200}})
    assert by_month(run(plan), "programme_discretionary") == received({0: 180_00}, LEFT)
    late = run(changed(plan, {"grants.core.delay_months": 4}), replication=1)
    assert total(late, "programme_discretionary") == -180_00
    assert not by_month(late, "programme_discretionary")[0]


def test_a_tranche_that_is_owed_is_earmarked_as_its_grant_is() -> None:
    core = grant({}, terms="earmarked", earmarks=earmarks(travel=1))
    plan = opened({"grants.core": core, "opening.grants.core": {"owed": 200}})
    assert total(run(plan), "earmarked_travel") == 200_00


def test_a_bank_lends_against_a_tranche_that_is_owed() -> None:
    core = grant({}, delay_months=100)
    terms = {"liquidity.credit_line": 0, "liquidity.bridged_share": 1}
    terms |= {"liquidity.creditors_bear_months": 1200, "costs.overhead_month": 10}
    plan = opened({**terms, "grants.core": core, "opening.grants.core": {"owed": 200}})
    lent = [by_month(run(plan, replication=replication), "loans")[0] for replication in range(5)]
    assert lent == [-10_00] * 5
    assert total(run(changed(plan, {"opening.grants.core": {"owed": 0}})), "loans") == 0


# ------------------------------------------------------------------ contracts in hand

HAND = {"kind": "project", "to_invoice": 700.01, "to_spend": 600.01, "months_left": 3}
IN_HAND: dict[str, Any] = {
    "contracts.project": contract(calls_year=0, months=8),
    "opening.contracts.study": {**HAND, "staff_days": 30},
}


def test_a_contract_in_hand_is_worked_spent_invoiced_and_paid() -> None:
    # The kind's shares: half to subcontractors, 0.3 to travel, the rest to equipment.
    record = run(opened(IN_HAND))
    assert by_month(record, "subcontractors") == [100_00, 100_00, 100_01, *[0] * 12]
    assert by_month(record, "travel") == [60_00, 60_00, 60_00, *[0] * 12]
    assert by_month(record, "materials") == [40_00, 40_00, 40_00, *[0] * 12]
    assert by_month(record, "international_projects") == [0, 0, -700_01, *[0] * 12]
    assert by_month(record, "cash")[2] == 700_01 - 200_01
    assert counted(record, "project.staff_hours") == [0, 240, *[0] * 13]
    assert (sum(counted(record, "project.bids")), sum(counted(record, "project.won"))) == (0, 0)


def test_a_contract_in_hand_is_paid_as_late_as_its_kind() -> None:
    plan = opened({**IN_HAND, "contracts.project": contract(calls_year=0, payment_delay_months=3)})
    record = run(plan)
    assert by_month(record, "international_projects")[2] == -700_01
    assert by_month(record, "receivables")[2] == 700_01
    owed = [np.cumsum(by_month(run(plan, replication=n), "receivables")) for n in range(9)]
    assert len({(each > 0).sum() for each in owed}) > 3


def test_a_contract_in_hand_lasts_until_its_days_are_worked_and_keeps_people_busy() -> None:
    long = {"opening.contracts.study.staff_days": 100}  # five months of one person
    record = run(opened({**IN_HAND, **long}))
    assert by_month(record, "international_projects").index(-700_01) == 4
    visits = {"services.visit": service(offered_year=12, staff_days=0.01)}
    done = counted(run(opened({**IN_HAND, **long, **visits})), "visit.done")
    assert (done[:4], sum(done)) == ([0] * 4, LEFT - 1)


def test_a_contract_in_hand_earns_credibility() -> None:
    listens = {"credibility": {**CREDIBILITY, "at_start": 0, "per_engagement": 1}}
    calls = {"contracts.project": contract(calls_year=24)}
    won = counted(run(opened({**IN_HAND, **calls, **listens})), "project.won")
    assert (sum(won[:3]), sum(won) > 5) == (0, True)


# ------------------------------------------------------------------ the market and the people


def asked(changes: dict[str, Any]) -> int:
    visits = {"services.visit": service(clients=asked_for(20), contested_share=1)}
    return sum(counted(run(opened({**visits, **changes})), "visit.asked"))


def test_awareness_on_the_day_is_what_clients_ask_by() -> None:
    base, half = asked({}), asked({"opening.segments.firms.aware": 0.5})
    assert half == pytest.approx(base / 2, rel=0.2)


def test_the_climate_on_the_day_moves_demand() -> None:
    effect = {"market.climate_effect": 1}
    base, best = asked(effect), asked({**effect, "opening.climate": 1})
    assert best == pytest.approx(2 * base, rel=0.2)


def test_people_trained_before_take_demand() -> None:
    rivals = {"competition": {"at_start": 0, "at_most": 1, "trained_scale": 10}}
    base, taken = asked(rivals), asked({**rivals, "opening.trained": 10})
    assert taken == pytest.approx(base / math.e, rel=0.2)


def wins(changes: dict[str, Any]) -> int:
    """Calls won of some 240."""
    calls = {"contracts.tender": contract(calls_year=192, win_probability=0.4)}
    calls |= {"credibility": CREDIBILITY, "contracts.other": contract(calls_year=0)}
    return sum(counted(run(opened({**calls, **changes})), "tender.won"))


def test_credibility_on_the_day_wins_calls() -> None:
    assert wins({"opening.credibility": 0.25}) == pytest.approx(wins({}) / 4, rel=0.4)
    assert wins({"opening.credibility": 0}) == 0


def test_a_source_that_gave_lately_recommends_until_two_years_after() -> None:
    leverage = {"contracts.tender": contract(calls_year=192, win_probability=0.4, leverage=1)}
    base = wins(leverage)
    lately = wins({**leverage, "opening.sources.other.months_ago": 0})
    earlier = wins({**leverage, "opening.sources.other.months_ago": 20})
    assert lately == pytest.approx(2 * base, rel=0.25)
    assert base < earlier < lately
    # A source does not recommend itself.
    assert wins({**leverage, "opening.sources.tender.months_ago": 0}) == base


LEARNING = {
    "months": 6,
    "productivity_at_start": 0.5,
    "counterpart_until_month": 0,
    "counterpart_speed": 1,
}


def first_hours(changes: dict[str, Any]) -> int:
    """Hours that a visit on the first day takes of ten days' work."""
    visits = service(offered_year=1000, staff_days=10)
    record = run(opened({"learning": LEARNING, "services.visit": visits, **changes}))
    return next(hours for hours in counted(record, "visit.staff_hours") if hours)


def test_people_have_learned_since_they_came() -> None:
    # Nine months: 1 - 0.5 / e^1.5 = 0.888; new: 0.5; sixty: all but 1.
    newcomer = first_hours({"opening.posts.expert.experience_months": 0})
    since, trained = first_hours({}), first_hours({"opening.posts.expert.experience_months": 60})
    assert newcomer > since > trained
    assert trained == pytest.approx(80, abs=1)


def test_places_that_are_vacant_are_filled_later_by_newcomers() -> None:
    held = {"vacant": 2, "vacant_until_month": 13, "experience_months": 60}
    posts = {"posts.expert": post(people=3, salary_month=100), "learning": LEARNING}
    record = run(opened({**posts, "opening.posts.expert": held}))
    assert by_month(record, "salaries") == [100_00] * 4 + [300_00] * 11
    assert counted(record, "staff.people") == [1] * 4 + [3] * 11
    alone = {"posts.expert": post(), "opening.posts.expert": {**held, "vacant": 1}}
    del alone["opening.posts.expert"]["experience_months"]
    visits = {"services.visit": service(offered_year=12, staff_days=1)}
    done = counted(run(opened({**alone, **visits})), "visit.done")
    assert done[:4] == [0] * 4
    assert sum(done) == LEFT - 1
