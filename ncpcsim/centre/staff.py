"""Staff: who is there from when to when, who pays them, who leaves and who replaces them."""

import math
from collections.abc import Generator, Iterator
from itertools import count

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre import grants
from ncpcsim.centre.clock import Clock, Kind, MonthEnd, entity
from ncpcsim.centre.state import Centre
from ncpcsim.centre.team import Chair, Team
from ncpcsim.ledger import Account
from ncpcsim.luck import WORDS_PER_BLOCK, Luck
from ncpcsim.plan.schema import Management, Numbers, Post


def form_teams(numbers: Numbers, luck: Luck, clock: Clock) -> dict[str, Team]:
    """The people of each role; a promised person may not come, a hired one has not come yet."""
    chairs = [
        chair
        for name, post in numbers.posts.items()
        for index in range(post.people)
        if (chair := _chair(numbers, luck, name, index)) is not None
    ]
    if numbers.management:
        chairs += _chairs_to_hire(numbers.management)
    roles = {post.role: None for post in numbers.posts.values()}
    return {
        role: Team(clock, [c for c in chairs if c.post.role == role], numbers.learning)
        for role in roles
    }


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """Everyone's coming, staying away and going, and the payroll."""
    for team in centre.teams.values():
        for chair in team.chairs:
            yield presence(centre, team, chair)
            yield turnover(centre, team, chair)
        if not team.chairs:
            yield team.nobody()
    yield payroll(centre)


def _chair(numbers: Numbers, luck: Luck, name: str, index: int) -> Chair | None:
    post, called = numbers.posts[name], f"{name}.{index}"
    begins = float(post.from_month)
    until = math.inf if post.until_month is None else float(post.until_month)
    payer, pays_until = post.payer, math.inf
    if payer == "host":
        host = numbers.host
        if host is None or not luck.one(f"host.seconds.{name}", index) < host.delivered_share:
            if post.then == "ends":
                return None
            payer = "centre"
        else:
            begins = max(begins, math.ceil(host.delay_months))
    elif payer != "centre":
        pays_until = grants.ends(numbers, luck, payer)
        if post.then == "ends":
            until = min(until, pays_until)
    if until <= begins:
        return None
    return Chair(post, called, payer, begins, pays_until, until, since=begins)


def _chairs_to_hire(terms: Management) -> list[Chair]:
    """Chairs for people that the director may hire; empty until then."""
    post = Post(
        role=terms.hires_role,
        people=1,
        salary_month_usd=terms.hire_salary_month_usd,
        payer="centre",
        then="centre",
        from_month=0,
    )
    return [
        Chair(
            post, f"hired.{i}", "centre", math.inf, math.inf, math.inf, since=math.inf, hired=True
        )
        for i in range(terms.most_hired)
    ]


def presence(centre: Centre, team: Team, chair: Chair) -> Generator[Event]:
    """Keep a chair empty before its first day and after its last."""
    clock, this = centre.clock, entity(f"chair.{chair.name}", 0)
    if chair.from_month > 0:
        team.leave(chair)
        if chair.hired:
            return  # until the director hires
        yield clock.until(chair.from_month, Kind.OPENING, this)
        team.come_back(chair)
    # An extension may move the last day while its holder works.
    while clock.now < chair.until_month < math.inf:
        yield clock.until(chair.until_month, Kind.DEPARTURE, this)
    if chair.until_month < math.inf:
        team.leave(chair)


def absence(
    centre: Centre, team: Team, chair: Chair, months: float, this: int, *, paid: bool = False
) -> Generator[Event]:
    """Empty a chair for a while; `this` orders its holder's return."""
    team.leave(chair, paid=paid)
    yield centre.clock.wait(months, Kind.OPENING, this)
    team.come_back(chair, paid=paid)


def turnover(centre: Centre, team: Team, chair: Chair) -> Generator[Event]:
    """Whoever sits in a chair leaves some day, and is replaced."""
    terms = centre.numbers.turnover
    if terms is None or terms.leaves_year <= 0:
        return
    for index in count():
        stream = f"turnover.{chair.name}"
        draws, this = centre.luck.draws(stream, index, 1, WORDS_PER_BLOCK)[0], entity(stream, index)
        stays = rules.exponential(12 / terms.leaves_year, draws[0])
        yield centre.clock.wait(stays, Kind.OPENING, this)
        if not chair.at_work(centre.clock.now):
            continue  # nobody is there to leave; the rate has no memory
        if centre.say:
            centre.say(f"{chair.name} leaves")
        yield from absence(centre, team, chair, terms.recruit_months, this)
        chair.succeed(centre.clock.now)


def payroll(centre: Centre) -> Generator[Event]:
    """Each month end, count and pay everyone at work, or book what a host's people are worth."""
    while True:
        yield centre.clock.wait(1, Kind.PAYMENT, MonthEnd.PAYROLL)
        month, level = centre.ledger.month, centre.economy.costs[centre.ledger.month]
        for team in centre.teams.values():
            for chair in team.chairs:
                payer = chair.payer_in(month, host_delivers=centre.host.delivers)
                if payer is not None:
                    centre.count("staff", "people")
                    _pay(centre, rules.cents(chair.post.salary_month_usd * level), payer)


def _pay(centre: Centre, salary: int, payer: str) -> None:
    post = centre.ledger.post
    if payer == "host":
        post(Account.IN_KIND_SALARIES, Account.IN_KIND_INCOME, salary, "seconded staff")
    elif payer == "centre":
        social_security = rules.share_cents(salary, centre.numbers.staff.social_security_share)
        post(Account.SALARIES, Account.CASH, salary, "salaries")
        post(Account.SOCIAL_SECURITY, Account.CASH, social_security, "social security")
    else:
        from_grant = centre.purses[payer].pay(salary)
        grants.spend_on_salaries(centre, payer, from_grant)
        # The grant is late: the centre advances the rest and is repaid from the next tranche.
        post(Account.SALARIES, Account.CASH, salary - from_grant, "salaries advanced")
