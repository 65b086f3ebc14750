"""Plans that are compared are judged at one calendar month."""

from collections.abc import Iterable
from datetime import date

from ncpcsim.plan.load import Plan


def judged_in(plan: Plan) -> date:
    """The first day after the month in which a plan's centre is judged."""
    first = plan.numbers.first_day
    months = first.month - 1 + plan.numbers.months
    return date(first.year + months // 12, months % 12 + 1, 1)


def judged_together(plans: Iterable[Plan]) -> list[Plan]:
    """Plans whose runs all end at the latest of their own last months.

    Else a plan whose money ends sooner would be judged sooner, before what follows has had time.
    """
    given = list(plans)
    latest = max((judged_in(plan) for plan in given), default=date.min)
    return [
        plan if judged_in(plan) == latest else plan.variant({"horizon.judged_month": latest})
        for plan in given
    ]
