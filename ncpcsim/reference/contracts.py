"""Tenders, projects, work for newer centres: calls, bids, what credibility wins, and the work."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.counts import OfContract
from ncpcsim.model.fields import Contract
from ncpcsim.model.order import EventKind, member
from ncpcsim.model.streams import MOST_RENEWALS, block, candidates, one
from ncpcsim.reference import earnings, leadership, management
from ncpcsim.reference.payments import Claim, collect, lateness, management_fee
from ncpcsim.reference.state import Centre
from ncpcsim.reference.team import Team

_WIDTH = 8


class CallDraws(NamedTuple):
    """The draws of one call."""

    arrival: float
    decision: float
    amount: float
    payment: float
    cut: float
    wait: float
    success: float
    spare: float


@dataclass(frozen=True)
class Commission:
    """What a payer asks for.

    Attributes:
        row: the kind of contract.
        index: the call that was won.
        number: how often the payer has commissioned the same again.
        worth: its amount, at the prices of the plan's start.
        payment: the draw that makes the payer's delay.
        success: the draw that decides whether the work succeeds.
        climate: the policy climate when it was commissioned.
    """

    row: int
    index: int
    number: int
    worth: float
    payment: float
    success: float
    climate: float


class Work(NamedTuple):
    """A contract that was won.

    Attributes:
        commission: what the payer asked for.
        amount: of which what does not stay with the centre is spent, in cents.
        to_invoice: what of it is paid after its end, in cents.
        on_success: what is paid then if the work succeeds, in cents.
    """

    commission: Commission
    amount: int
    to_invoice: int
    on_success: int


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The calls of every kind of contract, and the contracts in hand."""
    for row, contract in enumerate(centre.inputs.contracts):
        yield in_hand(centre, row) if contract.in_hand else calls(centre, row)


def calls(centre: Centre, row: int) -> Generator[Event]:
    """Calls that fit the centre come at random; it bids for those it has time for.

    None come in a country that cannot have them. When the public budget is cut, only a part of the
    calls of public bodies come, and of those that follow the policy climate a part of it. A free
    programme begins with its call, whoever bids.
    """
    contract, months = centre.inputs.contracts[row], centre.inputs.horizon.months
    eligible = contract.eligible_probability
    if eligible < 1 and one(centre.streams, contract.country_stream, 0) >= eligible:
        return
    rate_month = contract.calls_year / 12
    arrivals = candidates(centre.streams, contract.stream, rate_month, months, _WIDTH)
    for index, candidate in enumerate(arrivals):
        order = member(contract.order, index)
        yield centre.clock.until(candidate.time, EventKind.ENQUIRY, order)
        centre.market.begin_programme(row)
        if candidate.time < contract.from_month or centre.liquidity.dormant:
            continue
        draws = CallDraws(*candidate.row.tolist())
        asked = rules.asked_share(centre.market.climate(), contract.climate_share)
        comes = draws.cut < asked * centre.market.public_left(public=contract.public)
        if comes and management.bids(centre, contract):
            centre.clock.process(_life(centre, row, index, draws))


def _life(centre: Centre, row: int, index: int, draws: CallDraws) -> Generator[Event]:
    """From bid to final payment."""
    contract, market = centre.inputs.contracts[row], centre.market
    name = centre.names.contracts[row]
    team = leadership.bidders(centre, centre.teams[contract.team])
    order = contract.order + index
    yield from _staff_time(centre, contract, team, contract.bid_days, order)
    centre.count(contract.counts + OfContract.BIDS)
    if contract.decision_months:
        months = rules.exponential(contract.decision_months, draws.wait)
        yield centre.clock.wait(months, EventKind.COMPLETION, order)
        if centre.liquidity.dormant:
            return
    chance = rules.win_probability(
        contract.win_probability,
        market.credibility() * leadership.giver_trust(centre, contract),
        contract.leverage,
        market.other_sources(contract.source),
    )
    if draws.decision >= chance:
        return
    centre.count(contract.counts + OfContract.WON)
    if centre.say:
        centre.say(f"{name} won")
    worth = rules.lognormal(contract.amount, contract.amount_sigma, draws.amount)
    kept = Commission(row, index, 0, worth, draws.payment, draws.success, market.climate())
    yield from _work(centre, kept)


def _work(centre: Centre, commission: Commission) -> Generator[Event]:
    """From advance to final payment; the payer may then commission the same again."""
    contract, name = (
        centre.inputs.contracts[commission.row],
        centre.names.contracts[commission.row],
    )
    centre.market.win(contract.source)
    amount = rules.cents(commission.worth * centre.world.costs[centre.ledger.month])
    advance = rules.share_cents(amount, contract.advance_share)
    centre.ledger.post(Account.CASH, contract.income, advance, f"advance of {name}")
    management_fee(centre, advance)
    earnings.receive(centre, advance)
    on_success = rules.success_cents(amount, advance, contract.success_share)
    rest = amount - advance - on_success
    yield from _fulfil(centre, Work(commission, amount, rest, on_success))


def in_hand(centre: Centre, row: int) -> Generator[Event]:
    """The rest of a contract that was won before the first day."""
    contract = centre.inputs.contracts[row]
    spent, invoiced = rules.cents(contract.to_spend), rules.cents(contract.to_invoice)
    draws = CallDraws(*centre.streams.table(contract.stream, 0, 1, _WIDTH)[0].tolist())
    climate = centre.market.climate()
    commission = Commission(row, 0, 0, 0.0, draws.payment, draws.success, climate)
    yield from _fulfil(centre, Work(commission, spent, invoiced, 0))


def _fulfil(centre: Centre, work: Work) -> Generator[Event]:
    """From the first day of work to the final payment; then the payer may commission again."""
    commission, contract = work.commission, centre.inputs.contracts[work.commission.row]
    order, name = contract.order + commission.index, centre.names.contracts[commission.row]
    costs_order = contract.costs_order + commission.index
    centre.clock.process(_spend(centre, contract, work.amount, costs_order))
    earnings.sign(centre, contract, work.amount, work.to_invoice)
    begun = centre.clock.now
    team = centre.teams[contract.team]
    yield from _staff_time(centre, contract, team, contract.staff_days, order)
    left = rules.months_left(begun, contract.months, centre.clock.now)
    yield centre.clock.wait(left, EventKind.COMPLETION, order)
    succeeds = commission.success < contract.success_probability
    if succeeds:
        centre.market.gain_credibility(centre.inputs.credibility.per_engagement)
    else:
        centre.market.lose_credibility()
    on_success = work.on_success if succeeds else 0
    earnings.invoice(centre, contract, begun, work.to_invoice, on_success)
    late = lateness(
        centre, contract.payment_delay_months, commission.payment, public=contract.public
    )
    again = _renewed(centre, contract, commission) if succeeds else None
    if again:
        if centre.say:
            centre.say(f"{name} renewed")
        centre.count(contract.renewed)
        centre.clock.process(_work(centre, again))
    invoiced = work.to_invoice + on_success
    yield from collect(centre, Claim(contract.income, invoiced, order, late, name))


def _renewed(centre: Centre, contract: Contract, done: Commission) -> Commission | None:
    """The next commission of a payer that stays.

    One of which a budget is cut stays less often, and so does one whose policy climate wears off.
    """
    if not contract.renewal_probability or centre.liquidity.dormant:
        return None
    number = done.index * MOST_RENEWALS + done.number
    block(centre.streams, contract.renewal_stream, number)
    decision, payment, success = (
        centre.streams.first,
        centre.streams.second,
        centre.streams.third,
    )
    climate = centre.market.climate()
    left = centre.market.public_left(public=contract.public) * rules.asked_share(
        rules.lasting(climate, done.climate), contract.climate_share
    )
    if not rules.renews(contract.renewal_probability, left, decision):
        return None
    return replace(done, number=done.number + 1, payment=payment, success=success)


def _staff_time(
    centre: Centre, contract: Contract, team: Team, days: float, order: int
) -> Generator[Event]:
    """Keep one member of a team busy."""
    request = team.ask(contract.priority, mission=contract.mission)
    if request is not None:
        yield request
    own_days = days / leadership.pace(centre, team)
    yield from team.work(own_days / centre.inputs.staff.working_days_month, order)
    row = contract.counts + OfContract.STAFF_HOURS
    centre.count_time(row, own_days, mission=contract.mission)


def _spend(centre: Centre, contract: Contract, amount: int, order: int) -> Generator[Event]:
    """Spend what does not stay with the centre evenly over the contract."""
    stays = rules.share_cents(amount, contract.overhead_share)
    equipment = rules.equipment_share(contract.subcontractors_share, contract.travel_share)
    shares = [contract.subcontractors_share, contract.travel_share, equipment]
    left = [0, 0, 0]
    rules.split_cents(amount - stays, shares, 0, len(shares), left)
    accounts = (Account.SUBCONTRACTORS, Account.TRAVEL, Account.MATERIALS)
    for months in range(contract.months, 0, -1):
        yield centre.clock.wait(1, EventKind.COMPLETION, order)
        for part, account in enumerate(accounts):
            now = rules.instalment(left[part], months)
            centre.ledger.post(account, Account.CASH, now, "contract's own costs")
            earnings.spend(centre, now)
            left[part] -= now
