"""Small problems of calibration, for tests."""

from typing import Any

from ncpcsim.calibrate.problem import Problem
from ncpcsim.calibrate.targets import Target
from ncpcsim.plan.load import load_plan
from ncpcsim.published.accounts import Accounts


def money_target(name: str, published: float = 10_000, **changes: Any) -> Target:
    """A fitted cell in dollars, rounded to a thousand."""
    said: dict[str, Any] = {"precision": 1000, "fitted": True, "year": 1996, **changes}
    return Target(name=name, line=name, unit="money", published=published, **said)


def a_problem(targets: tuple[Target, ...], parameters: int, centre: str = "ours") -> Problem:
    """A problem of some cells and the first uncertain parameters of `generic`."""
    plan = load_plan("generic")
    return Problem(
        centre=centre,
        plan=plan,
        accounts=Accounts(centre, (), ()),
        lines=(),
        targets=targets,
        shared=tuple(plan.uncertain)[:parameters],
        own=(),
        thresholds=plan.numbers.thresholds,
    )
