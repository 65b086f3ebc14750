"""Chunks of a batch, run in this process or in several, and handed back in order."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from ncpcsim.experiment.run import Chunk, run_chunk
from ncpcsim.plan.load import Plan

CHUNK_RUNS = 25
"""Runs a chunk: long enough to hide the cost of sending it, short enough to show progress."""


class WorkerDiedError(RuntimeError):
    """A worker process was killed from outside, as when memory runs out."""


def chunks(plan: Plan, runs: int, seed: int, *, workers: int, keep_paths: bool) -> Iterator[Chunk]:
    """Run replications 0 to `runs` - 1 in chunks, in order; the same whatever `workers`.

    Raises:
        WorkerDiedError: a worker process died.
    """
    borders = range(0, runs, CHUNK_RUNS)
    sizes = [(first, min(CHUNK_RUNS, runs - first)) for first in borders]
    if workers == 1:
        for first, size in sizes:
            yield run_chunk(plan, seed, first, size, keep_paths=keep_paths)
        return
    # Spawned, not forked: the same on every system, and safe beside threads.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(sizes)), mp_context=spawn, initializer=_leave_interrupts_to_parent
    ) as pool:
        try:
            yield from _in_order(pool, plan, seed, sizes, keep_paths=keep_paths, ahead=2 * workers)
        except BrokenProcessPool:
            raise WorkerDiedError("a worker process died; was memory short?") from None
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back, here until the end and in processes started meanwhile for good."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_order(
    pool: Executor,
    plan: Plan,
    seed: int,
    sizes: list[tuple[int, int]],
    *,
    keep_paths: bool,
    ahead: int,
) -> Iterator[Chunk]:
    """Keep at most `ahead` chunks under way, so that finished ones never pile up in memory."""
    waiting: deque[Future[Chunk]] = deque()
    for first, size in sizes:
        # A submission may start a worker, which imports much before it can say for itself that
        # interrupts are the parent's.
        with _interrupts_held():
            waiting.append(pool.submit(run_chunk, plan, seed, first, size, keep_paths=keep_paths))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
