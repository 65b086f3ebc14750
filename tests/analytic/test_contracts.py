"""Contracts and the ministry that pays, summed by hand."""

import math
from datetime import date

import pytest

from ncpcsim.measures.coverage import incomes_cents
from tests.full_centre import (
    CREDIBILITY,
    asked_for,
    bare,
    contract,
    traced,
)
from tests.funders import EXTENSION, REPLICATIONS, received
from tests.plans import (
    by_month,
    changed,
    counted,
    grant,
    run,
    service,
    total,
)

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
    # Half of the way from 0.3 to full credibility: enough for a donor who asks for 0.6 in month 12,
    # if a contract of three months was won before month 9. (Leverage has every call won.)
    plan = bare(
        {
            "contracts.project": contract(calls_year=1, leverage=10),
            "credibility": {**CREDIBILITY, "at_start": 0.3, "per_engagement": 0.5},
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


def test_credibility_and_leverage_decide_what_is_won() -> None:
    base = bare(
        {
            "contracts.project": contract(win_probability=0.5, leverage=1, from_month=1),
            "credibility": CREDIBILITY,
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
        # Without credibility nothing is won, whatever the leverage.
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
