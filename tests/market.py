"""What tests of the market share."""

import math
from typing import Any

from tests.full_centre import bare
from tests.plans import counted, run

REPLICATIONS = range(20)


def shifted(months: list[int], by: int) -> list[int]:
    """A monthly series, later by some months."""
    return [*[0] * by, *months[: len(months) - by]]


def poisson_close(found: int, expected: float) -> bool:
    """Whether a number is within four standard errors of a Poisson mean."""
    return abs(found - expected) <= 4 * math.sqrt(expected)


def asked(changes: dict[str, Any], months: slice = slice(None)) -> int:
    """Enquiries for "visit" in some months of all replications."""
    plan = bare(changes)
    return sum(sum(counted(run(plan, replication=r), "visit.asked")[months]) for r in REPLICATIONS)
