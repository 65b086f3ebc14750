"""The life of an engagement, from enquiry to payment: read `life` from top to bottom."""

from collections.abc import Generator
from typing import NamedTuple

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.counts import OfService, OfTraining
from ncpcsim.model.fields import NONE, Service, Source
from ncpcsim.model.order import EventKind
from ncpcsim.model.streams import one
from ncpcsim.reference import benefits, demonstrations, leadership, outcomes
from ncpcsim.reference.payments import Claim, collect, lateness
from ncpcsim.reference.state import Centre
from ncpcsim.reference.team import Request, Team
from ncpcsim.reference.work import Engagement, draws_of


class Terms(NamedTuple):
    """What a client agreed to: a price, and whether the centre charged, and so a success fee."""

    price: float = 0.0
    charged: bool = False


def life(centre: Centre, engagement: Engagement) -> Generator[Event]:
    """From enquiry to payment.

    Enquiry, proposal, price accepted or not, wait for staff (leave if it takes too long), work,
    failure or success, costs, effects, what the client asks for next, invoice and payment.
    """
    clock, order, draws = centre.clock, engagement.order, engagement.draws
    inputs, source = centre.inputs, engagement.source
    service, team = (
        inputs.services[source.service],
        centre.teams[inputs.services[source.service].team],
    )
    if centre.liquidity.dormant:
        centre.count(inputs.counters.turned_away)
        return
    _mark(centre, engagement, OfService.ASKED, "asked for")

    terms = (yield from _agreed(centre, engagement)) if engagement.for_client else Terms()
    if terms is None:
        return

    days = rules.working_days(service.staff_days, service.variability, draws.work)
    fails = _fails(centre, engagement)
    if fails:
        days *= rules.FAILS_AFTER
    days += demonstrations.selection_days(centre, source)
    own_days = 0.0
    if _overflows(centre, engagement, days):
        outside_share = 1.0
        _say(centre, engagement, "begun")
        yield clock.wait(days / inputs.staff.working_days_month, EventKind.COMPLETION, order)
    else:
        outside_share = _outside_share(centre, service)
        if not (yield from _somebody_comes(centre, engagement, team)):
            _mark(centre, engagement, OfService.LEFT, "left waiting")
            return
        _say(centre, engagement, "begun")
        own_days = _own_days(centre, engagement, days * (1.0 - outside_share), team)
        yield from team.work(own_days / inputs.staff.working_days_month, order)

    row = service.counts + OfService.STAFF_HOURS
    centre.count_time(row, own_days, mission=service.mission)
    _pay_costs(centre, service, days * outside_share)
    if fails:
        _mark(centre, engagement, OfService.FAILED, "failed with its client")
        demonstrations.fail(centre, source)
        return

    _mark(centre, engagement, OfService.DONE, "done")
    _teach(centre, engagement)
    _take_effect(centre, engagement, charged=terms.charged)
    if engagement.for_client:
        lacking = benefits.benefit(centre, engagement, charged=terms.charged)
        _ask_for_more(centre, engagement, lacking)
        yield from _charge(centre, engagement, terms.price)


def _mark(centre: Centre, engagement: Engagement, what: OfService, words: str) -> None:
    centre.count(centre.inputs.services[engagement.source.service].counts + what)
    _say(centre, engagement, words)


def _say(centre: Centre, engagement: Engagement, what: str) -> None:
    if centre.say:
        source, names = engagement.source, centre.names
        client = names.segments[source.segment] if engagement.for_client else "all"
        centre.say(f"{names.services[source.service]} for {client} #{engagement.index} {what}")


def _price_today(centre: Centre, source: Source) -> float:
    """Price and participants' fees; nobody pays before the centre has made its name."""
    service, demand = centre.inputs.services[source.service], centre.inputs.demands[source.demand]
    if not centre.charges(service):
        return 0.0
    return rules.price_charged(
        demand.price,
        demand.participation_fee,
        service.participants,
        centre.world.prices[centre.ledger.month],
        centre.direction.price_factors[source.service],
    )


def _weighed_today(centre: Centre, source: Source) -> float:
    """What a client weighs: the price, and the success fee that it expects to owe later."""
    return _price_today(centre, source) + outcomes.expected_fee(centre, source)


def _fails(centre: Centre, engagement: Engagement) -> bool:
    source = engagement.source
    if not engagement.for_client or not centre.inputs.services[source.service].project:
        return False
    return engagement.draws.failure < demonstrations.failure_probability(centre, source)


def _overflows(centre: Centre, engagement: Engagement, days: float) -> bool:
    """Whether outside experts take a client's work because staff are short.

    Not what the centre does for its mission or to show its work; and none while it moves.
    """
    source = engagement.source
    service = centre.inputs.services[source.service]
    if not engagement.for_client or service.mission or centre.host.moving:
        return False
    if demonstrations.is_one(source):
        return False
    return centre.book_experts(centre.teams[service.team].waiting(), days)


def _outside_share(centre: Centre, service: Service) -> float:
    """Share of the days that outside experts do: none before somebody pays (003, Figure 11)."""
    return service.outside_share if centre.charges(service) else 0.0


def _own_days(centre: Centre, engagement: Engagement, days: float, team: Team) -> float:
    """Days of one of the team for work of so many days, of which consultants carry a part."""
    if centre.inputs.services[engagement.source.service].project:
        days -= centre.ability.carry(days)
    return days / leadership.pace(centre, team)


def _agreed(centre: Centre, engagement: Engagement) -> Generator[Event, bool, Terms | None]:
    """From enquiry to what is agreed; None if the client leaves unwritten to, or declines.

    A firm chosen to demonstrate has agreed already, and owes no success fee.
    """
    if demonstrations.is_one(engagement.source):
        return Terms(demonstrations.price(centre, engagement.source))
    if not (yield from _is_written_to(centre, engagement)):
        _mark(centre, engagement, OfService.LEFT, "left without a proposal")
        return None
    inputs, source = centre.inputs, engagement.source
    yield centre.clock.wait(inputs.market.decision_months, EventKind.ENQUIRY, engagement.order)
    weighed = _weighed_today(centre, source)
    if weighed > 0:
        centre.count(inputs.services[source.service].counts + OfService.PRICED)
    would_pay, sigma = outcomes.willingness(centre, source), inputs.market.willingness_sigma
    if not rules.accepts(weighed, would_pay, sigma, engagement.draws.price):
        _mark(centre, engagement, OfService.DECLINED, "declined")
        return None
    charged = centre.charges(inputs.services[source.service])
    return Terms(_price_today(centre, source), charged)


def _is_written_to(centre: Centre, engagement: Engagement) -> Generator[Event, bool, bool]:
    """Somebody who leads writes the proposal; whether before the client's patience ends."""
    service, leaders = (
        centre.inputs.services[engagement.source.service],
        leadership.leaders(centre),
    )
    free = _weighed_today(centre, engagement.source) == 0
    if leaders is None or not service.proposal_days or free:
        return True
    if not (yield from _somebody_comes(centre, engagement, leaders)):
        return False
    yield from leadership.write(centre, leaders, service.proposal_days, engagement.order)
    return True


def _somebody_comes(
    centre: Centre, engagement: Engagement, team: Team
) -> Generator[Event, bool, bool]:
    """Wait for staff; whether somebody comes before the client's patience ends."""
    service = centre.inputs.services[engagement.source.service]
    request = team.ask(service.priority, mission=service.mission)
    if request is None:
        return True
    _await_patience(centre, engagement, team, request)
    return (yield request)


def _await_patience(centre: Centre, engagement: Engagement, team: Team, request: Request) -> None:
    """A client gives its request up when its patience ends, if that can be within the run."""
    if not engagement.for_client:
        return
    mean = centre.inputs.segments[engagement.source.segment].patience_months
    patience = rules.exponential(mean, engagement.draws.patience)
    if patience < centre.inputs.horizon.months:
        ends = centre.clock.wait(patience, EventKind.COMPLETION, engagement.order)
        assert ends.callbacks is not None  # noqa: S101  a new event has a list of them
        ends.callbacks.append(lambda _: team.give_up(request))


def _pay_costs(centre: Centre, service: Service, expert_days: float) -> None:
    level = centre.world.costs[centre.ledger.month]
    for account, amount in (
        (Account.MATERIALS, service.materials),
        (Account.TRAVEL, service.travel),
        (Account.SUBCONTRACTORS, expert_days * centre.inputs.staff.outside_day_rate),
    ):
        cost = rules.cents(amount * level)
        centre.earnings.direct_costs[centre.ledger.month] += cost
        centre.ledger.post(account, Account.CASH, cost, "cost of an engagement")


def _teach(centre: Centre, engagement: Engagement) -> None:
    """Who took part; who of them works as an assessor since, with what institution, or as a rival.

    An institution is no rival but a network: it takes over work and wins clients (003, Training).
    """
    source, streams = engagement.source, centre.streams
    service = centre.inputs.services[source.service]
    row = service.counts + OfService.PARTICIPANTS
    people = centre.count_parts(row, service.participants)
    if service.attended_days:
        row = service.teaching + OfTraining.PERSON_DAYS
        centre.count_parts(row, people * service.attended_days)
    if not service.assessors_share:
        return
    u = one(streams, source.assessors_stream, engagement.index)
    assessors = rules.binomial(people, service.assessors_share, u)
    centre.count(service.teaching + OfTraining.ASSESSORS, assessors)
    centre.market.train(assessors * service.rivals_share)
    if service.institutions_share:
        u = one(streams, source.institutions_stream, engagement.index)
        institutions = rules.binomial(assessors, service.institutions_share, u)
        centre.count(service.teaching + OfTraining.INSTITUTIONS, institutions)
        told = institutions * centre.inputs.market.institution_clients
        if told > 0:
            centre.market.tell(told)


def _take_effect(centre: Centre, engagement: Engagement, *, charged: bool) -> None:
    """What the work does besides earning: awareness, credibility, adopted advice, finance."""
    source, market, credibility = engagement.source, centre.market, centre.inputs.credibility
    service = centre.inputs.services[source.service]
    if service.reaches_clients > 0:
        market.tell(service.reaches_clients)
    if engagement.for_client:
        market.gain_credibility(credibility.per_engagement * service.contact_share)
    chance = service.adoption_probability * leadership.trust(centre)
    chance *= centre.host_trust(public=True)
    submitted = centre.counts.lately(service.counts + OfService.DONE, centre.ledger.month, 12)
    chance *= rules.considered_share(service.considered_year, submitted)
    if engagement.draws.adoption < chance:
        centre.count(service.counts + OfService.ADOPTED)
        _say(centre, engagement, "adopted")
        market.improve_climate(service.climate_gain)
        market.gain_credibility(credibility.per_adoption)
    if service.finance_probability:
        u = one(centre.streams, source.finance_stream, engagement.index)
        if u < service.finance_probability:
            centre.count(service.counts + OfService.FINANCED)
            if source.finder != NONE:
                centre.clock.process(benefits.borrow(centre, engagement, charged=charged))


def _ask_for_more(centre: Centre, done: Engagement, lacking: int) -> None:
    """A served client may ask for a service that follows this one; for some if it lacks capital.

    Args:
        centre: the run.
        done: the work that was done for it.
        lacking: options found, if some need capital that it lacks; else 0.
    """
    source = done.source
    for row in range(source.first_follow_on, source.first_follow_on + source.follow_ons):
        # Named after where the client came from: each served client has draws of its own.
        after = centre.inputs.sources[row]
        draws = draws_of(centre, after, done.index)
        asks = after.finder == NONE or lacking > 0
        if asks and draws.follow_on < after.probability:
            centre.clock.process(life(centre, Engagement(after, done.index, draws, lacking)))


def _charge(centre: Centre, engagement: Engagement, price: float) -> Generator[Event]:
    """Invoice the ministry and the client."""
    source, demand = engagement.source, centre.inputs.demands[engagement.source.demand]
    service = centre.inputs.services[source.service]
    if demand.ministry_pays and centre.charges(service):
        paid = centre.claim_from_ministry(rules.cents(demand.ministry_pays))
        u = one(centre.streams, source.ministry_stream, engagement.index)
        late = lateness(centre, centre.inputs.ministry.payment_delay_months, u, public=True)
        order = source.ministry_order + engagement.index
        what = f"{centre.names.services[source.service]}, ministry"
        claim = Claim(Account.DOMESTIC_PUBLIC, paid, order, late, what, source.service)
        centre.clock.process(collect(centre, claim))
    if price > 0:
        owed = rules.cents(price)
        yield from collect(centre, benefits.claim(centre, engagement, owed, engagement.order))
