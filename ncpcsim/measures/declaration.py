"""What a centre planned and did under the six principles of the International Declaration.

The five-step implementation horizon (000) lays activities out over time; each service that serves a
principle is counted in the step in which it was done. The last step goes on to the end of the run.
"""

import numpy as np
from numpy.typing import NDArray

from ncpcsim import rules
from ncpcsim.model.record import Record, Records
from ncpcsim.plan.schema import Numbers
from ncpcsim.plan.schema.common import STEPS

_DEFAULT_STEP_MONTHS = 12


def serving(numbers: Numbers) -> list[str]:
    """The services that serve a principle, in the plan's order."""
    return [name for name, service in numbers.services.items() if service.principle]


def delivered(records: Record | Records, numbers: Numbers) -> NDArray[np.int64]:
    """Engagements done, by service that serves a principle and step, shape (..., services, 5)."""
    rows = [records.counted.index(f"{name}.done") for name in serving(numbers)]
    done, step_of = records.counts[..., rows, :], steps(numbers)
    by_step = [done[..., step_of == step].sum(axis=-1) for step in range(STEPS)]
    return np.stack(by_step, axis=-1)


def planned(numbers: Numbers) -> NDArray[np.float64]:
    """Engagements the plan lays out, in the shape of `delivered`; what clients ask is no plan."""
    names, step_of = serving(numbers), steps(numbers)
    counts = np.zeros((len(names), STEPS))
    for row, name in enumerate(names):
        service = numbers.services[name]
        rates_year = service.offered_by_step or (service.offered_year,)
        for step in step_of:
            counts[row, step] += rates_year[min(int(step), len(rates_year) - 1)] / 12
    return counts


def steps(numbers: Numbers) -> NDArray[np.int64]:
    """The step of each month, shape (months,)."""
    length = numbers.declaration.step_months if numbers.declaration else _DEFAULT_STEP_MONTHS
    months = range(numbers.elapsed_months, numbers.elapsed_months + numbers.months)
    return np.array([rules.step_of(month, length, STEPS) for month in months])
