"""Who asks, and the five steps of what is offered, summed by hand."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.full_centre import ECONOMY, NEVER, SAVINGS, asked_for, bare, traced
from tests.market import REPLICATIONS, asked, poisson_close
from tests.plans import changed, counted, run, service

# ------------------------------------------------------------------ who asks


def test_rivals_take_their_part_of_what_they_contest() -> None:
    visit = service(clients=asked_for(10))
    n = 10 * 24 * len(REPLICATIONS)
    alone = asked({"services.visit": visit})
    assert poisson_close(alone, n)
    rivals = {"at_start": 0.5, "at_most": 0.5, "trained_scale": 1}
    for contested, left in ((1.0, 0.5), (0.4, 0.8), (0.0, 1.0)):
        found = asked(
            {"services.visit": {**visit, "contested_share": contested}, "competition": rivals}
        )
        assert poisson_close(found, n * left)
        assert found <= alone
    gone = {"at_start": 1, "at_most": 1, "trained_scale": 1}
    assert asked({"services.visit": {**visit, "contested_share": 1}, "competition": gone}) == 0


def test_those_whom_the_centre_trained_become_rivals() -> None:
    # 12 courses a year with 10 people who all work as assessors, a tenth of whom set up for
    # themselves: at the end of month m there are m of them, and they take 1 - exp(-m / 12) of
    # demand.
    course = service(offered_year=12, participants=10, assessors_share=1)
    changes = {
        "services.course": {**course, "rivals_share": 0.1},
        "services.visit": service(clients=asked_for(10), contested_share=1),
        "competition": {"at_start": 0, "at_most": 1, "trained_scale": 12},
    }
    expected = sum(10 * math.exp(-month / 12) for month in range(24)) * len(REPLICATIONS)
    assert poisson_close(asked(changes), expected)
    # As many come of twice as many people, of whom half work in the field.
    changes["services.course"] = {
        **course,
        "participants": 20,
        "assessors_share": 0.5,
        "rivals_share": 0.1,
    }
    assert poisson_close(asked(changes), expected)
    # Nobody who takes part sets up, or nobody works in the field: nobody is lost.
    for nobody in ({"rivals_share": 0}, {"rivals_share": 0.1, "assessors_share": 0}):
        changes["services.course"] = {**course, **nobody}
        assert poisson_close(asked(changes), 10 * 24 * len(REPLICATIONS))


def test_people_and_their_days_are_counted_whole_and_none_is_lost() -> None:
    # A course a month of two and a half people for a quarter of a day.
    course = service(offered_year=12, participants=2.5, attended_days=0.25)
    record = run(bare({"services.course": course}))
    assert counted(record, "course.participants") == [2, 3] * 12
    days = counted(record, "course.person_days")
    assert sum(days) == 60 // 4
    assert set(days) == {0, 1}


def test_assessors_are_a_share_of_those_trained_and_bring_institutions() -> None:
    course = service(offered_year=12, participants=30, assessors_share=0.3, institutions_share=0.5)
    plan = bare({"services.course": course})
    records = [run(plan, replication=r) for r in REPLICATIONS]
    trained, assessors, institutions = (
        sum(sum(counted(record, f"course.{what}")) for record in records)
        for what in ("participants", "assessors", "institutions")
    )
    assert trained == 30 * 24 * len(REPLICATIONS)
    assert abs(assessors - 0.3 * trained) < 4 * math.sqrt(0.21 * trained)
    assert abs(institutions - 0.5 * assessors) < 4 * math.sqrt(0.25 * assessors)
    assert "visit.assessors" not in records[0].counted


def test_an_institution_tells_as_many_as_the_plan_says() -> None:
    """Ten assessors with an institution each, three clients by each: a course that reaches 30."""
    visit = service(clients=asked_for(10))
    segment = {"segments.firms.aware_at_start": 0.1}
    course = service(offered_year=12, participants=10, assessors_share=1, institutions_share=1)
    network = {"services.visit": visit, "services.course": course, **segment}
    telling = {**network, "market.institution_clients": 3}
    reaching = {**network, "services.course": {**course, "reaches_clients": 30}}
    assert asked(telling) == asked(reaching)
    assert asked(telling) > asked(network)


def test_in_a_recession_the_exposed_ask_less() -> None:
    # A recession that begins in the first months and does not end.
    deep = {
        **ECONOMY,
        "recessions_year": 12,
        "recession_months": 1e6,
        "recession_demand": 0.25,
    }
    last = slice(12, None)
    n = 10 * 12 * len(REPLICATIONS)
    for exposure, left in ((1.0, 0.25), (0.4, 0.7), (0.0, 1.0)):
        changes = {
            "services.visit": service(clients=asked_for(10), cycle_exposure=exposure),
            "economy": deep,
        }
        assert poisson_close(asked(changes, last), n * left)


def test_an_event_of_policy_brings_clients_from_its_month_on() -> None:
    changes = {
        "services.visit": service(clients=asked_for(10)),
        "events.signing": {"month": 12, "climate_gain": 0.5},
        "market.climate_effect": 2,
    }
    n = 10 * 12 * len(REPLICATIONS)
    # Half of the way to the best climate, under which three times as many ask: twice as many.
    assert poisson_close(asked(changes, slice(12)), n)
    assert poisson_close(asked(changes, slice(12, None)), 2 * n)
    # It wears off at a fifth a month: the integral of exp(-0.2 t) over a year is 4.546.
    changes["market.climate_fade_month"] = 0.2
    assert poisson_close(asked(changes, slice(12, None)), n + 10 * 4.546 * len(REPLICATIONS))


def test_adopted_advice_moves_the_climate() -> None:
    # Advice at the end of each month, a tenth of the way each time: after k of them 1 - 0.9 ** k.
    advice = service(offered_year=12, adoption_probability=1, climate_gain=0.1)
    changes = {
        "services.visit": service(clients=asked_for(10)),
        "services.advice": advice,
        "market.climate_effect": 1,
    }
    expected = sum(10 * (2 - 0.9**month) for month in range(24)) * len(REPLICATIONS)
    assert poisson_close(asked(changes), expected)
    changes["services.advice"] = {**advice, "adoption_probability": 0}
    assert poisson_close(asked(changes), 10 * 24 * len(REPLICATIONS))


def test_advice_is_adopted_as_often_as_stated() -> None:
    plan = bare({"services.visit": service(offered_year=600, adoption_probability=0.3)})
    record = run(plan)
    done, adopted = (sum(counted(record, f"visit.{what}")) for what in ("done", "adopted"))
    assert adopted / done == pytest.approx(0.3, abs=4 * math.sqrt(0.3 * 0.7 / done))


def test_a_government_considers_so_many_papers_a_year() -> None:
    # A paper a month, each adopted if it is considered: four of the first four; then 4 of the 5,
    # 6, ... 12 that were submitted in twelve months.
    advice = service(offered_year=12, adoption_probability=1, considered_year=4)
    found = np.array(
        [
            counted(run(bare({"services.visit": advice}), replication=r), "visit.adopted")
            for r in range(200)
        ]
    )
    assert (found.sum(axis=1) >= 4).all()
    papers = counted(run(bare({"services.visit": advice})), "visit.done")
    submitted = [sum(papers[max(month - 11, 0) : month + 1]) for month in range(24)]
    expected = [n * min(1, 4 / max(m, 1)) for n, m in zip(papers, submitted, strict=True)]
    assert found.mean(axis=0).sum() == pytest.approx(sum(expected), abs=0.5)
    # As many a year are adopted of twelve as of forty-eight.
    many = bare({"services.visit": {**advice, "offered_year": 48}})
    year = [sum(counted(run(many, replication=r), "visit.adopted")[12:]) for r in range(200)]
    assert np.mean(year) == pytest.approx(4, abs=0.6)
    # No limit: all of them are.
    del advice["considered_year"]
    assert counted(run(bare({"services.visit": advice})), "visit.adopted") == papers


def test_events_reach_the_unaware_and_what_is_forgotten_is_lost() -> None:
    # A seminar at each month's end tells 20 of 100 met at random: of those who know nothing yet
    # exp(-0.2) are left each time.
    changes = {
        "segments.firms.aware_at_start": 0,
        "services.visit": service(clients=asked_for(10)),
        "services.seminar": service(offered_year=12, reaches_clients=20),
    }
    runs = len(REPLICATIONS)
    expected = sum(10 * (1 - math.exp(-0.2 * month)) for month in range(24)) * runs
    assert poisson_close(asked(changes), expected)
    # Everyone knows it on the first day and forgets at 0.1 a month.
    changes = {
        "services.visit": service(clients=asked_for(10)),
        "market.awareness_fade_month": 0.1,
    }
    expected = 10 * (1 - math.exp(-2.4)) / 0.1 * runs
    assert poisson_close(asked(changes), expected)


def test_of_those_who_attend_a_stated_share_is_of_each_segment() -> None:
    # A seminar at each month's end is attended by 20: 4 of 100 firms, and of 400 offices the 16
    # that are left, or the stated 8. Offices do not ask: what they hear moves nothing.
    offices = {**bare().tree["segments"]["firms"], "potential_clients": 400}
    changes = {
        "segments.firms.aware_at_start": 0,
        "segments.offices": offices,
        "services.visit": service(clients=asked_for(10)),
        "services.seminar": service(offered_year=12, reaches_clients=20),
    }
    proportional = asked(changes)
    stated = {**changes, "segments.firms.attendance_share": 0.2}
    assert asked(stated) == proportional  # 100 of 500
    assert asked({**stated, "segments.offices.attendance_share": 0.4}) == proportional
    assert asked({**changes, "segments.offices.attendance_share": 0.8}) == proportional
    runs = len(REPLICATIONS)
    for share in (0.0, 0.5, 1.0):
        left = math.exp(-0.2 * share)
        expected = sum(10 * (1 - left**month) for month in range(24)) * runs
        found = {**changes, "segments.firms.attendance_share": share}
        assert poisson_close(asked(found), expected)
        # Not moved by how many offices there are, or by there being any.
        assert asked({**found, "segments.offices.potential_clients": 40_000}) == asked(found)
        del found["segments.offices"]
        assert asked(found) == asked({**changes, "segments.firms.attendance_share": share})


def test_satisfied_clients_tell_their_own_segment_only() -> None:
    group = {
        "potential_clients": 100,
        "aware_at_start": 0.1,
        "aware_at_most": 1,
        "payment_delay_months": 0,
        "bad_debt_probability": 0,
        "patience_months": NEVER,
    }
    demand = asked_for(20)["firms"]
    plan = bare(
        {
            "segments.firms.aware_at_start": 0.1,
            "segments.offices": group,
            "services.visit": service(clients={"firms": demand}),
            "services.lesson": service(clients={"offices": demand}),
            "market.word_of_mouth_clients": 5,
        }
    )
    silent = changed(plan, {"services.visit.clients": {}})
    for replication in range(5):
        record = run(plan, replication=replication)
        # Whether firms are served is nothing to offices, who are told by their own.
        assert counted(record, "lesson.asked") == counted(
            run(silent, replication=replication), "lesson.asked"
        )
        assert sum(counted(record, "lesson.asked")) > 100
        quiet = changed(plan, {"market.word_of_mouth_clients": 0})
        assert sum(counted(run(quiet, replication=replication), "lesson.asked")) < 100


TOLD: dict[str, Any] = {
    "segments.firms.aware_at_start": 0.1,
    "services.visit": service(project=True, finds_options=True, clients=asked_for(20)),
    "savings": {**SAVINGS, "options_mean": 2},
    "market.word_of_mouth_clients": 5,
}
"""A tenth of the firms knows the centre at first; those that it visited tell of it."""


def test_half_a_contact_tells_as_a_full_one_with_half_the_word_of_mouth() -> None:
    half = bare({**TOLD, "services.visit.contact_share": 0.5})
    few = bare({**TOLD, "market.word_of_mouth_clients": 2.5})
    for replication in range(5):
        asked = counted(run(half, replication=replication), "visit.asked")
        assert asked == counted(run(few, replication=replication), "visit.asked")
        assert (
            0 < sum(asked) < sum(counted(run(bare(TOLD), replication=replication), "visit.asked"))
        )


def test_what_is_no_contact_is_not_told_of() -> None:
    none = run(bare({**TOLD, "services.visit.contact_share": 0}))
    quiet = run(bare({**TOLD, "market.word_of_mouth_clients": 0}))
    assert counted(none, "visit.asked") == counted(quiet, "visit.asked")


def test_clients_tell_of_what_they_gained() -> None:
    # One client in 1,000 finds an option: the others have nothing to tell.
    poor = {**TOLD, "savings.options_mean": 0.001, "market.word_of_mouth_by_gain": 1}
    quiet = {**TOLD, "savings.options_mean": 0.001, "market.word_of_mouth_clients": 0}
    assert counted(run(bare(poor)), "visit.asked") == counted(run(bare(quiet)), "visit.asked")
    half = {**poor, "market.word_of_mouth_by_gain": 0.5}
    few = {**quiet, "market.word_of_mouth_clients": 2.5}
    assert counted(run(bare(half)), "visit.asked") == counted(run(bare(few)), "visit.asked")
    # Where nothing can be gained, all is told.
    without_gain = {**poor, "savings.options_mean": 0}
    told = {**without_gain, "market.word_of_mouth_by_gain": 0}
    assert counted(run(bare(without_gain)), "visit.asked") == counted(
        run(bare(told)), "visit.asked"
    )


def test_clients_tell_the_more_the_more_they_gained_of_what_is_usual() -> None:
    # Two options of 1,200 a year in the mean.
    terms = {"usual_year": 2400, "elasticity": 0, "report_share": 0.1}
    gain = {**TOLD, "market.word_of_mouth_by_gain": 1}
    stated = {**gain, "savings.expected": terms}
    asked = counted(run(bare(gain)), "visit.asked")
    assert counted(run(bare(stated)), "visit.asked") == asked
    twice = {**stated, "savings.utility_prices": 2}
    many = {**gain, "market.word_of_mouth_clients": 10}
    told = counted(run(bare(twice)), "visit.asked")
    assert told == counted(run(bare(many)), "visit.asked")
    assert sum(told) > sum(asked)


def test_a_client_takes_its_time_to_decide() -> None:
    told = traced(
        bare({"services.visit": service(clients=asked_for(2)), "market.decision_months": 1.5})
    )
    asked_at = [time for time, what in told if what.endswith("asked for")]
    done_at = [time for time, what in told if what.endswith(" done")]
    assert done_at == pytest.approx([time + 1.5 for time in asked_at[: len(done_at)]])
    assert len(done_at) > 20


# ------------------------------------------------------------------ the five steps


def test_what_is_offered_by_step_is_held_in_that_step() -> None:
    # Two years a step: 12, 24, 0, 6 and 3 a year.
    plan = bare(
        {
            "declaration.step_months": 24,
            "services.visit": service(offered_by_step=[12, 24, 0, 6, 3]),
            "horizon.judged_month": 144,
        }
    )
    found = counted(run(plan), "visit.done")
    # The first falls at the end of month 0 and the last of a step at its end: the fifth goes on.
    ends = [0, 24, 48, 72, 96, 144]
    steps = [sum(found[a:b]) for a, b in pairwise(ends)]
    assert steps == [24, 48, 0, 12, 12]
    assert set(found[:24]) == {1}
    assert set(found[24:48]) == {2}


def test_steps_take_the_place_of_what_is_offered_a_year() -> None:
    steps = {"offered_by_step": [12] * 5, "offered_year": 600}
    plan = bare({"declaration.step_months": 24, "services.visit": service(**steps)})
    assert counted(run(plan), "visit.done") == [1] * 24
