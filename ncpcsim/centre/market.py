"""The state of the market: who knows of the centre, and how good the policy climate is."""

from ncpcsim import rules
from ncpcsim.centre.clock import Clock
from ncpcsim.plan.schema import Numbers


class Market:
    """How many clients know of the centre, and how good the policy climate is."""

    def __init__(self, numbers: Numbers, clock: Clock) -> None:
        self._clock = clock
        self._market = numbers.market
        self._segments = numbers.segments
        self._aware = {name: s.aware_at_start for name, s in numbers.segments.items()}
        self._climate = 0.0
        self._aware_since = 0.0
        self._climate_since = 0.0
        self._potential_clients = sum(s.potential_clients for s in numbers.segments.values())

    def aware(self, segment: str) -> float:
        """Share of a segment's clients that know of the centre now."""
        months = self._clock.now - self._aware_since
        return rules.faded(self._aware[segment], self._market.awareness_fade_month, months)

    def climate(self) -> float:
        """The policy climate now, 0 to 1."""
        months = self._clock.now - self._climate_since
        return rules.faded(self._climate, self._market.climate_fade_month, months)

    def enquiry_rate_month(self, segment: str, asks_year: float) -> float:
        """Enquiries a month now, from a segment that asks `asks_year` a client."""
        return rules.enquiry_rate_month(
            asks_year,
            self._segments[segment].potential_clients,
            self.aware(segment),
            self.climate(),
            self._market.climate_effect,
        )

    def tell(self, clients: float, segment: str | None = None) -> None:
        """Let `clients`, met at random in one segment or in all of them, learn of the centre."""
        aware = {name: self.aware(name) for name in self._aware}
        told = [segment] if segment else list(aware)
        potential_clients = sum(self._segments[name].potential_clients for name in told)
        for name in told:
            at_most = self._segments[name].aware_at_most
            aware[name] = rules.reached(aware[name], at_most, clients, potential_clients)
        self._aware, self._aware_since = aware, self._clock.now

    def adopt_advice(self, gain: float) -> None:
        """Let the government adopt a recommendation."""
        self._climate = rules.improved(self.climate(), gain)
        self._climate_since = self._clock.now
