"""Validation of a calibration: everything that its report shows, from one call."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from ncpcsim.answers.check import Row, check
from ncpcsim.answers.found import MOST_PLANS
from ncpcsim.calibrate.abc_check import abc_posterior
from ncpcsim.calibrate.design import Design
from ncpcsim.calibrate.emulator import transform
from ncpcsim.calibrate.fit import Posterior
from ncpcsim.calibrate.recovery import Recovery, recover
from ncpcsim.calibrate.study import StageReport, Study
from ncpcsim.calibrate.validation import (
    PREDICTION_STEPS,
    PREDICTIVE_RUNS,
    CellFit,
    Scored,
    Shift,
    cell_fits,
    choices,
    predict,
    predictive,
    sensitivity,
)
from ncpcsim.experiment.replications import run_table
from ncpcsim.plan.load import Plan

Opinion = tuple[str, float, float, float, float]
"""A parameter; mean and spread of its scores by the emulator, then by ABC."""
OUTSIDE_RUNS = 200


@dataclass(frozen=True, eq=False)
class Validation:
    """The validation of a fit.

    Attributes:
        study: the fit.
        posterior: what was learned.
        cells: every printed cell compared with the fitted model.
        recovery: whether known parameters are found again.
        scores: scores of predictions, those of baselines too.
        shifts: what other choices would move.
        opinions: by centre, the emulator's posterior and that of ABC.
        outside: checks with figures that no fit has seen; none for a centre of one's own.
        took: simulator runs and seconds by stage.
    """

    study: Study
    posterior: Posterior
    cells: Sequence[CellFit]
    recovery: Recovery
    scores: Sequence[Scored]
    shifts: Sequence[Shift]
    opinions: dict[str, list[Opinion]]
    outside: Sequence[Row]
    took: dict[str, tuple[int, float]] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """The currency of every amount: accounts that are fitted together are in one."""
        return self.study.problems[0].plan.currency


class _Stages:
    """Times the stages of an assessment and reports their progress."""

    def __init__(self, report: StageReport | None) -> None:
        self.took: dict[str, tuple[int, float]] = {}
        self._report = report

    @contextmanager
    def stage(self, name: str, runs: int, whole: int) -> Iterator[Callable[[int], None]]:
        begun = time.monotonic()

        def advance(done: int) -> None:
            if self._report:
                self._report(name, done, whole)

        advance(0)
        yield advance
        self.took[name] = (runs, time.monotonic() - begun)


def assess(
    study: Study,
    posterior: Posterior,
    designs: dict[str, tuple[Design, "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"]],
    *,
    recoveries: int,
    outside: Plan | None,
    workers: int = 1,
    report: StageReport | None = None,
) -> Validation:
    """Recover, fit, predict, and choose otherwise; see `Validation`.

    Args:
        study: the fit.
        posterior: what it learned.
        designs: by centre, the design and its runs' results.
        recoveries: repetitions of the recovery of known parameters.
        outside: a plan to check against what no fit has seen, drawn from this posterior.
        workers: processes to use.
        report: a callback for progress.
    """
    stages = _Stages(report)
    centres = len(study.problems)
    with stages.stage("recovery", recoveries * centres, recoveries) as advance:
        recovery = recover(study, recoveries, workers=workers, progress=advance)
    cells: list[CellFit] = []
    with stages.stage("fit", PREDICTIVE_RUNS * centres, centres) as advance:
        for problem in study.problems:
            results = predictive(
                problem, posterior, seed=study.seed + 3, workers=workers, engine=study.engine
            )
            cells += cell_fits(problem, results)
            advance(1)
    with stages.stage("prediction", 0, 2 * centres) as advance:
        scores = predict(study, workers=workers, progress=advance)
    cases = len({one.case for one in scores})
    stages.took["prediction"] = (2 * PREDICTIVE_RUNS * cases, stages.took["prediction"][1])
    with stages.stage("sensitivity", 0, choices(study)) as advance:
        shifts = sensitivity(study, posterior, workers=workers, progress=advance)
    with stages.stage("check by ABC", 0, centres) as advance:
        opinions = {}
        for centre, (design, outcomes) in designs.items():
            opinions[centre] = _opinions(study, design, outcomes)
            advance(1)
    rows: list[Row] = []
    if outside is not None:
        runs = MOST_PLANS * OUTSIDE_RUNS
        with stages.stage("outside checks", runs, runs) as advance:
            rows = check(
                outside,
                lambda plan: run_table(
                    plan,
                    OUTSIDE_RUNS,
                    seed=study.seed,
                    workers=workers,
                    engine=study.engine,
                    detail=True,
                    progress=advance,
                ).frame(),
            )
    return Validation(
        study, posterior, cells, recovery, scores, shifts, opinions, rows, stages.took
    )


def _opinions(
    study: Study, design: Design, outcomes: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"
) -> list[Opinion]:
    problem = design.problem
    # ABC has one distance for all targets: it cannot weigh a number less that is known less well.
    near = problem.without(*(t.name for t in problem.targets if t.otherwise is not None))
    targets = tuple(t for t in near.targets if t.fitted)
    by_emulator = study.posterior([problem], steps=PREDICTION_STEPS).of(problem)
    by_abc = abc_posterior(
        design.scores,
        transform(outcomes[:, near.fitted], targets),
        transform(np.array([t.published for t in targets]), targets),
        seed=study.seed,
    )
    return [
        (
            name,
            float(by_emulator[:, i].mean()),
            float(by_emulator[:, i].std()),
            float(by_abc[:, i].mean()),
            float(by_abc[:, i].std()),
        )
        for i, name in enumerate(problem.parameters)
    ]
