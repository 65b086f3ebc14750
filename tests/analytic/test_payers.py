"""Payers that stay, demand that moves for good, cuts of the public budget: summed by hand."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from ncpcsim.experiment.tables import tables_for
from ncpcsim.model.world import demand_time
from ncpcsim.plan.load import Plan
from tests.full_centre import asked_for, bare, contract, moments, traced
from tests.funders import REPLICATIONS
from tests.market import poisson_close
from tests.plans import booked, by_month, changed, counted, run, service, total, world_of

# ------------------------------------------------------------------ payers that stay or leave

SURE = 1 - 1e-12
"""A payer that does not leave in any run that is looked at."""


def test_a_payer_that_stays_pays_the_same_again_every_three_months() -> None:
    # An advance of 300.00 and 700.01 after three months, when the next advance comes too.
    once = bare({"contracts.project": contract(calls_year=1)})
    stays = changed(once, {"contracts.project.renewal_probability": SURE})
    seen = 0
    for replication in REPLICATIONS:
        won = counted(run(once, replication=replication), "project.won")
        if sum(won) != 1:
            continue
        begun = won.index(1)
        record = run(stays, replication=replication)
        ends = range(begun + 3, 24, 3)
        assert counted(record, "project.won") == won
        assert counted(record, "project.bids") == won
        assert counted(record, "project.renewed") == [int(m in ends) for m in range(24)]
        paid = [300_00 * (m == begun) + (700_01 + 300_00) * (m in ends) for m in range(24)]
        assert by_month(record, "international_projects") == [-cents for cents in paid]
        seen += 1
    assert seen > 8


def test_what_is_commissioned_again_is_worth_as_much_at_the_prices_of_its_day() -> None:
    economy = {
        "inflation_year": 0.1,
        "price_follow_share": 0,
        "recessions_year": 0,
        "recession_months": 1,
        "recession_demand": 0,
    }
    terms = contract(calls_year=1, months=12, advance_share=1, renewal_probability=SURE)
    plan = bare({"contracts.project": terms, "economy": economy})
    seen = 0
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        won = counted(record, "project.won")
        if sum(won) != 1 or won.index(1) > 11:
            continue
        first, again = won.index(1), won.index(1) + 12
        income = by_month(record, "international_projects")
        assert income[again] / income[first] == pytest.approx(1.1, rel=1e-5)
        seen += 1
    assert seen > 3


@pytest.mark.parametrize("probability", [0.3, 0.8])
def test_a_payer_commissions_as_often_as_it_stays(probability: float) -> None:
    # Each contract lasts a month, so that a hundred of them fit: p / (1 - p) after the first.
    terms = contract(calls_year=0.5, months=1, renewal_probability=probability)
    plan = bare({"contracts.project": terms, "horizon.judged_month": 1200})
    won = again = 0
    for replication in range(10):
        record = run(plan, replication=replication)
        won += sum(counted(record, "project.won"))
        again += sum(counted(record, "project.renewed"))
    mean, spread = probability / (1 - probability), math.sqrt(probability) / (1 - probability)
    assert won > 300
    assert again / won == pytest.approx(mean, abs=4 * spread / math.sqrt(won))


def test_a_role_is_offered_once_a_decree_is_there_and_lasts_while_the_climate_does() -> None:
    # The decree makes the climate 1; it wears off by 10 % a month, and half a year's role with it.
    role = contract(calls_year=120, months=6, climate_share=1, renewal_probability=SURE)
    plan = bare(
        {
            "contracts.project": role,
            "events.decree": {"month": 6, "climate_gain": 1},
            "market.climate_fade_month": 0.1,
        }
    )
    for_good = changed(plan, {"market.climate_fade_month": 0})
    won = renewed = stayed = always = 0
    for replication in range(20):
        record, lasting = (run(each, replication=replication) for each in (plan, for_good))
        bids = counted(record, "project.bids")
        assert sum(bids[:6]) == 0
        # Of the roles of the first month, exp(-0.6) are renewed after half a year.
        won, renewed = won + bids[6], renewed + counted(record, "project.renewed")[12]
        always += counted(lasting, "project.bids")[6]
        stayed += counted(lasting, "project.renewed")[12]
    assert stayed == always > 100
    assert renewed / won == pytest.approx(math.exp(-0.6), abs=4 * 0.5 / math.sqrt(won))
    month = (1 - math.exp(-0.1)) / 0.1
    assert won / always == pytest.approx(month, abs=4 * 0.3 / math.sqrt(always))


def test_a_role_for_the_mission_is_the_mission_s_time() -> None:
    from tests.measured import indicators

    paid = bare({"contracts.project": contract(staff_days=5, mission=True)})
    assert indicators(run(paid), paid.numbers)["mission_share"] == 1
    other = changed(paid, {"contracts.project.mission": False})
    assert indicators(run(other), other.numbers)["mission_share"] == 0


def test_another_payer_s_staying_moves_no_draw_of_the_first() -> None:
    one = bare({"contracts.project": contract(renewal_probability=0.5, payment_delay_months=2)})
    two = changed(one, {"contracts.work": contract(giver="corporate", renewal_probability=0.9)})
    for replication in range(10):
        first, both = (run(plan, replication=replication) for plan in (one, two))
        assert sum(counted(both, "work.renewed")) > 0
        income = by_month(first, "international_projects")
        assert by_month(both, "international_projects") == income
        assert counted(both, "project.renewed") == counted(first, "project.renewed")


def test_nobody_commissions_a_dormant_centre_again() -> None:
    # No cash and no credit: its first unpaid wages end it, and the host carries it.
    broke = {
        "liquidity.credit_line": 0,
        "posts.expert.salary_month": 2000,
        "contracts.project": contract(
            calls_year=24, months=6, advance_share=0, renewal_probability=SURE
        ),
        "host": {
            "kind": "university",
            "cash_month": 0,
            "premises_share": 0,
            "delivered_share": 1,
            "delay_months": 0,
        },
        "liquidity.dormant_months": 24,
    }
    record = run(bare(broke))
    dormant = counted(record, "centre.dormant")
    assert sum(dormant) > 12
    asleep = dormant.index(1)
    assert sum(counted(record, "project.renewed")[asleep + 1 :]) == 0
    assert sum(counted(record, "project.won")) > 0


# ------------------------------------------------------------------ lasting shifts of demand


def shifting(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"segments.firms.shifts": {"shifts_year": 0.5, "sigma": 0.8}, **(changes or {})}


def test_shifts_come_as_stated_and_multiply_the_level_by_factors_of_mean_one() -> None:
    plan = bare(shifting({"horizon.judged_month": 120}))
    worlds = [world_of(plan, 5, r) for r in range(400)]
    shifts = [w.shifts[: w.shifted[0]] for w in worlds]
    assert poisson_close(sum(map(len, shifts)), 400 * 5)
    logs = []
    for each in shifts:
        levels = [1.0, *(shift.level for shift in each)]
        logs += [math.log(b / a) for a, b in pairwise(levels)]
        assert [s.begin for s in each] == sorted(s.begin for s in each)
    n, mean = len(logs), -(0.8**2) / 2
    assert sum(logs) / n == pytest.approx(mean, abs=4 * 0.8 / math.sqrt(n))
    assert math.sqrt(sum((x - mean) ** 2 for x in logs) / n) == pytest.approx(0.8, rel=0.08)
    factors = [math.exp(x) for x in logs]
    spread = math.sqrt(math.exp(0.8**2) - 1)
    assert sum(factors) / n == pytest.approx(1, abs=4 * spread / math.sqrt(n))


def test_demand_comes_in_the_segment_s_own_time() -> None:
    plan = bare(shifting())
    world = next(w for w in (world_of(plan, 5, r) for r in range(99)) if w.shifted[0] == 2)
    for shift, (begin, level) in zip(world.shifts, ((4.0, 2.0), (10.0, 0.5)), strict=False):
        shift.begin, shift.level = begin, level
    # Up to month 4 as at the start; twelve months' demand in the next six; then half of it.
    expected = {1.5: 1.5, 4.0: 4.0, 6.0: 5.0, 16.0: 10.0, 17.0: 12.0}
    for months, time in expected.items():
        assert demand_time(world, 0, 0.0, months) == time
    assert demand_time(world, 0, 5.0, 10.0) == 10.0
    assert demand_time(world, 0, 12.0, 3.0) == 18.0


def test_clients_ask_as_often_as_the_level_says() -> None:
    plan = bare(shifting({"services.visit": service(clients=asked_for(20))}))
    far = 0
    for replication in range(40):
        found = sum(counted(run(plan, replication=replication), "visit.asked"))
        world = world_of(plan, 1, replication)
        shifts = world.shifts[: world.shifted[0]]
        spans = pairwise([0.0, *(shift.begin for shift in shifts), 24.0])
        levels = [1.0, *(shift.level for shift in shifts)]
        expected = sum(
            20 * level * (end - begin) for level, (begin, end) in zip(levels, spans, strict=True)
        )
        assert poisson_close(found, expected)
        far += not poisson_close(20 * 24, expected)
    # Steady demand would be far from it in many of them.
    assert far > 10


def test_before_its_first_shift_a_run_is_what_it_is_without_to_the_cent() -> None:
    steady = bare({"services.visit": service(clients=asked_for(5, 100))})
    moving = changed(steady, shifting())
    differing = 0
    for replication in range(20):
        world = world_of(moving, 1, replication)
        first = int(world.shifts[0].begin) if world.shifted[0] else 24
        a, b = (run(plan, replication=replication) for plan in (steady, moving))
        months = {account: months[:first] for account, months in booked(a).items()}
        assert {account: booked(b)[account][:first] for account in months} == months
        differing += booked(a) != booked(b)
    assert differing > 5


def test_a_segment_s_shifts_leave_those_of_the_others_alone() -> None:
    firms = bare().tree["segments"]["firms"]
    one = bare(shifting({"segments.towns": firms}))
    both = changed(one, {"segments.towns.shifts": {"shifts_year": 3, "sigma": 1}})
    for replication in range(10):
        a, b = world_of(one, 1, replication), world_of(both, 1, replication)
        most = len(a.shifts) // 2
        assert a.shifts[:most] == b.shifts[:most]
        # Draws of their own: by the same ones, both would come at times in proportion to the rates.
        assert b.shifted[0] == 0 or 6 * b.shifts[most].begin != pytest.approx(b.shifts[0].begin)
        assert a.shifted[0] == b.shifted[0]
        assert a.shifted[1] == 0


# ------------------------------------------------------------------ cuts of the public budget

FOR_GOOD = {"cuts_year": 12, "cut_months": 1e12, "left_share": 0, "delay_ratio": 1}
"""A cut that begins after about a month and lasts."""


def cut_from(plan: Plan, replication: int) -> int:
    """The month in which the first cut begins."""
    return int(world_of(plan, 1, replication).cuts[0].begin)


def test_cuts_come_and_last_as_stated() -> None:
    budget = {**FOR_GOOD, "cuts_year": 0.5, "cut_months": 18}
    plan = bare({"public_budget": budget, "horizon.judged_month": 1200})
    worlds = [world_of(plan, 5, r) for r in range(20)]
    spans = [cut for w in worlds for cut in w.cuts[: w.cycle.cuts - 1]]
    n = len(spans)
    # One every 24 + 18 months.
    assert n == pytest.approx(20 * 1200 / 42, rel=0.12)
    lengths = sum(cut.end - cut.begin for cut in spans)
    assert lengths / n == pytest.approx(18, abs=4 * 18 / math.sqrt(n))


def test_in_a_cut_public_tenders_stop_and_no_others() -> None:
    plan = bare(
        {
            "contracts.tender": contract(giver="domestic_public", renewal_probability=SURE),
            "contracts.project": contract(),
        }
    )
    cut = changed(plan, {"public_budget": FOR_GOOD})
    for replication in range(10):
        before, after = (run(each, replication=replication) for each in (plan, cut))
        month = cut_from(cut, replication)
        assert counted(after, "project.won") == counted(before, "project.won")
        bids = counted(after, "tender.bids")
        assert bids[:month] == counted(before, "tender.bids")[:month]
        # What has begun is finished and paid; nobody calls or stays.
        assert sum(bids[month + 1 :]) == 0
        assert sum(counted(after, "tender.renewed")[month + 1 :]) == 0
        assert sum(counted(before, "tender.renewed")[month + 1 :]) > 0


def test_in_a_cut_a_part_of_the_calls_of_public_bodies_is_left() -> None:
    tender = contract(giver="domestic_public", calls_year=24)
    plan = bare({"contracts.tender": tender, "horizon.judged_month": 240})
    cut = changed(plan, {"public_budget": {**FOR_GOOD, "left_share": 0.3}})
    called = left = 0
    for replication in range(10):
        month = cut_from(cut, replication) + 1
        all_bids, some = (
            counted(run(each, replication=replication), "tender.bids")[month:]
            for each in (plan, cut)
        )
        # The calls that are left are among those of the uncut world.
        assert all(a >= b for a, b in zip(all_bids, some, strict=True))
        called, left = called + sum(all_bids), left + sum(some)
    assert left / called == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / called))


def test_in_a_cut_public_bodies_ask_less_and_firms_do_not() -> None:
    asks = asked_for(10)["firms"]
    plan = bare(
        {
            "segments.towns": {**bare().tree["segments"]["firms"], "public": True},
            "services.visit": service(clients={"firms": asks}),
            "services.audit": service(clients={"towns": asks}),
        }
    )
    cut = changed(plan, {"public_budget": {**FOR_GOOD, "left_share": 0.4}})
    asked = left = 0
    for replication in range(10):
        before, after = (run(each, replication=replication) for each in (plan, cut))
        month = cut_from(cut, replication) + 1
        assert counted(after, "visit.asked") == counted(before, "visit.asked")
        asked += sum(counted(before, "audit.asked")[month:])
        left += sum(counted(after, "audit.asked")[month:])
    assert left / asked == pytest.approx(0.4, abs=4 * math.sqrt(0.24 / asked))


def test_in_a_cut_a_ministry_has_that_part_of_its_year_s_budget() -> None:
    # 100 a visit, of 1,000 a year; 30 % of it are left: 300.
    plan = bare(
        {
            "ministry": {"budget_year": 1000, "payment_delay_months": 0},
            "public_budget": {**FOR_GOOD, "left_share": 0.3},
            "services.visit": service(clients=asked_for(5, 0, ministry_pays=100)),
        }
    )
    seen = 0
    for replication in range(10):
        record = run(plan, replication=replication)
        paid = [-cents for cents in by_month(record, "domestic_public")]
        month = cut_from(plan, replication)
        assert sum(paid[12:]) == (300_00 if month < 12 else sum(paid[12:]))
        assert sum(paid[:12]) <= 1000_00
        seen += month < 12
    assert seen > 5


@pytest.mark.parametrize(
    ("giver", "ratio"), [("domestic_public", 3.0), ("international", 1.0), ("corporate", 1.0)]
)
def test_in_a_cut_public_bodies_pay_so_many_times_as_late(giver: str, ratio: float) -> None:
    terms = contract(giver=giver, calls_year=1, payment_delay_months=1, advance_share=0)
    budget = {**FOR_GOOD, "left_share": 1}
    plan = bare({"contracts.work": terms, "public_budget": budget, "horizon.judged_month": 36})
    late = changed(plan, {"public_budget.delay_ratio": 3})
    seen = 0
    for replication in REPLICATIONS:
        waits = []
        for each in (plan, late):
            told = traced(each, replication)
            sent, paid = moments(told, "(invoice, work)"), moments(told, "(invoice paid)")
            waits.append(paid[0] - sent[0] if len(sent) == len(paid) == 1 else None)
        if waits[0] and waits[1] and moments(told, "work won")[0] + 3 > cut_from(plan, replication):
            assert waits[1] == pytest.approx(ratio * waits[0])
            seen += 1
    assert seen > 3


def test_in_a_cut_clients_that_are_public_pay_late_and_others_do_not() -> None:
    terms = {"services.visit": service(clients=asked_for(4, 100))}
    delay = {
        "segments.firms.payment_delay_months": 1,
        "public_budget": {**FOR_GOOD, "left_share": 1},
    }
    firms = bare({**terms, **delay, "public_budget.delay_ratio": 50})
    towns = changed(firms, {"segments.firms.public": True})
    for replication in range(10):
        prompt, late = (run(each, replication=replication) for each in (firms, towns))
        assert total(prompt, "fees_visit") == total(late, "fees_visit")
        assert total(late, "receivables") > 2 * total(prompt, "receivables")


def test_who_is_public_is_what_the_plan_says() -> None:
    plan = bare({"contracts.tender": contract(giver="domestic_public"), "contracts.p": contract()})
    inputs = tables_for(plan).inputs
    assert [each.public for each in inputs.contracts] == [True, False]
    assert [each.public for each in inputs.segments] == [False]
