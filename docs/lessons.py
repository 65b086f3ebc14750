"""The figures of docs/lessons.md: `python docs/lessons.py [RUNS]` prints them as a table."""

import sys

from ncpcsim import answer, load_plan, run
from ncpcsim.answers.comparison import Difference, compare
from ncpcsim.intervals import Interval
from ncpcsim.plan.files import shipped_plans

BASE = "generic"


def main() -> None:
    """Run every shipped plan under the same luck, and print one row each."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    names = [BASE, *(name for name in shipped_plans() if name != BASE)]
    plans = {name: load_plan(name) for name in names}
    tables = {name: run(plan, runs, seed=1, workers=2) for name, plan in plans.items()}
    gaps = {d.name: d for d in compare(tables, ["sustained"])}
    print(f"{runs} runs of each, seed 1\n")
    print("| plan | sustained | less `generic` | insolvent | lowest cash, USD | mission |")
    print("|---|---|---|---|---|---|")
    for name, plan in plans.items():
        found = answer(plan.numbers, tables[name])
        cash, mission = found.lowest_cash_usd, found.indicators["mission_share"]
        cells = (
            f"`{name}`",
            share(found.sustained),
            points(gaps[name]) if name in gaps else "",
            share(found.insolvent),
            f"{cash.p50:,.0f} ({cash.p05:,.0f} to {cash.p95:,.0f})",
            f"{100 * mission.p50:.0f} %",
        )
        print(f"| {' | '.join(cells)} |")


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
