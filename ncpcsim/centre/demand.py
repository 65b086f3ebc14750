"""Where engagements come from: clients who ask, and what the centre offers of its own accord."""

from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre import management
from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.engagements import WIDTH, Draws, Engagement, life
from ncpcsim.centre.state import Centre
from ncpcsim.luck import candidates
from ncpcsim.plan.schema import Numbers


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """What the centre offers, and what clients ask."""
    for name, service in centre.numbers.services.items():
        if service.offered_by_step or service.offered_year:
            yield offers(centre, name)
        for segment in service.clients:
            yield enquiries(centre, name, segment)


def enquiries(centre: Centre, name: str, segment: str) -> Generator[Event]:
    """Enquiries of one segment for one service: a Poisson process, thinned by the state.

    Candidates come at the largest rate that full awareness and the best policy climate could
    bring; each becomes an enquiry with the share of that rate that holds at its time.
    """
    numbers = centre.numbers
    service = numbers.services[name]
    asks_year = service.clients[segment].asks_year
    group = numbers.segments[segment]
    most = rules.enquiry_rate_month(
        asks_year,
        group.potential_clients,
        max(group.aware_at_most, group.aware_at_start),
        1.0,
        numbers.market.climate_effect,
    )
    stream = f"enquiry.{name}.{segment}"
    arrivals = candidates(centre.luck, stream, most, numbers.horizon.months, WIDTH)
    clock, market, first_entity = centre.clock, centre.market, entity(stream, 0)
    for index, candidate in enumerate(arrivals):
        yield clock.until(candidate.time, Kind.ENQUIRY, first_entity + index)
        # Most candidates come to nothing: what the state can be at the most spares its reckoning.
        wanted = candidate.thinning * most
        if wanted >= market.highest_rate_month(segment, asks_year):
            continue
        if wanted < market.enquiry_rate_month(segment, service, asks_year):
            draws = Draws(*candidate.row.tolist())
            clock.process(life(centre, Engagement(name, service, segment, stream, index, draws)))


def offered_rates(numbers: Numbers, name: str) -> tuple[tuple[float, ...], int]:
    """What the centre offers of a service a year, by step, and the length of a step in months."""
    service = numbers.services[name]
    step_months = numbers.declaration.step_months if numbers.declaration else 1
    return service.offered_by_step or (service.offered_year,), step_months


def offers(centre: Centre, name: str) -> Generator[Event]:
    """What the centre does of its own accord: so many a year, evenly, free of charge."""
    service = centre.numbers.services[name]
    stream = f"offer.{name}"
    months = centre.numbers.horizon.months
    rates_year, step_months = offered_rates(centre.numbers, name)
    number = int(max(rates_year) / 12 * months) + 1
    draws_of = centre.luck.draws(stream, 0, number, WIDTH)
    for index, draws in enumerate(draws_of):
        time = rules.offer_time(index + 1, rates_year, step_months)
        yield centre.clock.until(time, Kind.ENQUIRY, entity(stream, index))
        if management.skips(centre, service):
            centre.count("mission", "skipped")
            continue
        engagement = Engagement(name, service, None, stream, index, Draws(*draws))
        centre.clock.process(life(centre, engagement))
