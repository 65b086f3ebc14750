"""One run of a plan, and one task of consecutive runs: what a worker does."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import account_names
from ncpcsim.accounting.statements import LAYOUTS, statement_cents
from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.engines import COMPILED, REFERENCE, EngineName, simulate_compiled
from ncpcsim.experiment.tables import tables_for
from ncpcsim.measures import coverage
from ncpcsim.measures.declaration import delivered
from ncpcsim.measures.indicators import UNITS, indicators
from ncpcsim.model.counts import counted_names
from ncpcsim.model.record import Record, Trace
from ncpcsim.model.streams import Streams
from ncpcsim.plan.load import Plan
from ncpcsim.reference.assembly import simulate

Value = int | float | bool | str | None
Row = dict[str, Value]


@dataclass(frozen=True)
class Task:
    """Consecutive replications of one plan, to be run by one worker.

    Attributes:
        plan: what to simulate.
        seed: the batch's seed.
        first: number of the first replication.
        runs: how many.
        lucks_per_draw: consecutive replications that share one draw of the uncertain parameters
            and differ in randomness alone.
        keep_paths: whether to keep cents by account and month beside the rows.
        engine: "compiled" or "reference".
    """

    plan: Plan
    seed: int
    first: int
    runs: int
    lucks_per_draw: int = 1
    keep_paths: bool = False
    engine: EngineName = REFERENCE


@dataclass(frozen=True)
class Chunk:
    """The results of a task.

    Attributes:
        first: number of the first replication.
        rows: one row a replication, in order; a failed one has only its numbers and its error.
        cubes: cents by run, for quantiles over runs; empty unless asked for. Each has shape
            (accounts or lines, months or years, runs), int64; failed runs are left out.
    """

    first: int
    rows: list[Row]
    cubes: Mapping[str, NDArray[np.int64]]


def run_once(
    plan: Plan,
    seed: int,
    replication: int,
    trace: Trace | None = None,
    *,
    draw: int | None = None,
) -> tuple[dict[str, float], Record]:
    """Replay one replication with SimPy: its drawn parameters and its record.

    Args:
        plan: what to simulate.
        seed: the batch's random seed.
        replication: names the randomness.
        trace: told of every event and posting, if given.
        draw: names the draw of the uncertain parameters; that of the replication if left out.

    Raises:
        RunError: the run cannot be carried to its end.
    """
    parameters = draw_parameters(plan, seed, replication if draw is None else draw)
    tables = tables_for(plan)
    with _no_garbage_collection():
        record = simulate(
            tables, Streams(seed, replication), trace, words=tables.filled(parameters)
        )
    return parameters, record


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Collect no cyclic garbage for a while.

    A run leaves hardly any before its end, when all its parts are garbage at once; to look for it
    all the while took a tenth of a run's time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def run_chunk(task: Task) -> Chunk:
    """Run a task; an error in one replication becomes its row, not the batch's end.

    Raises:
        EngineError: the compiled engine is to simulate and is not there.
    """
    plan = task.plan
    rows: list[Row] = []
    records: list[Record] = []
    for replication, draw, found in _runs(task):
        if isinstance(found, Exception):
            what = f"{type(found).__name__}: {found}"
            rows.append({"replication": replication, "draw": draw, "error": what})
            continue
        try:
            parameters, record = found
            rows.append(row(plan, replication, draw, parameters, record))
            records.append(record)
        except Exception as error:  # noqa: BLE001  any failure of a run is a result to report
            what = f"{type(error).__name__}: {error}"
            rows.append({"replication": replication, "draw": draw, "error": what})
    return Chunk(task.first, rows, _cubes(plan, records) if task.keep_paths and records else {})


def _runs(task: Task) -> Iterator[tuple[int, int, tuple[dict[str, float], Record] | Exception]]:
    """Each run of a task: its number, its draw, and what it left or what stopped it."""
    replications = range(task.first, task.first + task.runs)
    draws = [replication // task.lucks_per_draw for replication in replications]
    if task.engine == COMPILED:
        runs = simulate_compiled(task.plan, task.seed, replications, draws)
        yield from zip(replications, draws, runs, strict=True)
        return
    for replication, draw in zip(replications, draws, strict=True):
        try:
            yield replication, draw, run_once(task.plan, task.seed, replication, draw=draw)
        except Exception as error:  # noqa: BLE001  any failure of a run is a result to report
            yield replication, draw, error


def row(
    plan: Plan, replication: int, draw: int, parameters: Mapping[str, float], record: Record
) -> Row:
    """One run as a flat row of plain values, money in cents; its keys are `columns(plan)`."""
    end = coverage.outcome(record, plan.numbers.thresholds)
    yearly = coverage.yearly_coverage(record, plan.numbers.start)
    year_of = coverage.fiscal_years(plan.numbers.start, record.months)
    fees = coverage.by_year(coverage.incomes_cents(record)["fee"], year_of)
    values: list[Value] = [
        replication,
        draw,
        None,
        end.sustained,
        end.self_sufficient,
        end.insolvent_month,
        end.lowest_cash_cents,
        end.lowest_cash_month,
        end.closing_cash_cents,
        *(end.coverage[name] for name in coverage.COVERAGES),
        *indicators(record, plan.numbers).values(),
        *(float(value) for name in coverage.COVERAGES for value in yearly[name]),
        *fees.tolist(),
        *record.closing_cents().values(),
        *record.counts.sum(axis=1).tolist(),
        *(parameters[path] for path in plan.uncertain),
    ]
    return dict(zip(columns(plan), values, strict=True))


def columns(plan: Plan) -> dict[str, str]:
    """Names of a row's columns and their pandas types, in order."""
    years = coverage.years(plan.numbers)
    services = list(plan.numbers.services)
    return {
        "replication": "int64",
        "draw": "int64",
        "error": "string",
        "sustained": "boolean",
        "self_sufficient": "boolean",
        "insolvent_month": "Int64",
        "lowest_cash_cents": "Int64",
        "lowest_cash_month": "Int64",
        "closing_cash_cents": "Int64",
        **{f"coverage.{name}": "float64" for name in coverage.COVERAGES},
        **{f"indicator.{name}": "float64" for name in UNITS},
        **{f"coverage.{name}.{y}": "float64" for name in coverage.COVERAGES for y in years},
        **{f"fees_cents.{y}": "Int64" for y in years},
        **{f"closing_cents.{name}": "Int64" for name in account_names(services)},
        **{f"total.{name}": "Int64" for name in counted_names(plan.numbers)},
        **{f"parameter.{path}": "float64" for path in plan.uncertain},
    }


def _cubes(plan: Plan, records: list[Record]) -> dict[str, NDArray[np.int64]]:
    year_of = coverage.fiscal_years(plan.numbers.start, plan.numbers.horizon.months)
    yearly = [coverage.by_year(record.net_cents, year_of) for record in records]
    numbers = plan.numbers
    return {
        "delivered": np.stack([delivered(record, numbers) for record in records], axis=-1),
        "accounts": np.stack([record.net_cents for record in records], axis=-1),
        **{
            f"statement.{layout}": np.stack(
                [statement_cents(net, layout) for net in yearly], axis=-1
            )
            for layout in LAYOUTS
        },
    }
