"""`ncpcsim run` and `ncpcsim trace`: what they print, write, and never touch."""

import hashlib
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from matplotlib.image import imread
from rich.console import Console

from ncpcsim.accounting.statements import statement_cents
from ncpcsim.answers.sustainability import JUDGEMENTS, Answer, Band, Year, answer
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.experiment.replications import CHUNK_RUNS
from ncpcsim.experiment.run import run_once
from ncpcsim.measures.catalogue import INDICATORS as OF_A_YEAR
from ncpcsim.measures.catalogue import MEASURES
from ncpcsim.measures.catalogue import OUTPUTS as OF_THE_RUN
from ncpcsim.measures.columns import column_types
from ncpcsim.measures.coverage import COVERAGES
from ncpcsim.measures.intervals import Interval
from ncpcsim.model.ending import CAUSES
from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.plan.variants import Batch, Variant
from ncpcsim.published.accounts import load_accounts
from ncpcsim.reference.assembly import simulate
from ncpcsim.report import pictures
from ncpcsim.report import run as simulated
from ncpcsim.results.manifest import drawn
from ncpcsim.results.parts import is_sealed, write_parquet
from ncpcsim.results.store import PART_RUNS, Store
from ncpcsim_cli.main import main
from ncpcsim_cli.sustainability import show_answer
from tests.batches import SOURCES, contents, started, until, workers_of
from tests.simulations import failing, put_in_place

FILES = {"manifest.json", "runs", "monthly.parquet", "statements.csv"}
FILES |= {"activities.csv", "cash.png", "coverage.png", "income.png"}
SHORT = """\
extends = "hungary"
title = "A short centre"
[horizon]
judged_month = 24
"""
RUNS, SEED = 8, 3
LEVELS = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


def ncpcsim_run(*arguments: str | Path) -> Result:
    """Run the command in this process, on one worker unless told otherwise."""
    words = [str(argument) for argument in arguments]
    if words[0] == "run" and "--workers" not in words:
        words += ["--workers", "1"]
    result = CliRunner().invoke(main, words)
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """A finished batch of the Hungarian plan: what was printed, and its folder."""
    out = tmp_path_factory.mktemp("finished") / "hungary"
    result = ncpcsim_run("run", "hungary", "-n", str(RUNS), "--seed", str(SEED), "--out", out)
    assert result.exit_code == 0, result.output
    return result, out


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan that is quick to run, as the working folder."""
    (tmp_path / "short.toml").write_text(SHORT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# What is printed.


def test_the_answer_is_printed(finished: tuple[Result, Path]) -> None:
    text = finished[0].stdout
    plan = with_parameters(load_plan("hungary"))
    found = answer(plan.numbers, simulated.run(plan, RUNS, seed=SEED))
    flat = re.sub(r"\s+", " ", text)
    assert f"{plan.numbers.title}: {plan.numbers.question}" in flat
    assert (
        f"{RUNS} runs of 84 months from January 1997, judged in December 2003; programme money "
        "ends with December 2000." in flat
    )
    assert sum(share.estimate for share in found.judgement.values()) == pytest.approx(1)
    for name, share in found.judgement.items():
        label = MEASURES[name].label
        numbers = f"{100 * share.estimate:.0f} {100 * share.low:.0f} to {100 * share.high:.0f}"
        assert f"{label[0].upper()}{label[1:]} {numbers}" in flat
    alone = found.self_sufficient
    assert f"From fees alone: {100 * alone.estimate:.0f} % of runs (95 % interval" in flat
    alive = found.alive[24].estimate
    assert f"{100 * alive:.0f} two years later; " in flat
    cash = [f"{usd:,.0f}" for usd in (found.lowest_cash.p50, found.lowest_cash.p05)]
    assert f"Lowest cash: median {cash[0]} USD (5th to 95th percentile {cash[1]} to " in flat
    for year in found.years:
        row = next(line for line in text.splitlines() if line.startswith(f"{year.year} "))
        assert f"{100 * year.active.estimate:.0f} %" in row
        assert f"{100 * year.open.estimate:.0f} %" in row
        assert f"{100 * year.coverage['fee'].p50:.0f} %" in row
        assert f"{100 * year.coverage['programme_free'].p50:.0f} %" in row
    assert "trust differences between plans more than levels" in flat
    assert text.endswith(f"Tables, pictures and the manifest are in {finished[1]}\n")
    assert finished[0].stderr == ""


def test_the_seed_decides_what_is_printed(short: Path) -> None:
    assert (short / "short.toml").exists()
    one, again, other = (
        ncpcsim_run("run", "short.toml", "-n", "6", "--seed", seed).stdout for seed in "114"
    )
    assert one == again
    assert one != other
    assert "Tables, pictures" not in one


def test_each_number_of_an_answer_is_printed_in_its_place() -> None:
    ratios = {name: Band(i, i + 0.1, i + 0.2) for i, name in enumerate(COVERAGES, 1)}
    other = {name: Band(i + 4, i + 4.1, i + 4.2) for i, name in enumerate(COVERAGES, 1)}
    found = Answer(
        runs=41,
        failed=2,
        alive={0: Interval(0.91, 0.9, 0.92), 12: Interval(0.85, 0.8, 0.9)},
        judgement={
            name: Interval(i / 10 + 0.01, i / 10 + 0.02, i / 10 + 0.03)
            for i, name in enumerate(JUDGEMENTS, 1)
        },
        self_sufficient=Interval(0.21, 0.22, 0.23),
        causes={"host_failed": 0.25, "programme_over": 0.75},
        closed_month=Band(51, 52, 53),
        lowest_cash=Band(-61000, -62000, -63000),
        lowest_cash_month=Band(71, 72, 73),
        years=(
            Year(1996, Interval(0.81, 0, 1), Interval(0.85, 0, 1), ratios, other),
            Year(1997, Interval(0.0, 0, 1), Interval(0.1, 0, 1), ratios, other),
        ),
        indicators={
            name: Band(i, i + 0.1, i + 0.2)
            for i, name in enumerate([m.name for m in (*OF_A_YEAR, *OF_THE_RUN)], 1)
        },
    )
    text = StringIO()
    numbers = load_plan("generic").numbers
    show_answer(Console(file=text, width=100), numbers, found, "compiled engine")
    flat = re.sub(r"\s+", " ", text.getvalue())
    for said in (
        f"{numbers.title}: {numbers.question} ",
        "Of 100 such centres 91 live when programme money ends, 85 a year later; 11 (12 to 13) are",
        "are sustained in December 2004. 41 runs of 108 months from January 1996, judged in ",
        "in December 2004; programme money ends with December 2000. Simulated by: compiled engine.",
        "Sustained 11 12 to 13",
        "Active and still funded 21 22 to 23",
        "Active and not covering its cost 31 32 to 33",
        "Dormant at the end 41 42 to 43",
        "Closed before the end 51 52 to 53",
        "From fees alone: 21 % of runs (95 % interval 22 to 23 %)",
        "Half of those that close do so by the end of May 2000.",
        "pay late: 75 %: the programme had ended, and income did not meet costs 25 %: the host ",
        "Lowest cash: median -62,000 USD (5th to 95th percentile -61,000 to -63,000), at the end",
        "at the end of January 2002 (5th to 95th percentile December 2001 to February 2002)",
        "1996 81 % 85 % 110 % (100 to 120) 210 % (200 to 220) 310 % (300 to 320) 710 % (700 to",
        "1997 0 % 10 % 110 % (100 to 120)",
        "Coverage with contributions in kind counted as costs 110 % 100 % 120 %",
        "Months of expenditure that cash and receivables, less debts, would",
    ):
        assert said in flat, said


def test_an_unknown_measure_is_named_with_one_that_may_be_meant() -> None:
    result = ncpcsim_run("run", "hungary", "--until", "0.1", "--measure", "reserve_month")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("--measure: is 'reserve_month', expected one of sustained, ")
    assert result.stderr.endswith("or of docs/measures.md, did you mean 'reserve_months'?\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-n", "0"], "0 is not in the range 1<=x<="),
        (["-n", "many"], "'many' is not a valid integer"),
        (["--seed", "-1"], "-1 is not in the range 0<=x<="),
        (["--seed", str(2**64)], "is not in the range 0<=x<="),
        (["--workers", "0"], "0 is not in the range 1<=x<="),
    ],
)
def test_what_cannot_be_run_is_refused(arguments: list[str], said: str) -> None:
    result = ncpcsim_run("run", "hungary", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_the_first_and_last_seed_are_seeds(seed: int, short: Path) -> None:
    assert (short / "short.toml").exists()
    result = ncpcsim_run("run", "short.toml", "-n", "2", "--seed", str(seed))
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("text", ["Does it [really] last?", "One [/half] of it?", "Like a :cat: ?"])
def test_brackets_and_colons_are_printed_as_written(text: str, short: Path) -> None:
    (short / "mine.toml").write_text(f'extends = "short.toml"\nquestion = "{text}"\n')
    assert text in ncpcsim_run("run", "mine.toml", "-n", "2").stdout


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("goal", "measure", "unit", "why"),
    [
        ("0.2", "sustained", "points", "within the 20.0 points asked for"),
        (
            "0.001",
            "sustained",
            "points",
            "not within the 0.1 points asked for: stopped at the most runs allowed (150)",
        ),
        ("5000usd", "lowest cash", "USD", "within the 5,000 USD asked for"),
        (
            "1usd",
            "lowest cash",
            "USD",
            "not within the 1 USD asked for: stopped at the most runs allowed (150)",
        ),
    ],
)
def test_the_precision_reached_is_said_and_why_it_stopped(
    goal: str, measure: str, unit: str, why: str
) -> None:
    result = ncpcsim_run("run", "short.toml", "--until", goal, "-n", "150")
    assert (result.exit_code, result.stderr) == (0, "")
    runs = 150 if why.startswith("not") else 100
    reached, stopped = result.stdout.splitlines()[-2:]
    assert reached.startswith(f"Precision: {measure} ")
    assert reached.endswith(f") after {runs} runs,")
    assert re.fullmatch(rf"  half-width [\d.,]+ {unit}, {re.escape(why)}", stopped)


@pytest.mark.usefixtures("short")
def test_a_goal_that_is_none_is_refused_before_anything_is_run() -> None:
    result = ncpcsim_run("run", "short.toml", "--until", "500")
    said = "--until: is '500', expected less than 0.5 for a probability, 500usd for money\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)
    result = ncpcsim_run("run", "short.toml", "--measure", "sustained")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "--measure: needs --until, expected both or neither\n"


# What is written.


def test_the_folder_holds_what_it_should_and_nothing_else(finished: tuple[Result, Path]) -> None:
    assert names(finished[1]) == FILES
    assert names(finished[1].parent) == {"hungary"}


def test_the_manifest_says_where_the_results_come_from(finished: tuple[Result, Path]) -> None:
    manifest = json.loads((finished[1] / "manifest.json").read_text())
    plan = with_parameters(load_plan("hungary"))
    assert is_sealed((finished[1] / "manifest.json").read_bytes())
    assert manifest.pop("seal")
    resolved = manifest["variants"][0]["plan"]["resolved"]
    commit = manifest.pop("commit")
    assert commit is None or re.fullmatch(r"[0-9a-f]{40}(-modified)?", commit)
    assert manifest == {
        "format": 5,
        "kind": "results",
        "program": "ncpcsim",
        "version": version("ncpcsim"),
        "python": ".".join(map(str, sys.version_info[:3])),
        "libraries": {"numpy": np.__version__, "simpy": version("simpy")},
        "engine": "compiled",
        "seed": SEED,
        "runs": RUNS,
        "replications_per_draw": 1,
        "parameters": drawn(plan),
        "paths": False,
        "chunk_runs": PART_RUNS,
        "variants": [
            {
                "name": "hungary",
                "settings": {},
                "plan": {"name": "hungary", "sha256": plan.hash, "resolved": resolved},
            }
        ],
        "parts": [["00000.000000000.parquet", 0, 0, RUNS]],
    }
    canonical = json.dumps(resolved, sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == plan.hash
    assert resolved["start"] == "1997-01-01"
    assert "extends" not in resolved


def table(file: Path) -> pd.DataFrame:
    """A Parquet file as any reader sees it."""
    with duckdb.connect() as connection:
        found: pd.DataFrame = connection.read_parquet(str(file)).df()
    return found


NUMBERED = ("replication", "draw", "error")


def parameters_of(plan: Plan) -> list[str]:
    return [f"parameter.{path}" for path in plan.uncertain]


def rows_of(folder: Path) -> pd.DataFrame:
    """The rows of a run's folder, part by part, as any reader sees them."""
    parts = [table(file) for file in sorted((folder / "runs").iterdir())]
    whole = pd.concat(parts, ignore_index=True)
    assert len(set(whole.pop("variant"))) == 1
    return whole


def test_there_is_a_row_a_run(finished: tuple[Result, Path]) -> None:
    plan = with_parameters(load_plan("hungary"))
    rows = rows_of(finished[1])
    assert list(rows.columns) == [*NUMBERED, *column_types(plan.numbers), *parameters_of(plan)]
    assert rows["replication"].tolist() == list(range(RUNS))
    assert rows["error"].isna().all()
    batch = simulated.run(plan, RUNS, seed=SEED)
    for name in batch.columns.drop("error"):
        pd.testing.assert_series_equal(rows[name], batch[name], check_dtype=False)
    for replication in range(RUNS):
        parameters, record = run_once(plan, SEED, replication)
        row = rows.loc[replication]
        closing = record.closing_cents()
        assert {name: row[f"closing_cents.{name}"] for name in closing} == closing
        assert {path: row[f"parameter.{path}"] for path in parameters} == parameters
        totals = dict(zip(record.counted, record.counts.sum(axis=1), strict=True))
        assert {name: row[f"total.{name}"] for name in totals} == totals


def test_there_is_a_row_a_month_and_account_with_mean_and_quantiles(
    finished: tuple[Result, Path],
) -> None:
    monthly = table(finished[1] / "monthly.parquet")
    plan = with_parameters(load_plan("hungary"))
    records = [run_once(plan, SEED, replication)[1] for replication in range(RUNS)]
    accounts, months = records[0].accounts, records[0].months
    assert len(monthly) == len(accounts) * months
    assert monthly["account"].tolist() == [name for name in accounts for _ in range(months)]
    assert monthly["month"].tolist() == list(range(months)) * len(accounts)
    assert monthly["year"].tolist() == [1997 + month // 12 for month in monthly["month"]]
    net = np.stack([record.net_cents for record in records]) / 100
    opening = np.zeros((len(accounts), 1))
    opening[accounts.index("cash")] = plan.numbers.opening.cash
    opening[accounts.index("opening_fund")] = -plan.numbers.opening.cash
    balance = opening + net.cumsum(axis=2)
    for prefix, amounts in (("net", net), ("balance", balance)):
        mean = amounts.mean(axis=0).ravel()
        assert np.allclose(monthly[f"{prefix}_mean"], mean, rtol=0, atol=1e-6)
        for name, q in LEVELS.items():
            level = np.quantile(amounts, q, axis=0).ravel()
            assert np.allclose(monthly[f"{prefix}_{name}"], level, rtol=0, atol=1e-6)
        levels = monthly[[f"{prefix}_{name}" for name in LEVELS]].to_numpy()
        assert (np.diff(levels, axis=1) >= 0).all()
        assert (np.diff(levels, axis=1) > 0).any()
    assert monthly.notna().all(axis=None)


def test_the_last_balances_are_the_closing_balances(finished: tuple[Result, Path]) -> None:
    monthly = table(finished[1] / "monthly.parquet")
    rows = rows_of(finished[1])
    last = monthly[monthly["month"] == monthly["month"].max()].set_index("account")
    for name, usd in last["balance_mean"].items():
        assert usd == pytest.approx(rows[f"closing_cents.{name}"].mean() / 100, abs=1e-6)


def test_the_statements_are_laid_out_as_the_published_ones(finished: tuple[Result, Path]) -> None:
    statements = pd.read_csv(finished[1] / "statements.csv")
    assert set(statements["layout"]) == {"hungary", "czech"}
    for layout, rows in statements.groupby("layout"):
        printed = load_accounts(str(layout)).lines
        lines = rows[["section", "line", "level"]].drop_duplicates()
        ours = list(lines.itertuples(index=False, name=None))
        assert ours == [(line.section, line.name, line.level) for line in printed]
        for _, line in rows.groupby(["section", "line"], sort=False):
            assert line["year"].tolist() == list(range(1997, 2004))


def test_the_statements_spread_over_the_runs(finished: tuple[Result, Path]) -> None:
    statements = pd.read_csv(finished[1] / "statements.csv")
    plan = with_parameters(load_plan("hungary"))
    nets = [run_once(plan, SEED, replication)[1].net_cents for replication in range(RUNS)]
    yearly = [net.reshape(len(net), 7, 12).sum(axis=2) for net in nets]
    for layout, rows in statements.groupby("layout"):
        amounts = np.stack([statement_cents(net, str(layout)) for net in yearly]) / 100
        assert np.allclose(rows["mean"], amounts.mean(axis=0).ravel(), rtol=0, atol=0.006)
        for name, q in LEVELS.items():
            level = np.quantile(amounts, q, axis=0).ravel()
            assert np.allclose(rows[f"{name}"], level, rtol=0, atol=0.006)


def test_the_lines_of_the_statements_sum(finished: tuple[Result, Path]) -> None:
    statements = pd.read_csv(finished[1] / "statements.csv")
    for layout in ("hungary", "czech"):
        own = statements[statements["layout"] == layout]
        whole = own[own["level"] == 0].pivot_table(
            index="year", columns="section", values="mean", aggfunc="sum"
        )
        parts = own[own["level"] == 1].pivot_table(
            index="year", columns="section", values="mean", aggfunc="sum"
        )
        sections = ["revenue", "expenditure"]
        assert np.allclose(whole[sections], parts[sections], rtol=0, atol=0.05)
        difference = whole["revenue"] - whole["expenditure"]
        assert np.allclose(whole["balance"], difference, rtol=0, atol=0.05)
        assert (whole[sections] > 0).all(axis=None)
    levels = statements[[f"{name}" for name in LEVELS]].to_numpy()
    assert (np.diff(levels, axis=1) >= 0).all()


def test_the_parts_of_czech_service_expenses_sum(finished: tuple[Result, Path]) -> None:
    statements = pd.read_csv(finished[1] / "statements.csv")
    czech = statements[statements["layout"] == "czech"].set_index(["line", "year"])["mean"]
    for whole, parts in (
        ("Service Expenses", ("direct", "indirect")),
        ("direct", ("personnel", "non-personnel")),
    ):
        summed = sum(czech[part] for part in parts)
        assert np.allclose(czech[whole], summed, rtol=0, atol=0.05)
        assert (czech[whole] > 0).any()


@pytest.mark.parametrize("name", ["cash", "coverage", "income"])
def test_pictures_are_pictures(name: str, finished: tuple[Result, Path]) -> None:
    data = (finished[1] / f"{name}.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(data) > 10_000
    assert struct.unpack(">4sII", data[12:24]) == (b"IHDR", 1080, 624)
    pixels = (imread(finished[1] / f"{name}.png") * 255).astype("uint8")
    assert len(np.unique(pixels.view("uint32"))) > 100


def test_a_new_folder_may_lie_in_new_folders(short: Path) -> None:
    result = ncpcsim_run("run", "short.toml", "-n", "2", "--out", "a/b/c")
    assert result.exit_code == 0, result.stderr
    assert names(short / "a" / "b" / "c") == FILES
    assert names(short / "a" / "b") == {"c"}


def test_an_empty_folder_is_filled(short: Path) -> None:
    (short / "out").mkdir()
    assert ncpcsim_run("run", "short.toml", "-n", "2", "--out", "out").exit_code == 0
    assert names(short / "out") == FILES
    assert names(short) == {"short.toml", "out"}


@pytest.mark.parametrize(
    "out",
    [
        pytest.param(
            "results [2]",
        ),
        "a*b",
        "with space",
        "it's",
        "větší",
        "a%20b#c",
        "-dash",
    ],
)
def test_a_folder_may_have_any_name(out: str, short: Path) -> None:
    result = ncpcsim_run("run", "short.toml", "-n", "2", f"--out={out}")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith(f"are in {out}\n")
    assert names(short / out) == FILES
    assert names(short) == {"short.toml", out}


def test_the_working_folder_is_filled_or_left_as_it_was(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (short / "here").mkdir()
    monkeypatch.chdir(short / "here")
    result = ncpcsim_run("run", "../short.toml", "-n", "2", "--out", ".")
    assert names(short / "here") == (FILES if result.exit_code == 0 else set())


def test_a_title_may_speak_of_dollars(short: Path) -> None:
    title = "A US$ {small and CZK$ centre"
    (short / "mine.toml").write_text(f'extends = "short.toml"\ntitle = "{title}"\n')
    assert ncpcsim_run("run", "mine.toml", "-n", "2", "--out", "out").exit_code == 0


@pytest.mark.parametrize(
    "changes",
    [
        "judged_month = 1",
        "judged_month = 13",
    ],
)
def test_the_shortest_horizons_have_tables_and_pictures(changes: str, short: Path) -> None:
    (short / "mine.toml").write_text(f'extends = "generic"\n[horizon]\n{changes}\n')
    assert ncpcsim_run("run", "mine.toml", "-n", "2", "--out", "out").exit_code == 0
    assert names(short / "out") == FILES


def test_a_single_run_has_tables_and_pictures(short: Path) -> None:
    assert ncpcsim_run("run", "short.toml", "-n", "1", "--out", "out").exit_code == 0
    assert len(rows_of(short / "out")) == 1


# What is never touched.


def test_a_finished_folder_is_not_overwritten(finished: tuple[Result, Path]) -> None:
    out = finished[1]
    before = contents(out)
    result = ncpcsim_run("run", "hungary", "-n", "2", "--out", out)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{out}: holds results; --force replaces them\n"
    assert contents(out) == before
    assert names(out.parent) == {out.name}


def test_it_is_refused_before_anything_is_simulated(
    finished: tuple[Result, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(monkeypatch, failing({0, 1}, KeyboardInterrupt()))
    assert ncpcsim_run("run", "hungary", "-n", "2", "--out", finished[1]).exit_code == 2


def test_force_replaces_a_finished_folder(short: Path) -> None:
    ncpcsim_run("run", "short.toml", "-n", "3", "--out", "out")
    before = contents(short / "out")
    result = ncpcsim_run("run", "short.toml", "-n", "2", "--seed", "5", "--out", "out", "--force")
    assert result.exit_code == 0, result.stderr
    after = contents(short / "out")
    assert set(after) == set(before)
    assert names(short / "out") == FILES
    manifest = json.loads((short / "out" / "manifest.json").read_text())
    assert (manifest["seed"], manifest["runs"]) == (5, 2)
    assert len(rows_of(short / "out")) == 2
    assert all(after[name][0] != before[name][0] for name in before)
    assert names(short) == {"short.toml", "out"}


def test_force_writes_a_new_folder_too(short: Path) -> None:
    assert ncpcsim_run("run", "short.toml", "-n", "2", "--out", "out", "--force").exit_code == 0
    assert names(short / "out") == FILES


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_file_and_a_strangers_folder_are_left_alone(force: list[str], short: Path) -> None:
    (short / "file").write_text("mine\n")
    (short / "folder" / "sub").mkdir(parents=True)
    (short / "folder" / "sub" / "thesis.txt").write_text("mine\n")
    before = contents(short)
    for out, said in (
        ("file", "is a file, expected a folder or nothing there"),
        ("folder", "holds other files, expected an empty folder or none"),
    ):
        result = ncpcsim_run("run", "short.toml", "-n", "2", "--out", out, *force)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"{out}: {said}\n"
    assert contents(short) == before
    assert names(short) == {"short.toml", "file", "folder"}


def test_a_folder_under_a_file_is_refused(short: Path) -> None:
    result = ncpcsim_run("run", "short.toml", "-n", "2", "--out", "short.toml/out")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("short.toml/out: cannot be written (")
    assert names(short) == {"short.toml"}


@pytest.mark.parametrize(
    ("plan", "workers"), [("hungary", "1"), ("hungary", "2"), ("generic", "1")]
)
def test_without_out_nothing_is_written_anywhere(plan: str, workers: str, tmp_path: Path) -> None:
    cwd, elsewhere = tmp_path / "cwd", tmp_path / "elsewhere"
    cwd.mkdir()
    elsewhere.mkdir()
    places = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    env = dict.fromkeys(places, str(elsewhere))
    runs = str(CHUNK_RUNS["compiled"] + 2) if workers == "2" else "4"
    for arguments in (
        ["run", plan, "-n", runs, "--workers", workers],
        ["trace", plan, "--replication", "3"],
        ["validate", plan],
        ["plans"],
    ):
        process = started(cwd, *arguments, env=env)
        output, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
        assert output
    assert set(tmp_path.rglob("*")) == {cwd, elsewhere}


def test_a_pipe_gets_no_colour_and_no_progress(short: Path) -> None:
    for arguments in (["run", "short.toml", "-n", "4"], ["trace", "short.toml"], ["plans"]):
        process = started(short, *arguments, env={"TERM": "xterm-256color"})
        output, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
        assert output
        assert "\x1b" not in output
        assert "\r" not in output


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "short.toml", "-n", "4", "--workers", "1"],
        ["trace", "short.toml"],
        ["trace", "short.toml", "--quiet"],
        ["plans"],
        ["schema"],
        ["accounts"],
        ["validate", "short.toml"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_a_reader_who_has_left_is_no_error_to_report(arguments: list[str], short: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = started(short, *arguments, stdout=write)
    os.close(write)
    _, errors = process.communicate(timeout=60)
    assert errors == ""
    assert process.returncode in (0, 1)


def test_a_reader_may_leave_after_one_line(tmp_path: Path) -> None:
    process = started(tmp_path, "trace", "hungary")
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) in (0, 1)
    process.stderr.close()


# Runs that fail, and batches that are cut short.


def test_a_failed_run_is_a_row_with_its_error(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = RuntimeError("the roof\ncame down")
    put_in_place(monkeypatch, failing({3}, error))
    result = ncpcsim_run("run", "short.toml", "-n", "6", "--out", "out")
    assert result.exit_code == 3
    assert result.stderr.startswith("1 of 6 runs failed\nrun 3: RuntimeError: the roof")
    assert "5 runs of 24 months" in result.stdout
    assert names(short) == {"short.toml", "out"}
    assert names(short / "out") == FILES
    rows = rows_of(short / "out")
    assert rows["replication"].tolist() == list(range(6))
    assert rows["error"].notna().tolist() == [False, False, False, True, False, False]
    assert rows["error"].tolist()[3] == f"RuntimeError: {error}"
    assert rows.loc[3].drop(["replication", "draw", "error"]).isna().all()
    assert rows.drop(columns="error").drop(3)["closing_cash_cents"].notna().all()


def test_a_failed_run_leaves_the_others_as_they_were(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = with_parameters(load_plan(short / "short.toml"))
    whole = simulated.run(plan, 6)
    put_in_place(monkeypatch, failing({0, 3}, ValueError("no")))
    part = simulated.run(plan, 6, engine="reference")
    good = [1, 2, 4, 5]
    pd.testing.assert_frame_equal(part.loc[good], whole.loc[good])
    assert part["error"].dropna().index.tolist() == [0, 3]
    found = answer(plan.numbers, part)
    assert (found.runs, found.failed) == (4, 2)


@pytest.mark.parametrize("which", [{0}, {1}, {2, 3}, {4, 5}, {0, 1, 2, 3}])
def test_failures_may_fall_in_any_chunk(
    which: set[int], short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHUNK_RUNS, "reference", 2)
    put_in_place(monkeypatch, failing(which, ValueError("no")))
    result = ncpcsim_run("run", "short.toml", "-n", "6", "--out", "out")
    assert result.exit_code == 3
    rows = rows_of(short / "out")
    assert set(rows.index[rows["error"].notna()]) == which
    good = rows[rows["error"].isna()]
    monthly = table(short / "out" / "monthly.parquet")
    cash = monthly[(monthly["account"] == "cash") & (monthly["month"] == 23)]
    assert cash["balance_mean"].item() == pytest.approx(
        good["closing_cents.cash"].mean() / 100, abs=1e-6
    )


def test_where_all_runs_fail_there_is_no_answer(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(monkeypatch, failing(set(range(7)), ValueError("no")))
    result = ncpcsim_run("run", "short.toml", "-n", "7", "--out", "out")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.splitlines() == [
        "7 of 7 runs failed",
        *(f"run {number}: ValueError: no" for number in range(5)),
        "and 2 more",
    ]
    # The errors are kept, to be looked into; there is nothing to make other tables of.
    assert names(short / "out") == {"manifest.json", "runs"}
    assert len(rows_of(short / "out")) == 7


@pytest.mark.parametrize("before", ["nothing", "results"])
@pytest.mark.parametrize("stop", ["interrupt", "full disk", "fault"])
def test_a_batch_cut_short_leaves_everything_as_it_was(
    stop: str, before: str, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before == "results":
        ncpcsim_run("run", "short.toml", "-n", "2", "--out", "out")
    old = contents(short)
    if stop == "interrupt":
        put_in_place(monkeypatch, failing({3}, KeyboardInterrupt()))
    else:
        error = OSError(28, "No space left on device") if stop == "full disk" else ValueError("no")

        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(pictures, "draw_pictures", fail)
    arguments = ["run", "short.toml", "-n", "6", "--out", "out", "--force", "--workers", "1"]
    result = CliRunner().invoke(main, arguments)
    assert contents(short) == old
    assert names(short) == {"short.toml", *(["out"] if before == "results" else [])}
    if stop == "interrupt":
        assert (result.exit_code, result.stderr) == (130, "stopped; nothing was written\n")
    elif stop == "full disk":
        said = "out: cannot be written (No space left on device)\n"
        assert (result.exit_code, result.stderr) == (3, said)
    assert result.exit_code
    assert result.stdout == ""


def test_a_batch_cut_short_leaves_no_new_folders(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(monkeypatch, failing({3}, KeyboardInterrupt()))
    assert ncpcsim_run("run", "short.toml", "-n", "6", "--out", "a/b").exit_code == 130
    assert names(short) == {"short.toml"}


def test_a_store_that_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    plan = load_plan("generic")
    asked = Batch((Variant(plan.name, plan),))
    with Store.create(tmp_path / "out", asked, engine="compiled", force=False) as store:
        assert names(tmp_path) == {store.work.name, ".out.lock"}
    assert names(tmp_path) == set()


PAUSING = """\
from contextlib import contextmanager
from time import sleep
from ncpcsim_cli import main, work

def pause(done):
    print("paused", flush=True)
    sleep(4)  # an interrupt is heeded between two chunks

@contextmanager
def progress(what, runs):
    yield pause

work.progress = progress
main.main(prog_name="ncpcsim")
"""
"""The command, but it pauses once its first runs are done."""


def test_an_interrupt_of_all_processes_ends_with_one_line(short: Path) -> None:
    arguments = ["run", "short.toml", "-n", "1000", "--workers", "2", "--out", "out"]
    process = started(short, *arguments, code=PAUSING, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "paused\n"
    time.sleep(1.5)  # by now the workers have done what they were given, and wait for more
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors == "stopped; nothing was written\n"
    assert names(short) == {"short.toml"}


def test_an_interrupt_of_workers_that_are_starting_ends_with_one_line(
    short: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("site")
    (folder / "sitecustomize.py").write_text(
        "import pathlib, sys, time\n"
        "if '--multiprocessing-fork' in sys.orig_argv:\n"
        f"    pathlib.Path({str(folder)!r}, 'started').touch()\n"
        "    time.sleep(2)\n"
    )
    arguments = ["run", "short.toml", "-n", "1000000", "--workers", "2", *BY_REFERENCE]
    path = os.pathsep.join([str(folder), *SOURCES])
    process = started(short, *arguments, env={"PYTHONPATH": path}, start_new_session=True)
    patience = time.monotonic() + 60
    while not (folder / "started").exists() and time.monotonic() < patience:
        time.sleep(0.05)
    assert (folder / "started").exists()
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "")
    assert errors == "stopped; nothing was written\n"


def swallowing(*arguments: Any, **more: Any) -> Record:
    """A simulation in which an interrupt arrives while an abandoned process is cleared away.

    Python raises it there and then throws it away, as it does with any error of a finaliser.
    """

    def abandoned() -> Iterator[None]:
        try:
            yield
        finally:
            signal.raise_signal(signal.SIGINT)

    process = abandoned()
    next(process)
    del process
    return simulate(*arguments, **more)


def renaming(table: pd.DataFrame, file: Path) -> None:
    """A table written while an interrupt arrives, which the database reports as its own error."""
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise RuntimeError("Query interrupted") from None
    write_parquet(table, file)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("where", "what"),
    [
        pytest.param(
            "ncpcsim.experiment.run.simulate",
            swallowing,
            id="swallowed",
        ),
        pytest.param(
            "ncpcsim.results.store.write_parquet",
            renaming,
            id="renamed",
        ),
    ],
)
def test_an_interrupt_stops_the_batch_wherever_it_arrives(
    where: str, what: object, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCPCSIM_ENGINE", "reference")
    monkeypatch.setattr(where, what)
    result = ncpcsim_run("run", "short.toml", "-n", "60", "--out", "out")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "stopped; nothing was written\n"
    assert names(short) == {"short.toml"}


@pytest.mark.slow
def test_a_killed_worker_costs_its_chunk_only(short: Path) -> None:
    arguments = ["run", "short.toml", "-n", "600", "--out"]
    process = started(short, *arguments, "out", "--workers", "2")
    for seconds in (0, 2):  # one as it starts, one, or its successor, in the midst of its work
        until(lambda: len(workers_of(process.pid)) == 2)
        time.sleep(seconds)
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    output, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    whole = ncpcsim_run(*arguments, "whole")
    assert output.replace(" out\n", "") == whole.stdout.replace(" whole\n", "")
    for name in FILES:
        assert (short / "out" / name).read_bytes() == (short / "whole" / name).read_bytes(), name


BY_REFERENCE = ("--engine", "reference")
"""Whose workers are processes."""
DYING = """\
import os
from ncpcsim.experiment import run
from ncpcsim_cli.main import main

def die(*_, **__):
    os.kill(os.getpid(), 9)

if __name__ == "__main__":
    main(prog_name="ncpcsim")
else:
    run.run_once = die
"""
"""The command, but no worker survives a run."""


def test_a_chunk_that_kills_every_worker_ends_the_batch_with_one_line(short: Path) -> None:
    (short / "dying.py").write_text(DYING)
    arguments = ["run", "short.toml", "-n", "60", "--workers", "2", "--out", "out"]
    arguments += ["--engine", "reference"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(SOURCES)}
    done = subprocess.run(
        [sys.executable, "dying.py", *arguments],
        check=False,
        cwd=short,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (3, "")
    said = "short: 3 worker processes died over it; was memory short?\n"
    assert done.stderr == said
    assert names(short) == {"short.toml", "dying.py"}


def test_no_worker_outlives_a_killed_command(short: Path) -> None:
    # Left without reading its output: whoever outlived it would hold that open for ever.
    with started(
        short, "run", "short.toml", "-n", "100000", "--workers", "2", *BY_REFERENCE
    ) as process:
        try:
            until(lambda: len(workers_of(process.pid)) == 2, 60)
            left = workers_of(process.pid)
        finally:
            process.kill()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left), 20)


# One run replayed.


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Any]:
    """The rows of one batch for each of two seeds, and the plan beside them."""
    folder = tmp_path_factory.mktemp("batches")
    (folder / "short.toml").write_text(SHORT)
    found = {}
    for seed in (1, 0):
        out = folder / str(seed)
        ncpcsim_run("run", folder / "short.toml", "-n", "18", "--seed", str(seed), "--out", out)
        found[seed] = rows_of(out)
    return found


def printed_balances(text: str) -> dict[str, int]:
    """The printed closing balances in cents, debits positive."""
    _, _, below = text.partition("Closing balances, USD")
    heading, *rows = below.strip("\n ").splitlines()
    debit = heading.index("Debit") + len("Debit")
    balances = {}
    for row in rows:
        if not row.strip():
            break
        name, amount = row.split()[0], row.split()[-1]
        if row.startswith("Trial balance"):
            balances["debits"], balances["credits"] = map(cents, row.split()[-2:])
        else:
            sign = 1 if len(row[: row.index(amount)] + amount) <= debit else -1
            balances[name] = sign * cents(amount)
    return balances


def cents(text: str) -> int:
    return round(float(text.replace(",", "")) * 100)


@pytest.mark.parametrize("seed", [1, 0])
@pytest.mark.parametrize("replication", [0, 5, 17])
def test_a_replayed_run_is_the_row_of_its_batch(
    replication: int, seed: int, batches: Mapping[int, Any], short: Path
) -> None:
    assert (short / "short.toml").exists()
    row = batches[seed].loc[replication]
    result = ncpcsim_run(
        "trace", "short.toml", "--replication", str(replication), "--seed", str(seed)
    )
    assert (result.exit_code, result.stderr) == (0, "")
    printed = printed_balances(result.stdout)
    closing = {
        name.removeprefix("closing_cents."): int(row[name])
        for name in batches[seed].columns
        if name.startswith("closing_cents.")
    }
    sums = {name: printed.pop(name) for name in ("debits", "credits")}
    assert printed == closing
    assert sums["debits"] == sums["credits"] == sum(x for x in closing.values() if x > 0) > 0
    assert sum(closing.values()) == 0
    assert posted(result.stdout) == {name: value for name, value in closing.items() if value}
    lowest = f"Lowest cash {row['lowest_cash_cents'] / 100:,.2f} USD"
    assert f"{lowest} at the end of {month(row['lowest_cash_month'])}." in result.stdout
    why = ""
    if not pd.isna(row["late_since"]):
        why = f" (bills were paid late from {month(row['late_since'])}; {CAUSES[row['cause']]}"
        if not pd.isna(row["dormant_since"]):
            why += f"; dormant since {month(row['dormant_since'])}"
        why += ")"
    if pd.isna(row["closed_month"]):
        judged = MEASURES[JUDGEMENTS[row["judgement"]]].label
        assert f"At the end of December 1998: {judged}{why}.\n" in result.stdout
    else:
        assert f"Closed at the end of {month(row['closed_month'])}{why}.\n" in result.stdout


def month(number: int) -> str:
    """A month of a run that begins in January 1997."""
    return f"{pd.Timestamp('1997-01-01') + pd.DateOffset(months=int(number)):%B %Y}"


def posted(text: str) -> dict[str, int]:
    """The sum of all printed postings by account, in cents; a centre that opens without cash."""
    sums: Counter[str] = Counter()
    for amount, debit, credit in re.findall(r"([\d,.]+) USD  (\w+) < (\w+)  \(", text):
        sums[debit] += cents(amount)
        sums[credit] -= cents(amount)
    return {name: value for name, value in sums.items() if value}


def test_runs_of_a_batch_differ(batches: Mapping[int, Any]) -> None:
    rows = pd.concat(batches.values())
    assert rows["closing_cents.cash"].nunique() > 24  # some end with nothing
    assert all(rows[name].nunique() == 36 for name in rows if name.startswith("parameter."))


def test_the_drawn_parameters_are_printed(batches: Mapping[int, Any], short: Path) -> None:
    text = ncpcsim_run("trace", "short.toml", "--replication", "5", "--quiet").stdout
    plan = with_parameters(load_plan(short / "short.toml"))
    for path, quantity in plan.uncertain.items():
        value = batches[1].loc[5, f"parameter.{path}"]
        shown = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
        line = rf"(?m)^{re.escape(path)} +{re.escape(shown)} +{quantity.unit or ''} *$"
        assert re.search(line, text), path


def test_events_come_in_the_order_of_time(short: Path) -> None:
    assert (short / "short.toml").exists()
    text = ncpcsim_run("trace", "short.toml").stdout
    times = [float(found) for found in re.findall(r"(?m)^ *(\d+\.\d{3})  ", text)]
    assert len(times) > 100
    assert times == sorted(times)
    assert times[-1] <= 24


def test_quiet_leaves_out_the_events_alone(short: Path) -> None:
    assert (short / "short.toml").exists()
    loud = ncpcsim_run("trace", "short.toml").stdout
    quiet = ncpcsim_run("trace", "short.toml", "--quiet").stdout
    assert quiet.startswith("\nParameters drawn")
    assert loud.endswith(quiet)
    assert len(loud) > 2 * len(quiet)


def test_a_replayed_run_that_fails_is_reported(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (short / "short.toml").exists()
    put_in_place(monkeypatch, failing({3}, ValueError("no")))
    result = ncpcsim_run("trace", "short.toml", "--replication", "3")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "run 3: ValueError: no\n"


def test_a_run_far_beyond_any_batch_can_be_replayed(short: Path) -> None:
    assert (short / "short.toml").exists()
    result = ncpcsim_run("trace", "short.toml", "--replication", str(2**63), "--quiet")
    assert result.exit_code == 0
    assert printed_balances(result.stdout)
