"""Answers are read from the rows of a batch: shares with their intervals, bands, years."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpcsim.answers.sustainability import Band, answer, band
from ncpcsim.measures.catalogue import INDICATORS as OF_A_YEAR
from ncpcsim.measures.catalogue import OUTPUTS as OF_THE_RUN
from ncpcsim.measures.intervals import share_interval
from ncpcsim.measures.judgement import Judgement
from ncpcsim.model.ending import Cause, State
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.schema import Numbers


@pytest.fixture(scope="module")
def numbers() -> Numbers:
    """Thirty months from July 1996: half a year, two years, and no more."""
    changes: dict[str, Any] = {"start": pd.Timestamp("1996-07-01").date()}
    changes |= {"horizon.judged_month": 30}
    return load_plan("generic").variant(changes).numbers


YEAR_ENDS = {1996: 5, 1997: 17, 1998: 29}


def rows(*runs: Mapping[str, object]) -> pd.DataFrame:
    """A batch's table: runs that are fine and sustained, but for what each says."""
    fine: dict[str, object] = {
        "error": None,
        "sustained": True,
        "self_sufficient": False,
        "judgement": Judgement.SUSTAINED,
        "closed_month": None,
        "cause": Cause.NONE,
        "lowest_cash_cents": 0,
        "lowest_cash_month": 0,
        **{
            f"{of}.{name}.{year}": 1.0
            for of in ("coverage", "full_coverage")
            for name in ("fee", "domestic", "programme_free")
            for year in (1996, 1997, 1998)
        },
        **{f"indicator.{name}": 1.0 for name in [m.name for m in (*OF_A_YEAR, *OF_THE_RUN)]},
    }
    failed: dict[str, object] = dict.fromkeys(fine)
    whole = [{**(failed if run.get("error") else fine), **_ended(run), **run} for run in runs]
    types = {"error": "string", "sustained": "boolean", "self_sufficient": "boolean"}
    types |= dict.fromkeys(("closed_month", "lowest_cash_cents", "lowest_cash_month"), "Int64")
    return pd.DataFrame(
        {
            name: pd.Series([run[name] for run in whole], dtype=types.get(name, "float64"))
            for name in (*fine, *(f"state.{year}" for year in YEAR_ENDS))
        }
        | {"draw": range(len(whole))}
    )


def _ended(run: Mapping[str, object]) -> dict[str, object]:
    """The states of a run at its years' ends, and its judgement, if it says when it closed."""
    if run.get("error"):
        return {f"state.{year}": None for year in YEAR_ENDS}
    closed = run.get("closed_month")
    if not isinstance(closed, int):
        return {f"state.{year}": State.ACTIVE for year in YEAR_ENDS}
    ended: dict[str, object] = {"judgement": Judgement.CLOSED, "cause": Cause.PROGRAMME_OVER}
    return ended | {
        f"state.{year}": State.CLOSED if closed <= month else State.ACTIVE
        for year, month in YEAR_ENDS.items()
    }


# Shares.


@pytest.mark.parametrize(
    ("successes", "runs", "low", "high"),
    [
        # By hand: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.959964.
        (0, 10, 0.0, 0.277533),
        (10, 10, 0.722467, 1.0),
        (5, 10, 0.236593, 0.763407),
        (1, 1, 0.206549, 1.0),
        # Newcombe (1998), Statistics in Medicine 17:857-872, Table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_a_share_has_wilsons_interval(successes: int, runs: int, low: float, high: float) -> None:
    p = share_interval(successes, runs)
    assert p.estimate == successes / runs
    assert p.low == pytest.approx(low, abs=5e-5)
    assert p.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_a_share(case: tuple[int, int]) -> None:
    successes, runs = case
    p = share_interval(successes, runs)
    assert 0 <= p.low <= p.estimate <= p.high <= 1
    assert p.low < p.high
    other = share_interval(runs - successes, runs)
    assert other.low == pytest.approx(1 - p.high, abs=1e-9)
    more = share_interval(4 * successes, 4 * runs)
    assert more.high - more.low < p.high - p.low


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    truth, runs, repeats = 0.3, 60, 2000
    drawn = np.random.default_rng(1).binomial(runs, truth, repeats)
    intervals = {int(x): share_interval(int(x), runs) for x in set(drawn)}
    held = np.mean([intervals[int(x)].low <= truth <= intervals[int(x)].high for x in drawn])
    # Four standard errors, and the little that a discrete share can be off.
    assert abs(held - 0.95) < 4 * math.sqrt(0.95 * 0.05 / repeats) + 0.01


# Bands.


def test_a_band_is_of_the_values_that_are_there() -> None:
    values = pd.Series([None, 1, 2, None, 3, 4, 5], dtype="Int64")
    assert band(values) == Band(1.2, 3.0, 4.8)
    assert band(pd.Series([float("nan"), 7.0])) == Band(7.0, 7.0, 7.0)


@pytest.mark.parametrize(
    "values", [pd.Series([], dtype="float64"), pd.Series([None, None], dtype="Int64")]
)
def test_a_band_of_nothing_is_no_number(values: Any) -> None:
    found = band(values)
    assert all(math.isnan(level) for level in (found.p05, found.p50, found.p95))


# Answers.


def test_an_answer_counts_runs_and_takes_levels(numbers: Numbers) -> None:
    found = answer(
        numbers,
        rows(
            {"lowest_cash_cents": -100_00, "lowest_cash_month": 4},
            {"lowest_cash_cents": -300_00, "lowest_cash_month": 8, "self_sufficient": True},
            {"lowest_cash_cents": -200_00, "sustained": False, "closed_month": 12},
            {"error": "ValueError: no"},
        ),
    )
    assert (found.runs, found.failed) == (3, 1)
    assert found.judgement["sustained"] == share_interval(2, 3)
    assert found.self_sufficient == share_interval(1, 3)
    assert found.judgement["closed"] == share_interval(1, 3)
    assert found.causes == {"programme_over": 1.0}
    assert found.closed_month == Band(12, 12, 12)
    assert found.lowest_cash.p50 == -200
    assert found.lowest_cash.p05 == pytest.approx(-290)
    assert found.lowest_cash.p95 == pytest.approx(-110)
    assert found.lowest_cash_month.p50 == 4


def test_a_centre_is_open_in_a_year_unless_it_closed_by_its_end(numbers: Numbers) -> None:
    # Month 5 is December 1996, month 6 January 1997, month 29 December 1998.
    found = answer(
        numbers,
        rows(
            *({"closed_month": month, "sustained": False} for month in (5, 6, 17, 18, 29)),
            {},
            {"error": "ValueError: no"},
        ),
    )
    assert [year.year for year in found.years] == [1996, 1997, 1998]
    assert [year.open for year in found.years] == [share_interval(n, 6) for n in (5, 3, 1)]


def test_coverage_is_of_the_runs_that_spent(numbers: Numbers) -> None:
    nan = float("nan")
    found = answer(
        numbers,
        rows(
            {"coverage.fee.1996": nan, "coverage.fee.1997": 0.5, "coverage.domestic.1998": 3.0},
            {"coverage.fee.1996": nan, "coverage.fee.1997": nan},
            {"coverage.fee.1996": nan, "coverage.fee.1997": 0.7},
        ),
    )
    first, second, third = found.years
    assert math.isnan(first.coverage["fee"].p50)
    assert second.coverage["fee"].p50 == pytest.approx(0.6)
    assert second.coverage["programme_free"] == Band(1, 1, 1)
    assert third.coverage["domestic"].p95 == pytest.approx(2.8)
    assert third.coverage["fee"] == Band(1, 1, 1)


def test_where_no_centre_closes_there_is_no_month_of_closing(numbers: Numbers) -> None:
    found = answer(numbers, rows({}, {}))
    assert found.judgement["closed"].estimate == 0
    assert math.isnan(found.closed_month.p50)
    assert [year.open.estimate for year in found.years] == [1, 1, 1]


def test_where_no_run_finished_there_is_no_answer(numbers: Numbers) -> None:
    failed = rows({"error": "ValueError: no"}, {"error": "ValueError: no"})
    for table in (failed, failed.head(0)):
        with pytest.raises(ValueError, match="no run finished, expected at least one"):
            answer(numbers, table)
