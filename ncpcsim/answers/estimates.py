"""A figure over many runs, with the interval that holds the true one with 95 % confidence.

Runs are independent replications, so an interval says how far the figure may still move with more
of them; it says nothing of how far single runs lie apart.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ncpcsim.intervals import CONFIDENCE, share_interval

_DEVIATIONS = 1.959964


@dataclass(frozen=True)
class Estimate:
    """A figure and its interval; all NaN where no run says anything."""

    value: float
    low: float
    high: float


NOTHING = Estimate(math.nan, math.nan, math.nan)


def proportion(successes: int, runs: int) -> Estimate:
    """A binomial share with Wilson's interval; nothing without runs."""
    if not runs:
        return NOTHING
    found = share_interval(successes, runs)
    return Estimate(found.estimate, found.low, found.high)


def mean(values: ArrayLike) -> Estimate:
    """A mean with its normal interval; of a single value, the value alone."""
    each = _numbers(values)
    return pooled(each, np.ones(len(each)))


def pooled(parts: ArrayLike, wholes: ArrayLike) -> Estimate:
    """All parts over all wholes, each run a cluster: the ratio estimator and its linearised error.

    Args:
        parts: shape (runs,).
        wholes: shape (runs,); a run in which nothing could happen has 0.
    """
    above, below = _numbers(parts), _numbers(wholes)
    runs, whole = len(below), float(below.sum())
    if not whole > 0:
        return NOTHING
    ratio = float(above.sum()) / whole
    if runs < 2:
        return Estimate(ratio, math.nan, math.nan)
    squares = float(((above - ratio * below) ** 2).sum())
    half = _DEVIATIONS * math.sqrt(squares * runs / (runs - 1)) / whole
    return Estimate(ratio, ratio - half, ratio + half)


def median(values: ArrayLike) -> Estimate:
    """A median with the interval between order statistics; a value may be infinite: "not yet"."""
    from scipy.stats import binom

    ordered: list[float] = np.sort(_numbers(values)).tolist()
    runs = len(ordered)
    if not runs:
        return NOTHING
    # The true median lies below the k-th smallest with the chance of fewer than k heads in n.
    k = max(int(binom.ppf((1 - CONFIDENCE) / 2, runs, 0.5)), 1)
    middle = (ordered[(runs - 1) // 2] + ordered[runs // 2]) / 2
    return Estimate(middle, ordered[k - 1], ordered[runs - k])


def _numbers(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)
