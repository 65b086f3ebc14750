"""From emulators and printed cells to a posterior, by an ensemble sampler (emcee)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ncpcsim.calibrate.emulator import Array, Emulator, printing_sd, transform
from ncpcsim.calibrate.problem import FitProblem
from ncpcsim.calibrate.targets import LEFT_OUT
from ncpcsim.experiment.replications import Progress

WALKERS_PER_PARAMETER = 3
STEPS = 12_000
_KEPT_PART = 0.5
_WATCHED = 64
"""Walkers whose autocorrelation is computed; more would not change it."""
_WINDOW = 5
"""The sum of autocorrelations ends where it is this many times shorter than the lag."""


@dataclass(frozen=True, eq=False)
class Likelihood:
    """How well a point meets one centre's printed cells: a normal one on the transformed scale.

    Attributes:
        problem: the cells.
        emulator: the model's mean and spread.
        columns: places of the problem's parameters among all that are sampled.
        met: which of the emulator's targets count, shape (targets,).
        observed: transformed printed numbers, shape (met targets,).
        printing: spread that print adds to them, shape (met targets,).
        opens: whether the centre stayed open; None where that is not asked.
    """

    problem: FitProblem
    emulator: Emulator
    columns: NDArray[np.int64]
    met: NDArray[np.bool_]
    observed: Array
    printing: Array
    opens: bool | None

    def __call__(self, scores: Array) -> Array:
        """Logarithm of the likelihood at points of all parameters, shape (points,)."""
        mine = scores[:, self.columns]
        met = self.met
        gap = self.observed - self.emulator.mean(mine)[:, met]
        noise = self.emulator.sd(mine)[:, met]
        spread = np.hypot(noise, self.printing)
        white = gap / spread @ self._whitening
        log: Array = -0.5 * (white * white).sum(axis=1) - np.log(spread).sum(axis=1)
        if self.opens is not None:
            # Given the accounts: a centre of little income and high costs is likelier to close.
            deviations = np.zeros((len(mine), len(met)))
            # What print has added is no deviation of the run.
            deviations[:, met] = gap * noise / spread**2
            odds = self.emulator.log_odds_open(mine, deviations)
            log = log - np.logaddexp(0, -odds if self.opens else odds)
        return log

    @cached_property
    def _whitening(self) -> Array:
        # Noise is correlated, print's errors are not: their parts are those at the priors' medians.
        noise = self.emulator.sd(np.zeros((1, len(self.columns))))[0, self.met]
        part = noise / np.hypot(noise, self.printing)
        correlation = self.emulator.correlation[np.ix_(self.met, self.met)] * np.outer(part, part)
        np.fill_diagonal(correlation, 1.0)
        whitening: Array = np.linalg.inv(np.linalg.cholesky(correlation)).T
        return whitening


@dataclass(frozen=True, eq=False)
class Posterior:
    """What was learned.

    Attributes:
        problems: the centres.
        parameters: names of what was learned, in the order of columns.
        scores: draws of equal weight, shape (draws, parameters), as standard normal scores.
        effective: effective number of independent draws, of the parameter that has the fewest.
        acceptance: share of the sampler's proposals that were taken.
    """

    problems: tuple[FitProblem, ...]
    parameters: tuple[str, ...]
    scores: Array
    effective: float
    acceptance: float

    def of(self, problem: FitProblem) -> Array:
        """The scores of one centre's parameters, in its own order, shape (draws, parameters)."""
        return self.scores[:, columns_of(problem, self.parameters)]


def _autocorrelation_time(chain: Array) -> float:
    """Integrated autocorrelation time of walkers' steps (Sokal 1997), shape (steps, walkers)."""
    from emcee.autocorr import auto_window, function_1d

    moving = chain[:, np.ptp(chain, axis=0) > 0][:, :_WATCHED]
    if not moving.size:
        return float(len(chain))
    mean = np.mean([function_1d(walker) for walker in moving.T], axis=0)
    times = 2 * np.cumsum(mean) - 1
    return float(times[auto_window(times, _WINDOW)])


def all_parameters(problems: Sequence[FitProblem]) -> tuple[str, ...]:
    """Names of what is learned from several centres: shared parameters stand once."""
    return tuple(dict.fromkeys(name for problem in problems for name in problem.parameters))


def columns_of(problem: FitProblem, parameters: Sequence[str]) -> NDArray[np.int64]:
    """Places of a problem's parameters among all."""
    places = {name: i for i, name in enumerate(parameters)}
    return np.array([places[name] for name in problem.parameters], dtype=np.int64)


def likelihood(
    problem: FitProblem,
    emulator: Emulator,
    parameters: Sequence[str],
    observed: Array | None = None,
    *,
    opens: bool | None = True,
) -> Likelihood:
    """The likelihood of a problem's cells.

    Args:
        problem: which cells are met may be fewer than the emulator knows.
        emulator: fitted to the same centre.
        parameters: names of all that is sampled.
        observed: numbers in place of the printed ones, shape (emulated targets,).
        opens: whether the centre stayed open to the end of its accounts; None if not asked.
    """
    emulated = [t for t in problem.targets if t.fitted or t.why == LEFT_OUT]
    targets = tuple(emulated)
    values = np.array([t.published for t in targets]) if observed is None else observed
    met = np.array([t.fitted for t in targets]) & emulator.live
    kept = tuple(t for t, m in zip(targets, met, strict=True) if m)
    return Likelihood(
        problem=problem,
        emulator=emulator,
        columns=columns_of(problem, parameters),
        met=met,
        observed=transform(values, targets)[met],
        printing=printing_sd(values[met], kept),
        opens=opens,
    )


def sample(
    likelihoods: Sequence[Likelihood],
    parameters: tuple[str, ...],
    *,
    seed: int,
    steps: int = STEPS,
    prior_sd: float = 1.0,
    draws: int = 1000,
    problems: Sequence[FitProblem] | None = None,
    progress: Progress | None = None,
) -> Posterior:
    """Draw from the posterior; the same seed gives the same draws.

    Differential-evolution moves of many walkers (ter Braak 2006; Foreman-Mackey et al. 2013): the
    first half of the steps is dropped, and draws are taken at random from the rest.

    Args:
        likelihoods: one a centre.
        parameters: names of all that is sampled; their scores have independent normal priors.
        seed: the random seed.
        steps: of each walker.
        prior_sd: spread of the priors' scores: 1 for the priors as stated.
        draws: how many to keep.
        problems: whose parameters are sampled, if more than the likelihoods'.
        progress: a callback for steps done.
    """
    import emcee
    from threadpoolctl import threadpool_limits

    dimensions = len(parameters)
    walkers = 2 * ((WALKERS_PER_PARAMETER * dimensions + 1) // 2)

    def log_posterior(scores: Array) -> Array:
        prior = -0.5 * (scores * scores).sum(axis=1) / (prior_sd * prior_sd)
        total: Array = prior + sum(one(scores) for one in likelihoods)
        return total

    random = np.random.RandomState(seed % 2**32)
    # Not the snooker move, often mixed in: in fifty dimensions it makes a normal's spread 0.86 of
    # what it is.
    sampler = emcee.EnsembleSampler(
        walkers, dimensions, log_posterior, moves=emcee.moves.DEMove(), vectorize=True
    )
    start = emcee.State(
        prior_sd * random.standard_normal((walkers, dimensions)), random_state=random.get_state()
    )
    # The matrices are small: more threads than one only get in the way of other processes.
    with threadpool_limits(1, "blas"):
        for done, _ in enumerate(sampler.sample(start, iterations=steps), 1):
            if progress and done % 100 == 0:
                progress(100)
    chain = sampler.get_chain(discard=int(steps * _KEPT_PART))
    times = [_autocorrelation_time(chain[:, :, i]) for i in range(dimensions)]
    flat = chain.reshape(-1, dimensions)
    # Taken at random: evenly, a stride of near a multiple of the walkers would follow one of them.
    chosen = flat[random.choice(len(flat), draws, replace=len(flat) < draws)]
    return Posterior(
        problems=tuple(problems or (one.problem for one in likelihoods)),
        parameters=parameters,
        scores=chosen,
        effective=float(len(flat) / max(np.max(times), 1.0)),
        acceptance=float(np.mean(sampler.acceptance_fraction)),
    )
