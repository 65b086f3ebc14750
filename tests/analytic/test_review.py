"""The donor's review of results, summed by hand."""

from typing import Any

import pytest

from tests.full_centre import CREDIBILITY, SAVINGS, bare, moments, traced
from tests.funders import REPLICATIONS, received
from tests.plans import by_month, changed, grant, run, service

SHARED = {
    "giver": "programme",
    "terms": "discretionary",
    "programme_share": 1,
    "delay_months": 0,
    "spend_months": 1,
}
REVIEW = {
    "month": 12,
    "planned_assessments_year": 3,
    "asked_coverage": 0.5,
    "asked_credibility": 0.5,
    "cut_share": 0.6,
    "added_share": 0.3,
}
SUPPORT = {"months": 24, "amount_total": 2400, "interval_months": 6, "shape": "even"}


def reviewed(**review: Any) -> dict[str, Any]:
    """Four tranches of 600, and a review after the second; nothing is done, earned or spent."""
    return {
        "programme": {**SUPPORT, "review": {**REVIEW, **review}},
        "grants.core": SHARED,
        "services.visit": service(project=True, finds_options=True),
        "savings": SAVINGS,
        "horizon.judged_month": 36,
    }


def paid(changes: dict[str, Any]) -> list[int]:
    return by_month(run(bare(changes)), "programme_discretionary")


def test_without_results_but_a_name_a_part_of_the_rest_is_cut() -> None:
    # Full credibility is twice what is asked for, no coverage, no assessment: 2 / 3 of the plan.
    # Of 0.6 a third is cut: 0.8 of 600 is paid; the tranche of the review's own month stays whole.
    due = {0: 600_00, 6: 600_00, 12: 600_00, 18: 480_00}
    assert paid(reviewed()) == received(due, 36)


def test_better_results_bring_more() -> None:
    # Twelve assessments a year are more than twice those planned: 4 / 3 of the plan, and of 0.3 a
    # third is added.
    active = {**reviewed(), "services.visit.offered_year": 12}
    assert paid(active) == received({0: 600_00, 6: 600_00, 12: 600_00, 18: 660_00}, 36)
    # A year's costs of 1,200, of which 600 are earned: as much as is asked for, 5 / 3 in all.
    earning = {
        **active,
        "costs.overhead_month": 100,
        "grants.city": grant({5: 600}, giver="domestic_public"),
    }
    assert paid(earning) == received({0: 600_00, 6: 600_00, 12: 600_00, 18: 720_00}, 36)


def test_a_centre_without_any_result_loses_all_that_may_be_cut() -> None:
    nobody = {**reviewed(), "credibility": {**CREDIBILITY, "at_start": 0}}
    assert paid(nobody) == received({0: 600_00, 6: 600_00, 12: 600_00, 18: 240_00}, 36)


def test_what_was_due_before_the_review_and_is_late_is_not_cut() -> None:
    late = {**reviewed(), "grants.core": {**SHARED, "delay_months": 6}}
    for replication in range(10):
        money = by_month(run(bare(late), replication=replication), "programme_discretionary")
        whole = [-cents for cents in money if cents]
        assert sum(whole) in {1800_00, 2280_00}


def test_an_extension_is_decided_by_itself() -> None:
    extension = {"credibility": 0.5, "probability": 1, "months": 6, "amount": 1000}
    extended = {**reviewed(), "grants.core": {**SHARED, "extension": extension}}
    due = {0: 600_00, 6: 600_00, 12: 600_00, 18: 480_00, 24: 1000_00}
    assert paid(extended) == received(due, 36)


@pytest.mark.parametrize(("offered", "granted"), [(12, 1), (0, 0.5)])
def test_a_second_phase_is_granted_by_results(offered: int, granted: float) -> None:
    # 4 / 3 of the plan and 2 / 3 of it, at 0.75.
    plan = bare(
        {
            **reviewed(second_phase_probability=0.75),
            "services.visit.offered_year": offered,
            "grants.later": {**SHARED, "phase": 2},
            "programme.second_phase": {"gap_months": 6, "months": 6, "amount_total": 500},
        }
    )
    phases = []
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        money = by_month(record, "programme_discretionary")
        assert money[30] in {0, -500_00}
        phases.append(money[30] != 0)
        assert not any(money[31:])
    assert sum(phases) / len(phases) == pytest.approx(granted, abs=0.25 if granted < 1 else 0)
    assert moments(traced(plan), "review: results") == [12]
    without = changed(plan, {"programme.review.second_phase_probability": 0})
    assert not any(by_month(run(without), "programme_discretionary")[30:])
