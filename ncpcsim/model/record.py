"""What runs leave: one by one, and many as arrays with a leading axis of runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.ending import NEVER, Cause, State

Trace = Callable[[float, str], None]
"""A callback for everything that happens: time in months, and words."""

OPEN = NEVER
"""What `Records.closed_month` says of a run in which the centre did not close."""


@dataclass(frozen=True, eq=False)
class Record:
    """What one run leaves: plain data, no simulation object.

    Attributes:
        accounts: names of the accounts.
        net_cents: net debits by account and month, shape (accounts, months).
        receipts_cents: cash received, shape (months,).
        payments_cents: cash paid, shape (months,).
        opening_cents: net debits of every account on the first day, shape (accounts,).
        counted: names of what was counted, "SERVICE.WHAT".
        counts: what was counted by month, shape (counted, months).
        closed_month: the month at whose end the centre closed, or None.
        cause: why bills were first paid late, in the spell in which the run ended, if any.
        late_since: month in which they were, or None.
        dormant_since: month at whose end the centre became dormant, if it is, or None.
    """

    accounts: tuple[str, ...]
    net_cents: NDArray[np.int64]
    receipts_cents: NDArray[np.int64]
    payments_cents: NDArray[np.int64]
    opening_cents: NDArray[np.int64]
    counted: tuple[str, ...]
    counts: NDArray[np.int64]
    closed_month: int | None
    cause: Cause = Cause.NONE
    late_since: int | None = None
    dormant_since: int | None = None

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
        opening_cents: net debits on the first day, shape (runs, accounts).
        counted: names of what was counted, "SERVICE.WHAT".
        counts: what was counted, shape (runs, counted, months).
        closed_month: the month at whose end each centre closed, or `OPEN`, shape (runs,).
        cause: why bills were first paid late, in the spell in which each run ended, a `Cause`.
        late_since: month in which they were, or `NEVER`, shape (runs,).
        dormant_since: month at whose end the centre became dormant, if it is, or `NEVER`.
    """

    accounts: tuple[str, ...]
    net_cents: NDArray[np.int64]
    receipts_cents: NDArray[np.int64]
    payments_cents: NDArray[np.int64]
    opening_cents: NDArray[np.int64]
    counted: tuple[str, ...]
    counts: NDArray[np.int64]
    closed_month: NDArray[np.int64]
    cause: NDArray[np.int64]
    late_since: NDArray[np.int64]
    dormant_since: NDArray[np.int64]

    @classmethod
    def of(cls, records: Sequence[Record]) -> "Records":
        """Runs that were made one by one; there is at least one."""

        def months(of: Callable[[Record], int | None]) -> NDArray[np.int64]:
            found = [of(record) for record in records]
            return np.array([NEVER if m is None else m for m in found], np.int64)

        return cls(
            records[0].accounts,
            np.stack([r.net_cents for r in records]),
            np.stack([r.receipts_cents for r in records]),
            np.stack([r.payments_cents for r in records]),
            np.stack([r.opening_cents for r in records]),
            records[0].counted,
            np.stack([r.counts for r in records]),
            months(lambda r: r.closed_month),
            np.array([r.cause for r in records], np.int64),
            months(lambda r: r.late_since),
            months(lambda r: r.dormant_since),
        )

    def record(self, run: int) -> Record:
        """One of the runs."""

        def month(of: NDArray[np.int64]) -> int | None:
            found = int(of[run])
            return None if found == NEVER else found

        return Record(
            self.accounts,
            self.net_cents[run],
            self.receipts_cents[run],
            self.payments_cents[run],
            self.opening_cents[run],
            self.counted,
            self.counts[run],
            month(self.closed_month),
            Cause(int(self.cause[run])),
            month(self.late_since),
            month(self.dormant_since),
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
        closing: NDArray[np.int64] = self.net_cents.sum(axis=-1) + self.opening_cents
        return closing

    def cash_cents(self) -> NDArray[np.int64]:
        """Unrestricted cash at each month end, shape (runs, months)."""
        moved = np.cumsum(self.net_cents[:, Account.CASH], axis=-1)
        return self.opening_cents[:, Account.CASH, np.newaxis] + moved

    def states(self) -> NDArray[np.int64]:
        """Each month's `State` of each centre, shape (runs, months)."""
        rows = [row for row, name in enumerate(self.counted) if name == "centre.dormant"]
        dormant = (self.counts[:, rows] > 0).any(axis=1)
        closed = np.arange(self.months) >= self.open_months[:, np.newaxis]
        # A centre is closed in the month at whose end it closes.
        closed |= np.arange(self.months) == self.closed_month[:, np.newaxis]
        found: NDArray[np.int64] = np.where(dormant, State.DORMANT, State.ACTIVE)
        return np.where(closed, State.CLOSED, found).astype(np.int64)
