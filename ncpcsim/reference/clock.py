"""Time in months, in the declared order of what happens at the same instant."""

from collections.abc import Callable
from heapq import heappush

import simpy

from ncpcsim.model.order import KIND_SHIFT, EventKind


class Appointment(simpy.Event):
    """An event at a set time, which has happened when its time has come."""

    _ok = True
    _value = None

    def __init__(self, clock: "Clock") -> None:
        self.env = clock
        self.callbacks = []


class Clock(simpy.Environment):
    """The simulation's clock, in months from the run's first day."""

    def wait(self, months: float, kind: EventKind, order: int) -> Appointment:
        """An event `months` from now, ordered at that instant by kind, then order.

        Raises:
            ValueError: `months` is negative or not a number, which SimPy would take and then
                silently scramble its order of events.
        """
        if not months >= 0:
            raise ValueError(f"cannot wait {months} months, expected 0 or more")
        return self.until(self._now + months, kind, order)

    def until(self, time: float, kind: EventKind, order: int) -> Appointment:
        """An event at exactly `time`, ordered at that instant by kind, then order.

        Raises:
            ValueError: `time` is past or not a number.
        """
        if not time >= self._now:
            raise ValueError(f"cannot wait until {time}, expected {self._now} or later")
        event = Appointment(self)
        # As SimPy schedules, but at a time, not after a delay: its sum with the present may miss a
        # month's end by the last bit. And with a priority: SimPy's own order at equal times is the
        # order of creation, an accident of how processes are written.
        heappush(self._queue, (time, kind << KIND_SHIFT | order, next(self._eid), event))  # type: ignore[misc]
        return event

    def after_this_step(self, work: Callable[[], None]) -> None:
        """Do something as soon as what is happening now is done."""
        event = self.event()
        assert event.callbacks is not None  # noqa: S101  a new event has a list of them
        event.callbacks.append(lambda _: work())
        event.succeed()
