"""The examples of docs/experiments.md run, in their order, as a reader would run them."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from ncpcsim_cli.main import main

DOC = Path(__file__).parents[2] / "docs" / "experiments.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOC.read_text(), re.MULTILINE | re.DOTALL)


def test_every_example_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (mixes,) = blocks("toml")
    Path("mixes.toml").write_text(mixes)
    commands = [line for block in blocks("console") for line in block.splitlines()]
    assert len(commands) >= 10
    for line in commands:
        program, *arguments = shlex.split(line.removeprefix("$ "))
        assert program == "ncpcsim"
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, f"{line}: {result.output}"
        assert result.output
    assert Path("differences.png").stat().st_size > 10_000
    assert len(list(Path("mixes/runs").glob("*.parquet"))) == 1 + 2 + 4 + 4
    (code,) = blocks("python")
    exec(code, {"__name__": "example"})  # noqa: S102  the document is ours
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("tapered Interval(")
    assert lines[1].startswith("Interval(")
