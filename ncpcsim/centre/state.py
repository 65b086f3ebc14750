"""What the processes of one run share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from simpy import PriorityResource

from ncpcsim import rules
from ncpcsim.centre.clock import Clock
from ncpcsim.ledger import Ledger
from ncpcsim.luck import Luck
from ncpcsim.plan.schema import Numbers

COUNTED = ("asked", "declined", "left", "done", "participants", "adopted")
"""What is counted of each service, each month: enquiries (and engagements the centre offers),
prices declined, clients who left waiting, engagements done, people who took part, advice adopted.
"""


def counted_names(services: Iterable[str]) -> tuple[str, ...]:
    """Names of all that is counted, "SERVICE.WHAT", in order."""
    return tuple(f"{service}.{what}" for service in services for what in COUNTED)


class Tally:
    """Counts of what happened, by service and month."""

    def __init__(self, services: Iterable[str], months: int) -> None:
        self.names = counted_names(services)
        self.rows = {name: [0] * months for name in self.names}


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


@dataclass
class Purse:
    """Earmarked money of one grant: what each category may still spend, in cents.

    Attributes:
        salaries: for the posts that the grant pays.
        advanced: what the centre paid for those posts while the grant was late.
        instalments: for other categories, sums to be spent evenly: [category, cents, months left].
    """

    salaries: int = 0
    advanced: int = 0
    instalments: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True)
class Centre:
    """The parts of one run, by what they are for.

    Attributes:
        numbers: the plan, uncertain parameters drawn.
        luck: this replication's luck.
        clock: the simulation's clock.
        ledger: the books.
        tally: counts of what happened.
        market: awareness and policy climate.
        teams: the people of each role, as a resource that engagements queue for.
        purses: earmarked money, by grant.
        fee_accounts: number of each service's fee account.
        say: told in words what happens, when a trace is wanted.
    """

    numbers: Numbers
    luck: Luck
    clock: Clock
    ledger: Ledger
    tally: Tally
    market: Market
    teams: dict[str, PriorityResource]
    purses: dict[str, Purse]
    fee_accounts: dict[str, int]
    say: Callable[[str], None] | None = None

    def count(self, service: str, what: str, number: int = 1) -> None:
        """Count something that happened to a service this month."""
        if not self.ledger.closed:
            self.tally.rows[f"{service}.{what}"][self.ledger.month] += number
