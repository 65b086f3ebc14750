"""The response surface finds what is there, how far runs lie around it, and nothing else."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from ncpcsim.calibrate.emulator import (
    SCALE_MONEY,
    Emulator,
    contradiction_sd,
    fit_emulator,
    printing_sd,
    restored,
    transform,
)
from ncpcsim.calibrate.targets import OPEN, Target
from tests.calibration import a_problem, money_target

Array = NDArray[np.float64]
RUNS, DIMENSIONS = 4096, 6


def on_scale(transformed: Array) -> Array:
    amounts: Array = SCALE_MONEY * np.sinh(transformed)
    return amounts


def fitted(mean: Callable[[Array], Array], sd: Callable[[Array], Array]) -> tuple[Emulator, Array]:
    """An emulator of two lines whose runs scatter together, and the points it was fitted at."""
    random = np.random.default_rng(1)
    scores = random.standard_normal((RUNS, DIMENSIONS))
    noise = random.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], RUNS)
    results = np.column_stack([mean(scores), mean(scores) / 2]) + sd(scores)[:, None] * noise
    problem = a_problem(targets=(money_target("fees"), money_target("pay")), parameters=DIMENSIONS)
    return fit_emulator(problem, scores, on_scale(results)), scores


def curved(scores: Array) -> Array:
    value: Array = 2 + scores[:, 0] + 0.3 * scores[:, 1] ** 2 - 0.4 * scores[:, 2] * scores[:, 3]
    return value


def widening(scores: Array) -> Array:
    value: Array = 0.3 * np.exp(0.4 * scores[:, 4])
    return value


def test_mean_spread_and_correlation_are_found() -> None:
    emulator, scores = fitted(curved, widening)
    assert np.abs(emulator.mean(scores)[:, 0] - curved(scores)).std() < 0.05
    assert emulator.pairs.tolist() == [[2, 3]]
    ratio = emulator.sd(scores)[:, 0] / widening(scores)
    assert np.quantile(ratio, (0.05, 0.95)) == pytest.approx((1, 1), abs=0.15)
    assert emulator.correlation[0, 1] == pytest.approx(0.7, abs=0.05)


def test_what_does_nothing_is_said_to_do_nothing() -> None:
    emulator, scores = fitted(curved, widening)
    moved = scores.copy()
    moved[:, 5] += 3
    assert (emulator.mean(moved) == emulator.mean(scores)).all()
    assert (emulator.sd(moved) == emulator.sd(scores)).all()


def test_a_line_that_never_moves_counts_for_nothing() -> None:
    scores = np.random.default_rng(2).standard_normal((512, DIMENSIONS))
    amounts = np.column_stack([on_scale(curved(scores)), np.full(512, 5000.0)])
    problem = a_problem(targets=(money_target("fees"), money_target("rent")), parameters=DIMENSIONS)
    assert fit_emulator(problem, scores, amounts).live.tolist() == [True, False]


def test_the_odds_of_staying_open_follow_parameters_and_deviations() -> None:
    random = np.random.default_rng(4)
    scores = random.standard_normal((RUNS, DIMENSIONS))
    noise = random.standard_normal(RUNS)
    amounts = on_scale(2 + scores[:, 0] + 0.3 * noise)
    odds = 1 + 2 * scores[:, 1] + 1.5 * noise
    lived = random.random(RUNS) < 1 / (1 + np.exp(-odds))
    targets = (money_target("fees"), money_target(OPEN, 1.0, fitted=False))
    problem = a_problem(targets, DIMENSIONS)
    emulator = fit_emulator(problem, scores, np.column_stack([amounts, lived]))
    found = emulator.log_odds_open(scores, noise[:, None])
    assert np.corrcoef(found, odds)[0, 1] > 0.99
    assert (found / odds).mean() == pytest.approx(1, abs=0.25)


def test_a_centre_that_never_closes_is_sure_to_be_open() -> None:
    emulator, scores = fitted(curved, widening)
    assert (emulator.log_odds_open(scores, np.zeros((RUNS, 2))) > 20).all()


def test_rounding_to_a_thousand_is_a_uniform_of_a_thousand() -> None:
    (target,) = targets = (money_target("fees"),)
    printed = np.array([46_000.0])
    drawn = 46_000 + np.random.default_rng(3).uniform(-500, 500, 100_000)
    spread = transform(drawn[:, None], targets).std()
    assert printing_sd(printed, targets)[0] == pytest.approx(spread, rel=0.01)
    assert target.precision == 1000


def test_what_contradicts_others_may_be_wrong_by_as_much() -> None:
    plain, doubted = money_target("fees", 46_000), money_target("fees", 46_000, otherwise=58_000)
    printed = np.array([46_000.0])
    rounding = printing_sd(printed, (plain,))[0]
    apart = np.diff(transform(np.array([[46_000.0], [58_000.0]]), (plain,))[:, 0])[0]
    assert contradiction_sd((plain, doubted)).tolist() == [0, pytest.approx(apart)]
    assert printing_sd(printed, (doubted,))[0] == pytest.approx(np.hypot(rounding, apart))


def test_the_scale_can_be_left_again() -> None:
    targets = (money_target("fees"), Target("plants", "x", None, "plants", 125, 1, fitted=True))
    values = np.array([[-3000.0, 0.0], [0.0, 4.0], [1e6, 125.0]])
    assert restored(transform(values, targets), targets) == pytest.approx(values)


def test_counts_have_a_scale_of_their_own() -> None:
    count = Target("plants", "plants_assessed", None, "plants", 125, 1, fitted=True)
    assert transform(np.array([[125.0]]), (count,)) > transform(
        np.array([[125.0]]), (money_target("fees"),)
    )
