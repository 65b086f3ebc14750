"""Running costs, and equipment bought with the centre's own money."""

from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.reference.in_kind import bill_cents, own_part_cents
from ncpcsim.reference.state import Centre


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """Running costs and equipment, old and new."""
    yield running_costs(centre)
    yield equipment(centre)
    opening = centre.inputs.opening
    yield _wear(centre, rules.cents(opening.equipment), opening.equipment_months)


def running_costs(centre: Centre) -> Generator[Event]:
    """Each month end, pay what does not depend on the work done, but for what the host bears.

    All of it but the rent follows the forecast of cash, if the director has it so.
    """
    terms = centre.inputs.running_costs
    yield centre.clock.wait(terms.first_month, EventKind.OPENING, terms.order)
    while True:
        yield centre.clock.wait(1, EventKind.PAYMENT, MonthEnd.RUNNING_COSTS)
        if centre.liquidity.dormant:
            centre.ability.time_kept = 1.0
            continue  # it is carried by its host
        own = spent = in_kind = 0.0
        for row, line in enumerate(centre.inputs.lines):
            bill = bill_cents(centre, row)
            due = own_part_cents(centre, bill, line)
            if line.strays:
                own += float(due)
                in_kind += float(bill - due)
                due = rules.share_cents(due, centre.direction.spending_level)
                spent += float(due)
            what = "running costs" if line.strays else "rent"
            centre.ledger.post(line.account, Account.CASH, due, what)
        if terms.lost_share > 0:
            _meet_needs(centre, own, spent, in_kind)


def _meet_needs(centre: Centre, own: float, spent: float, in_kind: float) -> None:
    """What people lose until the next month end, of whose needs too little was spent; in cents."""
    terms, now = centre.inputs.running_costs, centre.clock.now
    people = sum(team.at_work(now) for team in centre.teams)
    needed = terms.person_month * people * centre.world.costs[centre.ledger.month]
    needed *= rules.CENTS_PER_UNIT
    met = rules.met_share(spent + in_kind, needed)
    centre.ability.time_kept = rules.time_kept(terms.lost_share, met)
    centre.direction.useful_level = rules.useful_level(needed, in_kind, own)


def equipment(centre: Centre) -> Generator[Event]:
    """Buy the equipment, and depreciate it from then on.

    In its month, or once cash is there and forecast to stay, if spending follows the forecast.
    """
    terms = centre.inputs.equipment
    yield centre.clock.wait(terms.month, EventKind.OPENING, terms.order)
    while terms.waits and _price_cents(centre) > _to_spare_cents(centre):
        yield centre.clock.wait(1, EventKind.OPENING, terms.order)
    price = _price_cents(centre)
    centre.ledger.post(Account.EQUIPMENT, Account.CASH, price, "equipment bought")
    centre.ability.buy_kits(price, centre.world.costs[centre.ledger.month])
    yield from _wear(centre, price, terms.life_months)


def _wear(centre: Centre, price: int, life_months: int) -> Generator[Event]:
    """Depreciate a thing in a straight line."""
    for age in range(life_months):
        yield centre.clock.wait(1, EventKind.PAYMENT, MonthEnd.DEPRECIATION)
        worn = rules.depreciation(price, life_months, age)
        centre.ledger.post(
            Account.DEPRECIATION, Account.ACCUMULATED_DEPRECIATION, worn, "depreciation"
        )


def _to_spare_cents(centre: Centre) -> int:
    """Cash that is there, and will be in the year ahead."""
    return min(centre.cash_cents(), centre.direction.lowest_cents)


def _price_cents(centre: Centre) -> int:
    """What the equipment costs now."""
    level = centre.world.costs[centre.ledger.month]
    return rules.cents(centre.inputs.equipment.amount * level)
