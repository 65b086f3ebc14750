"""A month's bill of running costs, line by line, and what the host delivers of it in kind."""

from ncpcsim import rules
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
from ncpcsim.plan.schema import Costs, Host

FIXED = (Account.PREMISES,)
"""Lines that are as agreed: they neither stray from the plan nor follow the cash."""
_LOGISTICS = (Account.MATERIALS, Account.OVERHEAD)


def first_month(costs: Costs, line: Account) -> int:
    """The month in which a line of running costs begins."""
    if line is Account.TRAVEL and costs.travel_from_month is not None:
        return costs.travel_from_month
    return costs.from_month


def bill_cents(centre: Centre, line: Account) -> int:
    """What a line of running costs comes to this month, at market value, whoever bears it."""
    costs, month = centre.numbers.costs, centre.ledger.month
    if month < first_month(costs, line):
        return 0
    usd = {
        Account.PREMISES: costs.premises_month_usd,
        Account.MATERIALS: costs.materials_month_usd,
        Account.TRAVEL: costs.travel_month_usd,
        Account.OVERHEAD: costs.overhead_month_usd,
        Account.MISCELLANEOUS: costs.miscellaneous_month_usd,
    }[line]
    return rules.cents(usd * (centre.economy.costs[month] * _year_level(centre, line)))


def promised_shares(host: Host | None) -> dict[Account, float]:
    """Lines of running costs that a host promises to bear a share of, and the share."""
    if host is None:
        return {}
    shares = {Account.PREMISES: host.premises_share}
    if host.logistics_share is not None:
        shares |= dict.fromkeys(_LOGISTICS, host.logistics_share)
    return shares


def delivered_cents(centre: Centre, cents: int, share: float = 1.0) -> int:
    """What the host gives now of a promised share of an amount."""
    host = centre.numbers.host
    if host is None or not centre.host.delivers or centre.ledger.month < host.delay_months:
        return 0
    return rules.share_cents(cents, share * host.delivered_share)


def _year_level(centre: Centre, line: Account) -> float:
    """How far this fiscal year's costs of a line stray from what the plan states."""
    spread = centre.numbers.costs.yearly_spread
    if not spread or line in FIXED:
        return 1.0
    year = centre.fiscal_year() - centre.numbers.start.year
    return rules.year_level(spread, centre.luck.one(f"costs.{line.name.lower()}", year))
