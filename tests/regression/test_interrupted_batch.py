"""However a batch was interrupted, resuming it gives the table it would have had.

What is interrupted are pauses and runs of a tiny plan (tests/stub_runs.py), and under the slow mark
a calibrated plan's runs.
"""

import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ncpcsim.experiment.batch import batch
from ncpcsim.experiment.run import Chunk, Task, run_chunk
from ncpcsim.plan.variants import Batch, Variant
from ncpcsim.results.errors import DamageError, StoreError
from ncpcsim.results.folder import Folder
from ncpcsim.results.parts import seal
from ncpcsim.results.place import MANIFEST
from tests.batches import (
    SOURCES,
    dask_cluster,
    part_bytes,
    small_batch,
    started,
    until,
    workers_of,
    write_batch_file,
)
from tests.executors import Altering
from tests.stub_runs import PAUSE, tiny_batch, tiny_plan, write_tiny_batch_file

RUNS, SIZE = 40, 4
CODE = f"""\
from ncpcsim.experiment import batch
from tests.stub_runs import run_chunk
batch.batch.__kwdefaults__["chunk_runs"] = {SIZE}
batch.run_chunk = run_chunk
from ncpcsim_cli.main import main
main(prog_name="ncpcsim")
"""
"""The command, but with smaller parts, so that there are many moments to be killed at."""
PARTS = 4 * RUNS // SIZE
FOUND = {"PYTHONPATH": os.pathsep.join([*SOURCES, str(Path(__file__).parents[2])])}
"""Where a process finds the program, and these tests."""
PAUSED = {**FOUND, PAUSE: "0.04"}
"""For the process that is interrupted: long enough to be seen at work when the machine is busy."""


def write_files(folder: Path, plan: str = "tiny") -> None:
    (write_tiny_batch_file if plan == "tiny" else write_batch_file)(folder, RUNS)


def command(folder: Path, *arguments: str) -> "tuple[int, str, str]":
    process = started(folder, *arguments, code=CODE, env=FOUND)
    output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors


def parts_in(out: Path) -> int:
    return len(list((out / "runs").glob("[0-9]*.parquet")))


BATCH = ("batch", "mixes.toml", "--engine", "reference")
"""By the engine whose workers are processes."""


def done(folder: Path, plan: str) -> Folder:
    """The batch as it is when nothing goes wrong."""
    write_files(folder, plan)
    assert command(folder, *BATCH, "--workers", "1", "--out", "out")[0] == 0
    return Folder.open(folder / "out")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The batch of the tiny plan."""
    return done(tmp_path_factory.mktemp("whole"), "tiny")


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The batch of a calibrated plan."""
    return done(tmp_path_factory.mktemp("calibrated"), "short")


def moments() -> list[Any]:
    """How many parts are there when the process is killed, and by how many workers."""
    chance = random.Random(20)
    five = [(chance.randrange(1, PARTS - 8), chance.choice([1, 2])) for _ in range(5)]
    quick, slow = [pytest.param(*one) for one in five[:2]], five[2:]
    return [*quick, *(pytest.param(*one, marks=pytest.mark.slow) for one in slow)]


def assert_goes_on_when_killed(
    folder: Path, plan: str, parts: int, workers: int, whole: Folder
) -> None:
    write_files(folder, plan)
    out = folder / "out"
    arguments = [*BATCH, "--workers", str(workers), "--out", "out"]
    process = started(folder, *arguments, code=CODE, env=PAUSED if plan == "tiny" else FOUND)
    until(lambda: parts_in(out) >= parts)
    process.kill()
    process.communicate()
    there = {name: (out / name).stat().st_mtime_ns for name in part_bytes(Folder.open(out))}
    assert parts <= parts_in(out) < PARTS
    with pytest.raises(DamageError) as damage:
        Folder.open(out).frame()
    assert len(damage.value.lines) == PARTS - parts_in(out)
    # As if it had been killed while writing a part: what it wrote has a name of its own.
    (out / "runs" / ".00003.000000036.parquet.4711").write_bytes(b"PAR1 half a part")
    code, _, errors = command(folder, *arguments, "--resume")
    assert (code, errors) == (0, "")
    assert part_bytes(Folder.open(out)) == part_bytes(whole)
    # What was there has not been run again.
    for name, when in there.items():
        if name.endswith(".parquet") and "/." not in name:
            assert (out / name).stat().st_mtime_ns == when, name


@pytest.mark.parametrize(("parts", "workers"), moments())
def test_a_killed_batch_goes_on_to_the_same_files(
    parts: int, workers: int, whole: Folder, tmp_path: Path
) -> None:
    assert_goes_on_when_killed(tmp_path, "tiny", parts, workers, whole)


@pytest.mark.slow
@pytest.mark.parametrize(("parts", "workers"), [(9, 1), (20, 2)])
def test_a_killed_batch_of_a_calibrated_plan_goes_on_to_the_same_files(
    parts: int, workers: int, calibrated: Folder, tmp_path: Path
) -> None:
    assert_goes_on_when_killed(tmp_path, "short", parts, workers, calibrated)


def test_a_finished_batch_goes_on_to_nothing(whole: Folder, tmp_path: Path) -> None:
    write_files(tmp_path)
    shutil.copytree(whole.path, tmp_path / "out")
    before = [(tmp_path / "out" / name).stat().st_mtime_ns for name in part_bytes(whole)]
    code, _, errors = command(tmp_path, *BATCH, "--out", "out", "--resume")
    assert (code, errors) == (0, "")
    after = [(tmp_path / "out" / name).stat().st_mtime_ns for name in part_bytes(whole)]
    assert before == after


def test_a_batch_that_was_not_begun_is_begun(whole: Folder, tmp_path: Path) -> None:
    write_files(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".manifest.json.4711").write_text("{")  # killed in its first moment
    code, _, errors = command(tmp_path, *BATCH, "--out", "out", "--resume")
    assert (code, errors) == (0, "")
    assert part_bytes(Folder.open(tmp_path / "out")) == part_bytes(whole)


def test_a_killed_worker_costs_its_task_only(whole: Folder, tmp_path: Path) -> None:
    write_files(tmp_path)
    arguments = [*BATCH, "--workers", "2", "--out", "out"]
    process = started(tmp_path, *arguments, code=CODE, env=PAUSED)
    for parts in (2, 12):
        until(lambda parts=parts: parts_in(tmp_path / "out") >= parts)  # type: ignore[misc]
        until(lambda: workers_of(process.pid))
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    assert part_bytes(Folder.open(tmp_path / "out")) == part_bytes(whole)


@pytest.mark.slow
def test_a_killed_worker_of_a_cluster_costs_its_tasks_only(tmp_path: Path) -> None:
    plans = small_batch(60)
    reference = batch(plans, tmp_path / "whole", chunk_runs=SIZE)
    with dask_cluster(tmp_path) as (address, workers):
        done = threading.Event()

        def kill() -> None:
            until(lambda: parts_in(tmp_path / "out") >= 3)
            os.kill(workers[0], signal.SIGKILL)
            done.set()

        killer = threading.Thread(target=kill)
        killer.start()
        found = batch(plans, tmp_path / "out", chunk_runs=SIZE, cluster=address)
        killer.join()
    assert done.is_set()
    assert part_bytes(found) == part_bytes(reference)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupt_leaves_no_process_and_a_folder_to_go_on_with(
    workers: str, whole: Folder, tmp_path: Path
) -> None:
    write_files(tmp_path)
    arguments = [*BATCH, "--workers", workers, "--out", "out"]
    process = started(tmp_path, *arguments, code=CODE, env=PAUSED, start_new_session=True)
    until(lambda: parts_in(tmp_path / "out") >= 3)
    others = workers_of(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors == "stopped; --resume continues out\n"
    assert bool(others) == (workers == "2")
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in others), 10)
    assert not list((tmp_path / "out").rglob(".*"))
    assert 3 <= parts_in(tmp_path / "out") < PARTS
    code, _, errors = command(tmp_path, *arguments, "--resume")
    assert (code, errors) == (0, "")
    assert part_bytes(Folder.open(tmp_path / "out")) == part_bytes(whole)


NOTEBOOK = f"""\
import time
from pathlib import Path
from ncpcsim import batch, read_batch
from ncpcsim.experiment import batch as module
from tests.stub_runs import run_chunk
module.run_chunk = run_chunk
plans = read_batch("mixes.toml")
try:
    batch(plans, "out", workers=2, engine="reference", chunk_runs={SIZE})
except BaseException as error:
    print(type(error).__name__, flush=True)
while not Path("go").exists():
    time.sleep(0.01)
batch(plans, "out", workers=2, chunk_runs={SIZE}, resume=True)
"""
"""Two cells: one that will be interrupted, and one that runs to its end."""


@pytest.mark.parametrize(
    "wait",
    [pytest.param(0, marks=pytest.mark.slow), 0.2, pytest.param(0.5, marks=pytest.mark.slow)],
)
def test_an_interrupt_in_a_notebook_leaves_no_process_and_a_folder_to_go_on_with(
    wait: float, whole: Folder, tmp_path: Path
) -> None:
    write_files(tmp_path)
    process = started(tmp_path, code=NOTEBOOK, env=PAUSED, start_new_session=True)
    try:
        until(lambda: parts_in(tmp_path / "out") >= 3)
        assert workers_of(process.pid)
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "KeyboardInterrupt\n"
        assert not workers_of(process.pid)
        assert not list((tmp_path / "out").rglob(".*"))
        assert 3 <= parts_in(tmp_path / "out") < PARTS
        (tmp_path / "go").touch()
        assert process.communicate(timeout=120) == ("", "")
    finally:
        process.kill()
        process.communicate()
    assert part_bytes(Folder.open(tmp_path / "out")) == part_bytes(whole)


def test_an_interrupt_while_a_part_is_written_comes_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = tiny_batch(12)

    def interrupted(content: bytes) -> bytes:
        if content.startswith(b"PAR1"):  # a part, not the manifest before it
            signal.raise_signal(signal.SIGINT)
        return seal(content)

    with monkeypatch.context() as patch:
        patch.setattr("ncpcsim.results.parts.seal", interrupted)
        with pytest.raises(KeyboardInterrupt):
            batch(plans, tmp_path / "out", chunk_runs=SIZE)
    assert len(Folder.open(tmp_path / "out").damaged()) == 9 - 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with ThreadPoolExecutor(1) as another:  # such as a notebook's, which is never interrupted
        resumed = another.submit(
            batch, plans, tmp_path / "out", chunk_runs=SIZE, resume=True
        ).result()
    assert part_bytes(resumed) == part_bytes(batch(plans, tmp_path / "whole", chunk_runs=SIZE))


# Whatever happens to the parts.

HARMS = ["none", "delete", "truncate", "empty", "flip", "seed", "draws", "variant", "place"]
HARM = st.sampled_from(HARMS)


HOW: dict[str, Any] = {"chunk_runs": SIZE, "paths": True, "parameters": None}


class Shelf:
    """A finished batch, others like it, and their tables."""

    def __init__(self, folder: Path) -> None:
        self.plans = tiny_batch(12)
        self.whole = batch(self.plans, folder / "whole", **HOW)
        self.table = self.whole.frame()
        # Parts of the same names: of another seed, of other draws, and of another plan.
        self.others = {
            "seed": batch(tiny_batch(12, seed=6), folder / "a", **HOW),
            "draws": batch(tiny_batch(12, replications_per_draw=4), folder / "b", **HOW),
        }

    def harm(self, folder: Folder, index: int, kind: str, table: str) -> None:
        """Do something to one of a folder's parts."""
        part = folder.parts[index]
        file = folder.path / table / part.file.name
        if kind == "delete":
            file.unlink()
        elif kind == "truncate":
            file.write_bytes(file.read_bytes()[:-30])
        elif kind == "empty":
            file.write_bytes(b"")
        elif kind == "flip":
            content = bytearray(file.read_bytes())
            content[len(content) // 3] ^= 1
            file.write_bytes(content)
        elif kind in self.others:
            shutil.copy(self.others[kind].path / table / file.name, file)
        elif kind == "variant":
            first = folder.parts[(index + 3) % 9]
            shutil.copy(self.whole.path / table / first.file.name, file)
        elif kind == "place":
            near = folder.parts[index // 3 * 3 + (index + 1) % 3]
            shutil.copy(self.whole.path / table / near.file.name, file)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(0, 8), HARM, st.sampled_from(["runs", "paths"])),
        max_size=6,
        unique_by=lambda harm: (harm[0], harm[2]),
    )
)
def test_any_harm_to_parts_is_undone_by_going_on(
    shelf: Shelf,
    tmp_path_factory: pytest.TempPathFactory,
    harms: list[tuple[int, str, str]],
) -> None:
    out = tmp_path_factory.mktemp("harmed") / "out"
    shutil.copytree(shelf.whole.path, out)
    folder = Folder.open(out)
    for index, kind, table in harms:
        shelf.harm(folder, index, kind, table)
    changed = part_bytes(folder) != part_bytes(shelf.whole)
    assert bool(folder.damaged()) == changed
    found = batch(shelf.plans, out, **{**HOW, "chunk_runs": 100}, resume=True)
    pd.testing.assert_frame_equal(found.frame(), shelf.table, check_exact=True)
    assert part_bytes(found) == part_bytes(shelf.whole)


class PowerCutError(BaseException):
    """Nothing is written, renamed or removed any more."""


@contextmanager
def power_cut(after: int) -> Iterator[None]:
    """Let that many steps on the disk be done; the next is done half, and none after it."""
    left = after
    steps = {(Path, name) for name in ("mkdir", "write_bytes", "replace", "unlink")}

    def failing(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*how: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if left == -1 and name == "write_bytes":
                step(how[0], how[1][: len(how[1]) // 2])
            if left < 0:
                raise PowerCutError
            return step(*how, **more)

        return taken

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in [*steps, (os, "fsync")]:
            patch.setattr(owner, name, failing(name, getattr(owner, name)))
        with suppress(PowerCutError):
            yield


class Remembering(Altering):
    """Runs each task once, and knows what came of it the next time."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, int], Chunk] = {}

    def altered(self, task: Task) -> Chunk:
        key = (task.plan.hash, task.first)
        if key not in self.known:
            self.known[key] = run_chunk(task)
        return self.known[key]


REMEMBERING = Remembering()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 80), min_size=1, max_size=3))
def test_any_power_cuts_leave_whole_parts_and_are_undone_by_going_on(
    shelf: Shelf, tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    out = tmp_path_factory.mktemp("cut") / "out"
    expected = part_bytes(shelf.whole)

    def go_on() -> Folder:
        return batch(shelf.plans, out, **HOW, resume=True, executor=REMEMBERING)

    for steps in cuts:
        with power_cut(steps):
            go_on()
        for file in out.rglob("[!.]*"):
            assert file.is_dir() or file.read_bytes() == expected[str(file.relative_to(out))]
        if (out / MANIFEST).exists():
            there = [(out / "runs" / p.file.name).exists() for p in shelf.whole.parts]
            assert len(Folder.open(out).damaged()) == there.count(False)
    assert part_bytes(go_on()) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    index=st.integers(0, 18),
    where=st.floats(0, 1, exclude_max=True),
    what=st.binary(min_size=1, max_size=40),
)
def test_no_byte_of_any_file_can_be_changed_unseen(
    shelf: Shelf, index: int, where: float, what: bytes
) -> None:
    name, before = list(part_bytes(shelf.whole).items())[index]
    file, start = shelf.whole.path / name, int(where * len(before))
    after = before[:start] + what + before[start + len(what) :]
    assume(after != before)
    file.write_bytes(after)
    try:
        with pytest.raises(StoreError) as found:
            Folder.open(shelf.whole.path).frame()
    finally:
        file.write_bytes(before)
    message = str(found.value)
    assert message.startswith(f"{file}: ") or (name == MANIFEST and "holds a " in message)
    assert "\n" not in message


def test_variants_of_one_plan_are_told_apart(tmp_path: Path) -> None:
    """Their rows are alike, but each part says whose it is."""
    twins = Batch((Variant("one", tiny_plan()), Variant("two", tiny_plan())), runs=4)
    found = batch(twins, tmp_path / "out")
    one, two = found.parts
    shutil.copy(one.file, two.file)
    assert found.damaged() == [f"{two.file}: says variant one, expected two"]
