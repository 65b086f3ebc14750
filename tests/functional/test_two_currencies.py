"""The same centre in another currency lives the same life, in other numbers of money."""

from pathlib import Path

import numpy as np
import pytest

from ncpcsim.experiment.engines import COMPILED, EngineName
from ncpcsim.experiment.replications import run_table
from ncpcsim.experiment.run import Task, run_chunk
from ncpcsim.model.record import Records
from ncpcsim.plan.load import Plan, load_plan

RATE, RUNS, SEED = 200, 40, 3
CENT_OF_ROUNDING = 0.5 * (1 + RATE)
"""How far one posting may be off: half a cent in each currency, in cents of the smaller."""
POSTINGS_A_MONTH = 150
"""Postings to one account in a month, at the most; far fewer are off by all of that. A centre that
pays late pays what its cash has come to, with all that was rounded until then."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="module")
def generic(folder: Path) -> Plan:
    # What makes people's pace of cents is left out: half a cent would move when work ends.
    file = folder / "in_dollars.toml"
    text = 'extends = "generic"\nwithout = ["costs.needs", "ability"]\n'
    file.write_text(text, encoding="utf-8")
    return load_plan(file)


@pytest.fixture(scope="module")
def forints(folder: Path, generic: Plan) -> Plan:
    assert generic.numbers.currency == "USD"
    file = folder / "in_forints.toml"
    units = f"{{ value = {RATE}, unit = 'units/unit', assumption = true }}"
    text = f'currency = "HUF"\n[currency_rate]\nof = "USD"\nunits = {units}\n'
    file.write_text(f'extends = "in_dollars.toml"\n{text}', encoding="utf-8")
    return load_plan(file)


MONEY = [f"clients.{what}" for what in ("savings", "implemented_year", "invested", "borrowed")]
"""What is counted in money."""


def records(plan: Plan, runs: int = RUNS, engine: EngineName = COMPILED) -> Records:
    chunk = run_chunk(Task(plan, SEED, 0, runs, keep_records=True, engine=engine))
    assert not chunk.table.errors
    assert chunk.records is not None
    return chunk.records


def assert_converted(dollars: Records, ours: Records) -> None:
    assert ours.accounts == dollars.accounts
    off = np.abs(ours.net_cents - RATE * dollars.net_cents)
    assert off.max() <= CENT_OF_ROUNDING * POSTINGS_A_MONTH
    moved = np.abs(RATE * dollars.net_cents).sum()
    assert off.sum() <= 1e-4 * moved


def test_amounts_are_those_in_dollars_times_the_rate_up_to_cents(
    generic: Plan, forints: Plan
) -> None:
    assert_converted(records(generic), records(forints))


def test_the_reference_engine_says_the_same(generic: Plan, forints: Plan) -> None:
    runs: int = 2
    engine: EngineName = "reference"
    assert_converted(records(generic, runs, engine), records(forints, runs, engine))


def test_every_count_is_that_in_dollars_but_for_money(generic: Plan, forints: Plan) -> None:
    dollars, ours = records(generic), records(forints)
    assert ours.counted == dollars.counted
    money = np.isin(ours.counted, MONEY)
    np.testing.assert_array_equal(ours.counts[:, ~money], dollars.counts[:, ~money])
    off = np.abs(ours.counts[:, money] - RATE * dollars.counts[:, money])
    assert off.max() <= RATE  # in whole units of money, rounded
    np.testing.assert_array_equal(ours.closed_month, dollars.closed_month)


def test_every_share_and_ratio_is_that_in_dollars(generic: Plan, forints: Plan) -> None:
    tables = [run_table(plan, RUNS, seed=SEED).frame() for plan in (generic, forints)]
    columns = [c for c in map(str, tables[0]) if c.startswith("coverage.")]
    for column in columns:
        dollars, ours = (table[column].to_numpy(np.float64) for table in tables)
        # Of a centre that spends next to nothing, a few rounded cents are more than a thousandth.
        np.testing.assert_allclose(ours, dollars, rtol=2e-3, atol=1e-3)
    assert tables[0]["sustained"].equals(tables[1]["sustained"])


def test_a_parameter_in_money_is_drawn_as_that_in_dollars_times_the_rate(
    generic: Plan, forints: Plan
) -> None:
    tables = [run_table(plan, 5, seed=SEED, detail=True).frame() for plan in (generic, forints)]
    for path, quantity in forints.uncertain.items():
        scale = RATE if (quantity.unit or "").startswith("money") else 1
        dollars, ours = (table[f"parameter.{path}"].to_numpy(np.float64) for table in tables)
        np.testing.assert_allclose(ours, scale * dollars, rtol=1e-12)
