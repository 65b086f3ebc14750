"""Intervals that hold the true value with 95 % confidence."""

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONFIDENCE = 0.95
_Z = 1.959963984540054
"""The standard normal's 97.5th percentile."""


class Interval(NamedTuple):
    """An estimate and the interval around it, all in one unit."""

    estimate: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the distance from `low` to `high`."""
        return (self.high - self.low) / 2


UNKNOWN = Interval(math.nan, math.nan, math.nan)


def share_interval(successes: int, runs: int) -> Interval:
    """A binomial share with Wilson's interval (Wilson 1927, "Probable inference").

    Args:
        successes: runs in which it happened.
        runs: all of them; none give an interval of NaN.
    """
    if runs == 0:
        return UNKNOWN
    share, z2 = successes / runs, _Z * _Z
    centre = (successes + z2 / 2) / (runs + z2)
    spread = _Z / (runs + z2) * math.sqrt(runs * share * (1 - share) + z2 / 4)
    low = 0.0 if successes == 0 else centre - spread
    return Interval(share, low, 1.0 if successes == runs else centre + spread)


def mean_interval(values: "NDArray[np.float64]") -> Interval:
    """The mean with Student's interval; NaN with fewer than two values."""
    from scipy.special import stdtrit

    runs = len(values)
    if runs < 2:
        return UNKNOWN
    mean = float(values.mean())
    half = float(stdtrit(runs - 1, (1 + CONFIDENCE) / 2) * values.std(ddof=1) / math.sqrt(runs))
    return Interval(mean, mean - half, mean + half)


def share_difference_interval(only_first: int, only_second: int, pairs: int) -> Interval:
    """The difference of two shares seen in the same pairs, first less second.

    The adjusted Wald interval (Bonett and Price 2012, "Adjusted Wald confidence interval for a
    difference of binomial proportions based on paired data").

    Args:
        only_first: pairs in which it happened to the first alone.
        only_second: pairs in which it happened to the second alone.
        pairs: all of them; none give an interval of NaN.
    """
    if pairs == 0:
        return UNKNOWN
    first, second = (only_first + 1) / (pairs + 2), (only_second + 1) / (pairs + 2)
    difference = first - second
    half = _Z * math.sqrt((first + second - difference * difference) / (pairs + 2))
    estimate = (only_first - only_second) / pairs
    return Interval(estimate, max(difference - half, -1.0), min(difference + half, 1.0))
