"""Running costs, and equipment bought with the centre's own money."""

from collections.abc import Generator, Iterator, Mapping

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, MonthEnd, entity
from ncpcsim.centre.in_kind import FIXED, bill_cents, delivered_cents, first_month, promised_shares
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account

LINES: Mapping[Account, str] = {
    Account.PREMISES: "rent",
    Account.MATERIALS: "running costs",
    Account.TRAVEL: "running costs",
    Account.OVERHEAD: "running costs",
    Account.MISCELLANEOUS: "running costs",
}
"""The lines of running costs in the order they are paid, and what a posting calls them."""


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """Running costs and equipment."""
    yield running_costs(centre)
    yield equipment(centre)


def running_costs(centre: Centre) -> Generator[Event]:
    """Each month end, pay what does not depend on the work done, but for what the host bears.

    All of it but the rent follows the cash, if the director has it so.
    """
    promised = promised_shares(centre.numbers.host)
    first = min(first_month(centre.numbers.costs, line) for line in LINES)
    yield centre.clock.wait(first, Kind.OPENING, entity("costs.running", 0))
    while True:
        yield centre.clock.wait(1, Kind.PAYMENT, MonthEnd.RUNNING_COSTS)
        for line, what in LINES.items():
            bill = bill_cents(centre, line)
            due = bill - delivered_cents(centre, bill, promised.get(line, 0))
            if line not in FIXED:
                due = rules.share_cents(due, centre.direction.spending_level)
            centre.ledger.post(line, Account.CASH, due, what)


def equipment(centre: Centre) -> Generator[Event]:
    """Buy the equipment, and depreciate it from then on.

    In its month, or once there is cash for it if spending follows the cash.
    """
    costs, this = centre.numbers.costs, entity("costs.equipment", 0)
    terms = centre.numbers.management
    waits = terms is not None and terms.spending is not None
    yield centre.clock.wait(costs.equipment_month, Kind.OPENING, this)
    while waits and _price_cents(centre) > centre.cash_cents():
        yield centre.clock.wait(1, Kind.OPENING, this)
    price = _price_cents(centre)
    centre.ledger.post(Account.EQUIPMENT, Account.CASH, price, "equipment bought")
    for age in range(costs.equipment_life_months):
        yield centre.clock.wait(1, Kind.PAYMENT, MonthEnd.DEPRECIATION)
        worn = rules.depreciation(price, costs.equipment_life_months, age)
        centre.ledger.post(
            Account.DEPRECIATION, Account.ACCUMULATED_DEPRECIATION, worn, "depreciation"
        )


def _price_cents(centre: Centre) -> int:
    """What the equipment costs now."""
    level = centre.economy.costs[centre.ledger.month]
    return rules.cents(centre.numbers.costs.equipment_usd * level)
