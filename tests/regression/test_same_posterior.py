"""One seed, one posterior: whatever the number of workers, and however often it was interrupted."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ncpcsim.calibrate.design import PART_RUNS, Design
from ncpcsim.calibrate.problem import published_problem
from ncpcsim.calibrate.study import prepare
from ncpcsim.results.errors import StoreError
from tests.executors import Reseeding

RUNS = 256
PROBLEM = published_problem("hungary")


def results(folder: Path | None = None, runs: int = RUNS, **how: object) -> NDArray[np.float64]:
    return Design(PROBLEM, runs, 3).run(folder, **how)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def expected() -> NDArray[np.float64]:
    return results()


def test_two_workers_give_what_one_gives(expected: NDArray[np.float64]) -> None:
    assert np.array_equal(results(workers=2), expected)


def test_an_executor_that_changes_the_seed_is_found_out() -> None:
    few = results(runs=2 * PART_RUNS)
    assert not np.array_equal(results(runs=2 * PART_RUNS, executor=Reseeding()), few)


def test_what_was_cut_short_goes_on_to_the_same(
    tmp_path: Path, expected: NDArray[np.float64]
) -> None:
    assert np.array_equal(results(tmp_path), expected)
    parts = sorted(tmp_path.glob("*.parquet"))
    assert len(parts) == RUNS // PART_RUNS
    parts[0].unlink()
    harmed = bytearray(parts[1].read_bytes())
    harmed[len(harmed) // 3] ^= 4
    parts[1].write_bytes(bytes(harmed))
    told: list[int] = []
    assert np.array_equal(results(tmp_path, progress=told.append), expected)
    assert (
        told[0] == RUNS - 2 * PART_RUNS
    )  # neither the missing part nor the damaged one was taken for whole
    told.clear()
    assert np.array_equal(results(tmp_path, progress=told.append), expected)
    assert told == [RUNS]


def test_runs_of_something_else_are_not_gone_on_with(tmp_path: Path) -> None:
    Design(PROBLEM, PART_RUNS, 3).run(tmp_path)
    with pytest.raises(StoreError, match="holds other runs: runs is 64 there and 256 here"):
        results(tmp_path)
    other = published_problem("czech")
    with pytest.raises(StoreError, match="holds other runs: centre is hungary there"):
        Design(other, PART_RUNS, 3).run(tmp_path)


def test_the_same_seed_gives_the_same_posterior(tmp_path: Path) -> None:
    def learn(folder: Path, workers: int) -> NDArray[np.float64]:
        study, _ = prepare([PROBLEM], runs=RUNS, seed=5, steps=200, folder=folder, workers=workers)
        return study.posterior().scores

    one, two = learn(tmp_path / "one", 1), learn(tmp_path / "two", 2)
    assert np.array_equal(one, two)
