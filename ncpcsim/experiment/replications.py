"""Many replications of one plan, kept in memory or in a folder."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from ncpcsim.experiment.engines import AUTO, COMPILED, chosen
from ncpcsim.experiment.executor import open_pool, run_tasks
from ncpcsim.experiment.precision import BLOCK_RUNS, Until
from ncpcsim.experiment.run import Chunk, Task, run_chunk
from ncpcsim.measures.columns import DETAIL
from ncpcsim.plan.load import Plan
from ncpcsim.plan.variants import Batch, Variant
from ncpcsim.results.kept import Kept
from ncpcsim.results.store import Draw, Store
from ncpcsim.results.table import Table, joined

CHUNK_RUNS = {"compiled": 100, "reference": 25}
"""Runs a task: long enough to hide the cost of sending it, short enough to show progress. A block
of `precision` holds a whole number of them."""

Progress = Callable[[int], None]
"""A callback for each number of runs as they finish."""


def run_table(
    plan: Plan,
    runs: int,
    *,
    seed: int = 1,
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
    draw: Draw | None = None,
    progress: Progress | None = None,
) -> Table:
    """Simulate a plan; see `ncpcsim.run`, which has the same arguments.

    Args:
        plan: what to simulate, its parameters drawn as it says.
        runs: number of replications; with `until`, the most there may be.
        seed: the random seed.
        replications_per_draw: consecutive replications that share one draw of the parameters.
        until: stop at the first multiple of `BLOCK_RUNS` runs at which this holds.
        workers: threads to use, or processes for SimPy.
        cluster: address of a Dask scheduler, to use its workers instead.
        executor: an executor to use instead of either.
        engine: "auto", "compiled" or "reference".
        chunk_runs: runs sent to a worker at a time.
        out: a folder for the results.
        force: replace results in it.
        detail: keep every column.
        draw: draws pictures into a new folder.
        progress: a callback for runs as they finish.

    Returns:
        The runs, with what answers need, or every column with `detail`.
    """
    name = chosen(engine)
    chunk_runs = CHUNK_RUNS[name] if chunk_runs is None else chunk_runs
    for what, number in (("runs", runs), ("chunk_runs", chunk_runs)):
        if number < 1:
            raise ValueError(f"{what} is {number}, expected at least 1")
    asked = Batch((Variant(plan.name, plan),), runs, seed, replications_per_draw)
    keeping = Store.create(out, asked, engine=name, force=force) if out else nullcontext()
    pools = open_pool(workers, cluster, executor, threads=name == COMPILED)
    with keeping as store, pools as pool:
        whole = Task(plan, seed, 0, runs, replications_per_draw, out is not None, name)
        tasks = cut(whole, chunk_runs, BLOCK_RUNS if until else None)
        kept = Kept(spills=store is not None and not detail)
        for chunk in _until(run_tasks(pool, run_chunk, tasks), until):
            if store:
                store.add(chunk.table, chunk.records)
            kept.add(chunk.table if detail else brief(chunk.table))
            if progress:
                progress(len(chunk.table))
        found = kept.table()
        if store:
            store.finish(found if not detail else brief(found), draw)
            if progress:
                progress(0)  # the last chance to stop before the results take their place
            store.publish()
    return found


def cut(
    whole: Task, chunk_runs: int | None = None, block_runs: int | None = None
) -> Iterator[Task]:
    """A task cut into chunks; with blocks, none of them reaches over a block's border."""
    first, chunk_runs = 0, chunk_runs or CHUNK_RUNS[whole.engine]
    while first < whole.runs:
        end = min(first + chunk_runs, whole.runs)
        if block_runs:
            end = min(end, (first // block_runs + 1) * block_runs)
        yield replace(whole, first=first, runs=end - first)
        first = end


def _until(chunks: Iterator[Chunk], until: Until | None) -> Iterator[Chunk]:
    """Chunks up to the border of a block at which they are precise enough."""
    seen: list[Table] = []
    done = 0
    for chunk in chunks:
        yield chunk
        if until is None:
            continue
        seen.append(chunk.table.only([until.measure.column]))
        done += len(chunk.table)
        if done % BLOCK_RUNS == 0:
            seen = [joined(seen)]
            if until.enough(seen[0]):
                return


def brief(table: Table) -> Table:
    """Only the columns that answers need: detail would make memory grow with the runs."""
    return table.only(name for name in table.columns if not name.startswith(DETAIL))
