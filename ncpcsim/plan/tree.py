"""Reading a merged tree that may be wrong anywhere: what has the wrong shape is passed over."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ncpcsim.plan.problems import KeyPath, Problem
from ncpcsim.plan.quantity import is_number, is_quantity


def month_of(value: Any, tree: dict[str, Any]) -> int | None:
    """A month of the plan, stated as a number or a date; None if it is neither."""
    start = tree.get("start")
    value = number(value) if not isinstance(value, date) else value
    if isinstance(value, date) and isinstance(start, date):
        return (value.year - start.year) * 12 + value.month - start.month
    return value if isinstance(value, int) else None


def number(value: Any) -> Any:
    """A number, also one that states its origin; None if it is none."""
    if is_quantity(value):
        value = value.get("value")
    return value if is_number(value) else None


def section(tree: dict[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    """The named sections under a key."""
    return [(k, node) for k, node in table(tree, key).items() if isinstance(node, dict)]


def table(tree: dict[str, Any], key: str) -> dict[str, Any]:
    """The section under a key; empty if there is none."""
    node = tree.get(key)
    return node if isinstance(node, dict) else {}


def known_name(path: KeyPath, name: Any, known: Any, what: str) -> Iterator[Problem]:
    """A name that is not among those it may be."""
    if isinstance(name, str) and name not in known:
        choices = ", ".join(sorted(str(choice) for choice in known)) or "none is defined"
        yield Problem(path, f"{name!r} is not there, expected {what}: {choices}")
