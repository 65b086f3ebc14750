"""Each of the book's systems at work: `python docs/systems.py [--write]` makes docs/systems.md.

Each has one command, in systems.toml; the lines shown are the first of those it prints that match.
"""

import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

DOCUMENT, SOURCE = (Path(__file__).with_name(f"systems.{kind}") for kind in ("md", "toml"))
SHOWN = 3
"""Lines shown of what a command prints, at the most."""


class System(NamedTuple):
    """A system of the book, and a command that shows it at work.

    Attributes:
        name: of the system.
        section: of docs/model.md.
        what: what the model does, in a sentence.
        command: of ncpcsim.
        pattern: of the lines to show.
    """

    name: str
    section: str
    what: str
    command: str
    pattern: str


SYSTEMS = [System(**row) for row in tomllib.loads(SOURCE.read_text(encoding="utf-8"))["system"]]


def shown(system: System) -> list[str]:
    """The lines of a command's output that match."""
    command = [str(Path(sys.executable).with_name("ncpcsim")), *system.command.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return [line for line in lines if re.search(system.pattern, line)][:SHOWN]


def text() -> str:
    """The document."""
    with ThreadPoolExecutor(2) as pool:
        outputs = list(pool.map(shown, SYSTEMS))
    parts = [
        "# The book's systems at work",
        "",
        "What 003 (and 002, 004) tells of a centre, system by system, with a command that shows it",
        "at work, and the first lines of what it prints. Made by `python docs/systems.py --write`",
        "from [systems.toml](systems.toml). Uncertain parameters are drawn from their priors, so",
        "that a new fit changes nothing here.",
    ]
    for number, (system, lines) in enumerate(zip(SYSTEMS, outputs, strict=True), 1):
        parts += [
            "",
            f"## {number}. {system.name}",
            "",
            f"{system.what} [Model](model.md), {system.section}.",
        ]
        command = f"ncpcsim {system.command} | grep -E '{system.pattern}' | head -{SHOWN}"
        parts += ["", "```sh", command, "```", "", "```text", *lines, "```"]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Print the document, or write it."""
    found = text()
    if "--write" in sys.argv:
        DOCUMENT.write_text(found, encoding="utf-8")
    else:
        sys.stdout.write(found)


if __name__ == "__main__":
    main()
