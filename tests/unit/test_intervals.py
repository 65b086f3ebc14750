"""Intervals against worked examples, a library, and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ncpcsim.intervals import mean_interval, share_difference_interval, share_interval


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_has_wilsons_interval(share: tuple[int, int]) -> None:
    successes, runs = share
    wilson = stats.binomtest(successes, runs).proportion_ci(0.95, method="wilson")
    found = share_interval(successes, runs)
    assert found == pytest.approx((successes / runs, wilson.low, wilson.high), abs=1e-9)


def test_a_mean_has_students_interval() -> None:
    values = np.array([1.0, 2.0, 4.0, 9.0])
    low, high = stats.t.interval(0.95, 3, loc=4, scale=stats.sem(values))
    assert mean_interval(values) == pytest.approx((4, low, high))


@pytest.mark.parametrize("values", [[], [3.0]])
def test_too_few_values_have_no_interval(values: list[float]) -> None:
    assert all(math.isnan(x) for x in mean_interval(np.array(values)))
    assert all(math.isnan(x) for x in share_interval(0, 0))
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
