"""Time in months, and the declared order of what happens at the same instant."""

from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from heapq import heappush

import simpy

_INDEX_BITS = 24
_STREAM_BYTES = 4
_KIND_SHIFT = _INDEX_BITS + 8 * _STREAM_BYTES


def entity(stream: str, index: int) -> int:
    """A number for the `index`-th member of a named stream, to order what falls together.

    It comes from the stream's name, not from its place among others, so that adding a service or a
    grant to a plan leaves the order of the rest as it was.

    Args:
        stream: the stream's name.
        index: 0 to 2**24 - 1.
    """
    return _stream_number(stream) << _INDEX_BITS | index


@lru_cache(maxsize=4096)
def _stream_number(stream: str) -> int:
    return int.from_bytes(blake2b(stream.encode(), digest_size=_STREAM_BYTES).digest(), "big")


class Kind(IntEnum):
    """What goes first at the same instant.

    The stroke of a month's end belongs to the month that ends: what is received or completed then
    is booked before the closing. The next month opens after it; posts end when all else has opened,
    for an agreement may be extended on the very day.
    """

    RECEIPT = 1
    COMPLETION = 2
    ENQUIRY = 3
    PAYMENT = 4
    REVIEW = 5
    CLOSING = 6
    OPENING = 7
    DEPARTURE = 8


class MonthEnd(IntEnum):
    """What is paid or counted first at a month's end, among `Kind.PAYMENT`."""

    PAYROLL = 0
    RUNNING_COSTS = 1
    EARMARKED_SPENDING = 2
    DEPRECIATION = 3
    GAINS = 4


class Appointment(simpy.Event):
    """An event at a set time, which has happened when its time has come."""

    _ok = True
    _value = None

    def __init__(self, clock: "Clock") -> None:
        self.env = clock
        self.callbacks = []


class Clock(simpy.Environment):
    """The simulation's clock, in months from the plan's start."""

    def wait(self, months: float, kind: Kind, entity: int) -> Appointment:
        """An event `months` from now, ordered at that instant by kind, then entity.

        Raises:
            ValueError: `months` is negative or not a number, which SimPy would take and then
                silently scramble its order of events.
        """
        if not months >= 0:
            raise ValueError(f"cannot wait {months} months, expected 0 or more")
        return self.until(self._now + months, kind, entity)

    def until(self, time: float, kind: Kind, entity: int) -> Appointment:
        """An event at exactly `time`, ordered at that instant by kind, then entity.

        Raises:
            ValueError: `time` is past or not a number.
        """
        if not time >= self._now:
            raise ValueError(f"cannot wait until {time}, expected {self._now} or later")
        event = Appointment(self)
        # As SimPy schedules, but at a time, not after a delay: its sum with the present may miss a
        # month's end by the last bit. And with a priority: SimPy's own order at equal times is the
        # order of creation, an accident of how processes are written.
        heappush(self._queue, (time, kind << _KIND_SHIFT | entity, next(self._eid), event))  # type: ignore[misc]
        return event
