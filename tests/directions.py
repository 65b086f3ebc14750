"""What tests of directions share."""

from functools import cache

from ncpcsim.plan.load import Plan, load_plan
from tests.plans import BANKED, changed, without_more

SEED = 4


@cache
def generic() -> Plan:
    """The average centre, with a bank that never loses patience: no run ends before the other."""
    return without_more(changed(load_plan("generic"), BANKED))


def grants(key: str, value: float) -> dict[str, float]:
    return {f"grants.{name}.{key}": value for name in generic().numbers.grants}
