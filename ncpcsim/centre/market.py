"""The state of the market: who knows of the centre, its standing and rivals, the climate."""

import math

from ncpcsim import rules
from ncpcsim.centre.clock import Clock
from ncpcsim.centre.economy import Economy
from ncpcsim.plan.schema import Numbers, Service

RECENT_MONTHS = 24
"""How long money won from one source is a recommendation to the next."""


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


class Market:
    """What decides how many clients ask, and whether funders listen."""

    def __init__(self, numbers: Numbers, clock: Clock, economy: Economy) -> None:
        market, self._competition = numbers.market, numbers.competition
        self._clock, self._economy = clock, economy
        self._climate_effect = market.climate_effect
        self._potential_clients = {n: s.potential_clients for n, s in numbers.segments.items()}
        # An exact sum, whatever the order in which the plan names its segments.
        self._all_potential_clients = math.fsum(self._potential_clients.values())
        self._aware_at_most = {n: s.aware_at_most for n, s in numbers.segments.items()}
        self._aware = {
            name: Fading(clock, segment.aware_at_start, market.awareness_fade_month)
            for name, segment in numbers.segments.items()
        }
        self._climate = Fading(clock, 0.0, market.climate_fade_month)
        standing = numbers.credibility
        self._credibility = (
            Fading(clock, standing.at_start, standing.fade_month) if standing else None
        )
        self._trained = 0.0
        self._won: dict[str, float] = {}

    def aware(self, segment: str) -> float:
        """Share of a segment's clients that know of the centre now."""
        return self._aware[segment].now()

    def climate(self) -> float:
        """The policy climate now, 0 to 1."""
        return self._climate.now()

    def credibility(self) -> float:
        """Standing with funders now, 0 to 1."""
        return self._credibility.now() if self._credibility else 1.0

    def rivals(self) -> float:
        """Share of contested demand that rivals take now."""
        rival = self._competition
        if rival is None:
            return 0.0
        return rules.rivals(rival.at_start, rival.at_most, self._trained, rival.trained_scale)

    def highest_rate_month(self, segment: str, asks_year: float) -> float:
        """What `enquiry_rate_month` cannot exceed until somebody is told or advice adopted."""
        return rules.enquiry_rate_month(
            asks_year,
            self._potential_clients[segment],
            self._aware[segment].level,
            self._climate.level,
            self._climate_effect,
        )

    def enquiry_rate_month(self, segment: str, service: Service, asks_year: float) -> float:
        """Enquiries a month now, from a segment for a service it asks `asks_year` a client."""
        rate = rules.enquiry_rate_month(
            asks_year,
            self._potential_clients[segment],
            self.aware(segment),
            self.climate(),
            self._climate_effect,
        )
        if service.contested_share:
            rate *= 1.0 - service.contested_share * self.rivals()
        return rate * self._economy.demand(service.cycle_exposure, self._clock.now)

    def tell(self, clients: float, segment: str | None = None) -> None:
        """Let `clients`, met at random in one segment or in all of them, learn of the centre."""
        if segment:
            told, met_among = [segment], self._potential_clients[segment]
        else:
            told, met_among = list(self._aware), self._all_potential_clients
        for name in told:
            aware, at_most = self._aware[name], self._aware_at_most[name]
            aware.set(rules.reached(aware.now(), at_most, clients, met_among))

    def improve_climate(self, gain: float) -> None:
        """Let the government adopt a recommendation, or an event of policy happen."""
        self._climate.set(rules.improved(self.climate(), gain))

    def gain_credibility(self, gain: float) -> None:
        """Raise the centre's standing."""
        if self._credibility:
            self._credibility.set(rules.improved(self.credibility(), gain))

    def lose_credibility(self, share: float) -> None:
        """Lower the centre's standing."""
        if self._credibility:
            self._credibility.set(self.credibility() * (1.0 - share))

    def train(self, rivals: float) -> None:
        """Let some people who have learnt the trade practise it themselves."""
        self._trained += rivals

    def win(self, source: str) -> None:
        """Remember that a source gave money now."""
        self._won[source] = self._clock.now

    def other_sources(self, source: str) -> int:
        """How many other sources gave money lately."""
        since = self._clock.now - RECENT_MONTHS
        return sum(name != source and time >= since for name, time in self._won.items())
