"""A check without an emulator: approximate Bayesian computation on the design's own runs.

The runs whose results lie nearest to the printed ones are kept, and their parameters moved along a
local linear regression to where the results would be the printed ones (Beaumont, Zhang and Balding
2002, "Approximate Bayesian computation in population genetics").
"""

import numpy as np

from ncpcsim.calibrate.design import STRETCH
from ncpcsim.calibrate.emulator import Array

KEPT = 0.1
"""Part of the runs that is kept; fewer are too few for a regression on fifty results."""
_LEAST_SD = 1e-9


def abc_posterior(
    scores: Array, results: Array, observed: Array, *, seed: int, draws: int = 1000
) -> Array:
    """Draws from an approximate posterior of one centre.

    Args:
        scores: a design's points, shape (runs, parameters).
        results: transformed results of the runs, shape (runs, targets).
        observed: transformed printed numbers, shape (targets,).
        seed: the random seed.
        draws: how many.

    Returns:
        Scores, shape (draws, parameters).
    """
    live = results.std(axis=0) > _LEAST_SD
    gaps = (results[:, live] - observed[live]) / results[:, live].std(axis=0)
    distance = np.sqrt((gaps * gaps).sum(axis=1))
    kept = np.argsort(distance)[: max(int(KEPT * len(scores)), 2 * gaps.shape[1])]
    near, at = gaps[kept], scores[kept]
    width = distance[kept].max()
    # The design reaches further than the priors: weighed back.
    stretched = (at * at).sum(axis=1) * (1 - 1 / STRETCH**2) / 2
    weights = (1 - (distance[kept] / width) ** 2).clip(1e-6) * np.exp(stretched.min() - stretched)
    root = np.sqrt(weights)[:, None]
    terms = np.column_stack([np.ones(len(near)), near])
    # A small ridge penalty, for results that are nearly collinear.
    penalty = 1e-3 * len(near) * weights.mean() * np.eye(terms.shape[1])
    penalty[0, 0] = 0.0
    left = (terms * root).T @ (terms * root) + penalty
    slopes = np.linalg.solve(left, (terms * root).T @ (at * root))
    moved = at - near @ slopes[1:]
    chosen = np.random.default_rng(seed).choice(len(moved), draws, p=weights / weights.sum())
    drawn: Array = moved[chosen]
    return drawn
