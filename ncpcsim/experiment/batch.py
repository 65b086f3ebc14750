"""A batch: many replications of one plan, kept in memory or in a folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ncpcsim.experiment.executor import chunks
from ncpcsim.experiment.run import Row, columns
from ncpcsim.experiment.store import Store
from ncpcsim.plan.load import Plan

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int], None]
"""Told of each number of runs as they finish."""

_DETAIL = ("closing_cents.", "total.", "parameter.")


def run_batch(
    plan: Plan,
    runs: int = 500,
    *,
    seed: int = 1,
    workers: int = 1,
    out: Path | None = None,
    force: bool = False,
    detail: bool = False,
    progress: Progress | None = None,
) -> "pd.DataFrame":
    """Simulate a plan `runs` times.

    Args:
        plan: what to simulate.
        runs: number of replications, each with its own draw of the uncertain parameters.
        seed: 0 to 2**64 - 1; the same seed gives the same numbers whatever `workers`.
        workers: processes to use.
        out: a folder for the results; without it nothing is written anywhere.
        force: replace the results of an earlier batch in `out`.
        detail: keep every column; memory then grows with the runs.
        progress: told of runs as they finish.

    Returns:
        One row a replication with what answers need: error, outcomes, coverage, indicators. Every
        other column of `replications.parquet` is only in the folder, unless `detail` is set.

    Raises:
        StoreError: `out` cannot be used.
        WorkerDiedError: a worker process died.
    """
    import pandas as pd

    if out is not None:
        with Store.create(out, plan, seed, runs, force=force) as store:
            return run_into(store, plan, runs, seed=seed, workers=workers, progress=progress)
    parts = []
    for chunk in chunks(plan, runs, seed, workers=workers, keep_paths=False):
        table = frame(plan, chunk.rows)
        parts.append(table if detail else _brief(table))
        if progress:
            progress(len(chunk.rows))
    return pd.concat(parts, ignore_index=True)


def run_into(
    store: Store, plan: Plan, runs: int, *, seed: int, workers: int, progress: Progress | None
) -> "pd.DataFrame":
    """Run a batch into a store; see `run_batch`."""
    import pandas as pd

    parts = []
    for chunk in chunks(plan, runs, seed, workers=workers, keep_paths=True):
        table = frame(plan, chunk.rows)
        store.add(chunk.first, table, chunk.cubes)
        parts.append(_brief(table))
        if progress:
            progress(len(chunk.rows))
    table = pd.concat(parts, ignore_index=True)
    store.finish(table)
    if progress:
        progress(0)  # the last chance to stop before the results take their place
    store.publish()
    return table


def frame(plan: Plan, rows: list[Row]) -> "pd.DataFrame":
    """Rows as a typed table; a failed run has nothing but its number and its error."""
    import pandas as pd

    types = columns(plan)
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype=t) for name, t in types.items()}
    )


def _brief(table: "pd.DataFrame") -> "pd.DataFrame":
    """Only the columns that answers need: detail would make memory grow with the runs."""
    return table[[name for name in table.columns if not name.startswith(_DETAIL)]]
