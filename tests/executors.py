"""Executors to prove a proof with: one that works, and some that are broken."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any

import numpy as np

from ncpcsim.experiment.run import Chunk, Task, run_chunk
from ncpcsim.results.table import Table

EMPTY = Table(np.zeros(0, np.int64), np.zeros(0, np.int64), {}, {})


class Spoiling(Executor):
    """Runs each task at once, in this process; spoils it on the way."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **how: Any) -> Future[Any]:
        future: Future[Any] = Future()
        assert fn is run_chunk
        future.set_result(self.spoil(*args, **how))
        return future

    def spoil(self, task: Task) -> Chunk:
        return run_chunk(task)


class Repeating(Spoiling):
    """Hands out the first chunk for the second too."""

    def spoil(self, task: Task) -> Chunk:
        return run_chunk(replace(task, first=0 if task.first == task.runs else task.first))


class Dropping(Spoiling):
    """Loses the runs of each last chunk, and calls them nothing."""

    def spoil(self, task: Task) -> Chunk:
        return run_chunk(task) if task.first < 2 * task.runs else Chunk(EMPTY, None)


class Reseeding(Spoiling):
    """Gives each chunk randomness of its own."""

    def spoil(self, task: Task) -> Chunk:
        return run_chunk(replace(task, seed=task.seed + task.first))
