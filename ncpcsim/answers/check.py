"""Is a plan's world like the book's? Results set against what centres reported, row by row."""

import math
from dataclasses import dataclass
from typing import Literal

from ncpcsim.answers.book import CHECKS, Check
from ncpcsim.answers.found import Runs, Simulate
from ncpcsim.measures.intervals import Interval
from ncpcsim.plan.load import Plan
from ncpcsim.published.evidence import load_evidence

RowVerdict = Literal["agrees", "disagrees", "cannot tell", "unknown"]


@dataclass(frozen=True)
class Row:
    """The outcome of one comparison.

    Attributes:
        check: what was compared.
        low: lower end of what would agree with the book.
        high: upper end.
        found: what the runs gave, with its interval; the figure itself is judged.
    """

    check: Check
    low: float
    high: float
    found: Interval

    @property
    def name(self) -> str:
        """The check's name."""
        return self.check.name

    @property
    def distance(self) -> float:
        """How far the figure lies outside; 0 inside, NaN where no figure is found."""
        if math.isnan(self.found.estimate):
            return math.nan
        return max(self.low - self.found.estimate, self.found.estimate - self.high, 0.0)

    @property
    def verdict(self) -> RowVerdict:
        """What the interval says: inside what would agree, outside it, or on both sides."""
        if math.isnan(self.found.estimate):
            return "unknown"
        low, high = self.found.low, self.found.high
        if math.isnan(low) or math.isnan(high):
            low = high = self.found.estimate
        if self.low <= low and high <= self.high:
            return "agrees"
        return "disagrees" if high < self.low or low > self.high else "cannot tell"

    @property
    def holds(self) -> bool:
        """Whether the figure agrees; where no figure is found, it does not."""
        return self.distance == 0.0


def check(plan: Plan, simulate: Simulate) -> list[Row]:
    """Compare a plan, and variants of it, with the book.

    Args:
        plan: the plan.
        simulate: how to run a plan; it must give plans common random numbers.

    Returns:
        The rows that apply to the plan, in the order of `CHECKS`.
    """
    runs = Runs(plan, simulate)
    values = {fact.id: fact.value for fact in load_evidence()}
    rows = []
    for one in CHECKS:
        found = one.found(runs)
        if found is not None:
            numbers = {name: value for name in one.facts if (value := values[name]) is not None}
            rows.append(Row(one, *one.reported(numbers), found))
    return rows
