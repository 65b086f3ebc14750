"""The state of one run, as tables: what `Centre` in `ncpcsim.reference.state` is to SimPy."""

from dataclasses import dataclass

from ncpcsim.model.fields import Inputs
from ncpcsim.model.streams import Streams
from ncpcsim.model.world import World


@dataclass(slots=True)
class Clock:
    """Where the run stands.

    Attributes:
        now: time in months.
        month: the month that postings belong to, counted by the closings, never by the clock.
        events: events that have happened.
        changes: goes up whenever something may have happened to people.
        serial: events and requests made, in order of creation.
        ahead: events that lie ahead.
        handling: the first of them is happening now, and none has taken its place.
        over: the run has come to its end.
    """

    now: float
    month: int
    events: int
    changes: int
    serial: int
    ahead: int
    handling: bool
    over: bool


@dataclass(slots=True)
class Ending:
    """How the run ended.

    Attributes:
        closed_month: the month at whose end the centre closed, or `NEVER`.
        late_since: month in which bills were first paid late, in the last spell, or `NEVER`.
        cause: why they were, a `Cause`.
        dormant_since: month at whose end the centre became dormant, or `NEVER`.
        fault: why there is no result, or 0 (`ncpcsim.faults.Fault`).
        events: events that happened.
    """

    closed_month: int
    late_since: int
    cause: int
    dormant_since: int
    fault: int
    events: int


@dataclass(slots=True)
class Event:
    """An event that lies ahead: when, its rank at that instant, what happens, and to whom."""

    time: float
    rank: int
    serial: int
    what: int
    first: int
    second: int


@dataclass(slots=True)
class Job:
    """One piece of work under way: an engagement, a contract, a member, a client that saves.

    Attributes:
        kind: which of them (`ncpcsim.compiled.jobs.JobKind`).
        source: the row of its source, or of its contract.
        index: its number in that stream.
        generation: how often the place has been used: an event may come too late for its job.
        waits: it waits for staff.
        fails: its client fails in the middle of it.
        price: price agreed; what a client saves in a year; a contract's amount at first prices.
        patience: the draw that makes its client's patience.
        payment: the draw that makes its client's delay.
        success: the draw that decides whether a contract's work succeeds.
        nonpayment: the draw that decides whether its client pays at all.
        adoption: the draw that decides whether advice is adopted.
        options: the draw that makes the number of options.
        relapse: the draw that decides whether its client relapses.
        days: working days it takes.
        outside_share: share of them that outside experts do.
        own_days: days that own staff work.
        begun: when it began.
        cents: what is still to be paid for it.
        on_success_cents: what is paid besides if the work succeeds.
        years: months left to spend; years of membership.
        implemented: options implemented.
        found: options found, by this work or by what this follows.
        capital: options found that need capital.
        borrowed: a loan pays for them.
        charged: the centre charged when its client agreed to it.
        settled: its success fee has been settled.
        renewals: how often its payer has commissioned the same again.
        climate: the policy climate when a contract was commissioned.
        subcontractors_cents, travel_cents, equipment_cents: a contract's own costs still to spend.
    """

    kind: int
    source: int
    index: int
    generation: int
    waits: bool
    fails: bool
    price: float
    patience: float
    payment: float
    success: float
    nonpayment: float
    adoption: float
    options: float
    relapse: float
    days: float
    outside_share: float
    own_days: float
    begun: float
    cents: int
    on_success_cents: int
    years: int
    implemented: int
    found: int
    capital: int
    borrowed: bool
    charged: bool
    settled: bool
    renewals: int
    climate: float
    subcontractors_cents: int
    travel_cents: int
    equipment_cents: int


@dataclass(slots=True)
class Cached:
    """A number of how people are that is kept: until when, and after which change it was found."""

    value: float
    until: float
    changes: int


@dataclass(slots=True)
class Jobs:
    """How many places for jobs have been used, and how many of them are free again."""

    used: int
    free: int


@dataclass(slots=True)
class Holder:
    """A position, and whoever holds it: as `Position` in `ncpcsim.reference.team`.

    Attributes:
        exists: somebody was promised and came, or may be hired.
        payer: who pays at first.
        from_month: first month of work; infinite while nobody is to come.
        pays_until: month from which the centre pays instead.
        until_month: month in which the post ends.
        since: when whoever holds it came, for learning.
        leaving: notice has been given.
        postponed: the director has not let its post begin when the plan says.
        last_month: the month in which whoever has been given notice is no longer there.
        unpaid: how many reasons there are for nobody to be paid now.
        away: how many reasons there are for the position to be empty now.
        hours_share: share of full time that whoever holds it works.
        seat: an absence holds no seat, waits for one, or holds one.
        turnovers: how often somebody was to leave.
        laid_off: whoever holds it stays at home while the centre is dormant.
    """

    exists: bool
    payer: int
    from_month: float
    pays_until: float
    until_month: float
    since: float
    leaving: bool
    postponed: bool
    last_month: float
    unpaid: int
    away: int
    hours_share: float
    withdrawn: bool
    seat: int
    turnovers: int
    laid_off: bool


@dataclass(slots=True)
class Crowd:
    """The people of one role and the queue for them: as `Team` in `ncpcsim.reference.team`.

    Attributes:
        capacity: people who will ever be there.
        taken: seats taken, by work and by absences.
        at_work: people at work now.
        worked_months: person-months worked, less `at_work` times now.
        waiting: requests that wait, absences among them.
        engagements_waiting: those of them that are work.
    """

    capacity: int
    taken: int
    at_work: int
    worked_months: float
    waiting: int
    engagements_waiting: int


@dataclass(slots=True)
class Request:
    """Somebody who waits for a seat: a job, or the absence of a position, -1 less its row."""

    team: int
    rank: int
    serial: int
    who: int


@dataclass(slots=True)
class Queue:
    """How many requests wait at all teams, and whether a seat came free in this step."""

    waiting: int
    freed: bool


@dataclass(slots=True)
class Arrivals:
    """Where a stream of candidates, offers or calls stands; `mean_months`: between two.

    `most_reach`, `aside`: see `ncpcsim.compiled.aside`.
    """

    time: float
    index: int
    rate_month: float
    mean_months: float
    thinning: float
    number: int
    most_reach: float
    aside: int


@dataclass(slots=True)
class Aside:
    """A candidate that is set aside: its time, what it would need, and its number."""

    time: float
    need: float
    index: int


@dataclass(slots=True)
class Level:
    """A level between 0 and 1 that wears off, and when it was last moved.

    `least_need`: what the first of those set aside needs. `met_among`: among how many the
    segment's clients are met where all may attend.
    """

    level: float
    since: float
    met_among: float
    least_need: float


@dataclass(slots=True)
class MarketState:
    """Who knows of the centre, its credibility and rivals, the climate.

    `programmes_until`: when the last of the givers' free programmes that run ends.
    """

    climate: float
    climate_since: float
    credibility: float
    credibility_since: float
    trained: float
    programmes_until: float


@dataclass(slots=True)
class Fund:
    """Earmarked money of one grant, in cents; `kept`: what a review left of later tranches."""

    salaries: int
    advanced: int
    kept: float


@dataclass(slots=True)
class Instalment:
    """Earmarked money to be spent evenly."""

    fund: int
    account: int
    cents: int
    months: int


@dataclass(slots=True)
class SpendingState:
    """How many instalments there are."""

    instalments: int


@dataclass(slots=True)
class AbilityState:
    """What has been bought with money for consultants, training and equipment.

    Attributes:
        trained: how far the centre can do what needs somebody trained abroad, 0 to 1.
        found_share: share of options that are found with its measuring kits.
        supported_until: month until which a counterpart is of use.
        time_kept: share of their time that people keep with what was last spent on running costs.
        abroad_months: person-months of training abroad so far.
        kits: money spent on equipment so far, at first prices.
        days_left: consultants' days that are left of this month's.
        months: months that have ended.
    """

    trained: float
    found_share: float
    supported_until: float
    time_kept: float
    abroad_months: float
    kits: float
    days_left: float
    months: int


@dataclass(slots=True)
class HostState:
    """How the host stands.

    Attributes:
        kind: row of its kind, or of being without one; -1 where the plan does not say.
        delivered_share: what it delivers of what was promised.
        delivers: it gives what it promised, now.
        lost: it is lost, and no other has been found.
        moving: the centre moves out, and nobody works.
        defaults: how often it has stopped delivering.
        default_length: the draw that makes how long, of the next time.
    """

    kind: int
    delivered_share: float
    delivers: bool
    lost: bool
    moving: bool
    defaults: int
    default_length: float


@dataclass(slots=True)
class LiquidityState:
    """How the centre stands with its creditors; how its loans and late bills end: `Ending`.

    Attributes:
        oldest: the place in `arrears` of the oldest bills not paid, if there are any.
        alone_months: how long it has been dormant without a host that carries it.
        borrowed: what a bank had lent at the last month end, overdraft included, in cents.
        short_time: people whom the centre pays work fewer hours.
        asked: a bank and donors have been asked to lend, and have decided.
        refused: the bank will not lend.
        advances: donors advance.
        requests: how often they have been asked.
    """

    short_time: bool
    asked: bool
    refused: bool
    advances: bool
    requests: int
    oldest: int
    alone_months: int
    borrowed: int


@dataclass(slots=True)
class Gains:
    """What served clients gain now, and what others expect: as in `ncpcsim.reference.state`."""

    options: int
    saved_year: float
    all_shares: float
    usual_year: float
    expected_year: float
    willing_ratio: float
    capital_year: float


@dataclass(slots=True)
class Review:
    """What the director saw at a review: sums since the first day."""

    spent_cents: int
    own_income_cents: int
    worked_months: float
    people_months: float


@dataclass(slots=True)
class Direction:
    """The director's standing decisions, and what is forecast; `paid`: invoices, so far.

    `proposes`: the plan was rewritten, and the board decides on it in the month `decided`.
    """

    rewritten: int
    proposes: bool
    proposed_share: float
    decided: int
    lowest_cents: int
    is_short: bool
    is_short_for_good: bool
    reserve_cents: int
    earned_month_cents: int
    paid_after: int
    paid: int
    spending_level: float
    useful_level: float
    experts_month: int
    experts_days: float
    ministry_year: int
    ministry_claimed_cents: int
    mission_share: float
    mission_first: bool
    further: int
    reviews: int


@dataclass(slots=True)
class EquipmentState:
    """What was paid for the equipment."""

    price_cents: int


@dataclass(slots=True)
class Centre:
    """The parts of one run.

    Attributes:
        inputs: the plan.
        world: what surrounds the centre.
        streams: the replication's randomness.
        net_cents: net debits, by account and month.
        receipts_cents: cash received, by month.
        payments_cents: cash paid, by month.
        opening_cents: what stood in each account before the first posting.
        counts: what was counted, by row and month.
        ending: how the run ended.
        clock: where it stands.
        balances: net debits of each account.
        rest: fractions not yet counted, by row.
        all_hours: hours of own staff, by month.
        mission_hours: those for the mission.
        calendar: events that lie ahead, a binary heap.
        jobs: how many places for jobs are used.
        job: each of them.
        free_jobs: places that are free again.
        holders: who holds each position.
        crowds: the people of each role.
        paces: how fast they work.
        trust: how far those who lead are trusted.
        queue: how many wait.
        requests: each of them.
        candidates: where each source stands.
        aside: candidates that are set aside, by source.
        calls: where each kind of contract stands.
        aware: who knows of the centre, by segment.
        market: the rest of the market.
        programmes_until: when the giver's free programme ends, by kind of contract.
        won: when each source of money gave last.
        funds: earmarked money, by grant.
        spending: how many instalments there are.
        instalments: each of them.
        ability: what earmarked money has made the centre able to do.
        experience: of those who are there from the first day on, beyond their time, by month.
        spent: earmarked money of a month, by category.
        host: how the host stands.
        liquidity: how the centre stands with its creditors.
        arrears: bills not paid, first those of before the first day, then by the month in which
            they were left so.
        arrived: whether each tranche has come.
        surplus: income less costs since the first day, in cents, at each month end.
        gains: what clients gain.
        shares_up_to: up to where a draw falls in each category of options.
        reviews: what the director saw.
        direction: what the director decided.
        price_factors: what rewriting has made of the prices of each service, and of members' fee.
        proposed: the same of the plan on which the board has yet to decide.
        earned: invoiced, by line (each service, then members) and month.
        direct_costs: paid for materials, travel, outside experts and a counterpart, by month.
        contract_cents: received and invoiced for contracts less their own costs, by month.
        due: what contracts in hand are still to bring, by the month in which it is expected.
        own_costs: what they are still to cost, by the month in which it is planned.
        flows: cash that the months ahead are forecast to bring.
        running: running costs in them that the director may cut.
        tried: the flows with one person more.
        equipment: what was bought.
        parts: room for an amount that is split.
        shares: room for the shares by which it is.
    """

    inputs: Inputs
    world: World
    streams: Streams
    net_cents: list[int]
    receipts_cents: list[int]
    payments_cents: list[int]
    opening_cents: list[int]
    counts: list[int]
    ending: Ending
    clock: Clock
    balances: list[int]
    rest: list[float]
    all_hours: list[int]
    mission_hours: list[int]
    calendar: list[Event]
    jobs: Jobs
    job: list[Job]
    free_jobs: list[int]
    holders: list[Holder]
    crowds: list[Crowd]
    paces: list[Cached]
    trust: Cached
    queue: Queue
    requests: list[Request]
    candidates: list[Arrivals]
    aside: list[Aside]
    calls: list[Arrivals]
    aware: list[Level]
    market: MarketState
    programmes_until: list[float]
    won: list[float]
    funds: list[Fund]
    spending: SpendingState
    instalments: list[Instalment]
    ability: AbilityState
    experience: list[float]
    spent: list[int]
    host: HostState
    liquidity: LiquidityState
    arrears: list[int]
    arrived: list[int]
    surplus: list[int]
    gains: Gains
    shares_up_to: list[float]
    reviews: list[Review]
    direction: Direction
    price_factors: list[float]
    proposed: list[float]
    earned: list[int]
    direct_costs: list[int]
    contract_cents: list[int]
    due: list[int]
    own_costs: list[int]
    flows: list[int]
    running: list[int]
    tried: list[int]
    equipment: EquipmentState
    parts: list[int]
    shares: list[float]
