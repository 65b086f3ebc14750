"""What a director expects of the months ahead, and what follows from it.

Flows of cash by month ahead are lists of `AHEAD` + 1 amounts: the first, of the month that is
ending, is not used.
"""

from math import ceil, floor, inf

from ncpcsim.rules.money import share_cents
from ncpcsim.rules.people import CENTRE, HOST

AHEAD = 12
"""Months that a forecast of cash looks ahead."""
TREND_MONTHS = 6
"""Months whose fees are compared with those of as many months before."""
FULLY_BUSY = 0.9
"""Share of their time that people can be at work; an assumption."""


def add_flow(flows: list[int], first: float, until: float, cents: int) -> None:
    """Add an amount to the months ahead from `first` to the one before `until`."""
    begin, end = ceil(in_view(first)), ceil(in_view(until))
    for i in range(begin, end):
        flows[i] += cents


def in_view(months_ahead: float) -> float:
    """A time ahead within what a forecast looks at: from 1 to the month after the last."""
    return max(min(months_ahead, AHEAD + 1.0), 1.0)


def expected_month_cents(lately_cents: int, before_cents: int, months: int) -> int:
    """What a month of the year ahead is expected to bring, by the trend of a line.

    Half of the last change goes on. In the first year there is no trend, only a mean.

    Args:
        lately_cents: what the last `TREND_MONTHS` brought.
        before_cents: what as many months before them brought.
        months: months since the first day.
    """
    if months < 2 * TREND_MONTHS:
        return lately_cents // max(min(months, TREND_MONTHS), 1)
    return max(3 * lately_cents - before_cents, 0) // (2 * TREND_MONTHS)


def with_past_cents(month_cents: int, past_cents: int, months: int) -> int:
    """A mean month of so many, filled up to `TREND_MONTHS` with what a month brought before.

    Negative `past_cents`: there was nothing before the first day.
    """
    if past_cents < 0:
        return month_cents
    seen = min(months, TREND_MONTHS)
    return (month_cents * seen + past_cents * (TREND_MONTHS - seen)) // TREND_MONTHS


def collection_months(owed_cents: int, invoiced_month_cents: int) -> int:
    """Months until what is owed has come, at what is invoiced in a month: days of sales owed."""
    if invoiced_month_cents <= 0:
        return AHEAD
    months = (2 * owed_cents + invoiced_month_cents) // (2 * invoiced_month_cents)
    return min(max(months, 1), AHEAD)


def collected_share(paid_cents: int, lost_cents: int) -> float:
    """Share of past invoices that were paid, not written off; all, before anything is known."""
    known = paid_cents + lost_cents
    return float(paid_cents) / known if known > 0 else 1.0


def tranche_ahead(due_month: int, month: int, mean_delay_months: float) -> float:
    """How many months ahead a tranche is expected; one that is overdue, as if it were due now."""
    return max(max(due_month - month, 0) + mean_delay_months, 1.0)


def centre_pays_from(
    payer: int, pays_until: float, month: int, *, then_ends: bool, host_delivers: bool
) -> float:
    """How many months ahead the centre itself pays for a post; infinite if never.

    Args:
        payer: who pays at first (`ncpcsim.rules.people`).
        pays_until: month from which the centre pays instead, as far as is known.
        month: this month.
        then_ends: whether the post ends when its payer no longer pays.
        host_delivers: whether the host does now; it is expected to go on as it does.
    """
    if payer == CENTRE:
        return -inf
    if then_ends:
        return inf
    if payer == HOST and not host_delivers:
        return -inf
    return pays_until - month


def balance_cents(cash_cents: int, flows: list[int], months: int) -> int:
    """Cash at the end of the month so far ahead."""
    balance = cash_cents
    for i in range(1, months + 1):
        balance += flows[i]
    return balance


def lowest_month(cash_cents: int, flows: list[int], until: int) -> int:
    """The month ahead, of those to `until`, at whose end there is least cash."""
    balance, least, lowest = cash_cents + flows[1], cash_cents + flows[1], 1
    for i in range(2, until + 1):
        balance += flows[i]
        if balance < least:
            least, lowest = balance, i
    return lowest


def lowest_cents(cash_cents: int, flows: list[int], until: int) -> int:
    """Least cash at a month's end, of the months ahead to `until`."""
    return balance_cents(cash_cents, flows, lowest_month(cash_cents, flows, until))


def is_short_for_good(cash_cents: int, flows: list[int], within_months: int) -> bool:
    """Whether cash is below zero so many months ahead, and does not come back within the year.

    A gap that signed money fills is to be bridged; one that nothing fills is to be cut.
    """
    balance = cash_cents
    for i in range(1, AHEAD + 1):
        balance += flows[i]
        if i >= within_months and balance >= 0:
            return False
    return True


def spending_level(slack_cents: int, planned_cents: int, least: float, most: float) -> float:
    """Running costs to those planned, such that the forecast's lowest cash is the reserve.

    Args:
        slack_cents: lowest cash of the forecast above the reserve.
        planned_cents: running costs planned in the months that the slack is to last.
        least: the least level.
        most: the most.
    """
    if planned_cents <= 0:
        return 1.0
    return min(max(1.0 + float(slack_cents) / planned_cents, least), most)


def useful_level(needed: float, in_kind: float, own: float) -> float:
    """Running costs to those planned, above which people need no more; at least as planned.

    Args:
        needed: what people need in a month.
        in_kind: what the host bears of it.
        own: what is planned that the centre pays.
    """
    return max((needed - in_kind) / own, 1.0) if own > 0.0 else 1.0


def cut_running_costs(flows: list[int], running: list[int], level: float) -> None:
    """Put into a forecast what is saved where running costs are cut."""
    for i in range(1, AHEAD + 1):
        flows[i] += running[i] - share_cents(running[i], min(level, 1.0))


def earned_month_cents(earned_cents: int, people: int, utilised: float) -> float:
    """What a month of one person's work earns: a month's fees over the months worked for them."""
    worked = people * utilised
    return max(earned_cents, 0) / worked if worked > 0.0 else 0.0


def is_missed(earned_month: float, people: int, utilised: float, cost_cents: int) -> bool:
    """Whether the work that the others could not do earns at least what the person costs."""
    left = FULLY_BUSY * (people - 1)
    return earned_month * max(people * utilised - left, 0.0) >= cost_cents


def add_person(
    flows: list[int], begins: int, paid_after: int, cost_cents: int, earned_month: float
) -> None:
    """Put a person into a forecast: pay from the first day, and what the work brings later.

    Args:
        flows: cash by month ahead.
        begins: the first month ahead of work.
        paid_after: months from work to its money.
        cost_cents: what the person costs in a month.
        earned_month: what a month of one person's work earns.
    """
    add_flow(flows, begins, inf, -cost_cents)
    add_flow(flows, begins + paid_after, inf, floor(earned_month * FULLY_BUSY))


def due_month(begun: float, months: int, mean_delay_months: float) -> int:
    """The month in which the rest of a contract is expected: its work done, and its bill paid."""
    return floor(begun + months + mean_delay_months)
