"""The state of the market: who knows of the centre, its credibility and rivals, the climate."""

from collections.abc import Sequence

from ncpcsim import rules
from ncpcsim.model.fields import Inputs, Segment, Service, Source
from ncpcsim.model.world import World, within
from ncpcsim.reference.ability import AbilityState
from ncpcsim.reference.clock import Clock


class Fading:
    """A level between 0 and 1 that wears off at a constant rate, and can be moved towards 1.

    Attributes:
        level: what it was when it was last moved; it is never higher until it is moved again.
    """

    def __init__(self, clock: Clock, level: float, rate_month: float) -> None:
        self._clock, self.level, self._rate_month = clock, level, rate_month
        self._since = 0.0

    def now(self) -> float:
        """The level at this moment."""
        return rules.faded(self.level, self._rate_month, self._clock.now - self._since)

    def set(self, level: float) -> None:
        """Move the level; it wears off from there."""
        self.level, self._since = level, self._clock.now


def _met_among(segments: Sequence[Segment]) -> list[float]:
    """Among how many each segment's clients are met where all may attend.

    Segments without a share of their own are met together in what the others leave.
    """
    left, clients = 1.0, 0.0
    for segment in segments:
        if segment.attendance_share >= 0:
            left -= segment.attendance_share
        else:
            clients += segment.potential_clients
    others = rules.met_among(clients, left)
    return [
        rules.met_among(segment.potential_clients, segment.attendance_share)
        if segment.attendance_share >= 0
        else others
        for segment in segments
    ]


class MarketState:
    """What decides how many clients ask, and whether funders listen."""

    def __init__(self, inputs: Inputs, world: World, clock: Clock, ability: AbilityState) -> None:
        market, credibility = inputs.market, inputs.credibility
        self._inputs, self._world, self._clock, self._ability = inputs, world, clock, ability
        self._met_among = _met_among(inputs.segments)
        self._aware = [
            Fading(clock, segment.aware_at_start, market.awareness_fade_month)
            for segment in inputs.segments
        ]
        self._climate = Fading(clock, inputs.opening.climate, market.climate_fade_month)
        self._credibility = Fading(clock, credibility.at_start, credibility.fade_month)
        self._trained = inputs.opening.trained
        self._won = dict(enumerate(inputs.last_gave))
        self._programmes_until = [0.0] * len(inputs.contracts)

    def aware(self, segment: int) -> float:
        """Share of a segment's clients that know of the centre now."""
        return self._aware[segment].now()

    def climate(self) -> float:
        """The policy climate now, 0 to 1."""
        return self._climate.now()

    def credibility(self) -> float:
        """Credibility with funders now, 0 to 1."""
        return self._credibility.now()

    def rivals(self) -> float:
        """Share of contested demand that rivals take now."""
        rival = self._inputs.competition
        return rules.rivals(rival.at_start, rival.at_most, self._trained, rival.trained_scale)

    def highest_rate_month(self, source: Source) -> float:
        """What `enquiry_rate_month` cannot exceed until somebody is told or advice adopted."""
        return rules.enquiry_rate_month(
            self._inputs.demands[source.demand].asks_year,
            self._inputs.segments[source.segment].potential_clients,
            self._aware[source.segment].level,
            self._climate.level,
            self._inputs.market.climate_effect,
        )

    def enquiry_rate_month(self, source: Source) -> float:
        """Enquiries a month now, from a segment for a service."""
        service = self._inputs.services[source.service]
        rate = rules.enquiry_rate_month(
            self._inputs.demands[source.demand].asks_year,
            self._inputs.segments[source.segment].potential_clients,
            self.aware(source.segment),
            self.climate(),
            self._inputs.market.climate_effect,
        )
        if service.contested_share:
            rate *= 1.0 - service.contested_share * self.rivals()
        if service.needs_training:
            rate *= rules.served_share(service.needs_training, self._ability.trained)
        public = self._inputs.segments[source.segment].public
        rate *= self._demand_left(service) * self.public_left(public=public)
        return rate * self._programmes_leave(source.segment)

    def _demand_left(self, service: Service) -> float:
        """Share of demand that is there, for a service exposed to the business cycle."""
        if not service.cycle_exposure:
            return 1.0
        world = self._world
        if within(world.recessions, world.cycle.recessions, self._clock.now):
            left = self._inputs.economy.recession_demand
            return rules.cycle_demand(service.cycle_exposure, left)
        return 1.0

    def begin_programme(self, row: int) -> None:
        """A giver's free programme begins, with the call for contracts in it."""
        months = self._inputs.contracts[row].programme_months
        until = self._clock.now + months
        self._programmes_until[row] = max(self._programmes_until[row], until)

    def _programmes_leave(self, segment: int) -> float:
        """Share of a segment's enquiries that free programmes leave now."""
        left = 1.0
        for row, until in enumerate(self._programmes_until):
            contract = self._inputs.contracts[row]
            if self._clock.now < until and contract.programme_segment == segment:
                left *= 1.0 - contract.programme_share
        return left

    def public_cut(self) -> bool:
        """Whether the public budget is cut now."""
        return within(self._world.cuts, self._world.cycle.cuts, self._clock.now)

    def public_left(self, *, public: bool) -> float:
        """Share of what public bodies ask for that is there now; all of what others do."""
        cut = public and self.public_cut()
        return self._inputs.public_budget.left_share if cut else 1.0

    def tell(self, clients: float, segment: int | None = None) -> None:
        """Let `clients` learn of the centre: of one segment, or of all as they attend."""
        segments = self._inputs.segments
        if segment is None:
            met_among = dict(enumerate(self._met_among))
        else:
            met_among = {segment: segments[segment].potential_clients}
        for row, among in met_among.items():
            aware, at_most = self._aware[row], segments[row].aware_at_most
            aware.set(rules.reached(aware.now(), at_most, clients, among))

    def lose_awareness(self, share: float, segment: int) -> None:
        """Put off a share of a segment's clients that know of the centre."""
        aware = self._aware[segment]
        aware.set(aware.now() * (1.0 - share))

    def improve_climate(self, gain: float) -> None:
        """Let the government adopt a recommendation, or an event of policy happen."""
        self._climate.set(rules.improved(self.climate(), gain))

    def gain_credibility(self, gain: float) -> None:
        """Raise the centre's credibility."""
        self._credibility.set(rules.improved(self.credibility(), gain))

    def lose_credibility(self) -> None:
        """A project failed: funders hear of it."""
        left = 1.0 - self._inputs.credibility.per_failure
        self._credibility.set(self.credibility() * left)

    def train(self, rivals: float) -> None:
        """Let some people who have learnt the trade practise it themselves."""
        self._trained += rivals

    def win(self, source: int) -> None:
        """Remember that a source gave money now."""
        self._won[source] = self._clock.now

    def other_sources(self, source: int) -> int:
        """How many other sources gave money lately."""
        since = self._clock.now - rules.RECENT_MONTHS
        return sum(row != source and time >= since for row, time in self._won.items())
