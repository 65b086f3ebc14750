"""Candidates for enquiries that nobody would serve as things stand: set aside, and brought back.

Most candidates are rejected, for awareness and the policy climate are far below what they may be.
One that would be rejected as things stand is not put into the calendar. It comes back when more
clients learn of the centre, or the climate improves, before its time: the same candidates become
enquiries as if each had been looked at in its time.
"""

from math import inf

from ncpcsim.compiled.calendar import until
from ncpcsim.compiled.events import What
from ncpcsim.compiled.state import Arrivals, Centre
from ncpcsim.model.order import EventKind

ROOM = 32
"""Candidates of one source that can be set aside."""
LOOK_AHEAD_MONTHS = 6.0
"""Those further ahead are not: by their time things will stand otherwise."""
A_LITTLE_LESS = 1.0 - 1e-9
"""So that rounding never leaves aside a candidate that would have been looked at."""


def reach(centre: Centre, segment: int) -> float:
    """What candidates of a segment are compared with: awareness, more in a good climate."""
    effect = centre.inputs.market.climate_effect
    return centre.aware[segment].level * (1.0 + effect * centre.market.climate)


def set_aside(centre: Centre, number: int, arrivals: Arrivals, segment: int, need: float) -> bool:
    """Set the candidate that comes next aside, if there is room and its time is near.

    Args:
        centre: the run.
        number: its source.
        arrivals: where that source stands.
        segment: its segment.
        need: the least reach at which it would be looked at.
    """
    if arrivals.time > centre.clock.now + LOOK_AHEAD_MONTHS:
        return False
    if arrivals.aside >= ROOM:
        forget_past(centre, number, arrivals)
    if arrivals.aside >= ROOM:
        return False
    place = centre.aside[number * ROOM + arrivals.aside]
    arrivals.aside += 1
    place.time = arrivals.time
    place.need = need * A_LITTLE_LESS
    place.index = arrivals.index
    level = centre.aware[segment]
    level.least_need = min(level.least_need, place.need)
    return True


def forget_past(centre: Centre, number: int, arrivals: Arrivals) -> None:
    """Let those go whose time is over."""
    kept = 0
    for i in range(number * ROOM, number * ROOM + arrivals.aside):
        if centre.aside[i].time >= centre.clock.now:
            keep(centre, i, number * ROOM + kept)
            kept += 1
    arrivals.aside = kept


def keep(centre: Centre, place: int, target: int) -> None:
    """Move a candidate to another place."""
    source, kept = centre.aside[place], centre.aside[target]
    kept.time = source.time
    kept.need = source.need
    kept.index = source.index


def bring_back(centre: Centre, segment: int) -> None:
    """Put those into the calendar that are within reach now."""
    level, reached = centre.aware[segment], reach(centre, segment)
    if reached < level.least_need:
        return
    level.least_need = inf
    for i in range(len(centre.inputs.sources)):
        if centre.inputs.sources[i].segment == segment and centre.candidates[i].aside > 0:
            bring_back_of(centre, i, reached)
            for j in range(i * ROOM, i * ROOM + centre.candidates[i].aside):
                level.least_need = min(level.least_need, centre.aside[j].need)


def bring_back_of(centre: Centre, number: int, reached: float) -> None:
    """The same, of one source."""
    arrivals, order, kept = centre.candidates[number], centre.inputs.sources[number].order, 0
    for i in range(number * ROOM, number * ROOM + arrivals.aside):
        candidate = centre.aside[i]
        if candidate.time < centre.clock.now:
            continue
        if candidate.need <= reached:
            time, index = candidate.time, candidate.index
            kind, what = EventKind.ENQUIRY, What.CANDIDATE_AGAIN
            until(centre, time, kind, order + index, what, number, index)
        else:
            keep(centre, i, number * ROOM + kept)
            kept += 1
    arrivals.aside = kept
