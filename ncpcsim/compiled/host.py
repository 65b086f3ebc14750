"""The host institution: what it promises and what it delivers; its default, and its loss."""

from math import inf

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import post
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.costs import bill_cents, delivered_cents
from ncpcsim.compiled.events import What
from ncpcsim.compiled.staff import idle_all, send_home, share_hours
from ncpcsim.compiled.state import Centre
from ncpcsim.compiled.team import come_back
from ncpcsim.model.fields import NONE
from ncpcsim.model.order import EventKind
from ncpcsim.model.streams import block, one
from ncpcsim.model.world import MOST_PEOPLE, drawn_kind
from ncpcsim.rules import cents, comes_share, exponential


def start_host(centre: Centre) -> None:
    """What the host gives, and how it may fail."""
    host = centre.inputs.host
    await_contribution(centre)
    next_default(centre)
    if host.losses_year > 0.0:
        next_loss(centre, 0)


def await_contribution(centre: Centre) -> None:
    """The next month end's contribution."""
    order = centre.inputs.host.contribution_order
    wait(centre, 1.0, EventKind.RECEIPT, order, What.HOST_CONTRIBUTION, 0, 0)


def on_contribution(centre: Centre) -> None:
    """The host's cash, premises and logistics, as far as it delivers them."""
    cash = delivered_cents(centre, cents(centre.inputs.host.cash_month), 1.0)
    post(centre, Account.CASH, Account.HOST_CASH, cash)
    for i in range(len(centre.inputs.lines)):
        line = centre.inputs.lines[i]
        if line.memo != NONE:
            borne = delivered_cents(centre, bill_cents(centre, i), line.host_share)
            post(centre, line.memo, Account.IN_KIND_INCOME, borne)
    await_contribution(centre)


def next_default(centre: Centre) -> None:
    """The host stops delivering now and then."""
    host, state = centre.inputs.host, centre.host
    if host.defaults_year <= 0.0:
        return
    block(centre.streams, host.default_stream, state.defaults)
    good = exponential(12.0 / host.defaults_year, centre.streams.first)
    state.default_length = centre.streams.second
    order = host.default_order + state.defaults
    wait(centre, good, EventKind.OPENING, order, What.HOST_DEFAULT, state.defaults, 0)
    state.defaults += 1


def on_default(centre: Centre, index: int) -> None:
    """The host stops delivering, and its people stay away meanwhile."""
    host, state = centre.inputs.host, centre.host
    if state.lost:
        next_default(centre)
        return
    bad = exponential(host.default_months, state.default_length)
    state.delivers = False
    share_hours(centre)
    send_home(centre, bad, index, lost=False)
    wait(centre, bad, EventKind.OPENING, host.recovery_order + index, What.HOST_RECOVERY, 0, 0)


def on_recovery(centre: Centre) -> None:
    """The host delivers again, if it is not lost."""
    centre.host.delivers = not centre.host.lost
    share_hours(centre)
    next_default(centre)


def next_loss(centre: Centre, index: int) -> None:
    """The host is lost some day."""
    host = centre.inputs.host
    when = exponential(12.0 / host.losses_year, one(centre.streams, host.loss_stream, index))
    order = host.loss_order + index
    wait(centre, when, EventKind.OPENING, order, What.HOST_LOSS, index, 0)


def on_loss(centre: Centre, index: int) -> None:
    """The centre moves out: months without activity, without the host's people and its gifts."""
    host, state = centre.inputs.host, centre.host
    state.lost = True
    state.delivers = False
    state.kind = host.kind_alone
    share_hours(centre)
    send_home(centre, inf, index, lost=True)
    idle_all(centre, host.move_months)
    state.moving = True
    wait(centre, host.move_months, EventKind.OPENING, host.move_order, What.MOVED, index, 0)


def on_moved(centre: Centre, index: int, *, into: bool) -> None:
    """The centre has moved out; or another host, which may be found, takes it in."""
    host = centre.inputs.host
    block(centre.streams, host.another_stream, index)
    if into:
        take_in(centre, drawn_kind(centre.inputs, centre.streams.third), index)
        next_loss(centre, index + 1)
        return
    centre.host.moving = False
    if centre.streams.first < host.found_probability:
        search = exponential(host.search_months, centre.streams.second)
        rest = max(search - host.move_months, 0.0)
        order = host.another_order + index
        wait(centre, rest, EventKind.OPENING, order, What.MOVED, index, 1)


def take_in(centre: Centre, kind: int, index: int) -> None:
    """Another host, of a kind and with people of its own."""
    host, state = centre.inputs.host, centre.host
    state.kind = kind
    state.delivered_share = host.another_share
    state.lost = False
    state.delivers = True
    chance = comes_share(host.another_share, host.most_people, host.promised_people)
    for i in range(len(centre.holders)):
        holder, position = centre.holders[i], centre.inputs.positions[i]
        if not holder.withdrawn:
            continue
        person = position.person + (index + 1) * MOST_PEOPLE
        if one(centre.streams, position.seconded_stream, person) < chance:
            holder.withdrawn = False
            holder.since = max(centre.clock.now, holder.from_month)
            come_back(centre, i, paid=False)
    share_hours(centre)
