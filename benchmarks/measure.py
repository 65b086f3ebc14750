"""Measure speed, start-up and memory: `python benchmarks/measure.py [--large RUNS]`.

With `--against COMMIT` only the speed, in turns with that commit's. Prints the figures, and writes
them to `benchmarks/figures.json` unless told not to. Processor seconds, not seconds on the clock: a
busy machine stretches the latter.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

from simpy import Environment

from ncpcsim.experiment.run import run_once
from ncpcsim.plan.load import load_plan

HERE = Path(__file__).parent
ROOT = HERE.parent
FIGURES = HERE / "figures.json"
PLAN = "hungary"
RUNS = 200
PAIRS = 9
RUNS_A_TURN = 60
STARTS = 7
MEBIBYTE = 1024
NCPCSIM = str(Path(sys.executable).with_name("ncpcsim"))


def main() -> None:
    """Measure what was asked for and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--large", type=int, default=20_000, help="runs of the largest batch")
    options.add_argument("--against", metavar="COMMIT", help="compare speed with this commit's")
    options.add_argument("--pairs", type=int, default=PAIRS, help="turns of each, with --against")
    options.add_argument("--turn", type=int, metavar="RUNS", help="only the speed of some runs")
    options.add_argument("--dry", action="store_true", help="do not write figures.json")
    chosen = options.parse_args()
    if chosen.turn:
        print(json.dumps(speed(PLAN, chosen.turn)))
        return
    if chosen.against:
        figures = {"against": against(chosen.against, chosen.pairs)}
    else:
        figures = everything(chosen.large)
    print(json.dumps(figures, indent=2))
    if not chosen.dry:
        known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
        FIGURES.write_text(json.dumps(known | figures, indent=2) + "\n")


def everything(large: int) -> dict[str, Any]:
    """All figures but those against another commit."""
    return {
        "about": {
            "commit": git("describe", "--always", "--dirty"),
            "python": platform.python_version(),
            **{name: version(name) for name in ("ncpcsim", "numpy", "simpy")},
        },
        "speed": speed(PLAN, RUNS),
        "start-up": start_up(),
        "memory": memory([500, 5_000, large]),
    }


def speed(name: str, runs: int) -> dict[str, float]:
    """Runs and events per processor second on one core."""
    plan = load_plan(name)
    run_once(plan, 1, 0)

    def work() -> None:
        for run in range(runs):
            run_once(plan, 1, run)

    begun = time.process_time()
    work()
    spent = time.process_time() - begun
    events = count_events(work)
    return {
        "events per run": round(events / runs),
        "runs per CPU second": round(runs / spent, 1),
        "events per CPU second": round(events / spent),
    }


def against(commit: str, pairs: int) -> dict[str, Any]:
    """Events per processor second here over those of a commit, each with its own plan.

    The two take turns, so that a busy machine slows both alike; a ratio is of one pair of turns.
    """
    with tree_of(commit) as other:
        taken = [(turn(ROOT), turn(other)) for _ in range(pairs)]
    ratios = [here / there for here, there in taken]
    return {
        "plan": PLAN,
        "commit": git("describe", "--always", "--dirty"),
        "other commit": git("rev-parse", "--short", commit),
        "pairs of turns": pairs,
        "runs a turn": RUNS_A_TURN,
        "events per CPU second": round(statistics.median(here for here, _ in taken)),
        "events per CPU second of the other": round(statistics.median(other for _, other in taken)),
        "ratio": round(statistics.median(ratios), 3),
        "lowest and highest ratio": [round(min(ratios), 3), round(max(ratios), 3)],
    }


@contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """The files of a commit in a folder that goes away, whatever happens."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        try:
            git("worktree", "add", "--detach", str(tree), commit)
            yield tree
        finally:
            git("worktree", "remove", "--force", str(tree), check=False)
            git("worktree", "prune")


def turn(tree: Path) -> float:
    """Events per processor second of the program in a folder, measured by this file."""
    measured: dict[str, float] = answer_of(tree, __file__, "--turn", str(RUNS_A_TURN))
    return measured["events per CPU second"]


def answer_of(tree: Path, *command: str) -> Any:
    """What a file prints as JSON, run with the program in a folder, in a process of its own."""
    paths = os.pathsep.join([str(tree), str(tree / "cli")])
    answer = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise SystemExit(f"the program in {tree} cannot be measured:\n{answer.stderr}")
    return json.loads(answer.stdout)


def git(*arguments: str, check: bool = True) -> str:
    """What git answers."""
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if check and done.returncode:
        raise SystemExit(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.strip()


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
        bad.write_text('extends = "generic"\n[thresholds]\ncredit_line = -1\n')
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
    command = [NCPCSIM, "run", PLAN, "-n", str(runs), "--out", str(out)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"a batch of {runs} runs left with {child.returncode}")
    return round(usage.ru_maxrss / MEBIBYTE, 1)


if __name__ == "__main__":
    main()
