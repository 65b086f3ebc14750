"""The life of an engagement, from enquiry to payment: read `life` from top to bottom."""

from collections.abc import Generator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import NamedTuple

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre import outcomes
from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.payments import Claim, collect
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
from ncpcsim.plan.schema import Demand, Service

WIDTH = 12
"""Draws of one candidate."""
FAILS_AFTER = 0.5
"""Part of the work that is done when a client fails in mid-project; an assumption."""


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
    failure: float
    options: float
    relapse: float


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
    failure or success, costs, effects, what the client asks for next, invoice and payment.
    """
    clock, this, draws = centre.clock, engagement.entity, engagement.draws
    numbers, service, name = centre.numbers, engagement.service, engagement.name
    _mark(centre, engagement, "asked", "asked for")

    price_usd = 0.0
    if engagement.segment is not None:
        yield clock.wait(numbers.market.decision_months, Kind.ENQUIRY, this)
        demand = service.clients[engagement.segment]
        price_usd = _price_today(centre, service, demand)
        if price_usd > 0:
            centre.count(name, "priced")
        if not _accepted(centre, demand, price_usd, draws):
            _mark(centre, engagement, "declined", "declined")
            return

    days = rules.working_days(service.staff_days, service.variability, draws.work)
    fails = _fails(centre, engagement)
    if fails:
        days *= FAILS_AFTER
    by_experts = _overflows(centre, engagement, days)
    outside_share = 1.0 if by_experts else _outside_share(centre, service)
    team = centre.teams[service.role]
    queue: AbstractContextManager[Event | None] = (
        nullcontext() if by_experts else team.ask(service.priority, mission=service.mission)
    )
    with queue as turn:
        if turn is not None and not (yield from _somebody_comes(centre, engagement, turn)):
            _mark(centre, engagement, "left", "left waiting")
            return
        _say(centre, engagement, "begun")
        own_days = days * (1.0 - outside_share) / team.productivity(clock.now)
        if by_experts:
            yield clock.wait(days / numbers.staff.working_days_month, Kind.COMPLETION, this)
        else:
            yield from team.work(own_days / numbers.staff.working_days_month, this)

    centre.count_time(name, own_days, mission=service.mission)
    _pay_costs(centre, service, days * outside_share)
    if fails:
        _mark(centre, engagement, "failed", "failed with its client")
        centre.lose_standing()
        return

    _mark(centre, engagement, "done", "done")
    _teach(centre, engagement)
    _take_effect(centre, engagement)
    if engagement.segment is not None:
        _ask_for_more(centre, engagement, engagement.segment)
        _benefit(centre, engagement, engagement.segment)
        yield from _charge(centre, engagement, engagement.segment, price_usd)


def _mark(centre: Centre, engagement: Engagement, what: str, words: str) -> None:
    centre.count(engagement.name, what)
    _say(centre, engagement, words)


def _say(centre: Centre, engagement: Engagement, what: str) -> None:
    if centre.say:
        centre.say(f"{engagement.label()} {what}")


def _price_today(centre: Centre, service: Service, demand: Demand) -> float:
    """Price and participants' fees; nobody pays before the centre has made its name."""
    if not centre.charges(service):
        return 0.0
    month = centre.ledger.month
    listed = demand.price_usd + (demand.participation_fee_usd or 0.0) * service.participants
    return listed * centre.economy.prices[month] * centre.direction.price_factor


def _accepted(centre: Centre, demand: Demand, price_usd: float, draws: Draws) -> bool:
    willingness = demand.willingness_usd * centre.economy.costs[centre.ledger.month]
    sigma = centre.numbers.market.willingness_sigma
    return rules.accepts(price_usd, willingness, sigma, draws.price)


def _fails(centre: Centre, engagement: Engagement) -> bool:
    if engagement.segment is None or not engagement.service.project:
        return False
    probability = centre.numbers.segments[engagement.segment].failure_probability
    return engagement.draws.failure < (probability or 0.0)


def _overflows(centre: Centre, engagement: Engagement, days: float) -> bool:
    """Whether outside experts take a client's work because staff are short.

    Not what the centre does for its mission, which nobody pays for; and nothing while it moves.
    """
    terms, service = centre.numbers.overflow, engagement.service
    if terms is None or engagement.segment is None or service.mission or centre.host.moving:
        return False
    if centre.teams[service.role].waiting() <= terms.above_waiting:
        return False
    return centre.book_experts(days, terms.days_month)


def _outside_share(centre: Centre, service: Service) -> float:
    """Share of the days that outside experts do: none before somebody pays (003, Figure 11)."""
    return service.outside_share if centre.charges(service) else 0.0


def _somebody_comes(
    centre: Centre, engagement: Engagement, turn: Event
) -> Generator[Event, None, bool]:
    """Wait for staff; whether somebody comes before the client's patience ends."""
    patience = _patience_months(centre, engagement)
    if patience is None:
        yield turn
    else:
        yield turn | centre.clock.wait(patience, Kind.COMPLETION, engagement.entity)
    return turn.triggered


def _patience_months(centre: Centre, engagement: Engagement) -> float | None:
    """How long this client waits for staff; nothing if longer than the run can last."""
    if engagement.segment is None:
        return None
    segment = centre.numbers.segments[engagement.segment]
    patience = rules.exponential(segment.patience_months, engagement.draws.patience)
    return patience if patience < centre.numbers.horizon.months else None


def _pay_costs(centre: Centre, service: Service, expert_days: float) -> None:
    level = centre.economy.costs[centre.ledger.month]
    for account, usd in (
        (Account.MATERIALS, service.materials_usd),
        (Account.TRAVEL, service.travel_usd),
        (Account.SUBCONTRACTORS, expert_days * centre.numbers.staff.outside_day_rate_usd),
    ):
        cost = rules.cents(usd * level)
        centre.ledger.post(account, Account.CASH, cost, "cost of an engagement")


def _teach(centre: Centre, engagement: Engagement) -> None:
    """Who took part; who of them works as an assessor since, with what institution, or as a rival.

    An institution is no rival but a network: it takes over work and wins clients (003, Training).
    """
    service, name = engagement.service, engagement.name
    people = centre.count_parts(name, "participants", service.participants)
    if service.attended_days:
        centre.count_parts(name, "person_days", people * service.attended_days)
    if not service.assessors_share:
        return
    u = centre.luck.one(f"{engagement.stream}.assessors", engagement.index)
    assessors = rules.binomial(people, service.assessors_share, u)
    centre.count(name, "assessors", assessors)
    centre.market.train(assessors * (service.rivals_share or 0.0))
    if service.institutions_share:
        u = centre.luck.one(f"{engagement.stream}.institutions", engagement.index)
        institutions = rules.binomial(assessors, service.institutions_share, u)
        centre.count(name, "institutions", institutions)
        if institutions and centre.numbers.market.institution_clients:
            centre.market.tell(institutions * centre.numbers.market.institution_clients)


def _take_effect(centre: Centre, engagement: Engagement) -> None:
    """What the work does besides earn: awareness, standing, adopted advice, finance."""
    service, market, standing = engagement.service, centre.market, centre.numbers.credibility
    if service.reaches_clients > 0:
        market.tell(service.reaches_clients)
    if engagement.segment is not None and centre.numbers.market.word_of_mouth_clients > 0:
        market.tell(centre.numbers.market.word_of_mouth_clients, engagement.segment)
    if standing and engagement.segment is not None:
        market.gain_credibility(standing.per_engagement)
    if engagement.draws.adoption < service.adoption_probability:
        centre.count(engagement.name, "adopted")
        _say(centre, engagement, "adopted")
        market.improve_climate(service.climate_gain)
        if standing:
            market.gain_credibility(standing.per_adoption)
    if service.finance_probability:
        u = centre.luck.one(f"{engagement.stream}.finance", engagement.index)
        if u < service.finance_probability:
            centre.count(engagement.name, "financed")


def _ask_for_more(centre: Centre, done: Engagement, segment: str) -> None:
    """A served client may ask for a service that follows this one."""
    for name, follows in centre.follow_ons.get(done.name, ()):
        service = centre.numbers.services[name]
        if segment not in service.clients:
            continue
        # Named after where the client came from: each served client has luck of its own.
        stream = f"{name}.after.{done.stream}"
        draws = Draws(*centre.luck.draws(stream, done.index, 1, WIDTH)[0])
        if draws.follow_on < follows.probability:
            more = Engagement(name, service, segment, stream, done.index, draws)
            centre.clock.process(life(centre, more))


def _benefit(centre: Centre, engagement: Engagement, segment: str) -> None:
    """What the client gains: it may join as a member, and saves by the options it implements."""
    client = outcomes.Client(engagement.stream, engagement.index)
    if centre.numbers.membership is not None:
        centre.clock.process(outcomes.membership(centre, client))
    if engagement.service.finds_options and centre.numbers.savings is not None:
        centre.clock.process(_savings(centre, engagement, segment, client))


def _savings(
    centre: Centre, engagement: Engagement, segment: str, client: outcomes.Client
) -> Generator[Event]:
    """The client saves, and after a year owes a share of it where the contract says so."""
    draws, done = engagement.draws, centre.clock.now
    charged = centre.charges(engagement.service)
    implemented, saved_year_usd = outcomes.options(centre, client, draws.options)
    saving = outcomes.saving(centre, client, implemented, saved_year_usd, draws.relapse)
    if outcomes.relapses_within_a_year(centre):
        kept = yield from saving
    else:
        centre.clock.process(saving)
        kept = 1.0
    share = engagement.service.clients[segment].success_fee_share
    if not (share and charged and implemented):
        return
    this = entity(f"{engagement.stream}.success", engagement.index)
    yield centre.clock.until(max(done + 12, centre.clock.now), Kind.RECEIPT, this)
    owed = rules.cents(share * kept * saved_year_usd)
    yield from collect(centre, _claim(centre, engagement, segment, owed, this))


def _charge(
    centre: Centre, engagement: Engagement, segment: str, price_usd: float
) -> Generator[Event]:
    """Invoice the ministry and the client."""
    demand = engagement.service.clients[segment]
    ministry = centre.numbers.ministry
    if ministry and demand.ministry_pays_usd and centre.charges(engagement.service):
        paid = centre.claim_from_ministry(rules.cents(demand.ministry_pays_usd))
        stream = f"{engagement.stream}.ministry"
        u = centre.luck.one(stream, engagement.index)
        late = rules.exponential(ministry.payment_delay_months, u)
        this = entity(stream, engagement.index)
        claim = Claim(Account.DOMESTIC_PUBLIC, paid, this, late, f"{engagement.name}, ministry")
        centre.clock.process(collect(centre, claim))
    if price_usd > 0:
        owed = rules.cents(price_usd)
        yield from collect(centre, _claim(centre, engagement, segment, owed, engagement.entity))


def _claim(centre: Centre, engagement: Engagement, segment: str, owed: int, this: int) -> Claim:
    """Ask a client for money: it pays all its invoices as late as it pays one, or none of them."""
    terms, draws = centre.numbers.segments[segment], engagement.draws
    late = rules.exponential(terms.payment_delay_months, draws.payment)
    bad = draws.default < terms.bad_debt_probability
    fees = centre.fee_accounts[engagement.name]
    return Claim(fees, owed, this, late, engagement.name, never_paid=bad)
