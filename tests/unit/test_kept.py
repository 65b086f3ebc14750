"""What is kept of many runs is the same in memory and on the disk, and memory does not grow."""

import gc

import numpy as np
import pytest

from ncpcsim.results import kept
from ncpcsim.results.kept import Kept
from ncpcsim.results.table import Table, joined


def chunks(runs: int, size: int) -> list[Table]:
    """Tables of some runs, of which every seventh failed."""
    found = []
    for first in range(0, runs, size):
        numbers = np.arange(first, min(first + size, runs))
        failed = {int(n): "ValueError: no" for n in numbers if n % 7 == 3}
        good = np.array([n for n in numbers.tolist() if n not in failed])
        columns = {"a": good * 2.5, "b": good % 2 == 0, "closed_month": good - 5}
        found.append(Table(numbers, numbers // 3, failed, columns))
    return found


@pytest.mark.parametrize("spills", [True, False])
@pytest.mark.parametrize(("runs", "size"), [(1, 1), (99, 100), (2500, 100), (12_345, 60)])
def test_tables_are_what_they_are_joined(runs: int, size: int, *, spills: bool) -> None:
    keeping = Kept(spills=spills)
    given = chunks(runs, size)
    for table in given:
        keeping.add(table)
    found, expected = keeping.table(), joined(given)
    assert found.replications.tolist() == expected.replications.tolist()
    assert found.draws.tolist() == expected.draws.tolist()
    assert found.errors == expected.errors
    assert list(found.columns) == list(expected.columns)
    for name in expected.columns:
        assert found[name].dtype == expected[name].dtype
        assert found[name].tolist() == expected[name].tolist()
    assert found.frame().equals(expected.frame())


def test_columns_of_many_runs_lie_on_the_disk_and_go_with_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept, "MOST_IN_MEMORY", 2000)
    keeping = Kept(spills=True)
    for table in chunks(6000, 500):
        keeping.add(table)
    found = keeping.table()
    folder = found.columns._folder  # type: ignore[attr-defined]
    assert found["a"] is not found["a"]  # read anew each time
    assert len(list(folder.iterdir())) == 3
    del keeping, found
    gc.collect()
    assert not folder.exists()
