"""Rent, and the part of it that the host bears."""

from ncpcsim import rules
from ncpcsim.centre.state import Centre


def rent_cents(centre: Centre, month: int) -> int:
    """A month's rent and utilities at market value."""
    costs = centre.numbers.costs
    if month < costs.from_month:
        return 0
    return rules.cents(costs.premises_month_usd * centre.economy.costs[month])


def in_kind_cents(centre: Centre, month: int) -> int:
    """What the host bears of a month's rent."""
    host = centre.numbers.host
    if host is None or not centre.host.delivers or month < host.delay_months:
        return 0
    return rules.share_cents(rent_cents(centre, month), host.premises_share * host.delivered_share)
