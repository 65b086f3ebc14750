"""The centre's books: double entry, integer cents, append-only.

A posting names one account to debit, one to credit and an amount, so the trial balance is zero
after every posting by construction. Contributions in kind are booked at market value in memo
accounts, out of cash. Earmarked money received is a liability until it is spent (it is owed to its
purpose); only then it is income.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from itertools import chain
from typing import TYPE_CHECKING

from ncpcsim.faults import Fault, RunError
from ncpcsim.rules import MOST_CENTS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Posting = tuple[int, int, int, int]
"""Month, account debited, account credited, cents."""
Witness = Callable[[int, int, int, str], None]
"""A callback for every posting: account debited, account credited, cents, what for."""


class Account(IntEnum):
    """The accounts every centre has. Fee accounts, one a service, follow after `FEES`."""

    CASH = 0
    EARMARKED_CASH = 1
    RECEIVABLES = 2
    EQUIPMENT = 3
    ACCUMULATED_DEPRECIATION = 4
    PAYABLES = 5
    LOANS = 6
    HOST_LOAN = 7
    DONOR_ADVANCES = 8
    EARMARKED_GRANTS_UNSPENT = 9
    OPENING_FUND = 10
    PROGRAMME_DISCRETIONARY = 11
    PROGRAMME_EARMARKED = 12
    DOMESTIC_PUBLIC = 13
    CORPORATE_SUPPORT = 14
    OTHER_SUPPORT = 15
    OTHER_EARMARKED = 16
    INTERNATIONAL_PROJECTS = 17
    HOST_CASH = 18
    MEMBERSHIP = 19
    NEWER_CENTRES = 20
    SALARIES = 21
    SOCIAL_SECURITY = 22
    SUBCONTRACTORS = 23
    PREMISES = 24
    MATERIALS = 25
    TRAVEL = 26
    OVERHEAD = 27
    MISCELLANEOUS = 28
    MANAGEMENT_FEE = 29
    INTEREST = 30
    DEPRECIATION = 31
    BAD_DEBTS = 32
    EARMARKED_SALARIES = 33
    EARMARKED_SUBCONTRACTORS = 34
    EARMARKED_TRAVEL = 35
    EARMARKED_EQUIPMENT = 36
    EARMARKED_MISCELLANEOUS = 37
    IN_KIND_INCOME = 38
    IN_KIND_SALARIES = 39
    IN_KIND_PREMISES = 40
    IN_KIND_LOGISTICS = 41
    FEES = 42


ASSETS = range(Account.CASH, Account.ACCUMULATED_DEPRECIATION + 1)
LIABILITIES = range(Account.PAYABLES, Account.DONOR_ADVANCES + 1)
"""Bills not paid; what a bank lends against signed agreements, the host lends, donors advance."""
FUNDS = range(Account.EARMARKED_GRANTS_UNSPENT, Account.OPENING_FUND + 1)
INCOME = range(Account.PROGRAMME_DISCRETIONARY, Account.NEWER_CENTRES + 1)
OPERATIONAL = range(Account.MEMBERSHIP, Account.NEWER_CENTRES + 1)
"""Operational income other than fees."""
OPERATING_EXPENSES = range(Account.SALARIES, Account.BAD_DEBTS + 1)
EARMARKED_EXPENSES = range(Account.EARMARKED_SALARIES, Account.EARMARKED_MISCELLANEOUS + 1)
MEMO = range(Account.IN_KIND_INCOME, Account.IN_KIND_LOGISTICS + 1)


def account_names(services: Iterable[str]) -> tuple[str, ...]:
    """Names of all accounts, in order: the fixed ones, then `fees_SERVICE` for each service."""
    fixed = (account.name.lower() for account in Account if account is not Account.FEES)
    return (*fixed, *(f"fees_{service}" for service in services))


class Ledger:
    """The books of one run.

    Attributes:
        month: the month that postings belong to, counted by the closings, never by the clock.
        closed: no more postings are taken: the centre has been closed.
        balances: net debits of each account in cents, by account number.
        journal: every posting, in order.
    """

    def __init__(self, opening_cents: Sequence[int], witness: Witness | None = None) -> None:
        """Open the books.

        Args:
            opening_cents: net debits of each account before the first posting; they sum to zero.
            witness: a callback for every posting.
        """
        self.month = 0
        self.closed = False
        self.balances = list(opening_cents)
        self.journal: list[Posting] = []
        self._witness = witness

    def post(self, debit: int, credit: int, cents: int, what: str) -> None:
        """Book an amount; nothing is booked for an amount of zero or in closed books.

        Raises:
            RunError: the amount is negative, or it or a balance is more than can be.
        """
        if not 0 <= cents <= MOST_CENTS:
            raise RunError(Fault.MONEY)
        if cents == 0 or self.closed:
            return
        self.journal.append((self.month, debit, credit, cents))
        balances = self.balances
        balances[debit] += cents
        balances[credit] -= cents
        if abs(balances[debit]) > MOST_CENTS or abs(balances[credit]) > MOST_CENTS:
            raise RunError(Fault.MONEY)
        if self._witness is not None:
            self._witness(debit, credit, cents, what)

    def close_month(self) -> None:
        """End the month: postings from now on belong to the next."""
        self.month += 1


def movements(
    journal: list[Posting], accounts: int, months: int
) -> "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]":
    """A journal summed by month.

    Returns:
        Net debits in cents, shape (accounts, months); receipts of cash and payments of cash in
        cents, shape (months,) each.
    """
    import numpy as np

    net = np.zeros((accounts, months), dtype=np.int64)
    # Number by number: numpy looks into every tuple before it makes an array of them.
    numbers = np.fromiter(chain.from_iterable(journal), np.int64, 4 * len(journal))
    month, debit, credit, amount = numbers.reshape(-1, 4).T
    np.add.at(net, (debit, month), amount)
    np.subtract.at(net, (credit, month), amount)
    receipts, payments = (
        np.bincount(month[side == Account.CASH], amount[side == Account.CASH], months)
        for side in (debit, credit)
    )
    return net, receipts.astype(np.int64), payments.astype(np.int64)
