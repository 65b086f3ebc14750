"""The examples of docs/calibration.md run, in their order, as a reader would run them."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ncpcsim_cli.main import main

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)


def test_every_example_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (ours,) = blocks("toml")
    Path("ours.toml").write_text(ours, encoding="utf-8")
    invent = [sys.executable, str(ROOT / "docs" / "invent.py"), "ours.toml", "ours.csv"]
    subprocess.run(invent, check=True, cwd=tmp_path)
    commands = [line for block in blocks("console") for line in block.splitlines()]
    assert len(commands) == 5
    said = {}
    for line in commands:
        program, *arguments = shlex.split(line.removeprefix("$ "))
        assert program == "ncpcsim"
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, f"{line}: {result.output}"
        said[line] = result.output
    fitted, run = (said[line] for line in commands[3:])
    assert "sums add up as printed" in fitted
    assert "uncertain parameters are drawn from posterior posterior" in run
