"""The director's forecast of cash: the year ahead, from what is known now and nothing else."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.costs import delivered_cents, own_part_cents, strayed
from ncpcsim.compiled.grants import tranche_cents
from ncpcsim.compiled.liquidity import collected, is_expected, owed
from ncpcsim.compiled.payments import management_fee_share
from ncpcsim.compiled.staff import salary_cents
from ncpcsim.compiled.state import Centre
from ncpcsim.model.fields import CostLine
from ncpcsim.rules import (
    AHEAD,
    TREND_MONTHS,
    add_flow,
    centre_pays_from,
    cents,
    collection_months,
    expected_month_cents,
    share_cents,
    tranche_ahead,
    with_past_cents,
)

YEAR = 12


def look_ahead(centre: Centre) -> None:
    """What the director expects now."""
    direction, terms = centre.direction, centre.inputs.management
    for i in range(AHEAD + 1):
        centre.flows[i] = 0
        centre.running[i] = 0
    pay_people(centre)
    pay_running_costs(centre)
    own_costs = max(-centre.flows[AHEAD], 0)
    asked = max(terms.reserve_months, centre.inputs.executive.reserve_asked_months)
    direction.reserve_cents = share_cents(own_costs, asked)
    for account in range(Account.PAYABLES, Account.DONOR_ADVANCES + 1):
        centre.flows[1] -= owed(centre, account)
    expect_tranches(centre)
    cash = delivered_cents(centre, cents(centre.inputs.host.cash_month), 1.0)
    add_flow(centre.flows, 1.0, float(AHEAD + 1), cash)
    expect_contracts(centre)
    expect_fees(centre)


def expect_tranches(centre: Centre) -> None:
    """Signed tranches that the centre may decide on."""
    for i in range(len(centre.inputs.tranches)):
        due = centre.inputs.tranches[i]
        grant = centre.inputs.grants[due.grant]
        ahead = tranche_ahead(due.month, centre.clock.month, grant.delay_months)
        if ahead <= AHEAD and not grant.earmarked and is_expected(centre, i):
            add_flow(centre.flows, ahead, ahead + 1.0, tranche_cents(centre, i))


def pay_people(centre: Centre) -> None:
    """Pay and social security of the posts that the centre pays, or will pay."""
    month = centre.clock.month
    for i in range(len(centre.holders)):
        holder = centre.holders[i]
        if holder.exists:
            pays_from = centre_pays_from(
                holder.payer,
                known_pays_until(centre, i),
                month,
                then_ends=centre.inputs.positions[i].then_ends,
                host_delivers=centre.host.delivers,
            )
            until = min(holder.until_month, holder.last_month) - month
            first = max(pays_from, holder.from_month - month)
            if first <= AHEAD and until > 1.0:
                add_flow(centre.flows, first, until, -salary_cents(centre, i))


def known_pays_until(centre: Centre, number: int) -> float:
    """Until when its payer pays for a post: as agreed, as long as its donor has not left."""
    holder = centre.holders[number]
    if holder.payer >= 0:
        agreed = centre.inputs.grants[holder.payer].until_month
        if centre.clock.month < centre.world.grant_ends[holder.payer] < agreed:
            return float(agreed)
    return holder.pays_until


def pay_running_costs(centre: Centre) -> None:
    """Running costs as planned, at this year's level for the rest of the year."""
    month = centre.clock.month
    rest = float(YEAR - (centre.inputs.horizon.start_month + month) % YEAR)
    level = centre.world.costs[month]
    for i in range(len(centre.inputs.lines)):
        line = centre.inputs.lines[i]
        now = line_cents(centre, line, level * strayed(centre, i))
        planned = line_cents(centre, line, level)
        first = float(line.from_month - month)
        add_flow(centre.flows, first, rest, -now)
        add_flow(centre.flows, max(first, rest), float(AHEAD + 1), -planned)
        if line.strays:
            add_flow(centre.running, first, rest, now)
            add_flow(centre.running, max(first, rest), float(AHEAD + 1), planned)


def line_cents(centre: Centre, line: CostLine, level: float) -> int:
    """A line of running costs at a level of prices, less what the host bears of it."""
    return own_part_cents(centre, cents(line.amount_month * level), line)


def expect_contracts(centre: Centre) -> None:
    """Contracts in hand; and where they fall short of the last year, part of the difference."""
    month, kept = centre.clock.month, 1.0 - management_fee_share(centre)
    overdue = 0
    for i in range(month + 1):
        overdue += centre.due[i]
    overdue = share_cents(overdue, kept)
    add_flow(centre.flows, 1.0, 2.0, overdue)
    in_hand = overdue
    for ahead in range(1, AHEAD + 1):
        net = share_cents(centre.due[month + ahead], kept) - centre.own_costs[month + ahead]
        centre.flows[ahead] += net
        in_hand += net
    hoped = max(sum_lately(centre, centre.contract_cents, 0, YEAR), 0)
    more = max(share_cents(hoped, centre.inputs.management.hoped_share) - in_hand, 0)
    add_flow(centre.flows, 1.0, float(AHEAD + 1), more // AHEAD)


def sum_lately(centre: Centre, amounts: list[int], first: int, months: int) -> int:
    """Sum of some months of amounts that begin at `first`, the last of them this one."""
    month, total = centre.clock.month, 0
    for i in range(max(month - months + 1, 0), month + 1):
        total += amounts[first + i]
    return total


def expect_fees(centre: Centre) -> None:
    """What clients, ministry and members owe, and what the trend of each line will bring."""
    direction, month, invoiced, expected = centre.direction, centre.clock.month, 0, 0
    for i in range(len(centre.inputs.services) + 1):
        first = i * centre.inputs.horizon.months
        recent = sum_lately(centre, centre.earned, first, TREND_MONTHS)
        both = sum_lately(centre, centre.earned, first, 2 * TREND_MONTHS)
        invoiced += recent
        expected += expected_month_cents(recent, both - recent, month + 1)
    seen = min(month + 1, TREND_MONTHS)
    past = past_fees_cents(centre)
    costs = sum_lately(centre, centre.direct_costs, 0, TREND_MONTHS) // seen
    costs = with_past_cents(costs, min(past, 0), seen)  # of before, fees are net of them
    expected = with_past_cents(expected, past, seen)
    invoiced = with_past_cents(invoiced // seen, past, seen)
    kept = collected(centre) * (1.0 - management_fee_share(centre))
    receivables = centre.balances[Account.RECEIVABLES]
    coming = share_cents(receivables, kept)
    months = collection_months(receivables, invoiced)
    expected = share_cents(expected, kept)
    add_flow(centre.flows, 1.0, months + 1.0, coming // months)
    add_flow(centre.flows, months + 1.0, float(AHEAD + 1), expected)
    add_flow(centre.flows, 1.0, float(AHEAD + 1), -costs)
    direction.earned_month_cents = expected - costs
    direction.paid_after = months


def past_fees_cents(centre: Centre) -> int:
    """What a month brought before the first day; negative where nothing is known."""
    past = centre.inputs.opening.net_fees_month
    return cents(past) if past >= 0.0 else -1
