"""Uncertain parameters drawn from their distributions, each addressed by its own name."""

from ncpcsim.luck import Luck
from ncpcsim.plan.load import Plan


def draw_parameters(plan: Plan, seed: int, draw: int) -> dict[str, float]:
    """One value for each uncertain parameter of a plan, by dotted path.

    A parameter's draw depends on the seed, the draw's number and the parameter's name alone, so
    that two plans that share a parameter share its draws.
    """
    luck = Luck(seed, draw)
    return {
        path: quantity.quantile(luck.one(f"parameter.{path}"))
        for path, quantity in plan.uncertain.items()
    }
