"""Running costs, what the host bears of them, and equipment bought with the centre's own money."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.ability import buy_kits
from ncpcsim.compiled.books import cash_cents, post
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.leadership import at_work_in
from ncpcsim.compiled.state import Centre
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import CostLine
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.rules import (
    CENTS_PER_UNIT,
    cents,
    depreciation,
    met_share,
    share_cents,
    time_kept,
    useful_level,
    year_of,
)


def start_costs_and_equipment(centre: Centre) -> None:
    """Running costs and equipment."""
    terms, equipment = centre.inputs.running_costs, centre.inputs.equipment
    first, order = float(terms.first_month), terms.order
    wait(centre, first, EventKind.OPENING, order, What.RUNNING_COSTS_BEGIN, 0, 0)
    month = float(equipment.month)
    wait(centre, month, EventKind.OPENING, equipment.order, What.EQUIPMENT, 0, 0)
    if centre.inputs.opening.equipment_months > 0:
        await_depreciation(centre, 0, of_old=True)


def await_running_costs(centre: Centre) -> None:
    """The next month end's running costs."""
    wait(centre, 1.0, EventKind.PAYMENT, MonthEnd.RUNNING_COSTS, What.RUNNING_COSTS, 0, 0)


def bill_cents(centre: Centre, number: int) -> int:
    """What a line of running costs comes to this month, at market value, whoever bears it."""
    line, month = centre.inputs.lines[number], centre.clock.month
    if month < line.from_month:
        return 0
    return cents(line.amount_month * (centre.world.costs[month] * strayed(centre, number)))


def strayed(centre: Centre, number: int) -> float:
    """How far a line strays from the plan this year: 1 where it does not."""
    horizon = centre.inputs.horizon
    years = year_of(horizon.start_month, horizon.months) + 1
    year = year_of(horizon.start_month, centre.clock.month)
    return centre.world.year_levels[number * years + year]


def own_part_cents(centre: Centre, bill: int, line: CostLine) -> int:
    """What the centre itself pays of a bill now: all but what the host bears."""
    return bill - delivered_cents(centre, bill, line.host_share)


def delivered_cents(centre: Centre, amount: int, share: float) -> int:
    """What the host gives now of a promised share of an amount."""
    host = centre.inputs.host
    month = centre.inputs.horizon.elapsed_months + centre.clock.month
    if not centre.host.delivers or month < host.delay_months:
        return 0
    return share_cents(amount, share * centre.host.delivered_share)


def on_running_costs(centre: Centre) -> None:
    """Pay what does not depend on the work done, but for what the host bears.

    All of it but the rent follows the forecast of cash, if the director has it so.
    """
    await_running_costs(centre)
    if centre.ending.dormant_since != NEVER:
        centre.ability.time_kept = 1.0
        return  # it is carried by its host
    own, spent, in_kind = 0.0, 0.0, 0.0
    for i in range(len(centre.inputs.lines)):
        line, bill = centre.inputs.lines[i], bill_cents(centre, i)
        due = own_part_cents(centre, bill, line)
        if line.strays:
            own += float(due)
            in_kind += float(bill - due)
            due = share_cents(due, centre.direction.spending_level)
            spent += float(due)
        post(centre, line.account, Account.CASH, due)
    if centre.inputs.running_costs.lost_share > 0.0:
        meet_needs(centre, own, spent, in_kind)


def meet_needs(centre: Centre, own: float, spent: float, in_kind: float) -> None:
    """What people lose until the next month end, of whose needs too little was spent; in cents."""
    terms, people = centre.inputs.running_costs, 0
    for team in range(len(centre.inputs.teams)):
        people += at_work_in(centre, team)
    needed = terms.person_month * people * centre.world.costs[centre.clock.month]
    needed *= CENTS_PER_UNIT
    met = met_share(spent + in_kind, needed)
    centre.ability.time_kept = time_kept(terms.lost_share, met)
    centre.direction.useful_level = useful_level(needed, in_kind, own)


def on_equipment(centre: Centre) -> None:
    """Buy the equipment, in its month or once cash is there and forecast to stay."""
    terms, level = centre.inputs.equipment, centre.world.costs[centre.clock.month]
    price = cents(terms.amount * level)
    if terms.waits and price > min(cash_cents(centre), centre.direction.lowest_cents):
        wait(centre, 1.0, EventKind.OPENING, terms.order, What.EQUIPMENT, 0, 0)
        return
    post(centre, Account.EQUIPMENT, Account.CASH, price)
    centre.equipment.price_cents = price
    buy_kits(centre, price, level)
    await_depreciation(centre, 0, of_old=False)


def await_depreciation(centre: Centre, age_months: int, *, of_old: bool) -> None:
    """The depreciation of the month in which equipment is so old; or was since the first day."""
    order = MonthEnd.DEPRECIATION
    wait(centre, 1.0, EventKind.PAYMENT, order, What.DEPRECIATION, age_months, 1 if of_old else 0)


def on_depreciation(centre: Centre, age_months: int, *, of_old: bool) -> None:
    """A month's depreciation, of what was there on the first day or of what was bought."""
    opening = centre.inputs.opening
    life = opening.equipment_months if of_old else centre.inputs.equipment.life_months
    price = cents(opening.equipment) if of_old else centre.equipment.price_cents
    worn = depreciation(price, life, age_months)
    post(centre, Account.DEPRECIATION, Account.ACCUMULATED_DEPRECIATION, worn)
    if age_months + 1 < life:
        await_depreciation(centre, age_months + 1, of_old=of_old)
