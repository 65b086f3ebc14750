"""Intervals that hold the true value with 95 % confidence.

Runs are independent replications: an interval says how far a figure may still move with more of
them, not how far single runs lie apart.
"""

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

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


def effective_runs(values: "ArrayLike", draws: "ArrayLike") -> float:
    """Independent runs that would know a mean as well as runs of which some share a draw.

    Runs over their design effect (Kish 1965, "Survey sampling"): at least one a draw, at most all.

    Args:
        values: shape (runs,).
        draws: shape (runs,); runs of the same draw are alike.
    """
    import numpy as np

    each = np.asarray(values, dtype=np.float64)
    _, group, sizes = np.unique(draws, return_inverse=True, return_counts=True)
    if len(sizes) in (len(each), 1):
        return float(len(sizes))
    error = float((np.bincount(group, each) / sizes).var(ddof=1)) / len(sizes)
    found = float(each.var()) / error if error else 0.0
    return min(max(found, len(sizes)), len(each))


def share_of(happened: "ArrayLike", draws: "ArrayLike") -> Interval:
    """The share of runs in which something happened, where some may share a draw.

    Args:
        happened: shape (runs,), 0 or 1.
        draws: shape (runs,).
    """
    import numpy as np

    each, worth = np.asarray(happened, dtype=np.float64), effective_runs(happened, draws)
    return share_interval(float(each.sum()) * worth / len(each), worth) if len(each) else UNKNOWN


def share_interval(successes: float, runs: float) -> Interval:
    """A binomial share with Wilson's interval (Wilson 1927, "Probable inference").

    Args:
        successes: runs in which it happened.
        runs: all of them, or what they are worth; none give an interval of NaN.
    """
    if runs == 0:
        return UNKNOWN
    share, z2 = successes / runs, _Z * _Z
    centre = (successes + z2 / 2) / (runs + z2)
    spread = _Z / (runs + z2) * math.sqrt(runs * share * (1 - share) + z2 / 4)
    low = 0.0 if successes == 0 else centre - spread
    return Interval(share, low, 1.0 if successes == runs else centre + spread)


def mean_interval(values: "ArrayLike", draws: "ArrayLike | None" = None) -> Interval:
    """The mean with Student's interval; of a single value the value alone, of none NaN.

    Args:
        values: shape (runs,).
        draws: shape (runs,), if runs share some: then the draws' means are what is independent.
    """
    import numpy as np
    from scipy.special import stdtrit

    each = np.asarray(values, dtype=np.float64)
    if not len(each):
        return UNKNOWN
    mean = float(each.mean())
    if draws is not None:
        _, group, sizes = np.unique(draws, return_inverse=True, return_counts=True)
        each = each if len(sizes) == len(each) else np.bincount(group, each) / sizes
    runs = len(each)
    if runs == 1:
        return Interval(mean, math.nan, math.nan)
    half = float(stdtrit(runs - 1, (1 + CONFIDENCE) / 2) * each.std(ddof=1) / math.sqrt(runs))
    return Interval(mean, mean - half, mean + half)


def ratio_interval(parts: "ArrayLike", wholes: "ArrayLike") -> Interval:
    """All parts over all wholes, each run a cluster: the ratio estimator and its linearised error.

    Args:
        parts: shape (runs,).
        wholes: shape (runs,); a run in which nothing could happen has 0.
    """
    import numpy as np

    above, below = (np.asarray(x, dtype=np.float64) for x in (parts, wholes))
    runs, whole = len(below), float(below.sum())
    if not whole > 0:
        return UNKNOWN
    ratio = float(above.sum()) / whole
    if runs < 2:
        return Interval(ratio, math.nan, math.nan)
    squares = float(((above - ratio * below) ** 2).sum())
    half = _Z * math.sqrt(squares * runs / (runs - 1)) / whole
    return Interval(ratio, ratio - half, ratio + half)


def median_interval(values: "ArrayLike") -> Interval:
    """A median with the interval between order statistics; a value may be infinite: "not yet"."""
    import numpy as np
    from scipy.stats import binom

    ordered: list[float] = np.sort(np.asarray(values, dtype=np.float64)).tolist()
    runs = len(ordered)
    if not runs:
        return UNKNOWN
    # The true median lies below the k-th smallest with the chance of fewer than k heads in n.
    k = max(int(binom.ppf((1 - CONFIDENCE) / 2, runs, 0.5)), 1)
    middle = (ordered[(runs - 1) // 2] + ordered[runs // 2]) / 2
    return Interval(middle, ordered[k - 1], ordered[runs - k])


def share_difference_interval(only_first: float, only_second: float, pairs: float) -> Interval:
    """The difference of two shares seen in the same pairs, first less second.

    The adjusted Wald interval (Bonett and Price 2012, "Adjusted Wald confidence interval for a
    difference of binomial proportions based on paired data").

    Args:
        only_first: pairs in which it happened to the first alone.
        only_second: pairs in which it happened to the second alone.
        pairs: all of them, or what they are worth; none give an interval of NaN.
    """
    if pairs == 0:
        return UNKNOWN
    first, second = (only_first + 1) / (pairs + 2), (only_second + 1) / (pairs + 2)
    difference = first - second
    half = _Z * math.sqrt((first + second - difference * difference) / (pairs + 2))
    estimate = (only_first - only_second) / pairs
    return Interval(estimate, max(difference - half, -1.0), min(difference + half, 1.0))
