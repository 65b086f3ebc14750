"""Every number of a plan, moved: doubled and halved, counted one up or down, switched off.

A move keeps a number within the bounds of its field, and other shares of the same whole in
proportion. An uncertain number keeps its distribution, all of whose values are scaled.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Literal, get_args, get_origin

import numpy as np
from pydantic.fields import FieldInfo

from ncpcsim.plan.ensemble import Ensemble
from ncpcsim.plan.fields import allows, bounds_of, field_at, inner_type, kind_of, model_at, unit_of
from ncpcsim.plan.files import Tree
from ncpcsim.plan.frozen import thaw
from ncpcsim.plan.load import Plan, plan_from_tree
from ncpcsim.plan.problems import KeyPath, dotted
from ncpcsim.plan.quantity import IN_UNIT, is_number, is_quantity

OFF = "off"
_SCALES = (("x0.5", -1, 0.5), ("x2", 1, 2.0))
UNMOVED = {
    "horizon.*": "all plans are judged in one month",
    "opening.as_of": "the day on which the run begins is no decision of it",
    "rates_to_usd*": "only compares with figures in dollars",
    "currency_rate*": "is used once, when the plan is read",
}
"""Numbers that are not moved, by pattern, and why."""
FROM_ZERO = {
    "share": 0.1,
    "probability": 0.1,
    "months": 6,
    "days": 2,
    "ratio": 1,
    "money": 500,
    "money/engagement": 20,
    "enquiries/aware client/year": 0.02,
}
"""What a number of zero is raised to, by its unit or the first word of it; 1 of any other unit."""
_OF_ONE_WHOLE = ("programme_share", "found_share")
"""Shares that sum to one over sections beside each other."""
_CHOICES = ("shape", "variability", "then")
_DATES = ("month", "from_month", "until_month")
"""Dates of agreements, which are in order: they move by half a year."""
_WITHOUT = ("savings.categories.*", "donors.*")
"""Sections that others name, or that are shares of a whole, are not left out."""


@dataclass(frozen=True)
class Move:
    """One number or section of a plan, changed one way.

    Attributes:
        path: dotted.
        name: "x2", "x0.5", "+1", "-1", "off", or the text or value that it is set to.
        direction: 1 if it is raised, -1 if lowered or left out, 0 if neither can be said.
        kind: "lever", "uncertain" or "section".
        statement: what the plan then states there, None where it is left out.
        factor: by which draws of a joint distribution are multiplied.
    """

    path: str
    keys: KeyPath
    name: str
    direction: int
    kind: str
    statement: Any
    factor: float = 1.0

    def plan(self, plan: Plan) -> Plan:
        """The plan with the number moved.

        Raises:
            PlanError: the plan does not allow it.
        """
        tree: Tree = thaw(plan.tree)
        if self.name == OFF and self.statement is None:
            _leave_out(tree, self.keys)
        else:
            _share_out(tree, self.keys, self.statement)
            _parent(tree, self.keys)[self.keys[-1]] = thaw(self.statement)
        made = plan_from_tree(tree, plan.name)
        known = plan.ensemble
        return made if known is None else made.drawn_from(self._draws(plan, made, known))

    def _draws(self, plan: Plan, made: Plan, known: Ensemble) -> Ensemble:
        """The joint draws of the plan, with those of the number that is moved scaled."""
        values = {p: c for p, c in known.values.items() if made.states_as(plan, p)}
        field = field_at(self.keys)
        if field and self.path in known.values and self.path in made.uncertain:
            low, high = bounds_of(field)
            values[self.path] = np.clip(known.values[self.path] * self.factor, low, high)
        return Ensemble(known.name, values, known.weights)


def moves(plan: Plan, only: str = "*") -> Iterator[Move]:
    """The moves of every lever and uncertain number, and of what can be switched off.

    Args:
        plan: whose.
        only: pattern of dotted paths.
    """
    for keys, node in _nodes(plan.tree):
        path = dotted(keys)
        if fnmatchcase(path, only) and not any(fnmatchcase(path, p) for p in UNMOVED):
            yield from _moves_of(plan, keys, node)


def _nodes(tree: Any, keys: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every number, text, switch and section of a plan's tree, with its place."""
    if keys:
        yield keys, tree
    if kind_of(field_at(keys)) or (keys and keys[0] == "accounts"):
        return
    if isinstance(tree, Mapping):
        for key, node in tree.items():
            yield from _nodes(node, (*keys, key))
    elif isinstance(tree, list):
        for index, node in enumerate(tree):
            yield from _nodes(node, (*keys, index))


def _moves_of(plan: Plan, keys: KeyPath, node: Any) -> Iterator[Move]:
    field = field_at(keys)
    kind = kind_of(field)
    if kind in ("lever", "uncertain") and field is not None:
        made = partial(Move, dotted(keys), keys, kind=kind)
        for name, direction, statement, factor in _numbers(plan, keys, field, node):
            if statement != node:
                yield made(name, direction, statement=statement, factor=factor)
    elif node is True and field is not None:
        yield Move(dotted(keys), keys, OFF, -1, "lever", False)
    elif isinstance(node, str) and field is not None and keys[-1] in _CHOICES:
        choices = inner_type(field.annotation)
        for text in get_args(choices) if get_origin(choices) is Literal else ():
            if text != node:
                yield Move(dotted(keys), keys, text, 0, "lever", text)
    elif isinstance(node, Mapping) and _is_optional(keys, field):
        yield Move(dotted(keys), keys, OFF, -1, "section", None)


def _is_optional(keys: KeyPath, field: FieldInfo | None) -> bool:
    """Whether a section may be left out: by its schema, or as one of several by name."""
    if model_at(keys) is None or any(fnmatchcase(dotted(keys), p) for p in _WITHOUT):
        return False
    return field is None or not field.is_required()


_Numbers = Iterator[tuple[str, int, Any, float]]


def _numbers(plan: Plan, keys: KeyPath, field: FieldInfo, node: Any) -> _Numbers:
    """Name, direction, statement and factor of each move of one number."""
    if isinstance(node, date):
        start = plan.numbers.start
        node = (node.year - start.year) * 12 + node.month - start.month
    known, most = plan.quantities.get(dotted(keys)), _most(plan, keys)
    if isinstance(node, list):
        for name, direction, factor in _SCALES:
            yield name, direction, [_scaled(each, field, factor, None) for each in node], factor
    elif keys[0] == "grants" and str(keys[-1]) in _DATES:
        yield from _counted(field, node, 6, None)
    elif known and known.support()[0] < 0:
        yield from _shifted(field, node)
    elif (known.support()[1] if known else node) == 0:
        raised = _inside(field, from_zero(field), most)
        raised = round(raised) if inner_type(field.annotation) is int else raised
        yield f"={raised:g}", 1, _stated(node, field, raised), 1.0
    elif inner_type(field.annotation) is int and unit_of(field) != "months":
        yield from _counted(field, node, 1, most)
    else:
        for name, direction, factor in _SCALES:
            yield name, direction, _scaled(node, field, factor, most), factor


def from_zero(field: FieldInfo) -> float:
    """A number of its unit that is neither nothing nor much."""
    unit = str(unit_of(field))
    return FROM_ZERO.get(unit, FROM_ZERO.get(unit.partition("/")[0], 1))


def _counted(field: FieldInfo, node: Any, step: int, most: float | None) -> _Numbers:
    """A whole number, a step down and a step up."""
    value = node["value"] if is_quantity(node) else node
    for direction in (-1, 1):
        moved = round(_inside(field, value + step * direction, most))
        if moved != value:
            yield f"{step * direction:+d}", direction, _stated(node, field, moved), 1.0


def _most(plan: Plan, keys: KeyPath) -> float | None:
    """The most that other shares of a contract leave for one."""
    beside = {"subcontractors_share": "travel_share", "travel_share": "subcontractors_share"}
    other = beside.get(str(keys[-1]))
    if keys[0] != "contracts" or other is None:
        return None
    return round(1 - float(getattr(plan.numbers.contracts[str(keys[1])], other)), 12)


def _shifted(field: FieldInfo, node: dict[str, Any]) -> _Numbers:
    """A number of either sign, moved by half of its range."""
    half = (node["high"] - node["low"]) / 2 if "low" in node else node.get("sd", 1.0)
    for name, direction in (("down", -1), ("up", 1)):
        shifted = {k: node[k] + direction * half for k in IN_UNIT if k in node and k != "sd"}
        ends = {k: _inside(field, v, None) for k, v in shifted.items()}
        yield name, direction, {**node, **ends}, 1.0


def _scaled(node: Any, field: FieldInfo, factor: float, most: float | None) -> Any:
    """A statement times a factor: a number, or all of a distribution."""
    if not is_quantity(node):
        return _stated(node, field, _whole(field, _inside(field, node * factor, most), node))
    if "value" in node:
        value = _whole(field, _inside(field, node["value"] * factor, most), node["value"])
        return {**node, "value": value}
    ends = {k: _inside(field, node[k] * factor, most) for k in IN_UNIT if k in node}
    if "low" in ends and ends["low"] == ends["high"]:
        return _stated(node, field, ends["low"])
    return {**node, **ends}


def _whole(field: FieldInfo, moved: float, value: float) -> float:
    """Months and people are counted in whole ones; one of them moves by one at least."""
    if inner_type(field.annotation) is not int:
        return moved
    rounded = round(moved)
    return rounded if rounded != value or moved == value else value - 1


def _inside(field: FieldInfo, value: float, most: float | None) -> float:
    """The nearest number that a field allows."""
    low, high = bounds_of(field)
    high = high if most is None else min(high, most)
    kept = min(max(value, low), high)
    if not allows(field, kept):  # an open end
        kept = low + 1e-3 if kept <= low else high - 1e-3
    return kept


def _stated(node: Any, field: FieldInfo, value: float) -> Any:
    """A value in place of a statement, with the same unit and origin."""
    if not is_quantity(node):
        return value
    kept = {key: node[key] for key in ("source", "assumption", "note") if key in node}
    return {**kept, "value": value, "unit": unit_of(field)}


def _parent(tree: Tree, keys: KeyPath) -> Any:
    node: Any = tree
    for key in keys[:-1]:
        node = node[key]
    return node


def _share_out(tree: Tree, keys: KeyPath, statement: Any) -> None:
    """Scale the other shares of a whole, so that all still sum to one."""
    others: list[tuple[Any, Any]] = []
    if "earmarks" in keys:
        section = _parent(tree, keys)
        others = [(section, key) for key in section if key != keys[-1]]
    elif keys[-1] in _OF_ONE_WHOLE:
        beside = _parent(tree, keys[:-1])
        mine = beside[keys[-2]].get("phase", 1)
        others = [
            (section, keys[-1])
            for name, section in beside.items()
            if name != keys[-2] and keys[-1] in section and section.get("phase", 1) == mine
        ]
    stated = [_value(section[key]) for section, key in others]
    moved = _value(statement)
    if moved is None or any(value is None for value in stated):
        return  # shares that are drawn are taken in proportion
    whole = sum(value for value in stated if value is not None)
    for (section, key), value in zip(others, stated, strict=True):
        share = value * (1 - moved) / whole if whole and value is not None else 0.0
        section[key] = {**section[key], "value": share} if is_quantity(section[key]) else share


def _value(node: Any) -> float | None:
    if is_number(node):
        return node
    return node["value"] if is_quantity(node) and "value" in node else None


def _leave_out(tree: Tree, keys: KeyPath) -> None:
    """Delete a section, and what would name it."""
    del _parent(tree, keys)[keys[-1]]
    services = tree.get("services", {})
    if keys[0] == "services" and len(keys) == 2:
        for service in services.values():
            if service.get("follows", {}).get("service") == keys[1]:
                del service["follows"]
    elif keys[0] == "segments" and len(keys) == 2:
        for service in services.values():
            service["clients"].pop(keys[1], None)
    elif keys == ("host",):
        posts = tree["posts"]
        for name in [name for name, post in posts.items() if post["payer"] == "host"]:
            posts[name]["payer"] = "centre"
            if posts[name]["then"] == "ends":
                del posts[name]
