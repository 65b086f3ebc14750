"""The people of one role: what engagements queue for, and how fast they work."""

import math
from bisect import insort
from collections.abc import Generator
from dataclasses import dataclass
from itertools import count

from simpy import Event

from ncpcsim import rules
from ncpcsim.model.fields import Learning, Payer, Position
from ncpcsim.model.order import EventKind
from ncpcsim.model.world import Presence
from ncpcsim.reference.ability import AbilityState
from ncpcsim.reference.clock import Clock

VACANCY = -rules.RANKS - 1
"""Queue priority of an empty position: before any engagement."""


@dataclass
class Holder:
    """A position, and whoever holds it.

    Attributes:
        position: its row.
        name: the post's name and the person's number, unique in the centre.
        payer: who pays at first: a `Payer`, or the row of a grant.
        from_month: first month of work.
        pays_until: month from which the centre pays instead; infinite if never.
        until_month: month in which the post ends; infinite if it does not.
        since: when whoever holds it came, for learning.
        leaving: notice has been given.
        postponed: the director has not let its post begin when the plan says.
        last_month: the month in which whoever has been given notice is no longer there.
        unpaid: how many reasons there are for nobody to be paid now.
        away: how many reasons there are for the position to be empty now.
        hours_share: share of full time that whoever holds it works.
        vacancy: what keeps it empty in its team's queue, if anything does.
        laid_off: whoever holds it stays at home while the centre is dormant.
        withdrawn: the host was lost that sent whoever held it.
    """

    position: Position
    name: str
    payer: int
    from_month: float
    pays_until: float
    until_month: float
    since: float
    leaving: bool = False
    postponed: bool = False
    last_month: float = math.inf
    unpaid: int = 0
    away: int = 0
    hours_share: float = 1.0
    vacancy: "Request | None" = None
    laid_off: bool = False
    withdrawn: bool = False

    @classmethod
    def at_first(cls, position: Position, name: str, presence: Presence) -> "Holder":
        """Who holds a position on the first day."""
        return cls(
            position,
            name,
            presence.payer,
            presence.from_month,
            presence.pays_until,
            presence.until_month,
            # Who is there on the first day may have come before it.
            since=presence.from_month if presence.from_month > 0 else position.since,
        )

    def payer_in(self, month: int, *, host_delivers: bool) -> int:
        """Who pays for this position in a month: a `Payer`, or the row of a grant."""
        if self.unpaid or not self.from_month <= month < self.until_month:
            return Payer.NOBODY
        return rules.payer(
            self.payer,
            self.pays_until,
            month,
            then_ends=self.position.then_ends,
            host_delivers=host_delivers,
        )

    def at_work(self, now: float) -> bool:
        """Whether somebody holds the position and does not stay away."""
        return rules.at_work(self.unpaid, self.from_month, self.until_month, now)

    def extend(self, months: int) -> None:
        """Its payer pays on, and where the post ends with the pay, it lasts on."""
        self.pays_until += months
        if self.position.then_ends:
            self.until_month = min(self.until_month + months, self.position.until_month)

    def fill(self, month: int) -> None:
        """Somebody will come in a month."""
        self.from_month = self.since = month
        self.leaving, self.last_month = False, math.inf

    def give_notice(self, last_month: float) -> None:
        """Whoever holds it will go."""
        self.leaving, self.last_month = True, last_month

    def postpone(self) -> None:
        """Nobody comes when the plan says."""
        self.postponed, self.from_month = True, math.inf

    def dismiss(self) -> None:
        """Whoever held it goes."""
        self.from_month = math.inf

    def succeed(self, now: float) -> None:
        """A successor comes, untrained."""
        self.since = now


class Request(Event):
    """Waiting for a seat: succeeds with True once there is one, with False when it is given up.

    Attributes:
        rank: place in the queue, lower first.
        serial: orders requests of one rank.
        priority: the plan's priority of the work; `VACANCY` of an absence.
        mission: it is work for the mission.
    """

    def __init__(
        self, clock: Clock, serial: int, priority: int, rank: int, *, mission: bool
    ) -> None:
        super().__init__(clock)
        self.priority, self.rank, self.serial, self.mission = priority, rank, serial, mission

    def __lt__(self, other: "Request") -> bool:
        return (self.rank, self.serial) < (other.rank, other.serial)


class Team:
    """The positions of one role, and the queue of engagements that wait for them.

    There are as many seats as people who will ever come; an absence takes one while a position is
    empty. A seat that comes free is passed on when the step that freed it is done, to whoever is
    first in the queue then.

    Attributes:
        holders: everyone who is or will be there.
        capacity: seats; a role that nobody fills has one, which is taken for ever.
        taken: seats that are taken.
        queue: requests that wait, in order.
    """

    def __init__(
        self, clock: Clock, holders: list[Holder], learning: Learning, ability: AbilityState
    ) -> None:
        self.holders = holders
        self.capacity = max(len(holders), 1)
        self.taken = 0 if holders else 1
        self.queue: list[Request] = []
        self._clock, self._learning, self._ability = clock, learning, ability
        self._serials = count()
        self._mission_first = False
        self._at_it, self._worked_months = 0, 0.0

    # ------------------------------------------------------------------ the queue

    def ask(self, priority: int, *, mission: bool = False) -> Request | None:
        """Queue for somebody; None if somebody is free at once."""
        if self._sits_down():
            return None
        rank = rules.rank(priority, mission=mission, mission_first=self._mission_first)
        return self._wait(priority, rank, mission=mission)

    def give_up(self, request: Request) -> None:
        """Leave the queue, if the request still waits."""
        if not request.triggered:
            self.queue.remove(request)
            request.succeed(value=False)

    def release(self) -> None:
        """Free a seat."""
        self.taken -= 1
        if self.queue:
            self._clock.after_this_step(self._hand_on)

    def _hand_on(self) -> None:
        while self.queue and self.taken < self.capacity:
            self.taken += 1
            self.queue.pop(0).succeed(value=True)

    def _sits_down(self) -> bool:
        """Take a seat, if one is free and nobody waits for it."""
        if self.queue or self.taken >= self.capacity:
            return False
        self.taken += 1
        return True

    def _wait(self, priority: int, rank: int, *, mission: bool = False) -> Request:
        request = Request(self._clock, next(self._serials), priority, rank, mission=mission)
        insort(self.queue, request)
        return request

    def put_mission_first(self, first: bool) -> None:  # noqa: FBT001  a decision, not an option
        """Let mission work go before all other, or in its own place again."""
        if first == self._mission_first:
            return
        self._mission_first = first
        for request in self.queue:
            if request.mission:
                request.rank = rules.rank(request.priority, mission=True, mission_first=first)
        self.queue.sort()

    def mission_waits(self) -> int:
        """How much work for the mission waits for staff now."""
        return sum(request.mission for request in self.queue)

    def waiting(self) -> int:
        """Engagements that wait for staff now."""
        return sum(request.priority != VACANCY for request in self.queue)

    # ------------------------------------------------------------------ work

    def work(self, months: float, order: int) -> Generator[Event]:
        """Keep one person busy, who is then free again."""
        self._at_it += 1
        self._worked_months -= self._clock.now
        yield self._clock.wait(months, EventKind.COMPLETION, order)
        self._at_it -= 1
        self._worked_months += self._clock.now
        self.release()

    def worked_months(self) -> float:
        """Person-months worked since the first day, what is under way included."""
        return self._worked_months + self._at_it * self._clock.now

    def productivity(self, now: float) -> float:
        """Mean productivity of those at work, of a trained person's; a newcomer's if none is."""
        total, number = 0.0, 0
        for holder in self.holders:
            if holder.at_work(now):
                total += self._productivity_since(holder.since, now) * holder.hours_share
                number += 1
        return total / number if number else self._productivity_since(now, now)

    def _productivity_since(self, since: float, now: float) -> float:
        terms = self._learning
        return rules.person_productivity(
            since,
            now,
            terms.productivity_at_start,
            terms.months,
            self._ability.supported_until,
            terms.counterpart_speed,
            self._ability.experience(since),
        )

    # ------------------------------------------------------------------ presence

    def at_work(self, now: float) -> int:
        """How many hold a position and do not stay away."""
        return sum(holder.at_work(now) for holder in self.holders)

    def present(self) -> int:
        """How many are there now."""
        return sum(not holder.away for holder in self.holders)

    def leave(self, holder: Holder, *, paid: bool = True) -> None:
        """Empty a position, for one reason more; whoever holds it ends the work in hand first."""
        holder.unpaid += not paid
        holder.away += 1
        if holder.away == 1 and not self._sits_down():
            holder.vacancy = self._wait(VACANCY, VACANCY)

    def come_back(self, holder: Holder, *, paid: bool = True) -> None:
        """One reason less for a position to be empty."""
        holder.unpaid -= not paid
        holder.away -= 1
        if holder.away:
            return
        vacancy, holder.vacancy = holder.vacancy, None
        if vacancy is None or vacancy.triggered:
            self.release()
        else:
            self.give_up(vacancy)
