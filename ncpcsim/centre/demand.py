"""Where engagements come from: clients who ask, and what the centre offers of its own accord."""

from collections.abc import Generator

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.engagements import WIDTH, Draws, Engagement, life
from ncpcsim.centre.state import Centre
from ncpcsim.luck import candidates


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
    for index, (time, draws) in enumerate(arrivals):
        yield centre.clock.wait(time - centre.clock.now, Kind.ENQUIRY, entity(stream, index))
        rate = centre.market.enquiry_rate_month(segment, asks_year)
        if draws[1] * most < rate:
            engagement = Engagement(name, service, segment, stream, index, Draws(*draws))
            centre.clock.process(life(centre, engagement))


def offers(centre: Centre, name: str) -> Generator[Event]:
    """What the centre does of its own accord: so many a year, evenly, free of charge."""
    service = centre.numbers.services[name]
    stream = f"offer.{name}"
    every_months = 12 / service.offered_year
    # A trifle more, for what rounding takes from the last one.
    number = int(centre.numbers.horizon.months / every_months + 1e-9)
    for index, draws in enumerate(centre.luck.draws(stream, 0, number, WIDTH)):
        time = (index + 1) * 12 / service.offered_year
        yield centre.clock.until(time, Kind.ENQUIRY, entity(stream, index))
        engagement = Engagement(name, service, None, stream, index, Draws(*draws))
        centre.clock.process(life(centre, engagement))
