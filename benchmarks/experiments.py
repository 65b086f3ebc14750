"""Measure batches: `python benchmarks/experiments.py [scaling|overhead|memory]...`.

Scaling from one core to two, what the store and a Dask cluster add to runs alone, the memory of
the parent of a large batch, and bytes a run on disk. Prints the figures and writes them to
`benchmarks/experiments.json`. Ratios are of turns taken side by side; compare no other figures
between machines.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ncpcsim import Batch, Folder, Variant, batch, load_plan, run
from ncpcsim.experiment.engines import COMPILED
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.experiment.replications import cut
from ncpcsim.experiment.run import Chunk, Task, run_chunk
from ncpcsim.results.parts import write_parquet
from ncpcsim.results.table import joined

FIGURES = Path(__file__).with_name("experiments.json")
PLAN = load_plan("hungary")
CHUNK, STORED = 100, 5000


def main() -> None:
    """Measure what was asked for and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", nargs="*", default=list(MEASURED), choices=[*MEASURED, []])
    options.add_argument("--runs", type=int, default=2000, help="runs for scaling")
    options.add_argument("--pairs", type=int, default=3, help="turns of each")
    options.add_argument("--dry", action="store_true", help="do not write the figures")
    chosen = options.parse_args()
    figures = {name: MEASURED[name](chosen.runs, chosen.pairs) for name in chosen.what}
    print(json.dumps(figures, indent=2))
    if not chosen.dry:
        known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
        FIGURES.write_text(json.dumps(known | figures, indent=2) + "\n")


def seconds(work: Callable[[], object]) -> float:
    """How long it takes on the clock."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def scaling(runs: int, pairs: int) -> dict[str, Any]:
    """How many times as fast two processes are as one, in turns."""
    ratios = []
    for _ in range(pairs):
        one = seconds(lambda: run(PLAN, runs, workers=1))
        ratios.append(one / seconds(lambda: run(PLAN, runs, workers=2)))
    return {"runs": runs, "pairs of turns": pairs, **spread(ratios)}


class Again(Executor):
    """Hands out the results of one chunk again and again, under other numbers."""

    def __init__(self) -> None:
        self.chunk = run_chunk(Task(PLAN, 1, 0, CHUNK))

    def submit(self, _fn: Callable[..., Any], /, *args: Any, **_how: Any) -> Future[Any]:
        """A finished future."""
        (task,) = args
        numbers = np.arange(task.first, task.first + task.runs)
        table = self.chunk.table.rows(0, task.runs)
        future: Future[Any] = Future()
        future.set_result(Chunk(replace(table, replications=numbers, draws=numbers), None))
        return future


def overhead(_: int, pairs: int) -> dict[str, Any]:
    """Time with the store, and on a cluster of one worker, over that of the runs alone.

    What the store takes is measured by itself, with runs that cost nothing: next to whole runs it
    would be lost in the machine's variation.
    """
    from distributed import LocalCluster

    parts = 20
    plans = Batch((Variant("base", PLAN),), runs=parts * CHUNK)
    free = Again()

    def alone() -> None:
        run_chunk(Task(PLAN, 1, 0, CHUNK))

    def stored() -> None:
        with tempfile.TemporaryDirectory() as folder:
            batch(plans, Path(folder) / "out", chunk_runs=CHUNK, executor=free)

    stored()  # imports cost once
    store, dask = [], []
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=1, threads_per_worker=1, dashboard_address=None
    ) as cluster:

        def on_cluster() -> None:
            run(PLAN, 4 * CHUNK, cluster=cluster.scheduler_address, chunk_runs=CHUNK)

        on_cluster()  # the worker's imports cost once
        for _pair in range(pairs):
            bare = seconds(alone)
            store.append(1 + seconds(stored) / parts / bare)
            dask.append(seconds(on_cluster) / (4 * seconds(alone)))
    return {
        "runs a chunk": CHUNK,
        "pairs of turns": pairs,
        "store": spread(store),
        "Dask": spread(dask),
    }


def memory(_: int, _pairs: int) -> dict[str, Any]:
    """Peak memory of the parent of large batches, and bytes a run on disk.

    The runs themselves are the workers' business: here they cost nothing.
    """
    found: dict[str, Any] = {}
    for runs in (10_000, 100_000):
        plans = Batch((Variant("base", PLAN),), runs=runs)
        with tempfile.TemporaryDirectory() as folder:
            done: Folder = batch(plans, Path(folder) / "out", executor=Again())
            size = sum(part.file.stat().st_size for part in done.parts)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found[f"parent's peak after {runs:,} runs, MiB"] = round(peak)
        found["bytes a run on disk"] = round(size / runs)
    return found


def whole(_: int, pairs: int) -> dict[str, Any]:
    """`ncpcsim run hungary` as a process: seconds on the clock, peak memory; a run's CPU time."""
    found: dict[str, Any] = {}
    for runs in (500, 10_000):
        taken = min(process("-n", str(runs))[0] for _ in range(pairs))
        found[f"run hungary -n {runs}, seconds on the clock"] = round(taken, 2)
    for runs in (10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            taken, peak = process("-n", str(runs), "--out", f"{folder}/out")
            size = sum(file.stat().st_size for file in Path(folder).glob("out/runs/*"))
        found[f"the same into a folder, {runs:,} runs, seconds"] = round(taken, 1)
        found[f"peak memory of that, {runs:,} runs, MiB"] = round(peak)
        found["bytes a run in the folder"] = round(size / runs)
    found["a run from draws to stored row, CPU ms"] = round(min(row_ms() for _ in range(pairs)), 3)
    return found


def process(*arguments: str) -> tuple[float, float]:
    """Seconds on the clock and peak memory in MiB of a run of `hungary` as a process of its own."""
    command = [str(Path(sys.executable).with_name("ncpcsim")), "run", "hungary", *arguments]
    begun = time.perf_counter()
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(started.pid, 0)
    assert status == 0, command  # noqa: S101
    return time.perf_counter() - begun, used.ru_maxrss / 1024


def row_ms() -> float:
    """CPU milliseconds a run: parameters drawn, simulated, measured and written as Parquet."""
    plan = with_parameters(PLAN)
    with tempfile.TemporaryDirectory() as folder:
        tasks = cut(Task(plan, 1, 0, STORED, engine=COMPILED), CHUNK)
        begun = time.process_time()
        table = joined([run_chunk(task).table for task in tasks])
        write_parquet(table.whole(), Path(folder) / "rows.parquet")
        return 1000 * (time.process_time() - begun) / STORED


def spread(ratios: list[float]) -> dict[str, Any]:
    """The median of some ratios, the lowest and the highest."""
    return {
        "median": round(statistics.median(ratios), 3),
        "lowest": round(min(ratios), 3),
        "highest": round(max(ratios), 3),
    }


MEASURED: dict[str, Callable[[int, int], dict[str, Any]]] = {
    "memory": memory,
    "overhead": overhead,
    "scaling": scaling,
    "whole": whole,
}


if __name__ == "__main__":
    main()
