"""The economy, the host, and what always holds, summed by hand."""

import math
from typing import Any

import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.experiment.tables import tables_for
from ncpcsim.reference.ability import AbilityState
from ncpcsim.reference.clock import Clock
from ncpcsim.reference.market import MarketState
from tests.full_centre import (
    ECONOMY,
    MANAGEMENT,
    TROUBLE,
    asked_for,
    bare,
    contract,
    moments,
    traced,
)
from tests.plans import (
    HOST,
    by_month,
    changed,
    counted,
    grant,
    post,
    run,
    service,
    total,
    world_of,
)

# ------------------------------------------------------------------ the economy


def test_inflation_raises_pay_and_costs_to_the_stated_level_after_a_year() -> None:
    plan = bare(
        {
            "economy": {**ECONOMY, "inflation_year": 0.1},
            "posts.expert.salary_month": 1000,
            "staff.outside_day_rate": 60,
            "costs.premises_month": 500,
            "costs.overhead_month": 100,
            "costs.equipment": 3000,
            "costs.equipment_month": 12,
            "grants.core": grant({0: 50, 12: 50}),
            "services.visit": service(
                outside_share=1, staff_days=1, offered_year=12, materials=10, travel=20
            ),
        }
    )
    record = run(plan)
    # Six months are the root of a year: 1.1 ** 0.5 = 1.0488.
    assert by_month(record, "salaries")[0:13:6] == [1000_00, 1048_81, 1100_00]
    assert by_month(record, "premises")[0:13:6] == [500_00, 524_40, 550_00]
    assert by_month(record, "overhead")[0:13:6] == [100_00, 104_88, 110_00]
    assert by_month(record, "equipment")[12] == 3300_00
    # A visit is held at each month's end: the twelfth in month 12.
    assert by_month(record, "materials")[12] == 11_00
    assert by_month(record, "travel")[12] == 22_00
    assert by_month(record, "subcontractors")[12] == 66_00
    # What a donor promised in money stays the same.
    assert by_month(record, "programme_discretionary")[0:13:12] == [-50_00, -50_00]


def test_what_a_contract_is_worth_rises_with_costs() -> None:
    plan = bare(
        {
            "economy": {**ECONOMY, "inflation_year": 0.1},
            "contracts.project": contract(calls_year=60, amount=1000, advance_share=1),
        }
    )
    record = run(plan)
    won = counted(record, "project.won")
    assert min(won[0], won[12]) > 0
    income = by_month(record, "international_projects")
    assert (income[0], income[12]) == (-1000_00 * won[0], -1100_00 * won[12])


def test_prices_follow_the_stated_part_of_inflation() -> None:
    for follows, price in ((0.0, 100_00), (0.5, 105_00), (1.0, 110_00)):
        plan = bare(
            {
                "economy": {**ECONOMY, "inflation_year": 0.1, "price_follow_share": follows},
                "services.visit": service(clients=asked_for(8, 100)),
            }
        )
        record = run(plan)
        visits = counted(record, "visit.done")
        assert by_month(record, "fees_visit")[0] == -100_00 * visits[0]
        assert visits[12] > 0
        assert by_month(record, "fees_visit")[12] == -price * visits[12]


def test_what_clients_would_pay_rises_with_inflation() -> None:
    # Willing to pay 100, asked for 105: too much in the first month, not after half a year.
    plan = bare(
        {
            "economy": {**ECONOMY, "inflation_year": 0.1},
            "services.visit": service(clients=asked_for(8, 104, willingness=100)),
        }
    )
    record = run(plan)
    done, asked = counted(record, "visit.done"), counted(record, "visit.asked")
    assert sum(done[:5]) == 0
    # 1.1 ** (5 / 12) = 1.0405 is enough for 104.
    assert done[5:] == asked[5:]


def test_a_trend_moves_what_a_foreign_grant_is_worth_and_no_other() -> None:
    # 0.12 a year is 0.01 a month: exp(0.06) = 1.061837 after six months.
    plan = bare(
        {
            "exchange": {"drift_year": 0.12, "volatility_year": 0},
            "grants.abroad": grant({0: 1000, 6: 1000}, foreign=True),
            "grants.home": grant({0: 10, 6: 10}, giver="other"),
        }
    )
    record = run(plan)
    assert by_month(record, "programme_discretionary")[0:7:6] == [-1000_00, -1061_84]
    assert by_month(record, "other_support")[0:7:6] == [-10_00, -10_00]


def test_what_foreign_money_is_worth_spreads_as_stated_after_a_year() -> None:
    plan = bare({"exchange": {"drift_year": 0, "volatility_year": 0.2}})
    logs = [math.log(world_of(plan, 5, r).exchange[12]) for r in range(600)]
    assert sum(logs) / 600 == pytest.approx(0, abs=4 * 0.2 / math.sqrt(600))
    assert math.sqrt(sum(x * x for x in logs) / 600) == pytest.approx(0.2, rel=0.12)


def test_recessions_come_and_last_as_stated() -> None:
    terms = {**ECONOMY, "recessions_year": 0.5, "recession_months": 6}
    plan = bare({"economy": terms, "horizon.judged_month": 1200})
    worlds = [world_of(plan, 5, r) for r in range(20)]
    spans = [span for w in worlds for span in w.recessions[: w.cycle.recessions - 1]]
    lengths = [span.end - span.begin for span in spans]
    n = len(lengths)
    assert sum(lengths) / n == pytest.approx(6, abs=4 * 6 / math.sqrt(n))
    # 24 months of growth and 6 of recession in the mean: 40 of them in 1,200 months.
    assert n / 20 == pytest.approx(40, abs=4)


def test_demand_is_low_from_a_recession_s_first_day_to_its_last() -> None:
    terms = {**ECONOMY, "recessions_year": 1, "recession_months": 6, "recession_demand": 0.2}
    exposed = {"full": 1, "half": 0.5, "none": 0}
    offered = {f"services.{name}": service(clients=asked_for()) for name in exposed}
    exposure = {
        f"services.{name}": {**offered[f"services.{name}"], "cycle_exposure": share}
        for name, share in exposed.items()
    }
    plan = bare({"economy": terms, **exposure, "services.plain": service(clients=asked_for())})
    inputs, world = tables_for(plan).inputs, world_of(plan, 5)
    first = world.recessions[0]
    middle = (first.begin + first.end) / 2
    moments = ((first.begin, 0.2), (middle, 0.2), (first.end, 1), (first.begin - 1e-9, 1))
    names = tables_for(plan).names.services
    for time, demand in moments:
        market = MarketState(inputs, world, Clock(time), AbilityState(inputs))
        for source in inputs.sources:
            share = exposed.get(names[source.service], 0)
            left = 1 - share * (1 - demand)
            if names[source.service] in (*exposed, "plain"):
                assert market.enquiry_rate_month(source) == pytest.approx(left)


# ------------------------------------------------------------------ the host


HOSTED: dict[str, Any] = {
    "host": {**HOST, "cash_month": 200, "premises_share": 0.4},
    "costs.premises_month": 300,
    "posts.lent": post(salary_month=600, payer="host", then="ends", role="lent"),
    "posts.kept": post(salary_month=350, payer="host", then="centre", role="kept"),
}


def test_a_host_delivers_cash_rooms_and_people() -> None:
    record = run(bare(HOSTED))
    assert by_month(record, "host_cash") == [-200_00] * 24
    assert by_month(record, "in_kind_premises") == [120_00] * 24
    assert by_month(record, "premises") == [180_00] * 24
    assert by_month(record, "in_kind_salaries") == [950_00] * 24
    assert total(record, "salaries") == 0


def test_a_host_that_delivers_in_part_delivers_that_part() -> None:
    plan = bare({**HOSTED, "host.delivered_share": 0.25})
    lent = kept = 0
    for replication in range(200):
        record = run(changed(plan, {"horizon.judged_month": 1}), replication=replication)
        assert by_month(record, "host_cash") == [-50_00]
        # A quarter of 0.4 of 300.
        assert by_month(record, "in_kind_premises") == [30_00]
        assert by_month(record, "premises") == [270_00]
        # A person comes or does not; the centre pays the one it cannot do without itself.
        in_kind, own = by_month(record, "in_kind_salaries")[0], by_month(record, "salaries")[0]
        kept += own == 0
        lent += in_kind in (600_00, 950_00)
        assert own == (0 if in_kind in (350_00, 950_00) else 350_00)
    for came in (lent, kept):
        assert came / 200 == pytest.approx(0.25, abs=4 * math.sqrt(0.25 * 0.75 / 200))


def test_while_a_host_is_in_default_nothing_comes_and_the_centre_takes_over_what_it_must() -> None:
    trouble = {**TROUBLE, "defaults_year": 2, "default_months": 4}
    plan = bare({**HOSTED, "host.trouble": trouble, "horizon.judged_month": 60})
    months_without = 0
    for replication in range(20):
        record = run(plan, replication=replication)
        cash = [-cents for cents in by_month(record, "host_cash")]
        # The host delivers or does not, everything at once.
        assert set(cash) <= {0, 200_00}
        delivered = [cents > 0 for cents in cash]
        months_without += delivered.count(False)
        assert by_month(record, "in_kind_premises") == [120_00 * d for d in delivered]
        assert by_month(record, "premises") == [300_00 - 120_00 * d for d in delivered]
        assert by_month(record, "in_kind_salaries") == [950_00 * d for d in delivered]
        assert by_month(record, "salaries") == [350_00 * (not d) for d in delivered]
    # Six months of delivery, four of default in the mean.
    assert months_without / (20 * 60) == pytest.approx(0.4, abs=0.1)


def test_a_lost_host_never_comes_back() -> None:
    trouble = {**TROUBLE, "losses_year": 1, "defaults_year": 1, "default_months": 1}
    plan = bare({**HOSTED, "host.trouble": trouble})
    lost_in_time = 0
    for replication in range(20):
        told = traced(plan, replication)
        lost = next(iter(moments(told, "the host is lost")), None)
        record = run(plan, replication=replication)
        if lost is None:
            continue
        lost_in_time += 1
        after = slice(math.floor(lost), 24)
        left = 24 - math.floor(lost)
        assert by_month(record, "host_cash")[after] == [0] * left
        assert by_month(record, "premises")[after] == [300_00] * left
        assert by_month(record, "in_kind_salaries")[after] == [0] * left
        assert by_month(record, "salaries")[after] == [350_00] * left
    assert lost_in_time > 10


def test_a_centre_that_moves_out_does_nothing_meanwhile_and_pays_its_people() -> None:
    plan = bare(
        {
            "host": {**HOST, "trouble": {**TROUBLE, "losses_year": 1, "move_months": 5}},
            "posts.expert": post(people=2, salary_month=100),
            "services.visit": service(offered_year=24),
        }
    )
    moved = 0
    for replication in range(20):
        told = traced(plan, replication)
        lost = next(iter(moments(told, "the host is lost")), None)
        done = [time for time, what in told if what.startswith("visit for all") and "done" in what]
        assert by_month(run(plan, replication=replication), "salaries") == [200_00] * 24
        if lost is None or lost > 18:
            continue
        moved += 1
        assert not any(lost < time < lost + 5 for time in done)
        # What was put off is done on the first day after.
        put_off = sum(lost < 0.5 * number < lost + 5 for number in range(1, 49))
        assert sum(math.isclose(time, lost + 5) for time in done) >= put_off > 8
    assert moved > 8


def test_nobody_works_during_a_move_newcomers_included() -> None:
    plan = bare(
        {
            "host": {**HOST, "trouble": {**TROUBLE, "losses_year": 12, "move_months": 12}},
            "posts.later": post(from_month=6),
            "services.visit": service(offered_year=24),
        }
    )
    for replication in range(10):
        told = traced(plan, replication)
        lost = moments(told, "the host is lost")[0]
        done = [time for time, what in told if what.startswith("visit for all") and "done" in what]
        assert not any(lost < time < lost + 12 for time in done)


def test_a_host_keeps_its_fee_of_what_clients_and_the_ministry_pay_until_it_is_lost() -> None:
    clients = asked_for(3, 99.99, ministry_pays=10)
    plan = bare(
        {
            "host": {**HOST, "management_fee_share": 0.1},
            "ministry": {"budget_year": 1e6, "payment_delay_months": 0},
            "membership": {"fee_year": 50, "joins_probability": 1, "stays_probability": 0},
            "services.visit": service(clients=clients),
        }
    )
    record = run(plan)
    # A tenth of 99.99 is 9.999, so 10.00; of 10 it is 1.00; of 50 it is 5.00.
    visits = counted(record, "visit.done")
    assert sum(visits) > 40
    assert by_month(record, "management_fee") == [16_00 * n for n in visits]
    trouble = {**TROUBLE, "losses_year": 12}
    alone = changed(plan, {"host.trouble": trouble})
    lost = moments(traced(alone), "the host is lost")[0]
    fees = by_month(run(alone), "management_fee")
    assert fees[math.ceil(lost) :] == [0] * (24 - math.ceil(lost))


def test_a_host_keeps_its_fee_of_all_that_a_contract_pays() -> None:
    job = contract(calls_year=2, advance_share=0.5, amount=1000)
    plan = bare({"host": {**HOST, "management_fee_share": 0.1}, "contracts.project": job})
    record = run(plan)
    paid = -total(record, "international_projects") - total(record, "receivables")
    assert total(record, "management_fee") == paid // 10


def test_a_fee_is_taken_of_money_that_came_not_of_invoices() -> None:
    plan = bare(
        {
            "host": {**HOST, "management_fee_share": 0.1},
            "services.visit": service(clients=asked_for(3, 100)),
            "segments.firms.bad_debt_probability": 1,
        }
    )
    record = run(plan)
    assert total(record, "fees_visit") < 0
    assert total(record, "management_fee") == 0


# ------------------------------------------------------------------ always


def test_a_director_who_never_does_anything_changes_nothing() -> None:
    plan = bare({"services.visit": service(staff_days=30, clients=asked_for(2, 100))})
    idle = changed(plan, {"management": MANAGEMENT})
    for replication in range(5):
        a, b = run(plan, replication=replication), run(idle, replication=replication)
        assert (a.net_cents == b.net_cents).all()
        assert (
            a.cash_cents()[-1]
            == b.cash_cents()[-1]
            == -b.net_cents[Account.FEES].sum() - (b.net_cents[Account.RECEIVABLES].sum())
        )
