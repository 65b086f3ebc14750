"""Money of a bare centre, summed by hand: grants, contracts, ministry, host and economy."""

import math
from datetime import date
from typing import Any

import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.tables import tables_for
from ncpcsim.measures.coverage import incomes_cents
from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.reference.assembly import drawn_world
from ncpcsim.reference.clock import Clock
from ncpcsim.reference.market import Market
from tests.full_centre import (
    ECONOMY,
    MANAGEMENT,
    STANDING,
    TROUBLE,
    asked_for,
    bare,
    contract,
    moments,
    scheduled,
    traced,
)
from tests.plans import (
    HOST,
    by_month,
    changed,
    counted,
    earmarks,
    end_of,
    grant,
    post,
    run,
    service,
    total,
    world_of,
)

REPLICATIONS = range(40)


def received(tranches: dict[int, int], months: int) -> list[int]:
    """Income of some months in cents, as the books show it."""
    return [-tranches.get(month, 0) for month in range(months)]


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


EXTENSION = {"credibility": 0.5, "probability": 1, "months": 4, "amount": 4000}


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
        "credibility": {**STANDING, "at_start": 0.5},
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


def test_a_centre_below_the_standing_that_the_donor_asks_for_gets_no_extension() -> None:
    # At the standing asked for it does (above); a hair below it does not.
    for changes in ({"credibility": 0.51}, {"probability": 0}):
        record = run(bare(extended(**changes)))
        assert by_month(record, "earmarked_salaries") == [1000_00] * 6 + [0] * 8
        assert by_month(record, "salaries") == [0] * 6 + [1000_00] * 8


def test_standing_is_read_at_the_end_of_the_agreement() -> None:
    # 0.6 on the first day, fading at 0.05 a month: 0.444 after six months, below 0.5; at 0.03 a
    # month 0.501.
    for fade, extends in ((0.05, False), (0.03, True)):
        plan = bare(
            {**extended(), "credibility": {**STANDING, "at_start": 0.6, "fade_month": fade}}
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


# ------------------------------------------------------------------ contracts


def test_a_contract_costs_its_amount_less_overhead_and_pays_its_amount() -> None:
    # Calls until the end would leave contracts unfinished: they begin in the first months, for the
    # later ones are declined: their bids keep the only person for ever.
    plan = bare(
        {
            "horizon.judged_month": 36,
            "contracts.project": contract(calls_year=1, amount=1000.01),
        }
    )
    whole = 0
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        won = counted(record, "project.won")
        if sum(won[-4:]):
            continue
        whole += sum(won)
        # 0.4 of 1,000.01 stay: 400.00. Of 600.01 go 0.5 to subcontractors (300.005), 0.3 to travel
        # (180.003), the rest to equipment (120.002): the odd cent goes to the largest remainder.
        n = sum(won)
        assert total(record, "international_projects") == -1000_01 * n
        assert total(record, "subcontractors") == 300_01 * n
        assert total(record, "travel") == 180_00 * n
        assert total(record, "materials") == 120_00 * n
        assert total(record, "cash") == 400_00 * n
        assert total(record, "receivables") == 0
    assert whole > 20


def test_a_contract_pays_its_advance_at_once_and_the_rest_after_its_months() -> None:
    # 0.3 of 1,000.01 are 300.00; work takes no time, so the rest falls due three months later.
    plan = bare({"contracts.project": contract(calls_year=3)})
    for replication in range(10):
        record = run(plan, replication=replication)
        won = counted(record, "project.won")
        later = [0, 0, 0, *won[:-3]]
        assert by_month(record, "international_projects") == [
            -(300_00 * now + 700_01 * then) for now, then in zip(won, later, strict=True)
        ]


def test_work_that_takes_longer_than_the_contract_delays_the_final_payment() -> None:
    # 100 days of 20 a month: five months instead of three.
    plan = bare({"contracts.project": contract(calls_year=0.5, staff_days=100)})
    seen = 0
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        won = counted(record, "project.won")
        if sum(won) != 1 or won.index(1) > 18:
            continue
        begun = won.index(1)
        paid = {begun: 300_00, begun + 5: 700_01}
        assert by_month(record, "international_projects") == received(paid, 24)
        seen += 1
    assert seen > 5


def test_bids_take_staff_time_and_only_from_the_first_month_on() -> None:
    plan = bare({"contracts.project": contract(win_probability=0, bid_days=20, from_month=12)})
    for replication in range(10):
        told = traced(plan, replication)
        assert not any("won" in what for _, what in told)
        bids = counted(run(plan, replication=replication), "project.bids")
        # One person and a month's work each: never more than one bid finished a month.
        assert sum(bids[:13]) == 0
        assert sum(bids) > 0
        assert max(bids) == 1


def test_a_finished_contract_is_a_recommendation() -> None:
    # Half of the way from 0.3 to full standing: enough for a donor who asks for 0.6 in month 12, if
    # a contract of three months was won before month 9. (Leverage has every call won.)
    plan = bare(
        {
            "contracts.project": contract(calls_year=1, leverage=10),
            "credibility": {**STANDING, "at_start": 0.3, "per_engagement": 0.5},
            "grants.friends": grant({0: 1}, giver="other"),
            "grants.core": grant(
                {0: 1}, until_month=12, extension={**EXTENSION, "credibility": 0.6}
            ),
        }
    )
    credible = []
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        credible.append(total(record, "programme_discretionary") == -4001_00)
        assert credible[-1] == (sum(counted(record, "project.won")[:9]) > 0)
    assert set(credible) == {False, True}


GIVERS = {
    "domestic_public": "domestic_public",
    "international": "international_projects",
    "corporate": "corporate_support",
    "newer_centres": "newer_centres",
}


@pytest.mark.parametrize("giver", GIVERS)
def test_what_a_contract_pays_is_its_giver_s_money(giver: str) -> None:
    record = run(bare({"contracts.work": contract(giver=giver)}))
    found = {account for account in GIVERS.values() if total(record, account)}
    assert found == {GIVERS[giver]}
    # Newer centres pay for work as clients do: only their money is a fee.
    earned = int(incomes_cents(record)["fee"].sum())
    assert earned == (-total(record, "newer_centres") if giver == "newer_centres" else 0)
    assert earned > 0 or giver != "newer_centres"


def test_standing_and_leverage_decide_what_is_won() -> None:
    base = bare(
        {
            "contracts.project": contract(win_probability=0.5, leverage=1, from_month=1),
            "credibility": STANDING,
            "horizon.judged_month": 60,
        }
    )
    other = {"grants.friends": grant({0: 1}, giver="other")}
    programme = {"grants.friends": grant({0: 1})}
    bids = won = helped = helped_later = bids_later = 0
    for replication in REPLICATIONS:
        alone = run(base, replication=replication)
        bids += sum(counted(alone, "project.bids"))
        won += sum(counted(alone, "project.won"))
        # The founding programme's own money recommends nobody.
        assert counted(
            run(changed(base, programme), replication=replication), "project.won"
        ) == counted(alone, "project.won")
        lever = run(changed(base, other), replication=replication)
        # Twice a half: all calls are won while the other source is recent (24 months).
        asked, got = counted(lever, "project.bids"), counted(lever, "project.won")
        assert got[:24] == asked[:24]
        bids_later += sum(asked[25:])
        helped_later += sum(got[25:])
        helped += sum(got)
        # Without standing nothing is won, whatever the leverage.
        unknown = changed(base, {**other, "credibility.at_start": 0})
        assert sum(counted(run(unknown, replication=replication), "project.won")) == 0
    assert won / bids == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(bids))
    later = helped_later / bids_later
    assert later == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(bids_later))
    assert helped > won


def test_amounts_of_contracts_are_lognormal_with_the_stated_median() -> None:
    plan = bare({"contracts.project": contract(amount_sigma=0.5, advance_share=1, months=1)})
    amounts = []
    for replication in REPLICATIONS:
        told = traced(plan, replication)
        amounts += [
            float(what.split()[0].replace(",", ""))
            for _, what in told
            if what.endswith("(advance of project)")
        ]
    logs = sorted(math.log(amount / 1000.01) for amount in amounts)
    n = len(logs)
    assert n > 500
    assert sum(logs) / n == pytest.approx(0, abs=4 * 0.5 / math.sqrt(n))
    assert math.sqrt(sum(x * x for x in logs) / n) == pytest.approx(0.5, rel=0.12)


def test_a_contract_never_costs_more_than_its_amount() -> None:
    from ncpcsim.plan.problems import PlanError

    with pytest.raises(PlanError):
        bare({"contracts.project": contract(subcontractors_share=0.9, travel_share=0.9)})


# ------------------------------------------------------------------ the ministry


def test_a_ministry_pays_until_its_year_s_budget_is_spent_and_again_in_january() -> None:
    # 100 a visit, 450 a year: four visits and a half. The plan starts in July, so the budget is
    # renewed in months 6 and 18.
    plan = bare(
        {
            "start": date(2000, 7, 1),
            "ministry": {"budget_year": 450, "payment_delay_months": 0},
            "services.visit": service(clients=asked_for(2, 0, ministry_pays=100)),
        }
    )
    for replication in range(10):
        record = run(plan, replication=replication)
        visits = counted(record, "visit.done")
        paid: list[int] = []
        for year in (range(6), range(6, 18), range(18, 24)):
            left = 450_00
            for month in year:
                paid.append(min(100_00 * visits[month], left))
                left -= paid[-1]
        assert by_month(record, "domestic_public") == [-cents for cents in paid]
        assert by_month(record, "cash") == paid
        # Some year's budget is spent before its end: July to December, with 12 visits.
        assert sum(paid[6:18]) == 450_00
        assert paid[17] == 0
        assert total(record, "fees_visit") == 0


def test_a_ministry_that_pays_late_owes_meanwhile() -> None:
    clients = asked_for(2, 0, ministry_pays=100)
    plan = bare(
        {
            "ministry": {"budget_year": 1e6, "payment_delay_months": 3},
            "services.visit": service(clients=clients),
        }
    )
    record = run(plan)
    earned = [-cents for cents in by_month(record, "domestic_public")]
    assert earned == [100_00 * visits for visits in counted(record, "visit.done")]
    assert 0 < total(record, "receivables") < sum(earned)
    assert total(record, "receivables") + total(record, "cash") == sum(earned)


def test_the_client_pays_its_own_part_beside_the_ministry() -> None:
    clients = asked_for(2, 30, ministry_pays=100)
    plan = bare(
        {
            "ministry": {"budget_year": 1e6, "payment_delay_months": 0},
            "services.visit": service(clients=clients),
        }
    )
    record = run(plan)
    visits = sum(counted(record, "visit.done"))
    assert total(record, "fees_visit") == -30_00 * visits
    assert total(record, "domestic_public") == -100_00 * visits


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
        market = Market(inputs, world, Clock(time))
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
