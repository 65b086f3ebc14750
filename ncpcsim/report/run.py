"""Runs of one plan, for programs: as they ask for them, and kept with pictures."""

from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ncpcsim.experiment.engines import AUTO
from ncpcsim.experiment.posterior import POSTERIOR, with_parameters
from ncpcsim.experiment.precision import Until
from ncpcsim.experiment.replications import Progress, run_table
from ncpcsim.plan.load import Plan
from ncpcsim.plan.schema import Numbers
from ncpcsim.results.summaries import Summaries
from ncpcsim.results.table import Table

if TYPE_CHECKING:
    import pandas as pd


def run(
    plan: Plan,
    runs: int = 500,
    *,
    seed: int = 1,
    parameters: str | Path | None = POSTERIOR,
    replications_per_draw: int = 1,
    until: Until | None = None,
    workers: int = 1,
    cluster: str | None = None,
    executor: Executor | None = None,
    engine: str = AUTO,
    chunk_runs: int | None = None,
    out: Path | None = None,
    force: bool = False,
    detail: bool = False,
    progress: Progress | None = None,
) -> "pd.DataFrame":
    """Simulate a plan `runs` times, or until an interval is narrow enough.

    Args:
        plan: what to simulate.
        runs: number of replications; with `until`, the most there may be.
        seed: the random seed, 0 to 2**64 - 1; the results do not depend on workers or engine.
        parameters: "posterior" (learned from published accounts), "prior", "point", or the
            folder of another posterior; None leaves the plan's draws as they are.
        replications_per_draw: consecutive replications that share one draw of the uncertain
            parameters; with two or more, a spread can be split into parameter uncertainty and
            randomness.
        until: stop at the first multiple of `BLOCK_RUNS` runs at which this holds.
        workers: threads to use, or processes for SimPy.
        cluster: address of a Dask scheduler, to use its workers instead.
        executor: an executor of your own, to use instead of either.
        engine: "compiled", "reference" (SimPy), or "auto": compiled where it can be. Both give the
            same numbers.
        chunk_runs: runs sent to a worker at a time, `CHUNK_RUNS` if left out; no number depends
            on it.
        out: a folder for the results; without it nothing is written anywhere.
        force: replace the results of an earlier run in `out`.
        detail: keep every column; memory then grows with the runs.
        progress: a callback for runs as they finish.

    Returns:
        One row a replication with what answers need: error, outcomes, coverage, indicators. Every
        other column is only in the folder, unless `detail` is set.

    Raises:
        PosteriorError: there is no posterior where `parameters` says, or it is damaged.
        ValueError: `runs`, `replications_per_draw` or `chunk_runs` is not at least one.
        StoreError: `out` cannot be used.
        WorkerDiedError: worker processes died over one task again and again.
        ClusterError: the cluster cannot be used.
        EngineError: the compiled engine is asked for and is not there.
    """
    pictures = partial(draw_run, plan.numbers) if out else None
    return run_table(
        plan if parameters is None else with_parameters(plan, parameters),
        runs,
        seed=seed,
        replications_per_draw=replications_per_draw,
        until=until,
        workers=workers,
        cluster=cluster,
        executor=executor,
        engine=engine,
        chunk_runs=chunk_runs,
        out=out,
        force=force,
        detail=detail,
        draw=pictures,
        progress=progress,
    ).frame()


def draw_run(numbers: Numbers, folder: Path, table: Table, summaries: Summaries) -> None:
    """Draw the pictures of a run into its folder."""
    from ncpcsim.report.pictures import draw_pictures

    draw_pictures(folder, numbers, table, summaries)
