"""Staff: who is there from when to when, who pays them, and what an engagement queues for."""

import math
from collections.abc import Generator
from dataclasses import dataclass

from simpy import Event, PriorityResource

from ncpcsim import rules
from ncpcsim.centre import grants
from ncpcsim.centre.clock import Clock, Kind
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
from ncpcsim.luck import Luck
from ncpcsim.plan.schema import Numbers, Post

VACANCY = -1
"""Queue priority of an empty chair: before any engagement."""


@dataclass(frozen=True)
class Person:
    """One member of staff.

    Attributes:
        post: the post held.
        payer: who pays at first: "centre", "host" or a grant.
        from_month: first month of work.
        pays_until: month from which the centre pays instead; infinite if never.
        until_month: month in which the post ends; infinite if it does not.
    """

    post: Post
    payer: str
    from_month: int
    pays_until: float
    until_month: float

    def payer_in(self, month: int) -> str | None:
        """Who pays this person in a month, or nobody when the post is empty."""
        if not self.from_month <= month < self.until_month:
            return None
        return self.payer if month < self.pays_until else "centre"


def people(numbers: Numbers, luck: Luck) -> list[Person]:
    """Everyone who will ever work at the centre; a promised person may not come."""
    return [
        person
        for name, post in numbers.posts.items()
        for index in range(post.people)
        if (person := _person(numbers, luck, name, index)) is not None
        and person.from_month < person.until_month
    ]


def _person(numbers: Numbers, luck: Luck, name: str, index: int) -> Person | None:
    post = numbers.posts[name]
    until = math.inf if post.until_month is None else post.until_month
    if post.payer == "host":
        host = numbers.host
        if host is None or not luck.one(f"host.seconds.{name}", index) < host.delivered_share:
            hired = post.then == "centre"
            return Person(post, "centre", post.from_month, math.inf, until) if hired else None
        begins = max(post.from_month, math.ceil(host.delay_months))
        return Person(post, "host", begins, math.inf, until)
    if post.payer == "centre":
        return Person(post, "centre", post.from_month, math.inf, until)
    runs_out = numbers.grants[post.payer].until_month
    if post.then == "ends":
        until = min(until, runs_out)
    return Person(post, post.payer, post.from_month, runs_out, until)


def form_teams(
    numbers: Numbers, staff: list[Person], clock: Clock
) -> tuple[dict[str, PriorityResource], list[Generator[Event]]]:
    """The people of each role as a resource to queue for, and the processes of their absences.

    A SimPy resource has a fixed size, so each has a chair for everyone who will ever come, and an
    absence sits in a chair while it is empty.
    """
    teams = {}
    absences: list[Generator[Event]] = []
    for role in {post.role: None for post in numbers.posts.values()}:
        members = [person for person in staff if person.post.role == role]
        teams[role] = PriorityResource(clock, capacity=max(len(members), 1))
        if not members:
            absences.append(_empty_chair(clock, teams[role], 0, math.inf))
        for person in members:
            absences.append(_empty_chair(clock, teams[role], 0, person.from_month))
            absences.append(_empty_chair(clock, teams[role], person.until_month, math.inf))
    return teams, absences


def _empty_chair(
    clock: Clock, team: PriorityResource, from_month: float, until_month: float
) -> Generator[Event]:
    """Keep one chair empty for a while; whoever sits in it finishes the work in hand first."""
    if from_month in (until_month, math.inf):
        return
    if from_month > 0:
        yield clock.wait(from_month, Kind.OPENING)
    with team.request(priority=VACANCY) as chair:
        yield chair
        yield clock.wait(until_month - from_month, Kind.OPENING)


def payroll(centre: Centre, staff: list[Person]) -> Generator[Event]:
    """Each month end, pay everyone at work, or book what a host's people are worth."""
    while True:
        yield centre.clock.wait(1, Kind.PAYMENT, 0)
        for person in staff:
            payer = person.payer_in(centre.ledger.month)
            if payer is not None:
                _pay(centre, rules.cents(person.post.salary_month_usd), payer)


def _pay(centre: Centre, salary: int, payer: str) -> None:
    post = centre.ledger.post
    if payer == "host":
        post(Account.IN_KIND_SALARIES, Account.IN_KIND_INCOME, salary, "seconded staff")
    elif payer == "centre":
        social_security = rules.share_cents(salary, centre.numbers.staff.social_security_share)
        post(Account.SALARIES, Account.CASH, salary, "salaries")
        post(Account.SOCIAL_SECURITY, Account.CASH, social_security, "social security")
    else:
        purse = centre.purses[payer]
        from_grant = min(purse.salaries, salary)
        grants.spend(centre, centre.numbers.grants[payer], purse, from_grant)
        # The grant is late: the centre advances the rest and is repaid from the next tranche.
        post(Account.SALARIES, Account.CASH, salary - from_grant, "salaries advanced")
        purse.advanced += salary - from_grant
