"""The memory that compiled runs work in: the plan's tables, the world's and the state's."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ncpcsim.compiled.aside import ROOM
from ncpcsim.compiled.state import Centre
from ncpcsim.model.fields import EARMARKS
from ncpcsim.model.inputs import Tables
from ncpcsim.model.tables import Span, spans
from ncpcsim.model.world import World, world_rows
from ncpcsim.rules import AHEAD

RESULTS = ("net_cents", "receipts_cents", "payments_cents", "opening_cents", "counts", "ending")
"""The tables that a run leaves; they stand side by side."""
SMALLEST = 1 << 10
LARGEST = 1 << 22
"""Events that may lie ahead, jobs under way and requests waiting: at first, and at the most."""


@dataclass(frozen=True, eq=False)
class Memory:
    """A block of words for one thread's runs.

    Attributes:
        words: all tables, shape (words,).
        directory: first word and rows of every table, in the order that the library expects.
        results: where each of `RESULTS` stands, counted from the first of them.
        first_result: the first word of the results.
        result_words: how many they are.
    """

    words: NDArray[np.int64]
    directory: NDArray[np.int64]
    results: Mapping[str, Span]
    first_result: int
    result_words: int


def memory(tables: Tables, capacity: int = SMALLEST) -> Memory:
    """Room for runs of a plan.

    Args:
        tables: the plan; its words are copied into the block.
        capacity: events, jobs and requests there is room for.
    """
    rows = _rows(tables, capacity)
    first = len(tables.words)
    groups: list[Mapping[str, Span]] = [tables.places]
    for group in (World, Centre):
        places = spans(group, rows, first)
        first = max(span.first + span.words for span in places.values())
        groups.append(places)
    words = np.zeros(first, np.int64)
    words[: len(tables.words)] = tables.words
    every = [span for places in groups for span in places.values()]
    directory = np.array([number for s in every for number in (s.first, s.rows)], np.int64)
    kept = {name: groups[-1][name] for name in RESULTS}
    begin = min(span.first for span in kept.values())
    end = max(span.first + span.words for span in kept.values())
    results = {n: Span(s.kind, s.first - begin, s.rows, s.single) for n, s in kept.items()}
    return Memory(words, directory, results, begin, end - begin)


def _rows(tables: Tables, capacity: int) -> dict[str, int]:
    """How many rows each list of the world and of the state has."""
    inputs = tables.inputs
    months, accounts, counted = tables.months, len(tables.accounts), len(tables.counted)
    return {
        **world_rows(inputs),
        "net_cents": accounts * months,
        "counts": counted * months,
        "balances": accounts,
        "opening_cents": accounts,
        "rest": counted,
        **dict.fromkeys(("receipts_cents", "payments_cents"), months),
        **dict.fromkeys(("all_hours", "mission_hours", "surplus"), months),
        "arrears": months + 1,
        "experience": months + 1,
        "spent": EARMARKS,
        "arrived": len(inputs.tranches),
        **dict.fromkeys(("calendar", "job", "free_jobs", "requests"), capacity),
        "holders": len(inputs.positions),
        **dict.fromkeys(("crowds", "paces"), len(inputs.teams)),
        "candidates": len(inputs.sources),
        "aside": ROOM * len(inputs.sources),
        "calls": len(inputs.contracts),
        "aware": len(inputs.segments),
        "programmes_until": len(inputs.contracts),
        "won": len(inputs.last_gave),
        "funds": len(inputs.grants),
        "instalments": EARMARKS * len(inputs.tranches),
        "shares_up_to": len(inputs.categories),
        "reviews": months + 1,
        **dict.fromkeys(("price_factors", "proposed"), len(inputs.services) + 1),
        "earned": (len(inputs.services) + 1) * months,
        **dict.fromkeys(("direct_costs", "contract_cents"), months),
        **dict.fromkeys(("due", "own_costs"), months + AHEAD + 1),
        **dict.fromkeys(("flows", "running", "tried"), AHEAD + 1),
        "parts": EARMARKS,
        "shares": EARMARKS,
    }
