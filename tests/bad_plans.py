"""Bad plans as files, and the errors that they give."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.problems import PlanError
from tests.bad_plan_cases import CASES

GENERIC = shipped_plans()["generic"].read_text()
SHAPE = re.compile(r"[^\n]+:\d+: [^\n]+: [^\n]+")

_SHORT = {f"<{name}>": f'distribution = "{name}"' for name in ("uniform", "normal", "lognormal")}
_SHORT |= {"<triangular>": 'distribution = "triangular"'}
_SHORT |= {f"<{unit}>": f'unit = "{unit}", source = "x"' for unit in ("months", "share")}
_SHORT |= {"<400 zeros>": 400 * "0"}


class Case(NamedTuple):
    """A bad plan, and the beginning of each of its errors."""

    name: str
    text: str
    errors: list[str]


def cases() -> list[Case]:
    found = []
    for part in CASES.split("=== ")[1:]:
        heading, _, text = part.partition("\n")
        for short, long in _SHORT.items():
            text = text.replace(short, long)
        errors = [
            f"p.toml:{number}: {error}"
            for number, line in enumerate(text.splitlines(), 2)
            for error in line.split("  #! ")[1:]
        ]
        plan = "\n".join(line.split("  #! ")[0] for line in text.splitlines())
        # The Czech plan's agreements are dated, the average centre's shared out by the programme.
        base = "czech" if heading.startswith("dated: ") else "generic"
        found.append(Case(heading, f'extends = "{base}"\n{plan}\n', errors))
    return found


TABLE = cases()


def written(folder: Path, text: str, name: str = "p.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def errors_of(file: Path) -> list[str]:
    """The lines of a plan's error, the file's folder left out."""
    with pytest.raises(PlanError) as caught:
        load_plan(file)
    lines = caught.value.lines
    assert str(caught.value) == "\n".join(lines)
    for line in lines:
        assert SHAPE.fullmatch(line), line
    return [line.removeprefix(f"{file.parent}/") for line in lines]


def assert_found(lines: list[str], expected: list[str]) -> None:
    """Each line begins as expected: its file, line and key, and what is said."""
    for line, want in zip(lines, expected, strict=False):
        assert line.startswith(want), (line, want)
    assert len(lines) == len(expected), lines
