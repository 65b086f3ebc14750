"""The sampler draws from the posterior that theory gives, and the same draws for the same seed."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

from ncpcsim.calibrate.emulator import Emulator, printing_sd, transform
from ncpcsim.calibrate.fit import Likelihood, likelihood, sample
from tests.calibration import a_problem, money_target

Array = NDArray[np.float64]
DIMENSIONS = 12
SD = np.array([0.3, 0.5])
CORRELATION = np.array([[1.0, 0.6], [0.6, 1.0]])
STEPS = 8000
"""So many that means and covariances are known to 0.03 or so."""
NAMES = a_problem((money_target("fees"),), DIMENSIONS).parameters


def linear(
    slopes: Array,
    *,
    opens: bool | None = None,
    otherwise: float | None = None,
    by_deviation: float = 0.0,
) -> Likelihood:
    """Two cells that depend linearly on the parameters' scores, shape of slopes (parameters, 2).

    Of the second, others say something else; it may count for staying open.
    """
    fees = money_target("fees", 20_000)
    targets = (fees, money_target("pay", 5_000, otherwise=otherwise))
    emulator = Emulator(
        pairs=np.zeros((0, 2), dtype=np.int64),
        means=np.vstack([np.ones((1, 2)), slopes, np.zeros_like(slopes)]),
        log_sds=np.vstack([np.log(SD)[None, :], np.zeros_like(slopes)]),
        correlation=CORRELATION,
        live=np.array([True, True]),
        opens=np.array([-1.0, *np.eye(DIMENSIONS)[5] * 3.0, 0.0, by_deviation]),
    )
    return likelihood(a_problem(targets, DIMENSIONS), emulator, NAMES, opens=opens)


def exact(
    one: Likelihood, slopes: Array, prior_sd: float = 1.0, centres: int = 1
) -> tuple[Array, Array]:
    """Mean and covariance of the posterior in closed form: normal prior, linear normal model."""
    targets = one.problem.targets
    values = np.array([target.published for target in targets])
    noise = np.outer(SD, SD) * CORRELATION + np.diag(printing_sd(values, targets) ** 2)
    taught = centres * slopes @ np.linalg.solve(noise, slopes.T)
    precision = np.eye(DIMENSIONS) / prior_sd**2 + taught
    covariance = np.linalg.inv(precision)
    gap = transform(values, targets) - 1
    mean: Array = centres * covariance @ slopes @ np.linalg.solve(noise, gap)
    return mean, np.asarray(covariance, dtype=np.float64)


def slopes() -> Array:
    some = np.zeros((DIMENSIONS, 2))
    some[0], some[1], some[2] = (0.8, 0.1), (0.0, 0.7), (0.3, 0.3)
    return some


@pytest.mark.parametrize("prior_sd", [1.0, 0.5])
def test_a_linear_normal_problem_has_its_exact_posterior(prior_sd: float) -> None:
    one = linear(slopes())
    mean, covariance = exact(one, slopes(), prior_sd)
    found = sample([one], NAMES, seed=1, steps=STEPS, prior_sd=prior_sd, draws=4000)
    assert found.scores.mean(axis=0) == pytest.approx(mean, abs=0.12)
    assert np.cov(found.scores, rowvar=False) == pytest.approx(covariance, abs=0.12)


@pytest.mark.parametrize("otherwise", [9_000, 1e15])
def test_a_cell_that_contradicts_others_teaches_as_little_as_it_is_known(
    otherwise: float,
) -> None:
    """However closely the runs' own randomness in it follows that in another cell."""
    one = linear(slopes(), otherwise=otherwise)
    mean, covariance = exact(one, slopes())
    found = sample([one], NAMES, seed=8, steps=STEPS, draws=4000)
    assert found.scores.mean(axis=0) == pytest.approx(mean, abs=0.12)
    assert np.cov(found.scores, rowvar=False) == pytest.approx(covariance, abs=0.12)
    # The second parameter moves that cell alone.
    left = found.scores[:, 1].std()
    assert left == pytest.approx(1, abs=0.05) if otherwise == 1e15 else left < 0.95


@pytest.mark.parametrize("otherwise", [None, 9_000, 1e15])
def test_randomness_goes_together_and_print_does_not(otherwise: float | None) -> None:
    one = linear(slopes(), otherwise=otherwise)
    targets = one.problem.targets
    values = np.array([target.published for target in targets])
    noise = np.outer(SD, SD) * CORRELATION + np.diag(printing_sd(values, targets) ** 2)
    points = np.random.default_rng(1).standard_normal((50, DIMENSIONS))
    gaps = transform(values, targets) - 1 - points @ slopes()
    gone = one(points) - multivariate_normal(cov=noise).logpdf(gaps)
    assert np.ptp(gone) < 1e-9


def test_what_print_did_to_a_cell_says_nothing_of_staying_open() -> None:
    """A centre of low pay stays open; of pay that is hardly known, neither does."""
    at = np.zeros((1, DIMENSIONS))
    learned = {}
    for otherwise in (None, 1e15):
        known, unasked = (
            linear(slopes(), otherwise=otherwise, by_deviation=-8.0, opens=opens)(at)[0]
            for opens in (True, None)
        )
        learned[otherwise] = known - unasked
    # The odds of a run without deviations are -1.
    assert learned[1e15] == pytest.approx(-np.log1p(np.exp(1)), abs=0.2)
    assert learned[None] < learned[1e15] - 1


def test_what_is_not_looked_at_keeps_its_prior() -> None:
    found = sample([linear(slopes())], NAMES, seed=2, steps=6000, draws=4000)
    assert found.scores[:, 5:].std(axis=0).mean() == pytest.approx(1, abs=0.04)


def test_two_centres_teach_a_shared_parameter_more_than_one() -> None:
    one = linear(slopes())
    mean, covariance = exact(one, slopes(), centres=2)
    found = sample([one, one], NAMES, seed=3, steps=STEPS, draws=4000)
    assert found.scores.mean(axis=0) == pytest.approx(mean, abs=0.12)
    assert np.cov(found.scores, rowvar=False) == pytest.approx(covariance, abs=0.15)


def test_a_centre_that_lived_is_likely_to_be_one_that_could() -> None:
    """Staying open depends on the sixth parameter: knowing of it moves that one, and no other."""
    unknown, lived, closed = (
        sample([linear(slopes(), opens=o)], NAMES, seed=6, steps=3000).scores
        for o in (None, True, False)
    )
    sixth = [draws[:, 5].mean() for draws in (closed, unknown, lived)]
    assert sixth[0] < -0.3 < sixth[1] < 0.3 < sixth[2]
    assert lived[:, 8].mean() == pytest.approx(closed[:, 8].mean(), abs=0.15)


def test_a_seed_gives_the_draws() -> None:
    one = linear(slopes())
    first, again, other = (sample([one], NAMES, seed=s, steps=300) for s in (0, 0, 4))
    assert (first.scores == again.scores).all()
    assert (first.scores != other.scores).any()


@pytest.mark.slow
def test_independent_draws_are_counted_as_many_as_they_are() -> None:
    """Means of many chains scatter as those of so many independent draws would."""
    # 36 walkers and 800 steps: evenly taken, 400 draws would be of the same walkers.
    found = [sample([linear(slopes())], NAMES, seed=s, steps=1600, draws=400) for s in range(24)]
    # Of parameters that nothing is learned of, with a spread of 1.
    scatter = np.var([one.scores[:, 5:].mean(axis=0) for one in found], axis=0).mean()
    worth = 1 / (1 / np.mean([one.effective for one in found]) + 1 / 400)
    assert 0.6 * worth < 1 / scatter < 1.7 * worth
