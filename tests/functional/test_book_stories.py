"""What the book tells of centres without a number, found in runs of the shipped plans."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled import run as compiled
from ncpcsim.compiled.library import load
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.tables import tables_for
from ncpcsim.model.record import Records
from ncpcsim.plan.load import Plan, plan_from_tree
from tests.evidence import PLANS, fact

RUNS = 200
RUNNING = (
    *(Account.PREMISES, Account.MATERIALS, Account.TRAVEL),
    *(Account.OVERHEAD, Account.MISCELLANEOUS),
)


def simulated(plan: Plan) -> Records:
    values = draw_matrix(plan, 1, range(RUNS), load())
    paths = tuple(plan.uncertain)
    return compiled.simulate(tables_for(plan), 1, range(RUNS), paths, values).records()


@cache
def records(name: str) -> Records:
    return simulated(PLANS[name])


def counted(found: Records, name: str) -> NDArray[np.int64]:
    """A count of each run and month, shape (runs, months)."""
    counts: NDArray[np.int64] = found.counts[:, list(found.counted).index(name)]
    return counts


def test_awareness_comes_first_and_policy_advice_last() -> None:
    found = records("five_steps")
    year = 12

    def first_less_last(service: str) -> NDArray[np.int64]:
        done = counted(found, f"{service}.done")
        window = done[:, : PLANS["five_steps"].numbers.programme_end]
        first: NDArray[np.int64] = window[:, :year].sum(axis=1) - window[:, -year:].sum(axis=1)
        return first

    assert first_less_last("awareness").mean() > 2
    assert first_less_last("policy_advice").mean() < -1


def test_newer_centres_pay_mature_ones_only() -> None:
    for name in ("generic", "czech"):
        paid = -records(name).net_cents[:, Account.NEWER_CENTRES]
        assert paid.sum() > 0
        began = np.flatnonzero(paid.sum(axis=0))[0]
        assert began >= 12 * fact("window.low")
    assert not records("hungary").net_cents[:, Account.NEWER_CENTRES].any()


def test_running_costs_follow_what_the_centre_can_afford() -> None:
    """Poor runs spend a smaller part of what rich ones do than without a plan that is updated."""
    generic = PLANS["generic"]
    management = {k: v for k, v in generic.tree["management"].items() if k != "spending"}
    rigid = plan_from_tree({**generic.tree, "management": management}, "rigid")
    assert poor_to_rich(records("generic")) < 0.9 * poor_to_rich(simulated(rigid))


def poor_to_rich(found: Records) -> float:
    """Running costs of the fifth of runs with the least income over those of the richest fifth."""
    net = found.net_cents
    income = -net[:, Account.FEES :].sum(axis=(1, 2))
    costs = net[:, list(RUNNING)].sum(axis=(1, 2))
    ordered = np.argsort(income)
    fifth = len(ordered) // 5
    return float(costs[ordered[:fifth]].mean() / costs[ordered[-fifth:]].mean())
