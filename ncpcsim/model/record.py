"""What one run leaves."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account

Trace = Callable[[float, str], None]
"""Told of everything that happens: time in months, and words."""


@dataclass(frozen=True)
class Record:
    """What one run leaves: plain data, no simulation object.

    Attributes:
        accounts: names of the accounts.
        net_cents: net debits by account and month, shape (accounts, months).
        receipts_cents: cash received, shape (months,).
        payments_cents: cash paid, shape (months,).
        opening_cash_cents: cash on the first day, no receipt of any month.
        counted: names of what was counted, "SERVICE.WHAT".
        counts: what was counted by month, shape (counted, months).
        insolvent_month: the month at whose end the centre was wound up, or None.
    """

    accounts: tuple[str, ...]
    net_cents: NDArray[np.int64]
    receipts_cents: NDArray[np.int64]
    payments_cents: NDArray[np.int64]
    opening_cash_cents: int
    counted: tuple[str, ...]
    counts: NDArray[np.int64]
    insolvent_month: int | None

    @property
    def months(self) -> int:
        """Length of the run in months, also where the centre closed before."""
        return int(self.net_cents.shape[1])

    def closing_cents(self) -> dict[str, int]:
        """Net debits of every account at the end, by account name; they sum to zero."""
        closing = self.net_cents.sum(axis=1)
        closing[Account.CASH] += self.opening_cash_cents
        closing[Account.OPENING_FUND] -= self.opening_cash_cents
        return dict(zip(self.accounts, closing.tolist(), strict=True))

    def cash_cents(self) -> NDArray[np.int64]:
        """Unrestricted cash at each month end, shape (months,)."""
        return self.opening_cash_cents + np.cumsum(self.net_cents[Account.CASH])
