"""Running until an interval is narrow enough."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from ncpcsim.experiment.precision import BLOCK_RUNS, Until, estimate
from ncpcsim.measures.catalogue import MEASURES
from ncpcsim.measures.intervals import mean_interval, share_interval
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.report import run as simulated


@pytest.fixture(scope="module")
def plan() -> Plan:
    changes = {"horizon.judged_month": 7}
    return load_plan("hungary").variant(changes)


@pytest.mark.parametrize(
    ("text", "measure", "name", "half_width"),
    [
        ("0.01", None, "sustained", 0.01),
        (" 500usd ", None, "lowest_cash", 500),
        ("1e3 USD", "closing_cash", "closing_cash", 1000),
        ("0.5", "reserve_months", "reserve_months", 0.5),
    ],
)
def test_a_precision_is_read(text: str, measure: str | None, name: str, half_width: float) -> None:
    assert Until.parse(text, measure) == Until(MEASURES[name], half_width)


@pytest.mark.parametrize(
    ("text", "measure", "message"),
    [
        ("0", None, "is '0', expected 0.01 for a probability, 500USD for money"),
        ("-0.1", None, "is '-0.1', expected"),
        ("nan", None, "is 'nan', expected"),
        ("inf", None, "is 'inf', expected"),
        ("1.2.3", None, "is '1.2.3', expected"),
        ("1e999", None, "is '1e999', expected"),
        ("500", None, "is '500', expected less than 0.5 for a probability, 500USD for money"),
        ("0.5", "closed", "is '0.5', expected less than 0.5 for a probability"),
        ("500eur", None, "is '500eur', but the plan is in USD, expected 500USD"),
        ("500usd", "sustained", "is '500usd', but sustained is in share, expected 0.01"),
        ("0.01", "lowest_cash", "is '0.01', but lowest_cash is in USD, expected 500USD"),
        ("0.01", "chance", "is 'chance', expected one of sustained, "),
    ],
)
def test_what_is_no_precision_is_refused(text: str, measure: str | None, message: str) -> None:
    with pytest.raises(ValueError, match="expected") as refusal:
        Until.parse(text, measure)
    assert str(refusal.value).startswith(message)


def first_precise(cash: NDArray[np.float64], until: Until) -> int:
    """The first multiple of a block at which an interval computed apart is narrow enough."""
    for done in range(BLOCK_RUNS, len(cash) + 1, BLOCK_RUNS):
        if mean_interval(cash[:done]).half_width <= until.half_width:
            return done
    return len(cash)


def test_it_stops_at_the_first_block_that_is_precise_whoever_does_the_work(plan: Plan) -> None:
    runs = 5 * BLOCK_RUNS
    everything = simulated.run(plan, runs)
    cash = everything["lowest_cash_cents"].to_numpy(dtype=float) / 100
    # Precise enough within a block, which is no place to stop.
    until = Until.parse(f"{mean_interval(cash[: 5 * BLOCK_RUNS // 2]).half_width + 1e-6}usd")
    stop = first_precise(cash, until)
    assert BLOCK_RUNS < stop < runs
    with ThreadPoolExecutor(2) as threads:
        ways = [
            simulated.run(plan, runs, until=until),
            simulated.run(plan, runs, until=until, chunk_runs=7),
            simulated.run(plan, runs, until=until, chunk_runs=1000),
            simulated.run(plan, runs, until=until, workers=2),
            simulated.run(plan, runs, until=until, executor=threads, workers=3),
        ]
    for table in ways:
        pd.testing.assert_frame_equal(table, everything.head(stop))


def test_it_stops_at_the_cap(plan: Plan) -> None:
    hopeless = Until.parse("0.000001usd")
    assert len(simulated.run(plan, 130, until=hopeless)) == 130


def batch(draws: list[int], sustained: list[bool]) -> pd.DataFrame:
    return pd.DataFrame({"error": None, "draw": draws, "sustained": sustained})


def test_runs_of_their_own_draws_are_independent() -> None:
    table = batch([0, 1, 2, 3], [True, False, True, True])
    assert estimate(MEASURES["sustained"], table) == share_interval(3, 4)


def test_runs_of_one_draw_count_as_one() -> None:
    table = batch([0, 0, 1, 1, 2, 2], [True, True, False, False, True, True])
    found = estimate(MEASURES["sustained"], table)
    assert found.estimate == pytest.approx(4 / 6)
    assert found[1:] == pytest.approx(share_interval(2, 3)[1:])
    assert found.half_width > share_interval(4, 6).half_width


def test_failed_runs_are_left_out() -> None:
    table = batch([0, 1, 2], [True, False, True])
    table["error"] = pd.Series([None, None, "ValueError: no"], dtype="string")
    assert estimate(MEASURES["sustained"], table) == share_interval(1, 2)
    assert math.isnan(estimate(MEASURES["sustained"], table.iloc[:0]).estimate)
