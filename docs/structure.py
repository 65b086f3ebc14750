"""Draw the structure of the code: `python docs/structure.py [FOLDER]`.

A room is a folder of the library, one of its single files, or the command line. Prints each room
with its files, lines and the rooms that it imports; the circles, which there should be none of; and
the longest files and functions.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

_LONGEST = 5


def main() -> None:
    """Read the files and print."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]
    files = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sources(root)}
    lines: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    arrows: dict[str, set[str]] = defaultdict(set)
    for file, tree in files.items():
        room = room_of(module_of(file, root), root)
        lines[room] += length(file)
        count[room] += 1
        arrows[room] |= {room_of(name, root) for name in imported(tree)} - {room, ""}
    print(f"{'room':<12}{'files':>6}{'lines':>8}  imports")
    for room in floors(arrows):
        print(f"{room:<12}{count[room]:>6}{lines[room]:>8,}  {', '.join(sorted(arrows[room]))}")
    circles = sorted({" - ".join(sorted(circle)) for circle in circles_of(arrows)})
    print(f"\ncircles: {'; '.join(circles) or 'none'}")
    print("\nlongest files")
    for file in sorted(files, key=length, reverse=True)[:_LONGEST]:
        print(f"{length(file):>6}  {file.relative_to(root)}")
    print("longest functions")
    functions = [(size, name, file) for file in files for size, name in functions_of(files[file])]
    for size, name, file in sorted(functions, reverse=True)[:_LONGEST]:
        print(f"{size:>6}  {name} in {file.relative_to(root)}")


def sources(root: Path) -> list[Path]:
    """The files of the library and of the command line."""
    return sorted([*(root / "ncpcsim").rglob("*.py"), *(root / "cli").rglob("*.py")])


def module_of(file: Path, root: Path) -> str:
    """A file's dotted name."""
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "cli" else parts)


def room_of(module: str, root: Path) -> str:
    """The room that a module lies in; None if it is not ours."""
    first, *rest = module.split(".")
    if first == "ncpcsim_cli":
        return "cli"
    if first != "ncpcsim":
        return ""
    there = rest and ((root / "ncpcsim" / rest[0]).is_dir() or rest[0] != "__init__")
    return rest[0] if there else "(public)"


def imported(tree: ast.AST) -> Iterator[str]:
    """What a file imports, at any depth; what only types need is no arrow."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "ncpcsim":
                yield from (f"ncpcsim.{alias.name}" for alias in node.names)
            else:
                yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            yield from imported(node)


def floors(arrows: dict[str, set[str]]) -> list[str]:
    """Rooms from the top down: a room stands above what it imports."""
    height: dict[str, int] = {}

    def high(room: str, above: tuple[str, ...] = ()) -> int:
        if room in above:
            return 0
        if room not in height:
            levels = (high(below, (*above, room)) for below in list(arrows[room]))
            height[room] = 1 + max(levels, default=0)
        return height[room]

    return sorted(arrows, key=lambda room: (-high(room), room))


def circles_of(arrows: dict[str, set[str]]) -> Iterator[set[str]]:
    """Rooms that reach one another."""

    def reached(room: str) -> set[str]:
        found: set[str] = set()
        ahead = [room]
        while ahead:
            for below in arrows[ahead.pop()] - found:
                found.add(below)
                ahead.append(below)
        return found

    reach = {room: reached(room) for room in list(arrows)}
    for room, below in reach.items():
        if room in below:
            yield {other for other in below if room in reach[other]}


def functions_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Length and name of each function of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield (node.end_lineno or 0) - node.lineno + 1, node.name


def length(file: Path) -> int:
    """Lines of a file."""
    return len(file.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    main()
