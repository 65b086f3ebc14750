"""The sampler draws from the posterior that theory gives, and the same draws for the same seed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ncpcsim.calibrate.emulator import Emulator, printing_sd, transform
from ncpcsim.calibrate.fit import Likelihood, likelihood, sample
from tests.calibration import a_problem, usd_target

Array = NDArray[np.float64]
DIMENSIONS = 12
SD = np.array([0.3, 0.5])
CORRELATION = np.array([[1.0, 0.6], [0.6, 1.0]])
NAMES = a_problem((usd_target("fees"),), DIMENSIONS).parameters


def linear(slopes: Array, *, opens: bool | None = None) -> Likelihood:
    """Two cells that depend linearly on the parameters' scores, shape of slopes (parameters, 2)."""
    targets = (usd_target("fees", 20_000), usd_target("pay", 5_000))
    emulator = Emulator(
        pairs=np.zeros((0, 2), dtype=np.int64),
        means=np.vstack([np.ones((1, 2)), slopes, np.zeros_like(slopes)]),
        log_sds=np.vstack([np.log(SD)[None, :], np.zeros_like(slopes)]),
        correlation=CORRELATION,
        live=np.array([True, True]),
        opens=np.array([-1.0, *np.eye(DIMENSIONS)[5] * 3.0, 0.0, 0.0]),
    )
    return likelihood(a_problem(targets, DIMENSIONS), emulator, NAMES, opens=opens)


def exact(
    one: Likelihood, slopes: Array, prior_sd: float = 1.0, centres: int = 1
) -> tuple[Array, Array]:
    """Mean and covariance of the posterior in closed form: normal prior, linear normal model."""
    targets = one.problem.targets
    values = np.array([target.published for target in targets])
    spread = np.sqrt(SD**2 + printing_sd(values, targets) ** 2)
    noise = np.outer(spread, spread) * CORRELATION
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
    found = sample([one], NAMES, seed=1, steps=6000, prior_sd=prior_sd, draws=4000)
    assert found.scores.mean(axis=0) == pytest.approx(mean, abs=0.12)
    assert np.cov(found.scores, rowvar=False) == pytest.approx(covariance, abs=0.12)


def test_what_is_not_looked_at_keeps_its_prior() -> None:
    found = sample([linear(slopes())], NAMES, seed=2, steps=6000, draws=4000)
    assert found.scores[:, 5:].std(axis=0).mean() == pytest.approx(1, abs=0.04)


def test_two_centres_teach_a_shared_parameter_more_than_one() -> None:
    one = linear(slopes())
    mean, covariance = exact(one, slopes(), centres=2)
    found = sample([one, one], NAMES, seed=3, steps=6000, draws=4000)
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


def test_a_seed_names_the_draws() -> None:
    one = linear(slopes())
    first, again, other = (sample([one], NAMES, seed=s, steps=300) for s in (0, 0, 4))
    assert (first.scores == again.scores).all()
    assert (first.scores != other.scores).any()


def test_independent_draws_are_counted_as_many_as_they_are() -> None:
    found = sample([linear(slopes())], NAMES, seed=5, steps=4000)
    walkers_and_steps = 36 * 2000
    assert walkers_and_steps / 200 < found.effective < walkers_and_steps / 5
