"""What `run` prints, and one run replayed."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import Result
from rich.console import Console

from ncpcsim.answers.sustainability import JUDGEMENTS, Answer, Band, Year, answer
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.measures.catalogue import INDICATORS as OF_A_YEAR
from ncpcsim.measures.catalogue import MEASURES
from ncpcsim.measures.catalogue import OUTPUTS as OF_THE_RUN
from ncpcsim.measures.coverage import COVERAGES
from ncpcsim.measures.intervals import Interval
from ncpcsim.model.ending import CAUSES
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.report import run as simulated
from ncpcsim_cli.sustainability import show_answer
from tests.cli_runs import RUNS, SEED, SHORT, month, ncpcsim_run, rows_of
from tests.plans import bare_plan
from tests.simulations import failing, put_in_place

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
    assert "differences between plans are more reliable than levels" in flat
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
        "such centres, 91 are open when programme money ends, 85 a year later; 11 (12 to 13) are",
        "are sustained in December 2004. 41 runs of 108 months from January 1996, judged in ",
        "in December 2004; programme money ends with December 2000. Simulated by: compiled engine.",
        "Sustained 11 12 to 13",
        "Active and still funded 21 22 to 23",
        "Active and not covering its cost 31 32 to 33",
        "Dormant at the end 41 42 to 43",
        "Closed before the end 51 52 to 53",
        "From fees alone: 21 % of runs (95 % interval 22 to 23 %)",
        "Half of those that close do so by the end of May 2000.",
        "paid bills late: 75 %: the programme had ended, and income did not meet costs 25 %: the",
        "Lowest cash: median -62,000 USD (5th to 95th percentile -61,000 to -63,000), at the end",
        "at the end of January 2002 (5th to 95th percentile December 2001 to February 2002)",
        "1996 81 % 85 % 110 % (100 to 120) 210 % (200 to 220) 310 % (300 to 320) 710 % (700 to",
        "1997 0 % 10 % 110 % (100 to 120)",
        "Coverage with contributions in kind counted as costs 110 % 100 % 120 %",
        "Months of expenditure covered by cash and receivables, less debts",
        "Programme money per assessment (whole run), USD ",
    ):
        assert said in flat, said


@pytest.mark.parametrize(
    ("plan", "end"),
    [
        (lambda: load_plan("generic").variant({"horizon.judged_month": 24}), "ends with December"),
        (bare_plan, "; no programme money is agreed. Simulated by"),
    ],
)
def test_what_follows_programme_money_is_told_only_of_runs_that_see_its_end(
    plan: Callable[[], Plan], end: str
) -> None:
    loaded = plan()
    found = answer(loaded.numbers, simulated.run(loaded, 3))
    text = StringIO()
    show_answer(Console(file=text, width=100), loaded.numbers, found, "compiled engine")
    flat = re.sub(r"\s+", " ", text.getvalue())
    estimate, low, high = (f"{100 * x:.0f}" for x in found.sustained)
    assert f"Of 100 such centres, {estimate} ({low} to {high}) are sustained in " in flat
    assert end in flat
    assert dict(found.alive) == {}


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
    said = "--until: is '500', expected less than 0.5 for a probability, 500USD for money\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)
    result = ncpcsim_run("run", "short.toml", "--measure", "sustained")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "--measure: needs --until, expected both or neither\n"


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
        unit = (quantity.unit or "").replace("money", "USD")
        line = rf"(?m)^{re.escape(path)} +{re.escape(shown)} +{unit} *$"
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
    assert len(loud.splitlines()) > 1.3 * len(quiet.splitlines())


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
