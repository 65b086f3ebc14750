"""What is owed to the centre, and how it is paid."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import post
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.leadership import host_trust
from ncpcsim.compiled.market import public_cut, public_left
from ncpcsim.compiled.state import Centre
from ncpcsim.model.order import EventKind
from ncpcsim.model.streams import block
from ncpcsim.rules import cents, exponential, instalment, ministry_cents, share_cents, year_of


def start_payments(centre: Centre) -> None:
    """Invoices that were not paid on the first day."""
    terms = centre.inputs.opening
    left = cents(terms.receivables)
    for i in range(terms.invoices):
        now = instalment(left, terms.invoices - i)
        left -= now
        block(centre.streams, terms.invoices_stream, i)
        never_paid = centre.streams.second < terms.bad_debt_probability
        late = exponential(terms.delay_months, centre.streams.first)
        await_payment(centre, now, terms.invoices_order + i, late, never_paid=never_paid)


def collect(
    centre: Centre, income: int, cents: int, order: int, delay_months: float, *, never_paid: bool
) -> None:
    """Invoice now, and receive the money, or write it off, later."""
    post(centre, Account.RECEIVABLES, income, cents)
    await_payment(centre, cents, order, delay_months, never_paid=never_paid)


def await_payment(
    centre: Centre, amount: int, order: int, delay_months: float, *, never_paid: bool
) -> None:
    """Receive what was invoiced, or write it off, later."""
    if never_paid:
        months = centre.inputs.market.write_off_months
        wait(centre, months, EventKind.RECEIPT, order, What.WRITTEN_OFF, amount, 0)
    else:
        wait(centre, delay_months, EventKind.RECEIPT, order, What.PAID, amount, 0)


def earn(centre: Centre, line: int, cents: int) -> None:
    """Something is invoiced, for a service or to a member."""
    centre.earned[line * centre.inputs.horizon.months + centre.clock.month] += cents


def lateness(centre: Centre, mean_months: float, u: float, *, public: bool) -> float:
    """Months until an invoice of now is paid: longer by a public body whose budget is cut."""
    late = exponential(mean_months, u)
    if public and public_cut(centre):
        late *= centre.inputs.public_budget.delay_ratio
    return late


def on_paid(centre: Centre, cents: int) -> None:
    """An invoice is paid."""
    post(centre, Account.CASH, Account.RECEIVABLES, cents)
    centre.direction.paid += cents
    management_fee(centre, cents)


def on_written_off(centre: Centre, cents: int) -> None:
    """An invoice is written off."""
    post(centre, Account.BAD_DEBTS, Account.RECEIVABLES, cents)


def management_fee(centre: Centre, cents: int) -> None:
    """What the host keeps of money that work brought in."""
    fee = share_cents(cents, management_fee_share(centre))
    post(centre, Account.MANAGEMENT_FEE, Account.CASH, fee)


def management_fee_share(centre: Centre) -> float:
    """The share of it that the host keeps, until it is lost."""
    return 0.0 if centre.host.lost else centre.inputs.host.management_fee_share


def claim_from_ministry(centre: Centre, asked: int) -> int:
    """What the ministry's budget of the year still has for a claim, in cents."""
    direction = centre.direction
    year = year_of(centre.inputs.horizon.start_month, centre.clock.month)
    claimed = direction.ministry_claimed_cents if direction.ministry_year == year else 0
    left = public_left(centre, public=True)
    trusted = cents(centre.inputs.ministry.budget_year * host_trust(centre, public=True))
    budget = share_cents(trusted, left)
    granted = ministry_cents(asked, budget, claimed)
    direction.ministry_year = year
    direction.ministry_claimed_cents = claimed + granted
    return granted
