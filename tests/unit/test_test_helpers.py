"""What tests are made of: records that are kept, and comparisons that stop when decided."""

import numpy as np
import pytest

from ncpcsim.experiment.engines import COMPILED, REFERENCE
from tests.known_runs import known_run
from tests.measured import decided
from tests.plans import bare_plan, both_equal, run
from tests.stub_runs import tiny_plan


def test_a_run_asked_for_again_is_the_same_record() -> None:
    assert known_run(tiny_plan()) is known_run(tiny_plan())
    both_equal(known_run(tiny_plan()), run(tiny_plan()))


def test_another_plan_seed_replication_or_engine_is_another_run() -> None:
    one = known_run(tiny_plan(), 1, 0, COMPILED)
    others = [
        known_run(bare_plan(), 1, 0, COMPILED),
        known_run(tiny_plan(), 2, 0, COMPILED),
        known_run(tiny_plan(), 1, 1, COMPILED),
    ]
    assert all(not np.array_equal(one.counts, other.counts) for other in others)
    by_simpy = known_run(tiny_plan(), 1, 0, REFERENCE)
    assert by_simpy is not one
    both_equal(by_simpy, one)


def test_a_record_that_is_kept_cannot_be_changed() -> None:
    record = known_run(tiny_plan())
    for array in (record.net_cents, record.receipts_cents, record.payments_cents, record.counts):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_a_clear_difference_is_decided_at_the_first_look() -> None:
    asked: list[int] = []

    def clear(replication: int) -> float:
        asked.append(replication)
        return 4.0 if replication % 2 else 6.0

    found = decided(clear, first=16, most=512)
    assert asked == list(range(16))
    # Alternately 4 and 6: a spread of sqrt(16 / 15), a standard error of a quarter of it.
    assert found == pytest.approx((5, 5 - (16 / 15) ** 0.5, 5 + (16 / 15) ** 0.5))


def test_a_faint_difference_takes_more_runs_each_once() -> None:
    asked: list[int] = []

    def faint(replication: int) -> float:
        asked.append(replication)
        return -0.5 if replication % 2 else 1.5

    found = decided(faint, first=16, most=512)
    # Four standard errors of 1 are 0.5 at 64 runs, a little more for the sample's: 128 decide.
    assert asked == list(range(128))
    assert found.low > 0


def test_no_difference_takes_all_runs_and_is_told_from_none_hardly_ever() -> None:
    taken, wrong = [], 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        asked: list[int] = []

        def nothing(
            replication: int, random: np.random.Generator = random, asked: list[int] = asked
        ) -> float:
            asked.append(replication)
            return float(random.standard_normal())

        found = decided(nothing, first=16, most=100)
        wrong += not found.low <= 0 <= found.high
        taken.append(len(asked))
    assert wrong <= 2
    assert taken.count(100) >= 198
