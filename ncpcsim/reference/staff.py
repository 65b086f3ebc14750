"""Staff: who is there from when to when, who pays them, who leaves and who replaces them."""

import math
from collections.abc import Generator, Iterator
from itertools import count

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.fields import Inputs, Payer
from ncpcsim.model.names import Names
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.model.streams import one
from ncpcsim.model.world import World
from ncpcsim.reference import grants
from ncpcsim.reference.ability import AbilityState
from ncpcsim.reference.clock import Clock
from ncpcsim.reference.state import Centre
from ncpcsim.reference.team import Holder, Team


def form_teams(
    inputs: Inputs, names: Names, world: World, clock: Clock, ability: AbilityState
) -> list[Team]:
    """The people of each role; a promised person may not come, a hired one has not come yet."""
    return [
        Team(
            clock,
            [
                Holder.at_first(inputs.positions[row], names.positions[row], world.presences[row])
                for row in range(team.first_position, team.first_position + team.positions)
                if world.presences[row].exists
            ],
            inputs.learning,
            ability,
        )
        for team in inputs.teams
    ]


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """Everyone's coming, staying away and going, and the payroll."""
    for team in centre.teams:
        for holder in team.holders:
            yield presence(centre, team, holder)
            yield turnover(centre, team, holder)
    yield payroll(centre)


def presence(centre: Centre, team: Team, holder: Holder) -> Generator[Event]:
    """Keep a position empty before its first day and after its last."""
    clock, order = centre.clock, holder.position.order
    if holder.from_month > 0:
        team.leave(holder)
        if holder.position.hired:
            return  # until the director hires
        yield clock.until(holder.from_month, EventKind.OPENING, order)
        if not holder.postponed:
            team.come_back(holder)
    # An extension may move the last day while its holder works.
    while clock.now < holder.until_month < math.inf:
        yield clock.until(holder.until_month, EventKind.DEPARTURE, order)
    if holder.until_month < math.inf:
        team.leave(holder)


def absence(
    centre: Centre, team: Team, holder: Holder, months: float, order: int, *, paid: bool = False
) -> Generator[Event]:
    """Empty a position for a while; `order` places its holder's return."""
    team.leave(holder, paid=paid)
    yield centre.clock.wait(months, EventKind.OPENING, order)
    team.come_back(holder, paid=paid)


def turnover(centre: Centre, team: Team, holder: Holder) -> Generator[Event]:
    """Whoever holds a position leaves some day, and is replaced."""
    terms, position = centre.inputs.turnover, holder.position
    if terms.leaves_year <= 0:
        return
    for index in count():
        u = one(centre.streams, position.turnover_stream, index)
        order = position.turnover_order + index
        stays = rules.exponential(12 / terms.leaves_year, u)
        yield centre.clock.wait(stays, EventKind.OPENING, order)
        if not holder.at_work(centre.clock.now):
            continue  # nobody is there to leave; the rate has no memory
        if centre.say:
            centre.say(f"{holder.name} leaves")
        yield from absence(centre, team, holder, terms.recruit_months, order)
        holder.succeed(centre.clock.now)


def leave_for_late_pay(centre: Centre, team: Team, holder: Holder) -> Generator[Event]:
    """Whoever holds a position leaves, and is replaced."""
    if centre.say:
        centre.say(f"{holder.name} leaves: pay is late")
    order = holder.position.late_order + centre.ledger.month
    yield from absence(centre, team, holder, centre.inputs.turnover.recruit_months, order)
    holder.succeed(centre.clock.now)


def payroll(centre: Centre) -> Generator[Event]:
    """Each month end, count and pay everyone at work, or book what a host's people are worth."""
    while True:
        yield centre.clock.wait(1, EventKind.PAYMENT, MonthEnd.PAYROLL)
        month, level = centre.ledger.month, centre.world.costs[centre.ledger.month]
        for team in centre.teams:
            for holder in team.holders:
                payer = holder.payer_in(month, host_delivers=centre.host.delivers)
                if payer == Payer.CENTRE and centre.liquidity.dormant:
                    continue
                if payer != Payer.NOBODY:
                    centre.count(centre.inputs.counters.people)
                    own = payer in (Payer.CENTRE, Payer.HOST)
                    worked = holder.hours_share if own else 1.0
                    _pay(centre, rules.cents(holder.position.salary_month * level * worked), payer)


def full_hours(centre: Centre, holder: Holder) -> float:
    """The time that somebody has for the centre: the host's people have other work, too."""
    seconded = holder.payer == Payer.HOST and centre.host.delivers
    return centre.inputs.host.available_share if seconded else 1.0


def share_hours(centre: Centre) -> None:
    """The host's people come, or the centre pays others."""
    if centre.inputs.host.available_share == 1.0:
        return
    for team in centre.teams:
        for holder in team.holders:
            if holder.payer == Payer.HOST:
                holder.hours_share = full_hours(centre, holder)


def salary_cents(centre: Centre, holder: Holder) -> int:
    """What a month of somebody costs the centre now: salary and social security."""
    level = centre.world.costs[centre.ledger.month]
    salary = rules.cents(holder.position.salary_month * level)
    return salary + rules.share_cents(salary, centre.inputs.staff.social_security_share)


def _pay(centre: Centre, salary: int, payer: int) -> None:
    post = centre.ledger.post
    if payer == Payer.HOST:
        post(Account.IN_KIND_SALARIES, Account.IN_KIND_INCOME, salary, "seconded staff")
    elif payer == Payer.CENTRE:
        social_security = rules.share_cents(salary, centre.inputs.staff.social_security_share)
        post(Account.SALARIES, Account.CASH, salary, "salaries")
        post(Account.SOCIAL_SECURITY, Account.CASH, social_security, "social security")
    else:
        from_grant = centre.funds[payer].pay(salary)
        grants.spend_on_salaries(centre, payer, from_grant)
        # The grant is late: the centre advances the rest and is repaid from the next tranche.
        post(Account.SALARIES, Account.CASH, salary - from_grant, "salaries advanced")
