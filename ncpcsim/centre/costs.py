"""Running costs, and equipment bought with the centre's own money."""

from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, MonthEnd, entity
from ncpcsim.centre.premises import in_kind_cents, rent_cents
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """Running costs and equipment."""
    yield running_costs(centre)
    yield equipment(centre)


def running_costs(centre: Centre) -> Generator[Event]:
    """Each month end, pay what does not depend on the work done."""
    costs, post = centre.numbers.costs, centre.ledger.post
    travel_from = costs.from_month if costs.travel_from_month is None else costs.travel_from_month
    lines = {
        "materials": (Account.MATERIALS, costs.materials_month_usd, costs.from_month),
        "travel": (Account.TRAVEL, costs.travel_month_usd, travel_from),
        "overhead": (Account.OVERHEAD, costs.overhead_month_usd, costs.from_month),
        "miscellaneous": (Account.MISCELLANEOUS, costs.miscellaneous_month_usd, costs.from_month),
    }
    first = min(costs.from_month, travel_from)
    yield centre.clock.wait(first, Kind.OPENING, entity("costs.running", 0))
    while True:
        yield centre.clock.wait(1, Kind.PAYMENT, MonthEnd.RUNNING_COSTS)
        month = centre.ledger.month
        own_rent = rent_cents(centre, month) - in_kind_cents(centre, month)
        post(Account.PREMISES, Account.CASH, own_rent, "rent")
        for line, (account, usd, from_month) in lines.items():
            if month >= from_month:
                level = centre.economy.costs[month] * _year_level(centre, line)
                post(account, Account.CASH, rules.cents(usd * level), "running costs")


def _year_level(centre: Centre, line: str) -> float:
    """How far this fiscal year's costs of a line stray from what the plan states."""
    spread = centre.numbers.costs.yearly_spread
    if not spread:
        return 1.0
    year = centre.fiscal_year() - centre.numbers.start.year
    return rules.year_level(spread, centre.luck.one(f"costs.{line}", year))


def equipment(centre: Centre) -> Generator[Event]:
    """Buy the equipment in its month, and depreciate it from then on."""
    costs = centre.numbers.costs
    yield centre.clock.wait(costs.equipment_month, Kind.OPENING, entity("costs.equipment", 0))
    price = rules.cents(costs.equipment_usd * centre.economy.costs[centre.ledger.month])
    centre.ledger.post(Account.EQUIPMENT, Account.CASH, price, "equipment bought")
    for age in range(costs.equipment_life_months):
        yield centre.clock.wait(1, Kind.PAYMENT, MonthEnd.DEPRECIATION)
        worn = rules.depreciation(price, costs.equipment_life_months, age)
        centre.ledger.post(
            Account.DEPRECIATION, Account.ACCUMULATED_DEPRECIATION, worn, "depreciation"
        )
