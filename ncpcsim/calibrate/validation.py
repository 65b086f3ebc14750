"""Validation of a calibration: fit, prediction, identifiability, sensitivity."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ncpcsim.calibrate.baselines import BASELINES, sample_of
from ncpcsim.calibrate.design import outcomes_of, values_at
from ncpcsim.calibrate.emulator import transform
from ncpcsim.calibrate.fit import Posterior
from ncpcsim.calibrate.problem import FitProblem, settings
from ncpcsim.calibrate.recovery import LEVELS
from ncpcsim.calibrate.scores import crps, log_score
from ncpcsim.calibrate.study import Study, in_turn
from ncpcsim.calibrate.targets import Target
from ncpcsim.experiment.engines import AUTO
from ncpcsim.experiment.executor import open_pool
from ncpcsim.experiment.replications import Progress
from ncpcsim.plan.ensemble import Ensemble

Array = NDArray[np.float64]
PREDICTIVE_RUNS = 512
SENSITIVITY_STEPS = 4000
PREDICTION_STEPS = 6000


# Fit.


@dataclass(frozen=True)
class CellFit:
    """One cell compared with what the fitted model gives.

    Attributes:
        centre: whose.
        target: the cell.
        quantiles: 5th, 25th, 50th, 75th and 95th percentile of the model's.
        rank: share of the model's results below the printed number.
    """

    centre: str
    target: Target
    quantiles: tuple[float, float, float, float, float]
    rank: float

    def inside(self, level: float) -> bool:
        """Whether the printed number, as far as it is known, lies in the central interval.

        A number rounded to a thousand lies inside if any that is printed so does; one of which
        others say something else, if any between the two does.
        """
        low, high = (
            (self.quantiles[0], self.quantiles[4])
            if level == LEVELS[1]
            else (self.quantiles[1], self.quantiles[3])
        )
        half, printed = self.target.precision / 2, self.target.published
        other = printed if self.target.otherwise is None else self.target.otherwise
        return low - half <= max(printed, other) and min(printed, other) <= high + half


def predictive(
    problem: FitProblem,
    posterior: Posterior,
    runs: int = PREDICTIVE_RUNS,
    *,
    seed: int,
    workers: int = 1,
    engine: str = AUTO,
) -> Array:
    """What the simulator gives with draws of a posterior, shape (runs, targets)."""
    scores = posterior.of(problem)
    chosen = scores[np.linspace(0, len(scores) - 1, runs).round().astype(int)]
    ensemble = Ensemble("predictive", values_at(problem, chosen))
    return outcomes_of(problem, ensemble, runs, seed, workers=workers, engine=engine)


def cell_fits(problem: FitProblem, outcomes: Array) -> list[CellFit]:
    """Every cell compared with the results of runs, shape (runs, targets)."""
    found = []
    for target, results in zip(problem.targets, outcomes.T, strict=True):
        a, b, c, d, e = np.quantile(results, (0.05, 0.25, 0.5, 0.75, 0.95)).tolist()
        rank = float((results < target.published).mean())
        found.append(CellFit(problem.centre, target, (a, b, c, d, e), rank))
    return found


# Prediction.


@dataclass(frozen=True)
class Scored:
    """Mean scores of one way to predict some cells.

    Attributes:
        case: what was fitted and what predicted.
        by: the model, or a baseline.
        cells: how many.
        crps: mean continuous ranked probability score; less is better.
        log: mean logarithmic score on the accounts' scale; more is better.
    """

    case: str
    by: str
    cells: int
    crps: float
    log: float


MODEL, PRIOR = "the model", "its prior"


def predict(study: Study, *, workers: int = 1, progress: Progress | None = None) -> list[Scored]:
    """Leave years or a centre out, predict them, and score the model and the baselines."""
    scored: list[Scored] = []
    for problem in study.problems:
        years = sorted({t.year for t in problem.targets if t.fitted and t.year})
        for known in range(max(len(years) - 2, 1), len(years)):
            case = f"{problem.centre} {_span(years[:known])}: {_span(years[known:])}"
            fitted = problem.without(*(str(year) for year in years[known:]))
            # Counts of all years contain the years left out.
            fitted = fitted.without(*(t.name for t in problem.targets if t.year is None))
            # Nor is it known then that the centre would stay open to the end.
            unknown = {problem.centre: None}
            posterior = study.posterior([fitted], opens=unknown, steps=PREDICTION_STEPS)
            ahead = {year for year in years[known:] if year}
            scored += _score_model(study, problem, posterior, ahead, case, workers)
            scored += _score_baselines(problem, years[:known], years[known:], case)
            if progress:
                progress(1)
    for learned_from, asked in (*combinations(study.problems, 2), *_reversed(study.problems)):
        case = f"{learned_from.centre} alone: {asked.centre}"
        posterior = study.posterior([learned_from], steps=PREDICTION_STEPS)
        ahead = {t.year for t in asked.targets if t.fitted and t.year}
        scored += _score_model(study, asked, posterior, ahead, case, workers)
        if progress:
            progress(1)
    return scored


def _reversed(problems: Sequence[FitProblem]) -> list[tuple[FitProblem, FitProblem]]:
    return [(b, a) for a, b in combinations(problems, 2)]


def _span(years: Sequence[int | None]) -> str:
    return f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"


def _score_model(
    study: Study,
    problem: FitProblem,
    posterior: Posterior,
    ahead: set[int],
    case: str,
    workers: int,
) -> Iterator[Scored]:
    cells = [i for i, t in enumerate(problem.targets) if t.scored and t.year in ahead]
    blank = np.random.default_rng(study.seed + 7).standard_normal(posterior.scores.shape)
    prior = Posterior(posterior.problems, posterior.parameters, blank, len(blank), 1.0)
    for by, drawn in ((MODEL, posterior), (PRIOR, prior)):
        outcomes = predictive(
            problem, drawn, seed=study.seed + 2, workers=workers, engine=study.engine
        )
        yield _scored(case, by, [(problem.targets[i], outcomes[:, i]) for i in cells])


def _score_baselines(
    problem: FitProblem, known: Sequence[int | None], ahead: Sequence[int | None], case: str
) -> Iterator[Scored]:
    amounts = {(t.line, t.year): t.published for t in problem.targets}
    lines = dict.fromkeys(t.line for t in problem.targets if t.scored)
    series = {line: [amounts.get((line, year), 0.0) for year in known] for line in lines}
    for baseline in BASELINES:
        pairs = [
            (t, sample_of(baseline, series, t.line, ahead.index(t.year) + 1))
            for t in problem.targets
            if t.scored and t.year in ahead
        ]
        yield _scored(case, baseline.name, pairs)


def _scored(case: str, by: str, pairs: Sequence[tuple[Target, Array]]) -> Scored:
    ranked = [crps(drawn, target.published) for target, drawn in pairs]
    logs = [
        log_score(
            transform(drawn[:, None], (target,))[:, 0],
            float(transform(np.array([target.published]), (target,))[0]),
        )
        for target, drawn in pairs
    ]
    return Scored(case, by, len(pairs), float(np.mean(ranked)), float(np.mean(logs)))


# Identifiability.


def correlations(posterior: Posterior, number: int = 12) -> list[tuple[str, str, float]]:
    """The pairs of parameters that move together most: names and correlation."""
    matrix = np.atleast_2d(np.corrcoef(posterior.scores, rowvar=False))
    one, other = np.triu_indices(len(matrix), 1)
    order = np.argsort(-np.abs(matrix[one, other]))[:number]
    names = posterior.parameters
    return [(names[one[i]], names[other[i]], float(matrix[one[i], other[i]])) for i in order]


# Sensitivity.


@dataclass(frozen=True)
class Shift:
    """How a posterior moves when something that we chose is chosen otherwise.

    Attributes:
        choice: what was chosen otherwise.
        mean_shift: root mean square over parameters of the shift of the mean, in posterior sds.
        most: the parameter that moves most.
        most_shift: how far, in its posterior sds.
        sd_ratio: mean of the posterior's spreads over those of the fit as chosen.
    """

    choice: str
    mean_shift: float
    most: str
    most_shift: float
    sd_ratio: float


def sensitivity(
    study: Study, posterior: Posterior, *, workers: int = 1, progress: Progress | None = None
) -> list[Shift]:
    """Fit again with other priors, without each line of accounts, and with other readings."""
    asked = list(_choices(study))
    tasks = [_Otherwise(study, problems, prior_sd) for _, problems, prior_sd in asked]
    with open_pool(workers) as pool:
        fits = list(in_turn(pool, _fit_otherwise, tasks, progress))
    return [
        _shift(choice, posterior, again) for (choice, _, _), again in zip(asked, fits, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Otherwise:
    study: Study
    problems: list[FitProblem]
    prior_sd: float


def _fit_otherwise(task: _Otherwise) -> Array:
    again = task.study.posterior(
        task.problems,
        prior_sd=task.prior_sd,
        steps=SENSITIVITY_STEPS,
        seed=task.study.seed + 50,
    )
    return again.scores


def choices(study: Study) -> int:
    """How many fits `sensitivity` makes."""
    return sum(1 for _ in _choices(study))


def _choices(study: Study) -> Iterator[tuple[str, list[FitProblem], float]]:
    problems = list(study.problems)
    yield "another chain of the same", problems, 1.0
    yield "priors half as wide", problems, 0.5
    yield "priors half as wide again", problems, 1.5
    for problem in problems:
        for line in dict.fromkeys(t.line for t in problem.targets if t.fitted):
            yield (
                f"without {problem.centre}'s {line}",
                [p.without(line) if p is problem else p for p in problems],
                1.0,
            )
    for reading in settings()["readings"].values():
        if reading["centre"] in [problem.centre for problem in problems]:
            yield (
                reading["why"],
                [
                    p.read(reading["values"], reading.get("precision", {}))
                    if p.centre == reading["centre"]
                    else p
                    for p in problems
                ],
                1.0,
            )


def _shift(choice: str, before: Posterior, after: Array) -> Shift:
    sds = before.scores.std(axis=0, ddof=1)
    moved = (after.mean(axis=0) - before.scores.mean(axis=0)) / sds
    most = int(np.argmax(np.abs(moved)))
    return Shift(
        choice=choice,
        mean_shift=float(np.sqrt((moved**2).mean())),
        most=before.parameters[most],
        most_shift=float(moved[most]),
        sd_ratio=float((after.std(axis=0, ddof=1) / sds).mean()),
    )
