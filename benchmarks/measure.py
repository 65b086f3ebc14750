"""Measure speed, start-up and memory: `python benchmarks/measure.py [--large RUNS]`.

Prints a table, and writes it to `benchmarks/figures.json` unless told not to. Processor seconds,
not seconds on the clock: a busy machine stretches the latter.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

from simpy import Environment

from ncpcsim.experiment.run import run_once
from ncpcsim.plan.load import load_plan

HERE = Path(__file__).parent
RUNS = 200
STARTS = 7
MEBIBYTE = 1024
NCPCSIM = str(Path(sys.executable).with_name("ncpcsim"))


def main() -> None:
    """Measure everything and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--large", type=int, default=20_000, help="runs of the largest batch")
    options.add_argument("--dry", action="store_true", help="do not write figures.json")
    chosen = options.parse_args()
    figures = {
        "about": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("ncpcsim", "numpy", "simpy")},
        },
        "speed": speed("hungary"),
        "start-up": start_up(),
        "memory": memory([500, 5_000, chosen.large]),
    }
    print(json.dumps(figures, indent=2))
    if not chosen.dry:
        (HERE / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")


def speed(name: str) -> dict[str, float]:
    """Runs and events per processor second on one core."""
    plan = load_plan(name)
    run_once(plan, 1, 0)
    events = sum(count_events(partial(run_once, plan, 1, run)) for run in range(20)) / 20
    begun = time.process_time()
    for run in range(RUNS):
        run_once(plan, 1, run)
    spent = time.process_time() - begun
    return {
        "events per run": round(events),
        "runs per CPU second": round(RUNS / spent, 1),
        "events per CPU second": round(RUNS * events / spent),
    }


def count_events(work: Callable[[], Any]) -> int:
    """How many events SimPy processes in some work."""
    counted = 0
    step = Environment.step

    def counting(clock: Environment) -> None:
        nonlocal counted
        counted += 1
        step(clock)

    with patch.object(Environment, "step", counting):
        work()
    return counted


def start_up() -> dict[str, float]:
    """Median seconds on the clock until a command has answered."""
    with tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / "bad.toml"
        bad.write_text('extends = "generic"\n[thresholds]\ncredit_line_usd = -1\n')
        return {
            "ncpcsim --help": median_seconds("--help"),
            "ncpcsim validate hungary": median_seconds("validate", "hungary"),
            "an error in a plan": median_seconds("run", str(bad)),
        }


def median_seconds(*arguments: str) -> float:
    """Median time of a command over a few starts."""
    times = []
    for _ in range(STARTS):
        begun = time.perf_counter()
        subprocess.run([NCPCSIM, *arguments], capture_output=True, check=False)
        times.append(time.perf_counter() - begun)
    return round(statistics.median(times), 3)


def memory(sizes: list[int]) -> dict[str, float]:
    """Peak resident memory in MiB of the largest process of batches of growing size."""
    with tempfile.TemporaryDirectory() as folder:
        return {f"{runs} runs, MiB": peak_mebibytes(runs, Path(folder)) for runs in sizes}


def peak_mebibytes(runs: int, folder: Path) -> float:
    """Peak memory of one batch, its workers and its results written."""
    out = folder / str(runs)
    command = [NCPCSIM, "run", "hungary", "-n", str(runs), "--out", str(out)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"a batch of {runs} runs left with {child.returncode}")
    return round(usage.ru_maxrss / MEBIBYTE, 1)


if __name__ == "__main__":
    main()
