"""The columns of a table of runs: every number that is kept of a run, by name."""

from typing import Any

from numpy.typing import NDArray

from ncpcsim.accounting.ledger import account_names
from ncpcsim.measures.catalogue import INDICATORS, OUTPUTS
from ncpcsim.measures.coverage import (
    COVERAGES,
    by_year,
    fiscal_years,
    incomes_cents,
    outcomes,
    yearly_coverage,
    years,
)
from ncpcsim.measures.indicators import indicators
from ncpcsim.model.counts import counted_names
from ncpcsim.model.record import Records
from ncpcsim.plan.schema import Numbers

DETAIL = ("closing_cents.", "total.", "parameter.")
"""How the names of those columns begin that answers do not need."""


def column_types(numbers: Numbers) -> dict[str, type]:
    """Names of the columns of `measured`, in order, and what their arrays hold.

    Money is in cents, a ratio is a ratio, months count from 0.
    """
    run_years = years(numbers)
    return {
        "sustained": bool,
        "self_sufficient": bool,
        "closed_month": int,
        "lowest_cash_cents": int,
        "lowest_cash_month": int,
        "closing_cash_cents": int,
        **{f"coverage.{name}": float for name in COVERAGES},
        **{measure.column: float for measure in (*INDICATORS, *OUTPUTS)},
        **{f"coverage.{name}.{y}": float for name in COVERAGES for y in run_years},
        **{f"fees_cents.{y}": int for y in run_years},
        **{f"closing_cents.{name}": int for name in account_names(list(numbers.services))},
        **{f"total.{name}": int for name in counted_names(numbers)},
    }


def measured(records: Records, numbers: Numbers) -> dict[str, NDArray[Any]]:
    """All that is kept of runs, shape (runs,) each, in the order of `column_types`."""
    end = outcomes(records, numbers.thresholds)
    yearly = yearly_coverage(records, numbers.start)
    year_of = fiscal_years(numbers.start, records.months)
    fees = by_year(incomes_cents(records)["fee"], year_of)
    values: list[NDArray[Any]] = [
        end.sustained,
        end.self_sufficient,
        end.closed_month,
        end.lowest_cash_cents,
        end.lowest_cash_month,
        end.closing_cash_cents,
        *(end.coverage[name] for name in COVERAGES),
        *indicators(records, numbers).values(),
        *(column for name in COVERAGES for column in yearly[name].T),
        *fees.T,
        *records.closing_cents().T,
        *records.counts.sum(axis=-1).T,
    ]
    return dict(zip(column_types(numbers), values, strict=True))
