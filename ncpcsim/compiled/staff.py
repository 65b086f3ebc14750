"""Staff: who is there from when to when, who pays them, who leaves and who replaces them."""

from math import inf

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import count, post
from ncpcsim.compiled.calendar import until, wait
from ncpcsim.compiled.events import Return, Seat, What
from ncpcsim.compiled.grants import pay_out
from ncpcsim.compiled.state import Centre, Holder
from ncpcsim.compiled.team import come_back, is_at_work, leave
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import Payer
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.model.streams import one
from ncpcsim.rules import cents, exponential, paid_by_fund, payer, share_cents


def form_teams(centre: Centre) -> None:
    """The people of each role; a promised person may not come, a hired one has not come yet."""
    for i in range(len(centre.holders)):
        holder, presence = centre.holders[i], centre.world.presences[i]
        holder.exists = presence.exists
        holder.payer = presence.payer
        holder.from_month = presence.from_month
        holder.pays_until = presence.pays_until
        holder.until_month = presence.until_month
        # Who is there on the first day may have come before it.
        holder.since = centre.inputs.positions[i].since
        if presence.from_month > 0.0:
            holder.since = presence.from_month
        holder.leaving = False
        holder.postponed = False
        holder.last_month = inf
        holder.unpaid = 0
        holder.away = 0
        holder.hours_share = full_hours(centre, holder)
        holder.seat = Seat.NONE
        holder.turnovers = 0
        holder.laid_off = False
        holder.withdrawn = False
    for i in range(len(centre.crowds)):
        form_team(centre, i)


def form_team(centre: Centre, number: int) -> None:
    """As many seats as people will ever be there; the one of a role that nobody fills is taken."""
    team, crowd = centre.inputs.teams[number], centre.crowds[number]
    crowd.capacity = 0
    crowd.at_work = 0
    crowd.worked_months = 0.0
    crowd.waiting = 0
    crowd.engagements_waiting = 0
    for i in range(team.first_position, team.first_position + team.positions):
        if centre.holders[i].exists:
            crowd.capacity += 1
    crowd.taken = 1 if crowd.capacity == 0 else 0
    crowd.capacity = max(crowd.capacity, 1)


def start_staff(centre: Centre) -> None:
    """Everyone's coming, staying away and going, and the payroll."""
    for i in range(len(centre.holders)):
        if centre.holders[i].exists:
            start_presence(centre, i)
            next_leaving(centre, i)
    wait(centre, 1.0, EventKind.PAYMENT, MonthEnd.PAYROLL, What.PAYROLL, 0, 0)


def start_presence(centre: Centre, number: int) -> None:
    """Keep a position empty before its first day and after its last."""
    holder, position = centre.holders[number], centre.inputs.positions[number]
    if holder.from_month <= 0.0:
        await_end(centre, number)
        return
    leave(centre, number, paid=True)
    if not position.hired:  # else until the director hires
        begins = holder.from_month
        until(centre, begins, EventKind.OPENING, position.order, What.POSITION_BEGINS, number, 0)


def on_position_begins(centre: Centre, number: int) -> None:
    """The first day of a post, unless the director lets it wait."""
    if not centre.holders[number].postponed:
        come_back(centre, number, paid=True)
    await_end(centre, number)


def await_end(centre: Centre, number: int) -> None:
    """Wait for the last day of a post; an extension may move it while its holder works."""
    ends = centre.holders[number].until_month
    if ends == inf:
        return
    if centre.clock.now < ends:
        order = centre.inputs.positions[number].order
        until(centre, ends, EventKind.DEPARTURE, order, What.POSITION_ENDS, number, 0)
    else:
        leave(centre, number, paid=True)


def absence(centre: Centre, number: int, months: float, order: int, why: int) -> None:
    """Empty a position for a while; `order` places its holder's return."""
    leave(centre, number, paid=why >= Return.PAID)
    wait(centre, months, EventKind.OPENING, order, What.RETURN, number, why)


def on_return(centre: Centre, number: int, why: int) -> None:
    """Who was away comes back, or a successor comes, untrained."""
    come_back(centre, number, paid=why >= Return.PAID)
    if why < Return.PAID and why != Return.UNPAID:
        centre.holders[number].since = centre.clock.now
    if why == Return.SUCCESSOR:
        next_leaving(centre, number)


def next_leaving(centre: Centre, number: int) -> None:
    """Whoever holds a position leaves some day."""
    rate = centre.inputs.turnover.leaves_year
    if rate <= 0.0:
        return
    holder, position = centre.holders[number], centre.inputs.positions[number]
    u = one(centre.streams, position.turnover_stream, holder.turnovers)
    order = position.turnover_order + holder.turnovers
    wait(centre, exponential(12.0 / rate, u), EventKind.OPENING, order, What.LEAVING, number, 0)
    holder.turnovers += 1


def on_leaving(centre: Centre, number: int) -> None:
    """Somebody leaves and is replaced, if anybody is there to leave; the rate has no memory."""
    holder, position = centre.holders[number], centre.inputs.positions[number]
    if is_at_work(centre, holder):
        order = position.turnover_order + holder.turnovers - 1
        absence(centre, number, centre.inputs.turnover.recruit_months, order, Return.SUCCESSOR)
    else:
        next_leaving(centre, number)


def payer_now(centre: Centre, number: int) -> int:
    """Who pays for a position this month: a `Payer`, or the row of a grant."""
    return payer_in(centre, number, centre.clock.month)


def payer_in(centre: Centre, number: int, month: int) -> int:
    """Who pays for a position in a month."""
    holder = centre.holders[number]
    if not holder.exists or holder.unpaid > 0:
        return Payer.NOBODY
    if not holder.from_month <= month < holder.until_month:
        return Payer.NOBODY
    return payer(
        holder.payer,
        holder.pays_until,
        month,
        then_ends=centre.inputs.positions[number].then_ends,
        host_delivers=centre.host.delivers,
    )


def on_payroll(centre: Centre) -> None:
    """Count and pay everyone at work, or book what a host's people are worth."""
    level = centre.world.costs[centre.clock.month]
    dormant = centre.ending.dormant_since != NEVER
    for i in range(len(centre.holders)):
        who = payer_now(centre, i)
        if who == Payer.CENTRE and dormant:
            continue
        if who != Payer.NOBODY:
            count(centre, centre.inputs.counters.people, 1)
            worked = centre.holders[i].hours_share if who < 0 else 1.0  # no grant's
            pay(centre, cents(centre.inputs.positions[i].salary_month * level * worked), who)
    wait(centre, 1.0, EventKind.PAYMENT, MonthEnd.PAYROLL, What.PAYROLL, 0, 0)


def full_hours(centre: Centre, holder: Holder) -> float:
    """The time that somebody has for the centre: the host's people have other work, too."""
    if holder.payer == Payer.HOST and centre.host.delivers:
        return centre.inputs.host.available_share
    return 1.0


def share_hours(centre: Centre) -> None:
    """The host's people come, or the centre pays others."""
    if centre.inputs.host.available_share == 1.0:
        return
    for i in range(len(centre.holders)):
        if centre.holders[i].payer == Payer.HOST:
            centre.holders[i].hours_share = full_hours(centre, centre.holders[i])


def salary_cents(centre: Centre, number: int) -> int:
    """What a month of somebody costs the centre now: salary and social security."""
    level = centre.world.costs[centre.clock.month]
    salary = cents(centre.inputs.positions[number].salary_month * level)
    return salary + share_cents(salary, centre.inputs.staff.social_security_share)


def pay(centre: Centre, salary: int, who: int) -> None:
    """Pay one salary."""
    if who == Payer.HOST:
        post(centre, Account.IN_KIND_SALARIES, Account.IN_KIND_INCOME, salary)
    elif who == Payer.CENTRE:
        social_security = share_cents(salary, centre.inputs.staff.social_security_share)
        post(centre, Account.SALARIES, Account.CASH, salary)
        post(centre, Account.SOCIAL_SECURITY, Account.CASH, social_security)
    else:
        fund = centre.funds[who]
        from_grant = paid_by_fund(fund.salaries, salary)
        fund.salaries -= from_grant
        fund.advanced += salary - from_grant
        pay_out(centre, who, Account.EARMARKED_SALARIES, from_grant)
        # The grant is late: the centre advances the rest and is repaid from the next tranche.
        post(centre, Account.SALARIES, Account.CASH, salary - from_grant)


def extend_positions(centre: Centre, grant: int, months: int) -> None:
    """A grant pays on, and where the post ends with the pay, it lasts on."""
    for i in range(len(centre.holders)):
        holder, position = centre.holders[i], centre.inputs.positions[i]
        if holder.exists and holder.payer == grant:
            holder.pays_until += months
            if position.then_ends:
                holder.until_month = min(holder.until_month + months, position.until_month)


def send_home(centre: Centre, months: float, index: int, *, lost: bool) -> None:
    """Seconded people stay away, but for posts that the centre then pays."""
    for i in range(len(centre.holders)):
        holder, position = centre.holders[i], centre.inputs.positions[i]
        if not holder.exists or holder.withdrawn:
            continue
        if holder.payer == Payer.HOST and position.then_ends:
            holder.withdrawn = lost
            order = position.loss_order if lost else position.default_order
            absence(centre, i, months, order + index, Return.UNPAID)


def idle_all(centre: Centre, months: float) -> None:
    """Nobody works until the centre has moved, also who comes meanwhile; all are paid."""
    for i in range(len(centre.holders)):
        if centre.holders[i].exists:
            absence(centre, i, months, centre.inputs.positions[i].move_order, Return.PAID)


def is_staying(centre: Centre, holder: Holder) -> bool:
    """Whether somebody is at work and has not been given notice."""
    return is_at_work(centre, holder) and not holder.leaving
