"""The example of docs/opening.md runs, and what is printed is dated by its own days."""

import json
import re
from calendar import month_name
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ncpcsim.plan.load import load_plan
from ncpcsim_cli.main import main

DOC = Path(__file__).parents[2] / "docs" / "opening.md"


def example(folder: Path) -> Path:
    (plan,) = re.findall(r"^```toml\n(.*?)^```", DOC.read_text(), re.MULTILINE | re.DOTALL)
    file = folder / "mine.toml"
    file.write_text(plan)
    return file


def years_named(text: str) -> set[int]:
    """The years of the months that a text names."""
    names = "|".join(month_name[1:])
    return {int(year) for year in re.findall(rf"(?:{names})\s+(\d{{4}})", text)}


def ncpcsim(*arguments: str) -> Result:
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code == 0, found.output
    return found


def test_the_example_states_every_part_of_an_opening(tmp_path: Path) -> None:
    opening = load_plan(example(tmp_path)).numbers.opening
    assert all(getattr(opening, name) for name in type(opening).model_fields)


def test_the_answer_is_dated_from_the_day_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ncpcsim("validate", str(example(tmp_path)))
    text = ncpcsim("run", "mine.toml", "--runs", "40").output
    assert "40 runs of 60 months from January 1999, judged in December 2003" in text
    assert "programme money ends with December 2000" in " ".join(text.split())
    years = re.findall(r"^(\d{4}) ", text, re.MULTILINE)
    assert years == ["1999", "2000", "2001", "2002", "2003"]
    assert years_named(text) <= set(range(1999, 2004))


def test_past_the_programme_s_end_the_answer_says_when_that_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("late.toml").write_text(
        'extends = "hungary"\n[opening]\nas_of = 2001-06-01\ncash = 9000\n'
    )
    text = ncpcsim("run", "late.toml", "--runs", "20").output
    assert "are open on the first day" in text
    assert "20 runs of 31 months from June 2001" in text
    assert "programme money ends with December 2000" in " ".join(text.split())


def test_one_run_s_statement_and_end_are_dated_by_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    example(tmp_path)
    text = ncpcsim("trace", "mine.toml", "--replication", "3", "--quiet").output
    assert years_named(text)
    assert years_named(text) <= set(range(1999, 2004))


def test_the_fields_are_shown_with_their_units() -> None:
    schema = json.loads(ncpcsim("schema").output)
    text = json.dumps(schema)
    for section in ("Receivables", "Payables", "OpeningContract", "OpeningGrant"):
        assert section in text
