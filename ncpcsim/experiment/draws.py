"""Uncertain parameters drawn from their distributions, each addressed by its own name."""

from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.plan.load import Plan


def draw_parameters(plan: Plan, seed: int, draw: int) -> dict[str, float]:
    """One value for each uncertain parameter of a plan, by dotted path: a row of `draw_matrix`."""
    (values,) = draw_matrix(plan, seed, [draw]).tolist()
    return dict(zip(plan.uncertain, values, strict=True))
