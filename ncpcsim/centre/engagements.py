"""The life of an engagement, from enquiry to payment, and where engagements come from."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
from ncpcsim.luck import candidates
from ncpcsim.plan.schema import Demand, Segment, Service

WIDTH = 12
"""Draws of one candidate."""


class Draws(NamedTuple):
    """The draws of one candidate, each for one thing that may happen to it."""

    arrival: float
    thinning: float
    price: float
    patience: float
    work: float
    payment: float
    default: float
    adoption: float
    follow_on: float
    spare_1: float
    spare_2: float
    spare_3: float


@dataclass(frozen=True)
class Engagement:
    """One piece of work: what it is, for whom, and its luck.

    Attributes:
        name: the service's name.
        service: the service.
        segment: the client's segment, or nothing where the centre acts of its own accord.
        entity: number that is unique in the run; orders what happens at the same instant.
        draws: the candidate's luck.
    """

    name: str
    service: Service
    segment: str | None
    entity: int
    draws: Draws

    def label(self) -> str:
        """The engagement in words, for a trace."""
        return f"{self.name} for {self.segment or 'all'} #{self.entity & INDEX_MASK}"


def life(centre: Centre, engagement: Engagement) -> Generator[Event]:
    """From enquiry to payment.

    Enquiry, proposal, price accepted or not, wait for staff (leave if it takes too long), work,
    effects, invoice, payment or default.
    """
    clock, entity, draws = centre.clock, engagement.entity, engagement.draws
    numbers, service, name = centre.numbers, engagement.service, engagement.name
    centre.count(name, "asked")
    _say(centre, engagement, "asked for")

    price_usd = 0.0
    if engagement.segment is not None:
        yield clock.wait(numbers.market.decision_months, Kind.ENQUIRY, entity)
        demand = service.clients[engagement.segment]
        price_usd = _price_today(centre, demand)
        if not _accepted(centre, demand, price_usd, draws):
            centre.count(name, "declined")
            _say(centre, engagement, "declined")
            return

    with centre.teams[service.role].request(priority=service.priority) as turn:
        patience = _patience_months(centre, engagement)
        if patience is None:
            yield turn
        else:
            yield turn | clock.wait(patience, Kind.COMPLETION, entity)
        if not turn.triggered:
            centre.count(name, "left")
            _say(centre, engagement, "left waiting")
            return
        _say(centre, engagement, "begun")
        days = rules.working_days(service.staff_days, service.variability, draws.work)
        busy = rules.occupied_months(days, service.outside_share, numbers.staff.working_days_month)
        yield clock.wait(busy, Kind.COMPLETION, entity)

    centre.count(name, "done")
    centre.count(name, "participants", service.participants)
    _say(centre, engagement, "done")
    _pay_costs(centre, service, days)
    _take_effect(centre, engagement)
    _ask_for_more(centre, engagement)

    if engagement.segment is not None and price_usd > 0:
        yield from _payment(centre, engagement, numbers.segments[engagement.segment], price_usd)


def _say(centre: Centre, engagement: Engagement, what: str) -> None:
    if centre.say:
        centre.say(f"{engagement.label()} {what}")


def _price_today(centre: Centre, demand: Demand) -> float:
    """Nobody pays before the centre has made its name."""
    charged = centre.ledger.month >= centre.numbers.market.charge_from_month
    return demand.price_usd if charged else 0.0


def _accepted(centre: Centre, demand: Demand, price_usd: float, draws: Draws) -> bool:
    sigma = centre.numbers.market.willingness_sigma
    return rules.accepts(price_usd, demand.willingness_usd, sigma, draws.price)


def _patience_months(centre: Centre, engagement: Engagement) -> float | None:
    """How long this client waits for staff; nothing if longer than the run can last."""
    if engagement.segment is None:
        return None
    segment = centre.numbers.segments[engagement.segment]
    patience = rules.exponential(segment.patience_months, engagement.draws.patience)
    return patience if patience < centre.numbers.horizon.months else None


def _pay_costs(centre: Centre, service: Service, days: float) -> None:
    expert_usd = days * service.outside_share * centre.numbers.staff.outside_day_rate_usd
    for account, usd in (
        (Account.MATERIALS, service.materials_usd),
        (Account.TRAVEL, service.travel_usd),
        (Account.SUBCONTRACTORS, expert_usd),
    ):
        centre.ledger.post(account, Account.CASH, rules.cents(usd), "cost of an engagement")


def _take_effect(centre: Centre, engagement: Engagement) -> None:
    """What the work does besides earn: awareness, word of mouth, adopted advice."""
    service = engagement.service
    if service.reaches_clients > 0:
        centre.market.tell(service.reaches_clients)
    if engagement.segment is not None and centre.numbers.market.word_of_mouth_clients > 0:
        centre.market.tell(centre.numbers.market.word_of_mouth_clients, engagement.segment)
    if engagement.draws.adoption < service.adoption_probability:
        centre.count(engagement.name, "adopted")
        _say(centre, engagement, "adopted")
        centre.market.adopt_advice(service.climate_gain)


def _ask_for_more(centre: Centre, done: Engagement) -> None:
    """A served client may ask for a service that follows this one."""
    if done.segment is None:
        return
    for name, service in centre.numbers.services.items():
        follows = service.follows
        if follows is None or follows.service != done.name or done.segment not in service.clients:
            continue
        stream = f"follow_on.{name}.{done.segment}"
        index = done.entity & INDEX_MASK
        draws = Draws(*centre.luck.draws(stream, index, 1, WIDTH)[0])
        if draws.follow_on < follows.probability:
            entity = entity_number(centre, name, done.segment, "follow_on") | index
            more = Engagement(name, service, done.segment, entity, draws)
            centre.clock.process(life(centre, more))


def _payment(
    centre: Centre, engagement: Engagement, segment: Segment, price_usd: float
) -> Generator[Event]:
    """The invoice, and its payment or write-off."""
    price = rules.cents(price_usd)
    fees = centre.fee_accounts[engagement.name]
    centre.ledger.post(Account.RECEIVABLES, fees, price, f"invoice, {engagement.name}")
    if engagement.draws.default < segment.bad_debt_probability:
        months = centre.numbers.market.write_off_months
        yield centre.clock.wait(months, Kind.RECEIPT, engagement.entity)
        centre.ledger.post(Account.BAD_DEBTS, Account.RECEIVABLES, price, "invoice written off")
    else:
        months = rules.exponential(segment.payment_delay_months, engagement.draws.payment)
        yield centre.clock.wait(months, Kind.RECEIPT, engagement.entity)
        centre.ledger.post(Account.CASH, Account.RECEIVABLES, price, "invoice paid")


INDEX_BITS = 24
INDEX_MASK = (1 << INDEX_BITS) - 1
_ORIGINS = ("client", "offer", "follow_on")


def entity_number(centre: Centre, service: str, segment: str | None, origin: str) -> int:
    """First of the entity numbers of a stream of engagements; the index is added to it."""
    services, segments = list(centre.numbers.services), list(centre.numbers.segments)
    place = services.index(service) * (len(segments) + 1)
    place += segments.index(segment) + 1 if segment else 0
    return (place * len(_ORIGINS) + _ORIGINS.index(origin)) << INDEX_BITS


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
    first_entity = entity_number(centre, name, segment, "client")
    stream = f"enquiry.{name}.{segment}"
    arrivals = candidates(centre.luck, stream, most, numbers.horizon.months, WIDTH)
    for index, (time, draws) in enumerate(arrivals):
        entity = first_entity | index
        yield centre.clock.wait(time - centre.clock.now, Kind.ENQUIRY, entity)
        rate = centre.market.enquiry_rate_month(segment, asks_year)
        if draws[1] * most < rate:
            engagement = Engagement(name, service, segment, entity, Draws(*draws))
            centre.clock.process(life(centre, engagement))


def offers(centre: Centre, name: str) -> Generator[Event]:
    """What the centre does of its own accord: so many a year, evenly, free of charge."""
    service = centre.numbers.services[name]
    first_entity = entity_number(centre, name, None, "offer")
    every_months = 12 / service.offered_year
    number = int(centre.numbers.horizon.months / every_months)
    for index, draws in enumerate(centre.luck.draws(f"offer.{name}", 0, number, WIDTH)):
        entity = first_entity | index
        yield centre.clock.wait(every_months, Kind.ENQUIRY, entity)
        centre.clock.process(life(centre, Engagement(name, service, None, entity, Draws(*draws))))
