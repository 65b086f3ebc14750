"""A fit from beginning to end: design, emulators, posterior."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from ncpcsim.calibrate.design import Design
from ncpcsim.calibrate.emulator import Array, Emulator, fit_emulator
from ncpcsim.calibrate.fit import STEPS, Posterior, all_parameters, likelihood, sample
from ncpcsim.calibrate.problem import FitProblem
from ncpcsim.experiment.engines import AUTO
from ncpcsim.experiment.executor import Pool, run_tasks
from ncpcsim.experiment.replications import Progress

RUNS = 4096
"""Runs of each centre's design."""
T = TypeVar("T")
StageReport = Callable[[str, int, int], None]
"""A callback for what is under way, how much of it was just done, and how much there is."""


@dataclass(frozen=True, eq=False)
class Study:
    """Centres, what the model gives for them over the whole of their priors, and a seed.

    Attributes:
        problems: the centres that are fitted together.
        emulators: by centre.
        runs: of each design.
        seed: the random seed of the designs, their runs, and the sampler's chain.
        steps: of the sampler.
        engine: what simulates where the study is assessed.
    """

    problems: tuple[FitProblem, ...]
    emulators: Mapping[str, Emulator]
    runs: int
    seed: int
    steps: int = STEPS
    engine: str = AUTO

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of all that is learned, shared parameters first."""
        return all_parameters(self.problems)

    def posterior(
        self,
        problems: Sequence[FitProblem] | None = None,
        *,
        observed: Mapping[str, Array] | None = None,
        opens: Mapping[str, bool | None] | None = None,
        steps: int | None = None,
        prior_sd: float = 1.0,
        seed: int | None = None,
        draws: int = 1000,
        progress: Callable[[int], None] | None = None,
    ) -> Posterior:
        """Learn from the cells of some problems.

        Args:
            problems: those of the study, perhaps with fewer cells, or some of them only.
            observed: by centre, numbers in place of the printed ones, shape (fitted targets,).
            opens: by centre, whether it stayed open, if not all did; None if not asked.
            steps: of the sampler, if not the study's.
            prior_sd: spread of the priors' scores.
            seed: the random seed of the chain, if not the study's.
            draws: how many to keep.
            progress: a callback for steps done.
        """
        met = self.problems if problems is None else tuple(problems)
        likelihoods = [
            likelihood(
                problem,
                self.emulators[problem.centre],
                self.parameters,
                None if observed is None else observed[problem.centre],
                opens=True if opens is None else opens[problem.centre],
            )
            for problem in met
        ]
        return sample(
            likelihoods,
            self.parameters,
            seed=self.seed if seed is None else seed,
            steps=steps or self.steps,
            prior_sd=prior_sd,
            draws=draws,
            problems=self.problems,
            progress=progress,
        )


def least_runs(problem: FitProblem) -> int:
    """The power of two of runs that leaves a surface in all parameters something to go by."""
    terms = 1 + 2 * len(problem.parameters)
    return 1 << (2 * terms - 1).bit_length()


def prepare(
    problems: Sequence[FitProblem],
    *,
    runs: int = RUNS,
    seed: int = 1,
    steps: int = STEPS,
    folder: Path | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    engine: str = AUTO,
    report: StageReport | None = None,
) -> tuple[Study, dict[str, tuple[Design, Array]]]:
    """Run every centre's design, or resume what lies in the folder, and fit the emulators.

    Args:
        problems: the centres.
        runs: of each design, a power of two.
        seed: the random seed of the designs and their runs.
        steps: of the sampler, later.
        folder: keeps the runs, a folder a centre; without it, none is kept.
        workers: processes to use.
        executor: an executor to use in their place.
        engine: which simulates, "auto", "compiled" or "reference".
        report: a callback for progress.

    Returns:
        The study; and by centre, the design and what its runs gave, shape (runs, targets).

    Raises:
        ValueError: fewer runs than `least_runs`.
        StoreError: the folder holds other runs.
        RunFailedError: a run failed.
    """
    least = max(least_runs(problem) for problem in problems)
    if runs < least:
        raise ValueError(f"{runs} runs, expected at least {least} for so many parameters")
    emulators, designs = {}, {}
    for problem in problems:
        design = Design(problem, runs, seed)

        def advance(done: int, centre: str = problem.centre) -> None:
            if report:
                report(f"{centre}: runs of the design", done, runs)

        outcomes = design.run(
            folder / "design" / problem.centre if folder else None,
            workers=workers,
            executor=executor,
            engine=engine,
            progress=advance,
        )
        designs[problem.centre] = (design, outcomes)
        emulators[problem.centre] = fit_emulator(problem, design.scores, outcomes)
    return Study(tuple(problems), emulators, runs, seed, steps, engine), designs


def in_turn(
    pool: Pool, work: Callable[[T], Array], tasks: Sequence[T], progress: Progress | None
) -> Iterator[Array]:
    """Do tasks, report each that is done, and return their results in the tasks' order."""
    for result in run_tasks(pool, work, tasks):
        yield result
        if progress:
            progress(1)
