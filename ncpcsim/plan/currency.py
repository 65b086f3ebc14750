"""Inherited amounts in the currency of the plan that extends another: converted once, at load."""

import math
from collections.abc import Mapping
from typing import Any

from ncpcsim.plan.fields import field_at, unit_of
from ncpcsim.plan.problems import KeyPath, Layer, Problem
from ncpcsim.plan.quantity import IN_UNIT, is_money, is_number, is_quantity
from ncpcsim.plan.schema.money import DOLLARS, is_currency

CURRENCY, RATE = "currency", "currency_rate"
OF_ONE_CURRENCY = (CURRENCY, RATE, "rates_to_usd")
"""What a plan says of its currency: nothing that is true of another one."""
RELABELS = "would rename amounts and convert none, expected a plan file that extends this one"


def converted(tree: Mapping[str, Any], layer: Layer) -> tuple[dict[str, Any], list[Problem]]:
    """What a plan inherits, in its own currency, and what is wrong with the rate.

    Args:
        tree: what is inherited, in one currency; empty for a plan that extends none.
        layer: the plan; its own amounts are in its currency, whatever that is.
    """
    before = tree.get(CURRENCY, DOLLARS)
    now = layer.tree.get(CURRENCY, before)
    if not tree or now == before:
        return dict(tree), _rate_of_nothing(layer)
    if not is_currency(now) or not is_currency(before):
        return dict(tree), []  # the schema says what is wrong
    kept = {key: node for key, node in tree.items() if key not in OF_ONE_CURRENCY}
    rate, problems = _rate(layer, before, now)
    return (kept if rate is None else _times(kept, rate, ())), problems


def relabels(path: KeyPath) -> bool:
    """Whether a change at a path would call amounts by another currency and convert none."""
    return path[:1] in ((CURRENCY,), (RATE,))


def _rate_of_nothing(layer: Layer) -> list[Problem]:
    if RATE not in layer.tree:
        return []
    what = "converts nothing, expected it only where `currency` is not that of the extended plan"
    return [Problem((RATE,), what, file=layer.file)]


def _rate(layer: Layer, before: str, now: str) -> tuple[float | None, list[Problem]]:
    """Units of the plan's currency for one of the inherited amounts'; None where none is stated."""
    stated = layer.tree.get(RATE)
    if stated is None:
        what = f"is {now!r}, but the extended plan's is {before!r}, expected a [{RATE}] section"
        return None, [Problem((CURRENCY,), f"{what} that converts its amounts", file=layer.file)]
    if not isinstance(stated, Mapping):
        return None, []  # the schema says what is wrong
    of, units = stated.get("of"), stated.get("units")
    if is_currency(of) and of != before:
        what = f"is {of!r}, expected {before!r}, the extended plan's currency"
        return None, [Problem((RATE, "of"), what, file=layer.file)]
    value: Any = units.get("value") if isinstance(units, Mapping) else None
    return (value if is_number(value) and 0 < value < math.inf else None), []


def _times(node: Any, rate: float, path: KeyPath) -> Any:
    """A tree whose amounts of money are multiplied by a rate."""
    if path and is_money(unit_of(field_at(path))):
        if is_quantity(node):
            return {key: _scaled(x, rate) if key in IN_UNIT else x for key, x in node.items()}
        return _scaled(node, rate)
    if isinstance(node, Mapping):
        return {key: _times(child, rate, (*path, key)) for key, child in node.items()}
    if isinstance(node, list):
        return [_times(child, rate, (*path, i)) for i, child in enumerate(node)]
    return node


def _scaled(node: Any, rate: float) -> Any:
    return node * rate if is_number(node) else node
