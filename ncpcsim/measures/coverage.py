"""What a run says about a centre: coverage ratios, whether it lasts, its lowest cash.

Pure functions of a run's record. Three coverage ratios, because one misleads (003, Figure 11: fees
rose while the share of expenditure they covered fell). All three divide by operating expenditure,
which leaves out what earmarked money paid for, and their income leaves out earmarked money.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import EARMARKED_EXPENSES, OPERATING_EXPENSES, OPERATIONAL, Account
from ncpcsim.model.record import Record
from ncpcsim.plan.schema import Numbers, Thresholds

COVERAGES = ("fee", "domestic", "programme_free")
TRAILING_MONTHS = 12

_DOMESTIC = (Account.DOMESTIC_PUBLIC, Account.CORPORATE_SUPPORT, Account.HOST_CASH)
_OTHER = (Account.OTHER_SUPPORT, Account.INTERNATIONAL_PROJECTS)


@dataclass(frozen=True)
class Outcome:
    """The end of one run in a few numbers.

    Attributes:
        sustained: open at the end, never insolvent, and programme-free coverage over the last
            twelve months at least the plan's threshold; a centre that spent nothing did nothing
            that could be sustained.
        self_sufficient: the same with fee coverage.
        insolvent_month: month in which the centre was wound up, or nothing.
        lowest_cash_cents: the least unrestricted cash at any month end while open.
        lowest_cash_month: the month at whose end that was.
        closing_cash_cents: unrestricted cash at the end.
        coverage: each coverage ratio over the last twelve open months; NaN without expenditure.
    """

    sustained: bool
    self_sufficient: bool
    insolvent_month: int | None
    lowest_cash_cents: int
    lowest_cash_month: int
    closing_cash_cents: int
    coverage: Mapping[str, float]


def outcome(record: Record, thresholds: Thresholds) -> Outcome:
    """Judge a run."""
    open_months = open_months_of(record)
    cash = record.cash_cents()
    lowest = int(np.argmin(cash[:open_months]))
    last = slice(max(open_months - TRAILING_MONTHS, 0), open_months)
    income = {name: int(series[last].sum()) for name, series in incomes_cents(record).items()}
    spent = int(operating_expenditure_cents(record)[last].sum())
    lasts = record.insolvent_month is None and spent > 0
    enough = thresholds.sustained_coverage * spent
    return Outcome(
        sustained=lasts and income["programme_free"] >= enough,
        self_sufficient=lasts and income["fee"] >= enough,
        insolvent_month=record.insolvent_month,
        lowest_cash_cents=int(cash[lowest]),
        lowest_cash_month=lowest,
        closing_cash_cents=int(cash[-1]),
        coverage={name: _ratio(income[name], spent) for name in COVERAGES},
    )


def incomes_cents(record: Record) -> dict[str, NDArray[np.int64]]:
    """The income that each coverage ratio counts, by month, in cents."""
    net = record.net_cents
    fees = -net[Account.FEES :].sum(axis=0) - net[_slice(OPERATIONAL)].sum(axis=0)
    domestic = fees - net[list(_DOMESTIC)].sum(axis=0)
    programme_free = domestic - net[list(_OTHER)].sum(axis=0)
    return {"fee": fees, "domestic": domestic, "programme_free": programme_free}


def operating_expenditure_cents(record: Record) -> NDArray[np.int64]:
    """What the centre's own money paid for, depreciation and bad debts among it, by month."""
    spent: NDArray[np.int64] = record.net_cents[_slice(OPERATING_EXPENSES)].sum(axis=0)
    return spent


def pass_through_cents(record: Record) -> NDArray[np.int64]:
    """What earmarked money paid for, by month, in cents."""
    spent: NDArray[np.int64] = record.net_cents[_slice(EARMARKED_EXPENSES)].sum(axis=0)
    return spent


def yearly_coverage(record: Record, start: date) -> dict[str, NDArray[np.float64]]:
    """The coverage ratios by fiscal year, shape (years,) each; NaN where nothing was spent."""
    year_of = fiscal_years(start, record.months)
    spent = by_year(operating_expenditure_cents(record), year_of)
    incomes = {name: by_year(series, year_of) for name, series in incomes_cents(record).items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            name: np.where(spent > 0, income / spent, np.nan) for name, income in incomes.items()
        }


def fiscal_years(start: date, months: int) -> NDArray[np.int64]:
    """The calendar year of each month of the plan, shape (months,)."""
    return np.array([start.year + (start.month - 1 + m) // 12 for m in range(months)])


def by_year(series: NDArray[np.int64], year_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """A monthly series (last axis) summed by fiscal year."""
    first_months = np.flatnonzero(np.diff(year_of, prepend=year_of[0] - 1))
    summed: NDArray[np.int64] = np.add.reduceat(series, first_months, axis=-1)
    return summed


def years(numbers: Numbers) -> list[int]:
    """The fiscal years of a plan's run."""
    return sorted({int(y) for y in fiscal_years(numbers.start, numbers.horizon.months)})


def open_months_of(record: Record) -> int:
    """Months in which the centre was open."""
    return record.months if record.insolvent_month is None else record.insolvent_month + 1


def _slice(accounts: range) -> slice:
    return slice(accounts.start, accounts.stop)


def _ratio(income: int, spent: int) -> float:
    return income / spent if spent > 0 else float("nan")
