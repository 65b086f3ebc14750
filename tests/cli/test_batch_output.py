"""What `batch`, `compare` and `results` say and are asked."""

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

from ncpcsim.answers.comparison import compare, table_of
from ncpcsim.results.folder import Folder
from tests.batches import VARIANTS, contents
from tests.cli_batches import RUNS, ncpcsim, rows

# What is said.


def test_a_batch_ends_with_a_line_a_variant(done: tuple[Result, Path]) -> None:
    result, folder = done
    table = Folder.open(folder / "out").frame()
    said = rows(result.stdout)
    assert tuple(said) == VARIANTS
    for name, line in said.items():
        cash = table[table["variant"] == name]["lowest_cash_cents"].astype(float) / 100
        low, middle, high = (f"{cash.quantile(q):,.0f}" for q in (0.05, 0.5, 0.95))
        assert line.endswith(f"{middle} ({low} to {high})"), line
        sustained = table[table["variant"] == name]["sustained"].astype(float).mean()
        assert line.startswith(f"{name} {100 * sustained:.0f} (")
    assert result.stdout.endswith(f"Results are in {folder / 'out'}\n")
    assert result.stderr == ""


@pytest.mark.usefixtures("here")
def test_results_are_those_the_batch_ended_with(done: tuple[Result, Path]) -> None:
    result = ncpcsim("results", "out", "--csv", "all.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"4 variants of {RUNS} runs, seed 5, ncpcsim ")
    assert rows(result.stdout) == rows(done[0].stdout)
    written = pd.read_csv("all.csv")
    table = Folder.open(Path("out")).frame("* EXCLUDE (variant, replication)")
    assert list(written.columns) == list(table.columns)
    assert written["closing_cash_cents"].tolist() == table["closing_cash_cents"].tolist()
    assert written["variant"].tolist() == table["variant"].tolist()


def test_a_dry_run_says_what_it_would_take_and_writes_nothing(here: Path) -> None:
    with (here / "mixes.toml").open("a") as file:
        file.write('[design]\npoints = 2\n[design.over]\n"costs.travel_month" = [1, 2]\n')
    before = contents(here)
    result = ncpcsim("batch", "mixes.toml", "--dry-run", "--out", "new")
    assert (result.exit_code, result.stderr) == (0, "")
    assert contents(here) == before
    assert not (here / "new").exists()
    lines = result.stdout.splitlines()
    assert lines[:4] == list(VARIANTS)
    assert lines[4].startswith("point 1  costs.travel_month = 1.")
    said = f"6 variants of {RUNS} runs: {6 * RUNS} runs in 6 parts; about "
    assert lines[7].startswith(said)
    assert re.search(r"about \d+ seconds on 1 core, [0-9.]+ MB on disk", lines[7])
    assert lines[-1] == "Nothing was written."


def test_the_estimate_of_the_disk_is_near(done: tuple[Result, Path]) -> None:
    said = ncpcsim("batch", done[1] / "mixes.toml", "--dry-run", "--paths").stdout
    found = re.search(r"([0-9.]+) MB on disk", said)
    assert found is not None
    truly = sum(file.stat().st_size for file in (done[1] / "out").glob("*/*.parquet")) / 1e6
    assert abs(float(found[1]) - truly) < 0.05 + 0.3 * truly


def test_compare_says_the_paired_differences(here: Path) -> None:
    result = ncpcsim("compare", "out", "--measure", "closing_cash", "--csv", "differences.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    said = rows(result.stdout)
    assert tuple(said) == VARIANTS[1:]
    assert "Closing cash, less base" in result.stdout
    table = Folder.open(here / "out").frame("* EXCLUDE (variant, replication)")
    tables = {name: table[table["variant"] == name] for name in VARIANTS}
    expected = table_of(compare(tables, ["closing_cash"]), "USD")
    pd.testing.assert_frame_equal(pd.read_csv("differences.csv"), expected)
    cash = {name: rows["closing_cash_cents"].astype(float) / 100 for name, rows in tables.items()}
    for name in VARIANTS[1:]:
        gap = cash[name].to_numpy() - cash["base"].to_numpy()
        assert expected.set_index("plan").loc[name, "mean"] == pytest.approx(gap.mean())
        assert f"{100 * (gap > 0).mean():.0f} % {100 * (gap < 0).mean():.0f} %" in said[name]
    # Dearer travel costs money, and the same random streams show it in most runs: in some the
    # director, who sees it coming, cuts more than it costs.
    gaps = cash["dear"].to_numpy() - cash["base"].to_numpy()
    assert gaps.mean() < 0
    assert (gaps < 0).sum() > (gaps > 0).sum()


@pytest.mark.usefixtures("here")
def test_compare_takes_another_base() -> None:
    result = ncpcsim("compare", "out", "--base", "dear", "--measure", "lowest_cash")
    assert "Lowest cash, less dear" in result.stdout
    assert set(rows(result.stdout)) == {"base", "people=1", "people=3"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["out", "--base", "no"], "--base: is 'no', expected one of base, dear, people=1, peo"),
        (["out", "--measure", "luck"], "--measure: is 'luck', expected one of sustained, "),
        (["nowhere"], "nowhere: no results here, expected the folder of a run or a batch"),
        (["short.toml"], "short.toml: no results here, expected the folder of a run or a batch"),
        (["short.toml", "short.toml"], "short.toml short.toml: names a plan twice"),
        (["short.toml", "hungary", "--base", "x"], "--base: chooses a variant of DIR"),
        (["out", "--seed", "1"], "--seed: is for plans, but the runs of out are done, expected"),
        (["out", "-n", "500"], "--runs: is for plans, but the runs of out are done, expected"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_cannot_be_compared_is_refused(arguments: list[str], said: str) -> None:
    result = ncpcsim("compare", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1


# What is asked.


@pytest.mark.usefixtures("here")
def test_a_query_is_answered() -> None:
    sql = "SELECT variant, count(*) AS n FROM runs GROUP BY variant ORDER BY variant"
    result = ncpcsim("query", "out", sql, "--csv")
    lines = [f"{name},{RUNS}" for name in sorted(VARIANTS)]
    assert result.stdout.splitlines() == ["variant,n", *lines]
    assert ncpcsim("query", "out", sql).stdout.endswith("4 rows\n")
    people = "SELECT variant FROM variants WHERE settings LIKE '%people\": 3%'"
    assert ncpcsim("query", "out", people, "--csv").stdout == "variant\npeople=3\n"
    moved = "SELECT count(DISTINCT account) > 3 AS many FROM paths"
    assert ncpcsim("query", "out", moved, "--csv").stdout == "many\nTrue\n"
    assert ncpcsim("query", "out", "DESCRIBE runs").exit_code == 0


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "SELEC",
        "SELECT nope FROM runs",
        "SELECT 1; SELECT 2",
        "SELECT ?",
        "SELECT '\udcff' + 1 FROM nope",
        "SELECT error('no')",
        "DROP VIEW runs",
        "DELETE FROM variants",
        "INSERT INTO variants VALUES ('a', 'b')",
        "CREATE TABLE mine AS SELECT 1",
        "COPY runs TO 'mine.csv'",
        "COPY runs TO 'out/runs/00000.000000000.parquet'",
        "EXPORT DATABASE 'mine'",
        "ATTACH 'mine.db'",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "SELECT * FROM 'short.toml'",
        "SELECT * FROM read_text('short.toml')",
        "SELECT * FROM read_text('out/manifest.json')",
        "SELECT * FROM read_text('out/runs/../manifest.json')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('*')",
        "SELECT * FROM settings",
    ],
)
def test_a_query_that_is_none_or_does_more_than_read_is_refused(sql: str, here: Path) -> None:
    before = contents(here)
    result = ncpcsim("query", "out", sql)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("query: ")
    assert result.stderr.count("\n") == 1
    assert contents(here) == before


@pytest.mark.parametrize("name", ["it's", "a[1]*", "two words", "ü"])
def test_a_folder_may_be_called_anything(name: str, here: Path) -> None:
    (here / "out").rename(here / name)
    sql = "SELECT count(*) AS n FROM runs JOIN paths USING (variant, replication)"
    assert ncpcsim("query", name, sql, "--csv").exit_code == 0
    assert ncpcsim("results", name).exit_code == 0
    assert ncpcsim("batch", "mixes.toml", "--paths", "--out", name, "--resume").exit_code == 0
