"""One comparison with what the book reports, and ranges that facts leave open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ncpcsim.answers.found import Runs
from ncpcsim.measures.intervals import Interval, share_interval

Facts = Mapping[str, float]
"""The numbers of a check's facts, by id."""

CENTRES = ("czech", "brazil", "china")
"""The centres of Figure 5."""
NEAR_NOTHING = 0.1
"""Part of a whole that still counts as next to none."""
SOME = 0.001
"""The least part of a whole that counts as something."""
_ABOUT = 0.2
"""How far, in parts of it, a round number of the book may be from what it stands for."""


@dataclass(frozen=True)
class Check:
    """One comparison with the book.

    Attributes:
        name: what the evidence table calls it ("check:NAME").
        claim: what is compared, in a few words.
        unit: of what is reported and found: "usd", "months", "share", "ratio", or what is counted.
        facts: ids of the facts it compares with.
        reported: from the facts, the lower and upper end of what would agree with them.
        found: from the runs, what is compared; None where it does not apply to the plan.
        explanation: what the best explanation is where a plan does not agree.
    """

    name: str
    claim: str
    unit: str
    facts: tuple[str, ...]
    reported: Callable[[Facts], tuple[float, float]]
    found: Callable[[Runs], Interval | None]
    explanation: str


def of_all(*indicators: str) -> tuple[str, ...]:
    """Ids of Figure 5's counts, in the order of its columns."""
    return tuple(f"fig5.{one}.{centre}" for one in indicators for centre in CENTRES)


def between(facts: Facts, part: str, whole: str, *others: float) -> tuple[float, float]:
    """The smallest and largest of the three centres' ratios of two of Figure 5's counts.

    Args:
        facts: the numbers.
        part: what is counted.
        whole: what it is divided by.
        others: further values of the same, told elsewhere in the book.
    """
    each = [facts[f"fig5.{part}.{c}"] / facts[f"fig5.{whole}.{c}"] for c in CENTRES]
    return min(*each, *others), max(*each, *others)


def near(value: float) -> tuple[float, float]:
    """What a round number may stand for."""
    return value * (1 - _ABOUT), value * (1 + _ABOUT)


def sample(part: float, whole: float) -> tuple[float, float]:
    """What a sample of so many leaves open, with 95 % confidence."""
    interval = share_interval(int(part), int(whole))
    return interval.low, interval.high
