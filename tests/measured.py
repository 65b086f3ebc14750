"""Measures of one run, and of pairs of runs until they are decided."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ncpcsim.measures import coverage
from ncpcsim.measures import indicators as of_many
from ncpcsim.measures.intervals import Interval
from ncpcsim.measures.judgement import Judgement, judge
from ncpcsim.model.record import OPEN, Record, Records
from ncpcsim.plan.schema import Numbers, Thresholds


@dataclass(frozen=True)
class Outcome:
    """The end of one run; see `ncpcsim.measures.coverage.Outcomes`."""

    judgement: Judgement
    sustained: bool
    self_sufficient: bool
    closed_month: int | None
    lowest_cash_cents: int
    lowest_cash_month: int
    closing_cash_cents: int
    coverage: dict[str, float]
    full_coverage: dict[str, float]


def outcome(record: Record, thresholds: Thresholds) -> Outcome:
    """Judge a run; beside another one, so that no axis is taken for another."""
    records = Records.of([record, record])
    end, judged = coverage.outcomes(records), judge(records, thresholds)
    judgement = Judgement(judged.judgement[1].item())
    closed = end.closed_month[1].item()
    return Outcome(
        judgement=judgement,
        sustained=judgement == Judgement.SUSTAINED,
        self_sufficient=judged.self_sufficient[1].item(),
        closed_month=None if closed == OPEN else closed,
        lowest_cash_cents=end.lowest_cash_cents[1].item(),
        lowest_cash_month=end.lowest_cash_month[1].item(),
        closing_cash_cents=end.closing_cash_cents[1].item(),
        coverage={name: values[1].item() for name, values in end.coverage.items()},
        full_coverage={name: values[1].item() for name, values in end.full_coverage.items()},
    )


def indicators(record: Record, numbers: Numbers) -> dict[str, float]:
    """All indicators of a run, by name."""
    found = of_many.indicators(Records.of([record, record]), numbers)
    return {name: values[1].item() for name, values in found.items()}


STANDARD_ERRORS = 4.0
"""From 0, for a mean to be taken for decided: of six looks at nothing, one in 2,000 is."""


def decided(difference: Callable[[int], float], first: int = 16, most: int = 512) -> Interval:
    """The mean of paired differences, of as many runs as it takes to tell it from 0.

    The runs are doubled until the interval around the mean, four standard errors to either side,
    leaves out 0, or `most` are made.

    Args:
        difference: between two plans in one replication, by its number.
        first: runs before the first look.
        most: runs after the last.
    """
    found: list[float] = []
    runs = first
    while True:
        found += [difference(replication) for replication in range(len(found), runs)]
        mean = float(np.mean(found))
        reach = STANDARD_ERRORS * float(np.std(found, ddof=1)) / len(found) ** 0.5
        if abs(mean) > reach or runs >= most:
            return Interval(mean, mean - reach, mean + reach)
        runs = min(2 * runs, most)
