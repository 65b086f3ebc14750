"""The state of the market: who knows of the centre, its credibility and rivals, the climate."""

from ncpcsim.compiled.aside import bring_back
from ncpcsim.compiled.state import Centre
from ncpcsim.model.fields import Service, Source
from ncpcsim.model.world import within
from ncpcsim.rules import (
    RECENT_MONTHS,
    cycle_demand,
    enquiry_rate_month,
    faded,
    improved,
    reached,
    rivals,
    served_share,
)


def aware(centre: Centre, segment: int) -> float:
    """Share of a segment's clients that know of the centre now."""
    level = centre.aware[segment]
    fade = centre.inputs.market.awareness_fade_month
    return faded(level.level, fade, centre.clock.now - level.since)


def climate(centre: Centre) -> float:
    """The policy climate now, 0 to 1."""
    market, fade = centre.market, centre.inputs.market.climate_fade_month
    return faded(market.climate, fade, centre.clock.now - market.climate_since)


def credibility(centre: Centre) -> float:
    """Credibility with funders now, 0 to 1."""
    market, fade = centre.market, centre.inputs.credibility.fade_month
    return faded(market.credibility, fade, centre.clock.now - market.credibility_since)


def highest_rate_month(centre: Centre, source: Source) -> float:
    """What `rate_month` cannot exceed until somebody is told or advice adopted."""
    inputs = centre.inputs
    return enquiry_rate_month(
        inputs.demands[source.demand].asks_year,
        inputs.segments[source.segment].potential_clients,
        centre.aware[source.segment].level,
        centre.market.climate,
        inputs.market.climate_effect,
    )


def rate_month(centre: Centre, source: Source) -> float:
    """Enquiries a month now."""
    inputs = centre.inputs
    rate = enquiry_rate_month(
        inputs.demands[source.demand].asks_year,
        inputs.segments[source.segment].potential_clients,
        aware(centre, source.segment),
        climate(centre),
        inputs.market.climate_effect,
    )
    service = inputs.services[source.service]
    if service.contested_share != 0.0:
        rate *= 1.0 - service.contested_share * rivals_share(centre)
    if service.needs_training != 0.0:
        rate *= served_share(service.needs_training, centre.ability.trained)
    public = inputs.segments[source.segment].public
    rate *= demand_left(centre, service) * public_left(centre, public=public)
    return rate * programmes_leave(centre, source.segment)


def begin_programme(centre: Centre, row: int) -> None:
    """A giver's free programme begins, with the call for contracts in it."""
    until = centre.clock.now + centre.inputs.contracts[row].programme_months
    centre.programmes_until[row] = max(centre.programmes_until[row], until)
    centre.market.programmes_until = max(centre.market.programmes_until, until)


def programmes_leave(centre: Centre, segment: int) -> float:
    """Share of a segment's enquiries that free programmes leave now."""
    left = 1.0
    if centre.clock.now >= centre.market.programmes_until:
        return left
    for i in range(len(centre.programmes_until)):
        contract = centre.inputs.contracts[i]
        if centre.clock.now < centre.programmes_until[i] and contract.programme_segment == segment:
            left *= 1.0 - contract.programme_share
    return left


def rivals_share(centre: Centre) -> float:
    """Share of contested demand that rivals take now."""
    rival = centre.inputs.competition
    return rivals(rival.at_start, rival.at_most, centre.market.trained, rival.trained_scale)


def demand_left(centre: Centre, service: Service) -> float:
    """Share of demand that is there, for a service exposed to the cycle."""
    if service.cycle_exposure == 0.0:
        return 1.0
    world = centre.world
    if within(world.recessions, world.cycle.recessions, centre.clock.now):
        return cycle_demand(service.cycle_exposure, centre.inputs.economy.recession_demand)
    return 1.0


def public_cut(centre: Centre) -> bool:
    """Whether the public budget is cut now."""
    return within(centre.world.cuts, centre.world.cycle.cuts, centre.clock.now)


def public_left(centre: Centre, *, public: bool) -> float:
    """Share of what public bodies ask for that is there now; all of what others do."""
    if public and public_cut(centre):
        return centre.inputs.public_budget.left_share
    return 1.0


def tell_all(centre: Centre, clients: float) -> None:
    """Let clients, of all segments as they attend, learn of the centre."""
    for segment in range(len(centre.inputs.segments)):
        tell(centre, clients, segment, centre.aware[segment].met_among)


def tell_one(centre: Centre, clients: float, segment: int) -> None:
    """Let clients, met at random in one segment, learn of the centre."""
    tell(centre, clients, segment, centre.inputs.segments[segment].potential_clients)


def tell(centre: Centre, clients: float, segment: int, met_among: float) -> None:
    """Let the clients of a segment learn of the centre, met at random among so many."""
    level, at_most = centre.aware[segment], centre.inputs.segments[segment].aware_at_most
    level.level = reached(aware(centre, segment), at_most, clients, met_among)
    level.since = centre.clock.now
    bring_back(centre, segment)


def lose_awareness(centre: Centre, share: float, segment: int) -> None:
    """Put off a share of a segment's clients that know of the centre."""
    level = centre.aware[segment]
    level.level = aware(centre, segment) * (1.0 - share)
    level.since = centre.clock.now


def improve_climate(centre: Centre, gain: float) -> None:
    """Let the government adopt a recommendation, or an event of policy happen."""
    centre.market.climate = improved(climate(centre), gain)
    centre.market.climate_since = centre.clock.now
    for segment in range(len(centre.inputs.segments)):
        bring_back(centre, segment)


def gain_credibility(centre: Centre, gain: float) -> None:
    """Raise the centre's credibility."""
    centre.market.credibility = improved(credibility(centre), gain)
    centre.market.credibility_since = centre.clock.now


def lose_credibility(centre: Centre) -> None:
    """A project failed: funders hear of it."""
    left = 1.0 - centre.inputs.credibility.per_failure
    centre.market.credibility = credibility(centre) * left
    centre.market.credibility_since = centre.clock.now


def other_sources(centre: Centre, source: int) -> int:
    """How many other sources gave money lately."""
    since, number = centre.clock.now - RECENT_MONTHS, 0
    for i in range(len(centre.won)):
        if i != source and centre.won[i] >= since:
            number += 1
    return number
