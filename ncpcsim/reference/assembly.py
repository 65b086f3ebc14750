"""One run: the parts put together, started in a declared order, and what is left at the end."""

from importlib import import_module
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Ledger, movements
from ncpcsim.faults import Fault, RunError
from ncpcsim.model.ending import NEVER, Cause
from ncpcsim.model.fields import Inputs
from ncpcsim.model.inputs import Tables
from ncpcsim.model.opening import open_books
from ncpcsim.model.record import Record, Trace
from ncpcsim.model.streams import Streams
from ncpcsim.model.tables import objects, spans
from ncpcsim.model.world import World, draw_world, world_rows
from ncpcsim.reference import closing, outcomes, staff
from ncpcsim.reference.ability import AbilityState
from ncpcsim.reference.clock import Clock
from ncpcsim.reference.market import MarketState
from ncpcsim.reference.state import (
    Centre,
    Counts,
    Direction,
    Earnings,
    Fund,
    HostState,
    LiquidityState,
)

FAMILIES = (
    "staff",
    "grants",
    "review",
    "contracts",
    "payments",
    "host",
    "costs",
    "policy",
    "boards",
    "network",
    "demand",
    "outcomes",
    "liquidity",
    "management",
)
"""The families of processes, each a module of this package, in the order in which they start."""


def simulate(
    tables: Tables,
    streams: Streams,
    trace: Trace | None = None,
    *,
    words: NDArray[np.int64] | None = None,
) -> Record:
    """Run the centre once, from its first day to the end of the follow-up or to its closing.

    Args:
        tables: the plan.
        streams: the replication's randomness.
        trace: a callback for every event and posting, or None.
        words: the tables' words with uncertain parameters drawn; those at the medians if left out.

    Raises:
        RunError: the run cannot be carried to its end.
    """
    inputs = tables.inputs if words is None else tables.read(words)
    centre = _assemble(tables, inputs, streams, trace)
    for family in FAMILIES:
        for process in import_module(f"ncpcsim.reference.{family}").processes(centre):
            centre.clock.process(process)
    end = centre.clock.process(closing.month_ends(centre))
    closed_month: int | None = centre.clock.run(until=end)
    return _record(tables, centre, closed_month)


def _assemble(tables: Tables, inputs: Inputs, streams: Streams, trace: Trace | None) -> Centre:
    clock, world = Clock(), drawn_world(inputs, streams)
    ability = AbilityState(inputs)
    accounts = tables.accounts

    def say(what: str) -> None:
        if trace:
            trace(clock.now, what)

    def witness(debit: int, credit: int, cents: int, what: str) -> None:
        amount = f"{cents / 100:,.2f} {tables.names.currency}"
        say(f"    {amount}  {accounts[debit]} < {accounts[credit]}  ({what})")

    opening = [0] * len(accounts)
    open_books(inputs, opening)
    return Centre(
        inputs=inputs,
        names=tables.names,
        streams=streams,
        world=world,
        clock=clock,
        ledger=Ledger(opening, witness if trace else None),
        counts=Counts(len(tables.counted), inputs.horizon.months),
        market=MarketState(inputs, world, clock, ability),
        teams=staff.form_teams(inputs, tables.names, world, clock, ability),
        funds=[Fund(kept=0.0 if grant.second else 1.0) for grant in inputs.grants],
        ability=ability,
        host=HostState(inputs.host.kind, inputs.host.delivered_share),
        liquidity=LiquidityState.at_first(inputs),
        gains=outcomes.gains(inputs),
        earnings=Earnings.none_yet(len(inputs.services), inputs.horizon.months),
        direction=Direction([1.0] * (len(inputs.services) + 1)),
        say=say if trace else None,
    )


def drawn_world(inputs: Inputs, streams: Streams) -> World:
    """What surrounds the centre in one replication.

    Raises:
        RunError: it cannot be drawn.
    """
    places = spans(World, world_rows(inputs))
    empty = np.zeros(sum(span.words for span in places.values()), np.int64)
    world: World = objects(World, empty, places)
    draw_world(inputs, world, streams)
    if world.cycle.fault:
        raise RunError(Fault(world.cycle.fault))
    return world


def _record(tables: Tables, centre: Centre, closed_month: int | None) -> Record:
    months, counts = centre.inputs.horizon.months, centre.counts.rows
    net, receipts, payments = movements(centre.ledger.journal, len(tables.accounts), months)
    opening = [0] * len(tables.accounts)
    open_books(centre.inputs, opening)
    return Record(
        accounts=tables.accounts,
        net_cents=net,
        receipts_cents=receipts,
        payments_cents=payments,
        opening_cents=np.array(opening, np.int64),
        counted=tables.counted,
        counts=np.fromiter(chain.from_iterable(counts), np.int64).reshape(len(counts), months),
        closed_month=closed_month,
        cause=Cause(centre.liquidity.cause),
        late_since=_month(centre.liquidity.late_since),
        dormant_since=_month(centre.liquidity.dormant_since),
    )


def _month(found: int) -> int | None:
    return None if found == NEVER else found
