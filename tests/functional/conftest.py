"""Fixtures that several files of this folder share."""

import pytest

from ncpcsim.plan.load import Plan, load_plan
from tests.plans import (
    without_more,
)


@pytest.fixture(scope="module")
def generic() -> Plan:
    """The average centre, with a bank that never loses patience."""
    return without_more(load_plan("generic").variant({"liquidity.credit_line": 1e9}))
