"""Tenders, projects, work for newer centres: calls, bids, what standing wins, and the work."""

from collections.abc import Generator, Iterator
from typing import NamedTuple

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.payments import Claim, collect, management_fee
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
from ncpcsim.luck import candidates
from ncpcsim.plan.schema import Contract

_WIDTH = 8
_INCOME = {
    "domestic_public": Account.DOMESTIC_PUBLIC,
    "international": Account.INTERNATIONAL_PROJECTS,
    "corporate": Account.CORPORATE_SUPPORT,
    "newer_centres": Account.NEWER_CENTRES,
}


class Draws(NamedTuple):
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
    for name, contract in centre.numbers.contracts.items():
        yield calls(centre, name, contract)


def _stream(name: str) -> str:
    return f"contract.{name}"


def calls(centre: Centre, name: str, contract: Contract) -> Generator[Event]:
    """Calls that fit the centre come at random; it bids for each."""
    stream = _stream(name)
    months = centre.numbers.horizon.months
    arrivals = candidates(centre.luck, stream, contract.calls_year / 12, months, _WIDTH)
    for index, candidate in enumerate(arrivals):
        yield centre.clock.until(candidate.time, Kind.ENQUIRY, entity(stream, index))
        if candidate.time >= contract.from_month:
            draws = Draws(*candidate.row.tolist())
            centre.clock.process(_life(centre, name, contract, index, draws))


def _life(
    centre: Centre, name: str, contract: Contract, index: int, draws: Draws
) -> Generator[Event]:
    """From bid to final payment."""
    this = entity(_stream(name), index)
    yield from _staff_time(centre, name, contract.bid_days, this)
    centre.count(name, "bids")
    market = centre.market
    chance = rules.win_probability(
        contract.win_probability,
        market.credibility(),
        contract.leverage,
        market.other_sources(name),
    )
    if draws.decision >= chance:
        return
    market.win(name)
    centre.count(name, "won")
    if centre.say:
        centre.say(f"{name} won")
    worth_usd = rules.lognormal(contract.amount_usd, contract.amount_sigma, draws.amount)
    amount = rules.cents(worth_usd * centre.economy.costs[centre.ledger.month])
    advance = rules.share_cents(amount, contract.advance_share)
    income = _INCOME[contract.giver]
    centre.ledger.post(Account.CASH, income, advance, f"advance of {name}")
    management_fee(centre, advance)
    costs = entity(f"{_stream(name)}.costs", index)
    centre.clock.process(_spend(centre, contract, amount, costs))
    begun = centre.clock.now
    yield from _staff_time(centre, name, contract.staff_days, this)
    left = max(begun + contract.months - centre.clock.now, 0)
    yield centre.clock.wait(left, Kind.COMPLETION, this)
    standing = centre.numbers.credibility
    if standing:
        market.gain_credibility(standing.per_engagement)
    late = rules.exponential(contract.payment_delay_months, draws.payment)
    yield from collect(centre, Claim(income, amount - advance, this, late, name))


def _staff_time(centre: Centre, name: str, days: float, this: int) -> Generator[Event]:
    """Keep one member of staff busy."""
    contract = centre.numbers.contracts[name]
    team = centre.teams[contract.role]
    with team.ask(contract.priority) as turn:
        yield turn
        own_days = days / team.productivity(centre.clock.now)
        yield from team.work(own_days / centre.numbers.staff.working_days_month, this)
    centre.count_time(name, own_days, mission=False)


def _spend(centre: Centre, contract: Contract, amount: int, this: int) -> Generator[Event]:
    """Spend what does not stay with the centre evenly over the contract."""
    stays = rules.share_cents(amount, contract.overhead_share)
    equipment_share = max(1 - contract.subcontractors_share - contract.travel_share, 0.0)
    shares = [contract.subcontractors_share, contract.travel_share, equipment_share]
    left = dict(
        zip(
            (Account.SUBCONTRACTORS, Account.TRAVEL, Account.MATERIALS),
            rules.split_cents(amount - stays, shares),
            strict=True,
        )
    )
    for months in range(contract.months, 0, -1):
        yield centre.clock.wait(1, Kind.COMPLETION, this)
        for account, cents in left.items():
            now = rules.instalment(cents, months)
            centre.ledger.post(account, Account.CASH, now, "contract's own costs")
            left[account] -= now
