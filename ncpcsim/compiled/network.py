"""The network: regional centres and members who spread the word, and their secretariat's work."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import count_time, post
from ncpcsim.compiled.calendar import until, wait
from ncpcsim.compiled.events import JobKind, What
from ncpcsim.compiled.jobs import begin_work, drop_job, new_job
from ncpcsim.compiled.leadership import team_pace
from ncpcsim.compiled.market import tell_all
from ncpcsim.compiled.state import Centre
from ncpcsim.compiled.team import ask
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import NetworkPart
from ncpcsim.model.order import EventKind
from ncpcsim.rules import cents, next_month


def start_network(centre: Centre) -> None:
    """The secretariat of each part of the network."""
    for i in range(len(centre.inputs.network)):
        part = centre.inputs.network[i]
        if part.number > 0:
            first = max(float(part.from_month), 0.0)
            wait(centre, first, EventKind.OPENING, part.order, What.NETWORK, i, 0)


def on_network(centre: Centre, row: int, before: int) -> None:
    """A month's work begins, or the first of all, with rivals unless `opening.trained` knows them.

    Args:
        centre: the run.
        row: the part of the network.
        before: 0 the first time.
    """
    part = centre.inputs.network[row]
    if before == 0 and part.from_month >= 0:
        centre.market.trained += part.number * part.rivals
    if centre.ending.dormant_since != NEVER:
        await_month(centre, row, centre.clock.now)
        return
    number = new_job(centre, JobKind.NETWORK, row, 0)
    centre.job[number].begun = centre.clock.now
    if ask(centre, part.team, number, part.priority):
        begin_secretariat(centre, number)


def await_month(centre: Centre, row: int, begun: float) -> None:
    """The next month's work."""
    order, month = centre.inputs.network[row].order, next_month(begun, centre.clock.now)
    until(centre, month, EventKind.OPENING, order, What.NETWORK, row, 1)


def begin_secretariat(centre: Centre, number: int) -> None:
    """Somebody comes for a month's work."""
    job = centre.job[number]
    part = centre.inputs.network[job.source]
    pace = team_pace(centre, part.team)
    job.own_days = part.number * part.staff_days_month / pace
    begin_work(centre, number, part.team, part.order)


def end_secretariat(centre: Centre, number: int) -> None:
    """A month's work is done."""
    job = centre.job[number]
    part = centre.inputs.network[job.source]
    count_time(centre, part.counts, job.own_days, mission=True)
    spread_the_word(centre, part)
    await_month(centre, job.source, job.begun)
    drop_job(centre, number)


def spread_the_word(centre: Centre, part: NetworkPart) -> None:
    """The secretariat has spent its money, and the units have told of the centre."""
    month = centre.clock.month
    cost = cents(part.number * part.cost_month * centre.world.costs[month])
    centre.direct_costs[month] += cost
    post(centre, Account.OVERHEAD, Account.CASH, cost)
    tell_all(centre, part.number * part.reaches_year / 12.0)
