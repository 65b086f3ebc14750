"""What surrounds the centre and no decision of its own can change, drawn once before the first day.

Prices that rise, money that changes its worth, recessions, cuts of the public budget, demand that
moves for good, years that cost more or less, donors who leave or suspend, the people whom the host
sends. Both engines read it: the reference calls
`draw_world` as it stands, the compiled one is made from the same text (see `ncpcsim.rules` for the
part of Python it may use).
"""

from dataclasses import dataclass
from math import ceil, exp, inf

from ncpcsim.faults import Fault
from ncpcsim.model.fields import NONE, Grant, Inputs, Key, Payer, Position
from ncpcsim.model.streams import Streams, block, one
from ncpcsim.rules import (
    agreement_end,
    comes_share,
    exchange_step,
    exponential,
    level,
    shifted_level,
    year_level,
    year_of,
)

MOST_SUSPENSIONS = 100
"""Suspensions by one donor that are looked at."""
MOST_PEOPLE = 1000
"""People of one post; draws of whom the next host sends come after those of the one before."""


@dataclass(slots=True)
class Cycle:
    """How many recessions and cuts there are.

    `fault`: why the world cannot be drawn, if it cannot.
    """

    recessions: int
    cuts: int
    fault: int


@dataclass(slots=True)
class Spell:
    """When a recession, or a cut of the public budget, begins and ends, in months."""

    begin: float
    end: float


@dataclass(slots=True)
class DemandShift:
    """When a segment's demand moves for good, and the level that it then has; 1 at the start."""

    begin: float
    level: float


@dataclass(slots=True)
class Arrival:
    """How late a tranche comes, suspensions included; `cancelled`: the donor has left."""

    late_months: float
    cancelled: bool


@dataclass(slots=True)
class Presence:
    """Who holds a position at first.

    Attributes:
        exists: somebody is promised, and was sent if a host promised.
        payer: who pays at first: a `Payer`, or the row of a grant.
        from_month: first month of work.
        pays_until: month from which the centre pays instead; infinite if never.
        until_month: month in which the post ends; infinite if it does not.
    """

    exists: bool
    payer: int
    from_month: float
    pays_until: float
    until_month: float


@dataclass(slots=True)
class World:
    """The surroundings of one run.

    Attributes:
        cycle: how many recessions and cuts there are.
        recessions: each recession, in order.
        cuts: each cut of the public budget, in order.
        shifts: each shift of demand, in order, the same number of rows for each segment.
        shifted: how many of these rows are taken, by segment.
        costs: what pay and costs of 1 have become, by month, one month more than the run has.
        prices: what the centre's prices of 1 have become, likewise.
        exchange: what foreign money worth 1 at the start is worth, likewise.
        year_levels: how far costs stray from the plan, by line and calendar year of the plan.
        grant_ends: month in which each agreement ends.
        arrivals: when each tranche comes.
        presences: who holds each position at first.
    """

    cycle: Cycle
    recessions: list[Spell]
    cuts: list[Spell]
    shifts: list[DemandShift]
    shifted: list[int]
    costs: list[float]
    prices: list[float]
    exchange: list[float]
    year_levels: list[float]
    grant_ends: list[float]
    arrivals: list[Arrival]
    presences: list[Presence]


def world_rows(inputs: Inputs) -> dict[str, int]:
    """How many rows each list of a world has."""
    months = inputs.horizon.months
    years = year_of(inputs.horizon.start_month, months) + 1
    return {
        "recessions": _most(months),
        "cuts": _most(months),
        "shifts": len(inputs.segments) * _most(months),
        "shifted": len(inputs.segments),
        "costs": months + 1,
        "prices": months + 1,
        "exchange": months + 1,
        "year_levels": len(inputs.lines) * years,
        "grant_ends": len(inputs.grants),
        "arrivals": len(inputs.tranches),
        "presences": len(inputs.positions),
    }


def _most(months: int) -> int:
    """Rows for what comes at random at most once a month on average."""
    return 2 * months + 16


def draw_world(inputs: Inputs, world: World, streams: Streams) -> None:
    """Draw all that surrounds the centre in one replication."""
    world.cycle.fault = Fault.NONE
    draw_levels(inputs, world)
    draw_exchange(inputs, world, streams)
    draw_spells(inputs, world, streams)
    for segment in range(len(inputs.segments)):
        draw_shifts(inputs, world, streams, segment)
    draw_year_levels(inputs, world, streams)
    draw_agreements(inputs, world, streams)
    for i in range(len(inputs.positions)):
        draw_presence(inputs, world, streams, i)


def draw_levels(inputs: Inputs, world: World) -> None:
    """Pay, costs and prices by month."""
    economy = inputs.economy
    follows = economy.inflation_year * economy.price_follow_share
    for month in range(inputs.horizon.months + 1):
        world.costs[month] = level(economy.inflation_year, month)
        world.prices[month] = level(follows, month)


def draw_exchange(inputs: Inputs, world: World, streams: Streams) -> None:
    """What foreign money is worth by month: a random walk of its logarithm."""
    terms = inputs.exchange
    log_worth = 0.0
    world.exchange[0] = 1.0
    moves = terms.drift_year != 0.0 or terms.volatility_year != 0.0
    for month in range(inputs.horizon.months):
        if moves:
            u = one(streams, terms.stream, month)
            log_worth = exchange_step(log_worth, terms.drift_year, terms.volatility_year, u)
        world.exchange[month + 1] = exp(log_worth)


def draw_spells(inputs: Inputs, world: World, streams: Streams) -> None:
    """When there is a recession, and when a cut of the public budget."""
    economy, budget, cycle = inputs.economy, inputs.public_budget, world.cycle
    months, most = inputs.horizon.months, len(world.recessions)
    rate, length = economy.recessions_year, economy.recession_months
    cycle.recessions = spells(
        streams, economy.cycle_stream, rate, length, months, world.recessions, most
    )
    rate, length, most = budget.cuts_year, budget.cut_months, len(world.cuts)
    cycle.cuts = spells(streams, budget.stream, rate, length, months, world.cuts, most)
    if cycle.recessions == NONE:
        cycle.fault = Fault.RECESSIONS
    elif cycle.cuts == NONE:
        cycle.fault = Fault.CUTS


def spells(
    streams: Streams,
    key: Key,
    rate_year: float,
    length: float,
    months: int,
    rows: list[Spell],
    most: int,
) -> int:
    """Times with and without a spell by turns, each of a random length.

    Args:
        streams: the replication's randomness.
        key: the spells' stream.
        rate_year: how often one begins while there is none.
        length: mean length of one.
        months: length of the run.
        rows: where they are put, in order.
        most: how many have room there.

    Returns:
        How many there are, or `NONE` if they have no room.
    """
    if rate_year <= 0.0:
        return 0
    time, number = 0.0, 0
    while time < months + 1:
        if number >= most:
            return NONE
        block(streams, key, number)
        spell = rows[number]
        spell.begin = time + exponential(12.0 / rate_year, streams.first)
        time = spell.begin + exponential(length, streams.second)
        spell.end = time
        number += 1
    return number


def within(rows: list[Spell], number: int, time: float) -> bool:
    """Whether a time falls within one of the first `number` spells."""
    for i in range(number):
        spell = rows[i]
        if spell.begin <= time < spell.end:
            return True
    return False


def draw_shifts(inputs: Inputs, world: World, streams: Streams, segment: int) -> None:
    """When a segment's demand moves for good, and how far."""
    terms, most = inputs.segments[segment], len(world.shifts) // len(world.shifted)
    world.shifted[segment] = 0
    if terms.shifts_year <= 0.0:
        return
    time, log_level = 0.0, 0.0
    while True:
        number = world.shifted[segment]
        block(streams, terms.shifts_stream, number)
        time += exponential(12.0 / terms.shifts_year, streams.first)
        if time >= inputs.horizon.months:
            return
        if number >= most:
            world.cycle.fault = Fault.SHIFTS
            return
        shift = world.shifts[segment * most + number]
        log_level = shifted_level(log_level, terms.sigma, streams.second)
        shift.begin = time
        shift.level = exp(log_level)
        world.shifted[segment] = number + 1


def demand_time(world: World, segment: int, since: float, months: float) -> float:
    """When a segment has asked as much since a time as it would in so many months at the start.

    What comes at random at a steady rate comes, at these times, as often as the segment's level of
    demand says: no candidate is wasted on a level that does not hold.
    """
    most = len(world.shifts) // len(world.shifted)
    time, left, now = since, months, 1.0
    for i in range(segment * most, segment * most + world.shifted[segment]):
        shift = world.shifts[i]
        if shift.begin > time:
            before = now * (shift.begin - time)
            if left < before:
                break
            left -= before
            time = shift.begin
        now = shift.level
    return time + left / now


def draw_year_levels(inputs: Inputs, world: World, streams: Streams) -> None:
    """How far each year's running costs stray from the plan, line by line."""
    spread = inputs.running_costs.yearly_spread
    years = year_of(inputs.horizon.start_month, inputs.horizon.months) + 1
    for i in range(len(inputs.lines)):
        line = inputs.lines[i]
        for year in range(years):
            strayed = 1.0
            if line.strays and spread > 0.0:
                strayed = year_level(spread, one(streams, line.stream, year))
            world.year_levels[i * years + year] = strayed


def draw_agreements(inputs: Inputs, world: World, streams: Streams) -> None:
    """When agreements end, and how late each tranche comes."""
    for i in range(len(inputs.grants)):
        grant = inputs.grants[i]
        world.grant_ends[i] = drawn_end(inputs, grant, streams)
        for j in range(grant.first_tranche, grant.first_tranche + grant.tranches):
            tranche, arrival = inputs.tranches[j], world.arrivals[j]
            suspended = suspended_months(inputs, grant.donor, tranche.month, streams)
            late = exponential(grant.delay_months, one(streams, grant.stream, tranche.number))
            arrival.late_months = suspended + late
            arrival.cancelled = tranche.month >= world.grant_ends[i]


def drawn_end(inputs: Inputs, grant: Grant, streams: Streams) -> float:
    """The month in which an agreement ends: as agreed, or earlier if the donor leaves."""
    if grant.donor == NONE:
        return float(grant.until_month)
    donor = inputs.donors[grant.donor]
    u = one(streams, donor.early_end_stream, 0)
    return agreement_end(grant.until_month, donor.early_ends_year, donor.first_month, u)


def suspended_months(inputs: Inputs, donor_row: int, month: int, streams: Streams) -> float:
    """How long a tranche that falls due in a month waits for the end of a donor's suspensions."""
    if donor_row == NONE:
        return 0.0
    donor = inputs.donors[donor_row]
    if donor.suspensions_year <= 0.0:
        return 0.0
    begin, free = float(donor.first_month), float(month)
    for i in range(MOST_SUSPENSIONS):
        u = one(streams, donor.suspension_stream, i)
        begin += exponential(12.0 / donor.suspensions_year, u)
        if begin > free:
            break
        free = max(free, begin + donor.suspension_months)
    return free - month


def draw_presence(inputs: Inputs, world: World, streams: Streams, number: int) -> None:
    """Who holds a position at first: a promised person may not come, a hired one has not yet."""
    position, presence = inputs.positions[number], world.presences[number]
    presence.exists = True
    presence.payer = position.payer
    presence.from_month = position.from_month
    presence.until_month = position.until_month
    presence.pays_until = inf
    if position.hired:
        return
    if position.payer == Payer.HOST:
        draw_seconded(inputs, position, presence, streams)
    elif position.payer != Payer.CENTRE:
        presence.pays_until = world.grant_ends[position.payer]
        if position.then_ends:
            presence.until_month = min(presence.until_month, presence.pays_until)
    if presence.until_month <= presence.from_month:
        presence.exists = False


def draw_seconded(inputs: Inputs, position: Position, presence: Presence, streams: Streams) -> None:
    """Whether the host sends the person it promised, and from when."""
    host = inputs.host
    chance = comes_share(host.delivered_share, host.most_people, host.promised_people)
    if one(streams, position.seconded_stream, position.person) < chance:
        begins = float(ceil(host.delay_months) - inputs.horizon.elapsed_months)
        presence.from_month = max(presence.from_month, begins)
    elif position.then_ends:
        presence.exists = False
    else:
        presence.payer = Payer.CENTRE


def drawn_kind(inputs: Inputs, u: float) -> int:
    """The kind of the next host, in proportion to how many there are; the first's if none is."""
    total = 0.0
    for i in range(len(inputs.host_kinds)):
        total += inputs.host_kinds[i].hosts
    left, found = u * total, inputs.host.kind
    for i in range(len(inputs.host_kinds)):
        hosts = inputs.host_kinds[i].hosts
        if 0.0 <= left < hosts:
            found = i
        left -= hosts
    return found
