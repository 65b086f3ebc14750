"""A plan as tables: once a plan, whatever the number of runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import account_names
from ncpcsim.model.centre_tables import director, host, network, setting, surroundings
from ncpcsim.model.client_tables import clients
from ncpcsim.model.fields import Inputs
from ncpcsim.model.funding_tables import contracts, funding
from ncpcsim.model.names import Names, names_of
from ncpcsim.model.opening_tables import opening
from ncpcsim.model.staff_tables import ability, boards, leadership, people
from ncpcsim.model.tables import Span, objects, row_type, spans, tables_of
from ncpcsim.model.writer import Writer
from ncpcsim.plan.schema import Numbers

_WRITTEN = (
    setting,
    opening,
    director,
    surroundings,
    network,
    host,
    clients,
    people,
    leadership,
    boards,
    ability,
    funding,
    contracts,
)
"""What writes the tables, in the order of their rows."""


@dataclass(frozen=True, eq=False)
class Tables:
    """A plan's numbers as tables, uncertain ones at their median.

    Attributes:
        words: all tables one after the other, read-only, shape (words,).
        places: where each table stands, by its name in `Inputs`.
        cells: the words in which each number of the plan stands, by dotted path.
        accounts: names of the accounts, in order.
        counted: names of what is counted, in order.
        names: names of the rows, for a trace.
    """

    words: NDArray[np.int64]
    places: Mapping[str, Span]
    cells: Mapping[str, tuple[int, ...]]
    accounts: tuple[str, ...]
    counted: tuple[str, ...]
    names: Names

    @cached_property
    def inputs(self) -> Inputs:
        """The tables at the medians, for the reference engine."""
        return self.read(self.words)

    def read(self, words: NDArray[np.int64]) -> Inputs:
        """Words as the reference engine reads them."""
        found: Inputs = objects(Inputs, words, self.places)
        return found

    def filled(self, values: Mapping[str, float]) -> NDArray[np.int64]:
        """A copy of the words with other values of some of the plan's numbers, by dotted path."""
        words = self.words.copy()
        for path, value in values.items():
            for cell in self.cells.get(path, ()):
                words.view(np.float64)[cell] = value
        return words

    @property
    def months(self) -> int:
        """Length of a run."""
        return self.inputs.horizon.months


def tables_of_plan(numbers: Numbers) -> Tables:
    """The tables of a plan's numbers.

    Raises:
        CollisionError: two of its names have the same number.
    """
    written = Writer(numbers)
    for write in _WRITTEN:
        write(written)
    lists = {name: len(written.rows[name]) for name in tables_of(Inputs)}
    places = spans(Inputs, lists)
    words = np.zeros(sum(span.words for span in places.values()), np.int64)
    for name, span in places.items():
        rows = np.array(written.rows[name], row_type(span.kind))
        words[span.first : span.first + span.words] = rows.view(np.int64)
    words.flags.writeable = False
    cells = {
        path: tuple(places[t].first + row * places[t].width + column for t, row, column in at)
        for path, at in written.cells.items()
    }
    counts = tuple(f"{subject}.{what}" for subject, what in written.counts)
    names = names_of(written)
    return Tables(words, places, cells, account_names(numbers.services), counts, names)
