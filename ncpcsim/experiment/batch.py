"""A batch: many plans with the same random streams, in a folder that can be resumed."""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import account_names
from ncpcsim.experiment.engines import AUTO, COMPILED, EngineName, chosen
from ncpcsim.experiment.executor import open_pool, run_tasks
from ncpcsim.experiment.posterior import POSTERIOR, with_parameters
from ncpcsim.experiment.replications import Progress
from ncpcsim.experiment.run import Chunk, Task, run_chunk
from ncpcsim.plan.load import Plan
from ncpcsim.plan.variants import Batch
from ncpcsim.results.folder import Folder
from ncpcsim.results.parts import Part
from ncpcsim.results.place import MANIFEST, PATHS

CHUNK_RUNS = 100
"""Runs a part: a whole batch of parts is read in one go, so they should not be too many."""


def batch(
    plans: Batch,
    out: str | Path,
    *,
    parameters: str | Path | None = POSTERIOR,
    workers: int = 1,
    cluster: str | None = None,
    executor: Executor | None = None,
    engine: str = AUTO,
    chunk_runs: int = CHUNK_RUNS,
    paths: bool = False,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Folder:
    """Simulate every variant of a batch, and keep the rows of all runs in a folder.

    Replication r has the same random streams in every variant. Whatever stops it, what is in the
    folder is whole, and `resume` runs the rest.

    Args:
        plans: the variants, runs and seed: `read_batch` reads them from a file.
        out: the folder.
        parameters: "posterior" (learned from published accounts), "prior", "point", or the
            folder of another posterior; None leaves the plans' draws as they are.
        workers: threads to use, or processes for SimPy.
        cluster: address of a Dask scheduler, to use its workers instead.
        executor: an executor of your own, to use instead of either.
        engine: "compiled", "reference" (SimPy), or "auto": compiled where it can be. Both give the
            same numbers; a resumed batch keeps its own.
        chunk_runs: runs a part; no number depends on it. A resumed batch keeps its own.
        paths: keep what every account moved by in every month of every run, too.
        resume: resume the batch begun in `out`; begin it if there is none.
        force: replace the results of an earlier batch in `out`.
        progress: a callback for runs as they are stored, also those found on resuming.

    Raises:
        PosteriorError: there is no posterior where `parameters` says, or it is damaged.
        StoreError: `out` cannot be used, or holds another batch.
        WorkerDiedError: worker processes died over one task again and again.
        ClusterError: the cluster cannot be used.
        EngineError: the compiled engine is to simulate and is not there.
        OSError: a part cannot be written.
    """
    out = Path(out)
    if parameters is not None:
        plans = with_batch_parameters(plans, parameters)
    if resume and (out / MANIFEST).exists():
        folder = _resumed(out, plans, paths=paths)
        name = chosen(folder.manifest["engine"])
    else:
        name = chosen(engine)
        folder = Folder.begin(out, plans, chunk_runs, name, keep_paths=paths, force=force)
    missing = folder.missing()
    if progress:
        progress(sum(part.runs for part in folder.parts) - sum(part.runs for part in missing))
    if missing:
        with open_pool(workers, cluster, executor, threads=name == COMPILED) as pool:
            tasks = _tasks(plans, missing, name, keep_paths=paths)
            chunks = run_tasks(pool, run_chunk, tasks)
            for part, chunk in zip(missing, chunks, strict=True):
                _store(folder, part, plans.variants[part.variant].plan, chunk)
                if progress:
                    progress(part.runs)
    return folder


def with_batch_parameters(plans: Batch, parameters: str | Path) -> Batch:
    """A batch whose variants all draw their uncertain parameters as `parameters` says."""
    variants = tuple(
        replace(variant, plan=with_parameters(variant.plan, parameters))
        for variant in plans.variants
    )
    return replace(plans, variants=variants)


def _resumed(out: Path, plans: Batch, *, paths: bool) -> Folder:
    folder = Folder.open(out)
    folder.refuse_another(plans, keep_paths=paths)
    folder.prepare()
    return folder


def _tasks(
    plans: Batch, parts: tuple[Part, ...], engine: EngineName, *, keep_paths: bool
) -> Iterator[Task]:
    for part in parts:
        plan = plans.variants[part.variant].plan
        per_draw = plans.replications_per_draw
        yield Task(plan, plans.seed, part.first, part.runs, per_draw, keep_paths, engine)


def _store(folder: Folder, part: Part, plan: Plan, chunk: Chunk) -> None:
    paths = _paths(plan, chunk) if PATHS in folder.tables else None
    folder.store(part, chunk.table, paths)


def _paths(plan: Plan, chunk: Chunk) -> dict[str, NDArray[Any]]:
    """One row per finished run, account and month in which the account moved, by column."""
    names = np.array(account_names(plan.numbers.services), dtype=object)
    finished = chunk.table.replications[chunk.table.finished]
    empty = np.zeros((0, len(names), plan.numbers.months), np.int64)
    moved = empty if chunk.records is None else chunk.records.net_cents
    run, account, month = np.nonzero(moved)
    return {
        "replication": finished[run],
        "account": names[account],
        "month": month,
        "net_cents": moved[run, account, month],
    }
