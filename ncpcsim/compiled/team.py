"""The people of one role: what engagements queue for, and how fast they work."""

from ncpcsim.compiled.books import stop
from ncpcsim.compiled.events import Seat
from ncpcsim.compiled.state import Centre, Holder, Request
from ncpcsim.faults import Fault
from ncpcsim.model.fields import NONE
from ncpcsim.rules import RANKS, at_work, month_before, person_productivity

VACANCY = -RANKS - 1
"""Queue priority of an empty position: before any engagement."""


def ask(centre: Centre, team: int, job: int, rank: int) -> bool:
    """Queue for somebody; whether somebody is free at once."""
    crowd = centre.crowds[team]
    if crowd.taken < crowd.capacity and crowd.waiting == 0:
        crowd.taken += 1
        return True
    crowd.engagements_waiting += 1
    request(centre, team, job, rank)
    return False


def request(centre: Centre, team: int, who: int, rank: int) -> None:
    """Wait for a seat."""
    queue, clock = centre.queue, centre.clock
    if queue.waiting >= len(centre.requests):
        stop(centre, Fault.QUEUE)
        return
    clock.serial += 1
    waiting = centre.requests[queue.waiting]
    queue.waiting += 1
    centre.crowds[team].waiting += 1
    waiting.team = team
    waiting.rank = rank
    waiting.serial = clock.serial
    waiting.who = who


def withdraw(centre: Centre, team: int, who: int) -> None:
    """Leave the queue."""
    for i in range(centre.queue.waiting):
        waiting = centre.requests[i]
        if waiting.team == team and waiting.who == who:
            remove(centre, i)
            return


def remove(centre: Centre, place: int) -> None:
    """Take a request out of the list; the last one takes its place."""
    gone = centre.requests[place]
    crowd = centre.crowds[gone.team]
    crowd.waiting -= 1
    if gone.who >= 0:
        crowd.engagements_waiting -= 1
    centre.queue.waiting -= 1
    last = centre.requests[centre.queue.waiting]
    gone.team = last.team
    gone.rank = last.rank
    gone.serial = last.serial
    gone.who = last.who


def release(centre: Centre, team: int) -> None:
    """Free a seat; it is passed on when this step is done, to whoever is first then."""
    centre.crowds[team].taken -= 1
    centre.queue.freed = True


def hand_on(centre: Centre, team: int) -> int:
    """Give a free seat to the first who waits.

    Returns:
        The job that can begin, or -1: no seat is free, nobody waits, or an absence has the seat.
    """
    crowd = centre.crowds[team]
    while crowd.taken < crowd.capacity and crowd.waiting > 0:
        best = first_waiting(centre, team)
        who = centre.requests[best].who
        remove(centre, best)
        crowd.taken += 1
        if who >= 0:
            return who
        centre.holders[-who - 1].seat = Seat.HOLDS
    return NONE


def first_waiting(centre: Centre, team: int) -> int:
    """The place of the request that goes first at a team where somebody waits."""
    best = -1
    for i in range(centre.queue.waiting):
        waiting = centre.requests[i]
        if waiting.team == team and (best < 0 or goes_first(waiting, centre.requests[best])):
            best = i
    return best


def goes_first(one: Request, other: Request) -> bool:
    """Whether a request goes before another: by rank, then in order of creation."""
    if one.rank != other.rank:
        return one.rank < other.rank
    return one.serial < other.serial


def leave(centre: Centre, position: int, *, paid: bool) -> None:
    """Empty a position, for one reason more; whoever holds it ends the work in hand first."""
    holder, team = centre.holders[position], centre.inputs.positions[position].team
    if not paid:
        holder.unpaid += 1
    holder.away += 1
    if holder.away > 1:
        return
    crowd = centre.crowds[team]
    if crowd.taken < crowd.capacity and crowd.waiting == 0:
        crowd.taken += 1
        holder.seat = Seat.HOLDS
    else:
        holder.seat = Seat.WAITS
        request(centre, team, -position - 1, VACANCY)


def come_back(centre: Centre, position: int, *, paid: bool) -> None:
    """One reason less for a position to be empty."""
    holder, team = centre.holders[position], centre.inputs.positions[position].team
    if not paid:
        holder.unpaid -= 1
    holder.away -= 1
    if holder.away > 0:
        return
    if holder.seat == Seat.HOLDS:
        release(centre, team)
    else:
        withdraw(centre, team, -position - 1)
    holder.seat = Seat.NONE


def is_at_work(centre: Centre, holder: Holder) -> bool:
    """Whether somebody holds a position and does not stay away."""
    now = centre.clock.now
    return holder.exists and at_work(holder.unpaid, holder.from_month, holder.until_month, now)


def team_productivity(centre: Centre, team: int) -> float:
    """Mean productivity of those at work, of a trained person's; of a newcomer if there is none."""
    row = centre.inputs.teams[team]
    total, number = 0.0, 0
    trained = centre.inputs.learning.productivity_at_start == 1.0
    if trained and centre.inputs.host.available_share == 1.0 and not centre.liquidity.short_time:
        return 1.0
    for i in range(row.first_position, row.first_position + row.positions):
        holder = centre.holders[i]
        if is_at_work(centre, holder):
            total += productivity_since(centre, holder.since) * holder.hours_share
            number += 1
    return total / number if number > 0 else productivity_since(centre, centre.clock.now)


def productivity_since(centre: Centre, since: float) -> float:
    """Productivity now of who came at `since`."""
    terms, months = centre.inputs.learning, centre.ability.months
    gained = centre.experience[months] - centre.experience[month_before(since, months)]
    return person_productivity(
        since,
        centre.clock.now,
        terms.productivity_at_start,
        terms.months,
        centre.ability.supported_until,
        terms.counterpart_speed,
        gained,
    )
