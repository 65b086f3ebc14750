"""Months without cash: loans and late bills summed by hand, and how centres sleep and wake."""

import math
from typing import Any

import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.ending import Cause
from tests.full_centre import MANAGEMENT, TROUBLE, asked_for
from tests.plans import (
    HOST,
    bare_plan,
    by_month,
    changed,
    counted,
    grant,
    post,
    run,
    service,
    total,
)

RENT: dict[str, Any] = {"costs.premises_month": 100, "liquidity.credit_line": 0}
"""100 a month to pay, and no bank."""
NEVER = 1e6
PATIENT = {"liquidity.creditors_bear_months": NEVER}


def test_a_host_lends_first_and_without_interest() -> None:
    host = {**HOST, "lends": 250}
    record = run(bare_plan({**RENT, "host": host, "liquidity.interest_year": 0.12}))
    assert by_month(record, "host_loan") == [-100_00, -100_00, -50_00, 0, 0, 0]
    assert by_month(record, "payables")[:3] == [0, 0, -50_00]
    assert total(record, "interest") == 0


def test_a_bank_lends_against_signed_money_alone_and_is_repaid_by_it() -> None:
    # 1,000 due in month 4: the bank counts it from two months before, and lends a quarter of it.
    plan = bare_plan(
        {
            **RENT,
            **PATIENT,
            "grants.core": grant({4: 1000}),
            "liquidity.bridged_share": 0.25,
            "liquidity.bridged_months": 2,
        }
    )
    record = run(plan)
    # Months 0 and 1: unpaid. Months 2 and 3: lent. Month 4: 1,000 less the rent of 100 pay the
    # late bills of 200, then the loan of 200.
    assert by_month(record, "payables") == [-100_00, -100_00, 0, 0, 200_00, 0]
    assert by_month(record, "loans") == [0, 0, -100_00, -100_00, 200_00, 0]
    assert record.cash_cents().tolist() == [0, 0, 0, 0, 500_00, 400_00]
    assert record.closed_month is None


def test_interest_is_on_overdraft_and_loans_of_the_month_before() -> None:
    plan = bare_plan(
        {"costs.premises_month": 100, "liquidity.credit_line": 1e6, "liquidity.interest_year": 0.12}
    )
    # One per cent a month of what was overdrawn when it began: nothing; 100; 100 + 101.
    assert by_month(run(plan), "interest")[:3] == [0, 1_00, 2_01]


def test_a_loan_is_called_in_when_its_donor_leaves() -> None:
    donor = {"suspensions_year": 0, "suspension_months": 0, "early_ends_year": 0}
    left = None
    for replication in range(40):
        plan = bare_plan(
            {
                **RENT,
                **PATIENT,
                "horizon.judged_month": 12,
                "donors.embassy": {**donor, "early_ends_year": 2},
                "grants.core": grant({9: 1000}, donor="embassy", from_month=0, until_month=10),
                "liquidity.bridged_share": 1,
                "liquidity.bridged_months": 12,
            }
        )
        record = run(plan, replication=replication)
        loans = by_month(record, "loans")
        if total(record, "programme_discretionary") == 0 and max(loans[1:8]) > 0:
            left = loans.index(max(loans))
            break
    assert left is not None
    # All that was lent so far is due at once, and becomes bills paid late.
    assert sum(loans[: left + 1]) == 0
    assert by_month(record, "payables")[left] == -100_00 * (left + 1)
    assert record.cause == Cause.DONOR_LEFT


def test_with_signed_money_due_next_month_nobody_closes() -> None:
    waits = {**RENT, "liquidity.creditors_bear_months": 0}
    due = bare_plan({**waits, "grants.core": grant({5: 2000})})
    assert run(due).closed_month is None
    # It was the tranche's date: less than what is owed would not have kept them.
    short = bare_plan({**waits, "grants.core": grant({5: 250})})
    record = run(short)
    assert record.closed_month == 2
    assert run(bare_plan(waits)).closed_month == 0


def test_invoices_count_for_what_they_bring() -> None:
    client = {"asks_year": 0, "price": 0, "willingness": 0}
    paid = {
        **RENT,
        "liquidity.creditors_bear_months": 0,
        "segments.firms.payment_delay_months": 1e6,
        "services.visit.clients": {"firms": {**client, "asks_year": 60, "price": 50}},
        "services.visit.clients.firms.willingness": 1e9,
    }
    record = run(bare_plan(paid))
    assert total(record, "receivables") > 600_00
    assert record.closed_month is None


HOSTED: dict[str, Any] = {
    **RENT,
    "host": HOST,
    "horizon.judged_month": 12,
    "posts.expert.salary_month": 50,
    "liquidity.creditors_bear_months": 1,
}


def test_a_centre_that_its_host_carries_sleeps_and_is_never_closed_by_cash() -> None:
    record = run(bare_plan(HOSTED))
    # Bills of month 0 are two months old at the end of month 1.
    assert record.dormant_since == 1
    assert counted(record, "centre.dormant") == [0, 0] + [1] * 10
    # Nobody is paid, and nothing is rented, from then on.
    assert by_month(record, "salaries") == [50_00] * 2 + [0] * 10
    assert by_month(record, "premises") == [100_00] * 2 + [0] * 10
    assert record.closed_month is None
    assert (record.late_since, record.cause) == (0, Cause.PROGRAMME_OVER)


@pytest.mark.parametrize(("wakes_months", "wakes"), [(0, 6), (3, 6), (3.1, None)])
def test_it_opens_again_when_late_bills_are_paid_and_cash_carries_its_costs(
    wakes_months: float, wakes: int | None
) -> None:
    # In month 6 come 750: 300 pay what is late, and 450 are left, three months' costs.
    rescue = grant({6: 750}, giver="other", from_month=6)
    plan = bare_plan({**HOSTED, "grants.core": rescue, "liquidity.wakes_months": wakes_months})
    record = run(plan)
    if record.dormant_since is None and wakes is None:
        pytest.fail("it never slept")
    asleep_months = counted(record, "centre.dormant")
    if wakes is None:
        assert asleep_months[6:] == [1] * 6
    else:
        assert by_month(record, "salaries")[7] == 50_00


def test_a_host_that_is_lost_leaves_a_sleeper_to_its_fate() -> None:
    host = {**HOST, "trouble": {**TROUBLE, "losses_year": 3}}
    lasts = {**HOSTED, "host": host, "horizon.judged_month": 48, "liquidity.dormant_months": 4}
    closed = []
    for replication in range(10):
        record = run(bare_plan(lasts), replication=replication)
        asleep = sum(counted(record, "centre.dormant"))
        if record.closed_month is not None and asleep:
            closed.append(record.closed_month)
            assert asleep >= 5
    assert closed


def test_whom_a_grant_pays_stays_while_the_centre_sleeps() -> None:
    terms = {"terms": "earmarked", "until_month": 12}
    shares = {"salaries": 1.0, "subcontractors": 0.0, "travel": 0.0, "equipment": 0.0}
    boss = post(salary_month=10, payer="direct", role="director")
    paid = {"grants.direct": grant({0: 500}, **terms, earmarks=shares), "posts.boss": boss}
    record = run(bare_plan({**HOSTED, **paid}))
    assert record.dormant_since is not None
    assert by_month(record, "earmarked_salaries") == [10_00] * 12
    assert by_month(record, "salaries")[2:] == [0] * 10


# ------------------------------------------------------------------ what late pay costs


def test_a_bank_that_refuses_lends_nothing_in_that_spell() -> None:
    # 1,000 signed for months 4 and 9, of which a bank would lend all the rent of the months before.
    plan = bare_plan(
        {
            **RENT,
            **PATIENT,
            "horizon.judged_month": 12,
            "grants.core": grant({4: 600, 11: 600}),
            "liquidity.bridged_share": 1,
            "liquidity.bridged_months": 12,
        }
    )
    never = run(changed(plan, {"liquidity.refused_probability": 1}))
    assert not any(by_month(never, "loans"))
    assert by_month(never, "payables")[:4] == [-100_00] * 4
    # Asked twice, before each tranche: it decides each time for the whole spell.
    sometimes = changed(plan, {"liquidity.refused_probability": 0.5})
    found = set()
    for replication in range(40):
        loans = by_month(run(sometimes, replication=replication), "loans")
        assert loans[:4] in ([0] * 4, [-100_00] * 4)
        found.add((loans[0] == 0, loans[10] == 0))
    assert found == {(True, True), (True, False), (False, True), (False, False)}


def test_donors_advance_without_interest_and_keep_it_of_the_tranche() -> None:
    # 1,000 signed for month 4: donors advance a fifth of it, and a bank lends half of the rest, at
    # a tenth a month.
    plan = bare_plan(
        {
            **RENT,
            **PATIENT,
            "grants.core": grant({4: 1000}),
            "liquidity.advanced_share": 0.2,
            "liquidity.advance_probability": 1,
            "liquidity.bridged_share": 0.5,
            "liquidity.bridged_months": 12,
            "liquidity.interest_year": 1.2,
        }
    )
    record = run(plan)
    # Two rents are advanced; two and the interest of 10 on the first of them are lent. In month 4
    # the tranche pays the rent, the interest of 21 on 210, and all that was lent.
    assert by_month(record, "donor_advances") == [-100_00, -100_00, 0, 0, 200_00, 0]
    assert by_month(record, "loans")[:5] == [0, 0, -100_00, -110_00, 210_00]
    assert by_month(record, "interest") == [0, 0, 0, 10_00, 21_00, 0]
    assert record.cash_cents().tolist()[3:5] == [0, 1000_00 - 100_00 - 21_00 - 200_00 - 210_00]
    never = run(changed(plan, {"liquidity.advance_probability": 0}))
    assert not any(by_month(never, "donor_advances"))


LATE: dict[str, Any] = {
    **PATIENT,
    "liquidity.credit_line": 0,
    "posts.expert": post(salary_month=100),
    "management": MANAGEMENT,
    "services.visit": service(staff_days=10, offered_year=12),
    "grants.core": grant({4: 10_000}, from_month=4),
}
"""Pay is late from the end of month 0 until money comes in month 4."""


def test_people_work_and_are_paid_less_while_pay_is_late() -> None:
    plan = bare_plan({**LATE, "management": {**MANAGEMENT, "short_time_share": 0.5}})
    record = run(plan)
    # Known at the end of month 0, and over at the end of month 4.
    assert by_month(record, "salaries") == [100_00, *[50_00] * 4, 100_00]
    # Ten days of one who works half of them take twenty. Work that begins at the very end of a
    # month begins before that month is settled.
    assert counted(record, "visit.staff_hours")[1:] == [80, *[160] * 4]
    full = run(bare_plan(LATE))
    assert set(by_month(full, "salaries")) == {100_00}
    assert counted(full, "visit.staff_hours")[1:] == [80] * 5


def test_people_leave_while_pay_is_late_and_are_replaced() -> None:
    # At the end of months 0 to 3, each time with a chance of 1 - 1/e, for a month and a half.
    turnover = {"leaves_year": 0, "recruit_months": 1.5, "leaves_year_late": 12}
    plan = bare_plan({**LATE, "turnover": turnover})
    left = 0
    for replication in range(60):
        people = counted(run(plan, replication=replication), "staff.people")
        assert people[0] == 1
        left += people[1] == 0
    assert left / 60 == pytest.approx(1 - math.exp(-1), abs=0.2)
    without_rate = bare_plan({**LATE, "turnover": {**turnover, "leaves_year_late": 0}})
    assert counted(run(without_rate), "staff.people") == [1] * 6
    # Nobody whom another pays, or who is paid on time, leaves for it.
    rich = changed(plan, {"opening.cash": 10_000})
    assert counted(run(rich), "staff.people") == [1] * 6
    lent = {"host": HOST, "posts.expert.payer": "host", "costs.premises_month": 100}
    assert counted(run(changed(plan, lent)), "staff.people") == [1] * 6


@pytest.mark.parametrize(
    ("price", "closed", "cause"), [(1, 3, Cause.PROGRAMME_OVER), (1e6, 8, Cause.CLIENTS_LATE)]
)
def test_where_nobody_pays_creditors_wait_until_invoices_are_written_off(
    price: float, closed: int, cause: Cause
) -> None:
    # Forty visits a month, never paid; the rent is not either. Creditors bear three months, and
    # longer as long as invoices may bring more than is owed: until those of month 0 are written
    # off, eight months later, and show that none are paid.
    plan = bare_plan(
        {
            **RENT,
            "horizon.judged_month": 24,
            "market.write_off_months": 8,
            "liquidity.creditors_bear_months": 3,
            "segments.firms.bad_debt_probability": 1,
            "services.visit": service(staff_days=0, clients=asked_for(40, price)),
        }
    )
    record = run(plan)
    assert (record.net_cents[Account.CASH] == 0).all()
    assert (record.closed_month, record.cause) == (closed, cause)
