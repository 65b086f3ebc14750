"""Simulates the funding window of a Cleaner Production Centre, and what comes after it.

    from ncpcsim import answer, load_plan, run

    plan = load_plan("hungary")
    table = run(plan, 500, seed=1)
    print(answer(plan.numbers, table).sustained)

The names below are the public ones. They are imported when first used: a program that only checks
a plan does not wait for numpy and pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ncpcsim.answers.sustainability import Answer, answer
    from ncpcsim.centre.assembly import Record
    from ncpcsim.experiment.precision import Until
    from ncpcsim.experiment.replications import run
    from ncpcsim.experiment.run import run_once
    from ncpcsim.plan.load import Plan, load_plan
    from ncpcsim.plan.problems import PlanError

_HOMES = {
    "Answer": "ncpcsim.answers.sustainability",
    "Plan": "ncpcsim.plan.load",
    "PlanError": "ncpcsim.plan.problems",
    "Record": "ncpcsim.centre.assembly",
    "answer": "ncpcsim.answers.sustainability",
    "load_plan": "ncpcsim.plan.load",
    "Until": "ncpcsim.experiment.precision",
    "run": "ncpcsim.experiment.replications",
    "run_once": "ncpcsim.experiment.run",
}

__all__ = [
    "Answer",
    "Plan",
    "PlanError",
    "Record",
    "Until",
    "answer",
    "load_plan",
    "run",
    "run_once",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'ncpcsim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
