"""Validation's findings in a reader's words: what is there, and what was expected."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ncpcsim.plan.fields import field_at, model_at, unit_of
from ncpcsim.plan.problems import KeyPath, Problem, dotted, shown
from ncpcsim.plan.slips import meant

_SHAPES = {
    "dict_type": "a section",
    "list_type": "a list",
    "model_attributes_type": "a section",
    "model_type": "a section",
    "tuple_type": "a list",
}
"""What was expected, where validation's own words name types of the program."""

_NAMED = 2
"""Length of the path of a section that a plan names, such as services.training."""
_MUCH = 3
"""Keys that a new section lacks if it may be meant for another; of one named by design few lack."""


def explain(
    error: ValidationError, within: KeyPath = (), known: tuple[str, ...] = ()
) -> list[Problem]:
    """Each finding of a validation as a problem.

    Args:
        error: the findings.
        within: the path of what was validated, if it is not the whole plan.
        known: the keys it may have, if it is not the whole plan.
    """
    return [_problem(detail, within, known) for detail in error.errors()]


def misspelt(problems: Sequence[Problem], tree: Mapping[str, Any]) -> list[Problem]:
    """The same problems, but for a new section that lacks much and is named nearly like another.

    What it lacks is given in one line, with the name that may have been meant.
    """
    lacking: dict[KeyPath, list[str]] = {}
    for problem in problems:
        if problem.missing and len(problem.path) == _NAMED + 1:
            lacking.setdefault(problem.path[:-1], []).append(str(problem.path[-1]))
    meant = {
        (section, name): close[0]
        for (section, name), keys in lacking.items()
        if len(keys) >= _MUCH
        and (
            close := get_close_matches(str(name), [n for n in tree[str(section)] if n != name], n=1)
        )
    }
    sections = [
        Problem(path, f"is new and lacks {', '.join(lacking[path])}; did you mean {name!r}?")
        for path, name in meant.items()
    ]
    return [*sections, *(p for p in problems if not (p.missing and p.path[:-1] in meant))]


def _problem(detail: ErrorDetails, within: KeyPath, keys: tuple[str, ...]) -> Problem:
    path = within + tuple(key for key in detail["loc"] if key != "[key]")
    if detail["type"] == "extra_forbidden":
        return Problem(path, _unknown_key(path, keys))
    if detail["type"] == "missing":
        return Problem(path, f"is missing, expected {_wanted(path)}", missing=True)
    if detail["type"] in _SHAPES:
        return Problem(path, f"is {shown(detail['input'])}, expected {_SHAPES[detail['type']]}")
    expected = detail["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    if "expected" not in expected:
        expected = f"expected {_wanted(path)}; {expected}"
    unit = unit_of(field_at(path))
    found = shown(detail["input"])
    if isinstance(detail["input"], str) and (wanted := meant(detail["input"])):
        expected = f"expected {wanted}"
    return Problem(path, f"is {found}, {expected}" + (f" ({unit})" if unit else ""))


def _unknown_key(path: KeyPath, keys: tuple[str, ...]) -> str:
    model = model_at(path[:-1])
    known = keys or (tuple(model.model_fields) if model else ())
    close = get_close_matches(str(path[-1]), known, n=1)
    choices = f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(known)}"
    return f"unknown key, {choices}"


def _wanted(path: KeyPath) -> str:
    field = field_at(path)
    if field is None or not field.description:
        if model_at(path):
            return f"a [{dotted(path)}] section"
        return "a value" if isinstance(path[-1], str) else "an entry"
    unit = unit_of(field)
    return field.description + (f" ({unit})" if unit else "")
