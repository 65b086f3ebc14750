"""Can a fit learn at all? Known parameters make accounts, and are sought in them again."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ncpcsim.calibrate.design import outcomes_of, values_at
from ncpcsim.calibrate.emulator import Array, contradiction_sd, restored, transform
from ncpcsim.calibrate.problem import FitProblem
from ncpcsim.calibrate.study import Study, in_turn
from ncpcsim.calibrate.targets import OPEN, Target
from ncpcsim.experiment.executor import open_pool
from ncpcsim.experiment.replications import Progress
from ncpcsim.plan.ensemble import Ensemble

LEVELS = (0.5, 0.9)
"""Parts of the probability that central intervals hold."""
RECOVERIES = 60
RECOVERY_STEPS = 3000


@dataclass(frozen=True, eq=False)
class Recovery:
    """Whether known parameters are found again from accounts the model made from them.

    Attributes:
        parameters: names.
        inside: for each of `LEVELS`, repetition and parameter, whether the interval held the truth,
            shape (levels, repetitions, parameters).
        contraction: part of the prior's variance that went, shape (repetitions, parameters).
        miss: distance of the posterior's mean from the truth over that of the prior's mean, root
            mean squares over repetitions, shape (parameters,).
    """

    parameters: tuple[str, ...]
    inside: NDArray[np.bool_]
    contraction: Array
    miss: Array

    @property
    def repetitions(self) -> int:
        """How many times it was tried."""
        return int(self.inside.shape[1])

    def coverage(self, level: int) -> tuple[float, float]:
        """Share of intervals that held the truth, and its standard error between repetitions."""
        each = self.inside[level].mean(axis=1)
        return float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each)))


def recover(
    study: Study,
    repetitions: int = RECOVERIES,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> Recovery:
    """Draw parameters from their priors, make accounts of them, add reporting errors, and fit.

    Amounts are rounded, and where print contradicts itself they are wrong by as much.

    The accounts come from the simulator itself, with random streams that no emulator has seen.
    """
    truth = np.random.default_rng(study.seed + 1).standard_normal(
        (repetitions, len(study.parameters))
    )
    made = {
        problem.centre: _printed(
            problem, truth[:, _columns(study, problem)], study.seed + 1, workers, study.engine
        )
        for problem in study.problems
    }
    tasks = [
        _Repetition(
            study,
            n,
            {centre: rows[n] for centre, (rows, _) in made.items()},
            {centre: bool(opens[n]) for centre, (_, opens) in made.items()},
        )
        for n in range(repetitions)
    ]
    with open_pool(workers) as pool:
        draws = list(in_turn(pool, _fit_again, tasks, progress))
    inside = np.array([_inside(drawn, truth[n]) for n, drawn in enumerate(draws)])
    means = np.array([drawn.mean(axis=0) for drawn in draws])
    sds = np.array([drawn.std(axis=0, ddof=1) for drawn in draws])
    miss = np.sqrt(((means - truth) ** 2).mean(axis=0) / (truth**2).mean(axis=0))
    return Recovery(study.parameters, np.moveaxis(inside, 1, 0), 1 - sds**2, miss)


@dataclass(frozen=True, eq=False)
class _Repetition:
    study: Study
    number: int
    observed: Mapping[str, Array]
    opens: Mapping[str, bool]


def _fit_again(task: _Repetition) -> Array:
    posterior = task.study.posterior(
        observed=task.observed,
        opens=task.opens,
        steps=RECOVERY_STEPS,
        seed=task.study.seed + 100 + task.number,
    )
    return posterior.scores


def _inside(drawn: Array, truth: Array) -> NDArray[np.bool_]:
    """For each level, whether the central interval of the draws holds the truth."""
    held = []
    for level in LEVELS:
        low, high = np.quantile(drawn, ((1 - level) / 2, (1 + level) / 2), axis=0)
        held.append((low <= truth) & (truth <= high))
    return np.array(held)


def _printed(
    problem: FitProblem, scores: Array, seed: int, workers: int, engine: str
) -> tuple[Array, NDArray[np.bool_]]:
    """Accounts of the model at some scores, wrong and rounded as in print: (runs, fitted targets).

    And whether the centre would have stayed open, shape (runs,).
    """
    ensemble = Ensemble("truth", values_at(problem, scores))
    outcomes = outcomes_of(problem, ensemble, len(scores), seed, workers=workers, engine=engine)
    fitted = tuple(target for target in problem.targets if target.fitted)
    printed = with_reporting_error(outcomes[:, problem.fitted], fitted, seed)
    opens = [i for i, t in enumerate(problem.targets) if t.line == OPEN]
    return printed, outcomes[:, opens[0]] == 1


def with_reporting_error(right: Array, targets: tuple[Target, ...], seed: int) -> Array:
    """Numbers with the reporting errors of print: wrong where it contradicts itself, and rounded.

    Args:
        right: shape (runs, targets).
        targets: what they are.
        seed: the random seed.
    """
    wrong = contradiction_sd(targets) * np.random.default_rng(seed).standard_normal(right.shape)
    # Where there is no error the number itself, not what the scale makes of it and back.
    given = np.where(wrong == 0, right, restored(transform(right, targets) + wrong, targets))
    precision = np.array([target.precision for target in targets])
    rounded: Array = np.round(given / precision) * precision
    return rounded


def _columns(study: Study, problem: FitProblem) -> list[int]:
    return [study.parameters.index(name) for name in problem.parameters]
