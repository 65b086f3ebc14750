"""`--json`: one document, the keys that docs/results.md names, whoever did the work."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ncpcsim_cli.documents import plain
from ncpcsim_cli.main import main
from tests.batches import write_batch_file
from tests.simulations import failing, put_in_place

DOC = Path(__file__).parents[2] / "docs" / "results.md"
NAMES = re.compile(r"`([a-z0-9_]+)`")


def document(*arguments: str, code: int = 0) -> dict[str, Any]:
    """What a command prints with `--json`; nothing else is on standard output."""
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == code, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def told(command: str) -> set[str]:
    """The keys that the document's table names in a command's row."""
    for line in DOC.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0].replace("`", "") == command:
            # What stands in brackets are the keys or the conditions of one of them.
            return set(NAMES.findall(re.sub(r"\([^)]*\)", "", cells[1])))
    raise AssertionError(command)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_batch_file(tmp_path, runs=6)
    monkeypatch.chdir(tmp_path)
    return tmp_path


HEAD = {"command", "version"}


def test_a_run(here: Path) -> None:
    found = document("run", "short.toml", "-n", "8", "--replications-per-draw", "2")
    assert set(found) == HEAD | told("run")
    assert set(found["answer"]) == told("run, answer")
    assert set(found["spread"]["lowest_cash"]) == told("run, spread")
    assert (found["command"], found["runs"], found["errors"]) == ("run", 8, [])
    assert set(found["answer"]["judgement"]["sustained"]) == {"estimate", "low", "high"}
    assert set(found["answer"]["lowest_cash"]) == {"p05", "p50", "p95"}
    assert found["precision"] is None
    assert str(here) not in json.dumps(found)


def test_a_precision_that_was_asked_for() -> None:
    found = document("run", "sme_only", "--until", "0.2", "-n", "200")
    assert set(found["precision"]) == told("run, precision")
    assert found["precision"]["is_reached"] is True
    assert found["runs"] == 100


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "how", [("--workers", "1"), ("--workers", "2"), ("--out", "here"), ("--engine", "reference")]
)
def test_it_does_not_depend_on_who_does_the_work(how: tuple[str, str]) -> None:
    found, expected = (document("run", "short.toml", "-n", "6", *more) for more in (how, ()))
    assert found.pop("engine") == ("reference" if "reference" in how else "compiled")
    expected.pop("engine")
    assert found == expected
    assert document("run", "short.toml", "-n", "6", "--seed", "2")["answer"] != expected["answer"]


@pytest.mark.usefixtures("here")
def test_runs_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(monkeypatch, failing({1}, ValueError("no")))
    found = document("run", "short.toml", "-n", "3", "--workers", "1", code=3)
    assert found["errors"] == [{"replication": 1, "error": "ValueError: no"}]
    assert found["answer"]["runs"] == 2
    put_in_place(monkeypatch, failing({0, 1}, ValueError("no")))
    assert document("run", "short.toml", "-n", "2", "--workers", "1", code=3)["answer"] is None


@pytest.mark.usefixtures("here")
def test_a_comparison_of_plans_and_of_their_folders() -> None:
    found = document("compare", "generic", "tapered", "-n", "4")
    assert set(found) == HEAD | told("compare")
    assert all(set(each) == told("compare, differences") for each in found["differences"])
    for name in ("generic", "tapered"):
        document("run", name, "-n", "4", "--out", f"of_{name}")
    assert document("compare", "of_generic", "of_tapered") == found


@pytest.mark.usefixtures("here")
def test_a_batch_and_a_run_are_read_alike() -> None:
    assert CliRunner().invoke(main, ["batch", "mixes.toml", "--out", "mixes"]).exit_code == 0
    found = document("results", "mixes")
    assert set(found) == HEAD | told("results")
    assert all(set(each) == told("results, variants") for each in found["variants"])
    document("run", "short.toml", "-n", "6", "--out", "alone", "--seed", str(found["seed"]))
    (alone,) = document("results", "alone")["variants"]
    assert {**alone, "variant": "base"} == found["variants"][0]


def test_a_check() -> None:
    found = document("check", "generic", "-n", "10")
    assert set(found) == HEAD | told("check")
    assert all(set(each) == told("check, rows") for each in found["rows"])


def test_what_is_not_known_is_null() -> None:
    assert plain({"a": float("nan"), "b": (float("inf"), 1.5), "c": True, "d": None}) == {
        "a": None,
        "b": [None, 1.5],
        "c": True,
        "d": None,
    }
