"""A tiny plan, and runs of it that take as long as a test says.

Tests of parts, resuming, interrupts and dying workers need tasks to be interrupted, and no model:
they run seven months of a centre with one service, each task after a pause without work.
"""

import os
import time
from pathlib import Path

import tomlkit

from ncpcsim.experiment import run
from ncpcsim.experiment.run import Chunk, Task
from ncpcsim.plan.frozen import thaw
from ncpcsim.plan.load import Plan
from ncpcsim.plan.variants import Batch
from tests.batches import MIXES, batch_of, dotted
from tests.plans import bare_plan

PAUSE = "NCPCSIM_TEST_PAUSE"
"""The variable of the environment that gives the seconds each task waits before it is run."""


def run_chunk(task: Task) -> Chunk:
    """A task, after its pause; by the name that worker processes import it under."""
    time.sleep(float(os.environ.get(PAUSE, "0")))
    return run.run_chunk(task)


def tiny_plan(**changes: object) -> Plan:
    """The bare plan with a demand that is drawn, with changes (`tests.batches.dotted`)."""
    asks = {"distribution": "uniform", "low": 0.02, "high": 0.2, "assumption": True}
    tiny = {
        "horizon.judged_month": 7,
        "opening.cash": 5000,
        "costs.travel_month": 150,
        "posts.expert.salary_month": 100,
        "services.visit.staff_days": 3,
        "services.visit.variability": "exponential",
        "services.visit.clients.firms.asks_year": {**asks, "unit": "enquiries/aware client/year"},
        "services.visit.clients.firms.price": 90,
        "services.visit.clients.firms.willingness": 100,
    }
    return bare_plan({**tiny, **dotted(changes)})


def tiny_batch(runs: int, seed: int = 5, replications_per_draw: int = 1) -> Batch:
    """Three variants of the tiny plan."""
    plans = {
        "base": tiny_plan(),
        "dear": tiny_plan(costs__travel_month=400),
        "more": tiny_plan(posts__expert__people=3),
    }
    return batch_of(plans, runs, seed, replications_per_draw)


def write_tiny_batch_file(folder: Path, runs: int) -> None:
    """Put tiny.toml and mixes.toml into a folder."""
    (folder / "tiny.toml").write_text(tomlkit.dumps(thaw(tiny_plan().tree)))
    (folder / "mixes.toml").write_text(MIXES.format(base="tiny.toml", runs=runs, post="expert"))
