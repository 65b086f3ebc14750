"""Paired differences of hand-made tables."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from ncpcsim.answers.comparison import DEFAULT_MEASURES, compare, difference, table_of
from ncpcsim.measures.catalogue import MEASURES
from ncpcsim.measures.intervals import mean_interval, share_difference_interval, share_interval

CASH, SUSTAINED, CLOSED = (MEASURES[n] for n in ("closing_cash", "sustained", "closed"))


def runs(column: str, values: Sequence[object], failed: Sequence[int] = ()) -> pd.DataFrame:
    """A batch's rows with one measure, in USD where it is money."""
    kind = {"sustained": "boolean", "closed_month": "Int64"}.get(column, "Float64")
    cells = [None if i in failed else value for i, value in enumerate(values)]
    errors = ["ValueError: no" if i in failed else None for i in range(len(values))]
    return pd.DataFrame(
        {
            "replication": range(len(values)),
            "draw": range(len(values)),
            "error": pd.Series(errors, dtype="string"),
            column: pd.Series(cells, dtype=kind),
        }
    )


def cash(*usd: float, failed: Sequence[int] = ()) -> pd.DataFrame:
    return runs("closing_cash_cents", [100 * x for x in usd], failed)


def test_the_mean_is_that_of_the_differences() -> None:
    found = difference(CASH, "b", cash(10, 20, 30, 40), "a", cash(9, 22, 27, 40))
    gaps = np.array([1.0, -2.0, 3.0, 0.0])
    assert found.mean == mean_interval(gaps)
    assert found.mean.estimate == 0.5
    # Student's t of three degrees of freedom, and the standard deviation, by hand.
    deviation = math.sqrt((0.5**2 + 2.5**2 + 2.5**2 + 0.5**2) / 3)
    assert found.mean.half_width == pytest.approx(3.182446 * deviation / 2, rel=1e-6)
    assert (found.name, found.base, found.pairs) == ("b", "a", 4)
    assert found.p50 == 0.5
    assert (found.p05, found.p95) == tuple(np.quantile(gaps, (0.05, 0.95)))
    assert found.better == share_interval(2, 4)
    assert found.worse == share_interval(1, 4)


def test_the_variance_ratio_says_what_pairing_saves() -> None:
    mine, theirs = (0, 10, 20, 30), (1, 9, 21, 29)
    found = difference(CASH, "b", cash(*mine), "a", cash(*theirs))
    # Differences of -1, 1, -1, 1 have a variance of 1; the two plans' are 125 and 116.
    assert found.variance_ratio == pytest.approx(1 / (125 + 116))
    assert found.independent_runs == pytest.approx(4 * (125 + 116))
    apart = difference(CASH, "b", cash(*mine), "a", cash(*reversed(theirs)))
    assert apart.variance_ratio > 1
    assert apart.independent_runs < 4


def test_plans_that_never_differ_need_no_runs() -> None:
    found = difference(CASH, "b", cash(1, 2, 3), "a", cash(1, 2, 3))
    assert (found.mean.estimate, found.mean.half_width) == (0, 0)
    assert (found.better.estimate, found.worse.estimate, found.variance_ratio) == (0, 0, 0)
    assert math.isnan(found.independent_runs)
    flat = difference(CASH, "b", cash(2, 2), "a", cash(1, 1))
    assert flat.mean.estimate == 1
    assert math.isnan(flat.variance_ratio)
    assert math.isnan(flat.independent_runs)


def test_pairs_are_of_the_same_replication_in_whatever_order() -> None:
    mine, theirs = cash(1, 2, 3), cash(5, 5, 5)
    shuffled = theirs.assign(closing_cash_cents=[100, 400, 900]).iloc[[2, 0, 1]]
    found = difference(CASH, "b", mine, "a", shuffled)
    assert found.mean == mean_interval(np.array([0.0, -2.0, -6.0]))
    fewer = difference(CASH, "b", mine, "a", theirs.iloc[1:])
    assert (fewer.pairs, fewer.mean.estimate) == (2, -2.5)


def test_a_run_that_failed_in_either_plan_is_left_out() -> None:
    mine = cash(1, 2, 3, 4, failed=[1])
    theirs = cash(0, 0, 0, 0, failed=[2])
    found = difference(CASH, "b", mine, "a", theirs)
    assert found.pairs == 2
    assert found.mean.estimate == pytest.approx((1 + 4) / 2)
    none = difference(CASH, "b", cash(1, 2, failed=[0, 1]), "a", cash(1, 2))
    assert none.pairs == 0
    assert math.isnan(none.mean.estimate)
    assert math.isnan(none.p50)
    assert math.isnan(none.independent_runs)


def test_a_run_without_a_value_is_left_out_too() -> None:
    ratio = MEASURES["fee_coverage"]
    mine = runs("coverage.fee", [0.5, float("nan"), 0.75, 1.0])
    theirs = runs("coverage.fee", [0.25, 0.5, None, 0.5])
    found = difference(ratio, "b", mine, "a", theirs)
    assert (found.pairs, found.mean.estimate) == (2, 0.375)


def test_shares_are_compared_pair_by_pair() -> None:
    mine = runs("sustained", [True, True, False, True, False])
    theirs = runs("sustained", [False, True, False, False, True])
    found = difference(SUSTAINED, "b", mine, "a", theirs)
    assert found.mean == share_difference_interval(2, 1, 5)
    assert found.mean.estimate == pytest.approx(3 / 5 - 2 / 5)
    assert (found.better.estimate, found.worse.estimate) == (0.4, 0.2)


def test_pairs_of_one_draw_count_as_one() -> None:
    """Two runs a draw that are all alike say no more than one would."""
    twice = [draw for draw in range(4) for _ in range(2)]
    for column, measure, mine, theirs in (
        ("closing_cash_cents", CASH, (100, 400, 300, 900), (200, 200, 200, 200)),
        ("sustained", SUSTAINED, (True, False, True, True), (False, True, False, True)),
    ):
        once = difference(measure, "b", runs(column, mine), "a", runs(column, theirs))
        tables = [
            runs(column, [values[draw] for draw in twice]).assign(draw=twice)
            for values in (mine, theirs)
        ]
        found = difference(measure, "b", tables[0], "a", tables[1])
        assert found.pairs == 8
        assert found.mean == pytest.approx(once.mean)
        assert found.better == pytest.approx(once.better)
        assert found.worse == pytest.approx(once.worse)
        assert found.independent_runs == pytest.approx(once.independent_runs)


def test_less_is_better_where_it_is() -> None:
    """A plan closed in fewer runs has a negative difference, and is better off."""
    mine = runs("judgement", [0, 0, 4, 2])
    theirs = runs("judgement", [4, 4, 4, 3])
    found = difference(CLOSED, "b", mine, "a", theirs)
    assert found.mean.estimate == pytest.approx(-0.5)
    assert (found.better.estimate, found.worse.estimate) == (0.5, 0)
    back = difference(CLOSED, "a", theirs, "b", mine)
    assert (back.better.estimate, back.worse.estimate) == (0, 0.5)


def test_a_failed_run_is_no_open_one() -> None:
    mine = runs("judgement", [1, 0], failed=[0])
    found = difference(CLOSED, "b", mine, "a", runs("judgement", [4, 4]))
    assert (found.pairs, found.mean.estimate) == (1, -1)


def test_each_plan_is_compared_with_the_first_in_each_measure() -> None:
    tables = {
        name: cash(*usd).assign(lowest_cash_cents=[0.0, low])
        for name, usd, low in (("a", (1, 2), 1), ("b", (2, 4), 2), ("c", (0, 0), 3))
    }
    found = compare(tables, ["lowest_cash", "closing_cash"])
    names = [(d.name, d.base, d.measure.name) for d in found]
    assert names == [(n, "a", m) for n in "bc" for m in ("lowest_cash", "closing_cash")]
    assert [d.mean.estimate for d in found] == pytest.approx([0.005, 1.5, 0.01, -1.5])


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="compares 1 plans, expected two or more"):
        compare({"a": cash(1, 2)})
    with pytest.raises(KeyError, match="chance"):
        compare({"a": cash(1, 2), "b": cash(1, 2)}, ["chance"])
    assert set(DEFAULT_MEASURES) <= set(MEASURES)


def test_a_table_holds_every_difference() -> None:
    found = difference(CASH, "b", cash(10, 20, 31), "a", cash(9, 22, 27))
    row = table_of([found], "HUF").iloc[0].to_dict()
    assert row == {
        "plan": "b",
        "base": "a",
        "measure": "closing_cash",
        "unit": "HUF",
        "pairs": 3,
        "mean": found.mean.estimate,
        "low": found.mean.low,
        "high": found.mean.high,
        "p05": found.p05,
        "p50": found.p50,
        "p95": found.p95,
        "better": found.better.estimate,
        "better_low": found.better.low,
        "better_high": found.better.high,
        "worse": found.worse.estimate,
        "variance_ratio": found.variance_ratio,
        "independent_runs": found.independent_runs,
    }
