"""What is owed to the centre, and how it is paid."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.fields import NONE
from ncpcsim.model.order import EventKind
from ncpcsim.model.streams import block
from ncpcsim.reference.state import Centre


@dataclass(frozen=True)
class Claim:
    """An invoice.

    Attributes:
        income: the income account.
        cents: its amount.
        order: orders its payment among what falls on the same instant.
        delay_months: from invoice to payment.
        what: what it is for, for the books.
        line: row among `Earnings.lines` of the service; -1 of a contract.
        never_paid: written off instead.
    """

    income: int
    cents: int
    order: int
    delay_months: float
    what: str
    line: int = NONE
    never_paid: bool = False


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """Invoices that were not paid on the first day."""
    terms = centre.inputs.opening
    left = rules.cents(terms.receivables)
    for index in range(terms.invoices):
        now = rules.instalment(left, terms.invoices - index)
        left -= now
        block(centre.streams, terms.invoices_stream, index)
        never_paid = centre.streams.second < terms.bad_debt_probability
        late = rules.exponential(terms.delay_months, centre.streams.first)
        order = terms.invoices_order + index
        claim = Claim(NONE, now, order, late, "opening", never_paid=never_paid)
        yield _await_payment(centre, claim)


def collect(centre: Centre, claim: Claim) -> Generator[Event]:
    """Invoice now, and receive the money, or write it off, later."""
    what = f"invoice, {claim.what}"
    centre.ledger.post(Account.RECEIVABLES, claim.income, claim.cents, what)
    if claim.line != NONE:
        centre.earnings.earn(claim.line, centre.ledger.month, claim.cents)
    yield from _await_payment(centre, claim)


def _await_payment(centre: Centre, claim: Claim) -> Generator[Event]:
    """Receive what was invoiced, or write it off."""
    post = centre.ledger.post
    if claim.never_paid:
        months = centre.inputs.market.write_off_months
        yield centre.clock.wait(months, EventKind.RECEIPT, claim.order)
        post(Account.BAD_DEBTS, Account.RECEIVABLES, claim.cents, "invoice written off")
        return
    yield centre.clock.wait(claim.delay_months, EventKind.RECEIPT, claim.order)
    post(Account.CASH, Account.RECEIVABLES, claim.cents, "invoice paid")
    centre.earnings.paid += claim.cents
    management_fee(centre, claim.cents)


def lateness(centre: Centre, mean_months: float, u: float, *, public: bool) -> float:
    """Months until an invoice of now is paid: longer by a public body whose budget is cut."""
    late = rules.exponential(mean_months, u)
    if public and centre.market.public_cut():
        late *= centre.inputs.public_budget.delay_ratio
    return late


def management_fee(centre: Centre, cents: int) -> None:
    """What the host keeps of money that work brought in."""
    fee = rules.share_cents(cents, management_fee_share(centre))
    centre.ledger.post(Account.MANAGEMENT_FEE, Account.CASH, fee, "host's management fee")


def management_fee_share(centre: Centre) -> float:
    """The share of it that the host keeps, until it is lost."""
    return 0.0 if centre.host.lost else centre.inputs.host.management_fee_share
