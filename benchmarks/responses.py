"""What each lever of a plan moves: `python benchmarks/responses.py [--plan generic] [--runs N]`.

Paired runs (common random numbers) of a plan and its variants, all judged in one month: the share
of centres that are sustained, dormant and closed, and the difference from the plan as it stands.
Intervals are 1.96 standard errors times the correction for their number (Bonferroni).
"""

import argparse
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncpcsim import load_plan, run
from ncpcsim.measures.judgement import Judgement
from ncpcsim.plan.load import Plan


def certain(unit: str, value: float) -> dict[str, Any]:
    """A number that nobody knows, at one value."""
    return {"value": value, "unit": unit, "assumption": True}


LEVERS: dict[str, Mapping[str, Any]] = {
    "24 months of support": {"programme.months": 24},
    "36 months": {"programme.months": 36},
    "48 months": {"programme.months": 48},
    "84 months": {"programme.months": 84},
    "money x0.5": {"programme.amount_year": 0.5},
    "money x2": {"programme.amount_year": 2.0},
    "front-loaded": {"programme.shape": "front_loaded"},
    "tapered": {"programme.shape": "tapered"},
    "one engineer more": {"posts.technical.people": 3},
    "one engineer fewer": {"posts.technical.people": 1},
    "pay +20 %": {"pay": 1.2},
    "pay -20 %": {"pay": 0.8},
    "prices +30 %": {"price": 1.3},
    "prices -30 %": {"price": 0.7},
    "host gives a fifth": {"host.delivered_share": certain("share", 0.2)},
    "credit line x3": {"liquidity.credit_line": 3.0},
    "credit x3, front-loaded": {"liquidity.credit_line": 3.0, "programme.shape": "front_loaded"},
    "credit x3, tapered": {"liquidity.credit_line": 3.0, "programme.shape": "tapered"},
    "reserve 0 months": {"management.reserve_months": 0},
    "reserve 6 months": {"management.reserve_months": 6},
    "no board delay": {"management.board_delay_months": 0},
    "mission floor 0": {"management.mission_floor_share": 0},
    "cut 1 month ahead": {"management.cut_ahead_months": 1},
    "cut 12 months ahead": {"management.cut_ahead_months": 12},
    "no contracts hoped for": {"management.hoped_share": 0},
    "bids only when idle": {"management.bid_up_to_waiting": 0},
    "full time when late": {"management.short_time_share": 1},
    "bank always refuses": {"liquidity.refused_probability": certain("probability", 1)},
    "donors always advance": {"liquidity.advance_probability": certain("probability", 1)},
    "staff of one": {"posts.technical.people": 1, "posts.technical_seconded.people": 1},
}
"""Changes by dotted path; a multiple where the plan's own number is to be scaled."""
SCALED = ("programme.amount_year", "liquidity.credit_line")
MONTHS = 132
"""Month in which all are judged: three years after the longest support and its extension."""


def main() -> None:
    """Run the variants and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--plan", default="generic")
    options.add_argument("--runs", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--parameters", default="posterior")
    options.add_argument("--only", default="", help="levers whose name contains this")
    chosen = options.parse_args()
    plan = load_plan(chosen.plan)
    levers = {name: change for name, change in LEVERS.items() if chosen.only in name}
    z = NormalDist().inv_cdf(1 - 0.025 / (2 * len(levers)))
    base = outcome(plan, {}, chosen)
    heading = ("change", "sustained", "dormant", "closed", "sustained less base", "alive", "given")
    print("{:26} {:>9} {:>9} {:>9} {:>20} {:>16} {:>10}".format(*heading))
    show("as it stands", base, base, 0.0)
    for name, change in levers.items():
        show(name, outcome(plan, scaled(plan, change), chosen), base, z)


def scaled(plan: Plan, change: Mapping[str, Any]) -> dict[str, Any]:
    """A change with multiples and groups of numbers written out."""
    found: dict[str, Any] = {}
    numbers = plan.numbers
    for path, value in change.items():
        if path == "pay":
            for name, post in numbers.posts.items():
                found[f"posts.{name}.salary_month"] = post.salary_month * value
        elif path == "price":
            for name, service in numbers.services.items():
                for segment, demand in service.clients.items():
                    found[f"services.{name}.clients.{segment}.price"] = demand.price * value
        elif path in SCALED:
            section, key = path.split(".")
            found[path] = getattr(getattr(numbers, section), key) * value
        else:
            found[path] = value
    return found


def outcome(
    plan: Plan, change: Mapping[str, Any], chosen: argparse.Namespace
) -> dict[str, NDArray[np.float64]]:
    """What happened in each run, 0 or 1; and the programme's money."""
    variant = plan.variant({**change, "horizon.judged_month": MONTHS})
    runs = run(
        variant,
        chosen.runs,
        seed=chosen.seed,
        parameters=chosen.parameters,
        detail=True,
        workers=2,
    )
    if runs["error"].notna().any():
        raise SystemExit(f"{change}: {runs['error'].dropna().iloc[0]}")
    found = {
        "sustained": runs["sustained"].to_numpy(np.float64),
        "dormant": (runs["judgement"] == Judgement.DORMANT).to_numpy(np.float64),
        "closed": runs["closed_month"].notna().to_numpy(np.float64),
        "given": np.zeros(len(runs)),
    }
    for kind in ("discretionary", "earmarked"):
        found["given"] += abs(runs[f"closing_cents.programme_{kind}"].to_numpy(np.float64)) / 100
    found["alive"] = 1 - found["closed"] - found["dormant"]
    return found


def show(
    name: str,
    mine: Mapping[str, NDArray[np.float64]],
    base: Mapping[str, NDArray[np.float64]],
    z: float,
) -> None:
    """One line of the table, shares in points."""
    shares = [f"{100 * mine[what].mean():9.1f}" for what in ("sustained", "dormant", "closed")]
    gaps = [
        f"{100 * gap.mean():+6.1f} +- {100 * z * gap.std() / len(gap) ** 0.5:.1f}"
        for gap in (mine[what] - base[what] for what in ("sustained", "alive"))
    ]
    print(f"{name:26} {' '.join(shares)} {gaps[0]:>20} {gaps[1]:>16} {mine['given'].mean():10,.0f}")


if __name__ == "__main__":
    main()
