"""What surrounds the centre and no decision of its own can change, drawn once before the first day.

Prices that rise, money that changes its worth, recessions, years that cost more or less, donors who
leave or suspend, the people whom the host sends. Both engines read it: the reference calls
`draw_world` as it stands, the compiled one is made from the same text (see `ncpcsim.rules` for the
part of Python it may use).
"""

from dataclasses import dataclass
from math import ceil, exp, inf

from ncpcsim.faults import Fault
from ncpcsim.model.fields import NONE, Grant, Inputs, Payer, Position
from ncpcsim.model.streams import Streams, block, one
from ncpcsim.rules import (
    agreement_end,
    exchange_step,
    exponential,
    level,
    year_level,
    year_of,
)

MOST_SUSPENSIONS = 100
"""Suspensions by one donor that are looked at."""


@dataclass(slots=True)
class Cycle:
    """How many recessions there are; `fault`: why the world cannot be drawn, if it cannot."""

    recessions: int
    fault: int


@dataclass(slots=True)
class Recession:
    """When a recession begins and ends, in months."""

    begin: float
    end: float


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
        cycle: how many recessions there are.
        recessions: each of them, in order.
        costs: what pay and costs of 1 have become, by month, one month more than the run has.
        prices: what the centre's prices of 1 have become, likewise.
        exchange: what foreign money worth 1 at the start is worth, likewise.
        year_levels: how far costs stray from the plan, by line and calendar year of the plan.
        grant_ends: month in which each agreement ends.
        arrivals: when each tranche comes.
        presences: who holds each position at first.
    """

    cycle: Cycle
    recessions: list[Recession]
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
        "recessions": 2 * months + 16,
        "costs": months + 1,
        "prices": months + 1,
        "exchange": months + 1,
        "year_levels": len(inputs.lines) * years,
        "grant_ends": len(inputs.grants),
        "arrivals": len(inputs.tranches),
        "presences": len(inputs.positions),
    }


def draw_world(inputs: Inputs, world: World, streams: Streams) -> None:
    """Draw all that surrounds the centre in one replication."""
    world.cycle.fault = Fault.NONE
    draw_levels(inputs, world)
    draw_exchange(inputs, world, streams)
    draw_recessions(inputs, world, streams)
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


def draw_recessions(inputs: Inputs, world: World, streams: Streams) -> None:
    """Growth and recession by turns, each of a random length."""
    economy = inputs.economy
    world.cycle.recessions = 0
    if economy.recessions_year <= 0.0:
        return
    time = 0.0
    while time < inputs.horizon.months + 1:
        number = world.cycle.recessions
        if number >= len(world.recessions):
            world.cycle.fault = Fault.RECESSIONS
            return
        block(streams, economy.cycle_stream, number)
        recession = world.recessions[number]
        recession.begin = time + exponential(12.0 / economy.recessions_year, streams.first)
        time = recession.begin + exponential(economy.recession_months, streams.second)
        recession.end = time
        world.cycle.recessions = number + 1


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
    if one(streams, position.seconded_stream, position.person) < host.delivered_share:
        begins = float(ceil(host.delay_months) - inputs.horizon.elapsed_months)
        presence.from_month = max(presence.from_month, begins)
    elif position.then_ends:
        presence.exists = False
    else:
        presence.payer = Payer.CENTRE
