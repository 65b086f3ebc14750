"""What is wrong with a plan, as `file:line: key.path: what is wrong, what was expected`."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tree_sitter import Node

KeyPath = tuple[str | int, ...]


def dotted(path: KeyPath) -> str:
    """A path as a reader writes it: `grants.main.tranches[0].amount`."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    if text.isprintable():
        return text
    # A quoted key may hold anything; an error stays one line.
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def steps(path: str) -> KeyPath:
    """A dotted path taken apart: `grants.main.tranches[0].amount`."""
    return tuple(int(i) if i else name for name, i in _STEP.findall(path))


_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_LONGEST_SHOWN = 40


def shown(value: object) -> str:
    """A value as a plan's author wrote it, or the word for what it is."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = value.isoformat() if isinstance(value, date) else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes:
        path: leads from the top of the plan to the key.
        what: what is wrong, what was expected.
        missing: the key is not there; the place is that of the table it is missing from.
        file: the file it is in, where that is not the last to state the key.
    """

    path: KeyPath
    what: str
    missing: bool = False
    file: Path | None = None


def same(path: KeyPath) -> KeyPath:
    """Where a plan file states a key: at its own path."""
    return path


@dataclass(frozen=True)
class Layer:
    """One file of an `extends` chain, or part of one: where it lies and what it says.

    Attributes:
        file: where it lies.
        text: all of it, to find lines in.
        tree: what it says, in the shape of a plan file.
        stated_at: the path in the text at which it states a plan's key; another one where a file
            holds changes to plans under names of its own.
    """

    file: Path
    text: str
    tree: Mapping[str, Any]
    stated_at: Callable[[KeyPath], KeyPath] = same


class PlanError(ValueError):
    """A plan that cannot be used; `lines` holds every problem, ready to print."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(dict.fromkeys(lines))
        super().__init__("\n".join(self.lines))

    def __reduce__(self) -> tuple[type["PlanError"], tuple[tuple[str, ...]]]:
        return PlanError, (self.lines,)

    @classmethod
    def locate(cls, problems: Iterable[Problem], layers: Sequence[Layer]) -> "PlanError":
        """Give each problem the file and line of its key, or of the table it is missing from.

        `layers` run from the root of the `extends` chain to the plan itself.
        """
        numbered = [(layer, _line_numbers(layer.text)) for layer in layers]
        places = [(*_place(problem, numbered), problem) for problem in problems]
        places.sort(key=lambda place: (str(place[0]), place[1]))
        return cls(
            f"{file}:{line}: {dotted(path) or 'plan'}: {problem.what}"
            for file, line, path, problem in places
        )


Numbered = Sequence[tuple[Layer, Mapping[KeyPath, int]]]


def _place(problem: Problem, numbered: Numbered) -> tuple[Path, int, KeyPath]:
    """The file, line and path that state a problem's key, or failing that the most of its path."""
    path = problem.path[:-1] if problem.missing else problem.path
    for length in range(len(path), 0, -1):
        for layer, lines in reversed(numbered):
            stated = layer.stated_at(path[:length])
            if stated in lines and problem.file in (None, layer.file):
                rest = () if stated == layer.stated_at(problem.path) else problem.path[length:]
                return layer.file, lines[stated], (*stated, *rest)
    return problem.file or numbered[-1][0].file, 1, problem.path


@lru_cache(8)
def _line_numbers(text: str) -> Mapping[KeyPath, int]:
    """The line, from 1, on which each key of a TOML text first stands.

    The last texts are remembered: most plans extend the same few.
    """
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    lines: dict[KeyPath, int] = {}
    arrays: dict[KeyPath, int] = {}
    language = Language(tree_sitter_toml.language())
    for node in Parser(language).parse(text.encode()).root_node.named_children:
        if node.type == "pair":
            _number_pair(node, (), lines)
        elif node.type in ("table", "table_array_element"):
            _number_table(node, lines, arrays)
    return lines


def _number_table(node: "Node", lines: dict[KeyPath, int], arrays: dict[KeyPath, int]) -> None:
    key, *pairs = node.named_children
    *parents, last = _keys(key)
    path: KeyPath = ()
    for part in parents:
        path = _in_last((*path, part), arrays)
        lines.setdefault(path, key.start_point[0] + 1)
    path = (*path, last)
    if node.type == "table_array_element":
        arrays[path] = arrays.get(path, -1) + 1
        lines.setdefault(path, key.start_point[0] + 1)
        path = _in_last(path, arrays)
    lines.setdefault(path, key.start_point[0] + 1)
    for pair in pairs:
        if pair.type == "pair":
            _number_pair(pair, path, lines)


def _in_last(path: KeyPath, arrays: dict[KeyPath, int]) -> KeyPath:
    """A header under an array of tables speaks of the array's last table."""
    return (*path, arrays[path]) if path in arrays else path


def _number_pair(node: "Node", parent: KeyPath, lines: dict[KeyPath, int]) -> None:
    key, *rest = node.named_children
    path = parent
    for part in _keys(key):
        path = (*path, part)
        lines.setdefault(path, key.start_point[0] + 1)
    for value in rest:
        _number_value(value, path, lines)


def _number_value(node: "Node", path: KeyPath, lines: dict[KeyPath, int]) -> None:
    if node.type == "inline_table":
        for pair in node.named_children:
            if pair.type == "pair":
                _number_pair(pair, path, lines)
    elif node.type == "array":
        items = (child for child in node.named_children if child.type != "comment")
        for index, item in enumerate(items):
            lines.setdefault((*path, index), item.start_point[0] + 1)
            _number_value(item, (*path, index), lines)


def _keys(node: "Node") -> KeyPath:
    """The parts of a bare, quoted or dotted key."""
    if node.type == "dotted_key":
        return tuple(part for child in node.named_children for part in _keys(child))
    text = (node.text or b"").decode()
    return (text,) if node.type == "bare_key" else tuple(tomllib.loads(f"{text} = 0"))
