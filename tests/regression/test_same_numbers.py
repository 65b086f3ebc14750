"""The same seed and plan give the same numbers, bit for bit, however the work is divided."""

import json
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.experiment import executor
from ncpcsim.experiment.executor import InProcess, Pool
from ncpcsim.experiment.run import Chunk, Task, run_chunk
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.report import run as simulated
from ncpcsim.results.table import joined
from tests.executors import Altering, Dropping, Repeating, Reseeding

RUNS, SIZE = 60, 20
"""Runs of a batch, and of each of its chunks where a test counts on it."""
TABLES = ("runs/00000.000000000.parquet", "monthly.parquet", "statements.csv", "activities.csv")
FILES = (*TABLES, "cash.png", "coverage.png", "income.png")


@pytest.fixture(scope="module")
def plan() -> Plan:
    changes = {"horizon.judged_month": 24}
    return load_plan("hungary").variant(changes)


class Outcome(NamedTuple):
    """All that a batch leaves: its table, its files by their SHA-256, and its manifest."""

    table: pd.DataFrame
    files: dict[str, str]
    manifest: bytes


def batch(plan: Plan, folder: Path, runs: int = RUNS, **how: Any) -> Outcome:
    out = folder / "out"
    table = simulated.run(plan, runs, out=out, force=True, **how)
    # Not the bytes: to say how two pictures differ takes minutes.
    files = {name: sha256((out / name).read_bytes()).hexdigest() for name in FILES}
    return Outcome(table, files, (out / "manifest.json").read_bytes())


def assert_same(one: Outcome, other: Outcome) -> None:
    pd.testing.assert_frame_equal(one.table, other.table, check_exact=True)
    assert one.table.equals(other.table)
    assert one.files == other.files
    assert one.manifest == other.manifest


@pytest.fixture(scope="module")
def reference(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return batch(plan, tmp_path_factory.mktemp("reference"))


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_threads_gives_the_same(
    workers: int, plan: Plan, reference: Outcome, tmp_path: Path
) -> None:
    assert_same(batch(plan, tmp_path, engine="compiled", workers=workers), reference)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_processes_of_the_reference_engine_gives_the_same(
    workers: int,
    plan: Plan,
    reference: Outcome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used = []
    make = ProcessPoolExecutor

    def counted(workers: int, **how: Any) -> ProcessPoolExecutor:
        used.append(workers)
        return make(workers, **how)

    monkeypatch.setattr(executor, "ProcessPoolExecutor", counted)
    found = batch(plan, tmp_path, engine="reference", workers=workers)
    ours, theirs = (json.loads(each.manifest) for each in (found, reference))
    assert (ours.pop("engine"), theirs.pop("engine")) == ("reference", "compiled")
    assert ours.pop("seal") != theirs.pop("seal")
    assert ours == theirs
    assert_same(found._replace(manifest=reference.manifest), reference)
    # A pool for each process, so that one that is killed does not take the others along.
    assert used == ([1] * workers if workers > 1 else [])
    assert not multiprocessing.active_children()


@pytest.mark.parametrize(
    ("size", "workers"),
    [(4, 1), (59, 1), (7, 2), (64, 1)],
)
def test_any_size_of_chunk_gives_the_same(
    size: int,
    workers: int,
    plan: Plan,
    reference: Outcome,
    tmp_path: Path,
) -> None:
    assert_same(batch(plan, tmp_path, workers=workers, chunk_runs=size), reference)


def test_a_batch_in_memory_is_the_batch_on_disk(plan: Plan, reference: Outcome) -> None:
    assert simulated.run(plan, RUNS).equals(reference.table)
    assert simulated.run(plan, RUNS, workers=2).equals(reference.table)


@pytest.mark.parametrize("size", [1, 64])
def test_any_size_of_chunk_gives_the_same_numbers(
    size: int, plan: Plan, reference: Outcome
) -> None:
    assert simulated.run(plan, RUNS, chunk_runs=size).equals(reference.table)


def test_progress_is_told_of_every_run_as_it_is(plan: Plan) -> None:
    for workers in (1, 2):
        told: list[int] = []
        simulated.run(plan, RUNS + 3, workers=workers, chunk_runs=SIZE, progress=told.append)
        assert told == [SIZE, SIZE, SIZE, 3]


# The comparison detects an executor that is broken.


class Swapping(Altering):
    """Hands out the first two chunks in the wrong order."""

    def altered(self, task: Task) -> Chunk:
        return run_chunk(
            replace(task, first={0: task.runs, task.runs: 0}.get(task.first, task.first))
        )


class Misnumbering(Altering):
    """Starts to count again in each chunk."""

    def altered(self, task: Task) -> Chunk:
        chunk = run_chunk(task)
        numbers = np.arange(len(chunk.table))
        return replace(chunk, table=replace(chunk.table, replications=numbers))


class Halving(Altering):
    """Loses half of the money of each chunk."""

    def altered(self, task: Task) -> Chunk:
        chunk = run_chunk(task)
        if chunk.records is None:
            return chunk
        net = chunk.records.net_cents.copy()
        net[:, Account.CASH] //= 2
        return replace(chunk, records=replace(chunk.records, net_cents=net))


@pytest.mark.parametrize("kind", [Altering, InProcess])
def test_another_executor_that_works_gives_the_same(
    kind: type[Executor], plan: Plan, reference: Outcome, tmp_path: Path
) -> None:
    assert_same(batch(plan, tmp_path, executor=kind(), chunk_runs=SIZE), reference)


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_the_executors_of_the_standard_library_give_the_same(
    kind: Callable[..., Executor], plan: Plan, reference: Outcome, tmp_path: Path
) -> None:
    spawn = multiprocessing.get_context("spawn")
    how: dict[str, Any] = {} if kind is ThreadPoolExecutor else {"mp_context": spawn}
    with kind(2, **how) as pool:
        assert_same(batch(plan, tmp_path, executor=pool, chunk_runs=SIZE), reference)


@pytest.mark.parametrize("kind", [Repeating, Swapping, Dropping, Reseeding, Misnumbering, Halving])
def test_an_executor_that_is_broken_is_found_out(
    kind: type[Executor],
    plan: Plan,
    reference: Outcome,
    tmp_path: Path,
) -> None:
    broken = batch(plan, tmp_path, executor=kind(), chunk_runs=SIZE)
    with pytest.raises(AssertionError):
        assert_same(broken, reference)


def test_chunks_come_in_order_and_none_piles_up(plan: Plan) -> None:
    """However late the first is ready, later ones are passed on after it, and few wait."""
    under_way: list[int] = []

    class Lazy(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **how: Any) -> Future[Any]:
            task = args[0]
            under_way.append(task.first)

            class Late(Future[Any]):
                def result(self, timeout: float | None = None) -> Any:
                    assert timeout is None
                    most.append(len(under_way))
                    under_way.remove(task.first)
                    return fn(*args, **how)

            return Late()

    most: list[int] = []
    tasks = (Task(plan, 1, first, 1) for first in range(20))
    found: Iterator[Chunk] = executor.run_tasks(Pool(Lazy(), 6), run_chunk, tasks)
    assert [chunk.table.replications.tolist() for chunk in found] == [[n] for n in range(20)]
    assert max(most) == 6


# Seeds and numbers of runs.


def test_zero_is_a_seed_like_any_other(plan: Plan) -> None:
    tables = {seed: simulated.run(plan, 12, seed=seed) for seed in (0, 1, 2, 2**64 - 1)}
    for seed, table in tables.items():
        assert table["error"].isna().all()
        assert simulated.run(plan, 12, seed=seed).equals(table)
    cash = [tuple(table["closing_cash_cents"]) for table in tables.values()]
    assert len(set(cash)) == len(tables)


def test_seed_zero_is_the_same_on_every_worker(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = batch(plan, tmp_path / "a", workers=1, runs=30, seed=0)
    two = batch(plan, tmp_path / "b", workers=2, runs=30, seed=0)
    assert_same(one, two)


@pytest.mark.parametrize("runs", [1, 25, 26, 30])
def test_fewer_runs_are_the_first_of_more(runs: int, plan: Plan, reference: Outcome) -> None:
    pd.testing.assert_frame_equal(simulated.run(plan, runs), reference.table.head(runs))


def test_a_chunk_may_begin_anywhere(plan: Plan) -> None:
    whole = run_chunk(Task(plan, 1, 0, 12, keep_records=True))
    parts = [run_chunk(Task(plan, 1, first, 4, keep_records=True)) for first in (0, 4, 8)]
    pd.testing.assert_frame_equal(joined([p.table for p in parts]).frame(), whole.table.frame())
    assert whole.records is not None
    for first, part in zip((0, 4, 8), parts, strict=True):
        assert part.records is not None
        for name in ("net_cents", "receipts_cents", "payments_cents", "counts"):
            there = getattr(whole.records, name)[first : first + 4]
            assert (getattr(part.records, name) == there).all()


def test_runs_of_one_batch_differ(reference: Outcome) -> None:
    assert reference.table["closing_cash_cents"].nunique() > RUNS * 0.75  # some end with nothing


def test_a_plan_is_unchanged_by_its_runs(plan: Plan) -> None:
    before = plan.as_json(), plan.numbers.model_copy(deep=True)
    simulated.run(plan, 3)
    assert (plan.as_json(), plan.numbers) == before
