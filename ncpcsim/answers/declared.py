"""What is planned and delivered under the six principles of the International Declaration (000)."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from ncpcsim import declaration
from ncpcsim.experiment.run import run_once
from ncpcsim.plan.load import Plan
from ncpcsim.plan.schema.common import STEPS, Principle


@dataclass(frozen=True)
class Activity:
    """What one service does for its principle.

    Attributes:
        service: its name.
        mission: whether it is mission work rather than earning.
        planned: engagements the plan lays out, by step, shape (5,); what clients ask is no plan.
        done: engagements done, by step and run, shape (5, runs).
    """

    service: str
    mission: bool
    planned: NDArray[np.float64]
    done: NDArray[np.int64]


def declared(plan: Plan, runs: int, seed: int) -> dict[str, list[Activity]]:
    """The activities under each principle, in the Declaration's order; a principle may have none.

    Raises:
        ValueError: `runs` is less than 1.
    """
    if runs < 1:
        raise ValueError(f"{runs} runs, expected 1 or more")
    numbers = plan.numbers
    names, planned = declaration.serving(numbers), declaration.planned(numbers)
    records = (run_once(plan, seed, replication)[1] for replication in range(runs))
    done = np.stack([declaration.delivered(record, numbers) for record in records], axis=-1)
    activities: dict[str, list[Activity]] = {name: [] for name in get_args(Principle)}
    for row, name in enumerate(names):
        service = numbers.services[name]
        of = activities[str(service.principle)]
        of.append(Activity(name, service.mission, planned[row], done[row]))
    return activities


def steps(plan: Plan) -> list[tuple[int, int]]:
    """First and last month of each of the five steps that the run reaches."""
    step_of = declaration.steps(plan.numbers)
    months = [np.flatnonzero(step_of == step) for step in range(STEPS)]
    return [(int(within[0]), int(within[-1])) for within in months if len(within)]
