"""What `run` writes, and what it never touches."""

import hashlib
import json
import os
import re
import struct
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from matplotlib.image import imread

from ncpcsim.accounting.statements import statement_cents
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.experiment.replications import CHUNK_RUNS
from ncpcsim.experiment.run import run_once
from ncpcsim.measures.columns import column_types
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.published.accounts import load_accounts
from ncpcsim.report import run as simulated
from ncpcsim.results.manifest import drawn
from ncpcsim.results.parts import is_sealed
from ncpcsim.results.store import PART_RUNS
from tests.batches import contents, started
from tests.cli_runs import FILES, RUNS, SEED, names, ncpcsim_run, rows_of, table
from tests.simulations import failing, put_in_place

LEVELS = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


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
        "format": 6,
        "currency": "USD",
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


NUMBERED = ("replication", "draw", "error")


def parameters_of(plan: Plan) -> list[str]:
    return [f"parameter.{path}" for path in plan.uncertain]


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
