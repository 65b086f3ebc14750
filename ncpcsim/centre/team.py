"""The people of one role: what engagements queue for, and how fast they work."""

import math
from collections.abc import Generator
from dataclasses import dataclass

from simpy import Event, PriorityResource
from simpy.resources.resource import PriorityRequest

from ncpcsim import rules
from ncpcsim.centre.clock import Clock, Kind
from ncpcsim.plan.schema import Learning, Post

VACANCY = -rules.RANKS - 1
"""Queue priority of an empty chair: before any engagement."""


_LEARNED = 10
"""Time constants after which a person counts as trained: 0.005 % of the way is left."""


@dataclass
class Chair:
    """A place at the centre, and whoever sits in it.

    Attributes:
        post: the post held.
        name: the post's name and the chair's number, unique in the centre.
        payer: who pays at first: "centre", "host" or a grant.
        from_month: first month of work.
        pays_until: month from which the centre pays instead; infinite if never.
        until_month: month in which the post ends; infinite if it does not.
        since: when whoever sits there came, for learning.
        hired: a chair that the director may fill, not one of the plan's posts.
        leaving: notice has been given.
        unpaid: how many reasons there are for nobody to be paid now.
        away: how many reasons there are for the chair to be empty now.
        back: succeeds when none is left.
    """

    post: Post
    name: str
    payer: str
    from_month: float
    pays_until: float
    until_month: float
    since: float
    hired: bool = False
    leaving: bool = False
    unpaid: int = 0
    away: int = 0
    back: Event | None = None

    def payer_in(self, month: int, *, host_delivers: bool) -> str | None:
        """Who pays for this chair in a month, or nobody when it is empty."""
        if self.unpaid or not self.from_month <= month < self.until_month:
            return None
        if month >= self.pays_until:
            return "centre"
        if self.payer == "host" and not host_delivers:
            return "centre" if self.post.then == "centre" else None
        return self.payer

    def at_work(self, now: float) -> bool:
        """Whether somebody holds the post and does not stay away."""
        return not self.unpaid and self.from_month <= now < self.until_month

    def extend(self, months: int) -> None:
        """Its payer pays on, and where the post ends with the pay, it lasts on."""
        self.pays_until += months
        if self.post.then == "ends":
            own_end = math.inf if self.post.until_month is None else self.post.until_month
            self.until_month = min(self.until_month + months, own_end)

    def fill(self, month: int) -> None:
        """Somebody will come in a month."""
        self.from_month = self.since = month
        self.leaving = False

    def give_notice(self) -> None:
        """Whoever sits there will go."""
        self.leaving = True

    def dismiss(self) -> None:
        """Whoever sat there goes."""
        self.from_month = math.inf

    def succeed(self, now: float) -> None:
        """A successor comes, untrained."""
        self.since = now


class Turn(PriorityRequest):
    """A place in the queue for somebody of a team."""

    def __init__(self, desk: PriorityResource, priority: int, rank: int, *, mission: bool) -> None:
        self.own_priority, self.mission = priority, mission
        super().__init__(desk, priority=rank)

    def move(self, rank: int) -> None:
        """Take another place, behind those who had one of that rank before."""
        self.priority, self.key = rank, (rank, *self.key[1:])


class Team:
    """The chairs of one role, and the desk at which engagements queue for them."""

    def __init__(self, clock: Clock, chairs: list[Chair], learning: Learning | None) -> None:
        self.chairs = chairs
        # A SimPy resource has a fixed size: a chair for everyone who will ever come, and an
        # absence sits in it while it is empty.
        self.desk = PriorityResource(clock, capacity=max(len(chairs), 1))
        self._clock, self._learning = clock, learning
        self._mission_first = False
        self._at_it, self._worked_months = 0, 0.0

    def ask(self, priority: int, *, mission: bool = False) -> Turn:
        """Queue for somebody."""
        rank = rules.rank(priority, mission=mission, mission_first=self._mission_first)
        return Turn(self.desk, priority, rank, mission=mission)

    def put_mission_first(self, first: bool) -> None:  # noqa: FBT001  a decision, not an option
        """Let mission work go before all other, or in its own place again."""
        if first == self._mission_first:
            return
        self._mission_first = first
        for turn in self.desk.queue:
            if isinstance(turn, Turn) and turn.mission:
                turn.move(rules.rank(turn.own_priority, mission=True, mission_first=first))
        self.desk.queue[:] = sorted(self.desk.queue, key=lambda turn: turn.key)

    def work(self, months: float, this: int) -> Generator[Event]:
        """Keep one person busy."""
        self._at_it += 1
        self._worked_months -= self._clock.now
        yield self._clock.wait(months, Kind.COMPLETION, this)
        self._at_it -= 1
        self._worked_months += self._clock.now

    def worked_months(self) -> float:
        """Person-months worked since the first day, what is under way included."""
        return self._worked_months + self._at_it * self._clock.now

    def present(self) -> int:
        """How many sit at their desks now."""
        return sum(not chair.away for chair in self.chairs)

    def waiting(self) -> int:
        """Engagements that wait for staff now."""
        return sum(request.priority != VACANCY for request in self.desk.queue)

    def leave(self, chair: Chair, *, paid: bool = True) -> None:
        """Empty a chair, for one reason more; whoever sits in it ends the work in hand first."""
        chair.unpaid += not paid
        chair.away += 1
        if chair.away == 1:
            chair.back = self._clock.event()
            self._clock.process(self._empty(chair.back))

    def come_back(self, chair: Chair, *, paid: bool = True) -> None:
        """One reason less for a chair to be empty."""
        chair.unpaid -= not paid
        chair.away -= 1
        if chair.away == 0 and chair.back is not None:
            chair.back.succeed()

    def nobody(self) -> Generator[Event]:
        """A role that nobody came to fill: its only chair stays empty."""
        yield from self._empty(self._clock.event())

    def _empty(self, back: Event) -> Generator[Event]:
        """Sit in a chair in place of its holder, once only, however many reasons there are."""
        with self.desk.request(priority=VACANCY) as seat:
            yield seat | back
            if not back.triggered:
                yield back

    def productivity(self, now: float) -> float:
        """Mean productivity of those at work, of a trained person's."""
        learning = self._learning
        if learning is None:
            return 1.0
        sinces = [chair.since for chair in self.chairs if chair.at_work(now)] or [now]
        at_start, constant = learning.productivity_at_start, learning.months
        supported_until, speed = learning.counterpart_until_month, learning.counterpart_speed
        of_each = [
            1.0
            if now - since > _LEARNED * constant
            else rules.productivity(
                at_start,
                rules.learned_months(min(since, now), now, supported_until, speed),
                constant,
            )
            for since in sinces
        ]
        return math.fsum(of_each) / len(of_each)
