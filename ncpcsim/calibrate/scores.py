"""How good a prediction was: proper scores of what was predicted against what was printed."""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def crps(sample: Array, happened: float) -> float:
    """Continuous ranked probability score of a sample, in its unit; less is better.

    Gneiting and Raftery 2007, "Strictly proper scoring rules, prediction, and estimation", eq. 21.
    """
    ordered = np.sort(np.asarray(sample, dtype=np.float64))
    n = len(ordered)
    spread = float(((2 * np.arange(1, n + 1) - n - 1) * ordered).sum()) / (n * n)
    return float(np.abs(ordered - happened).mean()) - spread


def log_score(sample: Array, happened: float) -> float:
    """Logarithm of a sample's density where it happened; more is better.

    The density is a Student one with three degrees of freedom around each draw, so that what no
    draw came near is improbable, not impossible.
    """
    each = np.asarray(sample, dtype=np.float64)
    n = len(each)
    width = max(1.06 * float(each.std()) * n**-0.2, 1e-3)
    scaled = (happened - each) / width
    kernel = (1 + scaled * scaled / 3) ** -2 * 2 / (math.pi * math.sqrt(3))
    return float(np.log(kernel.mean() / width))
