"""A batch file: a base plan, and its variants by name, by grid, or by a design of experiments."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, ValidationError

from ncpcsim.plan.currency import RELABELS, relabels
from ncpcsim.plan.explain import explain
from ncpcsim.plan.fields import bounds_of, field_at, inner_type, kind_of, unit_of
from ncpcsim.plan.files import Tree, find_plan, merge, read_file, read_layers
from ncpcsim.plan.frozen import thaw
from ncpcsim.plan.judged import judged_together
from ncpcsim.plan.load import Plan, build
from ncpcsim.plan.problems import KeyPath, Layer, PlanError, Problem, dotted, steps
from ncpcsim.plan.quantity import Frozen, is_number

BASE = "base"
MAX_VARIANTS = 10_000
Value = int | float | str | bool
Given = Value | date
Setting = tuple[KeyPath, Given]


def _value(node: object) -> object:
    if not isinstance(node, Given) or (isinstance(node, float) and node - node != 0):
        raise ValueError("expected a finite number, a date, text, true or false")
    return node


def _range(node: object) -> object:
    ends = node if isinstance(node, list) and len(node) == 2 else []
    numbers = [x for x in ends if is_number(x)]
    if node == "prior" or (len(numbers) == 2 and -math.inf < numbers[0] < numbers[1] < math.inf):
        return node
    raise ValueError('expected "prior" or [low, high] with low below high')


@dataclass(frozen=True)
class Variant:
    """One plan of a batch.

    Attributes:
        name: its name in tables; the base plan's is "base".
        plan: what is simulated.
        settings: the values that a grid or design gave it, by dotted path; dates as text.
    """

    name: str
    plan: Plan
    settings: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """Plans to be run with common random numbers.

    Attributes:
        variants: the base plan first.
        runs: replications of each.
        seed: the random seed.
        replications_per_draw: replications that share a draw of the uncertain parameters.
    """

    variants: tuple[Variant, ...]
    runs: int = 500
    seed: int = 1
    replications_per_draw: int = 1

    def __post_init__(self) -> None:
        names = [variant.name for variant in self.variants]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"variants are {names}, expected one or more, each of its own name")
        codes = sorted({variant.plan.currency for variant in self.variants})
        if len(codes) > 1:
            raise ValueError(f"variants are in {' and '.join(codes)}, expected one currency")
        for name, number in (
            ("runs", self.runs),
            ("replications_per_draw", self.replications_per_draw),
        ):
            if number < 1:
                raise ValueError(f"{name} is {number}, expected at least 1")


_Value = Annotated[Given, PlainValidator(_value)]
_Range = Annotated[list[float] | Literal["prior"], PlainValidator(_range)]


class _Design(Frozen):
    """Points that fill the space of several numbers evenly."""

    points: int = Field(ge=1, le=MAX_VARIANTS, description="how many")
    method: Literal["latin_hypercube", "sobol"] = "latin_hypercube"
    over: dict[str, _Range] = Field(min_length=1, description="a range by plan path")


class _File(Frozen):
    """The keys of a batch file."""

    base: str = Field(description="the name or path of a plan")
    runs: int = Field(default=500, ge=1, le=10_000_000)
    seed: int = Field(default=1, ge=0, le=2**64 - 1)
    replications_per_draw: int = Field(default=1, ge=1, le=1_000_000)
    variants: dict[str, dict[str, Any]] = Field(default={})
    grid: dict[str, Annotated[list[_Value], Field(min_length=1)]] = Field(default={})
    design: _Design | None = None


def read_batch(name: str | Path) -> Batch:
    """The batch that a file describes.

    Raises:
        PlanError: it cannot be used; the lines name every problem with file, line and key.
    """
    layer = read_file(Path(name))
    try:
        file = _File.model_validate(dict(layer.tree))
    except ValidationError as error:
        raise PlanError.locate(_explained(error), [layer]) from None
    _refuse(file, layer)
    base = _base_layers(file.base, layer)
    makers: list[tuple[str, KeyPath, Callable[[str], Variant]]] = [
        (BASE, ("base",), partial(_plain, layers=base))
    ]
    for name_, fragment in file.variants.items():
        here = ("variants", name_)
        own = replace(layer, tree=fragment, stated_at=_under(here))
        makers.append((name_, here, partial(_plain, layers=[*base, own])))
    for name_, settings, place in _settings(file, base, layer):
        made = partial(_set, settings=settings, base=base, layer=layer, place=place)
        makers.append((name_, place, made))
    _refuse_names([(name_, place) for name_, place, _ in makers], layer)
    variants: list[Variant] = []
    lines: list[str] = []
    for name_, place, make in makers:
        try:
            variants.append(make(name_))
            _refuse_currency(variants[0], variants[-1], place, layer)
        except PlanError as error:
            lines += [_of(name_, line, layer) for line in error.lines]
    if lines:
        raise PlanError(lines)
    together = judged_together(variant.plan for variant in variants)
    variants = [replace(one, plan=plan) for one, plan in zip(variants, together, strict=True)]
    return Batch(tuple(variants), file.runs, file.seed, file.replications_per_draw)


def _of(variant: str, line: str, layer: Layer) -> str:
    """A problem that shows in the base's files: it says which variant makes it one."""
    return line if line.startswith(f"{layer.file}:") else f"{line} (in variant {variant!r})"


def _explained(error: ValidationError) -> list[Problem]:
    known = {(): tuple(_File.model_fields), ("design",): tuple(_Design.model_fields)}
    problems = []
    for parent, keys in known.items():
        found = explain(error, known=keys)
        problems += [p for p in found if len(p.path) == len(parent) + 1 and p.path[:-1] == parent]
    placed = {p.path for p in problems}
    return problems + [p for p in explain(error) if p.path not in placed]


def _base_layers(name: str, layer: Layer) -> list[Layer]:
    try:
        file = find_plan(name, layer.file.parent)
    except PlanError as error:
        what = error.lines[0].partition(": plan: ")[2]
        raise PlanError.locate([Problem(("base",), f"{name!r}: {what}")], [layer]) from None
    layers, broken = read_layers(file)
    if broken is not None:
        raise broken
    return layers


def _refuse(file: _File, layer: Layer) -> None:
    made = math.prod(len(values) for values in file.grid.values()) if file.grid else 0
    count = 1 + len(file.variants) + made + (file.design.points if file.design else 0)
    problems = []
    if count > MAX_VARIANTS:
        what = f"makes {count:,} variants, expected at most {MAX_VARIANTS:,}"
        problems.append(Problem(("grid",) if file.grid else ("variants",), what))
    for name, fragment in file.variants.items():
        if "extends" in fragment:
            what = "is not for variants, which all extend the base, expected what differs from it"
            problems.append(Problem(("variants", name, "extends"), what))
    for key, values in file.grid.items():
        if len(set(values)) < len(values):
            problems.append(Problem(("grid", key), f"is {values}, expected each value once"))
    if problems:
        raise PlanError.locate(problems, [layer])


def _refuse_names(names: list[tuple[str, KeyPath]], layer: Layer) -> None:
    problems = []
    seen: set[str] = set()
    for name, place in names:
        if not name.isprintable() or not name.strip():
            problems.append(
                Problem(place, f"{name!r} is no name, expected one that can be printed")
            )
        if name in seen:
            what = f"{name!r} is the name of another variant, too, expected each of its own name"
            problems.append(Problem(place, what))
        seen.add(name)
    if problems:
        raise PlanError.locate(problems, [layer])


def _refuse_currency(first: Variant, other: Variant, place: KeyPath, layer: Layer) -> None:
    """Differences of amounts in two currencies would say nothing."""
    here, expected = other.plan.currency, first.plan.currency
    if here != expected:
        what = f"is {here!r}, expected {expected!r} as in the base: amounts are compared"
        raise PlanError.locate([Problem((*place, "currency"), what)], [layer])


def _plain(name: str, layers: list[Layer]) -> Variant:
    tree, problems = merge(layers)
    return Variant(name, build(tree, name, problems, layers))


def _under(place: KeyPath) -> Callable[[KeyPath], KeyPath]:
    return lambda path: (*place, *path)


def _settings(
    file: _File, base: list[Layer], layer: Layer
) -> Iterator[tuple[str, list[Setting], KeyPath]]:
    """Each variant of the grid and of the design: its name, what it sets, where that stands."""
    plan = _plain(BASE, base).plan
    over = file.design.over if file.design else {}
    problems = [
        *_unknown(plan, file.grid, ("grid",)),
        *_unknown(plan, over, ("design", "over")),
        *(p for design in [file.design] if design for p in _unfit(plan, design)),
    ]
    if problems:
        raise PlanError.locate(problems, [layer])
    if file.grid:
        paths = [steps(key) for key in file.grid]
        for values in product(*file.grid.values()):
            settings = list(zip(paths, values, strict=True))
            yield _name(settings), settings, ("grid",)
    if file.design:
        for number, point in enumerate(_points(plan, file.design, file.seed), 1):
            yield f"point {number}", point, ("design", "over")


def _node(tree: Any, path: KeyPath) -> Any:
    for step in path:
        if isinstance(tree, Mapping):
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def _unknown(plan: Plan, keys: Mapping[str, Any], place: KeyPath) -> Iterator[Problem]:
    for key in keys:
        path = steps(key)
        if relabels(path):
            yield Problem((*place, key), RELABELS)
            continue
        known = field_at(path) is not None and _node(plan.tree, path[:-1]) is not None
        if dotted(path) != key or not known:
            what = "is no number or text of the base plan, expected a path such as"
            yield Problem((*place, key), f"{what} programme.months")
        elif path[0] == "horizon":
            what = "is one for all plans of a batch, which are judged in the same month, expected"
            yield Problem((*place, key), f"{what} another number, such as programme.months")


def _unfit(plan: Plan, design: _Design) -> Iterator[Problem]:
    for key, between in design.over.items():
        found, place = field_at(steps(key)), ("design", "over", key)
        if found is None:
            continue
        low, high = bounds_of(found)
        if kind_of(found) is None:
            yield Problem(place, "is no number, expected a number of the plan")
        elif between == "prior":
            if key not in plan.uncertain:
                what = "but it has no distribution in the base plan, expected [low, high]"
                yield Problem(place, f'is "prior", {what}')
        elif between[0] < low or between[1] > high:
            yield Problem(place, f"is {between}, expected within [{low:g}, {high:g}]")
    if design.method == "sobol" and design.points & (design.points - 1):
        what = f"is {design.points}, expected a power of two for sobol, such as"
        yield Problem(("design", "points"), f"{what} {2 ** round(math.log2(design.points))}")


def _points(plan: Plan, design: _Design, seed: int) -> Iterator[list[Setting]]:
    """The points of a design, in the plan's units (McKay et al. 1979; Sobol' 1967, scrambled)."""
    import numpy as np
    from scipy.stats import qmc

    kind = qmc.Sobol if design.method == "sobol" else qmc.LatinHypercube
    sample = kind(len(design.over), rng=np.random.default_rng(seed)).random(design.points)
    for point in sample.tolist():
        settings: list[Setting] = []
        for (key, between), u in zip(design.over.items(), point, strict=True):
            path = steps(key)
            if between == "prior":
                value = plan.uncertain[key].quantile(min(max(u, 1e-12), 1 - 1e-12))
            else:
                low, high = between
                value = low + (high - low) * u
            settings.append((path, _whole(path, value)))
        yield settings


def _whole(path: KeyPath, value: float) -> int | float:
    """A number as its field has it: months and people are counted in whole ones."""
    found = field_at(path)
    return round(value) if found is not None and inner_type(found.annotation) is int else value


def _set(
    name: str, settings: list[Setting], base: list[Layer], layer: Layer, place: KeyPath
) -> Variant:
    tree, problems = merge(base)
    for path, value in settings:
        _put(tree, path, value)

    def stated_at(path: KeyPath) -> KeyPath:
        for there, _ in settings:
            if path[: len(there)] == there:
                return (*place, dotted(there))
        return ("",)  # stated by the base plan

    own = replace(layer, tree={}, stated_at=stated_at)
    by_name = {dotted(p): str(v) if isinstance(v, date) else v for p, v in settings}
    return Variant(name, build(tree, name, problems, [*base, own]), by_name)


def _put(tree: Tree, path: KeyPath, value: Given) -> None:
    node: Any = tree
    for step in path[:-1]:
        node = node[step]
    old = node.get(path[-1])
    needs_origin = kind_of(field_at(path)) in ("uncertain", "constant")
    in_full = needs_origin or (isinstance(old, dict) and kind_of(field_at(path)))
    if in_full and not isinstance(value, date):  # no date is written with a unit
        number = {"value": value, "unit": unit_of(field_at(path)), "assumption": True}
        node[path[-1]] = thaw(number)
    else:
        node[path[-1]] = value


def _name(settings: list[Setting]) -> str:
    """Settings in short: the last words of their paths, where these tell them apart."""
    short = [dotted(path[-1:]) for path, _ in settings]
    words = short if len(set(short)) == len(short) else [dotted(path) for path, _ in settings]
    return ", ".join(f"{word}={value}" for word, (_, value) in zip(words, settings, strict=True))
