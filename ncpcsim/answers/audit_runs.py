"""The runs of an audit: pairs of a plan as it stands and as it is moved, judged in one month."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ncpcsim.answers.audit import MEASURES, Effect, Outcome, as_dict, effect_of, from_dict
from ncpcsim.answers.moves import Move
from ncpcsim.experiment.engines import COMPILED, EngineName
from ncpcsim.experiment.run import Task, run_chunk
from ncpcsim.measures.judgement import Judgement
from ncpcsim.model.record import Records
from ncpcsim.plan.judged import judged_in, judged_together
from ncpcsim.plan.load import Plan
from ncpcsim.results.table import Table

if TYPE_CHECKING:
    from datetime import date

CHUNK_RUNS = 100
_FEES = ("membership", "newer_centres")
_OTHER_INCOME = (
    *("domestic_public", "corporate_support", "host_cash"),
    *("other_support", "international_projects"),
)


class AuditFileError(ValueError):
    """A file of effects is of another audit, or damaged; the message says which."""


class Pairs:
    """Runs of a plan, kept, and of moved ones.

    Args:
        plan: as it stands.
        runs: of each.
        seed: the random seed.
        engine: what simulates.
    """

    def __init__(self, plan: Plan, runs: int, seed: int, engine: EngineName = COMPILED) -> None:
        self._plan, self._runs, self._seed, self._engine = plan, runs, seed, engine
        self._stands: dict[date, Outcome] = {}
        self._lock = Lock()

    def __call__(self, moved: Plan) -> tuple[Outcome, Outcome]:
        """Runs of the plan as it stands and of a moved one, judged in the later of their months."""
        stands, moved = judged_together([self._plan, moved])
        with self._lock:
            month = judged_in(stands)
            if month not in self._stands:
                self._stands[month] = self._outcome(stands)
        return self._stands[month], self._outcome(moved)

    def _outcome(self, plan: Plan) -> Outcome:
        found = plan.numbers.savings
        names = found.categories if found else ()
        options = [f"total.options.{name}.implemented" for name in names]
        return outcome(self._chunks(plan), options)

    def _chunks(self, plan: Plan) -> Iterator[tuple[Table, Records | None]]:
        for first in range(0, self._runs, CHUNK_RUNS):
            runs = min(CHUNK_RUNS, self._runs - first)
            task = Task(plan, self._seed, first, runs, keep_records=True, engine=self._engine)
            chunk = run_chunk(task)
            yield chunk.table, chunk.records


def audit(
    plan: Plan,
    chosen: Sequence[Move],
    pairs: Callable[[Plan], tuple[Outcome, Outcome]],
    *,
    workers: int = 1,
    kept: "EffectsFile | None" = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Effect]:
    """The effect of each move, in the moves' order.

    Args:
        plan: as it stands.
        chosen: the moves.
        pairs: simulates; `Pairs`, or a stub.
        workers: threads to use.
        kept: a file of effects: those in it are not simulated again, others are added.
        progress: a callback for the number of moves that are done.
    """
    done = dict(kept.effects) if kept else {}
    left = [move for move in chosen if (move.path, move.name) not in done]
    progress(len(chosen) - len(left))
    pool = ThreadPoolExecutor(workers)
    try:
        for effect in pool.map(lambda move: effect_of(move, pairs, plan), left):
            done[effect.path, effect.move] = effect
            if kept:
                kept.add(effect)
            progress(1)
    finally:
        pool.shutdown(cancel_futures=True)
    return [done[move.path, move.name] for move in chosen]


class EffectsFile:
    """A file of effects, a line each, after a line that says of which audit.

    Args:
        path: the file; it is begun if it is not there.
        about: what an audit must have in common with it.

    Raises:
        AuditFileError: it is of another audit, or damaged.
    """

    def __init__(self, path: Path, about: dict[str, Any]) -> None:
        self._path = path
        self.effects: dict[tuple[str, str], Effect] = {}
        if not path.exists():
            path.write_text(json.dumps(about) + "\n", encoding="utf-8")
            return
        first, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
        try:
            known = json.loads(first)
            # A line that was cut short by an interrupt is simulated again.
            whole = [line for line in lines if line.endswith("}")]
            effects = [from_dict(json.loads(line)) for line in whole]
        except (ValueError, KeyError, TypeError) as error:
            raise AuditFileError(f"{path}: is no file of an audit ({error})") from None
        for key, value in about.items():
            if known.get(key) != value:
                what = f"{key} is {known.get(key)}, expected {value}"
                raise AuditFileError(f"{path}: is of another audit: {what}")
        self.effects = {(effect.path, effect.move): effect for effect in effects}
        if len(whole) < len(lines):
            path.write_text("\n".join([first, *whole]) + "\n", encoding="utf-8")

    def add(self, effect: Effect) -> None:
        """Keep an effect."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(as_dict(effect)) + "\n")


def outcome(chunks: Iterable[tuple[Table, Records | None]], options: Sequence[str]) -> Outcome:
    """Runs in the numbers that are compared.

    Args:
        chunks: their tables and records, in order.
        options: the columns that count options implemented.
    """
    parts: list[dict[str, NDArray[np.float64]]] = []
    books, errors = [], 0
    for table, records in chunks:
        errors += len(table.errors)
        finished = np.flatnonzero(table.finished)
        part = {name: np.full(len(table), np.nan) for name in MEASURES}
        prints = np.zeros(len(table), np.uint64)
        if records is not None:
            for name, values in _measured(table, options).items():
                part[name][finished] = values
            prints[finished] = fingerprint(records)
        parts.append(part)
        books.append(prints)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in MEASURES}
    return Outcome(whole, np.concatenate(books), errors)


def _measured(table: Table, options: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    def booked(names: Iterable[str]) -> NDArray[np.float64]:
        columns = [table[f"closing_cents.{name}"].astype(np.float64) for name in names]
        return -sum(columns, np.zeros(len(table["sustained"]))) / 100

    lines = [c.partition(".")[2] for c in table.columns if c.startswith("closing_cents.fees_")]
    fees = booked([*lines, *_FEES])
    over = np.isin(table["judgement"], (Judgement.DORMANT, Judgement.CLOSED))
    none = np.zeros(len(fees))
    return {
        "fees": fees,
        "income": fees + booked(_OTHER_INCOME),
        "cash": table["closing_cash_cents"] / 100,
        "sustained": table["sustained"].astype(np.float64),
        "open": 1.0 - over,
        "mission": table["indicator.mission_share"],
        "assessments": np.nan_to_num(table["indicator.plants_assessed"]),
        "options": sum((table[name] for name in options if name in table.columns), none),
    }


def fingerprint(records: Records) -> NDArray[np.uint64]:
    """A number for each run that another run shares if all amounts and counts are the same.

    Rows without any amount do not count, so that a plan with an account more that is never used
    has the same. Sums of products with fixed odd numbers, modulo 2^64, shape (runs,).
    """
    months = _odd(f"month {m}" for m in range(records.months + 1))
    found = np.zeros(len(records.net_cents), np.uint64)
    for names, series in (
        (records.accounts, records.net_cents),
        (records.counted, records.counts),
        (("receipts", "payments"), np.stack([records.receipts_cents, records.payments_cents], 1)),
    ):
        rows = (series.astype(np.uint64) * months[:-1]).sum(axis=-1, dtype=np.uint64)
        found += (rows * _odd(names)).sum(axis=-1, dtype=np.uint64)
    opening = records.opening_cents.astype(np.uint64) * _odd(records.accounts) * months[-1]
    found += opening.sum(axis=-1, dtype=np.uint64)
    return found


def _odd(names: Iterable[str]) -> NDArray[np.uint64]:
    """A fixed odd number for each name."""
    words = [(zlib.crc32(n.encode()) << 32) | zlib.crc32(f"{n}!".encode()) | 1 for n in names]
    return np.array(words, np.uint64)
