"""The figures of docs/lessons.md: `python docs/lessons.py [RUNS] [--write]`.

Prints them as a table; with --write, puts the table in the place of the one in docs/lessons.md.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from ncpcsim import answer, load_plan, run
from ncpcsim.answers.comparison import Difference, compare
from ncpcsim.measures.intervals import Interval
from ncpcsim.plan.files import shipped_plans

BASE = "generic"
DOCUMENT = Path(__file__).with_name("lessons.md")
TABLE = re.compile(r"^\| plan \| sustained \|.*?\n(?=\n)", re.MULTILINE | re.DOTALL)


def main() -> None:
    """Run every shipped plan with the same seed, and print or write one row each."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    runs = numbers[0] if numbers else 300
    table = "\n".join(rows(runs)) + "\n"
    print(f"{runs} runs of each, seed 1\n\n{table}")
    if "--write" in sys.argv:
        text, found = TABLE.subn(table, DOCUMENT.read_text(encoding="utf-8"))
        assert found == 1, f"{DOCUMENT} has {found} tables, expected one"  # noqa: S101
        text = re.sub(r"lessons\.py \d+", f"lessons.py {runs}", text)
        DOCUMENT.write_text(re.sub(r"this table: \d+ runs", f"this table: {runs} runs", text))


def rows(runs: int) -> Iterator[str]:
    """The table's lines."""
    names = [BASE, *(name for name in shipped_plans() if name != BASE)]
    plans = {name: load_plan(name) for name in names}
    tables = {name: run(plan, runs, seed=1, workers=2) for name, plan in plans.items()}
    gaps = {d.name: d for d in compare(tables, ["sustained"])}
    yield "| plan | sustained | less `generic` | from fees alone | dormant | closed | mission |"
    yield "|---|---|---|---|---|---|---|"
    for name, plan in plans.items():
        found = answer(plan.numbers, tables[name])
        mission = found.indicators["mission_share"]
        cells = (
            f"`{name}`",
            share(found.sustained),
            points(gaps[name]) if name in gaps else "",
            share(found.self_sufficient),
            share(found.judgement["dormant"]),
            share(found.judgement["closed"]),
            f"{100 * mission.p50:.0f} %",
        )
        yield f"| {' | '.join(cells)} |"


def share(interval: Interval) -> str:
    """A share of runs with its 95 % interval."""
    middle, low, high = (100 * x for x in interval)
    return f"{middle:.0f} % ({low:.0f} to {high:.0f})"


def points(gap: Difference) -> str:
    """A paired difference of shares with its 95 % interval, in points."""
    middle, low, high = (100 * x for x in gap.mean)
    return f"{middle:+.0f} ({low:+.0f} to {high:+.0f})"


if __name__ == "__main__":
    main()
