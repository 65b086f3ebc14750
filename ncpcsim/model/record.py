"""What runs leave: one by one, and many as arrays with a leading axis of runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account

Trace = Callable[[float, str], None]
"""A callback for everything that happens: time in months, and words."""

OPEN = -1
"""What `Records.closed_month` says of a run that was not closed."""


@dataclass(frozen=True, eq=False)
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
        closed_month: the month at whose end the centre closed, or None.
    """

    accounts: tuple[str, ...]
    net_cents: NDArray[np.int64]
    receipts_cents: NDArray[np.int64]
    payments_cents: NDArray[np.int64]
    opening_cash_cents: int
    counted: tuple[str, ...]
    counts: NDArray[np.int64]
    closed_month: int | None

    @property
    def months(self) -> int:
        """Length of the run in months, also where the centre closed before."""
        return int(self.net_cents.shape[1])

    def closing_cents(self) -> dict[str, int]:
        """Net debits of every account at the end, by account name; they sum to zero."""
        (closing,) = Records.of([self]).closing_cents().tolist()
        return dict(zip(self.accounts, closing, strict=True))

    def cash_cents(self) -> NDArray[np.int64]:
        """Unrestricted cash at each month end, shape (months,)."""
        (cash,) = Records.of([self]).cash_cents()
        found: NDArray[np.int64] = cash
        return found


@dataclass(frozen=True, eq=False)
class Records:
    """What runs of one plan leave: as `Record`, every array with a leading axis of runs.

    Attributes:
        accounts: names of the accounts.
        net_cents: net debits, shape (runs, accounts, months).
        receipts_cents: cash received, shape (runs, months).
        payments_cents: cash paid, shape (runs, months).
        opening_cash_cents: cash on the first day, shape (runs,).
        counted: names of what was counted, "SERVICE.WHAT".
        counts: what was counted, shape (runs, counted, months).
        closed_month: the month at whose end each centre closed, or `OPEN`, shape (runs,).
    """

    accounts: tuple[str, ...]
    net_cents: NDArray[np.int64]
    receipts_cents: NDArray[np.int64]
    payments_cents: NDArray[np.int64]
    opening_cash_cents: NDArray[np.int64]
    counted: tuple[str, ...]
    counts: NDArray[np.int64]
    closed_month: NDArray[np.int64]

    @classmethod
    def of(cls, records: Sequence[Record]) -> "Records":
        """Runs that were made one by one; there is at least one."""
        closed = [OPEN if r.closed_month is None else r.closed_month for r in records]
        return cls(
            records[0].accounts,
            np.stack([r.net_cents for r in records]),
            np.stack([r.receipts_cents for r in records]),
            np.stack([r.payments_cents for r in records]),
            np.array([r.opening_cash_cents for r in records], np.int64),
            records[0].counted,
            np.stack([r.counts for r in records]),
            np.array(closed, np.int64),
        )

    def record(self, run: int) -> Record:
        """One of the runs."""
        closed = int(self.closed_month[run])
        return Record(
            self.accounts,
            self.net_cents[run],
            self.receipts_cents[run],
            self.payments_cents[run],
            int(self.opening_cash_cents[run]),
            self.counted,
            self.counts[run],
            None if closed == OPEN else closed,
        )

    @property
    def months(self) -> int:
        """Length of the runs in months, also where a centre closed before."""
        return int(self.net_cents.shape[-1])

    @property
    def open_months(self) -> NDArray[np.int64]:
        """Months in which each centre was open, shape (runs,)."""
        closed = self.closed_month
        return np.where(closed == OPEN, self.months, closed + 1)

    def closing_cents(self) -> NDArray[np.int64]:
        """Net debits of every account at the end, shape (runs, accounts)."""
        closing: NDArray[np.int64] = self.net_cents.sum(axis=-1)
        closing[:, Account.CASH] += self.opening_cash_cents
        closing[:, Account.OPENING_FUND] -= self.opening_cash_cents
        return closing

    def cash_cents(self) -> NDArray[np.int64]:
        """Unrestricted cash at each month end, shape (runs, months)."""
        moved = np.cumsum(self.net_cents[:, Account.CASH], axis=-1)
        return self.opening_cash_cents[:, np.newaxis] + moved
