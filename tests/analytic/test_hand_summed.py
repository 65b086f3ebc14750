"""Plans without chance, their books summed by hand, month by month and to the cent."""

import math
from typing import Any

import pytest

from ncpcsim.model.streams import Streams, one, stream_key
from tests.measured import outcome
from tests.plans import (
    HOST,
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

DIRECT_SHARES = earmarks(salaries=0.5, subcontractors=0.2, travel=0.2, equipment=0.1)


FULL: dict[str, Any] = {
    "opening.cash": 10_000,
    "horizon.judged_month": 6,
    "staff.social_security_share": 0.35,
    "staff.outside_day_rate": 60,
    "host": {**HOST, "cash_month": 200, "premises_share": 0.4, "delay_months": 1},
    "posts": {
        "director": post(role="director", salary_month=1000, payer="direct"),
        "trainer": post(role="trainer", salary_month=300, payer="direct", then="ends"),
        "technical": post(people=2, salary_month=500.10, from_month=2),
        "lent": post(salary_month=600, payer="host", then="ends", until_month=5),
    },
    "costs": {
        "from_month": 1,
        "premises_month": 300.01,
        "materials_month": 50,
        "travel_month": 20,
        "overhead_month": 30,
        "miscellaneous_month": 10,
        "equipment": 1000,
        "equipment_month": 2,
        "equipment_life_months": 3,
    },
    "grants": {
        "direct": grant(
            {0: 4000, 2: 2000.03},
            terms="earmarked",
            until_month=4,
            earmarks=DIRECT_SHARES,
            spend_months=3,
        ),
        "core": grant({0: 3000}),
        "ministry": grant({1: 1500}, giver="domestic_public"),
        "sponsor": grant({3: 250}, giver="corporate"),
        "friends": grant({5: 100}, giver="other"),
        "embassy": grant(
            {4: 90}, giver="other", terms="earmarked", earmarks=earmarks(travel=1), spend_months=2
        ),
    },
    "services": {
        "seminar": service(
            staff_days=4,
            outside_share=0.25,
            materials=15,
            travel=5,
            participants=9,
            offered_year=12,
            clients={},
        )
    },
}


# Seminars are called at months 1, 2, ... 6. The first finds nobody until, at the same stroke, the
# host's person comes; 4 days, a quarter of them an expert's, keep a person 3 of 20 days, so each is
# done 0.15 months later, in months 1 to 5. The sixth is called at the end and never done.
# Each costs 15 of materials, 5 of travel, and 1 expert's day at 60.
FULL_BOOKS: dict[str, list[int]] = {
    # Money at the centre's discretion, on the day.
    "programme_discretionary": [-3000_00, 0, 0, 0, 0, 0],
    "domestic_public": [0, -1500_00, 0, 0, 0, 0],
    "corporate_support": [0, 0, 0, -250_00, 0, 0],
    "other_support": [0, 0, 0, 0, 0, -100_00],
    # The host begins a month late. It bears 0.4 of 300.01 (12,000.4 cents, so 120.00) in kind.
    "host_cash": [0, -200_00, -200_00, -200_00, -200_00, -200_00],
    "premises": [0, 180_01, 180_01, 180_01, 180_01, 180_01],
    "in_kind_premises": [0, 120_00, 120_00, 120_00, 120_00, 120_00],
    "in_kind_salaries": [0, 600_00, 600_00, 600_00, 600_00, 0],
    "in_kind_income": [0, -720_00, -720_00, -720_00, -720_00, -120_00],
    # Earmarked: 4,000.00 = 2,000 salaries + 800 + 800 + 400. In month 2 comes 2,000.03, of which
    # 1,000.015 + 400.006 + 400.006 + 200.003: two cents are left over after rounding down and go
    # to the largest remainders, 0.6 each: 1,000.01 + 400.01 + 400.01 + 200.00.
    #
    # Director and trainer cost 1,300 a month until month 3.
    #   month 0: 1,300.00 from the grant, 700.00 left.
    #   month 1: the director takes those 700.00, the centre advances 300.00 + 300.00.
    #   month 2: of the new 1,000.01 the centre gets 600.00 back at once. 400.01 go to the director,
    #            the centre advances 599.99 + 300.00.
    #   month 3: the centre advances 1,300.00. Nothing is repaid any more.
    "earmarked_salaries": [1300_00, 700_00, 1000_01, 0, 0, 0],
    # 800 in thirds: 266.66, 266.67, 266.67; 400.01 in thirds from month 2: 133.33, 133.34, 133.34.
    "earmarked_subcontractors": [266_66, 266_67, 400_00, 133_34, 133_34, 0],
    # The same, and the embassy's 90 halved over months 4 and 5.
    "earmarked_travel": [266_66, 266_67, 400_00, 133_34, 178_34, 45_00],
    # 400 in thirds: 133.33, 133.33, 133.34; 200 in thirds: 66.66, 66.67, 66.67.
    "earmarked_equipment": [133_33, 133_33, 200_00, 66_67, 66_67, 0],
    "programme_earmarked": [-1966_65, -1366_67, -2000_01, -333_35, -333_35, 0],
    "other_earmarked": [0, 0, 0, 0, -45_00, -45_00],
    "earmarked_cash": [2033_35, -1366_67, 2, -333_35, -288_35, -45_00],
    "earmarked_grants_unspent": [-2033_35, 1366_67, -2, 333_35, 288_35, 45_00],
    # Salaries the centre pays: advances of 600 in month 1; 899.99 less the 600 repaid in month 2;
    # 1,300 in month 3; the director's 1,000 from month 4; two of 500.10 from month 2.
    "salaries": [0, 600_00, 1300_19, 2300_20, 2000_20, 2000_20],
    # On what the centre owes itself, advances left out: 0.35 of 500.10 is 175.035, booked 175.04.
    "social_security": [0, 0, 350_08, 350_08, 700_08, 700_08],
    "subcontractors": [0, 60_00, 60_00, 60_00, 60_00, 60_00],
    "materials": [0, 65_00, 65_00, 65_00, 65_00, 65_00],
    "travel": [0, 25_00, 25_00, 25_00, 25_00, 25_00],
    "overhead": [0, 30_00, 30_00, 30_00, 30_00, 30_00],
    "miscellaneous": [0, 10_00, 10_00, 10_00, 10_00, 10_00],
    # 1,000 in thirds, the last one larger.
    "equipment": [0, 0, 1000_00, 0, 0, 0],
    "depreciation": [0, 0, 333_33, 333_33, 333_34, 0],
    "accumulated_depreciation": [0, 0, -333_33, -333_33, -333_34, 0],
    # In: the grants and the host. Out: salaries to miscellaneous above, and the equipment.
    #   month 0: + 3,000.00
    #   month 1: + 1,500.00 + 200.00 - 180.01 - 600.00 - 60.00 - 65.00 - 25.00 - 30.00 - 10.00
    #   month 2: + 200.00 - 180.01 - 1,300.19 - 350.08 - 190.00 - 1,000.00
    #   month 3: + 250.00 + 200.00 - 180.01 - 2,300.20 - 350.08 - 190.00
    #   month 4: + 200.00 - 180.01 - 2,000.20 - 700.08 - 190.00
    #   month 5: + 100.00 + 200.00 - 180.01 - 2,000.20 - 700.08 - 190.00
    "cash": [3000_00, 729_99, -2820_28, -2570_29, -2870_29, -2770_29],
}


def test_every_account_of_a_full_plan_moves_as_summed_by_hand() -> None:
    record = run(bare_plan(FULL))
    assert booked(record) == FULL_BOOKS
    assert record.cash_cents().tolist() == [
        13000_00,
        13729_99,
        10909_71,
        8339_42,
        5469_13,
        2698_84,
    ]
    assert record.closed_month is None


def test_receipts_and_payments_of_a_full_plan_are_apart() -> None:
    record = run(bare_plan(FULL))
    # Month 2: the host's 200 and the 600 repaid by the grant. Month 4: the host alone.
    assert record.receipts_cents.tolist() == [3000_00, 1700_00, 800_00, 450_00, 200_00, 300_00]
    assert record.payments_cents.tolist() == [
        0,
        970_01,
        3620_28,
        3020_29,
        3070_29,
        3070_29,
    ]


def test_seminars_of_a_full_plan_are_counted_in_their_months() -> None:
    record = run(bare_plan(FULL))
    # Called at the stroke that ends a month, the call belongs to the month that ends.
    assert counted(record, "seminar.asked") == [1, 1, 1, 1, 1, 1]
    assert counted(record, "seminar.done") == [0, 1, 1, 1, 1, 1]
    assert counted(record, "seminar.participants") == [0, 9, 9, 9, 9, 9]


def test_randomness_moves_nothing_where_a_plan_leaves_nothing_to_it() -> None:
    plan = bare_plan(FULL)
    assert booked(run(plan, seed=2, replication=7)) == FULL_BOOKS


def test_coverage_of_a_full_plan_is_its_hand_summed_ratio() -> None:
    plan = bare_plan(FULL)
    coverage = outcome(run(plan), plan.numbers.thresholds).coverage
    # Operating expenditure, salaries to depreciation: 8,200.79 + 2,100.32 + 300 + 900.05 + 325
    # + 125 + 150 + 50 + 1,000.
    spent = 13151_16
    assert coverage["fee"] == 0
    # The ministry's 1,500, the sponsor's 250 and the host's 1,000; then the friends' 100.
    assert coverage["domestic"] == pytest.approx(2750_00 / spent, rel=1e-12)
    assert coverage["programme_free"] == pytest.approx(2850_00 / spent, rel=1e-12)


# ------------------------------------------------------------------ late money

LATE: dict[str, Any] = {
    "horizon.judged_month": 24,
    "posts.expert": post(salary_month=500, payer="direct", then="ends"),
    "grants.direct": grant(
        {0: 6000},
        terms="earmarked",
        until_month=6,
        earmarks=earmarks(salaries=0.5, travel=0.5),
        spend_months=4,
    ),
}


def test_a_late_grant_repays_what_the_centre_advanced() -> None:
    punctual = run(bare_plan(LATE), replication=1)
    late = run(changed(bare_plan(LATE), {"grants.direct.delay_months": 3.5}), replication=1)

    # An exponential time of mean 3.5, by the inverse of its distribution: it comes in month 2.
    arrives = -3.5 * math.log(1 - one(Streams(1, 1), stream_key("grant.direct"), 0))
    assert round(arrives, 2) == 2.44
    # Two month ends are advanced at 500; on arrival both come back.
    assert by_month(late, "salaries") == [500_00, 500_00, -1000_00] + [0] * 21
    assert by_month(late, "cash") == [-500_00, -500_00, 1000_00] + [0] * 21
    # The grant pays those two and the four that are left of its six.
    assert by_month(late, "earmarked_salaries") == [0, 0, 1500_00, 500_00, 500_00, 500_00] + (
        [0] * 18
    )
    # The other half, 3,000 in quarters, starts when it comes.
    assert by_month(late, "earmarked_travel") == [0, 0] + [750_00] * 4 + [0] * 18

    assert late.closing_cents() == punctual.closing_cents()
    assert by_month(punctual, "salaries") == [0] * 24


def test_what_arrives_at_the_end_of_a_month_pays_the_next_month() -> None:
    # Due in month 2, so after the second month end: two salaries are advanced and come back.
    plan = changed(
        bare_plan(LATE),
        {"grants.direct.tranches": [{"month": 2, "amount": 6000}]},
    )
    record = run(plan)
    assert by_month(record, "cash")[:4] == [-500_00, -500_00, 1000_00, 0]
    assert by_month(record, "earmarked_salaries")[:4] == [0, 0, 1500_00, 500_00]


def test_a_tranche_that_covers_half_of_the_advances_repays_half() -> None:
    plan = changed(
        bare_plan(LATE),
        {
            "grants.direct.tranches": [
                {"month": 2, "amount": 1000},
                {"month": 3, "amount": 5000},
            ]
        },
    )
    record = run(plan)
    # Two advances of 500; half of 1,000 is for salaries and repays one of them, so the third
    # salary is advanced too; 2,500 then repay the 1,000 still owed and pay 500 a month for three.
    assert by_month(record, "cash")[:7] == [-500_00, -500_00, 0, 1000_00, 0, 0, 0]
    assert by_month(record, "earmarked_salaries")[:7] == [0, 0, 500_00, 1500_00, 500_00, 500_00, 0]
    assert total(record, "earmarked_grants_unspent") == 0


# ------------------------------------------------------------------ a host in default

HOSTED: dict[str, Any] = {
    "host": {
        **HOST,
        "premises_share": 0.4,
        "logistics_share": 0.35,
        "delivered_share": 0.9,
        "delay_months": 1,
        "trouble": {
            "defaults_year": 2,
            "default_months": 2,
            "losses_year": 0,
            "move_months": 0,
        },
    },
    "costs.premises_month": 300.01,
    "costs.materials_month": 50.05,
    "costs.overhead_month": 30.15,
}


# It bears 0.9 x 0.4 of the rent, 10,800.36 cents; and line by line 0.9 x 0.35 of the materials,
# 1,576.575 cents, and of the overhead, 949.725 cents: 15.77 and 9.50, where 0.315 of both together
# would be 25.26. The delay takes the first month; the default those that end at 3 and 4.
GIVES = [False, True, False, False, True, True]


def test_the_host_of_the_hand_summed_plan_stops_delivering_when_it_says() -> None:
    until, length, *_ = Streams(1, 10).table(stream_key("host.default"), 0, 1, 4)[0].tolist()
    stops = -6 * math.log(1 - until)
    assert (round(stops, 3), round(stops - 2 * math.log(1 - length), 3)) == (2.581, 4.848)


def test_what_a_host_bears_of_rent_and_logistics_is_all_that_the_centre_does_not_pay() -> None:
    record = run(bare_plan(HOSTED), replication=10)
    assert booked(record) == {
        "premises": [192_01 if gives else 300_01 for gives in GIVES],
        "materials": [34_28 if gives else 50_05 for gives in GIVES],
        "overhead": [20_65 if gives else 30_15 for gives in GIVES],
        "in_kind_premises": [108_00 * gives for gives in GIVES],
        "in_kind_logistics": [25_27 * gives for gives in GIVES],
        "in_kind_income": [-133_27 * gives for gives in GIVES],
        "cash": [-246_94 if gives else -380_21 for gives in GIVES],
    }
