"""A folder of results: who may write to it, what is never removed, and that it is only read."""

import json
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result

from ncpcsim.plan.load import load_plan
from ncpcsim.plan.variants import Batch, Variant
from ncpcsim.results.errors import StoreError
from ncpcsim.results.store import Store
from ncpcsim_cli.main import main
from tests.batches import contents, write_batch_file


def ncpcsim(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


def run(out: str, *more: str) -> Result:
    return ncpcsim("run", "sme_only", "-n", "2", "--workers", "1", "--out", out, *more)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked() -> Batch:
    return Batch((Variant("sme_only", load_plan("sme_only")),), runs=2)


# ------------------------------------------------------------------ one writer


def test_two_runs_into_one_folder_are_one_run_and_one_line(here: Path) -> None:
    with Store.create(here / "out", asked(), engine="compiled", force=False):
        second = run("out")
        assert (second.exit_code, second.stdout) == (2, "")
        assert second.stderr == "out: another run is writing to it\n"
    assert run("out").exit_code == 0
    assert sorted(file.name for file in here.iterdir()) == ["out"]


def test_a_killed_run_leaves_no_lock_and_the_next_clears_what_it_left(
    here: Path, caplog: pytest.LogCaptureFixture
) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tests.cli.test_results_folder import asked\n"
        "from ncpcsim.results.store import Store\n"
        "with Store.create(Path('out'), asked(), engine='compiled', force=False) as store:\n"
        "    (store.work / 'half').write_text('a table')\n"
        "    os._exit(9)\n"
    )
    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(root), str(root / "cli")])
    died = subprocess.run(
        [sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": paths}
    )
    assert died.returncode == 9
    (left,) = here.glob(".out.*.part")
    result = run("out")
    assert result.exit_code == 0
    assert caplog.messages == [f"{left.name}: left by a run that was killed; removed"]
    assert sorted(file.name for file in here.iterdir()) == ["out"]


# ------------------------------------------------------------------ what is others'


def test_a_file_put_into_the_folder_meanwhile_stays_and_so_do_the_results(here: Path) -> None:
    assert run("out").exit_code == 0
    publish = Store.publish

    def late(store: Store) -> None:
        (here / "out" / "thesis.txt").write_text("mine")
        publish(store)

    with patch.object(Store, "publish", late):
        result = run("out", "--force", "--seed", "2")
    assert result.exit_code == 2
    (kept,) = here.glob(".out.*.results")
    assert str(kept) in result.stderr
    assert (here / "out" / "thesis.txt").read_text() == "mine"
    assert json.loads((here / "out" / "manifest.json").read_text())["seed"] == 1
    assert json.loads((kept / "manifest.json").read_text())["seed"] == 2


def test_what_appears_in_a_new_folder_meanwhile_is_not_replaced(here: Path) -> None:
    publish = Store.publish

    def late(store: Store) -> None:
        (here / "out").mkdir()
        (here / "out" / "thesis.txt").write_text("mine")
        publish(store)

    with patch.object(Store, "publish", late):
        result = run("out")
    assert result.exit_code == 2
    assert [file.name for file in (here / "out").iterdir()] == ["thesis.txt"]
    (kept,) = here.glob(".out.*.results")
    assert (kept / "runs").is_dir()


def test_a_folder_with_a_file_of_others_is_not_replaced(here: Path) -> None:
    assert run("out").exit_code == 0
    (here / "out" / "runs" / "thesis.txt").write_text("mine")
    before = contents(here)
    result = run("out", "--force")
    said = "holds runs/thesis.txt, which this program did not write, expected results alone"
    assert (result.exit_code, result.stderr) == (2, f"out: {said}\n")
    assert contents(here) == before


def test_results_that_appear_meanwhile_are_not_replaced_without_force(here: Path) -> None:
    publish = Store.publish

    def late(store: Store) -> None:
        (here / "other").rename(here / "out")  # as from another machine, which sees no lock
        publish(store)

    assert run("other", "--seed", "7").exit_code == 0

    with patch.object(Store, "publish", late):
        assert run("out").exit_code == 2
    assert json.loads((here / "out" / "manifest.json").read_text())["seed"] == 7
    (kept,) = here.glob(".out.*.results")
    assert json.loads((kept / "manifest.json").read_text())["seed"] == 1


@pytest.mark.parametrize("content", ['{"name": "an app"}', '{"format": 2, "kind": "posterior"}'])
def test_a_manifest_of_anything_else_is_left_alone(content: str, here: Path) -> None:
    (here / "app").mkdir()
    (here / "app" / "manifest.json").write_text(content)
    before = contents(here)
    result = run("app", "--force")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("app")
    assert contents(here) == before


def test_a_folder_that_is_merely_named_alike_is_no_leftover(here: Path) -> None:
    (here / ".out.mine.part").mkdir()
    assert run("out").exit_code == 0
    assert (here / ".out.mine.part").is_dir()


def test_a_batch_in_place_of_a_run_leaves_none_of_its_pictures(here: Path) -> None:
    write_batch_file(here, runs=4)
    assert run("out").exit_code == 0
    assert ncpcsim("batch", "mixes.toml", "--out", "out", "--force").exit_code == 0
    assert {file.name for file in (here / "out").iterdir()} == {"manifest.json", "runs"}


# ------------------------------------------------------------------ how it is made


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_the_umask_holds(umask: int, here: Path) -> None:
    before = os.umask(umask)
    try:
        assert run("out").exit_code == 0
    finally:
        os.umask(before)
    assert (here / "out").stat().st_mode & 0o777 == 0o777 & ~umask
    assert (here / "out" / "manifest.json").stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_linked_folder_stays_a_link(here: Path) -> None:
    (here / "disk").mkdir()
    (here / "out").symlink_to(here / "disk" / "results", target_is_directory=True)
    assert run("out").exit_code == 0
    assert run("out", "--force").exit_code == 0
    assert (here / "out").is_symlink()
    assert (here / "disk" / "results" / "manifest.json").exists()
    assert [file.name for file in (here / "disk").iterdir()] == ["results"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="Linux alone has it")
def test_a_place_that_cannot_be_written_is_said_to_be_one() -> None:
    result = run("/proc/out")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("/proc/out: cannot be written (")


def test_a_store_that_fails_leaves_nothing(here: Path) -> None:
    with (
        pytest.raises(StoreError, match="no"),
        Store.create(here / "a" / "out", asked(), engine="compiled", force=False),
    ):
        raise StoreError("no")
    assert list(here.iterdir()) == []


# ------------------------------------------------------------------ only read

WRITES = [
    "WITH x AS (COPY (SELECT 1) TO '{out}/runs/00000.000000000.parquet') SELECT 1",
    "WITH x AS (DELETE FROM runs RETURNING *) SELECT * FROM x",
    "SELECT 1 WHERE EXISTS (WITH y AS (INSERT INTO runs SELECT * FROM runs RETURNING 1) FROM y)",
    "WITH x AS (UPDATE runs SET seed = 2 RETURNING *) SELECT * FROM x",
    "COPY runs TO '{out}/x.parquet'",
    "SELECT 1; SELECT 2",
    "CREATE TABLE x AS SELECT 1",
    "ATTACH '{out}/x.duckdb'",
    "SET threads = 1",
]


@pytest.mark.parametrize("sql", WRITES)
def test_a_query_changes_nothing(sql: str, here: Path) -> None:
    assert run("out").exit_code == 0
    before = contents(here)
    result = ncpcsim("query", "out", sql.format(out=here / "out"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "query: expected one SELECT; results are only read\n"
    assert contents(here) == before


@pytest.mark.usefixtures("here")
def test_a_query_reads_no_file() -> None:
    assert run("out").exit_code == 0
    for file in ("out/manifest.json", "out/runs/00000.000000000.parquet"):
        result = ncpcsim("query", "out", f"SELECT * FROM read_text('{file}'), runs")
        assert result.exit_code == 2
        assert "disabled" in result.stderr


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("FROM runs", 2),
        ("SELECT count(*) AS n FROM runs", 1),
        ("SELECT replication FROM runs UNION ALL SELECT draw FROM runs", 4),
        ("WITH x AS (SELECT closing_cash_cents AS c FROM runs) SELECT max(c) FROM x", 1),
        ("SELECT variant, settings FROM variants", 1),
        ('SELECT "coverage.fee", "Sustained" FROM runs ORDER BY replication', 2),
        ("SELECT a.replication FROM runs a NATURAL JOIN runs b WHERE false", 0),
        ("SELECT r FROM runs r", 2),
    ],
)
def test_what_can_be_asked(sql: str, rows: int) -> None:
    assert run("out").exit_code == 0
    result = ncpcsim("query", "out", sql)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1] == ("1 row" if rows == 1 else f"{rows} rows")
