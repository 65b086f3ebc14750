"""Where engagements come from: clients who ask, and what the centre offers unasked."""

from ncpcsim.compiled.aside import set_aside
from ncpcsim.compiled.books import count, stop
from ncpcsim.compiled.calendar import until, wait
from ncpcsim.compiled.demonstrations import is_demonstration, is_willing
from ncpcsim.compiled.engagements import enquire
from ncpcsim.compiled.events import What
from ncpcsim.compiled.jobs import BLOCKS
from ncpcsim.compiled.management import all_hours, mission_hours, mission_waits, skips
from ncpcsim.compiled.market import highest_rate_month, rate_month
from ncpcsim.compiled.state import Centre
from ncpcsim.faults import Fault
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import NONE, Origin, Source
from ncpcsim.model.order import MOST_MEMBERS, EventKind
from ncpcsim.model.streams import block
from ncpcsim.model.world import demand_time
from ncpcsim.rules import (
    demonstration_time,
    enquiry_rate_month,
    exponential,
    lacking_days,
    offer_time,
    offers,
)


def start_demand(centre: Centre) -> None:
    """What the centre offers, and what clients ask."""
    if centre.inputs.management.more_mission_days > 0.0:
        await_further_offers(centre)
    for i in range(len(centre.inputs.sources)):
        source, arrivals = centre.inputs.sources[i], centre.candidates[i]
        arrivals.index = 0
        arrivals.time = 0.0
        arrivals.aside = 0
        if source.origin == Origin.ENQUIRY:
            arrivals.rate_month = most_enquiries_month(centre, source)
            arrivals.most_reach = most_reach(centre, source)
            if arrivals.rate_month > 0.0:
                arrivals.mean_months = 1.0 / arrivals.rate_month
                next_candidate(centre, i)
        elif source.origin == Origin.OFFER:
            service = centre.inputs.services[source.service]
            months = centre.inputs.horizon.elapsed_months + centre.inputs.horizon.months
            offered = centre.inputs.offered
            arrivals.number = offers(offered, service.first_step, service.steps, months)
            next_offer(centre, i)
        elif source.origin == Origin.DEMONSTRATION:
            arrivals.number = centre.inputs.demonstrated[source.segment].number
            next_offer(centre, i)


def most_enquiries_month(centre: Centre, source: Source) -> float:
    """Enquiries a month that full awareness and the best policy climate could bring."""
    group = centre.inputs.segments[source.segment]
    return enquiry_rate_month(
        centre.inputs.demands[source.demand].asks_year,
        group.potential_clients,
        max(group.aware_at_most, group.aware_at_start),
        1.0,
        centre.inputs.market.climate_effect,
    )


def most_reach(centre: Centre, source: Source) -> float:
    """What `reach` could come to, at which every candidate would be looked at."""
    group = centre.inputs.segments[source.segment]
    most = max(group.aware_at_most, group.aware_at_start)
    return most * (1.0 + centre.inputs.market.climate_effect)


def next_candidate(centre: Centre, number: int) -> None:
    """Candidates come at the largest rate there can be, as the segment's demand has moved."""
    source, arrivals = centre.inputs.sources[number], centre.candidates[number]
    aside = True
    while aside:
        block(centre.streams, source.stream, BLOCKS * arrivals.index)
        due = exponential(arrivals.mean_months, centre.streams.first)
        arrivals.time = demand_time(centre.world, source.segment, arrivals.time, due)
        if arrivals.time >= centre.inputs.horizon.months:
            return
        if arrivals.index >= MOST_MEMBERS:
            stop(centre, Fault.STREAM)
            return
        arrivals.thinning = centre.streams.second
        wanted = arrivals.thinning * arrivals.rate_month
        aside = False
        if wanted >= highest_rate_month(centre, source):
            need = arrivals.thinning * arrivals.most_reach
            aside = set_aside(centre, number, arrivals, source.segment, need)
        if not aside:
            order, time = source.order + arrivals.index, arrivals.time
            kind, what = EventKind.ENQUIRY, What.CANDIDATE
            until(centre, time, kind, order, what, number, arrivals.index)
        arrivals.index += 1


def on_candidate(centre: Centre, number: int, index: int) -> None:
    """A candidate becomes an enquiry with the share of the largest rate that holds now."""
    source, arrivals = centre.inputs.sources[number], centre.candidates[number]
    wanted = arrivals.thinning * arrivals.rate_month
    next_candidate(centre, number)
    look_at_candidate(centre, source, number, index, wanted)


def on_candidate_again(centre: Centre, number: int, index: int) -> None:
    """The same, of a candidate that had been set aside."""
    source = centre.inputs.sources[number]
    block(centre.streams, source.stream, BLOCKS * index)
    wanted = centre.streams.second * centre.candidates[number].rate_month
    look_at_candidate(centre, source, number, index, wanted)


def look_at_candidate(
    centre: Centre, source: Source, number: int, index: int, wanted: float
) -> None:
    """Whether a candidate becomes an enquiry."""
    # Most candidates are rejected: an upper bound of the rate avoids computing it.
    if wanted < highest_rate_month(centre, source) and wanted < rate_month(centre, source):
        enquire(centre, number, index, 0)


def next_offer(centre: Centre, number: int) -> None:
    """What the centre does on its own initiative: so many a year, evenly, free of charge."""
    source, arrivals = centre.inputs.sources[number], centre.candidates[number]
    index, time = arrivals.index, 0.0
    while time <= 0.0:  # it was held before the first day of the run
        index = arrivals.index
        if index >= arrivals.number:
            return
        if index >= MOST_MEMBERS:
            stop(centre, Fault.STREAM)
            return
        time = time_of_offer(centre, source, index)
        arrivals.index += 1
    until(centre, time, EventKind.ENQUIRY, source.order + index, What.OFFER, number, index)


def time_of_offer(centre: Centre, source: Source, index: int) -> float:
    """When something is offered, before or after the first day of the run."""
    inputs = centre.inputs
    if is_demonstration(source):
        terms, number = inputs.demonstrations, inputs.demonstrated[source.segment].number
        return demonstration_time(index + 1, number, terms.from_month, terms.until_month)
    service = inputs.services[source.service]
    step_months = inputs.declaration.step_months
    first, steps = service.first_step, service.steps
    time = offer_time(index + 1, inputs.offered, first, steps, step_months)
    return time - inputs.horizon.elapsed_months


def on_offer(centre: Centre, number: int, index: int) -> None:
    """The centre offers something, or leaves it out to save its cash; or a firm is willing.

    `NONE`: what it adds.
    """
    if number == NONE:
        on_further_offers(centre)
        return
    next_offer(centre, number)
    source = centre.inputs.sources[number]
    if is_demonstration(source):
        block(centre.streams, source.stream, BLOCKS * index)
        if is_willing(centre, source, centre.streams.third):
            enquire(centre, number, index, 0)
    elif skips(centre, centre.inputs.services[source.service]):
        count(centre, centre.inputs.counters.skipped, 1)
    else:
        enquire(centre, number, index, 0)


def await_further_offers(centre: Centre) -> None:
    """At the next month's end, whether the mission has less than its floor."""
    order = centre.inputs.management.offers_order
    wait(centre, 1.0, EventKind.ENQUIRY, order, What.OFFER, NONE, 0)


def on_further_offers(centre: Centre) -> None:
    """Hold more for the mission, one of each service in turn, up to its floor.

    What waits for staff is to do already.
    """
    await_further_offers(centre)
    if centre.ending.dormant_since != NEVER:
        return
    waiting = mission_waits(centre)
    terms, direction = centre.inputs.management, centre.direction
    mission, total = mission_hours(centre), all_hours(centre)
    days = lacking_days(mission, total, terms.mission_floor_share, terms.more_mission_days)
    number = in_turn(centre)
    while number != NONE:
        source = centre.inputs.sources[number]
        takes = centre.inputs.services[source.service].staff_days
        if takes > 2.0 * days:
            return
        days -= takes
        if waiting > 0:
            waiting -= 1
            continue
        index = centre.candidates[number].number + direction.further
        if index >= MOST_MEMBERS:
            stop(centre, Fault.STREAM)
            return
        enquire(centre, number, index, 0)
        direction.further += 1
        number = in_turn(centre)


def in_turn(centre: Centre) -> int:
    """The source of what is offered next for the mission beyond the plan; or `NONE`."""
    there = 0
    for i in range(len(centre.inputs.sources)):
        if is_for_mission(centre, i):
            there += 1
    if there == 0:
        return NONE
    turn = centre.direction.further % there
    for i in range(len(centre.inputs.sources)):
        if is_for_mission(centre, i) and offered_before(centre, centre.inputs.sources[i]) == turn:
            return i
    return NONE


def offered_before(centre: Centre, source: Source) -> int:
    """How many of what is offered for the mission come first, by the order of their streams."""
    number = 0
    for i in range(len(centre.inputs.sources)):
        if is_for_mission(centre, i) and centre.inputs.sources[i].order < source.order:
            number += 1
    return number


def is_for_mission(centre: Centre, number: int) -> bool:
    """Whether a source is something offered for the mission that takes staff time."""
    source = centre.inputs.sources[number]
    if source.origin != Origin.OFFER:
        return False
    service = centre.inputs.services[source.service]
    return service.mission and service.staff_days > 0.0 and centre.candidates[number].number > 1
