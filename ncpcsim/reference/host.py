"""The host institution: what it promises and what it delivers; its default, and its loss."""

import math
from collections.abc import Generator, Iterator
from itertools import count

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.fields import NONE, Payer
from ncpcsim.model.order import EventKind
from ncpcsim.model.streams import block, one
from ncpcsim.model.world import MOST_PEOPLE, drawn_kind
from ncpcsim.reference import staff
from ncpcsim.reference.in_kind import bill_cents, delivered_cents
from ncpcsim.reference.state import Centre


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """What the host gives, and how it may fail."""
    staff.share_hours(centre)
    yield contributions(centre)
    yield defaults(centre)
    yield losses(centre)


def contributions(centre: Centre) -> Generator[Event]:
    """Each month end, the host's cash, premises and logistics, as far as it delivers them."""
    host, post = centre.inputs.host, centre.ledger.post
    promised_cash = rules.cents(host.cash_month)
    while True:
        yield centre.clock.wait(1, EventKind.RECEIPT, host.contribution_order)
        cash = delivered_cents(centre, promised_cash)
        post(Account.CASH, Account.HOST_CASH, cash, "host's cash")
        for row, line in enumerate(centre.inputs.lines):
            if line.memo == NONE:
                continue
            borne = delivered_cents(centre, bill_cents(centre, row), line.host_share)
            what = "host's logistics" if line.strays else "host's premises"
            post(line.memo, Account.IN_KIND_INCOME, borne, what)


def defaults(centre: Centre) -> Generator[Event]:
    """The host stops delivering now and then, and its people stay away meanwhile."""
    host, streams = centre.inputs.host, centre.streams
    if host.defaults_year <= 0:
        return
    for index in range(12 * centre.inputs.horizon.months):
        block(streams, host.default_stream, index)
        good, length = rules.exponential(12 / host.defaults_year, streams.first), streams.second
        yield centre.clock.wait(good, EventKind.OPENING, host.default_order + index)
        if centre.host.lost:
            continue
        bad = rules.exponential(host.default_months, length)
        if centre.say:
            centre.say(f"the host stops delivering, for {bad:.1f} months")
        centre.host.delivers = False
        staff.share_hours(centre)
        _send_home(centre, bad, index, lost=False)
        yield centre.clock.wait(bad, EventKind.OPENING, host.recovery_order + index)
        centre.host.delivers = not centre.host.lost
        staff.share_hours(centre)


def losses(centre: Centre) -> Generator[Event]:
    """The host is lost, and the centre moves out; another may be found, which may be lost."""
    host, streams = centre.inputs.host, centre.streams
    if host.losses_year <= 0:
        return
    for index in count():
        when = rules.exponential(12 / host.losses_year, one(streams, host.loss_stream, index))
        yield centre.clock.wait(when, EventKind.OPENING, host.loss_order + index)
        _lose(centre, index)
        yield centre.clock.wait(host.move_months, EventKind.OPENING, host.move_order)
        centre.host.moving = False
        block(streams, host.another_stream, index)
        found, length, kind = streams.first, streams.second, streams.third
        if found >= host.found_probability:
            return
        rest = max(rules.exponential(host.search_months, length) - host.move_months, 0.0)
        yield centre.clock.wait(rest, EventKind.OPENING, host.another_order + index)
        _take_in(centre, kind, index)


def _lose(centre: Centre, index: int) -> None:
    """Months without activity, without the host's people and what it gave."""
    host = centre.inputs.host
    if centre.say:
        centre.say("the host is lost")
    centre.host.lost, centre.host.delivers = True, False
    centre.host.kind = host.kind_alone
    staff.share_hours(centre)
    _send_home(centre, math.inf, index, lost=True)
    for team in centre.teams:
        for holder in team.holders:
            # Also whoever comes meanwhile: nobody works until the centre has moved.
            order = holder.position.move_order
            idle = staff.absence(centre, team, holder, host.move_months, order, paid=True)
            centre.clock.process(idle)
    centre.host.moving = True


def _take_in(centre: Centre, kind: float, index: int) -> None:
    """Another host, of a kind and with people of its own."""
    host, state = centre.inputs.host, centre.host
    if centre.say:
        centre.say("another host takes the centre in")
    state.kind = drawn_kind(centre.inputs, kind)
    state.delivered_share = host.another_share
    state.lost, state.delivers = False, True
    chance = rules.comes_share(host.another_share, host.most_people, host.promised_people)
    for team in centre.teams:
        for holder in team.holders:
            if not holder.withdrawn:
                continue
            position = holder.position
            person = position.person + (index + 1) * MOST_PEOPLE
            if one(centre.streams, position.seconded_stream, person) < chance:
                holder.withdrawn = False
                holder.since = max(centre.clock.now, holder.from_month)
                team.come_back(holder, paid=False)
    staff.share_hours(centre)


def _send_home(centre: Centre, months: float, index: int, *, lost: bool) -> None:
    """Seconded people stay away, but for posts that the centre then pays."""
    for team in centre.teams:
        for holder in team.holders:
            position = holder.position
            if holder.withdrawn:
                continue
            if holder.payer == Payer.HOST and position.then_ends:
                holder.withdrawn = lost
                order = (position.loss_order if lost else position.default_order) + index
                centre.clock.process(staff.absence(centre, team, holder, months, order))
