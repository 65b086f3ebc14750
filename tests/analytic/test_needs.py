"""Running costs that people need for their work: hand-summed."""

from typing import Any

import pytest

from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import PlanError
from tests.full_centre import ECONOMY, MANAGEMENT
from tests.plans import HOST, bare_plan, by_month, counted, post, run, service

NEEDS = {"person_month": 100, "lost_share": 0.5}


def needy(changes: dict[str, Any] | None = None) -> Plan:
    """One person who holds a visit of one day at each month's end, and needs 100 a month."""
    held = {"services.visit": service(staff_days=1, offered_year=12), "costs.needs": NEEDS}
    return bare_plan(
        {"horizon.judged_month": 12, "opening.cash": 50_000, **held, **(changes or {})}
    )


def hours(changes: dict[str, Any]) -> list[int]:
    """Hours of a visit of eight, from the second month on, when the first costs are paid."""
    found = counted(run(needy(changes)), "visit.staff_hours")
    return [h for h in found if h][2:-1]


@pytest.mark.parametrize(
    ("spent", "a_visit"),
    # 8 / (1 - 0.5 x (1 - met)): nothing, half, all, and more than all is met.
    [({}, 16), ({"travel": 50}, 11), ({"travel": 40, "overhead": 60}, 8), ({"materials": 900}, 8)],
)
def test_what_is_not_spent_is_lost_of_the_time(spent: dict[str, int], a_visit: int) -> None:
    found = hours({f"costs.{line}_month": amount for line, amount in spent.items()})
    assert found
    assert set(found) == {a_visit}


def test_the_rent_meets_no_need_and_more_people_need_more() -> None:
    assert set(hours({"costs.premises_month": 900})) == {16}
    two = {"posts.other": post(), "costs.miscellaneous_month": 100}
    assert set(hours(two)) == {11}


def test_needs_are_at_first_day_prices() -> None:
    economy = {**ECONOMY, "inflation_year": 0.5}
    assert set(hours({"economy": economy, "costs.overhead_month": 100})) == {8}


def test_what_the_host_bears_counts_as_spent() -> None:
    host = {**HOST, "logistics_share": 1}
    assert set(hours({"host": host, "costs.overhead_month": 100})) == {8}
    assert set(hours({"host": {**host, "delivered_share": 0.5}, "costs.overhead_month": 50})) == {
        11
    }


def test_what_begins_later_is_missed_until_then() -> None:
    found = hours({"costs.from_month": 6, "costs.travel_month": 100})
    assert (found[0], found[-1]) == (16, 8)


def test_a_director_spends_more_where_it_is_needed_and_not_beyond() -> None:
    spending = {"least_share": 1, "most_share": 8}
    changes = {"management": {**MANAGEMENT, "spending": spending}, "costs.travel_month": 50}
    travel = by_month(run(needy(changes)), "travel")
    assert travel[0] == 50_00
    # Rich enough for eight times the plan; one person needs twice.
    assert set(travel[1:12]) == {100_00}
    changes["costs.travel_month"] = 120
    assert set(by_month(run(needy(changes)), "travel")[:12]) == {120_00}


@pytest.mark.parametrize("wrong", [{"lost_share": 1}, {"lost_share": -0.1}, {"person_month": -1}])
def test_needs_out_of_bounds_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(PlanError, match=r"costs\.needs"):
        needy({"costs.needs": {**NEEDS, **wrong}})
