"""Where engagements come from: clients who ask, and what the centre offers unasked."""

from collections.abc import Generator, Iterator
from functools import partial

from simpy import Event

from ncpcsim import rules
from ncpcsim.model.fields import Origin, Service
from ncpcsim.model.order import EventKind, member
from ncpcsim.model.streams import candidates
from ncpcsim.model.world import demand_time
from ncpcsim.reference import demonstrations, management
from ncpcsim.reference.engagements import life
from ncpcsim.reference.state import Centre
from ncpcsim.reference.work import WIDTH, Engagement, EngagementDraws, draws_of

_YEAR = 12


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """What the centre offers, and what clients ask."""
    if centre.inputs.management.more_mission_days:
        yield further_offers(centre)
    for row, source in enumerate(centre.inputs.sources):
        if source.origin == Origin.OFFER:
            yield offers(centre, row)
        elif source.origin == Origin.ENQUIRY:
            yield enquiries(centre, row)
        elif source.origin == Origin.DEMONSTRATION:
            yield projects(centre, row)


def enquiries(centre: Centre, row: int) -> Generator[Event]:
    """Enquiries of one segment for one service: a Poisson process, thinned by the state.

    Candidates come at the largest rate that full awareness and the best policy climate could
    bring, sooner or later as the segment's demand has moved for good; each becomes an enquiry with
    the share of that rate that holds at its time.
    """
    inputs, source = centre.inputs, centre.inputs.sources[row]
    group = inputs.segments[source.segment]
    most = rules.enquiry_rate_month(
        inputs.demands[source.demand].asks_year,
        group.potential_clients,
        max(group.aware_at_most, group.aware_at_start),
        1.0,
        inputs.market.climate_effect,
    )
    after = partial(demand_time, centre.world, source.segment)
    arrivals = candidates(centre.streams, source.stream, most, inputs.horizon.months, WIDTH, after)
    clock, market = centre.clock, centre.market
    for index, candidate in enumerate(arrivals):
        yield clock.until(candidate.time, EventKind.ENQUIRY, member(source.order, index))
        # Most candidates are rejected: an upper bound of the rate avoids computing it.
        wanted = candidate.thinning * most
        if wanted >= market.highest_rate_month(source):
            continue
        if wanted < market.enquiry_rate_month(source):
            draws = EngagementDraws(*candidate.row.tolist())
            clock.process(life(centre, Engagement(source, index, draws)))


def offers(centre: Centre, row: int) -> Generator[Event]:
    """What the centre does on its own initiative: so many a year, evenly, free of charge."""
    inputs, source = centre.inputs, centre.inputs.sources[row]
    service, step_months = inputs.services[source.service], inputs.declaration.step_months
    rates = (inputs.offered, service.first_step, service.steps)
    elapsed = inputs.horizon.elapsed_months
    for index in range(_planned(centre, service)):
        time = rules.offer_time(index + 1, *rates, step_months) - elapsed
        if time <= 0:
            continue  # before the first day of the run
        yield centre.clock.until(time, EventKind.ENQUIRY, member(source.order, index))
        if management.skips(centre, service):
            centre.count(inputs.counters.skipped)
            continue
        draws = draws_of(centre, source, index)
        centre.clock.process(life(centre, Engagement(source, index, draws)))


def projects(centre: Centre, row: int) -> Generator[Event]:
    """Demonstrations, evenly from one month to another: those whose firms are willing begin."""
    inputs, source = centre.inputs, centre.inputs.sources[row]
    number = inputs.demonstrated[source.segment].number
    months = (inputs.demonstrations.from_month, inputs.demonstrations.until_month)
    for index in range(number):
        time = rules.demonstration_time(index + 1, number, *months)
        if time <= 0:
            continue  # before the first day of the run
        yield centre.clock.until(time, EventKind.ENQUIRY, member(source.order, index))
        draws = draws_of(centre, source, index)
        willing = demonstrations.is_willing(centre, source, draws.price)
        if centre.say:
            firm = f"a firm of {centre.names.segments[source.segment]}"
            centre.say(f"{firm} {'agrees' if willing else 'is not willing'} to demonstrate")
        if willing:
            centre.clock.process(life(centre, Engagement(source, index, draws)))


def further_offers(centre: Centre) -> Generator[Event]:
    """Each month end at which the mission has less than its floor, hold more for it.

    What waits for staff is to do already.
    """
    terms, offered = centre.inputs.management, _offered_for_the_mission(centre)
    while True:
        yield centre.clock.wait(1, EventKind.ENQUIRY, terms.offers_order)
        if centre.liquidity.dormant:
            continue
        hours, floor = centre.mission_hours(_YEAR), terms.mission_floor_share
        days = rules.lacking_days(*hours, floor, terms.more_mission_days)
        _hold(centre, offered, days, sum(team.mission_waits() for team in centre.teams))


def _offered_for_the_mission(centre: Centre) -> list[int]:
    """The sources of what is offered for the mission, and takes staff time, by their streams."""
    services, sources = centre.inputs.services, centre.inputs.sources
    rows = [
        row
        for row, source in enumerate(sources)
        if source.origin == Origin.OFFER
        and services[source.service].mission
        and services[source.service].staff_days > 0
        and _planned(centre, services[source.service]) > 1
    ]
    return sorted(rows, key=lambda row: sources[row].order)


def _hold(centre: Centre, offered: list[int], days: float, waiting: int) -> None:
    """Hold so many days' work for the mission, one of each service in turn, less what waits."""
    inputs, direction = centre.inputs, centre.direction
    while offered:
        source = inputs.sources[offered[direction.further % len(offered)]]
        service = inputs.services[source.service]
        if service.staff_days > 2 * days:
            return
        days -= service.staff_days
        if waiting > 0:
            waiting -= 1
            continue
        index = _planned(centre, service) + direction.further
        member(source.order, index)
        draws = draws_of(centre, source, index)
        centre.clock.process(life(centre, Engagement(source, index, draws)))
        direction.further += 1


def _planned(centre: Centre, service: Service) -> int:
    """How many of a service the plan can offer until the end, at the most."""
    months = centre.inputs.horizon.elapsed_months + centre.inputs.horizon.months
    return rules.offers(centre.inputs.offered, service.first_step, service.steps, months)
