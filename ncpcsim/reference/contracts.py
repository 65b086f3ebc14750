"""Tenders, projects, work for newer centres: calls, bids, what credibility wins, and the work."""

from collections.abc import Generator, Iterator
from typing import NamedTuple

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.counts import OfContract
from ncpcsim.model.fields import Contract
from ncpcsim.model.order import EventKind, member
from ncpcsim.model.streams import candidates
from ncpcsim.reference import earnings, management
from ncpcsim.reference.payments import Claim, collect, management_fee
from ncpcsim.reference.state import Centre

_WIDTH = 8


class CallDraws(NamedTuple):
    """The draws of one call."""

    arrival: float
    decision: float
    amount: float
    payment: float
    spare_1: float
    spare_2: float
    spare_3: float
    spare_4: float


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The calls of every kind of contract."""
    for row in range(len(centre.inputs.contracts)):
        yield calls(centre, row)


def calls(centre: Centre, row: int) -> Generator[Event]:
    """Calls that fit the centre come at random; it bids for those it has time for."""
    contract, months = centre.inputs.contracts[row], centre.inputs.horizon.months
    rate_month = contract.calls_year / 12
    arrivals = candidates(centre.streams, contract.stream, rate_month, months, _WIDTH)
    for index, candidate in enumerate(arrivals):
        order = member(contract.order, index)
        yield centre.clock.until(candidate.time, EventKind.ENQUIRY, order)
        open_to_it = candidate.time >= contract.from_month and not centre.liquidity.dormant
        if open_to_it and management.bids(centre, contract):
            draws = CallDraws(*candidate.row.tolist())
            centre.clock.process(_life(centre, row, index, draws))


def _life(centre: Centre, row: int, index: int, draws: CallDraws) -> Generator[Event]:
    """From bid to final payment."""
    contract, name, market = (
        centre.inputs.contracts[row],
        centre.names.contracts[row],
        centre.market,
    )
    order = contract.order + index
    yield from _staff_time(centre, contract, contract.bid_days, order)
    centre.count(contract.counts + OfContract.BIDS)
    chance = rules.win_probability(
        contract.win_probability,
        market.credibility(),
        contract.leverage,
        market.other_sources(contract.source),
    )
    if draws.decision >= chance:
        return
    market.win(contract.source)
    centre.count(contract.counts + OfContract.WON)
    if centre.say:
        centre.say(f"{name} won")
    worth = rules.lognormal(contract.amount, contract.amount_sigma, draws.amount)
    amount = rules.cents(worth * centre.world.costs[centre.ledger.month])
    advance = rules.share_cents(amount, contract.advance_share)
    centre.ledger.post(Account.CASH, contract.income, advance, f"advance of {name}")
    management_fee(centre, advance)
    earnings.sign(centre, contract, advance, amount - advance)
    centre.clock.process(_spend(centre, contract, amount, contract.costs_order + index))
    begun = centre.clock.now
    yield from _staff_time(centre, contract, contract.staff_days, order)
    left = rules.months_left(begun, contract.months, centre.clock.now)
    yield centre.clock.wait(left, EventKind.COMPLETION, order)
    market.gain_credibility(centre.inputs.credibility.per_engagement)
    earnings.invoice(centre, contract, begun, amount - advance)
    late = rules.exponential(contract.payment_delay_months, draws.payment)
    yield from collect(centre, Claim(contract.income, amount - advance, order, late, name))


def _staff_time(centre: Centre, contract: Contract, days: float, order: int) -> Generator[Event]:
    """Keep one member of staff busy."""
    team = centre.teams[contract.team]
    request = team.ask(contract.priority)
    if request is not None:
        yield request
    own_days = days / team.productivity(centre.clock.now)
    yield from team.work(own_days / centre.inputs.staff.working_days_month, order)
    centre.count_time(contract.counts + OfContract.STAFF_HOURS, own_days, mission=False)


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
