"""Compare the engines run by run: `python benchmarks/identity.py [--runs 20000]`.

Half of the runs are of shipped plans, uncertain parameters drawn; the others are of generated valid
plans of six kinds: numbers changed, options on and off, forced ties, closed centres, crowded
queues, begun in mid-life. Prints a row a kind, and writes `benchmarks/identity.json` unless told
not to; leaves with 1 where a run differs, after printing which, and in which month and account.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.measure import git
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.experiment.selftest import Comparison, compare_plan, joined
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import load_plan
from tests.generated_plans import KINDS, generated

FIGURES = Path(__file__).with_name("identity.json")
SHIPPED = "shipped"
RUNS_A_TASK = 20
RUNS_A_PLAN = 5
Task = tuple[str, str, int]


def main() -> None:
    """Compare as many runs as were asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=20_000, help="runs of all kinds together")
    options.add_argument("--seed", type=int, default=1, help="the random seed")
    options.add_argument("--workers", type=int, default=2, help="processes")
    options.add_argument("--dry", action="store_true", help="do not write identity.json")
    chosen = options.parse_args()
    found: dict[str, list[Comparison]] = {SHIPPED: [], **{kind: [] for kind in KINDS}}
    begun = time.perf_counter()
    with ProcessPoolExecutor(chosen.workers) as pool:
        for kind, comparison in pool.map(compared, tasks(chosen.runs, chosen.seed)):
            found[kind].append(comparison)
            done = sum(part.runs for parts in found.values() for part in parts)
            print(f"\r{done:,} runs", end="", file=sys.stderr)
    print(file=sys.stderr)
    kinds = {kind: joined(parts) for kind, parts in found.items()}
    show(kinds)
    print(f"{time.perf_counter() - begun:,.0f} s by the clock")
    if not chosen.dry:
        about = {"commit": git("describe", "--always", "--dirty"), "seed": chosen.seed}
        figures: dict[str, Any] = {kind: asdict(each) for kind, each in kinds.items()}
        FIGURES.write_text(json.dumps(about | figures, indent=2) + "\n")
    differing = [f"{k}: {c.first_difference}" for k, c in kinds.items() if c.first_difference]
    if differing:
        raise SystemExit("\n".join(["the engines differ", *differing]))


def tasks(runs: int, seed: int) -> Iterator[Task]:
    """Pieces of work: a kind, a plan or none, and a number."""
    names = list(shipped_plans())
    for number in range(runs // 2 // RUNS_A_TASK):
        yield SHIPPED, names[number % len(names)], seed + number // len(names)
        kinds = list(KINDS)
        yield kinds[number % len(kinds)], "", seed * 1_000_000 + number // len(kinds)


def compared(task: Task) -> tuple[str, Comparison]:
    """One piece of work."""
    kind, name, number = task
    if kind == SHIPPED:
        return kind, compare_plan(with_parameters(load_plan(name)), number, RUNS_A_TASK)
    plans = RUNS_A_TASK // RUNS_A_PLAN
    return kind, joined(
        [
            compare_plan(generated(kind, number * plans + i), number, RUNS_A_PLAN)
            for i in range(plans)
        ]
    )


def show(kinds: dict[str, Comparison]) -> None:
    """A row a kind, and one of all."""
    print(f"{'kind':<12}{'runs':>10}{'equal':>10}{'paid late':>12}{'no result':>12}")
    for kind, each in {**kinds, "all": joined(list(kinds.values()))}.items():
        numbers = (each.runs, each.equal, each.paid_late, each.failed)
        print(
            f"{kind:<12}"
            + "".join(f"{n:>{w},}" for n, w in zip(numbers, (10, 10, 12, 12), strict=True))
        )


if __name__ == "__main__":
    main()
