"""The network and its secretariat, summed by hand."""

from typing import Any

import pytest

from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams
from ncpcsim.plan.load import Plan
from tests.full_centre import NETWORK, asked_for, bare
from tests.plans import HOST, by_month, changed, counted, run_both, service


def both(plan: Plan, replication: int = 0) -> Record:
    """One run through both engines."""
    return run_both(plan, Streams(1, replication))


def networked(changes: dict[str, Any] | None = None, **terms: Any) -> Plan:
    """The bare centre, with two towns from month 3 on, whose terms may be others."""
    return bare({"network.towns": {**NETWORK, **terms}, **(changes or {})})


def months_paid(record: Record) -> list[int]:
    """In which months the secretariat has spent its 2 x 10.01."""
    overhead = by_month(record, "overhead")
    assert set(overhead) <= {0, 20_02}
    return [month for month, cents in enumerate(overhead) if cents]


@pytest.mark.parametrize(
    ("staff_days_month", "months"),
    [
        # Of 2 units, and of 20 days a month: half a month, a whole one, two and a half.
        (5, range(3, 24)),
        (10, range(3, 24)),
        (25, range(5, 24, 3)),
    ],
)
def test_the_secretariat_works_and_spends_every_month_or_as_it_can(
    staff_days_month: float, months: range
) -> None:
    record = both(networked(staff_days_month=staff_days_month))
    assert months_paid(record) == list(months)
    hours = counted(record, "network.towns.staff_hours")
    assert [month for month, worked in enumerate(hours) if worked] == list(months)
    assert set(hours) == {0, round(2 * staff_days_month * 8)}


def test_a_dormant_centre_is_no_secretariat() -> None:
    plan = networked(
        {
            "host": {**HOST, "lends": 0},
            "costs.overhead_month": 0,
            "costs.premises_month": 1,
            "liquidity.credit_line": 0,
            "liquidity.creditors_bear_months": 0,
            "liquidity.dormant_months": 100,
        }
    )
    record = both(plan)
    dormant = counted(record, "centre.dormant")
    assert 1 in dormant
    assert not any(dormant[month] for month in months_paid(record))


def test_those_who_are_told_ask_once_the_first_month_s_work_is_done() -> None:
    # So many are told that all know at once: from then on it is a centre that everybody knows.
    services = {"services.visit": service(clients=asked_for(5))}
    unknown = {**services, "segments.firms.aware_at_start": 0}
    known, told = bare(services), networked(unknown, reaches_year=1e6, staff_days_month=0)
    for replication in range(5):
        every = counted(both(known, replication), "visit.asked")
        record = both(told, replication)
        assert counted(record, "visit.asked") == [0, 0, 0, *every[3:]]
        assert sum(counted(both(bare(unknown), replication), "visit.asked")) == 0


def test_those_who_compete_keep_all_enquiries_from_their_first_month_on() -> None:
    rivals = {
        "services.visit": service(clients=asked_for(5), contested_share=1),
        "competition": {"at_start": 0, "at_most": 1, "trained_scale": 1e-9},
    }
    alone, network = bare(rivals), networked(rivals, rivals=1)
    for replication in range(5):
        every = counted(both(alone, replication), "visit.asked")
        assert counted(both(network, replication), "visit.asked") == [*every[:3], *[0] * 21]
        # Begun later, `trained` of the opening says who competes by then.
        later = changed(network, {"opening.as_of": 6, "opening.trained": 0})
        assert sum(counted(both(later, replication), "visit.asked")) > 0
