"""The compiled engine gives what the reference gives, to the cent, whatever the plan.

`python benchmarks/identity.py` compares tens of thousands of runs; these are the suite's share.
"""

import pytest

from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.experiment.selftest import compare_plan, differences
from ncpcsim.experiment.tables import tables_for
from ncpcsim.faults import Fault, RunError
from ncpcsim.model.streams import Streams
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import load_plan
from ncpcsim.reference.assembly import simulate
from tests.generated_plans import KINDS, generated
from tests.plans import bare_plan, changed, run


@pytest.mark.parametrize("name", list(shipped_plans()))
def test_both_engines_give_the_same_for_shipped_plans(name: str) -> None:
    found = compare_plan(with_parameters(load_plan(name)), 1, 3)
    assert found.first_difference is None
    assert found.equal == found.runs == 3


@pytest.mark.parametrize(
    "changes",
    [
        # Many candidates, hardly any awareness at first: more are set aside than there is room for.
        {"segments.sme.aware_at_start": 0, "services.training.clients.sme.asks_year": 1.0},
        # All are within reach from the first day on.
        {"segments.sme.aware_at_start": 0.9, "market.climate_effect": 0},
        # The climate alone brings them back.
        {"market.climate_effect": 9, "services.policy_advice.climate_gain": 0.9},
    ],
    ids=["aside", "within reach", "climate"],
)
def test_candidates_that_are_set_aside_are_those_that_would_be_rejected(
    changes: dict[str, float],
) -> None:
    found = compare_plan(changed(load_plan("generic"), changes), 1, 3)
    assert found.first_difference is None
    assert found.equal == found.runs == 3


def same(kind: str, first: int, plans: int) -> None:
    paid_late = 0
    for number in range(first, first + plans):
        found = compare_plan(generated(kind, number), number, 1)
        assert found.first_difference is None, f"{kind} {number}: {found.first_difference}"
        paid_late += found.paid_late
    assert paid_late > 0 or kind != "hard_up"


@pytest.mark.parametrize("first", [0, 10])
@pytest.mark.parametrize("kind", KINDS)
def test_both_engines_give_the_same_for_generated_plans(kind: str, first: int) -> None:
    same(kind, first, 10)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1000, 1600, 100))
@pytest.mark.parametrize("kind", KINDS)
def test_both_engines_give_the_same_for_many_generated_plans(kind: str, first: int) -> None:
    same(kind, first, 100)


def test_an_amount_too_large_stops_a_run_in_both_engines_in_the_same_words() -> None:
    # A thousand people at a million million dollars a month each: more than there can be.
    plan = bare_plan({"posts.expert.salary_month": 1e12, "posts.expert.people": 1000})
    found = compare_plan(plan, 1, 2)
    assert (found.runs, found.equal, found.failed) == (2, 2, 2)
    with pytest.raises(RunError, match="negative or above 90,071") as error:
        run(plan)
    assert error.value.fault is Fault.MONEY


def test_a_difference_is_found_and_said_with_month_and_account() -> None:
    one = bare_plan({"costs.overhead_month": 10})
    two = changed(one, {"costs.overhead_month": 11})
    records = [simulate(tables_for(plan), Streams(1, 0)) for plan in (one, two)]
    lines = list(differences(*records))
    assert lines[0] == "month 0, cents of cash: -1000 in the reference, -1100 compiled"
    assert any("overhead" in line for line in lines)
    failed = RunError(Fault.MONEY)
    assert list(differences(failed, RunError(Fault.MONEY))) == []
    (line,) = differences(failed, records[0])
    assert line.startswith("ends (an amount or a balance")
