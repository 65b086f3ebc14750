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
    from ncpcsim.answers.comparison import compare
    from ncpcsim.answers.summary import summary
    from ncpcsim.answers.sustainability import Answer, answer
    from ncpcsim.experiment.batch import batch
    from ncpcsim.experiment.precision import Until
    from ncpcsim.experiment.run import run_once
    from ncpcsim.model.record import Record
    from ncpcsim.plan.load import Plan, load_plan
    from ncpcsim.plan.problems import PlanError
    from ncpcsim.plan.variants import Batch, Variant, read_batch
    from ncpcsim.report.run import run
    from ncpcsim.results.folder import Folder

_HOMES = {
    "Answer": "ncpcsim.answers.sustainability",
    "Batch": "ncpcsim.plan.variants",
    "Folder": "ncpcsim.results.folder",
    "Plan": "ncpcsim.plan.load",
    "PlanError": "ncpcsim.plan.problems",
    "Record": "ncpcsim.model.record",
    "Variant": "ncpcsim.plan.variants",
    "answer": "ncpcsim.answers.sustainability",
    "batch": "ncpcsim.experiment.batch",
    "compare": "ncpcsim.answers.comparison",
    "load_plan": "ncpcsim.plan.load",
    "read_batch": "ncpcsim.plan.variants",
    "Until": "ncpcsim.experiment.precision",
    "run": "ncpcsim.report.run",
    "run_once": "ncpcsim.experiment.run",
    "summary": "ncpcsim.answers.summary",
}

__all__ = [
    "Answer",
    "Batch",
    "Folder",
    "Plan",
    "PlanError",
    "Record",
    "Until",
    "Variant",
    "answer",
    "batch",
    "compare",
    "load_plan",
    "read_batch",
    "run",
    "run_once",
    "summary",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'ncpcsim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
