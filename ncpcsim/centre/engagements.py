"""The life of an engagement, from enquiry to payment."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
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
        stream: the stream of candidates it comes from.
        index: its number in that stream.
        draws: its luck.
    """

    name: str
    service: Service
    segment: str | None
    stream: str
    index: int
    draws: Draws

    @property
    def entity(self) -> int:
        """Orders this engagement among what falls on the same instant."""
        return entity(self.stream, self.index)

    def label(self) -> str:
        """The engagement in words, for a trace."""
        return f"{self.name} for {self.segment or 'all'} #{self.index}"


def life(centre: Centre, engagement: Engagement) -> Generator[Event]:
    """From enquiry to payment.

    Enquiry, proposal, price accepted or not, wait for staff (leave if it takes too long), work,
    effects, invoice, payment or default.
    """
    clock, this, draws = centre.clock, engagement.entity, engagement.draws
    numbers, service, name = centre.numbers, engagement.service, engagement.name
    centre.count(name, "asked")
    _say(centre, engagement, "asked for")

    price_usd = 0.0
    if engagement.segment is not None:
        yield clock.wait(numbers.market.decision_months, Kind.ENQUIRY, this)
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
            yield turn | clock.wait(patience, Kind.COMPLETION, this)
        if not turn.triggered:
            centre.count(name, "left")
            _say(centre, engagement, "left waiting")
            return
        _say(centre, engagement, "begun")
        days = rules.working_days(service.staff_days, service.variability, draws.work)
        busy = rules.occupied_months(days, service.outside_share, numbers.staff.working_days_month)
        yield clock.wait(busy, Kind.COMPLETION, this)

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
        # Named after where the client came from: each served client has luck of its own.
        stream = f"{name}.after.{done.stream}"
        draws = Draws(*centre.luck.draws(stream, done.index, 1, WIDTH)[0])
        if draws.follow_on < follows.probability:
            more = Engagement(name, service, done.segment, stream, done.index, draws)
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
