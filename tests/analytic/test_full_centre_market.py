"""Clients of a bare centre: what they ask, pay and gain, against figures known beforehand."""

import math
from itertools import pairwise
from typing import Any

import pytest

from ncpcsim.plan.problems import PlanError
from tests.full_centre import ECONOMY, NEVER, SAVINGS, STANDING, asked_for, bare, traced
from tests.plans import by_month, changed, counted, grant, run, service, total

REPLICATIONS = range(20)


def shifted(months: list[int], by: int) -> list[int]:
    """A monthly series, later by some months."""
    return [*[0] * by, *months[: len(months) - by]]


def poisson_close(found: int, expected: float) -> bool:
    """Whether a number is within four standard errors of a Poisson mean."""
    return abs(found - expected) <= 4 * math.sqrt(expected)


def asked(changes: dict[str, Any], months: slice = slice(None)) -> int:
    """Enquiries for "visit" in some months of all replications."""
    plan = bare(changes)
    return sum(sum(counted(run(plan, replication=r), "visit.asked")[months]) for r in REPLICATIONS)


# ------------------------------------------------------------------ paying


def test_everyone_pays_the_price_and_the_fee_of_every_participant() -> None:
    clients = asked_for(4, 50, participation_fee=7.5)
    record = run(bare({"services.visit": service(participants=12, clients=clients)}))
    visits = counted(record, "visit.done")
    assert by_month(record, "fees_visit") == [-140_00 * n for n in visits]
    assert counted(record, "visit.participants") == [12 * n for n in visits]


def test_participants_fees_are_part_of_what_a_client_weighs() -> None:
    clients = {**asked_for(4, 50, participation_fee=5)["firms"], "willingness": 100}
    plan = bare({"services.visit": service(participants=12, clients={"firms": clients})})
    record = run(plan)
    assert counted(record, "visit.declined") == counted(record, "visit.asked")
    ten = run(changed(plan, {"services.visit.participants": 10}))
    assert sum(counted(ten, "visit.declined")) == 0


def test_nobody_pays_before_the_centre_has_made_its_name() -> None:
    plan = bare(
        {"market.charge_from_month": 6, "services.visit": service(clients=asked_for(4, 100))}
    )
    record = run(plan)
    visits = counted(record, "visit.done")
    assert sum(visits[:6]) > 10
    assert by_month(record, "fees_visit") == [0] * 6 + [-100_00 * n for n in visits[6:]]


@pytest.mark.parametrize("own", [2, 9])
def test_a_service_may_be_charged_for_sooner_or_later_than_the_others(own: int) -> None:
    visit = service(clients=asked_for(4, 100))
    plan = bare(
        {
            "market.charge_from_month": 6,
            "services.visit": {**visit, "charge_from_month": own},
            "services.audit": visit,
        }
    )
    record = run(plan)
    for name, begins in (("visit", own), ("audit", 6)):
        done = counted(record, f"{name}.done")
        assert by_month(record, f"fees_{name}") == [0] * begins + [
            -100_00 * n for n in done[begins:]
        ]


def test_bad_debts_are_written_off_after_the_stated_months() -> None:
    plan = bare(
        {
            "services.visit": service(clients=asked_for(4, 100)),
            "segments.firms.bad_debt_probability": 1,
            "market.write_off_months": 7,
        }
    )
    record = run(plan)
    invoiced = [-cents for cents in by_month(record, "fees_visit")]
    assert by_month(record, "bad_debts") == shifted(invoiced, 7)
    assert total(record, "cash") == 0


def test_the_stated_part_of_invoices_is_never_paid() -> None:
    changes = {
        "services.visit": service(clients=asked_for(30, 100)),
        "segments.firms.bad_debt_probability": 0.2,
        "market.write_off_months": 0,
    }
    bad = good = 0
    for replication in REPLICATIONS:
        record = run(bare(changes), replication=replication)
        bad += total(record, "bad_debts") // 100_00
        good += total(record, "cash") // 100_00
    n = bad + good
    assert bad / n == pytest.approx(0.2, abs=4 * math.sqrt(0.2 * 0.8 / n))


def test_a_client_that_fails_in_mid_project_has_cost_half_the_work_and_pays_nothing() -> None:
    # Ten days of 20 a month, all by an outside expert at 50 a day: five are done and paid.
    plan = bare(
        {
            "services.visit": service(
                staff_days=10, outside_share=1, materials=3, clients=asked_for(4, 100)
            ),
            "staff.outside_day_rate": 50,
            "segments.firms.failure_probability": 1,
            "services.visit.project": True,
        }
    )
    record = run(plan)
    failed = counted(record, "visit.failed")
    assert sum(failed) > 50
    assert by_month(record, "subcontractors") == [250_00 * n for n in failed]
    assert by_month(record, "materials") == [3_00 * n for n in failed]
    assert total(record, "fees_visit") == 0
    assert sum(counted(record, "visit.done")) == 0


def test_only_a_project_fails_with_its_client() -> None:
    leaflet = service(staff_days=1, clients=asked_for(4, 10))
    plan = bare({"services.visit": leaflet, "segments.firms.failure_probability": 1})
    record = run(plan)
    assert sum(counted(record, "visit.done")) > 50
    assert sum(counted(record, "visit.failed")) == 0


def test_failures_cost_standing() -> None:
    # Standing of 1, a tenth of it lost with each failure: a donor who asks for 0.9 ** 3 = 0.729
    # extends to a centre with three failures, not to one with four.
    plan = bare(
        {
            "horizon.judged_month": 12,
            "segments.firms.failure_probability": 1,
            "services.visit": service(project=True, clients=asked_for(0.6)),
            "credibility": {**STANDING, "per_failure": 0.1},
            "grants.core": grant(
                {0: 1},
                until_month=6,
                extension={"credibility": 0.72, "probability": 1, "months": 1, "amount": 5},
            ),
        }
    )
    numbers = set()
    for replication in range(40):
        record = run(plan, replication=replication)
        failed = sum(counted(record, "visit.failed")[:6])
        numbers.add(failed)
        assert (total(record, "programme_discretionary") == -6_00) == (failed <= 3)
    assert min(numbers) <= 3 < max(numbers)


# ------------------------------------------------------------------ what follows


AFTER: dict[str, Any] = {
    "services.visit": service(clients=asked_for(4)),
    "services.plan": service(
        clients={"firms": {"asks_year": 0, "price": 80, "willingness": NEVER}},
        follows={"service": "visit", "probability": 1},
        finance_probability=1,
    ),
}


def test_a_served_client_asks_for_what_follows() -> None:
    record = run(bare(AFTER))
    assert counted(record, "plan.asked") == counted(record, "visit.done")
    assert total(record, "fees_plan") == -80_00 * sum(counted(record, "visit.done"))
    assert counted(record, "plan.financed") == counted(record, "plan.done")


def test_what_follows_is_asked_for_and_financed_as_often_as_stated() -> None:
    plan = bare(
        {
            **AFTER,
            "services.visit": service(clients=asked_for(30)),
            "services.plan.follows.probability": 0.3,
            "services.plan.finance_probability": 0.6,
        }
    )
    visits = plans = financed = 0
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        visits += sum(counted(record, "visit.done"))
        plans += sum(counted(record, "plan.done"))
        financed += sum(counted(record, "plan.financed"))
    assert plans / visits == pytest.approx(0.3, abs=4 * math.sqrt(0.3 * 0.7 / visits))
    assert financed / plans == pytest.approx(0.6, abs=4 * math.sqrt(0.6 * 0.4 / plans))


def test_only_segments_that_the_service_is_for_ask_for_it_afterwards() -> None:
    plan = bare(AFTER)
    others = changed(plan, {"services.plan.clients": {}})
    assert sum(counted(run(others), "plan.asked")) == 0


def test_a_chain_of_services_is_followed_to_its_end() -> None:
    last = service(
        clients={"firms": {"asks_year": 0, "price": 0, "willingness": 0}},
        follows={"service": "plan", "probability": 1},
    )
    record = run(bare({**AFTER, "services.review": last}))
    assert counted(record, "review.done") == counted(record, "visit.done")


# ------------------------------------------------------------------ members


MEMBERS = {"fee_year": 120, "joins_probability": 1, "stays_probability": 1}


def test_members_pay_each_year_from_the_day_they_join() -> None:
    plan = bare({"services.visit": service(clients=asked_for(2)), "membership": MEMBERS})
    record = run(changed(plan, {"horizon.judged_month": 60}))
    joined = counted(record, "members.joined")
    assert joined == counted(record, "visit.done")
    paying = [sum(joined[month::-12]) for month in range(60)]
    assert by_month(record, "membership") == [-120_00 * n for n in paying]
    assert total(record, "cash") == 120_00 * sum(paying)


def test_members_pay_nothing_before_the_centre_has_made_its_name() -> None:
    plan = bare(
        {
            "services.visit": service(clients=asked_for(2)),
            "membership": MEMBERS,
            "market.charge_from_month": 6,
            "horizon.judged_month": 36,
        }
    )
    record = run(plan)
    joined = counted(record, "members.joined")
    assert sum(joined[:6]) > 0
    # Whoever joined before pays from the first anniversary.
    paying = [sum(joined[month::-12]) if month >= 6 else 0 for month in range(36)]
    assert by_month(record, "membership") == [-120_00 * n for n in paying]


def test_members_who_do_not_stay_pay_once() -> None:
    terms = {**MEMBERS, "stays_probability": 0}
    plan = bare({"services.visit": service(clients=asked_for(2)), "membership": terms})
    record = run(changed(plan, {"horizon.judged_month": 60}))
    joined = counted(record, "members.joined")
    assert by_month(record, "membership") == [-120_00 * n for n in joined]
    assert counted(record, "members.left") == shifted(joined, 12)


def test_members_join_and_stay_as_often_as_stated() -> None:
    terms = {**MEMBERS, "joins_probability": 0.25, "stays_probability": 0.8}
    plan = bare({"services.visit": service(clients=asked_for(20)), "membership": terms})
    served = joined = left = 0
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        served += sum(counted(record, "visit.done"))
        joined += sum(counted(record, "members.joined"))
        # Whoever joined in the first year has been asked once.
        left += sum(counted(record, "members.left"))
    assert joined / served == pytest.approx(0.25, abs=4 * math.sqrt(0.25 * 0.75 / served))
    assert left / (joined / 2) == pytest.approx(0.2, abs=0.04)


def test_what_members_pay_follows_prices() -> None:
    economy = {**ECONOMY, "inflation_year": 0.1, "price_follow_share": 1}
    plan = bare(
        {
            "services.visit": service(clients=asked_for(8)),
            "membership": {**MEMBERS, "stays_probability": 0},
            "economy": economy,
        }
    )
    record = run(plan)
    joined = counted(record, "members.joined")
    assert joined[12] > 0
    assert by_month(record, "membership")[12] == -132_00 * joined[12]


# ------------------------------------------------------------------ savings


FINDS: dict[str, Any] = {
    "services.visit": service(project=True, finds_options=True, clients=asked_for(2)),
    "savings": {**SAVINGS, "options_mean": 4, "energy_gj": 24, "water_t": 12, "waste_t": 36},
    "horizon.judged_month": 36,
}


def test_options_save_from_the_month_they_are_found_for_as_long_as_they_are_in_use() -> None:
    record = run(bare(FINDS))
    found = counted(record, "options.housekeeping.found")
    assert counted(record, "options.housekeeping.implemented") == found
    in_use = [sum(found[: month + 1]) for month in range(36)]
    # 1,200 USD, 24 GJ, 12 t and 36 t a year are 100, 2, 1 and 3 a month.
    assert counted(record, "clients.savings") == [100 * n for n in in_use]
    assert counted(record, "clients.energy_gj") == [2 * n for n in in_use]
    assert counted(record, "clients.water_t") == [1 * n for n in in_use]
    assert counted(record, "clients.waste_t") == [3 * n for n in in_use]


def test_fractions_are_not_lost() -> None:
    plan = bare({**FINDS, "savings.energy_gj": 1})
    record = run(plan)
    found = counted(record, "options.housekeeping.found")
    option_months = sum(n * (36 - month) for month, n in enumerate(found))
    assert sum(counted(record, "clients.energy_gj")) == option_months // 12


def test_a_client_that_relapses_saves_for_the_stated_months_only() -> None:
    record = run(bare({**FINDS, "savings.relapse_probability": 1}))
    found = counted(record, "options.housekeeping.found")
    in_use = [sum(found[max(month - 5, 0) : month + 1]) for month in range(36)]
    assert counted(record, "clients.savings") == [100 * n for n in in_use]
    visits = counted(record, "visit.done")
    with_options = sum(counted(record, "clients.relapsed"))
    # A visit that finds nothing (exp(-4), one in 55) has nobody to relapse.
    assert sum(visits[:30]) * 0.85 < with_options <= sum(visits[:30])


def test_options_are_found_and_implemented_by_category_as_stated() -> None:
    stated = {"cheap": (0.6, 0.4), "dear": (0.3, 0.9), "rare": (0.1, 0.5)}
    plan = bare(
        {
            **FINDS,
            "services.visit": service(project=True, finds_options=True, clients=asked_for(20)),
            "savings.categories": {
                name: {"found_share": share, "implemented_probability": p, "saving_year": 1}
                for name, (share, p) in stated.items()
            },
        }
    )
    visits = 0
    found, implemented = dict.fromkeys(stated, 0), dict.fromkeys(stated, 0)
    for replication in range(5):
        record = run(plan, replication=replication)
        visits += sum(counted(record, "visit.done"))
        for name in stated:
            found[name] += sum(counted(record, f"options.{name}.found"))
            implemented[name] += sum(counted(record, f"options.{name}.implemented"))
    n = sum(found.values())
    assert poisson_close(n, 4 * visits)
    for name, (share, p) in stated.items():
        assert found[name] / n == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / n))
        spread = math.sqrt(p * (1 - p) / found[name])
        assert implemented[name] / found[name] == pytest.approx(p, abs=4 * spread)


def test_options_are_found_in_projects_only() -> None:
    with pytest.raises(PlanError, match="finds_options: are found in a project"):
        bare({**FINDS, "services.visit.project": False})


def test_only_work_that_finds_options_finds_them() -> None:
    record = run(bare({**FINDS, "services.visit.finds_options": False}))
    assert sum(counted(record, "visit.done")) > 0
    assert sum(counted(record, "options.housekeeping.found")) == 0


def test_the_best_policy_climate_keeps_the_stated_part_from_relapsing() -> None:
    best = {"signing": {"month": 0, "climate_gain": 1}}
    for protection, events, relapsing in ((1, best, 0), (1, {}, 1), (0, best, 1), (0.5, best, 0.5)):
        plan = bare(
            {
                **FINDS,
                "services.visit": service(project=True, finds_options=True, clients=asked_for(20)),
                "savings.relapse_probability": 1,
                "savings.climate_protection": protection,
                "events": events,
            }
        )
        record = run(plan)
        # Those who implemented something at least six months ago.
        at_risk = sum(counted(record, "visit.done")[:30]) * (1 - math.exp(-4))
        relapsed = sum(counted(record, "clients.relapsed"))
        assert relapsed / at_risk == pytest.approx(relapsing, abs=0.1)


SUCCESS: dict[str, Any] = {
    **FINDS,
    "services.visit": service(
        project=True, finds_options=True, clients=asked_for(2, 0, success_fee_share=0.1)
    ),
}


def test_a_success_fee_falls_due_a_year_after_the_work() -> None:
    # A tenth of 1,200 a year an option.
    record = run(bare(SUCCESS))
    found = counted(record, "options.housekeeping.found")
    assert by_month(record, "fees_visit") == [-120_00 * n for n in shifted(found, 12)]
    assert total(record, "receivables") == 0


def test_a_success_fee_comes_beside_the_price() -> None:
    record = run(bare({**SUCCESS, "services.visit.clients.firms.price": 30}))
    visits, found = counted(record, "visit.done"), counted(record, "options.housekeeping.found")
    expected = zip(visits, shifted(found, 12), strict=True)
    assert by_month(record, "fees_visit") == [-(30_00 * n + 120_00 * m) for n, m in expected]


def test_a_success_fee_does_not_wait_for_the_price_to_be_paid() -> None:
    plan = bare(
        {
            **SUCCESS,
            "services.visit.clients.firms.price": 30,
            "segments.firms.bad_debt_probability": 1,
        }
    )
    record = run(plan)
    visits, found = counted(record, "visit.done"), counted(record, "options.housekeeping.found")
    expected = zip(visits, shifted(found, 12), strict=True)
    assert by_month(record, "fees_visit") == [-(30_00 * n + 120_00 * m) for n, m in expected]


def test_whoever_never_pays_owes_the_success_fee_for_ever_too() -> None:
    record = run(
        bare(
            {
                **SUCCESS,
                "services.visit.clients.firms.price": 30,
                "segments.firms.bad_debt_probability": 0.5,
                "market.write_off_months": 3,
                "horizon.judged_month": 48,
            }
        )
    )
    fees, bad = (total(record, name) for name in ("fees_visit", "bad_debts"))
    assert total(record, "cash") + bad + total(record, "receivables") == -fees
    # Half of the price's invoices of four years, and half of the savings' of three.
    assert 0.3 < bad / -fees < 0.6
    success = record.counts[record.counted.index("options.housekeeping.found")][:33].sum() * 120_00
    assert bad > 0.6 * 0.5 * success


def test_a_success_fee_is_paid_as_late_as_the_price() -> None:
    late = changed(bare(SUCCESS), {"segments.firms.payment_delay_months": 4})
    record = run(late)
    assert by_month(record, "fees_visit") == by_month(run(bare(SUCCESS)), "fees_visit")
    assert 0 < total(record, "cash") < total(run(bare(SUCCESS)), "cash")
    assert total(record, "bad_debts") == 0


def test_a_success_fee_is_a_share_of_what_the_year_saved() -> None:
    record = run(bare({**SUCCESS, "savings.relapse_probability": 1}))
    found = counted(record, "options.housekeeping.found")
    assert by_month(record, "fees_visit") == [-60_00 * n for n in shifted(found, 12)]


def test_a_success_fee_does_not_wait_for_a_relapse_after_more_than_a_year() -> None:
    record = run(bare({**SUCCESS, "savings.relapse_after_months": 18}))
    found = counted(record, "options.housekeeping.found")
    assert by_month(record, "fees_visit") == [-120_00 * n for n in shifted(found, 12)]


def test_nobody_owes_a_success_fee_for_work_before_the_centre_charged() -> None:
    record = run(bare({**SUCCESS, "market.charge_from_month": 6}))
    found = counted(record, "options.housekeeping.found")
    assert sum(found[:6]) > 0
    owed = [0] * 6 + found[6:]
    assert by_month(record, "fees_visit") == [-120_00 * n for n in shifted(owed, 12)]


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
