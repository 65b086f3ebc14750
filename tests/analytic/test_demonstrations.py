"""First projects at chosen firms, summed by hand."""

from typing import Any

import pytest

from ncpcsim import rules
from ncpcsim.plan.load import Plan
from tests.full_centre import CREDIBILITY, asked_for, bare, moments, traced
from tests.market import REPLICATIONS, poisson_close
from tests.plans import by_month, counted, run, service, total

NEVER_CHARGED = 1000


def demonstrating(changes: dict[str, Any] | None = None, /, **terms: Any) -> Plan:
    """Four visits to show what a visit is, from month 2 to month 10, all of which succeed."""
    firms = {"number": 4, "firm_pays_share": terms.pop("firm_pays_share", 0)}
    shown = {
        "service": "visit",
        "segments": {"firms": firms},
        "from_month": 2,
        "until_month": 10,
        "unproven_share": 1,
        "selection_days": 0,
        "selection_scale_days": 5,
        "failure_probability": 0,
        "convinced_share": 0,
        "failure_lost_share": 0,
    }
    visit = service(project=True, travel=70, clients=asked_for(0, price=1000, willingness=1000))
    return bare(
        {
            "market.charge_from_month": NEVER_CHARGED,
            "services.visit": visit,
            "demonstrations": {**shown, **terms},
            **(changes or {}),
        }
    )


def test_they_begin_evenly_spaced_and_cost_what_the_service_costs() -> None:
    plan = demonstrating()
    assert moments(traced(plan), "visit for firms") == pytest.approx(
        [4, 4, 4, 6, 6, 6, 8, 8, 8, 10, 10, 10]  # asked for, begun and done at once
    )
    record = run(plan)
    assert total(record, "travel") == 4 * 70_00
    assert total(record, "fees_visit") == 0
    assert sum(counted(record, "visit.done")) == 4


@pytest.mark.parametrize(("unproven", "paid"), [(0.25, 4 * 250_00), (0.24, 0)])
def test_a_firm_pays_its_share_from_the_first_day_on_or_is_not_willing(
    unproven: float, paid: int
) -> None:
    record = run(demonstrating(firm_pays_share=0.25, unproven_share=unproven))
    assert -total(record, "fees_visit") == paid
    # Whoever is not willing is not visited; no price of the service is offered or declined.
    assert sum(counted(record, "visit.asked")) == (4 if paid else 0)
    assert sum(counted(record, "visit.priced")) == sum(counted(record, "visit.declined")) == 0


def test_choosing_a_firm_takes_days() -> None:
    plan = demonstrating({"services.visit.staff_days": 10}, selection_days=3)
    assert sum(counted(run(plan), "visit.staff_hours")) == 4 * 13 * 8


def test_a_failed_one_costs_brings_no_fee_and_puts_firms_off() -> None:
    changes = {
        "services.talk": service(clients=asked_for(50)),
        "credibility": {**CREDIBILITY, "per_failure": 0.5},
    }
    terms = {"firm_pays_share": 0.5, "failure_probability": 1, "failure_lost_share": 0.5}
    plan = demonstrating({**changes, "segments.firms.failure_probability": 1}, **terms)
    months = [counted(run(plan, replication=r), "talk.asked") for r in REPLICATIONS]
    asked = [sum(each[m] for each in months) for m in range(24)]
    # Half of those who know of the centre, at months 4, 6, 8 and 10.
    left = [1] * 4 + [0.5] * 2 + [0.25] * 2 + [0.125] * 2 + [0.0625] * 14
    for part in (slice(0, 4), slice(4, 6), slice(6, 8), slice(8, 10), slice(10, 24)):
        assert poisson_close(sum(asked[part]), 50 * sum(left[part]) * len(REPLICATIONS))
    record = run(plan)
    assert by_month(record, "travel")[1:10:2] == [0, 70_00, 70_00, 70_00, 70_00]
    assert sum(counted(record, "visit.failed")) == 4
    assert total(record, "fees_visit") == 0


def test_one_that_succeeds_convinces_a_share_of_the_segment() -> None:
    # Of a hundred firms nobody knows; those told are 1 - exp(-0.2) of whom nobody had told.
    changes = {
        "services.talk": service(clients=asked_for(50)),
        "segments.firms.aware_at_start": 0,
    }
    plan = demonstrating(changes, convinced_share=0.2)
    asked = sum(sum(counted(run(plan, replication=r), "talk.asked")) for r in REPLICATIONS)
    left = 0.8187307530779818  # exp(-0.2)
    known = sum(2 * (1 - left**k) for k in (1, 2, 3)) + 14 * (1 - left**4)
    assert poisson_close(asked, 50 * known * len(REPLICATIONS))


def test_choice_and_commitment_avoid_what_other_projects_avoid() -> None:
    def fails(days: float, paid: float) -> float:
        return rules.demonstration_failure(0.02, 0.42, days, 3, paid)

    assert fails(0, 0) == pytest.approx(0.42)
    assert fails(3, 0) == pytest.approx(0.02 + 0.4 / 2.718281828459045)
    assert fails(0, 0.5) == pytest.approx(0.22)
    assert fails(1e9, 0) == fails(0, 1) == pytest.approx(0.02)
    # No demonstration is safer than the segment's other projects.
    assert rules.demonstration_failure(0.5, 0.1, 0, 3, 0) == 0.5
