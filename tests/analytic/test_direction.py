"""Spending that follows the forecast, outside experts, mission and prices, summed by hand."""

from datetime import date
from itertools import groupby
from typing import Any

import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.experiment.tables import tables_for
from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import PlanError
from ncpcsim.reference.ability import AbilityState
from ncpcsim.reference.clock import Clock
from ncpcsim.reference.team import VACANCY, Holder, Team
from tests.full_centre import (
    MANAGEMENT,
    SAVINGS,
    TROUBLE,
    asked_for,
    bare,
    contract,
    moments,
    traced,
    without,
)
from tests.people import BACKLOG, HIRES
from tests.plans import (
    HOST,
    by_month,
    changed,
    counted,
    earmarks,
    grant,
    post,
    run,
    service,
    total,
    world_of,
)

# ------------------------------------------------------------------ spending by the forecast


FRUGAL: dict[str, Any] = {
    "costs.overhead_month": 100,
    "opening.cash": 900,
    "management": {**MANAGEMENT, "spending": {"least_share": 0.25, "most_share": 2}},
}
"""Costs of 100 a month, and cash for nine months of it."""


def test_running_costs_follow_the_forecast() -> None:
    # After the first month 800 are left for twelve months of 100: 2/3 of the costs. Then, each
    # month, a twelfth of what is left: 733.33, 672.22 (61.11), 616.20 (56.02) ...
    record = run(bare(FRUGAL))
    costs = by_month(record, "overhead")
    assert costs[:4] == [100_00, 66_67, 61_11, 56_02]
    assert min(costs) == 25_00  # never below a quarter
    # A signed grant is counted on, and with plenty costs are doubled.
    rich = by_month(run(bare({**FRUGAL, "grants.core": grant({12: 100_000})})), "overhead")
    assert all(abs(cents - 72_73) <= 1 for cents in rich[1:12])  # 800 in eleven months
    assert rich[12:] == [200_00] * 12
    # Left out, as planned.
    as_planned = without(bare(FRUGAL), "management.spending")
    assert set(by_month(run(as_planned), "overhead")) == {100_00}


def test_running_costs_are_cut_to_keep_the_reserve() -> None:
    # Two months' costs are to be left of 800: 600 for the year, 50 a month.
    reserve = {**FRUGAL["management"], "reserve_months": 2}
    assert by_month(run(bare({**FRUGAL, "management": reserve})), "overhead")[:2] == [100_00, 50_00]


def test_rent_does_not_follow_the_forecast_nor_does_what_the_host_bears() -> None:
    plan = bare(
        {
            **FRUGAL,
            "host": {**HOST, "logistics_share": 0.5},
            "costs.premises_month": 100,
            "costs.overhead_month": 200,
            "opening.cash": 0,
        }
    )
    record = run(plan)
    assert set(by_month(record, "premises")) == {100_00}
    assert by_month(record, "overhead") == [100_00] + [25_00] * 23
    assert set(by_month(record, "in_kind_logistics")) == {100_00}


def test_equipment_waits_for_its_price() -> None:
    buys = {"costs.equipment": 500, "costs.equipment_month": 1, "opening.cash": 0}
    plan = bare({**FRUGAL, **buys, "costs.overhead_month": 0, "grants.core": grant({4: 500})})
    bought = [month for month, cents in enumerate(by_month(run(plan), "equipment")) if cents]
    at_once = without(plan, "management.spending")
    assert bought == [4]
    assert by_month(run(plan), "depreciation")[:6] == [0, 0, 0, 0, 500_00, 0]
    assert by_month(run(at_once), "equipment")[1] == 500_00
    # One cent short of it, it is never bought.
    short = changed(plan, {"costs.equipment": 500.01})
    assert total(run(short), "equipment") == 0


def test_whom_the_work_no_longer_fills_is_let_go() -> None:
    # Twenty days of work a month for one person and one hired: half of their time.
    plan = bare(
        {
            "services.visit": service(staff_days=20, offered_year=12),
            "opening.cash": 1e9,
            "management": {**HIRES, "hire_above_waiting": 0, "notice_months": 0},
            "posts.expert.from_month": 3,
            "horizon.judged_month": 36,
        }
    )
    kept = run(plan)
    assert sum(counted(kept, "staff.hired")) == 1
    assert sum(counted(kept, "staff.let_go")) == 0
    by_share = {
        share: sum(
            counted(
                run(changed(plan, {"management.let_go_below_utilisation": share})), "staff.let_go"
            )
        )
        for share in (0.3, 0.7)
    }
    assert by_share == {0.3: 0, 0.7: 1}


def test_earmarked_money_and_wear_say_nothing_of_the_forecast() -> None:
    # Cash of 1,200 pays 100 a month; what is earmarked, or wears out, changes nothing of that.
    plan = bare(
        {
            "opening.cash": 1200,
            "costs.overhead_month": 100,
            "services.visit": service(offered_year=12, staff_days=1, mission=True),
            "management": MANAGEMENT,
        }
    )
    # At the end of month 6 there are 500 left, less than six months need.
    skipped = counted(run(plan), "mission.skipped")
    assert skipped[:9] == [0] * 7 + [1, 1]
    rich = {
        "grants.equipment": grant({0: 1e6}, terms="earmarked", earmarks=earmarks(equipment=1)),
    }
    assert counted(run(changed(plan, rich)), "mission.skipped") == skipped
    worn = {"costs.equipment": 240, "opening.cash": 1440, "costs.equipment_life_months": 2}
    assert counted(run(changed(plan, worn)), "mission.skipped")[3:] == skipped[3:]


def test_what_brings_clients_is_skipped_only_when_cash_is_short_for_good() -> None:
    # Cash of 400 pays 100 a month; 2,400 more are signed for month 8.
    plan = bare(
        {
            "opening.cash": 400,
            "costs.overhead_month": 100,
            "grants.signed": grant({8: 2400}),
            "services.visit": service(offered_year=12, staff_days=1, mission=True),
            "management": MANAGEMENT,
        }
    )
    papers = counted(run(plan), "mission.skipped")
    assert sum(papers[:8]) > 4
    events = changed(plan, {"services.visit.reaches_clients": 5})
    assert sum(counted(run(events), "mission.skipped")[:8]) == 0
    alone = without(events, "grants.signed")
    assert counted(run(alone), "mission.skipped")[:8] == papers[:8]


def test_hired_people_leave_too() -> None:
    plan = bare(
        {
            "services.visit": BACKLOG,
            "opening.cash": 1e6,
            "management": {**HIRES, "hire_above_waiting": 0},
            "turnover": {"leaves_year": 12, "recruit_months": 1},
            "horizon.judged_month": 60,
        }
    )
    assert any("hired.0 leaves" in what for _, what in traced(plan))


# ------------------------------------------------------------------ outside experts


def test_experts_take_what_waits_too_long_up_to_their_cap() -> None:
    # Twenty days of work come each half month in the mean. At most 40 expert days a month: two
    # visits. They are paid 20 x 50 each and need no staff.
    plan = bare(
        {
            "services.visit": service(staff_days=20, clients=asked_for(2)),
            "staff.outside_day_rate": 50,
            "overflow": {"above_waiting": 2, "days_month": 40},
            "horizon.judged_month": 36,
        }
    )
    record = run(plan)
    done, hours_worked = counted(record, "visit.done"), counted(record, "visit.staff_hours")
    by_experts = [n - h // 160 for n, h in zip(done, hours_worked, strict=True)]
    assert by_month(record, "subcontractors") == [1000_00 * n for n in by_experts]
    assert 24 <= sum(by_experts) <= 48
    assert max(by_experts) <= 3
    # With room for one only every other month's would do; with none nobody is asked.
    none = run(changed(plan, {"overflow.days_month": 19}))
    assert total(none, "subcontractors") == 0
    never = run(changed(plan, {"overflow.above_waiting": 1000}))
    assert total(never, "subcontractors") == 0


def test_an_empty_position_is_no_work_that_waits() -> None:
    tables = tables_for(bare())
    expert = Holder.at_first(tables.inputs.positions[0], "expert.0", world_of(bare()).presences[0])
    team = Team(Clock(), [expert], tables.inputs.learning, AbilityState(tables.inputs))
    assert team.ask(0) is None  # the first has the only seat
    team.leave(expert)
    assert [team.ask(priority) is None for priority in (0, 3)] == [False, False]
    assert [request.priority for request in team.queue] == [VACANCY, 0, 3]
    assert team.waiting() == 2


def test_the_cap_is_a_month_s() -> None:
    # Twenty visits of a day a month and one person kept busy for ever: experts begin four of them
    # each month.
    plan = bare(
        {
            "services.visit": service(staff_days=1, clients=asked_for(20), priority=1),
            "services.block": service(staff_days=20_000, offered_year=12),
            "staff.outside_day_rate": 50,
            "overflow": {"above_waiting": 0, "days_month": 4.5},
        }
    )
    record = run(plan)
    done, hours_worked = counted(record, "visit.done"), counted(record, "visit.staff_hours")
    by_experts = [n - h // 8 for n, h in zip(done, hours_worked, strict=True)]
    assert by_month(record, "subcontractors") == [50_00 * n for n in by_experts]
    told = [round(time // 1) for time, what in traced(plan) if what.endswith("begun")]
    assert [told.count(month) for month in range(2, 24)] == [4] * 22


@pytest.mark.parametrize(
    "visit",
    [
        {"offered_year": 120},
        {"clients": asked_for(10), "mission": True},
        {"offered_year": 120, "mission": True},
    ],
    ids=["offered", "mission", "both"],
)
def test_experts_take_no_work_that_nobody_would_pay_for(visit: dict[str, Any]) -> None:
    changes = {
        "services.visit": service(staff_days=5, **visit),
        "staff.outside_day_rate": 50,
        "overflow": {"above_waiting": 0, "days_month": 1000},
    }
    record = run(bare(changes))
    assert sum(counted(record, "visit.done")) >= 90
    assert total(record, "subcontractors") == 0
    paid = run(bare({**changes, "services.visit": service(staff_days=5, clients=asked_for(10))}))
    assert total(paid, "subcontractors") > 0


def test_experts_take_no_work_while_the_centre_moves() -> None:
    plan = bare(
        {
            "host": {**HOST, "trouble": {**TROUBLE, "losses_year": 1, "move_months": 6}},
            "services.visit": service(staff_days=5, clients=asked_for(4)),
            "staff.outside_day_rate": 50,
            "overflow": {"above_waiting": 0, "days_month": 1000},
        }
    )
    moved = 0
    for replication in range(20):
        told = traced(plan, replication)
        for lost in moments(told, "the host is lost"):
            meanwhile = [what for time, what in told if lost < time < min(lost + 6, 24)]
            assert any("asked for" in what for what in meanwhile)
            assert not any("begun" in what for what in meanwhile)
            after = [what for time, what in told if lost + 6 < time]
            moved += any("begun" in what for what in after)
    assert moved > 5


# ------------------------------------------------------------------ the mission and prices


def test_a_centre_short_of_cash_skips_its_mission_down_to_the_floor() -> None:
    # One day a week for the mission, 20 days a month for clients; cash carries a month's costs.
    services = {
        "services.visit": service(staff_days=1, offered_year=60, mission=True),
        "services.audit": service(staff_days=10, offered_year=12),
    }
    poor = {
        "opening.cash": 100,
        "costs.overhead_month": 100,
        "posts.expert.people": 2,
        "horizon.judged_month": 48,
    }
    terms = MANAGEMENT

    def found(**changes: Any) -> tuple[int, int, float]:
        plan = bare({**services, **poor, "management": {**terms, **changes}})
        record = run(plan)
        mission = sum(counted(record, "visit.staff_hours")[-12:])
        all_hours = mission + sum(counted(record, "audit.staff_hours")[-12:])
        done, skipped = (sum(counted(record, n)) for n in ("visit.done", "mission.skipped"))
        return done, skipped, mission / all_hours

    # All 5 x 48 - 1 are held or skipped.
    done, skipped, share = found(mission_floor_share=0.2)
    assert done + skipped in (239, 240)
    assert skipped > 100
    assert share == pytest.approx(0.2, abs=0.03)
    assert found(mission_floor_share=0.3)[2] == pytest.approx(0.3, abs=0.03)
    # No floor: next to nothing is left of it (one a year, when its share is not above 0). A floor
    # of all the time: nothing is skipped.
    assert found(mission_floor_share=0)[2] < 0.01
    assert found(mission_floor_share=1)[1] == 0
    # A rich centre skips nothing.
    rich = bare({**services, **poor, "opening.cash": 1e6, "management": terms})
    assert sum(counted(run(rich), "mission.skipped")) == 0


def test_a_mission_that_lags_behind_its_floor_goes_first() -> None:
    # One person; twice as much paid work as can be done, and before it in the queue. The mission
    # would take half of the person's time.
    plan = bare(
        {
            "services.audit": service(staff_days=10, clients=asked_for(4)),
            "services.visit": service(staff_days=5, offered_year=24, mission=True, priority=5),
            "management": MANAGEMENT,
            "horizon.judged_month": 60,
        }
    )

    def share(floor: float) -> float:
        record = run(changed(plan, {"management.mission_floor_share": floor}))
        paid, mission = (sum(counted(record, f"{n}.staff_hours")) for n in ("audit", "visit"))
        return mission / (paid + mission)

    assert share(0) < 0.1
    assert share(0.2) == pytest.approx(0.2, abs=0.05)
    assert share(0.35) == pytest.approx(0.35, abs=0.05)
    # All that there is to do for it, and no more.
    assert share(1) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("floor", [0.3, 0.5, 0.7])
def test_the_mission_s_floor_holds_where_more_can_be_offered(floor: float) -> None:
    # Paid work for 8 of a person's 20 days a month; seminars for 2, and up to 20 may be added.
    plan = bare(
        {
            "services.audit": service(staff_days=4, clients=asked_for(2)),
            "services.visit": service(staff_days=2, offered_year=12, mission=True),
            "management": {**MANAGEMENT, "mission_floor_share": floor},
            "horizon.judged_month": 72,
        }
    )

    def shares(most: float) -> list[float]:
        more, found = changed(plan, {"management.more_mission_days": most}), []
        for replication in range(5):
            record = run(more, replication=replication)
            paid, free = (counted(record, f"{n}.staff_hours") for n in ("audit", "visit"))
            for end in range(24, 73, 12):
                year = slice(end - 12, end)
                found.append(sum(free[year]) / (sum(free[year]) + sum(paid[year])))
        return found

    held = shares(20)
    assert sum(held) / len(held) == pytest.approx(floor, abs=0.03)
    assert min(held) > floor - 0.1
    without = shares(0)
    assert sum(without) / len(without) < 0.25


def test_the_share_planned_for_the_mission_follows_what_the_year_earned() -> None:
    plan = bare(
        {
            "services.audit": service(clients=asked_for(4, 100)),
            "costs.overhead_month": 100,
            "costs.from_month": 12,
            "grants.core": grant({0: 1e6}),
            "management": {**MANAGEMENT, "mission_floor_share": 0.1, "mission_step": 0.05},
            "horizon.judged_month": 72,
        }
    )

    def planned(plan: Plan) -> list[str]:
        told = [what for _, what in traced(plan) if "the plan is rewritten" in what]
        return [what.rpartition(", ")[2].split()[0] for what in told]

    # A year without costs or with fees of some four times as much: up, step by step.
    assert planned(plan) == ["15%", "20%", "25%", "30%", "35%", "40%"]
    # Nothing is earned any more: a grant of the programme is no income of one's own.
    poor = changed(plan, {"services.audit.clients.firms.price": 0})
    assert planned(poor) == ["15%", *["10%"] * 5]
    still = changed(plan, {"management.mission_step": 0})
    assert planned(still) == ["10%"] * 6


def test_contracts_wait_by_their_priority() -> None:
    # One person, and more of both than can be done.
    plan = bare(
        {
            "services.audit": service(staff_days=10, clients=asked_for(4), priority=5),
            "contracts.project": contract(staff_days=20, calls_year=24),
        }
    )

    def hours_of_contracts(priority: int) -> int:
        record = run(changed(plan, {"contracts.project.priority": priority}))
        return sum(counted(record, "project.staff_hours"))

    assert hours_of_contracts(0) > 3000
    assert hours_of_contracts(9) < 1000


def test_only_the_mission_is_skipped() -> None:
    plan = bare(
        {
            "services.visit": service(offered_year=12),
            "costs.overhead_month": 100,
            "management": {**MANAGEMENT, "mission_floor_share": 0},
        }
    )
    record = run(plan)
    assert sum(counted(record, "visit.done")) == 24
    assert sum(counted(record, "mission.skipped")) == 0


def test_a_centre_that_lives_on_contracts_has_a_small_mission_share() -> None:
    from tests.measured import indicators

    plan = bare(
        {
            "services.visit": service(staff_days=1, offered_year=12, mission=True),
            "contracts.project": contract(staff_days=15, calls_year=24),
        }
    )
    record = run(plan)
    assert sum(counted(record, "project.won")) > 20
    assert indicators(record, plan.numbers)["mission_share"] < 0.2


def test_a_contract_may_not_be_called_like_a_service() -> None:
    # Both count staff hours, under their names.
    with pytest.raises(PlanError, match=r"contracts\.visit: is a service's name"):
        bare({"services.visit": service(offered_year=12), "contracts.visit": contract()})


PRICES = {"reprice_step": 0.1, "reprice_up_above": 0.7, "reprice_down_below": 0.4}


@pytest.mark.parametrize(
    ("start", "first"), [(date(2000, 1, 1), 12), (date(2000, 7, 1), 6), (date(2000, 12, 1), 1)]
)
def test_prices_rise_when_the_fiscal_year_ends_if_most_accept(start: date, first: int) -> None:
    # Everyone accepts: a tenth more from each January on.
    plan = bare(
        {
            "start": start,
            "services.visit": service(clients=asked_for(10, 100)),
            "management": {**MANAGEMENT, **PRICES},
        }
    )
    record = run(plan)
    visits = counted(record, "visit.done")
    assert min(visits) > 0
    expected = [
        -n * round(100_00 * 1.1 ** ((month - first) // 12 + 1)) for month, n in enumerate(visits)
    ]
    assert by_month(record, "fees_visit") == expected


MEMBERSHIP = {"joins_probability": 1, "stays_probability": 1}
"""Everyone who is served joins, and stays, if it pays the fee."""


def test_members_fee_rises_when_the_fiscal_year_ends_if_most_pay_it() -> None:
    plan = bare(
        {
            "services.visit": service(clients=asked_for(10, 100)),
            "membership": {**MEMBERSHIP, "fee_year": 50, "willingness": 1e9},
            "management": {**MANAGEMENT, **PRICES},
        }
    )
    record = run(plan)
    joined, fees = counted(record, "members.joined"), by_month(record, "membership")
    assert sum(joined) > 0
    members = [0] * 12  # by the month of the year in which they joined, and pay again
    for month, new in enumerate(joined):
        members[month % 12] += new
        assert fees[month] == -members[month % 12] * round(50_00 * 1.1 ** (month // 12))


def test_members_fee_falls_until_clients_pay_it() -> None:
    # All would pay 50: nobody joins at 60 or 54, everyone at 48.60.
    plan = bare(
        {
            "services.visit": service(clients=asked_for(10, 100)),
            "membership": {**MEMBERSHIP, "fee_year": 60, "willingness": 50},
            "management": {**MANAGEMENT, **PRICES},
        }
    )
    record = run(plan)
    done, joined = counted(record, "visit.done"), counted(record, "members.joined")
    assert counted(record, "members.declined")[:24] == done[:24]
    assert joined[:24] == [0] * 24
    assert joined[24:36] == done[24:36]
    fees = by_month(record, "membership")
    assert fees[24:36] == [-new * 48_60 for new in joined[24:36]]


def test_prices_fall_when_few_accept_and_stay_in_between() -> None:
    # A willingness of 100 with a spread of 1: at a price of 100 half accept, at 300 one in seven.
    for price, factor in ((300, 0.9), (100, 1.0), (20, 1.1)):
        plan = bare(
            {
                "market.willingness_sigma": 1,
                "services.visit": service(clients=asked_for(20, price, willingness=100)),
                "management": {**MANAGEMENT, **PRICES},
            }
        )
        record = run(plan)
        done = counted(record, "visit.done")
        fees = by_month(record, "fees_visit")
        for month in (3, 15):
            level = factor if month > 11 else 1
            assert fees[month] == -done[month] * round(price * 100 * level)
        assert done[15] > 0


def test_what_is_offered_free_says_nothing_of_prices() -> None:
    # Nobody accepts the price; the free ones of the same service would make it 90 of 100.
    plan = bare(
        {
            "services.visit": service(offered_year=108, clients=asked_for(1, 100, willingness=1)),
            "management": {**MANAGEMENT, **PRICES},
        }
    )
    told = [what for _, what in traced(plan) if "the plan is rewritten" in what]
    assert "prices at 0.90 to 0.90 of the plan's" in told[0]


def test_free_clients_find_nobody_at_the_door_while_paying_ones_wait() -> None:
    # Lower first: the mission's priority of 1 waits behind the clients' 0.
    plan = bare(
        {
            "services.visit": service(staff_days=20, offered_year=24, priority=1),
            "services.audit": service(staff_days=20, offered_year=12),
        }
    )
    record = run(plan)
    assert counted(record, "audit.done")[2:] == [1] * 22
    assert sum(counted(record, "visit.done")[3:]) == 0


def test_a_role_that_nobody_fills_does_no_work() -> None:
    # A promised person who does not come, and whose post then ends.
    plan = bare(
        {
            "host": {**HOST, "delivered_share": 0},
            "posts": {"lent": post(payer="host", then="ends")},
            "services.visit": service(offered_year=12),
        }
    )
    record = run(plan)
    assert sum(counted(record, "visit.asked")) == 24
    assert sum(counted(record, "visit.done")) == 0


def test_the_bare_sections_are_valid_and_do_nothing() -> None:
    plan = bare({"savings": SAVINGS, "management": MANAGEMENT, "services.visit": service()})
    record = run(plan)
    assert not record.net_cents.any()
    # Somebody is there, all the same.
    nothing = [name for name in record.counted if name != "staff.people"]
    assert not any(sum(counted(record, name)) for name in nothing)
    assert [k for k, _ in groupby(record.cash_cents().tolist())] == [0]
    assert record.net_cents.shape[0] == Account.FEES + 1
