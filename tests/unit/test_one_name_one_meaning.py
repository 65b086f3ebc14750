"""A public name is one thing in the whole library."""

import ast
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "ncpcsim"
SAME = ({"reference", "compiled"}, {"model", "plan"})
"""Rooms that say the same thing twice: the two engines; a plan's section and its table."""


def defined() -> dict[str, set[str]]:
    """Rooms by the public classes that they define."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in PACKAGE.rglob("*.py"):
        room = file.relative_to(PACKAGE).parts[0]
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                place = str(file.relative_to(PACKAGE))
                found[node.name].add(room if room in {"reference", "compiled"} else place)
    return found


def test_no_two_modules_mean_different_things_by_one_name() -> None:
    doubled = {name: places for name, places in defined().items() if len(places) > 1}
    rooms = {name: {place.split("/")[0] for place in places} for name, places in doubled.items()}
    crew = {"Team"}  # a row of a table, and the people whom the reference engine makes of it
    assert {
        name
        for name, found in rooms.items()
        if name not in crew and not any(found <= same for same in SAME)
    } == set()
