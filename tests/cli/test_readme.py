"""The README's own examples run, as a reader would run them."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from ncpcsim_cli.main import main

README = Path(__file__).parents[2] / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)


def test_readme_states_exactly_two_set_up_commands() -> None:
    assert blocks("sh") == [
        "pip install -e . && ncpcsim run hungary\n",
        'pip install -e ".[test]" && pytest\n',
    ]


def test_every_command_of_the_readme_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [line for block in blocks("console") for line in block.splitlines()]
    assert len(commands) >= 8
    for line in commands:
        program, *arguments = line.removeprefix("$ ").split()
        assert program == "ncpcsim"
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, f"{line}: {result.output}"
        assert result.output
    assert (tmp_path / "results" / "hungary" / "manifest.json").exists()


def test_the_readmes_own_plan_is_valid(tmp_path: Path) -> None:
    (plan,) = blocks("toml")
    file = tmp_path / "centre.toml"
    file.write_text(plan)
    result = CliRunner().invoke(main, ["validate", str(file)])
    assert result.exit_code == 0, result.output


def test_the_readmes_python_prints_a_probability_and_its_interval(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (code,) = blocks("python")
    exec(code, {})  # noqa: S102  the README is ours
    estimate, low, high = (float(word) for word in capsys.readouterr().out.split())
    assert 0 <= low <= estimate <= high <= 1
