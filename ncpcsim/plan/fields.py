"""The schema seen as a tree of paths: which field stands where, of what kind, unit and bounds."""

import math
import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeGuard, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.schema import Numbers

_REMEMBERED = 2**14
"""Paths whose place in the schema is remembered: several times those of a large plan."""


@lru_cache(_REMEMBERED)
def field_at(path: KeyPath) -> FieldInfo | None:
    """The schema's field at `path`, or None where the schema has none."""
    model = model_at(path[:-1])
    return model.model_fields.get(str(path[-1])) if model and path else None


@lru_cache(_REMEMBERED)
def model_at(path: KeyPath) -> type[BaseModel] | None:
    """The section of the schema that stands at `path`, or None if it is no section."""
    node: Any = Numbers
    for key in path:
        if is_model(node):
            field = node.model_fields.get(str(key))
            node = inner_type(field.annotation) if field else None
        elif get_origin(node) in (dict, tuple):
            # dict[Name, Section] by name, tuple[Section, ...] by index.
            node = inner_type(get_args(node)[0 if isinstance(key, int) else -1])
        else:
            return None
    return node if is_model(node) else None


def kind_of(field: FieldInfo | None) -> str | None:
    """Whether a field is a "lever", "uncertain" or "constant"; None for text and sections."""
    extra = field.json_schema_extra if field else None
    return str(extra["kind"]) if isinstance(extra, dict) else None


def unit_of(field: FieldInfo | None) -> str | None:
    """The unit of a numeric field."""
    extra = field.json_schema_extra if field else None
    return str(extra["unit"]) if isinstance(extra, dict) else None


def may_vary(field: FieldInfo | None) -> bool:
    """Whether a field may have a distribution: what nobody knows, and amounts that are decided.

    A lever is its author's; but what a centre of the past decided, its prices and costs, may not be
    known.
    """
    kind = kind_of(field)
    amount = field is not None and inner_type(field.annotation) is float
    return kind == "uncertain" or (kind == "lever" and amount)


def bounds_of(field: FieldInfo) -> tuple[float, float]:
    """The smallest and largest value a numeric field allows, infinite where it is open."""
    low, high = -math.inf, math.inf
    for limit in _limits(field):
        if isinstance(limit, Ge | Gt):
            low = float(limit.ge if isinstance(limit, Ge) else limit.gt)  # type: ignore[arg-type]
        elif isinstance(limit, Le | Lt):
            high = float(limit.le if isinstance(limit, Le) else limit.lt)  # type: ignore[arg-type]
    return low, high


def allows(field: FieldInfo, value: float) -> bool:
    """Whether a number lies within the limits of its field."""
    limits = list(_limits(field))
    return (
        all(value >= limit.ge for limit in limits if isinstance(limit, Ge))  # type: ignore[operator]
        and all(value > limit.gt for limit in limits if isinstance(limit, Gt))  # type: ignore[operator]
        and all(value <= limit.le for limit in limits if isinstance(limit, Le))  # type: ignore[operator]
        and all(value < limit.lt for limit in limits if isinstance(limit, Lt))  # type: ignore[operator]
    )


def _limits(field: FieldInfo) -> Iterator[Any]:
    """What bounds a field, also where it may be left out: pydantic keeps that inside the union."""
    yield from field.metadata
    for choice in get_args(field.annotation):
        for note in getattr(choice, "__metadata__", ()):
            yield from note.metadata if isinstance(note, FieldInfo) else (note,)


def is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:
    """Whether a type is a section of the schema."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def inner_type(annotation: Any) -> Any:
    """The type behind `X | None` and `Annotated[X, ...]`."""
    if hasattr(annotation, "__metadata__"):
        return inner_type(annotation.__origin__)
    if get_origin(annotation) in (Union, types.UnionType):
        return inner_type(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation
