"""A plan as the program holds it: loaded from files, validated whole, frozen."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ncpcsim.plan.checks import check
from ncpcsim.plan.currency import RELABELS, relabels
from ncpcsim.plan.ensemble import Ensemble, distribution_of
from ncpcsim.plan.explain import explain, misspelt
from ncpcsim.plan.fields import allows, bounds_of, field_at, kind_of, may_vary, unit_of
from ncpcsim.plan.files import Tree, find_plan, merge, read_layers
from ncpcsim.plan.frozen import FrozenDict, freeze, thaw
from ncpcsim.plan.opening_checks import opening_dates
from ncpcsim.plan.problems import KeyPath, Layer, PlanError, Problem, dotted, shown, steps
from ncpcsim.plan.quantity import (
    DISTRIBUTIONS,
    MOST,
    MOST_UNLIKELY,
    Fixed,
    Quantity,
    is_number,
    is_quantity,
)
from ncpcsim.plan.schema import Numbers

_MEDIAN = 0.5
MAX_ENQUIRIES_MONTH = 10_000
"""More would keep a run from ever ending; a centre answers a few dozen."""


@dataclass(frozen=True, repr=False)
class Plan:
    """A valid plan.

    Attributes:
        name: the plan's short name, its file's stem.
        tree: the plan as resolved, in the shape of a plan file without `extends`.
        quantities: each number that states its origin, by dotted path.
        numbers: one value for each number, uncertain ones at their median.
        lineage: stems of the files it was read from, the root of its chain first.
        ensemble: joint draws of some uncertain parameters, in place of their priors, if any.
    """

    name: str
    tree: Mapping[str, Any]
    quantities: Mapping[str, Quantity]
    numbers: Numbers
    lineage: tuple[str, ...] = ()
    ensemble: Ensemble | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"Plan({self.name!r}, {self.hash[:12]})"

    def __reduce__(self) -> tuple[type["Plan"], tuple[object, ...]]:
        # Without what is worked out on demand: one thread may do so while another sends the plan
        # to a worker.
        return Plan, tuple(getattr(self, each.name) for each in fields(self))

    @property
    def currency(self) -> str:
        """The currency of every amount, by its ISO 4217 code."""
        return self.numbers.currency

    @cached_property
    def uncertain(self) -> Mapping[str, Quantity]:
        """The numbers that are drawn: those with a distribution."""
        return {path: q for path, q in self.quantities.items() if not isinstance(q, Fixed)}

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the plan as resolved, in hexadecimal: equal plans have equal hashes."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    def as_json(self) -> str:
        """The plan as resolved, as canonical JSON."""
        return json.dumps(self.tree, sort_keys=True, default=date.isoformat, ensure_ascii=False)

    def at(self, values: Mapping[str, float]) -> Numbers:
        """The plan's numbers with `values` in place of medians, by dotted path.

        Raises:
            PlanError: a value lies outside its field's bounds.
        """
        plain = thaw(self._medians)
        for path, value in values.items():
            *parents, last = self._keys[path]
            node: Any = plain
            for key in parents:
                node = node[key]
            node[last] = value
        try:
            return _validated(plain)
        except ValidationError as error:
            lines = [f"{dotted(p.path)}: {p.what}" for p in explain(error)]
            raise PlanError(lines) from None

    def variant(self, changes: Mapping[str, Any], name: str | None = None) -> "Plan":
        """A new plan in which the values at some dotted paths are others.

        Args:
            changes: values as a plan file would state them (a number, text, or table), by path.
            name: the new plan's name; this one's if it is left out.

        Raises:
            PlanError: the changed plan is not valid.
        """
        tree: Tree = thaw(self.tree)
        for path, value in changes.items():
            *parents, last = steps(path)
            if relabels(steps(path)):
                raise PlanError([f"{self.name}:1: {path}: {RELABELS}"])
            node: Any = tree
            for depth, key in enumerate(parents, 1):
                node = node[int(key)] if isinstance(node, list) else node.setdefault(key, {})
                if not isinstance(node, dict | list):
                    what = f"is {shown(node)}, expected a section"
                    raise PlanError([f"{self.name}:1: {dotted(tuple(parents[:depth]))}: {what}"])
            node[last] = thaw(value)
        made = replace(plan_from_tree(tree, name or self.name), lineage=self.lineage)
        if self.ensemble is None:
            return made
        same = {path for path in self.ensemble.values if made.states_as(self, path)}
        return made.drawn_from(self.ensemble.only(same))

    def states_as(self, other: "Plan", path: str) -> bool:
        """Whether this plan and another give a parameter the same distribution."""
        mine, theirs = self.uncertain.get(path), other.uncertain.get(path)
        return bool(mine and theirs and distribution_of(mine) == distribution_of(theirs))

    def drawn_from(self, ensemble: Ensemble | None) -> "Plan":
        """The same plan, its uncertain parameters drawn from an ensemble as far as that has them.

        A variant that restates a parameter draws it from its own statement again. The draws are
        looked at once, here: a run takes them as they are.

        Raises:
            PlanError: a draw lies outside its field's bounds.
        """
        kept = ensemble and ensemble.only(set(self.uncertain))
        if kept is not None:
            _refuse_outside(kept)
        return replace(self, ensemble=kept)

    @cached_property
    def _medians(self) -> Tree:
        plain: Tree = _plain(self.tree, {})
        return plain

    @cached_property
    def _keys(self) -> dict[str, KeyPath]:
        return {dotted(path): path for path, _ in _quantity_nodes(self.tree)}


def _refuse_outside(ensemble: Ensemble) -> None:
    lines = []
    for path, column in ensemble.values.items():
        field = field_at(steps(path))
        for value in (float(column.min()), float(column.max())):
            if field is None or not allows(field, value):
                low, high = bounds_of(field) if field else (math.nan, math.nan)
                expected = f"expected within [{low:g}, {high:g}]"
                lines.append(f"{ensemble.name}: {path}: is drawn as {value:g}, {expected}")
    if lines:
        raise PlanError(lines)


def load_plan(name: str | Path) -> Plan:
    """The plan of a shipped name or of a file.

    Raises:
        PlanError: the plan cannot be used; its `lines` name every problem with file, line and key.
    """
    file = find_plan(str(name))
    layers, broken = read_layers(file)
    tree, problems = merge(layers)
    if broken is not None:
        raise PlanError([*broken.lines, *_own_errors(tree, layers)])
    return build(tree, file.stem, problems, layers)


def plan_from_tree(tree: Tree, name: str) -> Plan:
    """A plan out of nested dictionaries in the shape of a plan file without `extends`.

    Raises:
        PlanError: the plan cannot be used; the lines name the plan in place of a file.
    """
    return build(tree, name, [], [Layer(Path(name), "", tree)])


def build(tree: Tree, name: str, problems: list[Problem], layers: list[Layer]) -> Plan:
    """A plan out of a merged tree.

    Args:
        tree: the plan, as `merge` gives it.
        name: its short name.
        problems: those found so far.
        layers: where it was read, to place problems in.

    Raises:
        PlanError: there are problems.
    """
    quantities, found, numbers = _read_tree(tree)
    problems += found
    problems += check(tree)
    if numbers is not None:
        problems += _too_busy(numbers)
    if numbers is not None and not problems:
        problems += opening_dates(numbers)
    if problems or numbers is None:
        raise PlanError.locate(misspelt(problems, tree), layers)
    by_name = {dotted(path): quantity for path, quantity in quantities.items()}
    lineage = tuple(layer.file.stem for layer in layers)
    return Plan(name, freeze(tree), FrozenDict(by_name), numbers, lineage)


def _own_errors(tree: Tree, layers: list[Layer]) -> tuple[str, ...]:
    """What is wrong whatever a chain that cannot be read would have stated."""
    _, problems, _ = _read_tree(tree)
    return PlanError.locate([p for p in problems if not p.missing], layers).lines


def _read_tree(
    tree: Tree,
) -> tuple[dict[KeyPath, Quantity], list[Problem], Numbers | None]:
    """The stated numbers by path, what is wrong field by field, and the numbers if nothing is."""
    quantities: dict[KeyPath, Quantity] = {}
    problems: list[Problem] = []
    wrong: list[KeyPath] = []
    for path, node in _quantity_nodes(tree):
        found = _read_quantity(path, node)
        if isinstance(found, list):
            problems += found
            wrong.append(path)
        else:
            quantities[path] = found
    problems += _unexplained(tree)
    try:
        return quantities, problems, _validated(_plain(tree, quantities))
    except ValidationError as error:
        # What stands in for a number that is itself wrong is nobody's error.
        problems += [p for p in explain(error) if not _lies_in(p.path, wrong)]
        return quantities, problems, None


def _lies_in(path: KeyPath, places: list[KeyPath]) -> bool:
    return any(path[: len(place)] == place for place in places)


def _too_busy(numbers: Numbers) -> Iterator[Problem]:
    """Demand beyond any centre's, such as 30 enquiries a client where 0.03 was meant."""
    for name, service in numbers.services.items():
        for segment, demand in service.clients.items():
            group = numbers.segments.get(segment)
            asks = demand.asks_year / 12 * group.potential_clients if group else 0
            if asks > MAX_ENQUIRIES_MONTH:
                path = ("services", name, "clients", segment, "asks_year")
                what = f"brings up to {asks:,.0f} enquiries a month, expected at most"
                yield Problem(path, f"{what} {MAX_ENQUIRIES_MONTH:,}")


def _validated(plain: Tree) -> Numbers:
    return Numbers.model_validate(plain, context={"start": plain.get("start")})


def _quantity_nodes(tree: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Every table that states one number, where the schema expects a number."""
    if is_quantity(tree) and kind_of(field_at(path)):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key, node in tree.items():
            yield from _quantity_nodes(node, (*path, key))
    elif isinstance(tree, list):
        for index, node in enumerate(tree):
            yield from _quantity_nodes(node, (*path, index))


def _read_quantity(path: KeyPath, node: dict[str, Any]) -> Quantity | list[Problem]:
    """The number stated at `path`, or what is wrong with the statement."""
    name = node.get("distribution", "fixed")
    model = DISTRIBUTIONS.get(name) if isinstance(name, str) else None
    if model is None:
        choices = ", ".join(DISTRIBUTIONS)
        return [Problem((*path, "distribution"), f"is {shown(name)}, expected one of {choices}")]
    try:
        quantity = model.model_validate(node)
    except ValidationError as error:
        return explain(error, path, tuple(model.model_fields))
    return _fits(path, quantity) or quantity


def _fits(path: KeyPath, quantity: Quantity) -> list[Problem]:
    """Whether a number is of the kind, in the unit and within the bounds of its field."""
    field = field_at(path)
    kind, unit = kind_of(field), unit_of(field)
    problems = []
    if not isinstance(quantity, Fixed) and not may_vary(field):
        what = "a constant" if kind == "constant" else "a whole number"
        problems.append(Problem(path, f"has a distribution, but it is {what}: expected a value"))
    if quantity.unit != unit and (kind != "lever" or quantity.unit is not None):
        missing = quantity.unit is None
        found = "missing" if missing else shown(quantity.unit)
        what = f"is {found}, expected {unit!r}"
        problems.append(Problem((*path, "unit"), what, missing=missing))
    if field is not None and not isinstance(quantity, Fixed):
        (lowest, highest), (low, high) = quantity.support(), bounds_of(field)
        if high == MOST:  # a tail without end is judged by what can be drawn of it
            highest = quantity.quantile(1 - MOST_UNLIKELY)
        if lowest < low:
            problems.append(
                Problem(path, f"can be as low as {lowest:g}, expected at least {low:g}")
            )
        if highest > high:
            problems.append(
                Problem(path, f"can be as high as {highest:g}, expected at most {high:g}")
            )
    return problems


def _unexplained(tree: Any, path: KeyPath = ()) -> Iterator[Problem]:
    """Bare numbers where the schema wants an uncertain parameter or a constant with its origin."""
    if isinstance(tree, Mapping):
        if not (is_quantity(tree) and kind_of(field_at(path))):
            for key, node in tree.items():
                yield from _unexplained(node, (*path, key))
    elif isinstance(tree, list):
        for index, node in enumerate(tree):
            yield from _unexplained(node, (*path, index))
    elif is_number(tree) and kind_of(field_at(path)) in ("uncertain", "constant"):
        unit = unit_of(field_at(path))
        example = f'{{ value = {tree}, unit = "{unit}", assumption = true }}'
        yield Problem(path, f"is a bare number, expected its origin too: {example}")


def _plain(tree: Any, quantities: Mapping[KeyPath, Quantity], path: KeyPath = ()) -> Any:
    """The tree with every stated number replaced by its median.

    A number whose statement is already reported as wrong keeps whatever value it names.
    """
    if is_quantity(tree) and kind_of(field_at(path)):
        known = quantities.get(path) or _read_quantity(path, tree)
        return tree.get("value", 0) if isinstance(known, list) else known.quantile(_MEDIAN)
    if isinstance(tree, Mapping):
        return {key: _plain(node, quantities, (*path, key)) for key, node in tree.items()}
    if isinstance(tree, list):
        return [_plain(node, quantities, (*path, i)) for i, node in enumerate(tree)]
    return tree
