"""The validation of a fit: which cells are met, and what ABC finds."""

import numpy as np
import pytest

from ncpcsim.calibrate.abc_check import abc_posterior
from ncpcsim.calibrate.emulator import contradiction_sd, transform
from ncpcsim.calibrate.recovery import LEVELS, with_reporting_error
from ncpcsim.calibrate.validation import CellFit, cell_fits
from tests.calibration import a_problem, money_target

QUANTILES = (10_000.0, 20_000.0, 25_000.0, 30_000.0, 40_000.0)


@pytest.mark.parametrize(
    ("published", "otherwise", "inside"),
    [
        (25_000, None, (True, True)),
        (31_000, None, (False, True)),
        # A thousand is anything that is rounded to it.
        (30_500, None, (True, True)),
        (40_500, None, (False, True)),
        (40_501, None, (False, False)),
        (9_499, None, (False, False)),
        # Anything between what is printed and what others say.
        (0, 15_000, (False, True)),
        (50_000, 29_000, (True, True)),
        (0, 60_000, (True, True)),
        (50_000, 60_000, (False, False)),
    ],
)
def test_a_cell_is_inside_as_far_as_it_is_known(
    published: float, otherwise: float | None, inside: tuple[bool, bool]
) -> None:
    cell = CellFit("ours", money_target("fees", published, otherwise=otherwise), QUANTILES, 0.5)
    assert tuple(cell.inside(level) for level in LEVELS) == inside


def test_cells_are_compared_with_the_quantiles_of_runs() -> None:
    problem = a_problem((money_target("fees", 250), money_target("pay", 1)), 2)
    runs = np.column_stack([np.arange(1001.0), np.full(1001, 7.0)])
    fees, pay = cell_fits(problem, runs)
    assert fees.quantiles == (50, 250, 500, 750, 950)
    assert fees.rank == pytest.approx(0.25, abs=0.001)
    assert pay.rank == 0


def test_accounts_have_the_reporting_errors_of_print() -> None:
    targets = (money_target("fees", 40_000), money_target("pay", 0, otherwise=40_000))
    right = np.full((4000, 2), 30_000.0)
    printed = with_reporting_error(right, targets, seed=1)
    assert set(printed[:, 0]) == {30_000}
    assert (printed % 1000 == 0).all()
    moved = transform(printed, targets)[:, 1] - transform(right, targets)[:, 1]
    assert moved.std() == pytest.approx(contradiction_sd(targets)[1], rel=0.05)


def test_abc_finds_what_a_straight_line_made() -> None:
    random = np.random.default_rng(1)
    scores = random.standard_normal((4000, 3))
    results = np.column_stack([scores[:, 0] + 0.1 * random.standard_normal(4000), scores[:, 1]])
    found = abc_posterior(scores, results, np.array([0.8, -0.5]), seed=1)
    assert found.mean(axis=0) == pytest.approx([0.8, -0.5, 0], abs=0.15)
    assert found[:, 0].std() == pytest.approx(0.1, abs=0.05)
    assert found[:, 2].std() > 0.6
