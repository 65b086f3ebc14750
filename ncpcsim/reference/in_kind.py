"""A month's bill of running costs, line by line, and what the host delivers of it in kind."""

from ncpcsim import rules
from ncpcsim.model.fields import CostLine
from ncpcsim.reference.state import Centre


def bill_cents(centre: Centre, row: int) -> int:
    """What a line of running costs comes to this month, at market value, whoever bears it."""
    line, month = centre.inputs.lines[row], centre.ledger.month
    if month < line.from_month:
        return 0
    return rules.cents(line.amount_month * (centre.world.costs[month] * strayed(centre, row)))


def strayed(centre: Centre, row: int) -> float:
    """How far a line strays from the plan this year: 1 where it does not."""
    horizon = centre.inputs.horizon
    years = rules.year_of(horizon.start_month, horizon.months) + 1
    return centre.world.year_levels[row * years + centre.year()]


def own_part_cents(centre: Centre, bill: int, line: CostLine) -> int:
    """What the centre itself pays of a bill now: all but what the host bears."""
    return bill - delivered_cents(centre, bill, line.host_share)


def delivered_cents(centre: Centre, cents: int, share: float = 1.0) -> int:
    """What the host gives now of a promised share of an amount."""
    host = centre.inputs.host
    month = centre.inputs.horizon.elapsed_months + centre.ledger.month
    if not centre.host.delivers or month < host.delay_months:
        return 0
    return rules.share_cents(cents, share * centre.host.delivered_share)
