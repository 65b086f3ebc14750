"""Runs of one plan through the compiled engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ncpcsim.compiled.library import load
from ncpcsim.compiled.memory import LARGEST, SMALLEST, Memory, memory
from ncpcsim.faults import Fault, RunError
from ncpcsim.model.inputs import Tables
from ncpcsim.model.record import Record, Records
from ncpcsim.model.tables import Span, columns

_FULL = (Fault.CALENDAR, Fault.QUEUE, Fault.JOBS)
_GROWS = 4
_EVERY = slice(None)


@dataclass(frozen=True, eq=False)
class Results:
    """What some runs left.

    Attributes:
        tables: the plan.
        places: where each kind of result stands in a run's words.
        words: all results, shape (runs, words).
    """

    tables: Tables
    places: Mapping[str, Span]
    words: NDArray[np.int64]

    @property
    def faults(self) -> NDArray[np.int64]:
        """Why each run has no result, or `Fault.NONE`, shape (runs,)."""
        return self._ending("fault")

    @property
    def events(self) -> NDArray[np.int64]:
        """Events that happened in each run, shape (runs,)."""
        return self._ending("events")

    def record(self, run: int) -> Record:
        """What a run left.

        Raises:
            RunError: it could not be carried to its end.
        """
        fault = Fault(self.faults[run].item())
        if fault:
            raise RunError(fault)
        return self.records(np.array([run])).record(0)

    def records(self, runs: NDArray[np.intp] | slice = _EVERY) -> Records:
        """What some runs left; of runs without a result it is of no use."""
        tables, months = self.tables, self.tables.months
        chosen = self.words[runs]

        def table(name: str, *shape: int) -> NDArray[np.int64]:
            span = self.places[name]
            part = chosen[:, span.first : span.first + span.words]
            return part.reshape(len(chosen), *shape)

        return Records(
            accounts=tables.accounts,
            net_cents=table("net_cents", len(tables.accounts), months),
            receipts_cents=table("receipts_cents", months),
            payments_cents=table("payments_cents", months),
            # A copy, and so are those below: a view would keep all that the runs left in memory.
            opening_cents=table("opening_cents", len(tables.accounts)).copy(),
            counted=tables.counted,
            counts=table("counts", len(tables.counted), months),
            closed_month=self._ending("closed_month")[runs].copy(),
            cause=self._ending("cause")[runs].copy(),
            late_since=self._ending("late_since")[runs].copy(),
            dormant_since=self._ending("dormant_since")[runs].copy(),
        )

    def _ending(self, what: str) -> NDArray[np.int64]:
        """A number of each run's `Ending`, shape (runs,)."""
        span = self.places["ending"]
        return self.words[:, span.first + columns(span.kind).index(what)]


def simulate(
    tables: Tables,
    seed: int,
    replications: Sequence[int],
    parameters: Sequence[str] = (),
    values: NDArray[np.float64] | None = None,
) -> Results:
    """Run the centre once for each of some replications.

    Args:
        tables: the plan.
        seed: the random seed, 0 to 2**64 - 1.
        replications: which, in any order; a run depends on its own alone.
        parameters: dotted paths of the plan's numbers that differ between runs.
        values: their values, shape (runs, parameters); what no run changes is at the median.

    Raises:
        EngineError: there is no compiled engine.
    """
    numbers = np.array(replications, np.uint64)
    drawn = np.zeros((len(numbers), 0)) if values is None else np.ascontiguousarray(values)
    cells = cells_of(tables, parameters)
    block = memory(tables)
    words = _run(block, seed, numbers, cells, drawn)
    _again_where_full(tables, block, seed, numbers, cells, drawn, words)
    return Results(tables, block.results, words)


def cells_of(
    tables: Tables, parameters: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The words that each run fills, and the parameter that goes into each, shape (cells,) both."""
    pairs = [
        (word, column)
        for column, path in enumerate(parameters)
        for word in tables.cells.get(path, ())
    ]
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])


def _run(
    block: Memory,
    seed: int,
    replications: NDArray[np.uint64],
    cells: tuple[NDArray[np.int64], NDArray[np.int64]],
    values: NDArray[np.float64],
) -> NDArray[np.int64]:
    words = np.empty((len(replications), block.result_words), np.int64)
    load().simulate(
        block.words,
        block.directory,
        seed,
        replications,
        *cells,
        values,
        block.first_result,
        words,
    )
    return words


def _again_where_full(
    tables: Tables,
    block: Memory,
    seed: int,
    replications: NDArray[np.uint64],
    cells: tuple[NDArray[np.int64], NDArray[np.int64]],
    values: NDArray[np.float64],
    words: NDArray[np.int64],
) -> None:
    """Run those again, with more room, for which there was too little."""
    capacity, ending = SMALLEST, block.results["ending"]
    fault = ending.first + columns(ending.kind).index("fault")
    while capacity < LARGEST:
        full = np.flatnonzero(np.isin(words[:, fault], _FULL))
        if not len(full):
            return
        capacity *= _GROWS
        larger = memory(tables, capacity)
        for run in full:
            one = slice(run, run + 1)
            words[one] = _run(larger, seed, replications[one], cells, values[one])
