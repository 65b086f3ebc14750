"""Simulations that go wrong, in place of the reference engine's."""

from collections.abc import Callable
from typing import Any

import pytest

from ncpcsim.experiment import run as run_module
from ncpcsim.model.inputs import Tables
from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams
from ncpcsim.reference.assembly import simulate


def put_in_place(monkeypatch: pytest.MonkeyPatch, simulation: Callable[..., Record]) -> None:
    """Let commands simulate by the reference engine, and that by another function."""
    monkeypatch.setenv("NCPCSIM_ENGINE", "reference")
    monkeypatch.setattr(run_module, "simulate", simulation)


def failing(which: set[int], error: BaseException) -> Callable[..., Record]:
    """A simulation that fails in some replications."""

    def broken(tables: Tables, streams: Streams, *arguments: Any, **more: Any) -> Record:
        if streams.replication in which:
            raise error
        return simulate(tables, streams, *arguments, **more)

    return broken
