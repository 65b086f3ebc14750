"""Where a result comes from: all that is needed to make it again."""

import json
import platform
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ncpcsim.plan.load import Plan

FORMAT = 6
"""Version of the layout of a result folder; a change that a reader would notice raises it."""


def provenance() -> dict[str, Any]:
    """What made a result: program, commit, Python and the libraries that draw and schedule."""
    return {
        "program": "ncpcsim",
        "version": version("ncpcsim"),
        "commit": commit(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in ("numpy", "simpy")},
    }


def stated(plan: Plan) -> dict[str, Any]:
    """A plan as a manifest states it: name, hash, and the plan itself as resolved."""
    return {
        "name": plan.name,
        "sha256": plan.hash,
        "resolved": json.loads(plan.as_json()),
    }


def drawn(plan: Plan) -> str:
    """Where a plan's uncertain parameters are drawn from."""
    return plan.ensemble.name if plan.ensemble else "prior"


@cache
def commit() -> str | None:
    """The git commit this program comes from: that of its checkout, or that its wheel names.

    Changes that are not committed are marked: the commit alone would not make the result again.
    """
    package = Path(__file__).resolve().parents[1]
    built_from = package / "_data" / "commit"
    if built_from.exists():
        return built_from.read_text()
    if not (package.parent / ".git").exists():
        return None
    head = _git(package.parent, "rev-parse", "HEAD")
    return f"{head}-modified" if head and _git(package.parent, "status", "--porcelain") else head


def _git(checkout: Path, *arguments: str) -> str | None:
    try:
        answer = subprocess.run(  # noqa: S603
            ["git", "--no-optional-locks", "-C", str(checkout), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None
