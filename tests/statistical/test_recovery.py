"""Parameters that made accounts are found again as often as the posterior's intervals say."""

import numpy as np
import pytest

from ncpcsim.calibrate.problem import published_problem
from ncpcsim.calibrate.recovery import LEVELS, recover
from ncpcsim.calibrate.study import prepare

REPETITIONS = 30


@pytest.mark.slow
def test_known_parameters_are_recovered_at_the_stated_rate() -> None:
    study, _ = prepare([published_problem("hungary")], runs=2048, seed=11, workers=2)
    recovery = recover(study, REPETITIONS, workers=2)
    assert recovery.repetitions == REPETITIONS
    for index, level in enumerate(LEVELS):
        share, error = recovery.coverage(index)
        assert share == pytest.approx(level, abs=max(3 * error, 0.05))
    # It learns: of pay and costs, most of what the prior left open goes.
    learned = dict(zip(recovery.parameters, recovery.contraction.mean(axis=0), strict=True))
    assert learned["hungary:posts.technical.salary_month"] > 0.5
    # And it does not pretend to, of what no cell depends on.
    assert abs(learned["services.policy_advice.adoption_probability"]) < 0.1
    assert np.median(recovery.miss) < 1.05
