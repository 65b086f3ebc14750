"""When and why centres sleep and close: `python benchmarks/closings.py [--runs N]`.

A row for every shipped plan, of runs with the random seed 1: the share that is ever dormant and for
how many months, the share closed and closed before the programme's money ended, and what first made
the closed, and those dormant at the end, pay late. Intervals are of 95 %.
"""

import argparse

import numpy as np

from ncpcsim import load_plan, run
from ncpcsim.measures.intervals import Interval, share_interval
from ncpcsim.measures.judgement import Judgement
from ncpcsim.model.ending import Cause
from ncpcsim.plan.files import shipped_plans

FIRST_CAUSES = {
    Cause.DONOR_LEFT: "donor left",
    Cause.TRANCHE_LATE: "tranche late",
    Cause.CLIENTS_LATE: "clients late",
    Cause.HOST_FAILED: "host failed",
    Cause.PROGRAMME_OVER: "programme over",
    Cause.COSTS_TOO_HIGH: "costs too high",
}
"""Causes that a plan begun at its start can have, as the table names them."""


def main() -> None:
    """Print the table, and the causes below it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=2000)
    options.add_argument("--parameters", default="posterior")
    chosen = options.parse_args()
    first = ("plan", "ever dormant", "months then", "closed", "before money ended")
    print(f"| {' | '.join((*first, *FIRST_CAUSES.values()))} |")
    print(f"|{'---|' * (len(first) + len(FIRST_CAUSES))}")
    for name in shipped_plans():
        print(row(name, chosen.runs, chosen.parameters))


def row(name: str, runs: int, parameters: str) -> str:
    """One plan's line."""
    plan = load_plan(name)
    table = run(plan, runs, parameters=parameters, detail=True, workers=2)
    table = table[table["error"].isna()]
    months = table["total.centre.dormant"].to_numpy(np.float64)
    closed = table["closed_month"].to_numpy(np.float64, na_value=np.inf)
    ended = np.isfinite(closed) | (table["judgement"] == Judgement.DORMANT).to_numpy()
    cause = table["cause"].to_numpy()[ended]
    slept = f"{months[months > 0].mean():.0f}" if (months > 0).any() else "-"
    shares = (
        [f"{100 * (cause == each).mean():.0f} %" for each in FIRST_CAUSES] if len(cause) else []
    )
    cells = [
        f"`{name}`",
        share(months > 0),
        slept,
        share(np.isfinite(closed)),
        share(closed < plan.numbers.programme_end),
        *shares,
    ]
    return f"| {' | '.join(cells)} |"


def share(happens: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> str:
    """A share of runs with its interval."""
    found: Interval = share_interval(int(happens.sum()), len(happens))
    middle, low, high = (100 * part for part in found)
    return f"{middle:.1f} % ({low:.1f} to {high:.1f})"


if __name__ == "__main__":
    main()
