"""Options and steps that several commands share."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ncpcsim_cli.console import refuse

if TYPE_CHECKING:
    from ncpcsim.plan.load import Plan

MAX_SEED = 2**64 - 1

plan_argument: Callable[[Any], Any] = click.argument("plan", metavar="PLAN")
seed_option: Callable[[Any], Any] = click.option(
    "--seed",
    type=click.IntRange(0, MAX_SEED),
    default=1,
    show_default=True,
    help="Names the luck: the same seed gives the same numbers.",
)


def load_or_refuse(name: str) -> "Plan":
    """The plan of a name or path; every problem is printed and the program left if it is bad."""
    from ncpcsim.plan.load import load_plan
    from ncpcsim.plan.problems import PlanError

    try:
        return load_plan(name)
    except PlanError as error:
        refuse(*error.lines)


def usable_cores() -> int:
    """The cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
