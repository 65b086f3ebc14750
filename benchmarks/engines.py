"""Measure the engines: `python benchmarks/engines.py [--install]`.

The compiled engine against the reference engine of a commit, in the same process and in turns; what
drawing parameters and simulating takes; two threads against one; SimPy's own speed against that
commit's; with --install, what an installation takes with and without a compiler on PATH. Processor
seconds, but for threads and installations, which are timed by the clock. Prints the figures, and
writes them to `benchmarks/engines.json` unless told not to.
"""

import argparse
import json
import os
import pickle
import shutil
import statistics
import subprocess
import tempfile
import time
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

# From the folder of this file: a turn of another commit's program must not find this one's first.
from measure import ROOT, answer_of, git, tree_of  # type: ignore[import-not-found]

HERE = Path(__file__).parent
FIGURES = HERE / "engines.json"
COMMIT = "feea380"
PLANS = ("hungary", "generic", "czech")
TURNS = 7
REFERENCE_RUNS = 8
COMPILED_RUNS = 400
MANY_RUNS = 4000
TOOLS = ("git", "bash", "sh", "env", "uname", "ls", "rm", "mkdir", "cat")


def main() -> None:
    """Measure what was asked for and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--install", action="store_true", help="measure installations too")
    options.add_argument("--turn", metavar="JOB", help="one turn of a commit's program")
    options.add_argument("--dry", action="store_true", help="do not write engines.json")
    chosen = options.parse_args()
    if chosen.turn:
        print(json.dumps(turn(Path(chosen.turn))))
        return
    figures: dict[str, Any] = {"commit": git("describe", "--always", "--dirty"), "against": COMMIT}
    with tree_of(COMMIT) as tree, tempfile.TemporaryDirectory() as folder:
        for name in PLANS:
            figures[name] = against(name, tree, Path(folder) / f"{name}.job")
    figures["drawn and simulated, CPU ms a run of hungary"] = drawn_and_simulated()
    figures["two threads over one, runs a second by the clock"] = two_threads()
    if chosen.install:
        figures["installation"] = {what: installed(cc) for what, cc in INSTALLATIONS.items()}
    print(json.dumps(figures, indent=2))
    if not chosen.dry:
        known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
        FIGURES.write_text(json.dumps(known | figures, indent=2) + "\n")


# ------------------------------------------------------------------ in one process


def against(name: str, tree: Path, job: Path) -> dict[str, Any]:
    """A plan's runs by the commit's SimPy, by today's, and by the compiled engine, in turns."""
    job.write_bytes(pickle.dumps(prepared(name)))
    old, new = [], []
    for _ in range(TURNS):
        old.append(answer_of(tree, __file__, "--turn", str(job)))
        new.append(answer_of(ROOT, __file__, "--turn", str(job)))
    ratios = [each["reference"] / each["compiled"] for each in old]
    simpy = [there["reference"] / here["reference"] for there, here in zip(old, new, strict=True)]
    return {
        "reference, CPU ms a run": round(statistics.median(e["reference"] for e in old), 2),
        "compiled, CPU ms a run": round(statistics.median(e["compiled"] for e in old), 3),
        "ratio": round(statistics.median(ratios), 1),
        "lowest and highest ratio": [round(min(ratios), 1), round(max(ratios), 1)],
        "SimPy's speed now over then": round(statistics.median(simpy), 2),
    }


def prepared(name: str) -> dict[str, Any]:
    """All that compiled runs of a plan need, for a process that knows nothing of this program."""
    from ncpcsim.compiled.build import HERE as LIBRARY
    from ncpcsim.compiled.build import library_name
    from ncpcsim.compiled.library import load
    from ncpcsim.compiled.memory import memory
    from ncpcsim.compiled.run import cells_of
    from ncpcsim.experiment.parameters import draw_matrix
    from ncpcsim.experiment.posterior import with_parameters
    from ncpcsim.experiment.tables import tables_for
    from ncpcsim.plan.load import load_plan

    plan = with_parameters(load_plan(name))
    tables, library = tables_for(plan), load()
    block = memory(tables)
    words, columns = cells_of(tables, tuple(plan.uncertain))
    return {
        "plan": name,
        "library": str(LIBRARY / library_name()),
        "words": block.words,
        "directory": block.directory,
        "cell_words": words,
        "cell_columns": columns,
        "values": draw_matrix(plan, 1, range(COMPILED_RUNS), library),
        "first_result": block.first_result,
        "result_words": block.result_words,
    }


def turn(job: Path) -> dict[str, float]:
    """CPU milliseconds a run: this program's SimPy, and the library, one after the other."""
    from ncpcsim.experiment.posterior import with_parameters
    from ncpcsim.experiment.run import run_once
    from ncpcsim.plan.load import load_plan

    given = pickle.loads(job.read_bytes())  # noqa: S301  written by this program just before
    plan = with_parameters(load_plan(given["plan"]))
    run_once(plan, 1, 0)
    compiled(given, 20)
    begun = time.process_time()
    for replication in range(REFERENCE_RUNS):
        run_once(plan, 1, replication)
    between = time.process_time()
    compiled(given, COMPILED_RUNS)
    ended = time.process_time()
    return {
        "reference": 1000 * (between - begun) / REFERENCE_RUNS,
        "compiled": 1000 * (ended - between) / COMPILED_RUNS * _same_runs(given),
    }


def _same_runs(given: dict[str, Any]) -> float:
    """What the first runs take over what the mean run takes: both engines are to do the same."""
    begun = time.process_time()
    for _ in range(COMPILED_RUNS // REFERENCE_RUNS):
        compiled(given, REFERENCE_RUNS)
    between = time.process_time()
    compiled(given, COMPILED_RUNS)
    return (between - begun) / (time.process_time() - between)


def compiled(given: dict[str, Any], runs: int) -> None:
    """Runs of the compiled engine, through the library alone."""
    import ctypes

    library = ctypes.CDLL(given["library"])

    def at(array: "np.ndarray[Any, Any]") -> ctypes.c_void_p:
        return ctypes.c_void_p(array.ctypes.data)

    numbers = np.arange(runs, dtype=np.uint64)
    results = np.empty((runs, given["result_words"]), np.int64)
    library.ncpcsim_simulate(
        at(given["words"]),
        at(given["directory"]),
        ctypes.c_uint64(1),
        ctypes.c_int64(runs),
        at(numbers),
        ctypes.c_int64(len(given["cell_words"])),
        at(given["cell_words"]),
        at(given["cell_columns"]),
        ctypes.c_int64(given["values"].shape[1]),
        at(given["values"]),
        ctypes.c_int64(given["first_result"]),
        ctypes.c_int64(given["result_words"]),
        at(results),
    )


# ------------------------------------------------------------------ draws and threads


def drawn_and_simulated() -> float:
    """CPU milliseconds a run of `hungary`, parameters drawn and the centre simulated."""
    simulate_many(100)
    begun = time.process_time()
    simulate_many(MANY_RUNS)
    return round(1000 * (time.process_time() - begun) / MANY_RUNS, 3)


def simulate_many(runs: int, first: int = 0) -> None:
    """Draw parameters and simulate, a hundred runs at a time."""
    from ncpcsim.compiled.library import load
    from ncpcsim.compiled.run import simulate
    from ncpcsim.experiment.parameters import draw_matrix
    from ncpcsim.experiment.posterior import with_parameters
    from ncpcsim.experiment.tables import tables_for
    from ncpcsim.plan.load import load_plan

    plan = _PLANS.setdefault("hungary", with_parameters(load_plan("hungary")))
    for begin in range(first, first + runs, 100):
        block = range(begin, begin + 100)
        values = draw_matrix(plan, 1, block, load())
        simulate(tables_for(plan), 1, block, tuple(plan.uncertain), values)


_PLANS: dict[str, Any] = {}


def two_threads() -> float:
    """Runs a second by the clock with two threads over those with one: median of some turns."""
    simulate_many(100)
    half, ratios = MANY_RUNS // 2, []
    for _ in range(TURNS):
        begun = time.perf_counter()
        simulate_many(MANY_RUNS)
        between = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(simulate_many, [half, half], [0, half]))
        ratios.append((between - begun) / (time.perf_counter() - between))
    return round(statistics.median(ratios), 2)


# ------------------------------------------------------------------ installation

INSTALLATIONS = {"with cc": True, "without cc": False}


def installed(cc: bool) -> dict[str, Any]:  # noqa: FBT001  a measurement, not an option
    """Seconds and megabytes of `pip install -e .` in a fresh environment and a fresh checkout."""
    with tempfile.TemporaryDirectory() as folder:
        checkout, home = Path(folder) / "checkout", Path(folder) / "venv"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(checkout)], check=True)
        venv.create(home, with_pip=True)
        path = os.environ["PATH"]
        if not cc:
            tools = Path(folder) / "tools"
            tools.mkdir()
            for name in TOOLS:
                (tools / name).symlink_to(str(shutil.which(name)))
            path = str(tools)
        begun = time.perf_counter()
        subprocess.run(
            [str(home / "bin" / "pip"), "install", "-q", "-e", "."],
            cwd=checkout,
            env={**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{path}"},
            check=True,
        )
        seconds = time.perf_counter() - begun
        completed = subprocess.run(
            [str(home / "bin" / "ncpcsim"), "engine"], capture_output=True, text=True, check=True
        )
        files = [file for file in home.rglob("*") if file.is_file() and not file.is_symlink()]
        libraries = [*checkout.glob("ncpcsim/compiled/_engine_*"), *checkout.glob("**/engine.wasm")]
        return {
            "seconds": round(seconds, 1),
            "MB of the environment": round(sum(f.stat().st_size for f in files) / 1e6),
            "kB of the engines": [round(f.stat().st_size / 1000) for f in libraries],
            "engine": completed.stdout.splitlines()[1],
        }


if __name__ == "__main__":
    main()
