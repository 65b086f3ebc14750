"""A commented plan to start from: every field's meaning, kind, unit and inherited value."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import tomlkit
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ncpcsim.plan.fields import field_at, inner_type, is_model, kind_of, model_at, unit_of
from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.quantity import is_quantity
from ncpcsim.plan.schema import Numbers

_WIDTH = 98
_HEADER = """\
# A plan for ncpcsim. It inherits every number from {parent!r}; take the "# " off a line and
# change the value where your centre differs. Lines that stay as they are can be deleted.
#
# Three kinds of number:
#   lever      you or the donor decide it: a bare number is enough
#   uncertain  nobody knows it: {{ distribution = "triangular", low = 1, mode = 2, high = 4,
#              unit = "...", source = "where from" }}; also uniform (low, high), normal (mean, sd),
#              lognormal (median, sigma), or one value held: {{ value = 2, unit = "...", ... }}
#   constant   known: {{ value = 18, unit = "...", source = "where from" }}
# In place of `source`, `assumption = true` says that you chose the number yourself.
# A month is a number of months after `start`, or a date such as 1998-07-01.
# `without = ["host", "posts.deputy"]` drops what is inherited.
# Then: ncpcsim validate FILE, and ncpcsim run FILE.
"""


def commented_plan(base: Plan, parent: str, title: str) -> str:
    """The text of a new plan that extends `base`, all of whose fields stand in it as comments.

    Args:
        base: the plan to inherit from.
        parent: how the new file names it in `extends`.
        title: the new centre's name.
    """
    own = {
        "title": title,
        "question": base.numbers.question,
        "start": base.numbers.start,
    }
    head = [_HEADER.format(parent=parent), f"extends = {_toml(parent)}"]
    for key, value in own.items():
        head += [*_comment(_meaning(Numbers.model_fields[key])), f"{key} = {_toml(value)}"]
    head += _field("currency", Numbers.model_fields["currency"], base.currency)
    sections = {key: node for key, node in base.tree.items() if isinstance(node, Mapping)}
    return "\n".join([*head, "", *_missing(base.tree, ()), "", *_sections(sections, ())])


def _sections(tree: Mapping[str, Any], path: KeyPath) -> Iterator[str]:
    for key, node in tree.items():
        if isinstance(node, Mapping) and not is_quantity(node):
            yield from _section(node, (*path, key))


def _section(tree: Mapping[str, Any], path: KeyPath) -> Iterator[str]:
    model = model_at(path)
    if model is None:
        yield from _named(path)
    else:
        yield from _comment(_about(model))
        yield f"[{'.'.join(str(key) for key in path)}]"
        for key, field in model.model_fields.items():
            if key in tree and not _is_section(tree[key]):
                yield from _field(key, field, tree[key])
        yield from _missing(tree, path)
        yield ""
    yield from _sections(tree, path)


def _named(path: KeyPath) -> Iterator[str]:
    """What sections by name are, before the first of them."""
    field = field_at(path)
    if field is not None:
        yield from _comment(f"{path[-1]}: {_meaning(field)}")
        yield ""


def _field(key: str, field: FieldInfo, value: Any) -> Iterator[str]:
    yield from _comment(_meaning(field))
    yield from _inner(field)
    yield f"# {key} = {_toml(value)}"


def _missing(tree: Mapping[str, Any], path: KeyPath) -> Iterator[str]:
    """Fields and sections that may be there and that the inherited plan leaves out."""
    model = model_at(path)
    for key, field in model.model_fields.items() if model else ():
        if key not in tree:
            section, meaning = _section_of(field), _meaning(field)
            what = "section" if section else "field"
            about = f". {_about(section)}" if section and field.description else ""
            yield from _comment(f"(optional {what}, not set) {key}: {meaning}{about}")
            yield from _inner(field)


def _inner(field: FieldInfo) -> Iterator[str]:
    """The fields of what a field holds, one to a comment: of a section, or of a list's entries."""
    model = _section_of(field)
    for key, inner in model.model_fields.items() if model else ():
        yield from _comment(f"- {key}: {_meaning(inner)}")
        yield from _inner(inner)


def _section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The section that a field holds: itself, by name, or as entries of a list."""
    annotation = inner_type(field.annotation)
    if get_origin(annotation) in (dict, tuple):
        annotation = inner_type(get_args(annotation)[-1 if get_origin(annotation) is dict else 0])
    return annotation if is_model(annotation) else None


def _about(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").split("\n\n")[0]


def _meaning(field: FieldInfo) -> str:
    kind = kind_of(field)
    unit = unit_of(field)
    model = _section_of(field)
    description = field.description or (_about(model) if model else "")
    return description + (f" ({kind}, {unit})" if kind else "")


def _comment(text: str) -> Iterator[str]:
    line = "#:"
    for word in text.split():
        if len(line) + 1 + len(word) > _WIDTH:
            yield line
            line = "#:  "
        line += " " + word
    yield line


def _is_section(node: Any) -> bool:
    return isinstance(node, Mapping) and not is_quantity(node)


def _toml(value: Any) -> str:
    """A value on one line, as TOML."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(node)}" for key, node in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(node) for node in value) + "]"
    text: str = tomlkit.item(value).as_string()
    return text
