"""Three simple ways to predict a line of accounts, the baselines that the model should beat."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_LEAST_SD = 500.0
"""Least spread of a baseline's errors: half of the thousand that amounts are rounded to."""
_LEAST_KNOWN = 1000.0
"""Amounts below this are too small in print to compute growth from."""


@dataclass(frozen=True)
class Baseline:
    """A rule that continues a series of yearly amounts.

    Attributes:
        name: what tables call it.
        predict: from the amounts of the years known and the number of years ahead.
    """

    name: str
    predict: Callable[[Sequence[float], int], float]


def _last(known: Sequence[float], _ahead: int) -> float:
    return known[-1]


def _line(known: Sequence[float], ahead: int) -> float:
    if len(known) < 2:
        return known[-1]
    slope, level = np.polyfit(np.arange(len(known)), known, 1)
    return max(float(level + slope * (len(known) - 1 + ahead)), 0.0)


def _growth(known: Sequence[float], ahead: int) -> float:
    ratios = [b / a for a, b in pairwise(known) if a >= _LEAST_KNOWN and b > 0]
    return known[-1] * float(np.exp(np.mean(np.log(ratios)))) ** ahead if ratios else known[-1]


BASELINES = (
    Baseline("last year repeated", _last),
    Baseline("straight line", _line),
    Baseline("mean growth", _growth),
)


def sample_of(
    baseline: Baseline,
    lines: Mapping[str, Sequence[float]],
    line: str,
    ahead: int,
    size: int = 1000,
) -> Array:
    """A baseline's prediction of one line as a sample of evenly spaced quantiles, in money.

    It is normal, with the root mean square of the errors that the rule would have made in the years
    known, over all lines; its spread grows with the root of the years ahead.

    Args:
        baseline: the rule.
        lines: amounts by line, in the order of years.
        line: the line to predict.
        ahead: years after the last one known.
        size: how many quantiles.
    """
    from scipy.stats import norm

    errors = [
        known[i] - baseline.predict(known[:i], 1)
        for known in lines.values()
        for i in range(1, len(known))
    ]
    sd = max(float(np.sqrt(np.mean(np.square(errors)))) if errors else 0.0, _LEAST_SD)
    scores = norm.ppf((np.arange(size) + 0.5) / size)
    drawn: Array = baseline.predict(lines[line], ahead) + sd * np.sqrt(ahead) * scores
    return drawn
