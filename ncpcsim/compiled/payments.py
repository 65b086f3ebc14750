"""What is owed to the centre, and how it is paid."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import post
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.state import Centre
from ncpcsim.model.order import EventKind
from ncpcsim.rules import share_cents


def collect(
    centre: Centre, income: int, cents: int, order: int, delay_months: float, *, never_paid: bool
) -> None:
    """Invoice now, and receive the money, or write it off, later."""
    post(centre, Account.RECEIVABLES, income, cents)
    if never_paid:
        months = centre.inputs.market.write_off_months
        wait(centre, months, EventKind.RECEIPT, order, What.WRITTEN_OFF, cents, 0)
    else:
        wait(centre, delay_months, EventKind.RECEIPT, order, What.PAID, cents, 0)


def earn(centre: Centre, line: int, cents: int) -> None:
    """Something is invoiced, for a service or to a member."""
    centre.earned[line * centre.inputs.horizon.months + centre.clock.month] += cents
    centre.direction.invoiced += cents


def on_paid(centre: Centre, cents: int) -> None:
    """An invoice is paid."""
    post(centre, Account.CASH, Account.RECEIVABLES, cents)
    management_fee(centre, cents)


def on_written_off(centre: Centre, cents: int) -> None:
    """An invoice is written off."""
    post(centre, Account.BAD_DEBTS, Account.RECEIVABLES, cents)


def management_fee(centre: Centre, cents: int) -> None:
    """What the host keeps of money that work brought in."""
    share = centre.inputs.host.management_fee_share
    if share != 0.0 and not centre.host.lost:
        post(centre, Account.MANAGEMENT_FEE, Account.CASH, share_cents(cents, share))
