"""From a plan's name or path to one tree of values: reading, `extends` and `without`."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ncpcsim.data import data_folder
from ncpcsim.plan.currency import converted
from ncpcsim.plan.fields import field_at, kind_of
from ncpcsim.plan.frozen import thaw
from ncpcsim.plan.problems import KeyPath, Layer, PlanError, Problem, shown
from ncpcsim.plan.slips import slip

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
_LONG_INTEGER = re.compile(r"\d{4000}")
_KEYS = re.compile(r"\(('[^']*',? ?)+\)")
Tree = dict[str, Any]


def shipped_plans() -> dict[str, Path]:
    """The plans that come with the program, by name."""
    return {file.stem: file for file in sorted(data_folder("scenarios").glob("*.toml"))}


def find_plan(name: str, beside: Path | None = None) -> Path:
    """The file that a name or path means; a relative path starts at the folder `beside`.

    Raises:
        PlanError: no shipped plan and no file is called that.
    """
    file = _search(name, beside)
    if file is None:
        raise PlanError([f"{name}:1: plan: {_not_found(name, beside)}"])
    return file


def _search(name: str, beside: Path | None) -> Path | None:
    shipped = shipped_plans()
    if name in shipped:
        return shipped[name]
    file = (beside or Path()) / name
    try:
        return file if file.is_file() else None
    except (OSError, ValueError):
        return None  # no file system has such a name


def _not_found(name: str, beside: Path | None) -> str:
    try:
        folder = bool(name) and ((beside or Path()) / name).is_dir()
    except (OSError, ValueError):
        folder = False
    found = "is a folder" if folder else "no such file"
    return f"{found}, expected the path of a plan or one of {', '.join(shipped_plans())}"


def read_layers(file: Path) -> tuple[list[Layer], PlanError | None]:
    """The file and all it extends, from the root of the chain to the file itself.

    Returns:
        The layers, and what breaks the chain above the first of them: it is circular, or a file is
        not there, cannot be read, or is no TOML.

    Raises:
        PlanError: the file itself cannot be read or is no TOML.
    """
    layers = [read_file(file)]
    try:
        _read_above(layers, file)
    except PlanError as broken:
        return layers, broken
    return layers, None


def _read_above(layers: list[Layer], file: Path) -> None:
    """Put all that the first layer extends before it."""
    seen: list[Path] = []
    while True:
        seen.append(file.resolve())
        parent = layers[0].tree.get("extends")
        if parent is None:
            return
        file = _parent(parent, file, layers)
        if file.resolve() in seen:
            chain = " -> ".join(f.stem for f in [*seen[seen.index(file.resolve()) :], file])
            raise PlanError.locate(
                [Problem(("extends",), f"circular: {chain}, expected a chain that ends")],
                layers[:1],
            )
        layers.insert(0, read_file(file))


def merge(layers: list[Layer]) -> tuple[Tree, list[Problem]]:
    """One tree out of a chain of files: sections are merged, numbers and lists replaced.

    A table that stands for one number is replaced whole. What a plan inherits in another currency
    is converted first.
    """
    tree: Tree = {}
    problems: list[Problem] = []
    for layer in layers:
        own = {key: node for key, node in layer.tree.items() if key not in ("extends", "without")}
        tree, found = converted(tree, layer)
        problems += [*found, *_remove(layer, tree)]
        tree = _merged(tree, own, ())
    return tree, problems


def _parent(name: object, file: Path, layers: list[Layer]) -> Path:
    if not isinstance(name, str):
        what = f"is {shown(name)}, expected the name or path of a plan"
        raise PlanError.locate([Problem(("extends",), what)], layers[:1])
    found = _search(name, file.parent)
    if found is None:
        problem = Problem(("extends",), f"{name!r}: {_not_found(name, file.parent)}")
        raise PlanError.locate([problem], layers[:1])
    return found


def read_file(file: Path) -> Layer:
    """What one TOML file says.

    Raises:
        PlanError: it cannot be read, is too large, or is no TOML in UTF-8.
    """
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
        tree = thaw(_parsed(text))
    except tomllib.TOMLDecodeError as error:
        raise PlanError([_invalid_toml(file, text, str(error))]) from None
    except ValueError as error:  # an integer of more digits than Python reads
        line = next(i for i, x in enumerate(text.splitlines(), 1) if _LONG_INTEGER.search(x))
        what = f"not valid TOML ({error}), expected TOML 1.0"
        raise PlanError([f"{file}:{line}: plan: {what}"]) from None
    except RecursionError:
        raise PlanError([_too_deep(file)]) from None
    if _deeper(tree, MAX_DEPTH):
        raise PlanError([_too_deep(file)])
    return Layer(file, text, tree)


@lru_cache(8)
def _parsed(text: str) -> Mapping[str, Any]:
    """What a TOML text says; the last texts are remembered: most plans extend the same few."""
    return tomllib.loads(text)


def _too_deep(file: Path) -> str:
    return f"{file}:1: plan: nested too deeply, expected a plan"


def _deeper(node: Any, depth: int) -> bool:
    """Whether tables and lists lie more than `depth` within one another."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return depth < 0 or any(_deeper(child, depth - 1) for child in children)


def _invalid_toml(file: Path, text: str, message: str) -> str:
    """The line of a text that is no TOML, with what was expected there.

    The parser puts its position at the end of its message.
    """
    what, _, place = message.rpartition(" (at ")
    digits = "".join(c if c.isdigit() else " " for c in place).split()
    line = int(digits[0]) if digits else text.count("\n") + 1
    if found := slip(text, line):
        return f"{file}:{line}: {found}"
    if text.startswith("\ufeff"):
        what = "it begins with a byte order mark"
    reason = _KEYS.sub(lambda keys: ".".join(re.findall("'([^']*)'", keys[0])), what or message)
    return f"{file}:{line}: plan: not valid TOML ({reason}), expected TOML 1.0"


def _remove(layer: Layer, tree: Tree) -> list[Problem]:
    names = layer.tree.get("without", [])
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        what = f"is {shown(names)}, expected a list of inherited keys"
        return [Problem(("without",), what, file=layer.file)]
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
            problems.append(Problem(("without", index), what, file=layer.file))
    return problems


def _merged(base: Mapping[str, Any], over: Mapping[str, Any], path: KeyPath) -> Tree:
    result = dict(base)
    for key, node in over.items():
        old, here = result.get(key), (*path, key)
        if isinstance(old, dict) and isinstance(node, dict) and not kind_of(field_at(here)):
            result[key] = _merged(old, node, here)
        else:
            result[key] = thaw(node)
    return result
