"""Intervals hold the true value as often as they say; common random numbers save runs."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

from ncpcsim.answers.comparison import difference
from ncpcsim.experiment.precision import Until
from ncpcsim.measures.catalogue import MEASURES, Measure
from ncpcsim.plan.load import load_plan
from ncpcsim.report import run as simulated
from tests.batches import short_plan

REPETITIONS, RUNS = 2_000, 100
CASH = MEASURES["closing_cash"]


def coverage(
    until: Until, mean: float, column: Callable[[Generator], NDArray[np.float64]], per_draw: int = 1
) -> float:
    """How often the interval of 100 runs holds the mean."""
    generator = np.random.default_rng(1)
    table = pd.DataFrame({"error": None, "draw": np.arange(RUNS) // per_draw}, index=range(RUNS))
    held = 0
    for _ in range(REPETITIONS):
        table[until.measure.column] = column(generator)
        found = until.reached(table)
        held += found.low <= mean <= found.high
    return held / REPETITIONS


def cents(generator: Generator) -> NDArray[np.float64]:
    """Money that is mostly near 1,000 USD, and now and then far below; its mean is 800 USD."""
    return 100 * (generator.normal(1000, 300, RUNS) - generator.exponential(200, RUNS))


def cents_of_draws(generator: Generator) -> NDArray[np.float64]:
    """The same, where two runs that share a draw are alike."""
    return cents(generator) + 100 * generator.normal(0, 400, RUNS // 2).repeat(2)


def sustained(generator: Generator) -> NDArray[np.float64]:
    return (generator.random(RUNS) < 0.8).astype(float)


def test_intervals_of_money_hold_its_mean() -> None:
    assert 0.93 <= coverage(Until(CASH, 1), 800, cents) <= 0.97


def test_intervals_of_runs_that_share_draws_hold_the_mean() -> None:
    assert 0.93 <= coverage(Until(CASH, 1), 800, cents_of_draws, 2) <= 0.97
    # Taken for independent, they would say more than they know.
    assert coverage(Until(CASH, 1), 800, cents_of_draws) < 0.93


def test_intervals_of_shares_hold_the_share() -> None:
    assert 0.93 <= coverage(Until(MEASURES["sustained"], 0.1), 0.8, sustained) <= 0.97


def sustained_of_draws(generator: Generator) -> NDArray[np.float64]:
    """The same, where draws differ in how likely it is."""
    return (generator.random(RUNS) < generator.beta(4, 1, RUNS // 4).repeat(4)).astype(float)


def test_intervals_of_shares_that_share_draws_hold_the_share() -> None:
    until = Until(MEASURES["sustained"], 0.1)
    assert 0.93 <= coverage(until, 0.8, sustained_of_draws, 4) <= 0.97
    assert coverage(until, 0.8, sustained_of_draws) < 0.93


@pytest.mark.slow
@pytest.mark.parametrize("measure", [CASH, MEASURES["sustained"]])
def test_intervals_of_differences_that_share_draws_hold_the_difference(measure: Measure) -> None:
    generator = np.random.default_rng(1)
    draws = np.arange(RUNS) // 4
    numbers = {"replication": range(RUNS), "draw": draws, "error": None}
    mine, theirs = pd.DataFrame(numbers), pd.DataFrame(numbers)
    truth, held, held_alone = (-20 if measure is CASH else -0.2), 0, 0
    for _ in range(REPETITIONS):
        if measure is CASH:
            theirs[measure.column] = cents(generator)
            cost = generator.normal(20, 40, RUNS // 4).repeat(4) + generator.normal(0, 40, RUNS)
            mine[measure.column] = theirs[measure.column] - 100 * cost
        else:
            theirs[measure.column] = generator.random(RUNS) < 0.8
            kept = generator.random(RUNS) < generator.beta(3, 1, RUNS // 4).repeat(4)
            mine[measure.column] = theirs[measure.column] & kept
        for table in (mine, theirs):
            table["draw"] = draws
        found = difference(measure, "b", mine, "a", theirs).mean
        held += found.low <= truth <= found.high
        for table in (mine, theirs):
            table["draw"] = range(RUNS)
        found = difference(measure, "b", mine, "a", theirs).mean
        held_alone += found.low <= truth <= found.high
    assert 0.93 <= held / REPETITIONS <= 0.97
    assert held_alone / REPETITIONS < 0.93


@pytest.mark.slow
def test_intervals_of_a_plans_closing_cash_hold_its_mean() -> None:
    """Of runs drawn from a pool: that is the population, and its mean is known."""
    pool = simulated.run(short_plan(), 3_000)["closing_cash_cents"].to_numpy(dtype=float)

    def drawn(generator: Generator) -> NDArray[np.float64]:
        return generator.choice(pool, RUNS)

    assert 0.93 <= coverage(Until(CASH, 1), pool.mean() / 100, drawn) <= 0.97


@pytest.mark.slow
def test_common_random_numbers_make_a_tenth_of_a_price_worth_many_runs() -> None:
    """With them the variance of a difference is a fifth or less; without, it is all."""
    plan = load_plan("generic")
    tables = {"base": simulated.run(plan, 200), "apart": simulated.run(plan, 200, seed=2)}
    for service in ("training", "assessment"):
        path = f"services.{service}.clients.sme.price"
        dearer = plan.variant({path: 1.1 * plan.quantities[path].quantile(0.5)})
        tables[service] = simulated.run(dearer, 200)
    ratios = {
        name: difference(CASH, name, table, "base", tables["base"]).variance_ratio
        for name, table in tables.items()
        if name != "base"
    }
    assert 0 < ratios["training"] <= 0.2
    assert 0 < ratios["assessment"] <= 0.2
    assert 0.7 < ratios["apart"] < 1.4
