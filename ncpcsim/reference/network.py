"""The network: regional centres and members who spread the word, and their secretariat's work."""

from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.fields import NetworkPart
from ncpcsim.model.order import EventKind
from ncpcsim.reference import leadership
from ncpcsim.reference.state import Centre


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The secretariat of each part of the network."""
    for part in centre.inputs.network:
        if part.number > 0:
            yield secretariat(centre, part)


def secretariat(centre: Centre, part: NetworkPart) -> Generator[Event]:
    """A month's work every month, from the one on in which they begin; later if it takes longer.

    What they tell clients depends on it. On the day of the run's beginning, `opening.trained` knows
    the rivals among those who began before.
    """
    clock = centre.clock
    yield clock.wait(max(part.from_month, 0), EventKind.OPENING, part.order)
    if part.from_month >= 0:
        centre.market.train(part.number * part.rivals)
    while True:
        begun = clock.now
        if not centre.liquidity.dormant:
            yield from _work(centre, part)
            _take_effect(centre, part)
        month = rules.next_month(begun, clock.now)
        yield clock.until(month, EventKind.OPENING, part.order)


def _work(centre: Centre, part: NetworkPart) -> Generator[Event]:
    team = centre.teams[part.team]
    request = team.ask(part.priority)
    if request is not None:
        yield request
    own_days = part.number * part.staff_days_month / leadership.pace(centre, team)
    yield from team.work(own_days / centre.inputs.staff.working_days_month, part.order)
    centre.count_time(part.counts, own_days, mission=True)


def _take_effect(centre: Centre, part: NetworkPart) -> None:
    """The secretariat has spent its money, and the units have told of the centre."""
    month = centre.ledger.month
    cost = rules.cents(part.number * part.cost_month * centre.world.costs[month])
    centre.earnings.direct_costs[month] += cost
    centre.ledger.post(Account.OVERHEAD, Account.CASH, cost, "secretariat of the network")
    centre.market.tell(part.number * part.reaches_year / 12)
