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
    last_months,
    outcomes,
    yearly_coverage,
    years,
)
from ncpcsim.measures.indicators import indicators
from ncpcsim.measures.judgement import Judgement, judge
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
        "judgement": int,
        "closed_month": int,
        "cause": int,
        "late_since": int,
        "dormant_since": int,
        "lowest_cash_cents": int,
        "lowest_cash_month": int,
        "closing_cash_cents": int,
        **{f"coverage.{name}": float for name in COVERAGES},
        **{f"full_coverage.{name}": float for name in COVERAGES},
        **{measure.column: float for measure in (*INDICATORS, *OUTPUTS)},
        **{f"coverage.{name}.{y}": float for name in COVERAGES for y in run_years},
        **{f"full_coverage.{name}.{y}": float for name in COVERAGES for y in run_years},
        **{f"state.{y}": int for y in run_years},
        **{f"fees_cents.{y}": int for y in run_years},
        **{f"closing_cents.{name}": int for name in account_names(list(numbers.services))},
        **{f"total.{name}": int for name in counted_names(numbers)},
    }


def measured(records: Records, numbers: Numbers) -> dict[str, NDArray[Any]]:
    """All that is kept of runs, shape (runs,) each, in the order of `column_types`."""
    end, judged = outcomes(records), judge(records, numbers.thresholds)
    yearly = yearly_coverage(records, numbers.first_day)
    full = yearly_coverage(records, numbers.first_day, full=True)
    year_of = fiscal_years(numbers.first_day, records.months)
    fees = by_year(incomes_cents(records)["fee"], year_of)
    values: list[NDArray[Any]] = [
        judged.judgement == Judgement.SUSTAINED,
        judged.self_sufficient,
        judged.judgement,
        end.closed_month,
        records.cause,
        records.late_since,
        records.dormant_since,
        end.lowest_cash_cents,
        end.lowest_cash_month,
        end.closing_cash_cents,
        *(end.coverage[name] for name in COVERAGES),
        *(end.full_coverage[name] for name in COVERAGES),
        *indicators(records, numbers).values(),
        *(column for name in COVERAGES for column in yearly[name].T),
        *(column for name in COVERAGES for column in full[name].T),
        *records.states()[:, last_months(year_of)].T,
        *fees.T,
        *records.closing_cents().T,
        *records.counts.sum(axis=-1).T,
    ]
    return dict(zip(column_types(numbers), values, strict=True))
