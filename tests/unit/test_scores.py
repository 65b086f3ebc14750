"""Scores and baselines against closed forms and sums by hand."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from ncpcsim.calibrate.baselines import BASELINES, Baseline, sample_of
from ncpcsim.calibrate.scores import crps, log_score

QUANTILES = norm.ppf((np.arange(4000) + 0.5) / 4000)
LAST, LINE, GROWTH = BASELINES


@pytest.mark.parametrize("happened", [-2.0, 0.0, 0.7])
def test_crps_of_a_normal(happened: float) -> None:
    # Gneiting and Raftery 2007, eq. 5.
    expected = (
        happened * (2 * norm.cdf(happened) - 1) + 2 * norm.pdf(happened) - 1 / math.sqrt(math.pi)
    )
    assert crps(QUANTILES, happened) == pytest.approx(expected, abs=2e-3)


def test_crps_of_certainty_is_the_error() -> None:
    assert crps(np.full(50, 10.0), 13.0) == pytest.approx(3.0)


def test_log_score_of_a_normal() -> None:
    assert log_score(QUANTILES, 0.5) == pytest.approx(norm.logpdf(0.5), abs=0.05)


def test_log_score_of_what_nobody_foresaw_is_bad_and_finite() -> None:
    assert -30 < log_score(QUANTILES, 40.0) < log_score(QUANTILES, 4.0)


@pytest.mark.parametrize(
    ("baseline", "known", "ahead", "expected"),
    [
        (LAST, [10, 20, 40], 2, 40),
        (LINE, [10, 20, 30], 2, 50),
        (LINE, [30, 10], 2, 0),
        (LINE, [7], 1, 7),
        (GROWTH, [1000, 2000, 4000], 1, 8000),
        (GROWTH, [1000, 2000, 4000], 2, 16_000),
        (GROWTH, [0, 4000], 1, 4000),
        # From next to zero no growth can be computed.
        (GROWTH, [40, 7000], 1, 7000),
        (GROWTH, [40, 7000, 14_000], 1, 28_000),
    ],
)
def test_baselines_by_hand(
    baseline: Baseline, known: list[float], ahead: int, expected: float
) -> None:
    assert baseline.predict(known, ahead) == pytest.approx(expected)


def test_a_rival_is_as_unsure_as_it_was_wrong() -> None:
    wrong = {"fees": [1000.0, 8000.0, 2000.0], "pay": [5000.0, 5000.0, 5000.0]}
    right = {"fees": [5000.0, 5000.0, 5000.0], "pay": [5000.0, 5000.0, 5000.0]}
    wide, narrow = (np.ptp(sample_of(LAST, x, "pay", 1)) for x in (wrong, right))
    assert wide > 3 * narrow
    # Errors of 7,000 and 6,000 in one line, of zero twice in the other.
    sample = sample_of(LAST, wrong, "pay", 1, size=4000)
    assert sample.std() == pytest.approx(math.sqrt((7000**2 + 6000**2) / 4), rel=0.01)
    assert sample.mean() == pytest.approx(5000)
    assert np.ptp(sample_of(LAST, wrong, "pay", 2)) == pytest.approx(math.sqrt(2) * wide)
