"""Time in months, and the declared order of what happens at the same instant."""

from enum import IntEnum

import simpy

_KIND_SHIFT = 40


class Kind(IntEnum):
    """What goes first at the same instant.

    The stroke of a month's end belongs to the month that ends: what is received or completed then
    is booked before the closing. The next month opens after it.
    """

    RECEIPT = 1
    COMPLETION = 2
    ENQUIRY = 3
    PAYMENT = 4
    CLOSING = 5
    OPENING = 6


class Appointment(simpy.Event):
    """An event at a set time, ordered at that instant by kind, then entity."""

    def __init__(self, clock: "Clock", months: float, kind: Kind, entity: int) -> None:
        # As simpy.Timeout does, but with a priority: SimPy's own order at equal times is the
        # order of creation, an accident of how processes are written.
        self.env = clock
        self.callbacks = []
        self._ok = True
        self._value = None
        clock.schedule(self, priority=kind << _KIND_SHIFT | entity, delay=months)  # type: ignore[arg-type]


class Clock(simpy.Environment):
    """The simulation's clock, in months from the plan's start."""

    def wait(self, months: float, kind: Kind, entity: int = 0) -> Appointment:
        """An event `months` from now.

        Raises:
            ValueError: `months` is negative or not a number, which SimPy would take and then
                silently scramble its order of events.
        """
        if not months >= 0:
            raise ValueError(f"cannot wait {months} months, expected 0 or more")
        return Appointment(self, months, kind, entity)
