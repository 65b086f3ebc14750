"""Where tasks are run: in this process, in spawned ones, or on a Dask cluster.

All three are a `concurrent.futures.Executor`, and any other may be given in their place: what a
task gives depends on the task alone.
"""

import multiprocessing
import os
import pickle
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

MOST_DEATHS = 3
"""Workers that may die over one task before it is taken for the cause."""
P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")


class WorkerDiedError(RuntimeError):
    """Worker processes were killed from outside again and again, as when memory runs out."""


class InProcess(Executor):
    """Runs each task when it is submitted, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it now; the future is done."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  a future passes on whatever went wrong
            future.set_exception(error)
        return future


class Processes(Executor):
    """Spawned processes, each with a pool of its own: one that is killed costs its task only.

    A pool of several is broken as a whole when one of its processes dies. Here a thread stands for
    each process; it makes another one in place of one that died and hands it the same task.
    """

    def __init__(self, workers: int) -> None:
        self._mine = threading.local()
        self._pools: list[ProcessPoolExecutor] = []
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="ncpcsim")

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it in the first process that is free."""
        return self._threads.submit(self._run, fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Stop when the tasks under way are done; see `concurrent.futures.Executor`."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for pool in self._pools:
            pool.shutdown(wait)

    def _run(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with _packed((fn, args, kwargs)) as file:
            for _ in range(MOST_DEATHS):
                try:
                    found: T = self._pool().submit(_call, file).result()
                except BrokenProcessPool:
                    self._mine.pool = None
                else:
                    return found
        raise WorkerDiedError(f"{MOST_DEATHS} worker processes died over it; was memory short?")

    def _pool(self) -> ProcessPoolExecutor:
        pool: ProcessPoolExecutor | None = getattr(self._mine, "pool", None)
        if pool is None:
            # Spawned, not forked: the same on every system, and safe with threads.
            spawn = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_start_worker)
            _hold_interrupts()
            self._mine.pool = pool
            self._pools.append(pool)
        return pool


@contextmanager
def _packed(task: object) -> Iterator[str]:
    """A file that holds a task as long as the `with` block lasts.

    A process is sent its name alone: where a process dies that is being sent more than a pipe
    holds, Python before the fix of its issue 94777, such as 3.11.2, waits for ever.
    """
    with tempfile.NamedTemporaryFile(prefix="ncpcsim.", delete=False) as file:
        pickle.dump(task, file)
    try:
        yield file.name
    finally:
        Path(file.name).unlink()


def _call(file: str) -> Any:
    """Do what a file holds, in a process."""
    fn, args, kwargs = pickle.loads(Path(file).read_bytes())  # noqa: S301  written by the parent
    return fn(*args, **kwargs)


def _hold_interrupts() -> None:
    """Leave interrupts to the main thread, here and in all processes this thread will start.

    A process inherits the mask of the thread that starts it, so that it ignores them while it is
    still importing. Called after a pool is made: making one may start multiprocessing's resource
    tracker, which lets interrupts through again.
    """
    if hasattr(signal, "pthread_sigmask"):  # Windows has none
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """No worker outlives a parent that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Pool(NamedTuple):
    """An executor, and how many tasks to keep under way so that all its workers are busy."""

    executor: Executor
    ahead: int


@contextmanager
def open_pool(
    workers: int = 1,
    cluster: str | None = None,
    executor: Executor | None = None,
    *,
    threads: bool = False,
) -> Iterator[Pool]:
    """Whoever runs a batch's tasks, dismissed at the end of the `with` block.

    Args:
        workers: processes or threads to use; one means this process.
        cluster: address of a Dask scheduler, such as tcp://10.0.0.5:8786, in place of processes.
        executor: the caller's own, in place of either; it is left open.
        threads: the work leaves Python to other threads while it goes on, as compiled runs do.

    Raises:
        ClusterError: the cluster cannot be used.
        WorkerDiedError: out of the block, when a task's workers died.
    """
    if executor is not None:
        yield Pool(executor, 2 * workers)
    elif cluster is not None:
        from ncpcsim.experiment.cluster import open_cluster

        with open_cluster(cluster) as pool:
            yield pool
    elif workers == 1:
        yield Pool(InProcess(), 1)
    else:
        own = ThreadPoolExecutor(workers) if threads else Processes(workers)
        try:
            yield Pool(own, 2 * workers)
        finally:
            own.shutdown(cancel_futures=True)


def run_tasks(pool: Pool, work: Callable[[S], T], tasks: Iterable[S]) -> Iterator[T]:
    """Do tasks and hand their results back in the tasks' order.

    Args:
        pool: does them; no more than its `ahead` are under way or waiting at a time, so that
            finished ones never pile up in memory.
        work: what is done with each.
        tasks: in order; drawn from as room appears, so they may be many.

    Raises:
        WorkerDiedError: a task's workers died.
    """
    waiting: deque[Future[T]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.executor.submit(work, task))
            if len(waiting) >= pool.ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
