"""The tables of plans that are simulated, built once each."""

from collections import OrderedDict
from threading import Lock

from ncpcsim.model.inputs import Tables, tables_of_plan
from ncpcsim.plan.load import Plan

_KEPT = 16
_TABLES: OrderedDict[tuple[str, tuple[str, ...]], Tables] = OrderedDict()
_LOCK = Lock()


def tables_for(plan: Plan) -> Tables:
    """The tables of a plan, uncertain parameters at their medians."""
    # Equal plans may list services in another order, which is that of accounts and counts.
    key = (plan.hash, tuple(plan.numbers.services))
    with _LOCK:
        found = _TABLES.pop(key, None)
        if found is None:
            found = tables_of_plan(plan.numbers)
        _TABLES[key] = found
        while len(_TABLES) > _KEPT:
            _TABLES.popitem(last=False)
        return found
