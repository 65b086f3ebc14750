"""What tests of directions share."""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan, load_plan
from tests.full_centre import NEVER
from tests.plans import BANKED, changed, without_more

SEED = 4
Measure = Callable[[Record], float]


class Push(NamedTuple):
    """A change that pushes a measure one way.

    Attributes:
        low: changes to a centre.
        high: further changes, or other values at the same paths.
        measure: what is pushed.
        sign: 1 if `high` has more of it than `low`, -1 if less.
        always: whether no single run may go the other way.
    """

    low: Mapping[str, Any]
    high: Mapping[str, Any]
    measure: Measure
    sign: int
    always: bool = False


def t_value(values: list[float]) -> float:
    n = len(values)
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / (n - 1)
    return mean / math.sqrt(variance / n) if variance else math.copysign(NEVER, mean) * bool(mean)


def fees(record: Record) -> float:
    return float(-record.net_cents[Account.FEES :].sum())


def closing_cash(record: Record) -> float:
    return float(record.cash_cents()[-1])


def average_cash(record: Record) -> float:
    return float(record.cash_cents().mean())


@cache
def generic() -> Plan:
    """The average centre, with a bank that never loses patience: no run ends before the other."""
    return without_more(changed(load_plan("generic"), BANKED))


def grants(key: str, value: float) -> dict[str, float]:
    return {f"grants.{name}.{key}": value for name in generic().numbers.grants}
