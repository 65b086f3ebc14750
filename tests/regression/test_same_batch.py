"""A batch gives the same tables, and the same files, however its work is divided."""

import socket
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ncpcsim.experiment.batch import batch
from ncpcsim.experiment.cluster import ClusterError
from ncpcsim.experiment.run import Chunk, Task, run_chunk
from ncpcsim.model.streams import Streams, stream_key
from ncpcsim.plan.load import Plan
from ncpcsim.plan.variants import Batch, Variant
from ncpcsim.report import run as simulated
from ncpcsim.results.errors import DamageError
from ncpcsim.results.folder import Folder
from tests.batches import dask_cluster, part_bytes, short_plan, small_batch
from tests.executors import Altering, Dropping, Repeating, Reseeding

RUNS, SIZE = 20, 7


@pytest.fixture(scope="module")
def plans() -> Batch:
    return small_batch(RUNS)


@pytest.fixture(scope="module")
def reference(plans: Batch, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    out = tmp_path_factory.mktemp("reference") / "out"
    return batch(plans, out, chunk_runs=SIZE, paths=True)


def assert_same(one: Folder, other: Folder) -> None:
    pd.testing.assert_frame_equal(one.frame(), other.frame(), check_exact=True)
    order = "variant, replication, account, month"
    mine, theirs = (folder.query(f"FROM paths ORDER BY {order}") for folder in (one, other))
    pd.testing.assert_frame_equal(mine, theirs, check_exact=True)


def test_the_table_is_that_of_each_plan_run_alone(plans: Batch, reference: Folder) -> None:
    table = reference.frame()
    assert list(table["variant"].cat.categories) == [v.name for v in plans.variants]
    for variant in plans.variants:
        rows = table[table["variant"] == variant.name]
        alone = simulated.run(variant.plan, RUNS, seed=plans.seed)
        for name in alone.columns.drop("error"):
            assert rows[name].tolist() == alone[name].tolist() or (
                alone[name].isna().tolist() == rows[name].isna().tolist()
                and alone[name].dropna().tolist() == rows[name].dropna().tolist()
            ), name
        assert rows["error"].isna().all()


def test_runs_of_a_batch_share_draws_as_those_of_a_plan_do(tmp_path: Path) -> None:
    shared = small_batch(RUNS, replications_per_draw=4)
    table = batch(shared, tmp_path / "out", chunk_runs=SIZE).frame()
    for variant in shared.variants:
        rows = table[table["variant"] == variant.name]
        alone = simulated.run(variant.plan, RUNS, seed=shared.seed, replications_per_draw=4)
        assert rows["draw"].tolist() == alone["draw"].tolist() == [r // 4 for r in range(RUNS)]
        assert rows["closing_cash_cents"].tolist() == alone["closing_cash_cents"].tolist()


def test_paths_add_up_to_the_rows(reference: Folder) -> None:
    """What moved the cash in all months, and what there was, is what is there at the end."""
    plan = short_plan()
    opening = round(100 * plan.numbers.opening.cash)
    found = reference.query("""
        SELECT variant, replication, any_value(r.closing_cash_cents) AS closing,
               coalesce(sum(net_cents) FILTER (account = 'cash'), 0) AS moved
        FROM paths JOIN runs r USING (variant, replication) GROUP BY ALL
    """)
    assert len(found) == 3 * RUNS
    assert (found["closing"] == found["moved"] + opening).all()


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_workers_gives_the_same_files(
    workers: int, plans: Batch, reference: Folder, tmp_path: Path
) -> None:
    found = batch(plans, tmp_path / "out", chunk_runs=SIZE, paths=True, workers=workers)
    assert part_bytes(found) == part_bytes(reference)
    assert_same(found, reference)


@pytest.mark.parametrize("size", [pytest.param(1, marks=pytest.mark.slow), 64])
def test_any_size_of_chunk_gives_the_same_table(
    size: int, plans: Batch, reference: Folder, tmp_path: Path
) -> None:
    found = batch(plans, tmp_path / "out", chunk_runs=size, paths=True)
    assert len(found.parts) == 3 * max(RUNS // size, 1)
    assert_same(found, reference)


def test_threads_give_the_same_files(plans: Batch, reference: Folder, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        found = batch(plans, tmp_path / "out", chunk_runs=SIZE, paths=True, executor=threads)
    assert part_bytes(found) == part_bytes(reference)


def test_progress_is_told_of_every_part(plans: Batch, tmp_path: Path) -> None:
    told: list[int] = []
    batch(plans, tmp_path / "out", chunk_runs=SIZE, progress=told.append)
    assert told == [0, *[7, 7, 6] * 3]


# An executor that is broken is found out.


class Mistaking(Altering):
    """Takes every plan for the first."""

    first: Plan | None = None

    def altered(self, task: Task) -> Chunk:
        self.first = self.first or task.plan
        return run_chunk(replace(task, plan=self.first))


def test_an_executor_that_works_is_not_taken_for_broken(
    plans: Batch, reference: Folder, tmp_path: Path
) -> None:
    found = batch(plans, tmp_path / "out", chunk_runs=SIZE, paths=True, executor=Altering())
    assert_same(found, reference)


@pytest.mark.parametrize("kind", [Repeating, Dropping, Reseeding, Mistaking])
def test_an_executor_that_is_broken_is_found_out(
    kind: type[Executor], plans: Batch, reference: Folder, tmp_path: Path
) -> None:
    found = batch(plans, tmp_path / "out", chunk_runs=SIZE, paths=True, executor=kind())
    with pytest.raises((AssertionError, DamageError)):
        assert_same(found, reference)


@pytest.mark.parametrize("kind", [Repeating, Dropping])
def test_parts_of_other_runs_are_damage(kind: type[Executor], plans: Batch, tmp_path: Path) -> None:
    found = batch(plans, tmp_path / "out", chunk_runs=SIZE, executor=kind())
    with pytest.raises(DamageError) as damage:
        found.frame()
    assert len(damage.value.lines) == 3


# A Dask cluster.


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with dask_cluster(tmp_path_factory.mktemp("dask")) as (address, _):
        yield address


def test_a_cluster_gives_the_same_files(
    cluster: str, plans: Batch, reference: Folder, tmp_path: Path
) -> None:
    found = batch(plans, tmp_path / "out", chunk_runs=SIZE, paths=True, cluster=cluster)
    assert part_bytes(found) == part_bytes(reference)


def test_a_cluster_runs_a_single_plan_too(cluster: str, plans: Batch) -> None:
    plan = plans.variants[0].plan
    there = simulated.run(plan, 30, seed=3, cluster=cluster, chunk_runs=SIZE)
    assert there.equals(simulated.run(plan, 30, seed=3))


@pytest.mark.parametrize(
    "address", ["", "nowhere", "127.0.0.1", "tcp://127.0.0.1", "tcp://:1", "tcp://x:99999", "a b"]
)
def test_what_is_no_address_is_refused(address: str, plans: Batch, tmp_path: Path) -> None:
    with pytest.raises(ClusterError) as refusal:
        batch(plans, tmp_path / "out", cluster=address)
    assert str(refusal.value).startswith(f"{address}: no Dask scheduler")
    assert "\n" not in str(refusal.value)


def test_nobody_at_the_address_is_one_line(plans: Batch, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ClusterError, match="no Dask scheduler answers") as refusal:
        batch(plans, tmp_path / "out", cluster=address)
    assert str(refusal.value).startswith(address)


# Other variants and other streams leave a variant's rows as they were.


def rows_of(folder: Folder, variant: str) -> pd.DataFrame:
    table = folder.frame()
    rows = table[table["variant"] == variant].drop(columns="variant")
    return rows.dropna(axis=1, how="all").reset_index(drop=True)


def test_a_further_variant_leaves_the_others_as_they_were(
    plans: Batch, reference: Folder, tmp_path: Path
) -> None:
    more = (plans.variants[0], Variant("new", short_plan(costs__travel_month=5)))
    found = batch(replace(plans, variants=more + plans.variants[1:]), tmp_path / "out")
    for variant in plans.variants:
        pd.testing.assert_frame_equal(
            rows_of(found, variant.name), rows_of(reference, variant.name), check_exact=True
        )
    assert not rows_of(found, "new").equals(rows_of(found, "base"))


def test_a_service_added_to_one_variant_leaves_the_others_as_they_were(
    plans: Batch, reference: Folder, tmp_path: Path
) -> None:
    base, dear, few = plans.variants
    training = dict(few.plan.tree["services"]["training"])
    grown = Variant(few.name, few.plan.variant({"services.another": training}))
    found = batch(replace(plans, variants=(base, dear, grown)), tmp_path / "out")
    for name in ("base", "dear"):
        pd.testing.assert_frame_equal(
            rows_of(found, name), rows_of(reference, name), check_exact=True
        )
    assert "total.another" not in rows_of(found, "base")
    assert not rows_of(found, "few").equals(rows_of(reference, "few"))


def test_a_stream_that_nobody_knew_of_leaves_everything_as_it_was(
    plans: Batch, reference: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Streams.__init__

    def curious(self: Streams, *how: Any, **more: Any) -> None:
        begin(self, *how, **more)
        self.table(stream_key("a stream that there was not before"), 0, 3, 4)

    monkeypatch.setattr(Streams, "__init__", curious)
    found = batch(plans, tmp_path / "out", chunk_runs=SIZE, paths=True)
    assert part_bytes(found) == part_bytes(reference)
