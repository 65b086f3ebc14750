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
    help="The random seed: the same seed gives the same numbers.",
)


parameters_option: Callable[[Any], Any] = click.option(
    "--parameters",
    metavar="SOURCE",
    default="posterior",
    show_default=True,
    help="Where uncertain parameters are drawn from: posterior (learned from the published "
    "accounts), prior, point (all at their medians), or the folder of a posterior of your own.",
)


def load_or_refuse(name: str, parameters: str | None = None) -> "Plan":
    """The plan of a name or path; every problem is printed and the program left if it is bad.

    Args:
        name: of a shipped plan, or a path.
        parameters: where its uncertain parameters are drawn from; from the plan's own statements
            if left out.
    """
    from ncpcsim.plan.load import load_plan
    from ncpcsim.plan.problems import PlanError

    try:
        plan = load_plan(name)
    except PlanError as error:
        refuse(*error.lines)
    return plan if parameters is None else drawn_or_refuse(plan, parameters)


def drawn_or_refuse(plan: "Plan", parameters: str) -> "Plan":
    """A plan that draws its uncertain parameters from a source, or one line and the end."""
    from ncpcsim.experiment.posterior import PosteriorError, with_parameters

    try:
        return with_parameters(plan, parameters)
    except PosteriorError as error:
        refuse(f"--parameters: {error}")


def parameters_label(plan: "Plan") -> str:
    """How many of a plan's uncertain parameters were learned, and from what, in a line."""
    known = plan.ensemble
    if known is None:
        return f"All {len(plan.uncertain)} uncertain parameters are drawn from their priors."
    if known.draws == 1:
        return f"All {len(plan.uncertain)} uncertain parameters are held at their medians."
    return (
        f"{len(known.values)} of {len(plan.uncertain)} uncertain parameters are drawn from "
        f"{known.name.rpartition(' ')[0]}, the others from their priors."
    )


def usable_cores() -> int:
    """The cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def measure_or_refuse(name: str) -> None:
    """Leave the program with the reason if there is no measure of that name."""
    from ncpcsim.measures.catalogue import measure_of

    try:
        measure_of(name)
    except ValueError as error:
        refuse(f"--measure: {error}")
