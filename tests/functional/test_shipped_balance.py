"""Nothing is lost in any shipped plan, in any month of any run, whatever is drawn."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import EARMARKED_EXPENSES, INCOME, MEMO, OPERATING_EXPENSES, Account
from ncpcsim.data import data_folder
from ncpcsim.experiment.run import run_once
from ncpcsim.model.record import Record
from ncpcsim.plan.load import load_plan

SHIPPED = sorted(file.stem for file in data_folder("scenarios").glob("*.toml"))
REPLICATIONS = range(3)
ASSETS = (
    Account.CASH,
    Account.EARMARKED_CASH,
    Account.RECEIVABLES,
    Account.EQUIPMENT,
    Account.ACCUMULATED_DEPRECIATION,
)
OWED = (
    Account.PAYABLES,
    Account.LOANS,
    Account.HOST_LOAN,
    Account.DONOR_ADVANCES,
    Account.EARMARKED_GRANTS_UNSPENT,
)


@cache
def records(name: str) -> tuple[Record, ...]:
    plan = load_plan(name)
    return tuple(run_once(plan, 7, replication)[1] for replication in REPLICATIONS)


def row(record: Record, *accounts: Account | int) -> NDArray[np.int64]:
    """Net debits of some accounts together, by month."""
    months: NDArray[np.int64] = record.net_cents[list(accounts)].sum(axis=0)
    return months


def fees(record: Record) -> NDArray[np.int64]:
    months: NDArray[np.int64] = record.net_cents[Account.FEES :].sum(axis=0)
    return months


def test_every_shipped_plan_is_here() -> None:
    assert {"generic", "czech", "hungary", "ministry_pays", "five_steps"} <= set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_trial_balance_is_zero_every_month(name: str) -> None:
    for record in records(name):
        assert not record.net_cents.sum(axis=0).any()
        assert sum(record.closing_cents().values()) == 0
        assert record.net_cents.any()


@pytest.mark.parametrize("name", SHIPPED)
def test_opening_and_receipts_less_payments_is_closing(name: str) -> None:
    for record in records(name):
        flows = record.receipts_cents - record.payments_cents
        opening = record.opening_cents[Account.CASH]
        assert np.array_equal(record.cash_cents(), opening + np.cumsum(flows))
        assert np.array_equal(row(record, Account.CASH), flows)
        assert (record.receipts_cents >= 0).all()
        assert (record.payments_cents >= 0).all()
        assert record.closing_cents()["cash"] == record.cash_cents()[-1]


@pytest.mark.parametrize("name", SHIPPED)
def test_earmarked_cash_is_what_is_owed_to_its_purpose(name: str) -> None:
    for record in records(name):
        cash = np.cumsum(row(record, Account.EARMARKED_CASH))
        owed = -np.cumsum(row(record, Account.EARMARKED_GRANTS_UNSPENT))
        assert np.array_equal(cash, owed)
        assert (cash >= 0).all()
        # What is spent of it is income of the same month.
        spent = row(record, *EARMARKED_EXPENSES)
        income = row(record, Account.PROGRAMME_EARMARKED, Account.OTHER_EARMARKED)
        assert np.array_equal(spent, -income)
        assert (spent >= 0).all()


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_earned_and_not_spent_is_there(name: str) -> None:
    for record in records(name):
        surplus = -fees(record) - row(record, *INCOME)
        surplus -= row(record, *OPERATING_EXPENSES, *EARMARKED_EXPENSES)
        unspent = row(record, *ASSETS, *OWED)
        assert np.array_equal(surplus, unspent)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_given_in_kind_stays_out_of_the_books_of_money(name: str) -> None:
    for record in records(name):
        cost = row(record, *MEMO[1:])
        assert np.array_equal(cost, -row(record, Account.IN_KIND_INCOME))


@pytest.mark.parametrize("name", SHIPPED)
def test_invoices_are_open_paid_or_written_off_and_things_wear_out_once(name: str) -> None:
    for record in records(name):
        assert (np.cumsum(row(record, Account.RECEIVABLES)) >= 0).all()
        worth = np.cumsum(row(record, Account.EQUIPMENT, Account.ACCUMULATED_DEPRECIATION))
        assert (worth >= 0).all()
        assert (row(record, Account.BAD_DEBTS) >= 0).all()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_count_has_its_name_and_nothing_happens_after_the_closing(name: str) -> None:
    for record in records(name):
        assert record.counts.shape == (len(record.counted), record.months)
        assert len(set(record.counted)) == len(record.counted)
        assert (record.counts >= 0).all()
        if record.closed_month is not None:
            after = slice(record.closed_month + 1, None)
            assert not record.net_cents[:, after].any()
            assert not record.counts[:, after].any()
