"""What is good for a centre is not shown as bad for it: the average centre, in paired runs.

An effect is wrong where its 95 % interval lies on the wrong side of zero.
"""

from functools import cache
from typing import Any

import numpy as np

from ncpcsim.answers.audit_runs import Pairs
from ncpcsim.answers.moves import moves
from ncpcsim.plan.load import Plan, load_plan, plan_from_tree

SEED = 7


@cache
def pairs(runs: int) -> Pairs:
    return Pairs(load_plan("generic"), runs, SEED)


def interval(plan: Plan, measure: str, runs: int = 200) -> tuple[float, float]:
    """What a plan has more than the average centre: both ends of the interval."""
    stands, moved = pairs(runs)(plan)
    more = moved.values[measure] - stands.values[measure]
    more = more[~np.isnan(more)]  # a run without any work has no mission share
    half = 1.96 * more.std(ddof=1) / np.sqrt(len(more))
    return more.mean() - half, more.mean() + half


@cache
def moved(path: str, name: str) -> Plan:
    plan = load_plan("generic")
    (move,) = (move for move in moves(plan, path) if (move.path, move.name) == (path, name))
    return move.plan(plan)


def without_key(node: Any, key: str) -> Any:
    """A tree without a key, wherever it stands."""
    if not isinstance(node, dict):
        return node
    return {k: without_key(child, key) for k, child in node.items() if k != key}


# ------------------------------------------------------------------ who attends


def test_a_country_of_more_small_firms_costs_no_fees() -> None:
    more = moved("segments.sme.potential_clients", "x2")
    assert interval(more, "fees")[1] > 0
    assert interval(more, "sustained")[1] > 0
    assert interval(more, "assessments")[0] > 0


def test_a_centre_without_small_firms_lives_no_better() -> None:
    without = plan_from_tree(without_key(load_plan("generic").tree, "sme"), "generic")
    assert interval(without, "sustained")[0] < 0
    assert interval(without, "fees")[0] < 0
    assert interval(without, "assessments")[1] < 0


# ------------------------------------------------------------------ what is skipped


def test_calling_awareness_the_mission_costs_few_fees() -> None:
    # It still goes before other work, and is not done by outside experts.
    assert interval(moved("services.awareness.mission", "off"), "fees")[0] < 20_000


def test_one_engineer_more_costs_no_fees() -> None:
    assert interval(moved("posts.technical.people", "+1"), "fees")[1] > 0


# ------------------------------------------------------------------ what a government considers


def test_papers_by_the_dozen_save_no_centre() -> None:
    stated = load_plan("generic").numbers.services["policy_advice"].offered_year
    many = load_plan("generic").variant({"services.policy_advice.offered_year": 5 * stated})
    assert interval(many, "sustained", 400)[0] < 0
    assert interval(many, "mission", 400)[1] > 0
