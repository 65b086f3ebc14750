"""`--engine`, `ncpcsim engine` and `ncpcsim selftest`."""

import json
from collections import OrderedDict
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ncpcsim.compiled import library, run, wasm
from ncpcsim.compiled.build import WASM, source_hash
from ncpcsim.compiled.library import EngineError
from ncpcsim.experiment import engines, selftest
from ncpcsim.plan.load import load_plan
from ncpcsim.report import run as simulated
from ncpcsim_cli.main import main

NO_ENGINE = "the compiled engine cannot be built: there is no C compiler"
COMMANDS = (
    ("run", "hungary", "-n", "5"),
    ("compare", "generic", "tapered", "-n", "2"),
    ("declaration", "generic", "-n", "2"),
    ("check", "hungary", "-n", "5"),
)


def ncpcsim(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise EngineError(NO_ENGINE)

    # Every module that has it: one imported meanwhile would keep what stands in for it.
    for module in (engines, library, run, selftest):
        monkeypatch.setattr(module, "load", refused)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_an_answer_says_which_engine_ran_and_is_otherwise_the_same(command: list[str]) -> None:
    compiled, reference = (ncpcsim(*command, "--engine", e) for e in ("compiled", "reference"))
    assert (compiled.exit_code, reference.exit_code) == (0, 0)
    assert "compiled engine" in compiled.stdout
    said = compiled.stdout.replace("compiled engine", "SimPy, the reference engine")
    assert " ".join(said.split()) == " ".join(reference.stdout.split())


@pytest.mark.usefixtures("no_engine")
def test_without_a_compiled_engine_simpy_simulates_and_a_line_says_so() -> None:
    result = ncpcsim("run", "hungary", "-n", "2")
    assert result.exit_code == 0
    assert "Simulated by: SimPy, the reference engine." in result.stdout
    assert result.stderr == f"{NO_ENGINE}; SimPy simulates instead, a hundred times slower\n"


@pytest.mark.usefixtures("no_engine")
def test_who_asks_for_the_compiled_engine_gets_it_or_a_line() -> None:
    result = ncpcsim("run", "hungary", "-n", "2", "--engine", "compiled")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"--engine: {NO_ENGINE}\n"
    result = ncpcsim("selftest")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == f"there is nothing to compare: {NO_ENGINE}\n"


def test_the_manifest_of_a_batch_says_which_engine_ran(tmp_path: Path) -> None:
    file = tmp_path / "mixes.toml"
    file.write_text('base = "generic"\nruns = 2\n[variants.lone]\nwithout = ["membership"]\n')
    for name in ("compiled", "reference"):
        out = tmp_path / name
        result = ncpcsim("batch", str(file), "--engine", name, "--out", str(out))
        assert result.exit_code == 0
        assert json.loads((out / "manifest.json").read_text())["engine"] == name


def test_the_selftest_compares_both_engines() -> None:
    result = ncpcsim("selftest", "hungary", "sme_only", "-n", "3")
    assert (result.exit_code, result.stderr) == (0, "")
    rows = [line.split() for line in result.stdout.splitlines() if line.startswith(("hun", "sme"))]
    assert [row[:3] for row in rows] == [["hungary", "3", "3"], ["sme_only", "3", "3"]]
    assert result.stdout.endswith("Both engines give the same, to the cent.\n")


def test_the_engines_that_are_here_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wasm, "HERE", tmp_path)
    result = ncpcsim("engine")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:2] == ["reference: available (SimPy)", "compiled: available"]
    assert lines[2].endswith("with ziglang from PyPI, `ncpcsim engine --wasm FILE` builds one")
    (tmp_path / WASM).write_bytes(source_hash().encode())
    assert "for a browser: available" in ncpcsim("engine").stdout
    copied = tmp_path / "copy.wasm"
    assert ncpcsim("engine", "--wasm", str(copied)).exit_code == 0
    assert copied.read_bytes() == (tmp_path / WASM).read_bytes()


def test_names_that_cannot_be_told_apart_are_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ncpcsim.model.writer.order", lambda _: 5)
    monkeypatch.setattr("ncpcsim.experiment.tables._TABLES", OrderedDict())
    result = ncpcsim("run", "sme_only", "-n", "2")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("have the same number: rename one of them\n")


@pytest.mark.usefixtures("no_engine")
def test_the_library_logs_that_simpy_simulates(caplog: pytest.LogCaptureFixture) -> None:
    table = simulated.run(load_plan("sme_only"), 2)
    assert table["error"].isna().all()
    assert caplog.messages == [f"{NO_ENGINE}; SimPy simulates instead, a hundred times slower"]
