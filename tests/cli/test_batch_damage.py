"""Batches that are damaged, stopped, refused or go wrong."""

import errno
import json
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.answers.summary import VariantSummary
from ncpcsim.answers.sustainability import Band
from ncpcsim.measures.intervals import share_interval
from ncpcsim.model.inputs import Tables
from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams
from ncpcsim.reference.assembly import simulate
from ncpcsim.results import folder as folder_module
from ncpcsim.results.folder import Folder
from ncpcsim.results.parts import BLANK, UNSEALED, seal, write_parquet
from ncpcsim_cli.batch import _duration
from ncpcsim_cli.results import failure_lines
from tests.batches import BARE, contents, part_bytes, started
from tests.cli_batches import RUNS, ncpcsim, rows
from tests.simulations import put_in_place

# What is damaged.

FIRST, SECOND = "00000.000000000.parquet", "00001.000000000.parquet"


def harm(out: Path, kind: str) -> str:
    """Damage a folder; what is said of it."""
    file, other = out / "runs" / FIRST, out / "runs" / SECOND
    if kind.startswith("paths"):
        file = out / "paths" / SECOND
    if kind.endswith("truncated"):
        file.write_bytes(file.read_bytes()[:-100])
        return f"{file}: {UNSEALED}"
    if kind.endswith("flipped"):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        return f"{file}: {UNSEALED}"
    if kind.endswith("missing"):
        file.unlink()
        return f"{file}: is missing"
    if kind == "another's":
        shutil.copy(other, file)
        return f"{file}: says variant dear, expected base"
    manifest = out / "manifest.json"
    if kind == "manifest torn":
        manifest.write_text(manifest.read_text()[:500])
        return f"{manifest}: is truncated or damaged ("
    manifest.write_text(manifest.read_text().replace('"seed": 5', '"seed": 6'))
    return f"{manifest}: {UNSEALED}"


KINDS = ["truncated", "flipped", "missing", "another's"]


KINDS += [f"paths {kind}" for kind in KINDS[:-1]]


TORN = ["manifest torn", "manifest changed"]


READERS = [["results", "out"], ["compare", "out"], ["query", "out", "SELECT 1"]]


@pytest.mark.parametrize("kind", [*KINDS, *TORN])
def test_damage_is_named_by_file(kind: str, here: Path) -> None:
    said = harm(here / "out", kind).replace(f"{here}/", "")
    for reader in READERS:
        result = ncpcsim(*reader)
        assert (result.exit_code, result.stdout) == (3, "")
        damage, hint = result.stderr.splitlines()
        assert damage.startswith(said)
        assert hint.startswith("the batch is not whole: --")


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_undone_by_going_on(kind: str, here: Path) -> None:
    before = part_bytes(Folder.open(here / "out"))
    harm(here / "out", kind)
    result = ncpcsim("batch", "mixes.toml", "--paths", "--out", "out", "--resume")
    assert (result.exit_code, result.stderr) == (0, "")
    assert part_bytes(Folder.open(here / "out")) == before


@pytest.mark.parametrize("kind", TORN)
def test_a_broken_manifest_cannot_be_gone_on_with_but_replaced(kind: str, here: Path) -> None:
    before = part_bytes(Folder.open(here / "out"))
    said = harm(here / "out", kind).replace(f"{here}/", "")
    result = ncpcsim("batch", "mixes.toml", "--paths", "--out", "out", "--resume")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith(said)
    result = ncpcsim("batch", "mixes.toml", "--paths", "--out", "out", "--force")
    assert (result.exit_code, result.stderr) == (0, "")
    assert part_bytes(Folder.open(here / "out")) == before


# What is stopped.

SLOW = """\
import sys, time
from ncpcsim.answers import summary
from ncpcsim.results.folder import Folder
from ncpcsim_cli.main import main
def slow(_):
    print("now", flush=True)
    time.sleep(100)
def query(self, sql, really=Folder.query):
    print("now", flush=True)
    return really(self, sql)
summary.summary, Folder.query = slow, query
main(prog_name="ncpcsim")
"""


ENDLESS = "SELECT count(*) FROM range(1000000000), range(1000000000)"


GO_ON = "stopped; --resume continues out\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["results", "out"], "stopped\n"),
        (["query", "out", ENDLESS], "stopped\n"),  # DuckDB itself would not heed it
        (["batch", "mixes.toml", "--paths", "--out", "out", "--resume"], GO_ON),
    ],
)
def test_an_interrupt_while_reading_ends_it_at_once(
    arguments: list[str], said: str, here: Path
) -> None:
    before = contents(here / "out")
    with started(here, *arguments, code=SLOW) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        try:
            output, errors = process.communicate(timeout=10)
        finally:
            process.kill()
    assert (process.returncode, output, errors) == (130, "", said)
    assert contents(here / "out") == before


@pytest.mark.usefixtures("here")
def test_an_interrupt_anywhere_else_is_a_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ncpcsim.answers.comparison.compare", interrupted)
    result = ncpcsim("compare", "out")
    assert (result.exit_code, result.output) == (130, "stopped\n")


@pytest.mark.usefixtures("here")
def test_an_interrupt_of_a_dry_run_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupting(*arguments: Any, **more: Any) -> Record:
        signal.raise_signal(signal.SIGINT)
        return simulate(*arguments, **more)

    put_in_place(monkeypatch, interrupting)
    result = ncpcsim("batch", "mixes.toml", "--dry-run")
    assert (result.exit_code, result.stderr) == (130, "stopped; nothing was written\n")


@pytest.mark.parametrize(
    "command",
    [["results", "out", "--csv"], ["compare", "out", "--csv"], ["compare", "out", "--picture"]],
)
def test_tables_and_pictures_are_written_whole_or_not_at_all(
    command: list[str], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "mine").write_text("as it was")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("ncpcsim.results.parts.os.fsync", full)
        result = ncpcsim(*command, "mine")
    assert result.exit_code == 3
    assert result.stderr == "mine: cannot be written (No space left on device)\n"
    assert (here / "mine").read_text() == "as it was"
    assert not list(here.glob(".*"))
    result = ncpcsim(*command, "nowhere/mine")
    assert result.exit_code == 3
    assert result.stderr.startswith("nowhere/mine: cannot be written (")
    assert "None" not in result.stderr
    assert ncpcsim(*command, "mine").exit_code == 0
    assert (here / "mine").read_bytes()[:4] in (b"vari", b"plan", b"\x89PNG")


# What is refused.


def test_a_finished_folder_is_left_alone(here: Path) -> None:
    before = contents(here)
    result = ncpcsim("batch", "mixes.toml", "--out", "out")
    assert (result.exit_code, result.stdout) == (2, "")
    said = "holds results; --resume continues a batch, --force replaces it"
    assert result.stderr == f"out: {said}\n"
    assert contents(here) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--out: is missing, expected a folder for the results (or --dry-run)"),
        (["--out", "new", "--resume", "--force"], "--force: replaces what --resume would continue"),
        (["--out", "short.toml"], "short.toml: is a file, expected a folder or nothing there"),
        (["--out", "short.toml", "--resume"], "short.toml: is a file, expected a folder or noth"),
        (["--out", "short.toml/new"], "short.toml/new: cannot be written ("),
        (["--out", "."], ".: is the working folder, expected another"),
        (["--out", "new", "--cluster", "nowhere"], "nowhere: no Dask scheduler's address, expect"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_cannot_be_run_is_refused(arguments: list[str], said: str) -> None:
    result = ncpcsim("batch", "mixes.toml", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("here")
def test_mistakes_of_a_batch_file_are_lines() -> None:
    Path("bad.toml").write_text('base = "short.toml"\nruns = 0\nsed = 1\n')
    result = ncpcsim("batch", "bad.toml", "--out", "new")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "bad.toml:2: runs: is 0, expected greater than or equal to 1",
        "bad.toml:3: sed: unknown key, did you mean 'seed'?",
    ]
    assert not Path("new").exists()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("seed = 5", "seed = 6", "seed is 5 there and 6 here"),
        (f"runs = {RUNS}", "runs = 13", f"runs is {RUNS} there and 13 here"),
        (
            "seed = 5",
            "seed = 5\nreplications_per_draw = 2",
            "replications_per_draw is 1 there and 2 here",
        ),
        ("= 400", "= 401", "of variant 'dear', costs.travel_month is 400 there and 401 here"),
        ("[1, 3]", "[1]", "variant 3 is 'people=3' there and nothing here"),
        ("[1, 3]", "[1, 3, 4]", "variant 4 is nothing there and 'people=4' here"),
        ("dear]", "cheap]", "variant 1 is 'dear' there and 'cheap' here"),
    ],
)
def test_another_batch_is_not_gone_on_with(before: str, after: str, said: str, here: Path) -> None:
    there = contents(here / "out")
    text = (here / "mixes.toml").read_text()
    (here / "mixes.toml").write_text(text.replace(before, after).replace("s.dear.", "s.cheap."))
    if "cheap" not in after:
        (here / "mixes.toml").write_text(text.replace(before, after))
    result = ncpcsim("batch", "mixes.toml", "--paths", "--out", "out", "--resume")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"out: holds another batch: {said}")
    assert contents(here / "out") == there


def write_sealed(manifest: Path, content: Mapping[str, Any]) -> None:
    manifest.write_bytes(seal(json.dumps({**content, "seal": BLANK}).encode()))


def test_a_batch_of_another_program_is_not_gone_on_with(here: Path) -> None:
    manifest = here / "out" / "manifest.json"
    content = json.loads(manifest.read_text())
    for key, value, said in (
        ("format", 1, "out/manifest.json: format is 1, expected 6"),
        ("version", "0.0.9", "out: holds another batch: version is 0.0.9 there and "),
        ("kind", "run", "out: holds a run, expected a folder of results"),
    ):
        write_sealed(manifest, {**content, key: value})
        result = ncpcsim("batch", "mixes.toml", "--paths", "--out", "out", "--resume")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(said)
    write_sealed(manifest, content)
    result = ncpcsim("batch", "mixes.toml", "--out", "out", "--resume")
    assert result.stderr == "out: holds another batch: paths is True there and False here\n"


def test_force_replaces_our_files_and_no_others(here: Path) -> None:
    out = here / "out"
    strangers = [out / "notes.txt", out / "runs" / "thesis.parquet.txt", out / "paths" / "x"]
    for file in strangers:
        file.write_text("mine")
    stale = out / "runs" / "00017.000000000.parquet"
    stale.write_text("of an earlier batch")
    result = ncpcsim("batch", "mixes.toml", "--out", "out", "--force")
    assert (result.exit_code, result.stderr) == (0, "")
    assert not stale.exists()
    assert [file.read_text() for file in strangers] == ["mine"] * 3
    assert [file.name for file in (out / "paths").iterdir()] == ["x"]
    assert Folder.open(out).manifest["paths"] is False
    assert len(Folder.open(out).frame()) == 4 * RUNS


@pytest.mark.parametrize("flag", [[], ["--force"], ["--resume"]])
def test_a_strangers_folder_is_left_alone(flag: list[str], here: Path) -> None:
    (here / "theirs" / "runs").mkdir(parents=True)
    (here / "theirs" / "runs" / "00000.000000000.parquet").write_text("mine")
    (here / "app").mkdir()
    (here / "app" / "manifest.json").write_text('{"name": "an app"}')
    before = contents(here)
    for out in ("theirs", "app"):
        result = ncpcsim("batch", "mixes.toml", "--out", out, *flag)
        assert (result.exit_code, result.stdout) == (2, "")
    assert contents(here) == before


# What goes wrong.


def failing(tables: Tables, streams: Streams, *arguments: Any, **more: Any) -> Record:
    travel = next(line for line in tables.inputs.lines if line.account == Account.TRAVEL)
    if streams.replication in {3, 7} and travel.amount_month == 400:
        raise ValueError("no such thing")
    return simulate(tables, streams, *arguments, **more)


def test_runs_that_failed_are_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(monkeypatch, failing)
    whole = Folder.open(here / "out").frame()
    said = ["2 runs failed", "dear: runs 3, 7 failed, the first with ValueError: no such thing"]
    for words in (["batch", "mixes.toml", "--out", "new"], ["results", "new"]):
        result = ncpcsim(*words)
        assert result.exit_code == 3
        assert result.stderr.splitlines() == said
        assert rows(result.stdout)["dear"].endswith(" 2")
        assert rows(result.stdout)["base"].endswith(" 0")
    result = ncpcsim("compare", "new", "--measure", "closing_cash")
    assert result.exit_code == 3
    assert result.stderr == "dear: 2 runs failed and were left out\n"
    table = Folder.open(here / "new").frame()
    good = table["error"].isna()
    assert (~good).sum() == 2
    assert list(table[good]["closing_cash_cents"]) == list(whole[good]["closing_cash_cents"])
    # A failed run is a result: going on does not run it again.
    before = contents(here / "new")
    assert ncpcsim("batch", "mixes.toml", "--out", "new", "--resume").exit_code == 3
    assert contents(here / "new") == before


def test_many_failures_are_said_in_short() -> None:
    none = share_interval(0, 0)
    lines = [
        VariantSummary(name, 0, failed, none, none, none, none, Band(0, 0, 0), "ValueError: no")
        for name, failed in [("fine", ()), *[(f"v{i}", tuple(range(1012))) for i in range(7)]]
    ]
    count, *shown, more = failure_lines(lines)
    assert count == "7,084 runs failed"
    numbers = ", ".join(map(str, range(10)))
    assert shown == [
        f"v{i}: runs {numbers} and 1,002 more failed, the first with ValueError: no"
        for i in range(5)
    ]
    assert more == "and runs of 2 more variants: ask for those WHERE error IS NOT NULL"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(4, "4 seconds"), (119, "119 seconds"), (125, "2 minutes"), (7_300_000, "2,028 hours")],
)
def test_a_duration_is_said_in_the_unit_that_fits(seconds: float, said: str) -> None:
    assert _duration(seconds) == said


def test_a_full_disk_leaves_whole_parts_to_go_on_with(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def filling(table: pd.DataFrame, file: Path, about: Mapping[str, str]) -> None:
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device", str(file))
        write_parquet(table, file, about)
        written.append(file)

    with monkeypatch.context() as patch:
        patch.setattr("ncpcsim.results.folder.write_parquet", filling)
        result = ncpcsim("batch", "mixes.toml", "--paths", "--out", "new")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "new: cannot be written (No space left on device)\n"
    assert len(Folder.open(here / "new").damaged()) == 3
    result = ncpcsim("batch", "mixes.toml", "--paths", "--out", "new", "--resume")
    assert (result.exit_code, result.stderr) == (0, "")
    assert contents_only(here / "new") == contents_only(here / "out")


def contents_only(folder: Path) -> dict[str, bytes]:
    return {name: content for name, (content, _) in contents(folder).items()}


LIMITED = ["-c", "from ncpcsim_cli.main import main; main(prog_name='ncpcsim')"]


@pytest.mark.parametrize("most", [20_000, 2_000])
def test_files_that_may_not_grow_leave_nothing_half_written(most: int, here: Path) -> None:
    """The system itself refuses: of a part, or already of the manifest."""
    found = subprocess.run(
        [sys.executable, *LIMITED, "batch", "mixes.toml", "--workers", "1", "--out", "new"],
        check=False,
        cwd=here,
        # Nor may Python's own files grow: truncated, they would break every later start.
        env={**BARE, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most)),
    )
    assert found.returncode in (2, 3)
    assert found.stderr.startswith("new: cannot be written (")
    assert found.stderr.count("\n") == 1
    assert not list((here / "new").rglob(".*"))
    assert not list((here / "new").rglob("*.parquet"))
    result = ncpcsim("batch", "mixes.toml", "--out", "new", "--resume")
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(Folder.open(here / "new").frame()) == 4 * RUNS


def test_a_full_disk_at_the_manifest_keeps_the_old_one(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (here / "out" / "manifest.json").read_bytes()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder_module, "written", full)
    result = ncpcsim("batch", "mixes.toml", "--out", "out", "--force")
    assert result.exit_code == 2
    assert result.stderr == "out: cannot be written (No space left on device)\n"
    assert (here / "out" / "manifest.json").read_bytes() == before
