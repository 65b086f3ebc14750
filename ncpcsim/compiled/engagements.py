"""The life of an engagement, from enquiry to payment, one function a step."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.ability import own_days
from ncpcsim.compiled.benefits import benefit, claim, invest
from ncpcsim.compiled.books import count, count_parts, count_time, counted_lately, post
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.demonstrations import (
    agree,
    fail,
    failure_chance,
    is_demonstration,
    selection_days,
)
from ncpcsim.compiled.events import JobKind, What
from ncpcsim.compiled.jobs import BLOCKS, begin_work, drop_job, new_job
from ncpcsim.compiled.leadership import host_trust, team_pace, trust_in_leaders
from ncpcsim.compiled.market import (
    gain_credibility,
    improve_climate,
    tell_all,
)
from ncpcsim.compiled.outcomes import expected_fee, willingness
from ncpcsim.compiled.payments import claim_from_ministry, collect, earn, lateness
from ncpcsim.compiled.state import Centre, Job
from ncpcsim.compiled.team import ask, withdraw
from ncpcsim.model.counts import OfService, OfTraining
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import NONE, Demand, Service, Source
from ncpcsim.model.order import EventKind
from ncpcsim.model.streams import block, one
from ncpcsim.rules import (
    FAILS_AFTER,
    accepts,
    binomial,
    cents,
    considered_share,
    exponential,
    overflows,
    price_charged,
    rank,
    working_days,
)


def enquire(centre: Centre, number: int, index: int, found: int) -> None:
    """A client asks, or the centre begins something on its own initiative.

    Args:
        centre: the run.
        number: the source.
        index: the client's number there.
        found: options that were found at the client before.
    """
    source = centre.inputs.sources[number]
    if centre.ending.dormant_since != NEVER:
        count(centre, centre.inputs.counters.turned_away, 1)
        return
    job = new_job(centre, JobKind.ENGAGEMENT, number, index)
    centre.job[job].price = 0.0
    centre.job[job].found = found
    count(centre, centre.inputs.services[source.service].counts + OfService.ASKED, 1)
    if source.segment == NONE:
        propose(centre, job)
        return
    if is_demonstration(source):
        agree(centre, job, source, BLOCKS * index)
        propose(centre, job)
        return
    service = centre.inputs.services[source.service]
    if needs_proposal(centre, source, service):
        ask_for_proposal(centre, job, source, service)
    else:
        await_decision(centre, job)


def needs_proposal(centre: Centre, source: Source, service: Service) -> bool:
    """Whether somebody who leads has to write a proposal: for what is not free."""
    if centre.inputs.leadership.team == NONE or service.proposal_days == 0.0:
        return False
    demand, factor = centre.inputs.demands[source.demand], centre.price_factors[source.service]
    price = price_today(centre, service, demand, factor)
    return price + expected_fee(centre, source) > 0.0


def ask_for_proposal(centre: Centre, number: int, source: Source, service: Service) -> None:
    """Somebody who leads is to write the proposal, before the client's patience ends."""
    job = centre.job[number]
    job.kind = JobKind.PROPOSAL
    block(centre.streams, source.stream, BLOCKS * job.index)
    job.patience = centre.streams.fourth
    first = centre.direction.mission_first
    place = rank(service.priority, mission=service.mission, mission_first=first)
    if ask(centre, centre.inputs.leadership.team, number, place):
        begin_proposal(centre, number)
    else:
        job.waits = True
        await_patience(centre, number, source)


def begin_proposal(centre: Centre, number: int) -> None:
    """Somebody comes and writes; a patience that still runs is over, as if in another place."""
    job, team = centre.job[number], centre.inputs.leadership.team
    source = centre.inputs.sources[job.source]
    job.waits = False
    job.generation += 1
    days = centre.inputs.services[source.service].proposal_days
    job.own_days = days / team_pace(centre, team)
    begin_work(centre, number, team, source.order + job.index)


def end_proposal(centre: Centre, number: int) -> None:
    """The client has its proposal."""
    centre.job[number].kind = JobKind.ENGAGEMENT
    await_decision(centre, number)


def await_decision(centre: Centre, number: int) -> None:
    """The client takes its time."""
    job = centre.job[number]
    order = centre.inputs.sources[job.source].order + job.index
    months = centre.inputs.market.decision_months
    wait(centre, months, EventKind.ENQUIRY, order, What.DECISION, number, 0)


def charges(centre: Centre, from_month: int) -> bool:
    """Whether the centre has made its name, and charges."""
    return centre.clock.month >= from_month


def on_decision(centre: Centre, number: int) -> None:
    """The client takes the proposal's price, and the success fee it expects, or declines."""
    job = centre.job[number]
    source = centre.inputs.sources[job.source]
    service, demand = centre.inputs.services[source.service], centre.inputs.demands[source.demand]
    job.price = price_today(centre, service, demand, centre.price_factors[source.service])
    job.charged = charges(centre, service.charge_from_month)
    weighed = job.price + expected_fee(centre, source)
    if weighed > 0.0:
        count(centre, service.counts + OfService.PRICED, 1)
    block(centre.streams, source.stream, BLOCKS * job.index)
    would_pay, sigma = willingness(centre, source), centre.inputs.market.willingness_sigma
    if accepts(weighed, would_pay, sigma, centre.streams.third):
        job.patience = centre.streams.fourth
        propose(centre, number)
    else:
        count(centre, service.counts + OfService.DECLINED, 1)
        drop_job(centre, number)


def price_today(centre: Centre, service: Service, demand: Demand, factor: float) -> float:
    """Price and participants' fees; nobody pays before the centre has made its name."""
    if not charges(centre, service.charge_from_month):
        return 0.0
    return price_charged(
        demand.price,
        demand.participation_fee,
        service.participants,
        centre.world.prices[centre.clock.month],
        factor,
    )


def propose(centre: Centre, number: int) -> None:
    """Accepted, or the centre's own: it needs somebody to do it."""
    job = centre.job[number]
    source = centre.inputs.sources[job.source]
    service = centre.inputs.services[source.service]
    draw(centre, job, source, service)
    if expert_days(centre, service, source, job.days):
        job.outside_share = 1.0
        job.own_days = 0.0
        months = job.days / centre.inputs.staff.working_days_month
        order = source.order + job.index
        wait(centre, months, EventKind.COMPLETION, order, What.EXPERTS_END, number, 0)
        return
    charged = charges(centre, service.charge_from_month)
    job.outside_share = service.outside_share if charged else 0.0
    first = centre.direction.mission_first
    place = rank(service.priority, mission=service.mission, mission_first=first)
    if ask(centre, service.team, number, place):
        begin_engagement(centre, number)
    else:
        job.waits = True
        await_patience(centre, number, source)


def draw(centre: Centre, job: Job, source: Source, service: Service) -> None:
    """An engagement's own draws, and what they make of it."""
    streams = centre.streams
    block(streams, source.stream, BLOCKS * job.index + 1)
    job.payment = streams.second
    job.nonpayment = streams.third
    job.adoption = streams.fourth
    job.days = working_days(service.staff_days, service.variability, streams.first)
    block(streams, source.stream, BLOCKS * job.index + 2)
    job.options = streams.third
    job.relapse = streams.fourth
    job.fails = False
    if source.segment != NONE and service.project:
        job.fails = streams.second < failure_chance(centre, source)
    if job.fails:
        job.days *= FAILS_AFTER
    job.days += selection_days(centre, source)


def expert_days(centre: Centre, service: Service, source: Source, days: float) -> bool:
    """Whether outside experts take a client's work because staff are short.

    Not what the centre does for its mission or to show its work; and none while it moves.
    """
    if source.segment == NONE or service.mission or centre.host.moving:
        return False
    if is_demonstration(source):
        return False
    terms, direction, month = centre.inputs.overflow, centre.direction, centre.clock.month
    booked = direction.experts_days if direction.experts_month == month else 0.0
    waiting = centre.crowds[service.team].engagements_waiting
    if not overflows(waiting, terms.above_waiting, booked, days, terms.days_month):
        return False
    direction.experts_month = month
    direction.experts_days = booked + days
    return True


def await_patience(centre: Centre, number: int, source: Source) -> None:
    """A client waits for staff for so long."""
    if source.segment == NONE:
        return
    job = centre.job[number]
    mean = centre.inputs.segments[source.segment].patience_months
    patience = exponential(mean, job.patience)
    if patience < centre.inputs.horizon.months:
        order, generation = source.order + job.index, job.generation
        wait(centre, patience, EventKind.COMPLETION, order, What.PATIENCE_ENDS, number, generation)


def on_patience_ends(centre: Centre, number: int, generation: int) -> None:
    """A client that still waits leaves."""
    job = centre.job[number]
    if job.generation != generation or not job.waits:
        return
    service = centre.inputs.services[centre.inputs.sources[job.source].service]
    writes = job.kind == JobKind.PROPOSAL
    withdraw(centre, centre.inputs.leadership.team if writes else service.team, number)
    count(centre, service.counts + OfService.LEFT, 1)
    drop_job(centre, number)


def begin_engagement(centre: Centre, number: int) -> None:
    """Somebody comes: the work begins."""
    job = centre.job[number]
    source = centre.inputs.sources[job.source]
    team = centre.inputs.services[source.service].team
    job.waits = False
    job.own_days = own_days(centre, source, job.days * (1.0 - job.outside_share), team)
    begin_work(centre, number, team, source.order + job.index)


def finish(centre: Centre, number: int) -> None:
    """The work is done, or has failed with its client."""
    job = centre.job[number]
    source = centre.inputs.sources[job.source]
    service = centre.inputs.services[source.service]
    count_time(
        centre, service.counts + OfService.STAFF_HOURS, job.own_days, mission=service.mission
    )
    pay_costs(centre, service, job.days * job.outside_share)
    if job.fails:
        count(centre, service.counts + OfService.FAILED, 1)
        fail(centre, source)
    else:
        count(centre, service.counts + OfService.DONE, 1)
        teach(centre, service, source, job.index)
        take_effect(centre, job, service, source)
        if source.segment != NONE:
            lacks_capital = benefit(centre, number, service, source)
            ask_for_more(centre, job, source, lacks_capital=lacks_capital)
            charge(centre, job, service, source)
    drop_job(centre, number)


def pay_costs(centre: Centre, service: Service, days_outside: float) -> None:
    """Materials, travel and outside experts."""
    level = centre.world.costs[centre.clock.month]
    rate = centre.inputs.staff.outside_day_rate
    materials, travel = cents(service.materials * level), cents(service.travel * level)
    experts = cents(days_outside * rate * level)
    centre.direct_costs[centre.clock.month] += materials + travel + experts
    post(centre, Account.MATERIALS, Account.CASH, materials)
    post(centre, Account.TRAVEL, Account.CASH, travel)
    post(centre, Account.SUBCONTRACTORS, Account.CASH, experts)


def teach(centre: Centre, service: Service, source: Source, index: int) -> None:
    """Who took part; who of them works as an assessor since, with what institution, or as a rival.

    An institution is no rival but a network: it takes over work and wins clients (003, Training).
    """
    row = service.counts + OfService.PARTICIPANTS
    people = count_parts(centre, row, service.participants)
    if service.attended_days != 0.0:
        row = service.teaching + OfTraining.PERSON_DAYS
        count_parts(centre, row, people * service.attended_days)
    if service.assessors_share == 0.0:
        return
    u = one(centre.streams, source.assessors_stream, index)
    assessors = binomial(people, service.assessors_share, u)
    count(centre, service.teaching + OfTraining.ASSESSORS, assessors)
    centre.market.trained += assessors * service.rivals_share
    if service.institutions_share != 0.0:
        u = one(centre.streams, source.institutions_stream, index)
        institutions = binomial(assessors, service.institutions_share, u)
        count(centre, service.teaching + OfTraining.INSTITUTIONS, institutions)
        told = institutions * centre.inputs.market.institution_clients
        if told > 0.0:
            tell_all(centre, told)


def take_effect(centre: Centre, job: Job, service: Service, source: Source) -> None:
    """What the work does besides earning: awareness, credibility, adopted advice, finance."""
    inputs = centre.inputs
    if service.reaches_clients > 0.0:
        tell_all(centre, service.reaches_clients)
    if source.segment != NONE:
        gain_credibility(centre, inputs.credibility.per_engagement * service.contact_share)
    trusted = trust_in_leaders(centre)
    chance = service.adoption_probability * trusted
    chance *= host_trust(centre, public=True)
    if service.considered_year > 0.0:
        submitted = counted_lately(centre, service.counts + OfService.DONE)
        chance *= considered_share(service.considered_year, submitted)
    if job.adoption < chance:
        count(centre, service.counts + OfService.ADOPTED, 1)
        improve_climate(centre, service.climate_gain)
        gain_credibility(centre, inputs.credibility.per_adoption)
    if service.finance_probability > 0.0:
        u = one(centre.streams, source.finance_stream, job.index)
        if u < service.finance_probability:
            count(centre, service.counts + OfService.FINANCED, 1)
            if source.finder != NONE:
                invest(centre, job, borrowed=True)


def ask_for_more(centre: Centre, done: Job, source: Source, *, lacks_capital: bool) -> None:
    """A served client may ask for a service that follows this one; for some if it lacks capital."""
    for i in range(source.first_follow_on, source.first_follow_on + source.follow_ons):
        after = centre.inputs.sources[i]
        if after.finder != NONE and not lacks_capital:
            continue
        block(centre.streams, after.stream, BLOCKS * done.index + 2)
        if centre.streams.first < after.probability:
            enquire(centre, i, done.index, done.found if lacks_capital else 0)


def charge(centre: Centre, job: Job, service: Service, source: Source) -> None:
    """Invoice the ministry and the client."""
    demand = centre.inputs.demands[source.demand]
    if demand.ministry_pays != 0.0 and charges(centre, service.charge_from_month):
        u = one(centre.streams, source.ministry_stream, job.index)
        late = lateness(centre, centre.inputs.ministry.payment_delay_months, u, public=True)
        paid = claim_from_ministry(centre, cents(demand.ministry_pays))
        order = source.ministry_order + job.index
        earn(centre, source.service, paid)
        collect(centre, Account.DOMESTIC_PUBLIC, paid, order, late, never_paid=False)
    if job.price > 0.0:
        claim(centre, job, source, cents(job.price), source.order + job.index)
