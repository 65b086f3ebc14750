"""Calls that a country may not have, decisions that take long, pay on success: summed by hand."""

import pytest

from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams, stream_key
from ncpcsim.plan.load import Plan
from ncpcsim.rules import exponential
from tests.full_centre import CREDIBILITY, asked_for, bare, contract, moments, traced
from tests.funders import EXTENSION, REPLICATIONS
from tests.plans import HOST, by_month, changed, counted, grant, run_both, service, total

ON_SUCCESS = {"share": 0.4, "probability": 0.5}


def both(plan: Plan, replication: int) -> Record:
    """One run through both engines."""
    return run_both(plan, Streams(1, replication))


def draws(replication: int, column: int, calls: int) -> list[float]:
    """A column of the draws of the first calls."""
    table = Streams(1, replication).table(stream_key("contract.project"), 0, calls, 8)
    return [float(u) for u in table[:, column]]


def test_a_country_has_all_calls_or_none() -> None:
    plan = bare({"contracts.project": contract()})
    some = changed(plan, {"contracts.project.eligible_probability": 0.3})
    has = []
    for replication in REPLICATIONS:
        sure, record = both(plan, replication), both(some, replication)
        has.append(any(counted(record, "project.bids")))
        bids = counted(sure, "project.bids") if has[-1] else [0] * 24
        assert counted(record, "project.bids") == bids
    # 40 runs at 0.3: 12 on average, with a standard deviation of 3.
    assert 3 <= sum(has) <= 21


def test_a_payer_decides_later_by_its_own_draw() -> None:
    at_once = bare({"contracts.project": contract(calls_year=2)})
    later = changed(at_once, {"contracts.project.decision_months": 5})
    seen = 0
    for replication in REPLICATIONS:
        asked = moments(traced(at_once, replication), "project won")
        waits = [exponential(5, u) for u in draws(replication, 5, len(asked))]
        decided = sorted(t + w for t, w in zip(asked, waits, strict=True) if t + w < 24)
        assert moments(traced(later, replication), "project won") == pytest.approx(decided)
        bids = counted(both(at_once, replication), "project.bids")
        assert counted(both(later, replication), "project.bids") == bids
        seen += len(decided)
    assert seen > 60


def test_a_dormant_centre_is_not_chosen() -> None:
    # It bids in the first months, has bills that it cannot pay, and is carried by its host.
    plan = bare(
        {
            "contracts.project": contract(calls_year=6, decision_months=12, advance_share=0),
            "host": {**HOST, "lends": 0},
            "liquidity.credit_line": 0,
            "liquidity.creditors_bear_months": 0,
            "costs.overhead_month": 10,
            "liquidity.dormant_months": 100,
        }
    )
    awake = changed(plan, {"liquidity.credit_line": 1e6})
    missed = 0
    for replication in range(10):
        record = both(plan, replication)
        dormant, won = counted(record, "centre.dormant"), counted(record, "project.won")
        asleep = [month for month in range(1, 24) if dormant[month - 1] and dormant[month]]
        assert sum(won[month] for month in asleep) == 0
        others = counted(both(awake, replication), "project.won")
        missed += sum(others[month] for month in asleep)
    assert missed > 10


def test_what_hangs_on_success_is_paid_to_those_who_succeed() -> None:
    # Of 1,000.01: 300.00 in advance; at the end 300.01, and 400.00 where the draw is below 0.5.
    plan = bare({"contracts.project": contract(calls_year=3, on_success=ON_SUCCESS)})
    succeeded = []
    for replication in range(20):
        record = both(plan, replication)
        won = counted(record, "project.won")
        lucky = [u < 0.5 for u in draws(replication, 6, sum(won))]
        by_end = iter(lucky)
        paid = [sum(next(by_end) for _ in range(n)) for n in won]
        ends, succeeds = [0, 0, 0, *won[:-3]], [0, 0, 0, *paid[:-3]]
        assert by_month(record, "international_projects") == [
            -(300_00 * now + 300_01 * end + 400_00 * good)
            for now, end, good in zip(won, ends, succeeds, strict=True)
        ]
        # It costs the same whether it succeeds or not.
        certain = both(bare({"contracts.project": contract(calls_year=3)}), replication)
        assert total(record, "subcontractors") == total(certain, "subcontractors")
        succeeded += lucky
    assert 0.3 < sum(succeeded) / len(succeeded) < 0.7


def test_halves_of_an_odd_amount_are_together_no_more_than_it() -> None:
    # Of 5 cents half a cent upward is 3 in advance; 2 are left to success, and nothing else.
    half = {"share": 0.5, "probability": 0}
    terms = contract(amount=0.05, months=1, advance_share=0.5, on_success=half)
    record = both(bare({"contracts.project": terms}), 0)
    won = counted(record, "project.won")
    assert by_month(record, "international_projects") == [-3 * now for now in won]


@pytest.mark.parametrize("probability", [0, 1])
def test_failed_work_is_not_commissioned_again_and_costs_credibility(probability: float) -> None:
    # A donor in month 23 asks for 0.6; work raises 0.5 by half, failures take half of it.
    terms = contract(calls_year=6, renewal_probability=0.9, leverage=10)
    plan = bare(
        {
            "contracts.project": {
                **terms,
                "on_success": {"share": 0.4, "probability": probability},
            },
            "credibility": {
                **CREDIBILITY,
                "at_start": 0.5,
                "per_engagement": 0.5,
                "per_failure": 0.5,
            },
            "grants.friends": grant({0: 1}, giver="other"),
            "grants.core": grant(
                {0: 1}, until_month=12, extension={**EXTENSION, "credibility": 0.6}
            ),
        }
    )
    renewals = extended = finished = 0
    for replication in range(20):
        record = both(plan, replication)
        finished += sum(counted(record, "project.won")[:9]) > 0
        renewals += sum(counted(record, "project.renewed"))
        extended += total(record, "programme_discretionary") == -4001_00
    assert finished > 10
    assert (renewals > 0) == (extended > 0) == (probability == 1)


def test_a_free_programme_takes_its_clients_from_its_call_on_whoever_wins() -> None:
    # All of the firms go to it, for six months from each call on.
    terms = contract(calls_year=0.5, win_probability=0)
    visits = {"services.visit": service(clients=asked_for(8))}
    plan = bare({**visits, "contracts.project": terms})
    free = {"segment": "firms", "months": 6, "share": 1}
    taken = changed(plan, {"contracts.project.programme": free})
    seen = 0
    for replication in REPLICATIONS:
        calls = [
            month for month, n in enumerate(counted(both(plan, replication), "project.bids")) if n
        ]
        asked = counted(both(plan, replication), "visit.asked")
        left = counted(both(taken, replication), "visit.asked")
        for month in range(24):
            if any(call < month < call + 6 for call in calls):
                assert left[month] == 0
                seen += asked[month]
            elif not any(call <= month <= call + 6 for call in calls):
                assert left[month] == asked[month]
    assert seen > 100


def test_two_programmes_take_from_what_the_other_leaves() -> None:
    # Half of a half is left: 4,800 enquiries in the mean, of which a quarter.
    half = {"segment": "firms", "months": 1e6, "share": 0.5}
    terms = contract(calls_year=100, win_probability=0, programme=half)
    visits = {"services.visit": service(clients=asked_for(200))}
    plan = bare({**visits, "contracts.one": terms, "contracts.two": terms})
    asked = sum(counted(both(plan, 0), "visit.asked")[1:])
    assert asked == pytest.approx(200 * 23 / 4, abs=4 * (200 * 23 / 4) ** 0.5)
