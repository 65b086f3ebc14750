"""A spread split into parameters and randomness, against what made it."""

import numpy as np
import pandas as pd
import pytest

from ncpcsim.answers.spread import spread
from ncpcsim.experiment.run import run_once
from ncpcsim.measures.catalogue import MEASURES
from ncpcsim.plan.load import load_plan
from ncpcsim.report import run as simulated

CASH = MEASURES["closing_cash"]


def batch(values: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> pd.DataFrame:
    """One row a draw, one column a random seed."""
    draws, seeds = values.shape
    cents = (100 * values).ravel()
    columns = {"error": None, "draw": np.repeat(np.arange(draws), seeds)}
    return pd.DataFrame(columns | {"closing_cash_cents": cents})


def test_known_variances_are_found_again() -> None:
    random = np.random.default_rng(5)
    made = random.normal(0, 300, (4000, 1)) + random.normal(0, 400, (4000, 3))
    found = spread(CASH, batch(made))
    assert found is not None
    assert found.parameters_share == pytest.approx(9 / 25, abs=0.03)
    assert found.randomness_share == pytest.approx(16 / 25, abs=0.03)
    assert found.sd == pytest.approx(500, rel=0.02)
    assert found.draws == 4000


def test_by_hand() -> None:
    """Draws (1, 3) and (5, 7): within 2 and 2 over 2 degrees, between 2 * 4 + 2 * 4 over 1.

    Within 4 / 2 = 2; between 16; parameters (16 - 2) / 2 = 7; so 7/9 and 2/9.
    """
    found = spread(CASH, batch(np.array([[1.0, 3.0], [5.0, 7.0]])))
    assert found is not None
    assert (found.parameters_share, found.randomness_share) == pytest.approx((7 / 9, 2 / 9))


def test_where_there_is_nothing_to_split_there_is_no_answer() -> None:
    assert spread(CASH, batch(np.array([[1.0], [2.0]]))) is None
    assert spread(CASH, batch(np.array([[1.0, 2.0]]))) is None
    assert spread(CASH, batch(np.array([[1.0, 1.0], [1.0, 1.0]]))) is None


def test_runs_of_one_draw_share_its_parameters_and_nothing_else() -> None:
    plan = load_plan("hungary").variant({"horizon.judged_month": 7})
    table = simulated.run(plan, 7, replications_per_draw=3, parameters="prior", detail=True)
    assert table["draw"].tolist() == [0, 0, 0, 1, 1, 1, 2]
    for path in plan.uncertain:
        values = table[f"parameter.{path}"].tolist()
        assert len({*values[:3]}) == len({*values[3:6]}) == 1
        assert len({*values}) == 3
    assert table["closing_cash_cents"].nunique() > 5
    _, record = run_once(plan, 1, 4, draw=1)
    row = table.loc[4]
    assert record.cash_cents()[-1] == row["closing_cash_cents"]


def test_randomness_alone_and_parameters_alone() -> None:
    """With every number held, the spread is randomness; a plan's own draws then make none."""
    plan = load_plan("generic").variant({"horizon.judged_month": 7})
    held = plan.variant(
        {
            path: {"value": q.quantile(0.5), "unit": q.unit, "assumption": True}
            for path, q in plan.uncertain.items()
        }
    )
    table = simulated.run(held, 60, replications_per_draw=3)
    found = spread(CASH, table)
    assert found is not None
    assert found.parameters_share < 0.3
