"""The books: two sides to every posting, nothing negative, nothing after the end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpcsim.accounting.ledger import (
    ASSETS,
    EARMARKED_EXPENSES,
    FUNDS,
    INCOME,
    LIABILITIES,
    MEMO,
    OPERATING_EXPENSES,
    Account,
    Ledger,
    Posting,
    account_names,
    movements,
)
from ncpcsim.faults import RunError

ACCOUNTS = len(account_names(["visit", "audit"]))
postings = st.lists(
    st.tuples(
        st.integers(0, ACCOUNTS - 1),
        st.integers(0, ACCOUNTS - 1),
        st.integers(0, 10**10),
        # Whether the month ends after it.
        st.booleans(),
    ),
    max_size=40,
)


def test_every_account_is_of_one_kind() -> None:
    kinds = (ASSETS, LIABILITIES, FUNDS, INCOME, OPERATING_EXPENSES, EARMARKED_EXPENSES, MEMO)
    members = [number for kind in kinds for number in kind]
    assert members == [account for account in Account if account is not Account.FEES]


def test_fee_accounts_follow_the_fixed_ones_in_the_services_order() -> None:
    names = account_names(["visit", "audit"])
    assert names[: Account.FEES] == tuple(a.name.lower() for a in list(Account)[:-1])
    assert names[Account.FEES :] == ("fees_visit", "fees_audit")


def opened(cash_cents: int = 0) -> list[int]:
    """What stands in the accounts on the first day."""
    balances = [0] * ACCOUNTS
    balances[Account.CASH], balances[Account.OPENING_FUND] = cash_cents, -cash_cents
    return balances


def test_the_books_open_with_the_cash_and_where_it_came_from() -> None:
    ledger = Ledger(opened(250))
    assert ledger.balances[Account.CASH] == 250
    assert ledger.balances[Account.OPENING_FUND] == -250
    assert sum(ledger.balances) == 0
    assert ledger.journal == []


def test_a_posting_is_debited_credited_told_and_kept() -> None:
    heard: list[tuple[int, int, int, str]] = []
    ledger = Ledger(opened(), witness=lambda *posting: heard.append(posting))
    ledger.close_month()
    ledger.post(Account.SALARIES, Account.CASH, 700, "salaries")
    assert ledger.balances[Account.SALARIES] == 700
    assert ledger.balances[Account.CASH] == -700
    assert ledger.journal == [(1, Account.SALARIES, Account.CASH, 700)]
    assert heard == [(Account.SALARIES, Account.CASH, 700, "salaries")]


@given(postings, st.integers(0, 10**9))
def test_the_trial_balance_is_zero_after_every_posting(
    entries: list[tuple[int, int, int, bool]], opening: int
) -> None:
    ledger = Ledger(opened(opening))
    expected: list[Posting] = []
    for debit, credit, cents, last_of_month in entries:
        ledger.post(debit, credit, cents, "any")
        assert sum(ledger.balances) == 0
        if cents:
            expected.append((ledger.month, debit, credit, cents))
        if last_of_month:
            ledger.close_month()
    # Append-only: what was booked is there in order, and adds up to the balances.
    assert ledger.journal == expected
    balances = [0] * ACCOUNTS
    balances[Account.CASH], balances[Account.OPENING_FUND] = opening, -opening
    for _, debit, credit, cents in expected:
        balances[debit] += cents
        balances[credit] -= cents
    assert ledger.balances == balances


def test_a_negative_amount_is_refused_and_leaves_no_trace() -> None:
    ledger = Ledger(opened())
    with pytest.raises(RunError, match="an amount or a balance is negative or above 90,071"):
        ledger.post(Account.PREMISES, Account.CASH, -1, "rent")
    assert ledger.journal == []
    assert not any(ledger.balances)


def test_an_amount_of_zero_is_not_booked() -> None:
    heard: list[tuple[int, int, int, str]] = []
    ledger = Ledger(opened(), witness=lambda *posting: heard.append(posting))
    ledger.post(Account.PREMISES, Account.CASH, 0, "rent")
    assert ledger.journal == []
    assert heard == []


def test_closed_books_take_nothing_but_still_refuse_what_is_wrong() -> None:
    heard: list[tuple[int, int, int, str]] = []
    ledger = Ledger(opened(100), witness=lambda *posting: heard.append(posting))
    ledger.post(Account.PREMISES, Account.CASH, 30, "rent")
    ledger.closed = True
    ledger.post(Account.PREMISES, Account.CASH, 30, "rent")
    assert ledger.balances[Account.CASH] == 70
    assert len(ledger.journal) == len(heard) == 1
    with pytest.raises(RunError, match="an amount or a balance is negative"):
        ledger.post(Account.PREMISES, Account.CASH, -30, "rent")


def test_months_are_counted_by_closings() -> None:
    ledger = Ledger(opened())
    for month in range(3):
        ledger.post(Account.PREMISES, Account.CASH, 10 + month, "rent")
        ledger.close_month()
    assert [(month, cents) for month, _, _, cents in ledger.journal] == [(0, 10), (1, 11), (2, 12)]


def test_movements_are_net_debits_by_account_and_month() -> None:
    cash, rent, fee = Account.CASH, Account.PREMISES, Account.FEES
    journal: list[Posting] = [
        (0, rent, cash, 30),
        (0, cash, fee, 100),
        (2, rent, cash, 5),
        (2, rent, cash, 5),
        (2, cash, rent, 1),
    ]
    net, receipts, payments = movements(journal, ACCOUNTS, 4)
    assert net.shape == (ACCOUNTS, 4)
    assert net[cash].tolist() == [70, 0, -9, 0]
    assert net[rent].tolist() == [30, 0, 9, 0]
    assert net[fee].tolist() == [-100, 0, 0, 0]
    assert not np.delete(net, [cash, rent, fee], axis=0).any()
    # Gross: what came in and what went out are not set off against each other.
    assert receipts.tolist() == [100, 0, 1, 0]
    assert payments.tolist() == [30, 0, 10, 0]
    assert {array.dtype for array in (net, receipts, payments)} == {np.dtype(np.int64)}


def test_nothing_moves_in_an_empty_journal() -> None:
    net, receipts, payments = movements([], ACCOUNTS, 3)
    assert net.shape == (ACCOUNTS, 3)
    assert not net.any()
    assert receipts.tolist() == payments.tolist() == [0, 0, 0]


@given(postings)
def test_movements_sum_to_the_balances(entries: list[tuple[int, int, int, bool]]) -> None:
    ledger = Ledger(opened())
    for debit, credit, cents, last_of_month in entries:
        ledger.post(debit, credit, cents, "any")
        if last_of_month:
            ledger.close_month()
    net, receipts, payments = movements(ledger.journal, ACCOUNTS, ledger.month + 1)
    assert net.sum(axis=1).tolist() == ledger.balances
    assert not net.sum(axis=0).any()
    assert (receipts - payments == net[Account.CASH]).all()


def test_amounts_beyond_a_float_s_whole_numbers_stay_exact() -> None:
    # 2^53 + 1 is the first whole number that a float cannot hold.
    cents = 2**53 + 1
    net, _, _ = movements([(0, Account.CASH, Account.FEES, cents)], ACCOUNTS, 1)
    assert net[Account.CASH, 0] == cents
