"""Both engines over the same runs: are their results equal, to the cent?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled import run as compiled
from ncpcsim.compiled.library import load
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.tables import tables_for
from ncpcsim.faults import RunError
from ncpcsim.model.inputs import Tables
from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams
from ncpcsim.plan.load import Plan
from ncpcsim.reference.assembly import simulate

_BLOCK_RUNS = 10


@dataclass(frozen=True)
class Comparison:
    """Some runs through both engines.

    Attributes:
        runs: how many.
        equal: how many of them are equal in every amount and count, or ended for the same reason.
        failed: how many of the equal ones ended without a result.
        paid_late: how many of the equal ones paid bills late, as all do that sleep or close.
        first_difference: where the first run that is not equal differs, in words.
    """

    runs: int
    equal: int
    failed: int
    paid_late: int
    first_difference: str | None


def compare_plan(
    plan: Plan, seed: int, runs: int, progress: Callable[[int], None] | None = None
) -> Comparison:
    """Compare the engines over a plan's first runs, uncertain parameters drawn.

    Args:
        plan: what to simulate.
        seed: the random seed.
        runs: how many.
        progress: a callback for runs as they finish.

    Raises:
        EngineError: there is no compiled engine.
    """
    found = []
    for first in range(0, runs, _BLOCK_RUNS):
        replications = range(first, min(first + _BLOCK_RUNS, runs))
        values = draw_matrix(plan, seed, replications, load())
        found.append(compare(tables_for(plan), seed, replications, tuple(plan.uncertain), values))
        if progress:
            progress(len(replications))
    return joined(found)


def joined(parts: Sequence[Comparison]) -> Comparison:
    """Several comparisons as one."""
    return Comparison(
        sum(part.runs for part in parts),
        sum(part.equal for part in parts),
        sum(part.failed for part in parts),
        sum(part.paid_late for part in parts),
        next((part.first_difference for part in parts if part.first_difference), None),
    )


def compare(
    tables: Tables,
    seed: int,
    replications: Sequence[int],
    parameters: Sequence[str] = (),
    values: NDArray[np.float64] | None = None,
) -> Comparison:
    """Run the centre through both engines and compare.

    Args:
        tables: the plan.
        seed: the random seed.
        replications: which runs.
        parameters: dotted paths of the plan's numbers that differ between runs.
        values: their values, shape (runs, parameters).

    Raises:
        EngineError: there is no compiled engine.
    """
    drawn = np.zeros((len(replications), 0)) if values is None else values
    found = compiled.simulate(tables, seed, replications, parameters, drawn)
    equal = failed = paid_late = 0
    first: str | None = None
    for run, (replication, row) in enumerate(zip(replications, drawn.tolist(), strict=True)):
        words = tables.filled(dict(zip(parameters, row, strict=True)))
        ours = _outcome(partial(simulate, tables, Streams(seed, replication), words=words))
        theirs = _outcome(partial(found.record, run))
        difference = next(differences(ours, theirs), None)
        if difference is None:
            equal += 1
            failed += isinstance(ours, RunError)
            paid_late += isinstance(ours, Record) and _paid_late(ours)
        elif first is None:
            first = f"run {replication}: {difference}"
    return Comparison(len(replications), equal, failed, paid_late, first)


def _paid_late(record: Record) -> bool:
    """Whether bills were ever paid late; a centre that closes or sleeps did so too."""
    return bool(record.net_cents[Account.PAYABLES].any())


def differences(reference: Record | Exception, other: Record | Exception) -> Iterator[str]:
    """What the compiled engine's result has otherwise, in words; the earliest month first.

    Args:
        reference: what the reference engine left, or what ended its run.
        other: the same of the compiled engine.
    """
    if isinstance(reference, Exception) or isinstance(other, Exception):
        if str(reference) != str(other) or type(reference) is not type(other):
            yield f"{_ended(reference)} in the reference, {_ended(other)} compiled"
        return
    yield from _amounts("cents of", reference.accounts, reference.net_cents, other.net_cents)
    yield from _amounts("count of", reference.counted, reference.counts, other.counts)
    for what in ("receipts_cents", "payments_cents"):
        one, two = (np.atleast_2d(getattr(each, what)) for each in (reference, other))
        yield from _amounts("cents of", (what,), one, two)
    opened = (each.opening_cents[:, np.newaxis] for each in (reference, other))
    yield from _amounts("opening cents of", reference.accounts, *opened)
    for what in ("closed_month", "cause", "late_since", "dormant_since"):
        one, two = getattr(reference, what), getattr(other, what)
        if one != two:
            yield f"{what} is {one} in the reference, {two} compiled"


def _amounts(
    what: str, names: Sequence[str], one: NDArray[np.int64], two: NDArray[np.int64]
) -> Iterator[str]:
    if one.shape != two.shape:
        yield f"{what} {names[0]} and others are of another shape"
        return
    rows, months = np.nonzero(one != two)
    for place in np.argsort(months, kind="stable"):
        row, month = rows[place], months[place]
        numbers = f"{one[row, month]} in the reference, {two[row, month]} compiled"
        yield f"month {month}, {what} {names[row]}: {numbers}"


def _ended(result: Record | Exception) -> str:
    if isinstance(result, RunError):
        return f"ends ({result})"
    return f"fails ({result!r})" if isinstance(result, Exception) else "has a result"


def _outcome(run: Callable[[], Record]) -> Record | Exception:
    """A run's result, or what ended it: another error than a fault is a difference."""
    try:
        return run()
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return error
