"""Clients, closing and what accounts showed, summed by hand."""

import math
from statistics import NormalDist
from typing import Any

import pytest

from ncpcsim.experiment.tables import tables_for
from ncpcsim.measures.judgement import Judgement
from ncpcsim.model.ending import Cause
from ncpcsim.model.streams import Streams, candidates, one, stream_key
from ncpcsim.reference.assembly import simulate
from ncpcsim.reference.work import WIDTH
from ncpcsim.rules import year_level
from tests.measured import outcome
from tests.plans import (
    bare_plan,
    booked,
    by_month,
    changed,
    counted,
    earmarks,
    grant,
    post,
    run,
    service,
    total,
)

# ------------------------------------------------------------------ clients

RATE_MONTH = 1.0


CLIENTS: dict[str, Any] = {
    "market.decision_months": 0.25,
    # 100 clients, all aware, who ask 0.12 times a year: one enquiry a month.
    "services.visit": service(
        staff_days=10,
        materials=7,
        clients={"firms": {"asks_year": 0.12, "price": 500, "willingness": 500}},
    ),
}


# Of seed 1, replication 2, to three decimals: when they ask, the exponential time of mean 1 that
# each takes to pay, and the draw below which each does not.
ASKED = [0.401, 1.431, 2.507, 3.450, 3.883, 3.900, 4.444, 5.163]


PAY_AFTER = [0.126, 0.861, 1.297, 0.880, 0.613, 0.307, 0.146, 3.598]


DEFAULT_BELOW = [0.588, 0.430, 0.665, 0.101, 0.927, 0.247, 0.885, 0.517]


def test_the_clients_of_the_hand_summed_plan_come_as_it_says() -> None:
    found = list(candidates(Streams(1, 2), stream_key("enquiry.visit.firms"), RATE_MONTH, 6, WIDTH))
    rows = [candidate.row.tolist() for candidate in found]
    assert [round(candidate.time, 3) for candidate in found] == ASKED
    assert [round(-math.log(1 - draws[5]), 3) for draws in rows] == PAY_AFTER
    assert [round(draws[6], 3) for draws in rows] == DEFAULT_BELOW


# Each decides after 0.25 months; one person works half a month on each, first come first served:
#
#   asked  decided  begun  done
#   0.401   0.651   0.651  1.151
#   1.431   1.681   1.681  2.181
#   2.507   2.757   2.757  3.257
#   3.450   3.700   3.700  4.200
#   3.883   4.133   4.200  4.700
#   3.900   4.150   4.700  5.200
#   4.444   4.694   5.200  5.700
#   5.163   5.413   5.700  6.200, after the end
DONE = [0, 1, 1, 1, 2, 2]


def test_known_clients_are_served_and_pay_at_once() -> None:
    record = run(bare_plan(CLIENTS), replication=2)
    assert counted(record, "visit.asked") == [1, 1, 1, 3, 1, 1]
    assert counted(record, "visit.done") == DONE
    assert booked(record) == {
        "fees_visit": [-500_00 * done for done in DONE],
        "materials": [7_00 * done for done in DONE],
        "cash": [493_00 * done for done in DONE],
    }


def test_known_clients_pay_late_and_some_never() -> None:
    plan = changed(
        bare_plan(CLIENTS),
        {
            "segments.firms.payment_delay_months": 1,
            "segments.firms.bad_debt_probability": 0.3,
            "market.write_off_months": 0.5,
        },
    )
    record = run(plan, replication=2)
    # Paid at 1.151 + 0.126, 2.181 + 0.861, 3.257 + 1.297, 4.700 + 0.613 and 5.700 + 0.146. The
    # fourth and sixth draw 0.101 and 0.247, below 0.3: written off at 4.700 and 5.700.
    paid = [0, 1, 0, 1, 1, 2]
    lost = [0, 0, 0, 0, 1, 1]
    assert booked(record) == {
        "fees_visit": [-500_00 * done for done in DONE],
        "bad_debts": [500_00 * n for n in lost],
        "receivables": [500_00 * (d - p - n) for d, p, n in zip(DONE, paid, lost, strict=True)],
        "materials": [7_00 * done for done in DONE],
        "cash": [500_00 * p - 7_00 * d for p, d in zip(paid, DONE, strict=True)],
    }


def test_known_clients_who_tire_of_waiting_leave_the_queue_to_others() -> None:
    # Nobody waits longer than no time at all: of those above, the fifth finds the person busy and
    # leaves; so does the sixth. The seventh, 4.694, then finds the person free since 4.200 and is
    # done at 5.194, the eighth, 5.413, at 5.913.
    plan = changed(bare_plan(CLIENTS), {"segments.firms.patience_months": 0})
    record = run(plan, replication=2)
    assert counted(record, "visit.left") == [0, 0, 0, 0, 2, 0]
    assert counted(record, "visit.done") == [0, 1, 1, 1, 1, 2]


def test_known_clients_do_not_pay_before_the_centre_has_made_its_name() -> None:
    # Charged from month 3: the answers of months 0, 1 and 2 come before, that of 3.700 is the first
    # to cost. The price is agreed at the answer, not when the work is done.
    plan = changed(bare_plan(CLIENTS), {"market.charge_from_month": 3})
    record = run(plan, replication=2)
    assert by_month(record, "fees_visit") == [0, 0, 0, 0, -1000_00, -1000_00]


def test_each_known_client_asks_once_more_for_the_service_that_follows() -> None:
    plan = changed(
        bare_plan(CLIENTS),
        {
            "services.check": service(
                travel=3,
                follows={"service": "visit", "probability": 1},
                clients={"firms": {"asks_year": 0, "price": 80, "willingness": 80}},
            )
        },
    )
    record = run(plan, replication=2)
    # A check is asked for when a visit is done, decided on 0.25 months later, and takes no time
    # once the person is free. Whoever decided first goes first:
    #
    #   visit until  check decided  done
    #   1.151        1.401          1.401
    #   2.181        2.431          2.431
    #   3.257        3.507          3.507
    #   4.200        4.450          5.200, after the visits decided on at 4.133 and 4.150
    #   4.700        4.950          5.700, after the visit decided on at 4.694
    #   5.200        5.450          never: the visit decided on at 5.413 lasts beyond the end
    #   5.700        5.950          never
    assert counted(record, "check.asked") == DONE
    assert counted(record, "check.done") == [0, 1, 1, 1, 0, 2]
    assert by_month(record, "fees_check") == [0, -80_00, -80_00, -80_00, 0, -160_00]
    assert by_month(record, "travel") == [0, 3_00, 3_00, 3_00, 0, 6_00]
    assert counted(record, "visit.done") == DONE


# ------------------------------------------------------------------ closing

SINKING = {"costs.overhead_month": 100, "liquidity.credit_line": 250}


# Cash at month ends: -100, -200, -250 with 50 unpaid, -250 with 150 unpaid, and 100 more a month.


@pytest.mark.parametrize("bear_months", [0, 1, 2])
def test_the_centre_closes_when_creditors_have_waited_as_long_as_they_bear(
    bear_months: int,
) -> None:
    plan = bare_plan({**SINKING, "liquidity.creditors_bear_months": bear_months})
    record = run(plan)
    month = 2 + bear_months
    assert record.closed_month == month
    # The bill of that month is still booked, none after it.
    assert by_month(record, "overhead") == [100_00] * (month + 1) + [0] * (5 - month)
    unpaid = [-50_00] + [-100_00] * bear_months
    assert by_month(record, "payables") == [0, 0, *unpaid, *[0] * (3 - bear_months)]
    end = outcome(record, plan.numbers.thresholds)
    assert end.lowest_cash_cents == end.closing_cash_cents == -250_00
    assert (end.lowest_cash_month, end.closed_month) == (2, month)
    assert end.judgement == Judgement.CLOSED
    assert (record.late_since, record.cause) == (2, Cause.PROGRAMME_OVER)


def test_nothing_is_unpaid_as_long_as_the_credit_line_lasts() -> None:
    plan = bare_plan({**SINKING, "liquidity.credit_line": 300})
    assert run(plan).closed_month == 3
    plan = bare_plan({**SINKING, "liquidity.credit_line": 299.99})
    record = run(plan)
    assert (record.closed_month, total(record, "payables")) == (2, -1)


def test_late_bills_that_are_paid_start_the_count_anew() -> None:
    # 50 unpaid in month 2; in month 3 come 250, of which 150 pay the month and the rest bill.
    rescued = {
        **SINKING,
        "horizon.judged_month": 8,
        "liquidity.creditors_bear_months": 1,
        "grants.rescue": grant({3: 250}, giver="other"),
    }
    record = run(bare_plan(rescued))
    # Cash -100, -200, -250, -150, -250, then 100 unpaid a month.
    assert by_month(record, "payables") == [0, 0, -50_00, 50_00, 0, -100_00, -100_00, 0]
    assert record.closed_month == 6
    assert record.late_since == 5


def test_the_last_month_end_can_still_be_the_one_too_many() -> None:
    plan = bare_plan({**SINKING, "liquidity.creditors_bear_months": 3})
    assert run(plan).closed_month == 5
    plan = bare_plan({**SINKING, "liquidity.creditors_bear_months": 4})
    assert run(plan).closed_month is None


# ------------------------------------------------------------------ what accounts showed


def test_a_tranche_with_earmarks_of_its_own_spends_by_them() -> None:
    own = {"month": 2, "amount": 1000, "earmarks": earmarks(equipment=0.25, miscellaneous=0.75)}
    terms = {"terms": "earmarked", "earmarks": earmarks(travel=1), "spend_months": 2}
    mixed = grant({0: 600}, **terms)
    mixed["tranches"].append(own)
    record = run(bare_plan({"grants.mixed": mixed}))
    # The first by the grant's key, in two months; the second by its own, in the two after.
    assert booked(record) == {
        "earmarked_cash": [300_00, -300_00, 500_00, -500_00, 0, 0],
        "earmarked_grants_unspent": [-300_00, 300_00, -500_00, 500_00, 0, 0],
        "programme_earmarked": [-300_00, -300_00, -500_00, -500_00, 0, 0],
        "earmarked_travel": [300_00, 300_00, 0, 0, 0, 0],
        "earmarked_equipment": [0, 0, 125_00, 125_00, 0, 0],
        "earmarked_miscellaneous": [0, 0, 375_00, 375_00, 0, 0],
    }


DRAWN = {"travel": 0.8, "equipment": 0.4}


def test_drawn_earmarks_are_taken_in_proportion() -> None:
    terms = {"terms": "earmarked", "earmarks": earmarks(travel=0.5, equipment=0.5)}
    direct = grant({0: 900}, spend_months=1, **terms)
    held = {"unit": "share", "assumption": True}
    direct["earmarks"] |= {
        name: {"distribution": "uniform", "low": share, "high": share, **held}
        for name, share in DRAWN.items()
    }
    plan = bare_plan({"grants.direct": direct})
    tables = tables_for(plan)
    words = tables.filled({f"grants.direct.earmarks.{name}": x for name, x in DRAWN.items()})
    record = simulate(tables, Streams(1, 0), words=words)
    assert total(record, "earmarked_travel") == 600_00
    assert total(record, "earmarked_equipment") == 300_00


def test_travel_may_begin_before_the_other_costs() -> None:
    costs = {"costs.travel_month": 20, "costs.overhead_month": 30, "costs.from_month": 3}
    record = run(bare_plan({**costs, "costs.travel_from_month": 1}))
    assert by_month(record, "travel") == [0, 20_00, 20_00, 20_00, 20_00, 20_00]
    assert by_month(record, "overhead") == [0, 0, 0, 30_00, 30_00, 30_00]
    with_the_rest = run(bare_plan(costs))
    assert by_month(with_the_rest, "travel") == [0, 0, 0, 20_00, 20_00, 20_00]


def test_a_year_strays_from_the_plan_line_by_line_and_as_a_whole() -> None:
    costs = {"costs.overhead_month": 100, "costs.travel_month": 100}
    plan = bare_plan({**costs, "horizon.judged_month": 24})
    spread = {"value": 0.4, "unit": "log units", "assumption": True}
    record = run(plan.variant({"costs.yearly_spread": spread}), replication=3)
    streams = Streams(1, 3)
    for line in ("overhead", "travel"):
        expected = []
        for year in (0, 1):
            z = NormalDist().inv_cdf(one(streams, stream_key(f"costs.{line}"), year))
            expected += [math.floor(100_00 * math.exp(0.4 * z - 0.08) + 0.5)] * 12
        assert by_month(record, line) == expected
    assert by_month(record, "overhead") != by_month(record, "travel")


def test_a_years_level_is_right_on_average() -> None:
    levels = [year_level(0.5, (i + 0.5) / 20_000) for i in range(20_000)]
    assert math.fsum(levels) / len(levels) == pytest.approx(1, abs=0.005)


def test_experts_come_when_the_service_is_charged_for() -> None:
    """Before, own staff do their part too: nobody would pay the experts (003, Figure 11)."""
    visit = service(staff_days=10, outside_share=0.5, offered_year=12)
    plan = bare_plan(
        {
            "services.visit": visit,
            "staff.outside_day_rate": 60,
            "market.charge_from_month": 3,
            "posts.expert": post(people=3),
        }
    )
    record = run(plan)
    # One a month, half a month's work of twenty days: five days by experts once it is charged for.
    begun_free, begun_charged = 10 * 8, 5 * 8
    hours = counted(record, "visit.staff_hours")
    paid = by_month(record, "subcontractors")
    assert begun_free in hours
    assert begun_charged in hours
    for month, (worked, cents) in enumerate(zip(hours, paid, strict=True)):
        assert (worked, cents) in ((0, 0), (begun_free, 0), (begun_charged, 300_00)), month
    assert hours.index(begun_charged) > len(hours) - 1 - hours[::-1].index(begun_free)
    always = run(plan.variant({"market.charge_from_month": 0}))
    assert set(by_month(always, "subcontractors")) <= {0, 300_00}
    assert total(always, "subcontractors") > total(record, "subcontractors")
