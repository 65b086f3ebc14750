"""What clients pay, ask for next, and join, summed by hand."""

import math
from typing import Any

import pytest

from tests.full_centre import CREDIBILITY, ECONOMY, NEVER, asked_for, bare
from tests.market import REPLICATIONS, shifted
from tests.plans import by_month, changed, counted, grant, run, service, total

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


def test_failures_cost_credibility() -> None:
    # Credibility of 1, a tenth of it lost with each failure: a donor who asks for 0.9 ** 3 = 0.729
    # extends to a centre with three failures, not to one with four.
    plan = bare(
        {
            "horizon.judged_month": 12,
            "segments.firms.failure_probability": 1,
            "services.visit": service(project=True, clients=asked_for(0.6)),
            "credibility": {**CREDIBILITY, "per_failure": 0.1},
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


def test_members_join_by_the_contact_that_the_work_was() -> None:
    contact = {"services.visit": service(contact_share=0.2, clients=asked_for(20))}
    plan = bare({**contact, "membership": {**MEMBERS, "joins_probability": 0.5}})
    served = joined = 0
    for replication in REPLICATIONS:
        record = run(plan, replication=replication)
        served += sum(counted(record, "visit.done"))
        joined += sum(counted(record, "members.joined"))
    assert joined / served == pytest.approx(0.1, abs=4 * math.sqrt(0.1 * 0.9 / served))


@pytest.mark.parametrize(("fee", "sigma", "share"), [(119, 0, 1), (121, 0, 0), (120, 0.5, 0.5)])
def test_clients_join_whose_willingness_is_above_the_fee(
    fee: float, sigma: float, share: float
) -> None:
    terms = {**MEMBERS, "fee_year": fee, "willingness": 120}
    visit = service(clients=asked_for(20))
    plan = bare({"services.visit": visit, "membership": terms, "market.willingness_sigma": sigma})
    record = run(plan)
    served, joined = (sum(counted(record, what)) for what in ("visit.done", "members.joined"))
    assert joined / served == pytest.approx(share, abs=4 * math.sqrt(0.25 / served) * (sigma > 0))
    # As prices and costs stay, whoever joined pays again.
    assert sum(counted(record, "members.left")) == 0


def test_whoever_joined_free_leaves_when_the_fee_is_asked_for() -> None:
    plan = bare(
        {
            "services.visit": service(clients=asked_for(4)),
            "membership": {**MEMBERS, "willingness": 100},
            "market.charge_from_month": 6,
        }
    )
    record = run(plan)
    joined = counted(record, "members.joined")
    assert sum(joined[:6]) > 0
    assert sum(joined[6:]) == 0
    assert counted(record, "members.left") == shifted(joined, 12)
    assert total(record, "membership") == 0


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
