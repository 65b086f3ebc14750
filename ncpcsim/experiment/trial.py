"""What a batch will take, from a few of its runs."""

import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ncpcsim.experiment.batch import CHUNK_RUNS, batch
from ncpcsim.experiment.engines import AUTO
from ncpcsim.experiment.replications import Progress
from ncpcsim.plan.variants import Batch

TRIAL_RUNS = 10
TRIAL_VARIANTS = 5


@dataclass(frozen=True)
class Estimate:
    """The whole of a batch.

    Attributes:
        runs: of all variants together.
        parts: files of runs.
        seconds: on the given number of workers; parameters drawn badly may make it more.
        megabytes: on disk.
    """

    runs: int
    parts: int
    seconds: float
    megabytes: float


def estimate(
    plans: Batch,
    workers: int = 1,
    *,
    paths: bool = False,
    engine: str = AUTO,
    progress: Progress | None = None,
) -> Estimate:
    """Run a few runs of some variants, spread evenly over the batch, and take them for the rest.

    Args:
        plans: the batch.
        workers: processes that it will use.
        paths: whether it will keep monthly paths.
        engine: that will simulate.
        progress: a callback for runs as they are tried.
    """
    count = len(plans.variants)
    step = max(count // TRIAL_VARIANTS, 1)
    some = plans.variants[::step][:TRIAL_VARIANTS]
    few = min(TRIAL_RUNS, plans.runs)
    batch_ = Batch(some, few, plans.seed, plans.replications_per_draw)
    with TemporaryDirectory() as folder:
        # Imports and first calls cost once, not once a run.
        batch(Batch(some[:1], 1, plans.seed), Path(folder) / "first", paths=paths, engine=engine)
        began = time.process_time()
        batch(batch_, Path(folder) / "trial", paths=paths, engine=engine, progress=progress)
        seconds_run = (time.process_time() - began) / (few * len(some))
        sizes = [f.stat().st_size for f in (Path(folder) / "trial").glob("*/*.parquet")]
    runs = plans.runs * count
    parts = -(-plans.runs // CHUNK_RUNS) * count
    return Estimate(
        runs=runs,
        parts=parts,
        seconds=seconds_run * runs / workers,
        megabytes=_size_part(sum(sizes) / len(some), few, plans.runs) * parts / 1e6,
    )


def _size_part(bytes_trial: float, few: int, runs: int) -> float:
    """A part's bytes: half of a small one is its footer, the rest grows with its rows."""
    size = min(runs, CHUNK_RUNS)
    return bytes_trial / 2 + bytes_trial / 2 * size / few
