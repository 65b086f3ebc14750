"""What is planned and delivered under the six principles of the International Declaration (000)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from ncpcsim.experiment.engines import AUTO, COMPILED, chosen
from ncpcsim.experiment.executor import open_pool, run_tasks
from ncpcsim.experiment.replications import Progress, cut
from ncpcsim.experiment.run import Task, run_chunk
from ncpcsim.measures import declaration
from ncpcsim.plan.load import Plan
from ncpcsim.plan.schema.common import STEPS, Principle


@dataclass(frozen=True)
class Activity:
    """What one service does for its principle.

    Attributes:
        service: its name.
        mission: whether it is mission work rather than earning.
        planned: engagements the plan lays out, by step, shape (5,); what clients ask is no plan.
        done: engagements done, by run and step, shape (runs, 5).
    """

    service: str
    mission: bool
    planned: NDArray[np.float64]
    done: NDArray[np.int64]


class RunFailedError(RuntimeError):
    """A run that ended in an error, so that what was done is not known."""


def declared(
    plan: Plan,
    runs: int,
    seed: int,
    *,
    workers: int = 1,
    engine: str = AUTO,
    progress: Progress | None = None,
) -> dict[str, list[Activity]]:
    """The activities under each principle, in the Declaration's order; a principle may have none.

    Raises:
        ValueError: `runs` is less than 1.
        RunFailedError: a run failed.
        EngineError: the compiled engine is asked for and is not there.
    """
    if runs < 1:
        raise ValueError(f"{runs} runs, expected 1 or more")
    numbers = plan.numbers
    names, planned = declaration.serving(numbers), declaration.planned(numbers)
    task = Task(plan, seed, 0, runs, keep_records=True, engine=chosen(engine))
    done = np.concatenate(list(_delivered(task, workers, progress)))
    activities: dict[str, list[Activity]] = {name: [] for name in get_args(Principle)}
    for row, name in enumerate(names):
        service = numbers.services[name]
        of = activities[str(service.principle)]
        of.append(Activity(name, service.mission, planned[row], done[:, row]))
    return activities


def _delivered(task: Task, workers: int, progress: Progress | None) -> Iterator[NDArray[np.int64]]:
    """Engagements done by run, service and step, chunk by chunk."""
    with open_pool(workers, threads=task.engine == COMPILED) as pool:
        for chunk in run_tasks(pool, run_chunk, cut(task)):
            for number, error in chunk.table.errors.items():
                raise RunFailedError(f"run {number}: {error}")
            assert chunk.records is not None  # noqa: S101  asked for, and no run failed
            yield declaration.delivered(chunk.records, task.plan.numbers)
            if progress:
                progress(len(chunk.table))


def steps(plan: Plan) -> list[tuple[int, int]]:
    """First and last month of each of the five steps that the run reaches."""
    step_of = declaration.steps(plan.numbers)
    months = [np.flatnonzero(step_of == step) for step in range(STEPS)]
    return [(int(within[0]), int(within[-1])) for within in months if len(within)]
