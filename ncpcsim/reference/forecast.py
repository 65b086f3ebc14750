"""The director's forecast of cash: the year ahead, from what is known now and nothing else.

Known are agreements, invoices, contracts in hand, the trend of each line of fees, posts and who
pays them, prices and pay as they are. Not known are donors that will leave, clients that will not
pay, and calls that will be won.
"""

from dataclasses import dataclass

from ncpcsim import rules
from ncpcsim.accounting.ledger import LIABILITIES, Account
from ncpcsim.model.fields import CostLine
from ncpcsim.reference.grants import agreed_cents
from ncpcsim.reference.in_kind import delivered_cents, own_part_cents, strayed
from ncpcsim.reference.liquidity import collected_share, is_expected, owed
from ncpcsim.reference.payments import management_fee_share
from ncpcsim.reference.staff import salary_cents
from ncpcsim.reference.state import Centre, lately
from ncpcsim.reference.team import Holder

_YEAR = 12


@dataclass(frozen=True)
class Forecast:
    """Cash in the year ahead, if all goes on as planned.

    Attributes:
        cash_cents: cash now.
        flows: what the months ahead bring, from place 1 on.
        running: running costs in them that the director may cut, contained in the flows.
        reserve_cents: the cash that the director wants to keep.
        earned_month_cents: fees expected in a month, less what the work costs.
        paid_after: months from an invoice to its money.
    """

    cash_cents: int
    flows: list[int]
    running: list[int]
    reserve_cents: int
    earned_month_cents: int
    paid_after: int

    def lowest_cents(self) -> int:
        """The lowest cash of the year ahead."""
        return rules.lowest_cents(self.cash_cents, self.flows, rules.AHEAD)


def look_ahead(centre: Centre) -> Forecast:
    """What the director expects now."""
    flows, running = [0] * (rules.AHEAD + 1), [0] * (rules.AHEAD + 1)
    _pay_people(centre, flows)
    _pay_running_costs(centre, flows, running)
    own_costs = -flows[rules.AHEAD]
    _pay_debts(centre, flows)
    _expect_tranches(centre, flows)
    _expect_host(centre, flows)
    _expect_contracts(centre, flows)
    earned, paid_after = _expect_fees(centre, flows)
    asked = centre.inputs.executive.reserve_asked_months
    months = max(centre.inputs.management.reserve_months, asked)
    reserve = rules.share_cents(max(own_costs, 0), months)
    return Forecast(centre.cash_cents(), flows, running, reserve, earned, paid_after)


def _pay_debts(centre: Centre, flows: list[int]) -> None:
    """Late bills and loans, at once."""
    flows[1] -= sum(owed(centre, Account(account)) for account in LIABILITIES)


def _expect_tranches(centre: Centre, flows: list[int]) -> None:
    """Signed tranches that the centre may decide on."""
    for row, due in enumerate(centre.inputs.tranches):
        grant = centre.inputs.grants[due.grant]
        ahead = rules.tranche_ahead(due.month, centre.ledger.month, grant.delay_months)
        if ahead <= rules.AHEAD and not grant.earmarked and is_expected(centre, row):
            rules.add_flow(flows, ahead, ahead + 1, agreed_cents(centre, row))


def _pay_people(centre: Centre, flows: list[int]) -> None:
    """Pay and social security of the posts that the centre pays, or will pay."""
    for team in centre.teams:
        for holder in team.holders:
            first, until = _paid_by_centre(centre, holder)
            rules.add_flow(flows, first, until, -salary_cents(centre, holder))


def _paid_by_centre(centre: Centre, holder: Holder) -> tuple[float, float]:
    """From and until how many months ahead the centre pays for a post, as far as is known."""
    month = centre.ledger.month
    pays_from = rules.centre_pays_from(
        holder.payer,
        _known_pays_until(centre, holder),
        month,
        then_ends=holder.position.then_ends,
        host_delivers=centre.host.delivers,
    )
    until = min(holder.until_month, holder.last_month)
    return max(pays_from, holder.from_month - month), until - month


def _known_pays_until(centre: Centre, holder: Holder) -> float:
    """Until when its payer pays for a post: as agreed, as long as its donor has not left."""
    if holder.payer < 0:
        return holder.pays_until
    agreed, ends = centre.inputs.grants[holder.payer].until_month, centre.world.grant_ends
    return agreed if centre.ledger.month < ends[holder.payer] < agreed else holder.pays_until


def _pay_running_costs(centre: Centre, flows: list[int], running: list[int]) -> None:
    """Running costs as planned, at this year's level for the rest of the year."""
    month, start = centre.ledger.month, centre.inputs.horizon.start_month
    rest = _YEAR - (start + month) % _YEAR
    level = centre.world.costs[month]
    for row, line in enumerate(centre.inputs.lines):
        now = _line_cents(centre, line, level * strayed(centre, row))
        planned = _line_cents(centre, line, level)
        first = line.from_month - month
        for kept in (flows, running) if line.strays else (flows,):
            sign = -1 if kept is flows else 1
            rules.add_flow(kept, first, rest, sign * now)
            rules.add_flow(kept, max(first, rest), rules.AHEAD + 1, sign * planned)


def _line_cents(centre: Centre, line: CostLine, level: float) -> int:
    """A line of running costs at a level of prices, less what the host bears of it."""
    return own_part_cents(centre, rules.cents(line.amount_month * level), line)


def _expect_host(centre: Centre, flows: list[int]) -> None:
    """The host's cash, as it delivers it now."""
    cash = delivered_cents(centre, rules.cents(centre.inputs.host.cash_month))
    rules.add_flow(flows, 1, rules.AHEAD + 1, cash)


def _expect_contracts(centre: Centre, flows: list[int]) -> None:
    """Contracts in hand; and where they fall short of the last year, part of the difference."""
    earnings, month = centre.earnings, centre.ledger.month
    kept = 1.0 - management_fee_share(centre)
    overdue = rules.share_cents(sum(earnings.due[: month + 1]), kept)
    rules.add_flow(flows, 1, 2, overdue)
    in_hand = overdue
    for ahead in range(1, rules.AHEAD + 1):
        net = rules.share_cents(earnings.due[month + ahead], kept)
        net -= earnings.own_costs[month + ahead]
        flows[ahead] += net
        in_hand += net
    hoped = max(lately(earnings.contracts, month, _YEAR), 0)
    more = rules.share_cents(hoped, centre.inputs.management.hoped_share) - in_hand
    rules.add_flow(flows, 1, rules.AHEAD + 1, max(more, 0) // rules.AHEAD)


def _expect_fees(centre: Centre, flows: list[int]) -> tuple[int, int]:
    """What clients, ministry and members owe, and what the trend of each line will bring.

    Returns:
        A month's fees to come less the costs of the work, and the months from invoice to money.
    """
    earnings, month = centre.earnings, centre.ledger.month
    trend = rules.TREND_MONTHS
    invoiced = expected = 0
    for line in earnings.lines:
        recent, both = lately(line, month, trend), lately(line, month, 2 * trend)
        invoiced += recent
        expected += rules.expected_month_cents(recent, both - recent, month + 1)
    seen, past = min(month + 1, trend), _past_fees_cents(centre)
    costs = lately(earnings.direct_costs, month, trend) // seen
    costs = rules.with_past_cents(costs, min(past, 0), seen)  # of before, fees are net of them
    expected = rules.with_past_cents(expected, past, seen)
    invoiced = rules.with_past_cents(invoiced // seen, past, seen)
    balances = centre.ledger.balances
    kept = collected_share(centre) * (1.0 - management_fee_share(centre))
    coming = rules.share_cents(balances[Account.RECEIVABLES], kept)
    months = rules.collection_months(balances[Account.RECEIVABLES], invoiced)
    expected = rules.share_cents(expected, kept)
    rules.add_flow(flows, 1, months + 1, coming // months)
    rules.add_flow(flows, months + 1, rules.AHEAD + 1, expected)
    rules.add_flow(flows, 1, rules.AHEAD + 1, -costs)
    return expected - costs, months


def _past_fees_cents(centre: Centre) -> int:
    """What a month brought before the first day; negative where nothing is known."""
    past = centre.inputs.opening.net_fees_month
    return rules.cents(past) if past >= 0 else -1
