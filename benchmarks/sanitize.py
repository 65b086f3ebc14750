"""Run the compiled engine under sanitizers: `python benchmarks/sanitize.py [--runs 300]`.

The engine is built with every index checked, and with the compiler's sanitizers of addresses and of
undefined behaviour; generated plans of all kinds, and the shipped ones, run through it in a process
of its own. Leaves with 1 and the report's first lines if anything is found.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.measure import ROOT

SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1")
SHOWN = 20


def main() -> None:
    """Build, run and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=300, help="runs of generated plans")
    options.add_argument("--library", help="run plans through this library, in this process")
    chosen = options.parse_args()
    if chosen.library:
        print(f"{simulated(Path(chosen.library), chosen.runs):,} runs")
        return
    from ncpcsim.compiled.build import build, compiler

    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "checked.so"
        build(library, *SANITIZERS, checked=True)
        cc = compiler() or [""]
        asked = [cc[0], "-print-file-name=libasan.so"]
        asan = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        done = subprocess.run(
            [sys.executable, __file__, "--library", str(library), "--runs", str(chosen.runs)],
            env={
                **os.environ,
                "LD_PRELOAD": asan,
                "ASAN_OPTIONS": "detect_leaks=0",
                "UBSAN_OPTIONS": "print_stacktrace=1",
                "PYTHONPATH": str(ROOT),
            },
            capture_output=True,
            text=True,
            check=False,
        )
    lines = done.stderr.strip().splitlines()
    if done.returncode or lines:
        raise SystemExit("\n".join(["the sanitizers found something", *lines[:SHOWN]]))
    print(f"{done.stdout.strip()}, nothing found")


def simulated(library: Path, runs: int) -> int:
    """Run plans through a library; how many runs there were."""
    from ncpcsim.compiled import run as compiled
    from ncpcsim.compiled.library import Library
    from ncpcsim.experiment.parameters import draw_matrix
    from ncpcsim.experiment.posterior import with_parameters
    from ncpcsim.experiment.tables import tables_for
    from ncpcsim.plan.files import shipped_plans
    from ncpcsim.plan.load import load_plan
    from tests.generated_plans import KINDS, generated

    checked = Library(library)
    patch.object(compiled, "load", lambda: checked).start()
    kinds = list(KINDS)
    plans = [with_parameters(load_plan(name)) for name in shipped_plans()]
    plans += [generated(kinds[n % len(kinds)], 50_000 + n) for n in range(runs)]
    for number, plan in enumerate(plans):
        values = draw_matrix(plan, number, range(2))
        compiled.simulate(tables_for(plan), number, range(2), tuple(plan.uncertain), values)
    return 2 * len(plans)


if __name__ == "__main__":
    main()
