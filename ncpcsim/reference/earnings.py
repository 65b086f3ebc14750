"""Contracts in hand: what they are still to bring and to cost, as the director knows it."""

from ncpcsim import rules
from ncpcsim.model.fields import Contract
from ncpcsim.reference.state import Centre


def receive(centre: Centre, advance: int) -> None:
    """A contract has brought its advance."""
    centre.earnings.contracts[centre.ledger.month] += advance


def sign(centre: Centre, contract: Contract, amount: int, rest: int) -> None:
    """A contract is in hand: its rest, and what of its amount does not stay, are to come."""
    earnings, month = centre.earnings, centre.ledger.month
    due = rules.due_month(centre.clock.now, contract.months, contract.payment_delay_months)
    if due < len(earnings.due):
        earnings.due[due] += rest
    left = amount - rules.share_cents(amount, contract.overhead_share)
    for months in range(contract.months, 0, -1):
        planned = month + contract.months + 1 - months
        now = rules.instalment(left, months)
        left -= now
        if planned < len(earnings.own_costs):
            earnings.own_costs[planned] += now


def invoice(centre: Centre, contract: Contract, begun: float, rest: int, on_success: int) -> None:
    """A contract is over: its rest, and what its success brings, are among the receivables."""
    earnings = centre.earnings
    earnings.contracts[centre.ledger.month] += rest + on_success
    due = rules.due_month(begun, contract.months, contract.payment_delay_months)
    if due < len(earnings.due):
        earnings.due[due] -= rest


def spend(centre: Centre, cents: int) -> None:
    """A contract has cost something of its own."""
    centre.earnings.contracts[centre.ledger.month] -= cents
