"""Intervals against worked examples, a library, and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ncpcsim.measures.intervals import (
    UNKNOWN,
    Interval,
    effective_runs,
    mean_interval,
    median_interval,
    ratio_interval,
    share_difference_interval,
    share_interval,
    share_of,
)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_has_wilsons_interval(share: tuple[int, int]) -> None:
    successes, runs = share
    wilson = stats.binomtest(successes, runs).proportion_ci(0.95, method="wilson")
    found = share_interval(successes, runs)
    assert found == pytest.approx((successes / runs, wilson.low, wilson.high), abs=1e-9)


@pytest.mark.parametrize(
    ("values", "draws", "worth"),
    [
        ([], [], 0),
        ([1, 0, 1], [0, 1, 2], 3),
        ([1, 0, 0, 1], [7, 7, 7, 7], 1),
        ([1, 1, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2], 3),  # runs of a draw are all alike
        ([0, 0, 0, 0], [0, 0, 1, 1], 2),
        ([1, 0, 1, 0, 0, 1], [0, 0, 1, 1, 2, 2], 3),  # no two draws differ
        # Means 5, 4, 5 and 5 have a variance of 1/4, over 4; that of the runs is far larger.
        ([9, 1, 0, 8, 9, 1, 9, 1], [0, 0, 1, 1, 2, 2, 3, 3], 8),
        # Means 1/2, 1, 0 and 1: 11/48 over 4; that of the runs is 15/64.
        ([1, 0, 1, 1, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2, 3, 3], 45 / 11),
    ],
)
def test_runs_that_share_draws_are_worth_fewer(
    values: list[float], draws: list[int], worth: float
) -> None:
    assert effective_runs(values, draws) == pytest.approx(worth)


def test_a_share_never_seen_in_runs_that_share_draws_may_still_be_there() -> None:
    assert share_of([0] * 20, np.arange(20) // 2) == share_interval(0, 10)
    assert share_of([], []) is UNKNOWN


def test_a_mean_has_students_interval() -> None:
    values = np.array([1.0, 2.0, 4.0, 9.0])
    low, high = stats.t.interval(0.95, 3, loc=4, scale=stats.sem(values))
    assert mean_interval(values) == pytest.approx((4, low, high))


def test_no_pairs_have_no_interval() -> None:
    assert all(math.isnan(x) for x in share_difference_interval(0, 0, 0))


def test_the_difference_of_paired_shares() -> None:
    """Ten of 100 pairs in the first alone, four in the second: by hand from the formula.

    11/102 - 5/102 = 0.058824; variance (16/102 - 0.058824^2) / 102 = 0.00150393;
    half-width 1.959964 * 0.0387806 = 0.0760086.
    """
    found = share_difference_interval(10, 4, 100)
    assert found == pytest.approx((0.06, 0.058824 - 0.0760086, 0.058824 + 0.0760086), abs=2e-6)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 500))
def test_a_difference_turned_round_is_its_opposite(one: int, other: int, neither: int) -> None:
    pairs = one + other + neither
    if pairs:
        there = share_difference_interval(one, other, pairs)
        back = share_difference_interval(other, one, pairs)
        assert there == pytest.approx((-back.estimate, -back.high, -back.low))
        assert -1 <= there.low <= there.high <= 1


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_intervals_of_shares_hold_the_truth_as_often_as_they_say(share: float) -> None:
    """The exact rate at which Wilson's interval covers, from the binomial distribution."""
    runs = 400
    covered = [
        interval.low <= share <= interval.high
        for interval in (share_interval(k, runs) for k in range(runs + 1))
    ]
    rate = float(stats.binom.pmf(np.flatnonzero(covered), runs, share).sum())
    assert 0.935 <= rate <= 0.965


# Figures over runs.


def test_a_mean_has_the_interval_of_its_standard_error() -> None:
    found = mean_interval([1, 2, 3, 4])
    # Variance 5 / 3, a standard error of its root over 2; Student's t of three degrees of freedom.
    half = 3.182446 * math.sqrt(5 / 3) / 2
    assert found.estimate == 2.5
    assert (found.low, found.high) == pytest.approx((2.5 - half, 2.5 + half))


def test_a_pooled_share_weighs_runs_by_what_could_happen_in_them() -> None:
    # 3 of 4 and 0 of 2: a half of all, not the mean of 75 % and 0.
    found = ratio_interval([3, 0], [4, 2])
    assert found.estimate == 0.5
    # Off by 1 each: the root of 2 x 2 / 1, over 6.
    half = 1.959964 * 2 / 6
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half))


def test_equal_runs_leave_no_doubt() -> None:
    assert mean_interval([7, 7, 7]) == Interval(7, 7, 7)
    assert ratio_interval([1, 2, 3], [2, 4, 6]) == Interval(0.5, 0.5, 0.5)
    assert median_interval([7, 7, 7]) == Interval(7, 7, 7)


def test_one_run_has_a_figure_and_no_interval() -> None:
    found = mean_interval([7])
    assert found.estimate == 7
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@pytest.mark.parametrize(
    "found",
    [mean_interval([]), median_interval([]), share_interval(0, 0), ratio_interval([0, 0], [0, 0])],
)
def test_no_run_says_nothing(found: Interval) -> None:
    assert all(math.isnan(x) for x in (found.estimate, found.low, found.high))
    assert math.isnan(UNKNOWN.estimate)


def test_a_median_lies_between_order_statistics() -> None:
    # Of ten, the second smallest and largest: fewer than 2 heads of 10 come in 11 of 1,024.
    assert median_interval(range(10, 0, -1)) == Interval(5.5, 2, 9)
    assert median_interval([3, 1, 2]) == Interval(2, 1, 3)


def test_a_median_may_be_not_yet() -> None:
    assert median_interval([1, 2, 3, math.inf, math.inf]) == Interval(3, 1, math.inf)
    assert median_interval([1, math.inf, math.inf]).estimate == math.inf
    assert median_interval([1, math.inf]).estimate == math.inf


def test_a_proportion_has_wilson_s_interval() -> None:
    found = share_interval(0, 20)
    z = 1.959964
    assert (found.estimate, found.low) == (0, 0)
    assert found.high == pytest.approx(z * z / (20 + z * z), abs=1e-5)


def test_intervals_hold_the_truth_in_about_95_of_100_repetitions() -> None:
    generator = np.random.Generator(np.random.Philox(7))
    repetitions, runs = 1000, 60
    held = dict.fromkeys(("mean", "median", "pooled"), 0)
    for _ in range(repetitions):
        values = generator.exponential(size=runs)
        wholes = generator.poisson(5, size=runs)
        parts = generator.binomial(wholes, 0.3)
        for name, found, truth in (
            ("mean", mean_interval(values), 1),
            ("median", median_interval(values), math.log(2)),
            ("pooled", ratio_interval(parts, wholes), 0.3),
        ):
            held[name] += found.low <= truth <= found.high
    # Four standard errors of a share of 95 % are 2.8 %; skewness takes some of the mean's.
    assert all(0.91 <= count / repetitions <= 0.985 for count in held.values()), held
