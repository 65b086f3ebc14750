"""Uncertain parameters drawn from their distributions, each addressed by its own name."""

from ncpcsim.luck import Luck
from ncpcsim.plan.load import Plan

JOINT = "parameters"
"""The stream that picks a row of an ensemble: the same row for the same draw in every plan."""


def draw_parameters(plan: Plan, seed: int, draw: int) -> dict[str, float]:
    """One value for each uncertain parameter of a plan, by dotted path.

    Those of the plan's ensemble come from one of its rows, the others from their own
    distributions. A draw depends on the seed, the draw's number and the parameter's name alone, so
    that two plans that share a parameter share its draws.
    """
    luck = Luck(seed, draw)
    together = plan.ensemble.row(draw, luck.one(JOINT)) if plan.ensemble else {}
    return {
        path: together[path]
        if path in together
        else quantity.quantile(luck.one(f"parameter.{path}"))
        for path, quantity in plan.uncertain.items()
    }
