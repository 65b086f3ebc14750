"""Results set against the book: verdicts and distances, on tables made by hand."""

import math
from collections.abc import Callable, Mapping
from dataclasses import astuple
from functools import cache
from typing import TYPE_CHECKING

import pytest

from ncpcsim.answers.check import Row, check
from ncpcsim.answers.sustainability import Band
from ncpcsim.experiment.batch import frame, run_batch
from ncpcsim.experiment.run import Value, columns
from ncpcsim.plan.load import Plan, load_plan
from tests.full_centre import asked_for, bare, lean, without
from tests.plans import changed, service

if TYPE_CHECKING:
    import pandas as pd

RUNS = 5
GOOD: Mapping[str, Value] = {
    "error": None,
    "sustained": False,
    "insolvent_month": None,
    # Seven years, from 1996 on: rising through the five of the window, 20 % and then 50 % in them.
    **{f"coverage.fee.{1996 + i}": x for i, x in enumerate((0.1, 0.2, 0.5, 0.7, 0.9, 0.8, 0.9))},
    "indicator.first_covered_month": 60,
    # Over 84 months: 15 assessments, 120 people trained and 1,000 reached a year.
    "total.assessment.done": 15 * 7,
    "total.training.participants": 120 * 7,
    "total.awareness.participants": 1000 * 7,
    "total.investment_proposal.done": 20,
    "total.investment_proposal.financed": 12,
    "total.options.good_housekeeping.found": 40,
    "total.options.process_control.found": 60,
    "total.options.good_housekeeping.implemented": 34,
    "total.options.process_control.implemented": 30,
    "total.clients.relapsed": 50,
}
"""A run that agrees with the book in everything that is read from the plan's own runs."""
VARIANTS: Mapping[str, Mapping[str, Value]] = {
    "generic": GOOD,
    "small firms alone": GOOD,
    "host in default": {**GOOD, "indicator.first_covered_month": 72},
    "no policy climate": GOOD,
}
NAMES = [
    "fees_year_one",
    "fees_rise",
    "five_years",
    "mexico_coverage",
    "staff_range",
    "assessments_per_year",
    "trained_per_year",
    "awareness_people",
    "options_implemented",
    "investment_success",
    "sme_alone",
    "host_failure_delays",
    "relapse_without_policy",
]


@cache
def generic() -> Plan:
    return load_plan("generic")


def table(plan: Plan, row: Mapping[str, Value]) -> "pd.DataFrame":
    """A batch of equal runs; counts that the row does not name are zero."""
    zero = dict.fromkeys((k for k in columns(plan) if k.startswith("total.")), 0)
    return frame(plan, [{**zero, **row, "replication": r} for r in range(RUNS)])


def simulator(
    changes: Mapping[str, Mapping[str, Value]] | None = None,
) -> Callable[[Plan], "pd.DataFrame"]:
    """Something that gives each variant its table, the changes of some included."""
    return lambda plan: table(plan, {**VARIANTS[plan.name], **(changes or {}).get(plan.name, {})})


def rows(changes: Mapping[str, Mapping[str, Value]] | None = None) -> dict[str, Row]:
    return {row.name: row for row in check(generic(), simulator(changes))}


# ------------------------------------------------------------------ verdicts


def test_a_world_like_the_book_s_holds_in_every_row() -> None:
    found = rows()
    assert list(found) == NAMES
    assert [name for name, row in found.items() if not row.holds] == []
    assert {row.distance for row in found.values()} == {0}
    medians = {name: row.found.p50 for name, row in found.items()}
    assert medians == pytest.approx(
        {
            "fees_year_one": 0.1,
            "fees_rise": 1,
            "five_years": 60,
            "mexico_coverage": 0.5,
            "staff_range": 7,
            "assessments_per_year": 15,
            "trained_per_year": 120,
            "awareness_people": 1000,
            # 64 of 100 options; 12 of 20 applications.
            "options_implemented": 0.64,
            "investment_success": 0.6,
            "sme_alone": 0,
            "host_failure_delays": 12,
            # 50 of the 105 clients assessed.
            "relapse_without_policy": 50 / 105,
        }
    )


OUTSIDE: list[tuple[str, str, dict[str, Value], float]] = [
    ("fees_year_one", "generic", {"coverage.fee.1996": 0.35}, 0.15),
    # Of four steps two go down: half of the years instead of three quarters.
    ("fees_rise", "generic", {"coverage.fee.1997": 0.05, "coverage.fee.2000": 0.1}, 0.25),
    ("five_years", "generic", {"indicator.first_covered_month": 40}, 8),
    # Never, which counts as the last month: 84.
    ("five_years", "generic", {"indicator.first_covered_month": None}, 12),
    ("mexico_coverage", "generic", {"coverage.fee.1998": 0.7}, 0.1),
    ("assessments_per_year", "generic", {"total.assessment.done": 28 * 7}, 2),
    ("trained_per_year", "generic", {"total.training.participants": 70 * 7}, 5),
    ("awareness_people", "generic", {"total.awareness.participants": 160 * 7}, 7),
    (
        "options_implemented",
        "generic",
        {"total.options.process_control.implemented": 15},
        0.59 - 0.49,
    ),
    ("investment_success", "generic", {"total.investment_proposal.financed": 2}, 0.35),
    ("sme_alone", "small firms alone", {"sustained": True}, 0.95),
    ("host_failure_delays", "host in default", {"indicator.first_covered_month": 60}, 1),
    ("relapse_without_policy", "no policy climate", {"total.clients.relapsed": 84}, 0.2),
    ("relapse_without_policy", "no policy climate", {"total.clients.relapsed": 0}, 0.4),
]


@pytest.mark.parametrize(("name", "variant", "change", "distance"), OUTSIDE)
def test_a_row_that_fails_stays_with_its_distance(
    name: str, variant: str, change: dict[str, Value], distance: float
) -> None:
    found = rows({variant: change})
    assert list(found) == NAMES
    assert not found[name].holds
    assert found[name].distance == pytest.approx(distance)


@pytest.mark.parametrize(
    ("p50", "distance"), [(0.4, 0), (0.5, 0), (0.6, 0), (0.39, 0.01), (0.7, 0.1)]
)
def test_the_ends_of_a_range_belong_to_it(p50: float, distance: float) -> None:
    row = Row("it", "so it is", 0.4, 0.6, Band(0, p50, 1), "share")
    assert row.distance == pytest.approx(distance)
    assert row.holds == (distance == 0)


def test_nothing_to_compare_is_no_agreement() -> None:
    row = Row("it", "so it is", 0, 1, Band(math.nan, math.nan, math.nan), "share")
    assert math.isnan(row.distance)
    assert not row.holds
    found = rows({"generic": {"total.investment_proposal.done": 0}})
    assert not found["investment_success"].holds
    assert math.isnan(found["investment_success"].distance)


# ------------------------------------------------------------------ which runs count


def with_others(plan: Plan, other: Mapping[str, Value], number: int) -> "pd.DataFrame":
    import pandas as pd

    normal = table(plan, VARIANTS[plan.name])
    more = table(plan, {**VARIANTS[plan.name], **other})
    return pd.concat([normal, *[more] * number], ignore_index=True)


def test_runs_that_failed_count_nowhere() -> None:
    broken: dict[str, Value] = {
        "error": "ValueError: no",
        "total.assessment.done": 10**6,
        "coverage.fee.1996": 9.0,
    }
    found = check(generic(), lambda plan: with_others(plan, broken, 3))
    assert found == check(generic(), simulator())


def test_activity_is_that_of_centres_still_open_and_money_that_of_all() -> None:
    closed: dict[str, Value] = {
        "insolvent_month": 30,
        "total.assessment.done": 0,
        "coverage.fee.1996": 0.0,
        "indicator.first_covered_month": None,
    }
    found = {row.name: row for row in check(generic(), lambda p: with_others(p, closed, 2))}
    assert found["assessments_per_year"].found.p50 == pytest.approx(15)
    assert found["fees_year_one"].found.p50 == 0
    assert found["five_years"].found.p50 == 84


def test_the_median_is_judged_and_the_band_is_shown() -> None:
    def simulate(plan: Plan) -> "pd.DataFrame":
        runs = table(plan, VARIANTS[plan.name])
        runs["total.assessment.done"] = [0, 7 * 5, 7 * 12, 7 * 30, 7 * 100]
        return runs

    row = {row.name: row for row in check(generic(), simulate)}["assessments_per_year"]
    assert row.holds
    assert astuple(row.found) == pytest.approx((1, 12, 86))


# ------------------------------------------------------------------ the variants


def test_each_variant_is_the_plan_but_for_one_thing() -> None:
    asked: dict[str, Plan] = {}

    def simulate(plan: Plan) -> "pd.DataFrame":
        asked[plan.name] = plan
        return table(plan, VARIANTS[plan.name])

    check(generic(), simulate)
    assert list(asked) == list(VARIANTS)
    numbers = generic().numbers
    small = asked["small firms alone"].numbers
    assert {s for service in small.services.values() for s in service.clients} == {"sme"}
    assert (
        small.services["assessment"].clients["sme"] == numbers.services["assessment"].clients["sme"]
    )
    assert small.model_copy(update={"services": numbers.services}) == numbers
    alone = asked["host in default"].numbers
    assert alone.host is not None
    assert alone.host.delivered_share == 0.2
    assert alone.model_copy(update={"host": numbers.host}) == numbers
    bare_of_policy = asked["no policy climate"].numbers
    assert not bare_of_policy.events
    assert {service.climate_gain for service in bare_of_policy.services.values()} == {0}
    same = {"services": numbers.services, "events": numbers.events}
    assert bare_of_policy.model_copy(update=same) == numbers


def test_only_what_a_plan_has_is_compared() -> None:
    plan = bare({"services.visit": service(clients=asked_for(1))})
    names = [row.name for row in check(plan, lambda p: run_batch(p, 3, detail=True))]
    assert names == [
        "fees_year_one",
        "fees_rise",
        "five_years",
        "mexico_coverage",
        "staff_range",
    ]


def test_small_firms_alone_are_no_variant_where_there_are_none() -> None:
    plan = bare({"services.visit": service(clients=asked_for(1))})
    names = [row.name for row in check(plan, lambda p: run_batch(p, 3, detail=True))]
    assert "sme_alone" not in names


def test_a_plan_for_small_firms_is_not_compared_with_itself() -> None:
    plan = changed(
        lean(),
        {
            f"services.{name}.clients": {
                key: value
                for key, value in lean().tree["services"][name]["clients"].items()
                if key == "sme"
            }
            for name in lean().numbers.services
        },
    )
    names = [row.name for row in check(plan, lambda p: table(p, {"sustained": False}))]
    assert "sme_alone" not in names


def test_a_plan_without_a_host_or_savings_has_no_such_rows() -> None:
    def names(plan: Plan) -> list[str]:
        return [row.name for row in check(plan, lambda p: table(p, {"sustained": False}))]

    found = names(without(lean(), "savings"))
    assert {"options_implemented", "relapse_without_policy"}.isdisjoint(found)
    assert "host_failure_delays" in found
    paid = {f"posts.{p}.payer": "centre" for p in ("deputy", "technical_seconded", "support")}
    assert "host_failure_delays" not in names(without(changed(lean(), paid), "host"))


def test_a_variant_whose_runs_all_failed_leaves_nothing_to_compare() -> None:
    found = rows({"small firms alone": {"error": "ValueError: no"}})
    assert math.isnan(found["sme_alone"].distance)


def test_a_real_batch_can_be_checked() -> None:
    found = check(generic(), lambda plan: run_batch(plan, 20, detail=True))
    assert [row.name for row in found] == NAMES
    assert not any(math.isnan(row.distance) for row in found)
