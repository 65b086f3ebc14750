"""Many replications of one plan, kept in memory or in a folder."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ncpcsim.experiment.engines import AUTO, COMPILED, chosen
from ncpcsim.experiment.executor import Crew, open_crew, run_tasks
from ncpcsim.experiment.posterior import POSTERIOR, with_parameters
from ncpcsim.experiment.precision import BLOCK_RUNS, Until
from ncpcsim.experiment.run import Chunk, Row, Task, columns, run_chunk
from ncpcsim.plan.load import Plan
from ncpcsim.results.store import Store

if TYPE_CHECKING:
    import pandas as pd

CHUNK_RUNS = 25
"""Runs a task: long enough to hide the cost of sending it, short enough to show progress. A block
of `precision` holds a whole number of them."""

Progress = Callable[[int], None]
"""Told of each number of runs as they finish."""

_TABLES = 100
_DETAIL = ("closing_cents.", "total.", "parameter.")


def run(
    plan: Plan,
    runs: int = 500,
    *,
    seed: int = 1,
    parameters: str | Path | None = POSTERIOR,
    lucks_per_draw: int = 1,
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
        seed: 0 to 2**64 - 1; the same seed gives the same numbers whoever does the work.
        parameters: "posterior" (what the published accounts taught), "prior", "point", or the
            folder of another posterior; nothing leaves the plan's draws as they are.
        lucks_per_draw: consecutive replications that share one draw of the uncertain parameters;
            with two or more, a spread can be split into parameters and luck.
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
        progress: told of runs as they finish.

    Returns:
        One row a replication with what answers need: error, outcomes, coverage, indicators. Every
        other column of `replications.parquet` is only in the folder, unless `detail` is set.

    Raises:
        PosteriorError: there is no posterior where `parameters` says, or it is damaged.
        ValueError: `runs`, `lucks_per_draw` or `chunk_runs` is not at least one.
        StoreError: `out` cannot be used.
        WorkerDiedError: worker processes died over one task again and again.
        ClusterError: the cluster cannot be used.
        EngineError: the compiled engine is asked for and is not there.
    """
    import pandas as pd

    plan = plan if parameters is None else with_parameters(plan, parameters)
    chunk_runs = CHUNK_RUNS if chunk_runs is None else chunk_runs
    for what, number in (
        ("runs", runs),
        ("lucks_per_draw", lucks_per_draw),
        ("chunk_runs", chunk_runs),
    ):
        if number < 1:
            raise ValueError(f"{what} is {number}, expected at least 1")
    name = chosen(engine)
    keeping = (
        Store.create(out, plan, seed, lucks_per_draw, engine=name, force=force)
        if out
        else nullcontext()
    )
    crews = open_crew(workers, cluster, executor, threads=name == COMPILED)
    with keeping as store, crews as crew:
        tasks = cut(
            Task(plan, seed, 0, runs, lucks_per_draw, keep_paths=out is not None, engine=name),
            chunk_runs,
            BLOCK_RUNS if until else None,
        )
        tables = []
        for chunk in _until(crew, tasks, plan, until):
            table = frame(plan, chunk.rows)
            if store:
                store.add(table, chunk.cubes)
            tables.append(table if detail else _brief(table))
            if len(tables) > _TABLES:  # small tables take more room than their rows
                tables = [pd.concat(tables, ignore_index=True)]
            if progress:
                progress(len(chunk.rows))
        whole = pd.concat(tables, ignore_index=True)
        if store:
            store.finish(whole)
            if progress:
                progress(0)  # the last chance to stop before the results take their place
            store.publish()
    return whole


def cut(
    whole: Task, chunk_runs: int | None = None, block_runs: int | None = None
) -> Iterator[Task]:
    """A task cut into chunks; with blocks, none of them reaches over a block's border."""
    first, chunk_runs = 0, chunk_runs or CHUNK_RUNS
    while first < whole.runs:
        end = min(first + chunk_runs, whole.runs)
        if block_runs:
            end = min(end, (first // block_runs + 1) * block_runs)
        yield replace(whole, first=first, runs=end - first)
        first = end


def _until(crew: Crew, tasks: Iterator[Task], plan: Plan, until: Until | None) -> Iterator[Chunk]:
    """The results of tasks, up to the border of a block at which they are precise enough."""
    import pandas as pd

    seen: list[pd.DataFrame] = []
    for chunk in run_tasks(crew, run_chunk, tasks):
        yield chunk
        if until is None:
            continue
        seen.append(frame(plan, chunk.rows)[["draw", "error", until.measure.column]])
        done = chunk.first + len(chunk.rows)
        if done % BLOCK_RUNS == 0 and until.enough(pd.concat(seen, ignore_index=True)):
            return


def frame(plan: Plan, rows: list[Row]) -> "pd.DataFrame":
    """Rows as a typed table; a failed run has nothing but its numbers and its error."""
    import pandas as pd

    types = columns(plan)
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype=t) for name, t in types.items()}
    )


def _brief(table: "pd.DataFrame") -> "pd.DataFrame":
    """Only the columns that answers need: detail would make memory grow with the runs."""
    return table[[name for name in table.columns if not name.startswith(_DETAIL)]]
