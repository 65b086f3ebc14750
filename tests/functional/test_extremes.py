"""Demand, staff and payment at their extremes."""

import math

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan
from tests.extremes import BUSY, BUSY_CLIENTS, runs, summed
from tests.full_centre import without
from tests.plans import (
    BANKED,
    HOST,
    bare_plan,
    booked,
    by_month,
    changed,
    counted,
    post,
    run,
    service,
    total,
)

FOREVER = 1e12


def everywhere(plan: Plan, key: str, value: float) -> dict[str, float]:
    """The change of one key in the demand of every segment for every service."""
    return {
        f"services.{name}.clients.{segment}.{key}": value
        for name, service in plan.numbers.services.items()
        for segment in service.clients
    }


def undemonstrated(plan: Plan) -> Plan:
    """A plan without demonstrations: nobody asks for them, and firms may pay from the first day."""
    return without(plan, "demonstrations")


def all_fees(record: Record) -> int:
    return -int(record.net_cents[Account.FEES :].sum())


# ------------------------------------------------------------------ demand


def test_without_demand_nobody_asks_and_nobody_pays(generic: Plan) -> None:
    plan = changed(undemonstrated(generic), everywhere(generic, "asks_year", 0))
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
    for record in runs(changed(undemonstrated(generic), unknown)):
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
    for record in runs(changed(undemonstrated(generic), changes)):
        assert all_fees(record) == 0
        for name in generic.numbers.services:
            offered = generic.numbers.services[name].offered_year > 0
            asked = counted(record, f"{name}.asked")
            assert offered or sum(counted(record, f"{name}.done")) == 0
            # All but those who left without a proposal, and who wait for one or think at the end.
            thinking = sum(asked[-math.ceil(generic.numbers.market.decision_months) - 2 :])
            gone = sum(counted(record, f"{name}.declined")) + sum(counted(record, f"{name}.left"))
            assert offered or gone >= sum(asked) - thinking


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
    for record in runs(undemonstrated(generic).variant({"market.charge_from_month": end})):
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
    # One person, 60 days asked for in a month of 20, no patience: only a free person helps.
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
        "liquidity.advance_probability": 0,
    }
    # Its core staff is the centre's own, so that work is done at all.
    for record in runs(changed(generic, {**late, **BANKED})):
        assert not record.receipts_cents.any()
        assert sum(counted(record, "assessment.done")) > 0
        assert total(record, "receivables") + total(record, "bad_debts") == all_fees(record) > 0
        assert total(record, "programme_earmarked") == total(record, "earmarked_cash") == 0
