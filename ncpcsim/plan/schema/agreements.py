"""What the stated agreements come to: when each begins and ends, and what is due when.

The founding programme's support is stated once, in `programme`; a grant that takes a share of it
moves with it. A plan of the past states dated tranches; `programme.months` then says when the
support had ended, and what would have come later is not paid.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.schema.common import Shape
from ncpcsim.plan.schema.funding import Grant, Programme

SECOND = 2
"""The phase of the support that may follow the first."""
NOTHING = 0.0
"""What a listed tranche takes of a scheduled sum, or a scheduled one as an amount of its own."""


class Due(NamedTuple):
    """One tranche: a listed amount, or a stretch of a scheduled sum.

    Attributes:
        month: when it is due.
        amount: of a listed tranche, in whole money.
        before: multiple of the scheduled sum that is due before it.
        upto: multiple of the scheduled sum that is due with it.
    """

    month: int
    amount: float
    before: float
    upto: float


class Agreement(NamedTuple):
    """A grant as agreed.

    Attributes:
        from_month: when it begins.
        until_month: when it ends; for a grant that is cut by `programme.months`, then.
        instalments: what is due, in order.
        scheduled_at: where the plan states the scheduled sum; nowhere for listed tranches.
        scheduled: that sum in whole money, a year's or in all; 0 for listed tranches.
        part: share of it that this grant takes.
        extends: it may be extended, for it ran as long as was agreed.
    """

    from_month: int
    until_month: int
    instalments: tuple[Due, ...]
    scheduled_at: KeyPath
    scheduled: float
    part: float
    extends: bool

    def amounts(self) -> list[tuple[int, float]]:
        """What is due: month and amount in whole money."""
        whole = self.scheduled * self.part
        return [(i.month, i.amount + whole * (i.upto - i.before)) for i in self.instalments]


def agreements(programme: Programme | None, grants: Mapping[str, Grant]) -> dict[str, Agreement]:
    """Every grant as agreed, by name."""
    return {name: _agreement(programme, name, grant) for name, grant in grants.items()}


def programme_end(programme: Programme | None, grants: Mapping[str, Grant]) -> int:
    """The month in which the founding programme's last agreement ends; 0 without any."""
    agreed = agreements(programme, grants)
    ends = [agreed[name].until_month for name, g in grants.items() if g.giver == "programme"]
    return max(ends, default=0)


def last_programme_month(programme: Programme | None, grants: Mapping[str, Grant]) -> int:
    """The month from which the programme pays no more, were every agreement extended."""
    agreed = agreements(programme, grants)
    ends = [
        agreed[name].until_month
        + (g.extension.months if g.extension and agreed[name].extends else 0)
        for name, g in grants.items()
        if g.giver == "programme"
    ]
    return max(ends, default=0)


def _agreement(programme: Programme | None, name: str, grant: Grant) -> Agreement:
    if programme is not None and grant.programme_share is not None:
        return _share_of(programme, grant)
    begin, end = grant.from_month or 0, grant.until_month or 0
    cut = programme is not None and grant.giver == "programme" and programme.months < end
    until = programme.months if cut and programme is not None else end
    schedule = grant.schedule
    path: KeyPath = ("grants", name, "schedule", "total") if schedule else ()
    due = (
        tuple(Due(t.month, t.amount, NOTHING, NOTHING) for t in grant.tranches)
        if schedule is None
        else _scheduled(begin, end, schedule.every_months, schedule.shape, 1.0)
    )
    paid = tuple(one for one in due if one.month < until) if cut else due
    total = 0.0 if schedule is None else schedule.total
    return Agreement(begin, until, paid, path, total, 1.0, extends=not cut)


def _share_of(programme: Programme, grant: Grant) -> Agreement:
    """A grant that takes a share of a phase of the programme's support."""
    second = programme.second_phase if grant.phase == SECOND else None
    phase = second or programme
    begin = programme.months + second.gap_months if second else 0
    path: KeyPath = ("programme", "second_phase") if second else ("programme",)
    key, amount, multiple = ("amount_total", phase.amount_total, 1.0)
    if phase.amount_year is not None:
        key, amount, multiple = ("amount_year", phase.amount_year, phase.months / 12)
    end, interval = begin + phase.months, programme.interval_months or phase.months
    due = _scheduled(begin, end, interval, programme.shape or "even", multiple)
    share = grant.programme_share or 0.0
    return Agreement(begin, end, due, (*path, key), amount or 0.0, share, extends=True)


def _scheduled(
    begin: int, end: int, every_months: int, shape: Shape, multiple: float
) -> tuple[Due, ...]:
    """Tranches of a stated shape; the last one may be of fewer months than the others.

    Args:
        begin: month of the first, on signing.
        end: of the agreement.
        every_months: between two.
        shape: in proportion to the months that each covers: all alike (even), each half of the one
            before (front_loaded), falling evenly towards 0 (tapered).
        multiple: what all come to, in multiples of the scheduled sum.
    """
    months = range(begin, end, every_months)
    weights = [
        _weight(number, len(months), shape) * min(every_months, end - month)
        for number, month in enumerate(months)
    ]
    total, before, due = sum(weights), 0.0, []
    for month, weight in zip(months, weights, strict=True):
        due.append(
            Due(month, NOTHING, multiple * before / total, multiple * (before + weight) / total)
        )
        before += weight
    return tuple(due)


def _weight(number: int, tranches: int, shape: Shape) -> float:
    if shape == "front_loaded":
        return float(0.5**number)
    return float(tranches - number) if shape == "tapered" else 1.0
