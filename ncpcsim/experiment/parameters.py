"""Uncertain parameters of many draws at once: a matrix, no object a run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ncpcsim import rules
from ncpcsim.compiled.library import Library
from ncpcsim.model.streams import Streams, one, stream_key
from ncpcsim.plan.load import Plan
from ncpcsim.plan.quantity import LogNormal, Normal, Quantity, Triangular, Uniform

JOINT = "parameters"
"""The stream that picks a row of an ensemble: the same row for the same draw in every plan."""


@dataclass(frozen=True, eq=False)
class Priors:
    """How each of a plan's uncertain parameters is drawn, in numbers.

    Attributes:
        paths: the parameters, by dotted path.
        keys: the stream of each, shape (parameters,).
        distributions: which it has, shape (parameters,).
        numbers: what describes it, shape (parameters, 3).
    """

    paths: tuple[str, ...]
    keys: NDArray[np.uint64]
    distributions: NDArray[np.int64]
    numbers: NDArray[np.float64]

    @classmethod
    def of(cls, plan: Plan) -> "Priors":
        """Those of a plan."""
        described = [_described(quantity) for quantity in plan.uncertain.values()]
        return cls(
            tuple(plan.uncertain),
            np.array([stream_key(f"parameter.{path}") for path in plan.uncertain], np.uint64),
            np.array([distribution for distribution, _ in described], np.int64),
            np.array([numbers for _, numbers in described], np.float64).reshape(-1, 3),
        )


def draw_matrix(
    plan: Plan, seed: int, draws: Sequence[int], library: Library | None = None
) -> NDArray[np.float64]:
    """Values of a plan's uncertain parameters, a row a draw, in the order of `plan.uncertain`.

    Those of the plan's ensemble come from one of its rows, the others from their own
    distributions. A draw depends on the seed, the draw's number and the parameter's name alone, so
    that two plans that share a parameter share its draws.

    Args:
        plan: whose parameters.
        seed: the random seed.
        draws: numbers of the draws.
        library: draws the same numbers much faster.

    Returns:
        Shape (draws, parameters).
    """
    priors = Priors.of(plan)
    numbers = np.array(draws, np.uint64)
    values = _drawn(priors, seed, numbers, library)
    if plan.ensemble is not None:
        column_of = {path: column for column, path in enumerate(priors.paths)}
        picked = _drawn(_JOINT, seed, numbers, library)[:, 0].tolist()
        rows = [plan.ensemble.index(*pair) for pair in zip(numbers.tolist(), picked, strict=True)]
        for path, column in plan.ensemble.values.items():
            values[:, column_of[path]] = column[rows]
    return values


_JOINT = Priors(
    (JOINT,),
    np.array([stream_key(JOINT)], np.uint64),
    np.array([rules.UNIFORM], np.int64),
    np.array([[0.0, 1.0, 0.0]]),
)


def _drawn(
    priors: Priors, seed: int, draws: NDArray[np.uint64], library: Library | None
) -> NDArray[np.float64]:
    if library is not None:
        return library.draw(seed, draws, priors.keys, priors.distributions, priors.numbers)
    keys, distributions = priors.keys.tolist(), priors.distributions.tolist()
    described = list(zip(keys, distributions, priors.numbers.tolist(), strict=True))
    values = np.empty((len(draws), len(described)))
    for row, draw in enumerate(draws.tolist()):
        streams = Streams(seed, draw)
        values[row] = [
            rules.quantile(distribution, first, second, third, one(streams, key, 0))
            for key, distribution, (first, second, third) in described
        ]
    return values


def _described(quantity: Quantity) -> tuple[int, tuple[float, float, float]]:
    """A distribution as `ncpcsim.rules.quantile` takes it."""
    if isinstance(quantity, Uniform):
        return rules.UNIFORM, (quantity.low, quantity.high, 0.0)
    if isinstance(quantity, Triangular):
        return rules.TRIANGULAR, (quantity.low, quantity.mode, quantity.high)
    if isinstance(quantity, Normal):
        return rules.NORMAL, (quantity.mean, quantity.sd, 0.0)
    if isinstance(quantity, LogNormal):
        return rules.LOG_NORMAL, (quantity.median, quantity.sigma, 0.0)
    raise TypeError(f"{quantity} is not drawn")
