"""The people of one role: what engagements queue for, and how fast they work."""

import math
from dataclasses import dataclass

from simpy import Event, PriorityResource

from ncpcsim import rules
from ncpcsim.centre.clock import Clock
from ncpcsim.plan.schema import Learning, Post

VACANCY = -1
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
        """Whether somebody sits there."""
        return not self.unpaid and self.from_month <= now < self.until_month


class Team:
    """The chairs of one role, and the desk at which engagements queue for them."""

    def __init__(self, clock: Clock, chairs: list[Chair], learning: Learning | None) -> None:
        self.chairs = chairs
        # A SimPy resource has a fixed size: a chair for everyone who will ever come, and an
        # absence sits in it while it is empty.
        self.desk = PriorityResource(clock, capacity=max(len(chairs), 1))
        self._learning = learning

    def waiting(self) -> int:
        """Engagements that wait for staff now."""
        return sum(request.priority != VACANCY for request in self.desk.queue)

    def productivity(self, now: float) -> float:
        """Mean productivity of those at work, of a trained person's."""
        learning = self._learning
        if learning is None:
            return 1.0
        sinces = [chair.since for chair in self.chairs if chair.at_work(now)] or [now]
        return math.fsum([self._of_one(learning, since, now) for since in sinces]) / len(sinces)

    @staticmethod
    def _of_one(learning: Learning, since: float, now: float) -> float:
        months = now - since
        if months > _LEARNED * learning.months:
            return 1.0
        supported_until, speed = learning.counterpart_until_month, learning.counterpart_speed
        months = rules.learned_months(min(since, now), now, supported_until, speed)
        return rules.productivity(learning.productivity_at_start, months, learning.months)
