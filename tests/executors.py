"""Executors to test checks with: one that works, and some that are faulty."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any

import numpy as np

from ncpcsim.experiment.run import Chunk, Task, run_chunk
from ncpcsim.results.table import Table

EMPTY = Table(np.zeros(0, np.int64), np.zeros(0, np.int64), {}, {})


class Altering(Executor):
    """Runs each task at once, in this process; classes derived from it alter the result."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **how: Any) -> Future[Any]:
        future: Future[Any] = Future()
        assert fn is run_chunk
        future.set_result(self.altered(*args, **how))
        return future

    def altered(self, task: Task) -> Chunk:
        return run_chunk(task)


class Repeating(Altering):
    """Hands out the first chunk for the second too."""

    def altered(self, task: Task) -> Chunk:
        return run_chunk(replace(task, first=0 if task.first == task.runs else task.first))


class Dropping(Altering):
    """Loses the runs of each last chunk, and returns an empty table."""

    def altered(self, task: Task) -> Chunk:
        return run_chunk(task) if task.first < 2 * task.runs else Chunk(EMPTY, None)


class Reseeding(Altering):
    """Gives each chunk randomness of its own."""

    def altered(self, task: Task) -> Chunk:
        return run_chunk(replace(task, seed=task.seed + task.first))
