"""Tranches, donors and earmarked money, summed by hand."""

import math
from typing import Any

import pytest

from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.tables import tables_for
from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.reference.assembly import drawn_world
from tests.full_centre import (
    CREDIBILITY,
    bare,
    scheduled,
    traced,
)
from tests.funders import EXTENSION, REPLICATIONS, received
from tests.plans import (
    by_month,
    changed,
    earmarks,
    end_of,
    grant,
    post,
    run,
    total,
)

# ------------------------------------------------------------------ tranches


SHAPES: dict[tuple[str, float], dict[int, int]] = {
    # Equal parts; each half of the one before (8 + 4 + 2 + 1 of 15); 4 + 3 + 2 + 1 of 10.
    ("even", 12_000): {0: 3000_00, 6: 3000_00, 12: 3000_00, 18: 3000_00},
    ("front_loaded", 15_000): {0: 8000_00, 6: 4000_00, 12: 2000_00, 18: 1000_00},
    ("tapered", 10_000): {0: 4000_00, 6: 3000_00, 12: 2000_00, 18: 1000_00},
}


@pytest.mark.parametrize(("shape", "usd"), SHAPES)
def test_a_schedule_pays_its_total_in_its_shape(shape: str, usd: float) -> None:
    plan = bare({"grants.core": scheduled(usd, 6, shape, until_month=24)})
    assert by_month(run(plan), "programme_discretionary") == received(SHAPES[shape, usd], 24)


def test_a_schedule_runs_from_its_first_month_to_before_its_last() -> None:
    # Months 3, 8, 13 and 18; 23 would be the month in which the agreement has ended.
    plan = bare({"grants.core": scheduled(400, 5, "even", from_month=3, until_month=23)})
    due = dict.fromkeys((3, 8, 13, 18), 100_00)
    assert by_month(run(plan), "programme_discretionary") == received(due, 24)


def test_a_list_of_tranches_pays_what_it_says() -> None:
    plan = bare({"grants.core": grant({2: 70.01, 2 + 9: 5})})
    due = {2: 70_01, 11: 5_00}
    assert by_month(run(plan), "programme_discretionary") == received(due, 24)


def test_the_agency_keeps_its_support_cost_of_each_tranche() -> None:
    # 13 % of 1,000.01 is 130.0013, so 130.00; a tenth of 1,000.05 is 100.005, halves upward.
    plan = bare({"grants.core": grant({0: 1000.01}, support_cost_share=0.13)})
    assert by_month(run(plan), "cash")[0] == 870_01
    plan = bare({"grants.core": grant({0: 1000.05}, support_cost_share=0.1)})
    assert by_month(run(plan), "cash")[0] == 900_04


def test_support_cost_comes_off_before_earmarks_are_shared_out() -> None:
    # 1,000 less 13 % are 870: half of it for travel over two months, half for equipment.
    terms = {"terms": "earmarked", "earmarks": earmarks(travel=0.5, equipment=0.5)}
    plan = bare({"grants.direct": grant({0: 1000}, support_cost_share=0.13, **terms)})
    record = run(changed(plan, {"grants.direct.spend_months": 2}))
    assert by_month(record, "earmarked_travel")[:3] == [217_50, 217_50, 0]
    assert by_month(record, "earmarked_equipment")[:3] == [217_50, 217_50, 0]
    assert total(record, "earmarked_cash") == 0


def test_months_between_two_donors_are_paid_out_of_what_is_left() -> None:
    # 100 a month: the first donor's 1,200 last a year, then there is none until month 24.
    plan = bare(
        {
            "horizon.judged_month": 30,
            "costs.overhead_month": 100,
            "grants": {
                "first": grant({0: 1200}, until_month=12),
                "second": grant({24: 1800}, from_month=24, until_month=30),
            },
        }
    )
    cash = run(plan).cash_cents().tolist()
    assert cash[11] == 0
    assert cash[23] == -1200_00
    assert cash[24:] == [500_00 - 100_00 * month for month in range(6)]


def test_lateness_is_exponential_with_the_mean_that_is_stated() -> None:
    plan = bare({"grants.core": grant({0: 100}, delay_months=2)})
    late = []
    for replication in range(300):
        told = traced(changed(plan, {"horizon.judged_month": 60}), replication)
        late += [time for time, what in told if what.startswith("tranche 1 of core arrives")]
    mean = sum(late) / len(late)
    assert mean == pytest.approx(2, abs=4 * 2 / math.sqrt(300))
    # The spread of an exponential is its mean.
    spread = math.sqrt(sum((x - mean) ** 2 for x in late) / 300)
    assert spread == pytest.approx(2, rel=0.25)


# ------------------------------------------------------------------ what donors do


RISK = {"suspensions_year": 0, "suspension_months": 5, "early_ends_year": 0}


MONTHLY = (2400, 1, "even")


def test_an_early_end_cancels_all_later_tranches_and_the_posts_go_over_or_end() -> None:
    earmarked: dict[str, Any] = {
        "terms": "earmarked",
        "earmarks": earmarks(salaries=1),
        "until_month": 24,
        "donor": "embassy",
    }
    plan = bare(
        {
            "donors.embassy": {**RISK, "early_ends_year": 1.2},
            "grants.direct": scheduled(*MONTHLY, **earmarked),
            "staff.social_security_share": 0.5,
            "posts.boss": post(salary_month=60, payer="direct"),
            "posts.clerk": post(salary_month=40, payer="direct", then="ends"),
        }
    )
    early = 0
    for replication in REPLICATIONS:
        end = int(end_of(plan, "direct", 1, replication))
        early += end < 24
        record = run(plan, replication=replication)
        # 100 a month come and pay both, until the donor leaves; then the centre pays the one, and
        # nothing that nobody is paid from lies in the bank.
        assert by_month(record, "earmarked_cash") == [0] * 24
        assert by_month(record, "programme_earmarked") == received(
            dict.fromkeys(range(end), 100_00), 24
        )
        assert by_month(record, "earmarked_salaries") == [100_00] * end + [0] * (24 - end)
        assert by_month(record, "salaries") == [0] * end + [60_00] * (24 - end)
        assert by_month(record, "social_security") == [0] * end + [30_00] * (24 - end)
    assert early > len(REPLICATIONS) // 2


def test_early_ends_come_at_the_stated_rate() -> None:
    # Whole months of an exponential with a mean of 10 are geometric: 1 / (1 - exp(-0.1)).
    plan = bare(
        {
            "donors.embassy": {**RISK, "early_ends_year": 1.2},
            "grants.core": grant({0: 100}, donor="embassy", until_month=24_000),
        }
    )
    found = [end_of(plan, "core", 3, r) for r in range(8000)]
    mean = 1 / (1 - math.exp(-0.1))
    assert sum(found) / len(found) == pytest.approx(mean, abs=4 * mean / math.sqrt(len(found)))


def arrivals(told: list[tuple[float, str]]) -> dict[int, float]:
    """When each tranche of "core" arrives, by its number from 1."""
    words = "tranche "
    return {
        int(what.split()[1]): time
        for time, what in told
        if what.startswith(words) and "of core arrives" in what
    }


def test_suspended_tranches_wait_for_the_end_and_none_is_lost() -> None:
    plan = bare(
        {
            "horizon.judged_month": 84,
            "donors.embassy": {**RISK, "suspensions_year": 0.6},
            "grants.core": scheduled(*MONTHLY, donor="embassy", until_month=24),
        }
    )
    late = 0
    for replication in REPLICATIONS:
        found = arrivals(traced(plan, replication))
        assert sorted(found) == list(range(1, 25))
        assert all(time >= number - 1 for number, time in found.items())
        late += sum(time > number - 1 for number, time in found.items())
    # Begun at random at 0.05 a month and 5 months long, one is under way in month m with
    # probability 1 - exp(-0.05 min(m, 5)): 4.72 tranches of 24 in the mean.
    expected = sum(1 - math.exp(-0.05 * min(month, 5)) for month in range(24))
    assert late / len(REPLICATIONS) == pytest.approx(expected, abs=1.6)


def test_no_tranche_arrives_while_payments_are_suspended() -> None:
    # Often enough that one suspension begins while another is under way.
    plan = bare(
        {
            "horizon.follow_up_months": 60,
            "donors.embassy": {**RISK, "suspensions_year": 3},
            "grants.core": scheduled(*MONTHLY, donor="embassy", until_month=24),
        }
    )
    longest = 0.0
    for replication in REPLICATIONS:
        found = arrivals(traced(plan, replication))
        ended = {time for number, time in found.items() if time > number - 1}
        # A suspension that ends at `until` has been under way for five months.
        assert not any(
            until - 5 < time < until - 1e-9 for time in found.values() for until in ended
        )
        longest = max(longest, *(time - (number - 1) for number, time in found.items()))
    assert longest > 5


def months_paid(record: Record, name: str) -> list[int]:
    return [month for month, cents in enumerate(by_month(record, name)) if cents]


def one_donor(begins: int, **risk: float) -> Plan:
    """Two grants of one donor, paid monthly, the second from a later month on."""
    terms: dict[str, Any] = {"until_month": 24, "donor": "embassy"}
    return bare(
        {
            "donors.embassy": {**RISK, **risk},
            "donors.ministry": {**RISK, **risk},
            "horizon.follow_up_months": 60,
            "grants.first": scheduled(*MONTHLY, **terms),
            "grants.second": scheduled(*MONTHLY, giver="other", from_month=begins, **terms),
        }
    )


def test_one_donor_s_grants_are_suspended_and_ended_together() -> None:
    plan = one_donor(0, suspensions_year=1, early_ends_year=0.6)
    apart = changed(plan, {"grants.second.donor": "ministry"})
    differs = 0
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        first, second = (
            months_paid(record, name) for name in ("programme_discretionary", "other_support")
        )
        assert first == second
        other = run(apart, replication=replication)
        assert months_paid(other, "programme_discretionary") == first
        differs += months_paid(other, "other_support") != first
    assert differs > len(REPLICATIONS) // 2


def test_a_donor_who_has_left_pays_no_grant_that_begins_later() -> None:
    plan = one_donor(12, early_ends_year=1.2)
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        first, second = (
            months_paid(record, name) for name in ("programme_discretionary", "other_support")
        )
        assert second == [month for month in first if month >= 12]


def test_the_average_centre_s_programme_ends_all_its_grants_at_once() -> None:
    plan = load_plan("generic")
    tables = tables_for(plan)
    early = 0
    for replication in range(400):
        words = tables.filled(draw_parameters(plan, 1, replication))
        world = drawn_world(tables.read(words), Streams(1, replication))
        found = set(world.grant_ends)
        assert len(found) == 1
        early += found != {60}
    assert early > 20


def extended(then: str = "centre", **changes: float) -> dict[str, Any]:
    """A grant that pays a director 1,000 for six months, and perhaps for four more."""
    return {
        "grants.direct": grant(
            {0: 6000},
            terms="earmarked",
            earmarks=earmarks(salaries=1),
            until_month=6,
            extension={**EXTENSION, **changes},
        ),
        "posts.boss": post(salary_month=1000, payer="direct", then=then, role="director"),
        "credibility": {**CREDIBILITY, "at_start": 0.5},
        "horizon.judged_month": 14,
    }


def test_an_extension_pays_and_prolongs_the_post_that_the_centre_would_have_taken_over() -> None:
    record = run(bare(extended()))
    assert by_month(record, "earmarked_salaries") == [1000_00] * 10 + [0] * 4
    assert by_month(record, "salaries") == [0] * 10 + [1000_00] * 4
    assert total(record, "programme_earmarked") == -10_000_00


def test_an_extension_prolongs_the_post_that_ends_with_the_grant() -> None:
    record = run(bare(extended(then="ends")))
    assert by_month(record, "earmarked_salaries") == [1000_00] * 10 + [0] * 4
    assert total(record, "salaries") == 0


def test_an_extension_does_not_prolong_a_post_beyond_its_own_end() -> None:
    plan = changed(bare(extended(then="ends")), {"posts.boss.until_month": 8})
    assert by_month(run(plan), "earmarked_salaries") == [1000_00] * 8 + [0] * 6


def test_an_extension_of_money_comes_in_the_month_the_agreement_ends() -> None:
    core = grant({0: 10}, until_month=6, extension=EXTENSION, support_cost_share=0.1)
    record = run(bare({"grants.core": core}))
    assert by_month(record, "programme_discretionary") == received({0: 9_00, 6: 3600_00}, 24)


def test_a_centre_below_the_credibility_that_the_donor_asks_for_gets_no_extension() -> None:
    # At the credibility asked for it does (above); a hair below it does not.
    for changes in ({"credibility": 0.51}, {"probability": 0}):
        record = run(bare(extended(**changes)))
        assert by_month(record, "earmarked_salaries") == [1000_00] * 6 + [0] * 8
        assert by_month(record, "salaries") == [0] * 6 + [1000_00] * 8


def test_credibility_is_read_at_the_end_of_the_agreement() -> None:
    # 0.6 on the first day, fading at 0.05 a month: 0.444 after six months, below 0.5; at 0.03 a
    # month 0.501.
    for fade, extends in ((0.05, False), (0.03, True)):
        plan = bare(
            {**extended(), "credibility": {**CREDIBILITY, "at_start": 0.6, "fade_month": fade}}
        )
        assert (total(run(plan), "programme_earmarked") == -10_000_00) == extends


def test_a_donor_who_has_left_does_not_extend() -> None:
    leaving = {
        "donors.embassy": {**RISK, "early_ends_year": 12},
        "grants.direct.donor": "embassy",
    }
    plan = changed(bare(extended()), leaving)
    for replication in range(10):
        left = end_of(plan, "direct", 1, replication) < 6
        extended_too = total(run(plan, replication=replication), "programme_earmarked") < -6000_00
        assert extended_too != left


# ------------------------------------------------------------------ earmarked money


def test_a_centre_closes_with_earmarked_money_in_the_bank() -> None:
    # 90,000 for travel over 90 months lie in the bank; the rent of 100 has nothing to pay it, and
    # after two month ends the landlord waits no longer.
    travel = grant({0: 90_000}, terms="earmarked", earmarks=earmarks(travel=1), spend_months=90)
    plan = bare(
        {
            "grants.direct": travel,
            "costs.premises_month": 100,
            "liquidity.credit_line": 0,
            "liquidity.creditors_bear_months": 1,
        }
    )
    record = run(plan)
    assert record.closed_month == 1
    assert by_month(record, "payables")[:3] == [-100_00, -100_00, 0]
    assert record.closing_cents()["earmarked_cash"] == 88_000_00
    # The same money at the centre's discretion carries it to the end.
    own = run(changed(plan, {"grants.direct": grant({0: 90_000})}))
    assert own.closed_month is None


def test_earmarked_money_pays_only_the_posts_that_name_it() -> None:
    terms = {"terms": "earmarked", "earmarks": earmarks(salaries=1)}
    plan = bare(
        {
            "grants.direct": grant({0: 9000}, **terms),
            "posts.boss": post(salary_month=100, payer="direct", role="director"),
            "posts.expert.salary_month": 70,
            "costs.travel_month": 5,
        }
    )
    record = run(plan)
    assert by_month(record, "earmarked_salaries") == [100_00] * 24
    assert by_month(record, "cash") == [-75_00] * 24
    assert record.closing_cents()["earmarked_cash"] == 9000_00 - 24 * 100_00
    assert record.closing_cents()["earmarked_grants_unspent"] == -(9000_00 - 24 * 100_00)
