"""The calendar: events that lie ahead in a binary heap, in the declared order."""

from ncpcsim.compiled.books import stop
from ncpcsim.compiled.state import Centre, Event
from ncpcsim.faults import Fault
from ncpcsim.model.order import KIND_SHIFT


def wait(
    centre: Centre, months: float, kind: int, order: int, what: int, first: int, second: int
) -> None:
    """Let something happen `months` from now, ordered at that instant by kind, then order."""
    until(centre, centre.clock.now + months, kind, order, what, first, second)


def until(
    centre: Centre, time: float, kind: int, order: int, what: int, first: int, second: int
) -> None:
    """Let something happen at exactly `time`, unless the run is over by then."""
    clock = centre.clock
    if not time <= centre.inputs.horizon.months:
        return
    clock.serial += 1
    if clock.handling:  # the first new event takes the place of the one that is happening
        clock.handling = False
        sink(centre, time, (kind << KIND_SHIFT) | order, clock.serial, what, first, second)
        return
    if clock.ahead >= len(centre.calendar):
        stop(centre, Fault.CALENDAR)
        return
    clock.ahead += 1
    rise(centre, time, (kind << KIND_SHIFT) | order, clock.serial, what, first, second)


def forget(centre: Centre) -> None:
    """Take the event that has happened out of the calendar, unless another took its place."""
    clock = centre.clock
    if not clock.handling:
        return
    clock.handling = False
    clock.ahead -= 1
    last = centre.calendar[clock.ahead]
    sink(centre, last.time, last.rank, last.serial, last.what, last.first, last.second)


def before(event: Event, time: float, rank: int, serial: int) -> bool:
    """Whether an event comes before another one, given by time, rank and serial number."""
    if event.time != time:
        return event.time < time
    if event.rank != rank:
        return event.rank < rank
    return event.serial < serial


def move(source: Event, target: Event) -> None:
    """Copy an event to another place."""
    target.time = source.time
    target.rank = source.rank
    target.serial = source.serial
    target.what = source.what
    target.first = source.first
    target.second = source.second


def put(
    event: Event, time: float, rank: int, serial: int, what: int, first: int, second: int
) -> None:
    """Write an event."""
    event.time = time
    event.rank = rank
    event.serial = serial
    event.what = what
    event.first = first
    event.second = second


def rise(
    centre: Centre, time: float, rank: int, serial: int, what: int, first: int, second: int
) -> None:
    """Put an event in the last place, or nearer to the top as long as it comes first."""
    place = centre.clock.ahead - 1
    while place > 0:
        parent = (place - 1) // 2
        above = centre.calendar[parent]
        if before(above, time, rank, serial):
            break
        move(above, centre.calendar[place])
        place = parent
    put(centre.calendar[place], time, rank, serial, what, first, second)


def sink(
    centre: Centre, time: float, rank: int, serial: int, what: int, first: int, second: int
) -> None:
    """Put an event in the first place, or further down as long as others come first."""
    ahead = centre.clock.ahead
    place = 0
    child = 1
    while child < ahead:
        below = centre.calendar[child]
        if child + 1 < ahead:
            other = centre.calendar[child + 1]
            if before(other, below.time, below.rank, below.serial):
                child += 1
                below = other
        if not before(below, time, rank, serial):
            break
        move(below, centre.calendar[place])
        place = child
        child = 2 * place + 1
    put(centre.calendar[place], time, rank, serial, what, first, second)
