"""What tests of extremes share."""

from typing import Any

from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan
from tests.plans import (
    run,
    service,
)

REPLICATIONS = range(5)


# Ten enquiries a month, a dollar more than willing to pay, a tenth of a month's work each.
BUSY_CLIENTS = {"firms": {"asks_year": 1.2, "price": 100, "willingness": 101}}


BUSY: dict[str, Any] = {
    "horizon.judged_month": 24,
    "services.visit": service(
        staff_days=2, variability="exponential", participants=3, clients=BUSY_CLIENTS
    ),
}


def runs(plan: Plan) -> list[Record]:
    return [run(plan, replication=replication) for replication in REPLICATIONS]


def summed(record: Record, what: str) -> int:
    """A count summed over services and months."""
    rows = [i for i, name in enumerate(record.counted) if name.endswith(f".{what}")]
    return int(record.counts[rows].sum())
