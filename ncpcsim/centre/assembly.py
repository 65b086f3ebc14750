"""One run: the parts put together, started in a declared order, and what is left at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ncpcsim import rules
from ncpcsim.centre import closing, staff
from ncpcsim.centre.clock import Clock
from ncpcsim.centre.economy import Economy
from ncpcsim.centre.market import Market
from ncpcsim.centre.state import Centre, Direction, Gains, HostState, Purse, Tally
from ncpcsim.ledger import Account, Ledger, account_names, movements
from ncpcsim.luck import Luck
from ncpcsim.plan.schema import Follows, Numbers

FAMILIES = (
    "staff",
    "grants",
    "contracts",
    "host",
    "costs",
    "policy",
    "demand",
    "outcomes",
    "management",
)
"""The families of processes, each a module of this package, in the order in which they start."""

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
        insolvent_month: the month at whose end the centre was wound up, or nothing.
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


def simulate(numbers: Numbers, luck: Luck, trace: Trace | None = None) -> Record:
    """Run the centre once, from its first day to the end of the follow-up or to insolvency.

    Args:
        numbers: the plan, uncertain parameters drawn.
        luck: the replication's luck.
        trace: told of every event and posting, if given.
    """
    centre = _assemble(numbers, luck, trace)
    for family in FAMILIES:
        for process in import_module(f"ncpcsim.centre.{family}").processes(centre):
            centre.clock.process(process)
    end = centre.clock.process(closing.month_ends(centre))
    insolvent_month: int | None = centre.clock.run(until=end)
    return _record(centre, insolvent_month)


def _assemble(numbers: Numbers, luck: Luck, trace: Trace | None) -> Centre:
    clock = Clock()
    names = account_names(numbers.services)

    def say(what: str) -> None:
        if trace:
            trace(clock.now, what)

    def witness(debit: int, credit: int, cents: int, what: str) -> None:
        say(f"    {cents / 100:,.2f} USD  {names[debit]} < {names[credit]}  ({what})")

    economy = Economy(numbers, luck)
    return Centre(
        numbers=numbers,
        luck=luck,
        clock=clock,
        ledger=Ledger(
            len(names), rules.cents(numbers.opening.cash_usd), witness if trace else None
        ),
        tally=Tally(numbers),
        economy=economy,
        market=Market(numbers, clock, economy),
        teams=staff.form_teams(numbers, luck, clock),
        purses={name: Purse() for name, g in numbers.grants.items() if g.terms == "earmarked"},
        host=HostState(),
        gains=Gains(),
        direction=Direction(),
        fee_accounts={name: Account.FEES + i for i, name in enumerate(numbers.services)},
        follow_ons=_follow_ons(numbers),
        say=say if trace else None,
    )


def _follow_ons(numbers: Numbers) -> dict[str, list[tuple[str, Follows]]]:
    found: dict[str, list[tuple[str, Follows]]] = {}
    for name, service in numbers.services.items():
        if service.follows:
            found.setdefault(service.follows.service, []).append((name, service.follows))
    return found


def _record(centre: Centre, insolvent_month: int | None) -> Record:
    names, counts = account_names(centre.numbers.services), centre.tally.rows.values()
    months = centre.numbers.horizon.months
    net, receipts, payments = movements(centre.ledger.journal, len(names), months)
    return Record(
        accounts=names,
        net_cents=net,
        receipts_cents=receipts,
        payments_cents=payments,
        opening_cash_cents=rules.cents(centre.numbers.opening.cash_usd),
        counted=centre.tally.names,
        counts=np.fromiter(chain.from_iterable(counts), np.int64).reshape(len(counts), months),
        insolvent_month=insolvent_month,
    )
