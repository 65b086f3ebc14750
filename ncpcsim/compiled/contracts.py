"""Tenders, projects, work for newer centres: calls, bids, what credibility wins, and the work."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import count, count_time, post, stop
from ncpcsim.compiled.calendar import until, wait
from ncpcsim.compiled.events import JobKind, What
from ncpcsim.compiled.jobs import begin_work, drop_job, new_job
from ncpcsim.compiled.leadership import bidders, giver_trust, team_pace
from ncpcsim.compiled.management import bids
from ncpcsim.compiled.market import (
    begin_programme,
    climate,
    credibility,
    gain_credibility,
    lose_credibility,
    other_sources,
    public_left,
)
from ncpcsim.compiled.payments import collect, lateness, management_fee
from ncpcsim.compiled.state import Centre, Job
from ncpcsim.compiled.team import ask
from ncpcsim.faults import Fault
from ncpcsim.model.counts import OfContract
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import Contract
from ncpcsim.model.order import MOST_MEMBERS, EventKind
from ncpcsim.model.streams import MOST_RENEWALS, block, one
from ncpcsim.rules import (
    asked_share,
    cents,
    due_month,
    equipment_share,
    exponential,
    instalment,
    lasting,
    lognormal,
    months_left,
    rank,
    renews,
    share_cents,
    split_cents,
    success_cents,
    win_probability,
)

BLOCKS = 2
"""Blocks of draws of one call."""


def start_contracts(centre: Centre) -> None:
    """The calls of every kind of contract, and the contracts in hand."""
    for i in range(len(centre.inputs.contracts)):
        if centre.inputs.contracts[i].in_hand:
            start_in_hand(centre, i)
            continue
        calls = centre.calls[i]
        calls.time = 0.0
        calls.index = 0
        calls.rate_month = centre.inputs.contracts[i].calls_year / 12.0
        if calls.rate_month > 0.0 and is_eligible(centre, centre.inputs.contracts[i]):
            calls.mean_months = 1.0 / calls.rate_month
            next_call(centre, i)


def is_eligible(centre: Centre, contract: Contract) -> bool:
    """Whether there are such calls in the country at all."""
    eligible = contract.eligible_probability
    return eligible >= 1.0 or one(centre.streams, contract.country_stream, 0) < eligible


def start_in_hand(centre: Centre, row: int) -> None:
    """The rest of a contract that was won before the first day."""
    contract = centre.inputs.contracts[row]
    number = new_job(centre, JobKind.CONTRACT, row, 0)
    block(centre.streams, contract.stream, 0)
    job = centre.job[number]
    job.payment = centre.streams.fourth
    job.success = 0.0
    job.on_success_cents = 0
    fulfil(centre, number, cents(contract.to_spend), cents(contract.to_invoice))


def next_call(centre: Centre, number: int) -> None:
    """Calls that fit the centre come at random."""
    contract, calls = centre.inputs.contracts[number], centre.calls[number]
    block(centre.streams, contract.stream, BLOCKS * calls.index)
    calls.time += exponential(calls.mean_months, centre.streams.first)
    if calls.time >= centre.inputs.horizon.months:
        return
    if calls.index >= MOST_MEMBERS:
        stop(centre, Fault.STREAM)
        return
    order = contract.order + calls.index
    until(centre, calls.time, EventKind.ENQUIRY, order, What.CALL, number, calls.index)
    calls.index += 1


def on_call(centre: Centre, number: int, index: int) -> None:
    """The centre bids for calls it has time for.

    In a cut, a part of public ones do not come, and of those that follow the policy climate only
    a part of it does.
    """
    next_call(centre, number)
    begin_programme(centre, number)
    if centre.ending.dormant_since != NEVER:
        return
    contract = centre.inputs.contracts[number]
    if centre.clock.now < contract.from_month or not bids(centre, contract):
        return
    asked = asked_share(climate(centre), contract.climate_share)
    left = asked * public_left(centre, public=contract.public)
    if left < 1.0:
        block(centre.streams, contract.stream, BLOCKS * index + 1)
        if centre.streams.first >= left:
            return
    job = new_job(centre, JobKind.BID, number, index)
    ask_for_staff(centre, job)


def ask_for_staff(centre: Centre, number: int) -> None:
    """Queue for somebody who bids or works."""
    contract = centre.inputs.contracts[centre.job[number].source]
    first = centre.direction.mission_first
    place = rank(contract.priority, mission=contract.mission, mission_first=first)
    if ask(centre, working_team(centre, number), number, place):
        begin_contract_work(centre, number)


def working_team(centre: Centre, number: int) -> int:
    """Who bids, or works."""
    job = centre.job[number]
    team = centre.inputs.contracts[job.source].team
    return bidders(centre, team) if job.kind == JobKind.BID else team


def begin_contract_work(centre: Centre, number: int) -> None:
    """Somebody comes: the bid or the work begins."""
    job = centre.job[number]
    contract = centre.inputs.contracts[job.source]
    days = contract.bid_days if job.kind == JobKind.BID else contract.staff_days
    team = working_team(centre, number)
    job.own_days = days / team_pace(centre, team)
    begin_work(centre, number, team, contract.order + job.index)


def on_contract_work_ends(centre: Centre, number: int) -> None:
    """The bid, or the work, is done."""
    job = centre.job[number]
    contract = centre.inputs.contracts[job.source]
    row = contract.counts + OfContract.STAFF_HOURS
    count_time(centre, row, job.own_days, mission=contract.mission)
    if job.kind == JobKind.BID:
        await_decision(centre, number)
        return
    left = months_left(job.begun, contract.months, centre.clock.now)
    order = contract.order + job.index
    wait(centre, left, EventKind.COMPLETION, order, What.CONTRACT_WAITED, number, 0)


def await_decision(centre: Centre, number: int) -> None:
    """The proposal is written: the payer takes its time, or decides at once."""
    job = centre.job[number]
    contract = centre.inputs.contracts[job.source]
    count(centre, contract.counts + OfContract.BIDS, 1)
    if contract.decision_months == 0.0:
        decide_bid(centre, number)
        return
    block(centre.streams, contract.stream, BLOCKS * job.index + 1)
    months = exponential(contract.decision_months, centre.streams.second)
    order = contract.order + job.index
    wait(centre, months, EventKind.COMPLETION, order, What.CONTRACT_WAITED, number, 0)


def on_contract_waited(centre: Centre, number: int) -> None:
    """A payer decides on a bid, or a contract's months are over."""
    if centre.job[number].kind != JobKind.BID:
        on_contract_ends(centre, number)
    elif centre.ending.dormant_since != NEVER:
        drop_job(centre, number)
    else:
        decide_bid(centre, number)


def decide_bid(centre: Centre, number: int) -> None:
    """A bid is won or lost."""
    job = centre.job[number]
    contract = centre.inputs.contracts[job.source]
    trusted = giver_trust(centre, contract)
    chance = win_probability(
        contract.win_probability,
        credibility(centre) * trusted,
        contract.leverage,
        other_sources(centre, contract.source),
    )
    block(centre.streams, contract.stream, BLOCKS * job.index)
    if centre.streams.second >= chance:
        drop_job(centre, number)
        return
    count(centre, contract.counts + OfContract.WON, 1)
    job.price = lognormal(contract.amount, contract.amount_sigma, centre.streams.third)
    job.payment = centre.streams.fourth
    job.renewals = 0
    job.climate = climate(centre)
    block(centre.streams, contract.stream, BLOCKS * job.index + 1)
    job.success = centre.streams.third
    commission(centre, number)


def commission(centre: Centre, number: int) -> None:
    """A contract begins: the payer pays in advance."""
    job = centre.job[number]
    contract = centre.inputs.contracts[job.source]
    centre.won[contract.source] = centre.clock.now
    amount = cents(job.price * centre.world.costs[centre.clock.month])
    advance = share_cents(amount, contract.advance_share)
    post(centre, Account.CASH, contract.income, advance)
    management_fee(centre, advance)
    centre.contract_cents[centre.clock.month] += advance
    job.kind = JobKind.CONTRACT
    job.on_success_cents = success_cents(amount, advance, contract.success_share)
    fulfil(centre, number, amount, amount - advance - job.on_success_cents)


def fulfil(centre: Centre, number: int, amount: int, to_invoice: int) -> None:
    """From the first day of work on a contract."""
    job = centre.job[number]
    job.begun = centre.clock.now
    job.cents = to_invoice
    ask_for_staff(centre, number)
    start_costs(centre, job, amount)
    sign(centre, centre.inputs.contracts[job.source], amount, to_invoice)


def sign(centre: Centre, contract: Contract, amount: int, rest: int) -> None:
    """A contract is in hand: its rest, and what of its amount does not stay, are to come."""
    month = centre.clock.month
    due = due_month(centre.clock.now, contract.months, contract.payment_delay_months)
    if due < len(centre.due):
        centre.due[due] += rest
    left = amount - share_cents(amount, contract.overhead_share)
    for done in range(contract.months):
        now = instalment(left, contract.months - done)
        left -= now
        if month + 1 + done < len(centre.own_costs):
            centre.own_costs[month + 1 + done] += now


def start_costs(centre: Centre, job: Job, amount: int) -> None:
    """Spend what does not stay with the centre evenly over the contract."""
    contract = centre.inputs.contracts[job.source]
    stays = share_cents(amount, contract.overhead_share)
    centre.shares[0] = contract.subcontractors_share
    centre.shares[1] = contract.travel_share
    centre.shares[2] = equipment_share(contract.subcontractors_share, contract.travel_share)
    split_cents(amount - stays, centre.shares, 0, 3, centre.parts)
    number = new_job(centre, JobKind.COSTS, job.source, job.index)
    costs = centre.job[number]
    costs.years = contract.months
    costs.subcontractors_cents = centre.parts[0]
    costs.travel_cents = centre.parts[1]
    costs.equipment_cents = centre.parts[2]
    await_costs(centre, number)


def await_costs(centre: Centre, number: int) -> None:
    """The next month's costs of a contract."""
    costs = centre.job[number]
    order = centre.inputs.contracts[costs.source].costs_order + costs.index
    wait(centre, 1.0, EventKind.COMPLETION, order, What.CONTRACT_COSTS, number, 0)


def on_contract_costs(centre: Centre, number: int) -> None:
    """A month's costs of a contract."""
    costs = centre.job[number]
    subcontractors = instalment(costs.subcontractors_cents, costs.years)
    travel = instalment(costs.travel_cents, costs.years)
    equipment = instalment(costs.equipment_cents, costs.years)
    post(centre, Account.SUBCONTRACTORS, Account.CASH, subcontractors)
    post(centre, Account.TRAVEL, Account.CASH, travel)
    post(centre, Account.MATERIALS, Account.CASH, equipment)
    centre.contract_cents[centre.clock.month] -= subcontractors + travel + equipment
    costs.subcontractors_cents -= subcontractors
    costs.travel_cents -= travel
    costs.equipment_cents -= equipment
    costs.years -= 1
    if costs.years > 0:
        await_costs(centre, number)
    else:
        drop_job(centre, number)


def on_contract_ends(centre: Centre, number: int) -> None:
    """The work is over: the rest is invoiced, and if it succeeds what that brings."""
    job = centre.job[number]
    contract = centre.inputs.contracts[job.source]
    succeeds = job.success < contract.success_probability
    invoiced = job.cents
    if succeeds:
        gain_credibility(centre, centre.inputs.credibility.per_engagement)
        invoiced += job.on_success_cents
    else:
        lose_credibility(centre)
    centre.contract_cents[centre.clock.month] += invoiced
    due = due_month(job.begun, contract.months, contract.payment_delay_months)
    if due < len(centre.due):
        centre.due[due] -= job.cents
    late = lateness(centre, contract.payment_delay_months, job.payment, public=contract.public)
    order = contract.order + job.index
    collect(centre, contract.income, invoiced, order, late, never_paid=False)
    if succeeds and renewed(centre, job, contract):
        count(centre, contract.renewed, 1)
        job.renewals += 1
        job.payment = centre.streams.second
        job.success = centre.streams.third
        commission(centre, number)
    else:
        drop_job(centre, number)


def renewed(centre: Centre, job: Job, contract: Contract) -> bool:
    """Whether a payer commissions again.

    One of which a budget is cut does so less often, and so does one whose policy climate wears off.
    """
    if contract.renewal_probability == 0.0 or centre.ending.dormant_since != NEVER:
        return False
    number = job.index * MOST_RENEWALS + job.renewals
    block(centre.streams, contract.renewal_stream, number)
    asked = asked_share(lasting(climate(centre), job.climate), contract.climate_share)
    left = public_left(centre, public=contract.public) * asked
    return renews(contract.renewal_probability, left, centre.streams.first)
