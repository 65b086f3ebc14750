"""Small problems of calibration, for tests."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncpcsim.calibrate.accounts import parse_accounts
from ncpcsim.calibrate.problem import Problem, Target
from ncpcsim.plan.load import load_plan

ACCOUNTS = """\
year,section,line,level,amount_usd,as_printed,note
1996,revenue,Income,0,10000,"10,000",our books
1996,revenue,Fees,1,10000,"10,000",our books
"""


def usd_target(name: str, published: float = 10_000, **changes: Any) -> Target:
    """A fitted cell in dollars, rounded to a thousand."""
    said: dict[str, Any] = {"precision": 1000, "fitted": True, "year": 1996, **changes}
    return Target(name=name, line=name, unit="usd", published=published, **said)


def a_problem(targets: tuple[Target, ...], parameters: int, centre: str = "ours") -> Problem:
    """A problem of some cells and the first uncertain parameters of `generic`."""
    plan = load_plan("generic")
    return Problem(
        centre=centre,
        plan=plan,
        accounts=parse_accounts("ours", ACCOUNTS.splitlines(keepends=True)),
        lines=(),
        targets=targets,
        shared=tuple(plan.uncertain)[:parameters],
        own=(),
        thresholds=plan.numbers.thresholds,
    )


def columns(*values: float) -> NDArray[np.float64]:
    """One row of numbers."""
    return np.array([values])
