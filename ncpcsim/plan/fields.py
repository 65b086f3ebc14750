"""The schema seen as a tree of paths: which field stands where, of what kind, unit and bounds."""

import math
import types
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.schema import Numbers


def field_at(path: KeyPath) -> FieldInfo | None:
    """The schema's field at `path`, or nothing where the schema has none (or a whole section)."""
    model: Any = Numbers
    field: FieldInfo | None = None
    for key in path:
        if is_model(model):
            field = model.model_fields.get(key)
            if field is None:
                return None
            model = inner_type(field.annotation)
        elif get_origin(model) in (dict, tuple):
            model, field = inner_type(get_args(model)[0 if isinstance(key, int) else -1]), None
        else:
            return None
    return field


def keys_at(path: KeyPath) -> tuple[str, ...]:
    """The keys that the section at `path` may have, where the schema fixes them."""
    model: Any = Numbers
    for key in path:
        if is_model(model):
            field = model.model_fields.get(key)
            model = inner_type(field.annotation) if field else None
        elif get_origin(model) in (dict, tuple):
            model = inner_type(get_args(model)[0 if isinstance(key, int) else -1])
    return tuple(model.model_fields) if is_model(model) else ()


def kind_of(field: FieldInfo | None) -> str | None:
    """Whether a field is a "lever", "uncertain" or "constant"; nothing for text and sections."""
    extra = field.json_schema_extra if field else None
    return str(extra["kind"]) if isinstance(extra, dict) else None


def unit_of(field: FieldInfo | None) -> str | None:
    """The unit of a numeric field."""
    extra = field.json_schema_extra if field else None
    return str(extra["unit"]) if isinstance(extra, dict) else None


def bounds_of(field: FieldInfo) -> tuple[float, float]:
    """The smallest and largest value a numeric field allows, infinite where it is open."""
    low, high = -math.inf, math.inf
    for limit in field.metadata:
        if isinstance(limit, Ge | Gt):
            low = float(limit.ge if isinstance(limit, Ge) else limit.gt)  # type: ignore[arg-type]
        elif isinstance(limit, Le | Lt):
            high = float(limit.le if isinstance(limit, Le) else limit.lt)  # type: ignore[arg-type]
    return low, high


def leaves(tree: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every number and text of a tree of plain values, with its path, in the tree's order."""
    if isinstance(tree, dict):
        for key, node in tree.items():
            yield from leaves(node, (*path, key))
    elif isinstance(tree, list | tuple):
        for index, node in enumerate(tree):
            yield from leaves(node, (*path, index))
    else:
        yield path, tree


def is_model(annotation: Any) -> bool:
    """Whether a type is a section of the schema."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def inner_type(annotation: Any) -> Any:
    """The type behind `X | None` and `Annotated[X, ...]`."""
    if hasattr(annotation, "__metadata__"):
        return inner_type(annotation.__origin__)
    if get_origin(annotation) in (Union, types.UnionType):
        return inner_type(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation
