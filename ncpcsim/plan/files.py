"""From a plan's name or path to one tree of values: reading, `extends` and `without`."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from ncpcsim.data import data_folder
from ncpcsim.plan.problems import Layer, PlanError, Problem
from ncpcsim.plan.quantity import is_quantity

MAX_BYTES = 1_000_000
Tree = dict[str, Any]


def shipped_plans() -> dict[str, Path]:
    """The plans that come with the program, by name."""
    return {file.stem: file for file in sorted(data_folder("scenarios").glob("*.toml"))}


def find_plan(name: str, beside: Path | None = None) -> Path:
    """The file that a name or path means; a relative path starts at the folder `beside`.

    Raises:
        PlanError: no shipped plan and no file is called that.
    """
    shipped = shipped_plans()
    if name in shipped:
        return shipped[name]
    file = (beside or Path()) / name
    if not file.is_file():
        raise PlanError(
            [f"{name}:1: plan: no such file, expected a path or one of {', '.join(shipped)}"]
        )
    return file


def read_layers(file: Path) -> list[Layer]:
    """The file and all it extends, from the root of the chain to the file itself.

    Raises:
        PlanError: a file cannot be read, is no TOML, or the chain is broken or circular.
    """
    layers: list[Layer] = []
    seen: list[Path] = []
    while True:
        layers.insert(0, _read(file))
        seen.append(file.resolve())
        parent = layers[0].tree.get("extends")
        if parent is None:
            return layers
        file = _parent(parent, file, layers)
        if file.resolve() in seen:
            chain = " -> ".join(f.stem for f in [*seen[seen.index(file.resolve()) :], file])
            raise PlanError.locate(
                [Problem(("extends",), f"circular: {chain}, expected a chain that ends")],
                layers[:1],
            )


def merge(layers: list[Layer]) -> tuple[Tree, list[Problem]]:
    """One tree out of a chain of files: sections are merged, numbers and lists replaced.

    A table that states one number (it has a `value` or a `distribution`) is replaced whole.
    """
    tree: Tree = {}
    problems: list[Problem] = []
    for layer in layers:
        own = {key: node for key, node in layer.tree.items() if key not in ("extends", "without")}
        problems += _remove(layer.tree.get("without", []), tree)
        tree = _merged(tree, own)
    return tree, problems


def _parent(name: object, file: Path, layers: list[Layer]) -> Path:
    if not isinstance(name, str):
        what = f"is {name!r}, expected the name or path of a plan"
        raise PlanError.locate([Problem(("extends",), what)], layers[:1])
    try:
        return find_plan(name, beside=file.parent)
    except PlanError as error:
        what = error.lines[0].split(": ", 2)[2]
        problem = Problem(("extends",), f"{name!r}: {what}")
        raise PlanError.locate([problem], layers[:1]) from None


def _read(file: Path) -> Layer:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise PlanError([f"{file}:1: plan: larger than 1 MB, expected a plan of at most 1 MB"])
        data = file.read_bytes()
    except OSError as error:
        raise PlanError([f"{file}:1: plan: cannot be read ({error.strerror})"]) from None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PlanError([f"{file}:{line}: plan: not UTF-8, expected a UTF-8 text"]) from None
    try:
        return Layer(file, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PlanError([_invalid_toml(file, text, str(error))]) from None
    except RecursionError:
        raise PlanError([f"{file}:1: plan: nested too deeply, expected a plan"]) from None


def _invalid_toml(file: Path, text: str, message: str) -> str:
    """Move the position that the parser puts at the end of its message to the front."""
    what, _, place = message.rpartition(" (at ")
    digits = "".join(c if c.isdigit() else " " for c in place).split()
    line = int(digits[0]) if digits else text.count("\n") + 1
    return f"{file}:{line}: plan: not valid TOML ({what or message}), expected TOML 1.0"


def _remove(names: Any, tree: Tree) -> list[Problem]:
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        return [Problem(("without",), f"is {names!r}, expected a list of inherited keys")]
    problems = []
    for index, name in enumerate(names):
        *parents, last = name.split(".")
        node: Any = tree
        for key in parents:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and last in node:
            del node[last]
        else:
            what = f"{name!r} is not inherited, expected a key that is"
            problems.append(Problem(("without", index), what))
    return problems


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Tree:
    result = deepcopy(dict(base))
    for key, node in over.items():
        old = result.get(key)
        mergeable = isinstance(old, dict) and isinstance(node, dict)
        if mergeable and not is_quantity(old) and not is_quantity(node):
            result[key] = _merged(old, node)  # type: ignore[arg-type]
        else:
            result[key] = deepcopy(node)
    return result
