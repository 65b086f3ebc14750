"""Figures over runs and their intervals, against closed forms and against many repetitions."""

import math

import numpy as np
import pytest

from ncpcsim.answers.estimates import NOTHING, Estimate, mean, median, pooled, proportion


def test_a_mean_has_the_interval_of_its_standard_error() -> None:
    found = mean([1, 2, 3, 4])
    # Variance 5 / 3, a standard error of its root over 2.
    half = 1.959964 * math.sqrt(5 / 3) / 2
    assert found.value == 2.5
    assert (found.low, found.high) == pytest.approx((2.5 - half, 2.5 + half))


def test_a_pooled_share_weighs_runs_by_what_could_happen_in_them() -> None:
    # 3 of 4 and 0 of 2: a half of all, not the mean of 75 % and nothing.
    found = pooled([3, 0], [4, 2])
    assert found.value == 0.5
    # Off by 1 each: the root of 2 x 2 / 1, over 6.
    half = 1.959964 * 2 / 6
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half))


def test_equal_runs_leave_no_doubt() -> None:
    assert mean([7, 7, 7]) == Estimate(7, 7, 7)
    assert pooled([1, 2, 3], [2, 4, 6]) == Estimate(0.5, 0.5, 0.5)
    assert median([7, 7, 7]) == Estimate(7, 7, 7)


def test_one_run_has_a_figure_and_no_interval() -> None:
    found = mean([7])
    assert found.value == 7
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@pytest.mark.parametrize("found", [mean([]), median([]), proportion(0, 0), pooled([0, 0], [0, 0])])
def test_no_run_says_nothing(found: Estimate) -> None:
    assert all(math.isnan(x) for x in (found.value, found.low, found.high))
    assert math.isnan(NOTHING.value)


def test_a_median_lies_between_order_statistics() -> None:
    # Of ten, the second smallest and largest: fewer than 2 heads of 10 come in 11 of 1,024.
    assert median(range(10, 0, -1)) == Estimate(5.5, 2, 9)
    assert median([3, 1, 2]) == Estimate(2, 1, 3)


def test_a_median_may_be_not_yet() -> None:
    assert median([1, 2, 3, math.inf, math.inf]) == Estimate(3, 1, math.inf)
    assert median([1, math.inf, math.inf]).value == math.inf
    assert median([1, math.inf]).value == math.inf


def test_a_proportion_has_wilson_s_interval() -> None:
    found = proportion(0, 20)
    z = 1.959964
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(z * z / (20 + z * z), abs=1e-5)


def test_intervals_hold_the_truth_in_about_95_of_100_repetitions() -> None:
    luck = np.random.Generator(np.random.Philox(7))
    repetitions, runs = 1000, 60
    held = dict.fromkeys(("mean", "median", "pooled"), 0)
    for _ in range(repetitions):
        values = luck.exponential(size=runs)
        wholes = luck.poisson(5, size=runs)
        parts = luck.binomial(wholes, 0.3)
        for name, found, truth in (
            ("mean", mean(values), 1),
            ("median", median(values), math.log(2)),
            ("pooled", pooled(parts, wholes), 0.3),
        ):
            held[name] += found.low <= truth <= found.high
    # Four standard errors of a share of 95 % are 2.8 %; skewness takes some of the mean's.
    assert all(0.91 <= count / repetitions <= 0.985 for count in held.values()), held
