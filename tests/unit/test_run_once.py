"""A run leaves the program around it as it was."""

import gc
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from ncpcsim.experiment import run as module
from ncpcsim.experiment.run import run_once
from tests.plans import bare_plan


@pytest.fixture(autouse=True)
def _collects_again() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.parametrize("collects", [True, False])
def test_a_run_leaves_the_collecting_of_garbage_as_it_was(*, collects: bool) -> None:
    if not collects:
        gc.disable()
    run_once(bare_plan(), 1, 0)
    assert gc.isenabled() == collects


def test_a_failed_run_leaves_the_collecting_of_garbage_as_it_was() -> None:
    during: list[bool] = []

    def fails(*_: object, **__: object) -> None:
        during.append(gc.isenabled())
        raise ArithmeticError

    with patch.object(module, "simulate", fails), pytest.raises(ArithmeticError):
        run_once(bare_plan(), 1, 0)
    assert during == [False]
    assert gc.isenabled()
