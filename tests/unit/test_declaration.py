"""What a centre planned and did for the Declaration's principles, by step."""

import numpy as np
import pytest

from ncpcsim.measures.declaration import delivered, planned, serving
from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import PlanError
from tests.full_centre import asked_for, bare
from tests.plans import counted, run, service

AWARENESS = "awareness_education_training"


def plan(months: int = 72, step_months: int = 12) -> Plan:
    """Seminars by step, advice by year, visits on demand, and printing for no principle."""
    return bare(
        {
            "horizon.judged_month": months,
            "declaration.step_months": step_months,
            "services.seminar": service(
                principle=AWARENESS, offered_by_step=[24, 12, 6, 0, 3], clients={}
            ),
            "services.advice": service(principle="leadership", offered_year=4, clients={}),
            "services.visit": service(principle="implementation", clients=asked_for(3)),
            "services.printing": service(offered_year=100, clients={}),
        }
    )


def test_only_services_for_a_principle_are_counted_in_the_plan_s_order() -> None:
    assert serving(plan().numbers) == ["visit", "seminar", "advice"]


def test_what_is_planned_follows_steps_and_goes_on_in_the_last() -> None:
    # Six years in steps of one: the fifth step is two years long. What clients ask is no plan.
    assert planned(plan().numbers) == pytest.approx(
        np.array([[0, 0, 0, 0, 0], [24, 12, 6, 0, 6], [4, 4, 4, 4, 8]])
    )


def test_steps_of_any_length_are_computed_by_month() -> None:
    # Steps of four months: 24, 12, 6, 0 and 3 a year are 8, 4, 2, 0 and then 56 / 4 in 56 months.
    assert planned(plan(step_months=4).numbers)[1] == pytest.approx([8, 4, 2, 0, 14])


def test_a_run_that_ends_before_the_horizon_leaves_steps_empty() -> None:
    assert planned(plan(months=18).numbers) == pytest.approx(
        np.array([[0, 0, 0, 0, 0], [24, 6, 0, 0, 0], [4, 2, 0, 0, 0]])
    )


def test_without_a_declaration_a_step_is_a_year() -> None:
    bare_services = {
        "services.visit": service(principle="implementation", offered_year=6),
        "horizon.judged_month": 72,
    }
    assert planned(bare(bare_services).numbers) == pytest.approx(np.array([[6, 6, 6, 6, 12]]))


def test_what_was_done_is_counted_in_the_step_of_its_month() -> None:
    counts = np.zeros((4, 72), dtype=np.int64)
    counts[0] = 1
    counts[1, [0, 11, 12, 47, 48, 71]] = [1, 2, 4, 8, 16, 32]
    names = ("seminar.done", "visit.done", "advice.done", "printing.done")
    none = np.zeros(72, dtype=np.int64)
    record = Record(
        (), np.zeros((0, 72), dtype=np.int64), none, none, none[:0], names, counts, None
    )
    assert delivered(record, plan().numbers).tolist() == [
        [3, 4, 0, 8, 48],
        [12, 12, 12, 12, 24],
        [0, 0, 0, 0, 0],
    ]


def test_a_centre_with_time_for_everything_delivers_what_it_planned() -> None:
    six_years = plan()
    record = run(six_years)
    visits, seminars, advice = delivered(record, six_years.numbers).tolist()
    assert seminars == [24, 12, 6, 0, 6]
    assert advice == [4, 4, 4, 4, 8]
    # Visits are what clients asked for.
    assert sum(visits) == sum(counted(record, "visit.done")) > 100
    assert visits[0] == sum(counted(record, "visit.done")[:12])


def test_a_centre_without_staff_delivers_nothing() -> None:
    six_years = plan().variant({"posts.expert.from_month": 72})
    assert delivered(run(six_years), six_years.numbers).sum() == 0
    assert planned(six_years.numbers).sum() > 0


def test_steps_need_a_length() -> None:
    with pytest.raises(PlanError, match="needs the length of a step"):
        bare({"services.seminar": service(offered_by_step=[1, 1, 1, 1, 1])})


@pytest.mark.parametrize("steps", [[1, 1, 1, 1], [1] * 6])
def test_there_are_five_steps(steps: list[int]) -> None:
    with pytest.raises(PlanError, match="offered_by_step"):
        bare({"declaration.step_months": 12, "services.visit": service(offered_by_step=steps)})
