"""Runs that fail, and batches that are interrupted."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from ncpcsim.answers.sustainability import answer
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.experiment.replications import CHUNK_RUNS
from ncpcsim.model.record import Record
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.variants import Batch, Variant
from ncpcsim.reference.assembly import simulate
from ncpcsim.report import pictures
from ncpcsim.report import run as simulated
from ncpcsim.results.parts import write_parquet
from ncpcsim.results.store import Store
from ncpcsim_cli.main import main
from tests.batches import SOURCES, contents, started, until, workers_of
from tests.cli_runs import FILES, names, ncpcsim_run, rows_of, table
from tests.simulations import failing, put_in_place

# Runs that fail, and batches that are interrupted.


def test_a_failed_run_is_a_row_with_its_error(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = RuntimeError("the roof\ncame down")
    put_in_place(monkeypatch, failing({3}, error))
    result = ncpcsim_run("run", "short.toml", "-n", "6", "--out", "out")
    assert result.exit_code == 3
    assert result.stderr.startswith("1 of 6 runs failed\nrun 3: RuntimeError: the roof")
    assert "5 runs of 24 months" in result.stdout
    assert names(short) == {"short.toml", "out"}
    assert names(short / "out") == FILES
    rows = rows_of(short / "out")
    assert rows["replication"].tolist() == list(range(6))
    assert rows["error"].notna().tolist() == [False, False, False, True, False, False]
    assert rows["error"].tolist()[3] == f"RuntimeError: {error}"
    assert rows.loc[3].drop(["replication", "draw", "error"]).isna().all()
    assert rows.drop(columns="error").drop(3)["closing_cash_cents"].notna().all()


def test_a_failed_run_leaves_the_others_as_they_were(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = with_parameters(load_plan(short / "short.toml"))
    whole = simulated.run(plan, 6)
    put_in_place(monkeypatch, failing({0, 3}, ValueError("no")))
    part = simulated.run(plan, 6, engine="reference")
    good = [1, 2, 4, 5]
    pd.testing.assert_frame_equal(part.loc[good], whole.loc[good])
    assert part["error"].dropna().index.tolist() == [0, 3]
    found = answer(plan.numbers, part)
    assert (found.runs, found.failed) == (4, 2)


@pytest.mark.parametrize("which", [{0}, {1}, {2, 3}, {4, 5}, {0, 1, 2, 3}])
def test_failures_may_fall_in_any_chunk(
    which: set[int], short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHUNK_RUNS, "reference", 2)
    put_in_place(monkeypatch, failing(which, ValueError("no")))
    result = ncpcsim_run("run", "short.toml", "-n", "6", "--out", "out")
    assert result.exit_code == 3
    rows = rows_of(short / "out")
    assert set(rows.index[rows["error"].notna()]) == which
    good = rows[rows["error"].isna()]
    monthly = table(short / "out" / "monthly.parquet")
    cash = monthly[(monthly["account"] == "cash") & (monthly["month"] == 23)]
    assert cash["balance_mean"].item() == pytest.approx(
        good["closing_cents.cash"].mean() / 100, abs=1e-6
    )


def test_where_all_runs_fail_there_is_no_answer(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(monkeypatch, failing(set(range(7)), ValueError("no")))
    result = ncpcsim_run("run", "short.toml", "-n", "7", "--out", "out")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.splitlines() == [
        "7 of 7 runs failed",
        *(f"run {number}: ValueError: no" for number in range(5)),
        "and 2 more",
    ]
    # The errors are kept, to be looked into; there is nothing to make other tables of.
    assert names(short / "out") == {"manifest.json", "runs"}
    assert len(rows_of(short / "out")) == 7


@pytest.mark.parametrize("before", ["nothing", "results"])
@pytest.mark.parametrize("stop", ["interrupt", "full disk", "fault"])
def test_a_batch_cut_short_leaves_everything_as_it_was(
    stop: str, before: str, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before == "results":
        ncpcsim_run("run", "short.toml", "-n", "2", "--out", "out")
    old = contents(short)
    if stop == "interrupt":
        put_in_place(monkeypatch, failing({3}, KeyboardInterrupt()))
    else:
        error = OSError(28, "No space left on device") if stop == "full disk" else ValueError("no")

        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(pictures, "draw_pictures", fail)
    arguments = ["run", "short.toml", "-n", "6", "--out", "out", "--force", "--workers", "1"]
    result = CliRunner().invoke(main, arguments)
    assert contents(short) == old
    assert names(short) == {"short.toml", *(["out"] if before == "results" else [])}
    if stop == "interrupt":
        assert (result.exit_code, result.stderr) == (130, "stopped; nothing was written\n")
    elif stop == "full disk":
        said = "out: cannot be written (No space left on device)\n"
        assert (result.exit_code, result.stderr) == (3, said)
    assert result.exit_code
    assert result.stdout == ""


def test_a_batch_cut_short_leaves_no_new_folders(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(monkeypatch, failing({3}, KeyboardInterrupt()))
    assert ncpcsim_run("run", "short.toml", "-n", "6", "--out", "a/b").exit_code == 130
    assert names(short) == {"short.toml"}


def test_a_store_that_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    plan = load_plan("generic")
    asked = Batch((Variant(plan.name, plan),))
    with Store.create(tmp_path / "out", asked, engine="compiled", force=False) as store:
        assert names(tmp_path) == {store.work.name, ".out.lock"}
    assert names(tmp_path) == set()


PAUSING = """\
from contextlib import contextmanager
from time import sleep
from ncpcsim_cli import main, work

def pause(done):
    print("paused", flush=True)
    sleep(4)  # an interrupt is heeded between two chunks

@contextmanager
def progress(what, runs):
    yield pause

work.progress = progress
main.main(prog_name="ncpcsim")
"""
"""The command, but it pauses once its first runs are done."""


def test_an_interrupt_of_all_processes_ends_with_one_line(short: Path) -> None:
    arguments = ["run", "short.toml", "-n", "1000", "--workers", "2", "--out", "out"]
    process = started(short, *arguments, code=PAUSING, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "paused\n"
    time.sleep(1.5)  # by now the workers have done what they were given, and wait for more
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors == "stopped; nothing was written\n"
    assert names(short) == {"short.toml"}


def test_an_interrupt_of_workers_that_are_starting_ends_with_one_line(
    short: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("site")
    (folder / "sitecustomize.py").write_text(
        "import pathlib, sys, time\n"
        "if '--multiprocessing-fork' in sys.orig_argv:\n"
        f"    pathlib.Path({str(folder)!r}, 'started').touch()\n"
        "    time.sleep(2)\n"
    )
    arguments = ["run", "short.toml", "-n", "1000000", "--workers", "2", *BY_REFERENCE]
    path = os.pathsep.join([str(folder), *SOURCES])
    process = started(short, *arguments, env={"PYTHONPATH": path}, start_new_session=True)
    patience = time.monotonic() + 60
    while not (folder / "started").exists() and time.monotonic() < patience:
        time.sleep(0.05)
    assert (folder / "started").exists()
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors == "stopped; nothing was written\n"


def swallowing(*arguments: Any, **more: Any) -> Record:
    """A simulation in which an interrupt arrives while an abandoned process is cleared away.

    Python raises it there and then throws it away, as it does with any error of a finaliser.
    """

    def abandoned() -> Iterator[None]:
        try:
            yield
        finally:
            signal.raise_signal(signal.SIGINT)

    process = abandoned()
    next(process)
    del process
    return simulate(*arguments, **more)


def renaming(table: pd.DataFrame, file: Path) -> None:
    """A table written while an interrupt arrives, which the database reports as its own error."""
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise RuntimeError("Query interrupted") from None
    write_parquet(table, file)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("where", "what"),
    [
        pytest.param(
            "ncpcsim.experiment.run.simulate",
            swallowing,
            id="swallowed",
        ),
        pytest.param(
            "ncpcsim.results.store.write_parquet",
            renaming,
            id="renamed",
        ),
    ],
)
def test_an_interrupt_stops_the_batch_wherever_it_arrives(
    where: str, what: object, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCPCSIM_ENGINE", "reference")
    monkeypatch.setattr(where, what)
    result = ncpcsim_run("run", "short.toml", "-n", "60", "--out", "out")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "stopped; nothing was written\n"
    assert names(short) == {"short.toml"}


@pytest.mark.slow
def test_a_killed_worker_costs_its_chunk_only(short: Path) -> None:
    arguments = ["run", "short.toml", "-n", "600", "--out"]
    process = started(short, *arguments, "out", "--workers", "2")
    for seconds in (0, 2):  # one as it starts, one, or its successor, in the midst of its work
        until(lambda: len(workers_of(process.pid)) == 2)
        time.sleep(seconds)
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    output, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    whole = ncpcsim_run(*arguments, "whole")
    assert output.replace(" out\n", "") == whole.stdout.replace(" whole\n", "")
    for name in FILES:
        assert (short / "out" / name).read_bytes() == (short / "whole" / name).read_bytes(), name


BY_REFERENCE = ("--engine", "reference")
"""Whose workers are processes."""


DYING = """\
import os
from ncpcsim.experiment import run
from ncpcsim_cli.main import main

def die(*_, **__):
    os.kill(os.getpid(), 9)

if __name__ == "__main__":
    main(prog_name="ncpcsim")
else:
    run.run_once = die
"""
"""The command, but no worker survives a run."""


def test_a_chunk_that_kills_every_worker_ends_the_batch_with_one_line(short: Path) -> None:
    (short / "dying.py").write_text(DYING)
    arguments = ["run", "short.toml", "-n", "60", "--workers", "2", "--out", "out"]
    arguments += ["--engine", "reference"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(SOURCES)}
    done = subprocess.run(
        [sys.executable, "dying.py", *arguments],
        check=False,
        cwd=short,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (3, "")
    said = "short: 3 worker processes died over it; was memory short?\n"
    assert done.stderr == said
    assert names(short) == {"short.toml", "dying.py"}


def test_no_worker_outlives_a_killed_command(short: Path) -> None:
    # Left without reading its output: whoever outlived it would hold that open for ever.
    with started(
        short, "run", "short.toml", "-n", "100000", "--workers", "2", *BY_REFERENCE
    ) as process:
        try:
            until(lambda: len(workers_of(process.pid)) == 2, 60)
            left = workers_of(process.pid)
        finally:
            process.kill()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left), 20)
