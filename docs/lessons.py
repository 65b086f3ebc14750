"""The figures of docs/lessons.md: `python docs/lessons.py [RUNS] [--write]`.

Prints them as two tables; with --write, puts them in the place of those in docs/lessons.md.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from ncpcsim import Plan, answer, load_plan, run
from ncpcsim.answers.comparison import Difference, compare
from ncpcsim.measures.intervals import Interval, share_interval
from ncpcsim.measures.judgement import Judgement
from ncpcsim.model.ending import Cause
from ncpcsim.plan.files import shipped_plans

BASE = "generic"
DOCUMENT = Path(__file__).with_name("lessons.md")
TABLES = ("sustained", "ever dormant")
"""What the second column of each table is called."""
FIRST_CAUSES = {
    Cause.DONOR_LEFT: "donor left",
    Cause.TRANCHE_LATE: "tranche late",
    Cause.CLIENTS_LATE: "clients late",
    Cause.HOST_FAILED: "host failed",
    Cause.PROGRAMME_OVER: "programme over",
    Cause.COSTS_TOO_HIGH: "costs too high",
}
"""Causes that a plan begun at its start can have, as the second table names them."""


def main() -> None:
    """Run every shipped plan with the same seed, and print or write one row each."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    runs = numbers[0] if numbers else 300
    names = [BASE, *(name for name in shipped_plans() if name != BASE)]
    plans = {name: load_plan(name) for name in names}
    frames = {name: run(plan, runs, seed=1, workers=2, detail=True) for name, plan in plans.items()}
    tables = ["\n".join(made(plans, frames)) + "\n" for made in (lasting, ending)]
    print(f"{runs} runs of each, seed 1\n", *tables, sep="\n")
    if "--write" in sys.argv:
        text = DOCUMENT.read_text(encoding="utf-8")
        for second, table in zip(TABLES, tables, strict=True):
            place = re.compile(rf"^\| plan \| {second} \|.*?\n(?=\n)", re.MULTILINE | re.DOTALL)
            text, found = place.subn(table, text)
            assert found == 1, f"{DOCUMENT} has {found} such tables, expected one"  # noqa: S101
        text = re.sub(r"lessons\.py \d+", f"lessons.py {runs}", text)
        DOCUMENT.write_text(re.sub(r"this table: \d+ runs", f"this table: {runs} runs", text))


def lasting(plans: Mapping[str, Plan], tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """The lines of the first table: how many last."""
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


def ending(plans: Mapping[str, Plan], tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """The lines of the second table: when and why centres sleep and close."""
    first = ("plan", *TABLES[1:], "months then", "closed", "before money ended")
    yield f"| {' | '.join((*first, *FIRST_CAUSES.values()))} |"
    yield f"|{'---|' * (len(first) + len(FIRST_CAUSES))}"
    for name, table in tables.items():
        months = table["total.centre.dormant"].to_numpy(np.float64)
        closed = table["closed_month"].to_numpy(np.float64, na_value=np.inf)
        dormant = (table["judgement"] == Judgement.DORMANT).to_numpy()
        causes = table["cause"].to_numpy()[np.isfinite(closed) | dormant]
        happened = (months > 0, np.isfinite(closed), closed < plans[name].numbers.programme_end)
        slept, ended, early = (share(share_interval(int(x.sum()), len(x))) for x in happened)
        mean = f"{months[months > 0].mean():.0f}" if (months > 0).any() else "-"
        shares = [f"{100 * (causes == cause).mean():.0f} %" for cause in FIRST_CAUSES]
        yield f"| {' | '.join((f'`{name}`', slept, mean, ended, early, *shares))} |"


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
