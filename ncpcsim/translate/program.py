"""A program in C, made of some functions and of all that they call."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import FunctionType
from typing import Any

from ncpcsim.translate.functions import Body, Function, head
from ncpcsim.translate.kinds import TranslationError, TypeKind, fields_of, opener, struct
from ncpcsim.translate.terms import Signature


def translate(
    roots: Iterable[Callable[..., Any]],
    given: Mapping[Callable[..., Any], bool],
    *,
    checked: bool = False,
) -> str:
    """Functions and all that they call, as C: structures, heads, then bodies.

    Args:
        roots: functions to be called from outside.
        given: functions written in C by hand, and whether they change the state; their names in C
            are their own.
        checked: check every index of a group's list, and stop the program where it is wrong.

    Raises:
        TranslationError: a text is outside the part of Python that is translated.
    """
    by_hand = {_plain(python): changes for python, changes in given.items()}
    functions = _reached([_plain(python) for python in roots], by_hand)
    signatures = _signatures(functions, by_hand)
    bodies = [
        Body(function, signatures.get, checked=checked).text() for function in functions.values()
    ]
    heads = [f"{head(signatures[python])};" for python in functions]
    kinds = _structures(signatures.values())
    openers = [opener(kind) for kind in kinds if kind.name == "group"]
    return "\n".join([*map(struct, kinds), *openers, "\f", *heads, "", *bodies])


def _plain(python: Callable[..., Any]) -> FunctionType:
    if not isinstance(python, FunctionType):
        raise TranslationError(f"{python!r} is no plain function, expected one of a module")
    return python


def _reached(
    roots: Iterable[FunctionType], given: Mapping[FunctionType, bool]
) -> dict[FunctionType, Function]:
    """All functions that are called, each once."""
    found: dict[FunctionType, Function] = {}
    waiting = list(roots)
    while waiting:
        python = waiting.pop()
        if python in found or python in given:
            continue
        found[python] = Function(python)
        waiting += found[python].calls()
    names: dict[str, FunctionType] = {}
    for python, function in found.items():
        other = names.setdefault(function.signature.name, python)
        if other is not python:
            raise TranslationError(f"{function.file}: {function.signature.name} is there twice")
    return dict(sorted(found.items(), key=lambda each: each[1].signature.name))


def _signatures(
    functions: Mapping[FunctionType, Function], given: Mapping[FunctionType, bool]
) -> dict[FunctionType, Signature]:
    """How each function is called, and whether it may change the state, by itself or another."""
    changing = {python for python, function in functions.items() if function.assigns()}
    changing |= {python for python, changes in given.items() if changes}
    grows = True
    while grows:
        more = {
            python
            for python, function in functions.items()
            if python not in changing and any(each in changing for each in function.calls())
        }
        changing |= more
        grows = bool(more)
    found = {
        python: replace(function.signature, changes=python in changing)
        for python, function in functions.items()
    }
    for python, changes in given.items():
        signature = Function(python).signature
        found[python] = replace(signature, name=python.__name__, changes=changes)
    return found


def _structures(signatures: Iterable[Signature]) -> list[TypeKind]:
    """All rows and groups that are spoken of, those within others first."""
    found: dict[type, TypeKind] = {}

    def add(kind: TypeKind) -> None:
        if kind.name == "list":
            add(kind.of)
        elif kind.name in ("row", "group") and kind.of not in found:
            for field in fields_of(kind.of).values():
                add(field)
            found[kind.of] = kind

    for signature in signatures:
        for kind in (*signature.parameters.values(), signature.returns):
            add(kind)
    names = [kind.__name__ for kind in found]
    for name in names:
        if names.count(name) > 1:
            raise TranslationError(f"two classes are called {name}, expected names of their own")
    return sorted(found.values(), key=lambda kind: kind.name == "group")
