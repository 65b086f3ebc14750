"""`ncpcsim calibrate` as a user meets it: what it says, what it leaves, what it refuses."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ncpcsim.calibrate.design import PART_RUNS, Design
from ncpcsim.calibrate.problem import published_problem, settings
from ncpcsim.data import data_folder
from ncpcsim_cli.main import main

PLAN = """\
extends = "generic"
title = "Ours"
start = 1997-01-01

[accounts]
"Fees" = ["fees", "membership"]
"Pay" = ["salaries", "social_security"]
"""
ACCOUNTS = """\
year,section,line,level,amount,as_printed,note
1997,revenue,Income,0,1000,"1,000",our books
1998,revenue,Income,0,12000,"12,000",our books
1997,revenue,Fees,1,1000,"1,000",our books
1998,revenue,Fees,1,8000,"8,000",our books
1997,expenditure,Spending,0,7000,"7,000",our books
1998,expenditure,Spending,0,9000,"9,000",our books
1997,expenditure,Pay,1,7000,"7,000",our books
1998,expenditure,Pay,1,9000,"9,000",our books
"""
PAY = '"Pay" = ["salaries", "social_security"]\n'
SMALL = ("--runs", "256", "--steps", "200", "--workers", "1")


def calibrate(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["calibrate", *arguments])


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("ours.toml").write_text(PLAN, encoding="utf-8")
    Path("ours.csv").write_text(ACCOUNTS, encoding="utf-8")
    return tmp_path


def own(*more: str) -> Result:
    return calibrate("--accounts", "ours.csv", "--plan", "ours.toml", *more)


def test_priors_are_all_listed_with_their_origin() -> None:
    result = calibrate("both", "--priors")
    assert result.exit_code == 0
    names = {
        name for centre in ("hungary", "czech") for name in published_problem(centre).parameters
    }
    lines = result.output.splitlines()
    assert names <= set(lines)
    assert f"{len(names)} parameters, to be learned from" in lines[-1]
    assert sum(line.endswith("]") for line in lines) == len(names)
    said = settings()["shared"]["market.word_of_mouth_clients"]
    assert f"    {said}" in lines
    # The file that shows them is what the command prints.
    shown = data_folder("calibration") / "priors.txt"
    assert result.output == shown.read_text(encoding="utf-8")


def test_a_fit_leaves_runs_and_a_posterior_and_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "fit"
    first = calibrate("hungary", *SMALL, "--out", str(out))
    assert first.exit_code == 0, first.output
    manifest = json.loads((out / "posterior" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "posterior"
    assert (manifest["seed"], manifest["runs"], manifest["steps"]) == (1, 256, 200)
    assert manifest["centres"]["hungary"]["fitted"]["Salaries 1999"] == 48000
    assert manifest["parameters"].keys() == set(published_problem("hungary").parameters)
    part = out / "design" / "hungary" / "000000.parquet"
    written = part.stat().st_mtime_ns
    again = calibrate("hungary", *SMALL, "--out", str(out))
    assert again.output == first.output
    assert part.stat().st_mtime_ns == written


def test_a_folder_of_another_fit_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "fit"
    Design(published_problem("hungary"), PART_RUNS, 1).run(out / "design" / "hungary")
    other = calibrate("hungary", *SMALL, "--out", str(out), "--seed", "2")
    assert other.exit_code == 2
    assert "holds other runs" in other.output
    assert "Traceback" not in other.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("hungary", "--runs", "100"), "--runs: is 100, expected a power of two"),
        (("hungary", "--runs", "64"), "--runs: is 64, expected at least 256"),
        (("hungary", "--report"), "--report: needs a folder"),
        (("--plan", "generic"), "--accounts: goes with --plan, expected both"),
        (("czech", "--accounts", "x.csv", "--plan", "generic"), "czech: is a published centre"),
        (("--accounts", "nowhere.csv", "--plan", "generic"), "nowhere.csv:1: accounts: cannot be"),
    ],
)
def test_bad_words_are_refused_in_one_line(arguments: tuple[str, ...], says: str) -> None:
    result = calibrate(*arguments)
    assert result.exit_code == 2
    assert result.output.startswith(says)
    assert result.output.count("\n") == 1


def test_own_accounts_are_reconciled_first(ours: Path) -> None:
    result = own(*SMALL, "--out", "fit")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "ours.csv: 3 of 4 sums add up as printed."
    assert lines[1] == "  Income = Fees, 1998: comes to 8,000, printed 12,000"
    assert (ours / "fit" / "posterior" / "draws.parquet").exists()
    used = CliRunner().invoke(
        main, ["run", "ours.toml", "-n", "4", "--workers", "1", "--parameters", "fit/posterior"]
    )
    assert used.exit_code == 0, used.output
    assert "are drawn from posterior ours" in used.output


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("ours.toml", PAY, "", "ours.csv:8: line: 'Pay' is not mapped"),
        ("ours.toml", '"social_security"', '"fees"', "accounts.Pay: 'fees' stands in 'Fees' too"),
        ("ours.toml", '"social_security"', '"wages"', "accounts.Pay: 'wages' is no account"),
        ("ours.toml", '"Pay" =', '"Wages" =', "ours: accounts.Wages: is no line of ours.csv"),
        ("ours.csv", "1998,revenue,F", "1997,revenue,F", "ours.csv, line 5: expected one row"),
        ("ours.csv", ",8000,", ",many,", "ours.csv, line 5: expected a whole number"),
        ("ours.toml", "1997-01-01", "1998-01-01", "ours: accounts: begin in 1997"),
        ("ours.csv", "Spending", "Income", "ours.csv:6: line: 'Income' is a line of revenue too"),
    ],
)
def test_bad_accounts_are_refused_with_file_and_line(
    ours: Path, file: str, old: str, new: str, says: str
) -> None:
    path = ours / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    result = own(*SMALL, "--out", "fit")
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output
    assert not (ours / "fit").exists()


def test_a_plan_of_a_published_centre_s_name_is_not_that_centre(ours: Path) -> None:
    """Nothing that is known of the Czech centre is taken for ours."""
    (ours / "czech.toml").write_text(PLAN, encoding="utf-8")
    result = calibrate("--accounts", "ours.csv", "--plan", "./czech.toml", *SMALL, "--out", "fit")
    assert result.exit_code == 0, result.output
    manifest = json.loads((ours / "fit" / "posterior" / "manifest.json").read_text("utf-8"))
    fitted = manifest["centres"]["czech"]["fitted"]
    assert {name.rpartition(" ")[0] for name in fitted} == {"Income", "Fees", "Spending", "Pay"}


def test_another_source_of_parameters_is_named_if_it_is_none(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["run", "generic", "-n", "2", "--parameters", str(tmp_path / "no")]
    )
    assert result.exit_code == 2
    assert result.output.startswith("--parameters: ")
    assert "no posterior here" in result.output
