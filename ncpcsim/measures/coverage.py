"""What a run says about a centre: coverage ratios, whether it lasts, its lowest cash.

Pure functions of what runs left, with a leading axis of runs. Three coverage ratios, because one
misleads (003, Figure 11: fees rose while the share of expenditure they covered fell), each of own
cost, which leaves earmarked money out of both sides, and of full cost, which leaves out none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import EARMARKED_EXPENSES, OPERATING_EXPENSES, OPERATIONAL, Account
from ncpcsim.model.record import Record, Records
from ncpcsim.plan.schema import Numbers

COVERAGES = ("fee", "domestic", "programme_free")
TRAILING_MONTHS = 12

_DOMESTIC = (Account.DOMESTIC_PUBLIC, Account.CORPORATE_SUPPORT, Account.HOST_CASH)
_OTHER = (Account.OTHER_SUPPORT, Account.INTERNATIONAL_PROJECTS)
_Series = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The end of each run in a few numbers, shape (runs,) each.

    Attributes:
        closed_month: month in which the centre closed, or `OPEN`.
        lowest_cash_cents: the least unrestricted cash at any month end while open.
        lowest_cash_month: the month at whose end that was.
        closing_cash_cents: unrestricted cash at the end.
        coverage: each coverage of own cost over the last twelve open months; NaN without
            expenditure.
        full_coverage: each coverage of full cost, likewise.
    """

    closed_month: _Series
    lowest_cash_cents: _Series
    lowest_cash_month: _Series
    closing_cash_cents: _Series
    coverage: Mapping[str, NDArray[np.float64]]
    full_coverage: Mapping[str, NDArray[np.float64]]


def outcomes(records: Records) -> Outcomes:
    """The end of runs."""
    cash, end = records.cash_cents(), records.open_months
    is_open = np.arange(records.months) < end[:, np.newaxis]
    lowest = np.argmin(np.where(is_open, cash, np.iinfo(np.int64).max), axis=-1)
    own, full = operating_expenditure_cents(records), full_expenditure_cents(records)

    def covered(incomes: Mapping[str, _Series], spent: _Series) -> dict[str, NDArray[np.float64]]:
        whole = last_year(spent, end)
        return {name: ratio(last_year(incomes[name], end), whole) for name in COVERAGES}

    return Outcomes(
        closed_month=records.closed_month,
        lowest_cash_cents=np.take_along_axis(cash, lowest[:, np.newaxis], axis=-1)[:, 0],
        lowest_cash_month=lowest,
        closing_cash_cents=cash[:, -1].copy(),
        coverage=covered(incomes_cents(records), own),
        full_coverage=covered(full_incomes_cents(records), full),
    )


def incomes_cents(records: Record | Records) -> dict[str, _Series]:
    """The income that each coverage ratio counts, by month, in cents, shape (..., months)."""
    net = records.net_cents
    fees = -net[..., Account.FEES :, :].sum(axis=-2) - _sum(net, OPERATIONAL)
    domestic = fees - net[..., list(_DOMESTIC), :].sum(axis=-2)
    programme_free = domestic - net[..., list(_OTHER), :].sum(axis=-2)
    return {"fee": fees, "domestic": domestic, "programme_free": programme_free}


def full_incomes_cents(records: Record | Records) -> dict[str, _Series]:
    """The same against full cost: other donors' earmarked money, as it is spent, is counted."""
    incomes = incomes_cents(records)
    other = -records.net_cents[..., Account.OTHER_EARMARKED, :]
    return {**incomes, "programme_free": incomes["programme_free"] + other}


def full_expenditure_cents(records: Record | Records) -> _Series:
    """Own and earmarked expenditure, by month, in cents."""
    return operating_expenditure_cents(records) + pass_through_cents(records)


def operating_expenditure_cents(records: Record | Records) -> _Series:
    """What the centre's own money paid for, depreciation and bad debts among it, by month."""
    return _sum(records.net_cents, OPERATING_EXPENSES)


def pass_through_cents(records: Record | Records) -> _Series:
    """What earmarked money paid for, by month, in cents."""
    return _sum(records.net_cents, EARMARKED_EXPENSES)


def yearly_coverage(
    records: Record | Records, start: date, *, full: bool = False
) -> dict[str, NDArray[np.float64]]:
    """The coverage ratios by fiscal year, shape (..., years); NaN where nothing was spent.

    Args:
        records: what runs left.
        start: first day of the run.
        full: of full cost, not of own.
    """
    year_of = fiscal_years(start, records.months)
    costs = full_expenditure_cents(records) if full else operating_expenditure_cents(records)
    monthly = full_incomes_cents(records) if full else incomes_cents(records)
    spent = by_year(costs, year_of)
    incomes = {name: by_year(series, year_of) for name, series in monthly.items()}
    return {name: ratio(income, spent) for name, income in incomes.items()}


def fiscal_years(start: date, months: int) -> _Series:
    """The calendar year of each month of the plan, shape (months,)."""
    return start.year + (start.month - 1 + np.arange(months)) // 12


def last_months(year_of: _Series) -> _Series:
    """The last month of each year that a run has, shape (years,)."""
    return np.flatnonzero(np.diff(year_of, append=year_of[-1] + 1))


def by_year(series: _Series, year_of: _Series) -> _Series:
    """A monthly series (last axis) summed by fiscal year."""
    first_months = np.flatnonzero(np.diff(year_of, prepend=year_of[0] - 1))
    summed: _Series = np.add.reduceat(series, first_months, axis=-1)
    return summed


def years(numbers: Numbers) -> list[int]:
    """The fiscal years of a plan's run."""
    found: list[int] = np.unique(fiscal_years(numbers.first_day, numbers.months)).tolist()
    return found


def last_year(series: _Series, end: _Series) -> _Series:
    """Sums over the twelve months before a month of each run.

    Args:
        series: by month, shape (runs, months).
        end: the first month that no longer counts, 0 to months, shape (runs,).
    """
    return between(series, np.maximum(end - TRAILING_MONTHS, 0), end)


def between(series: _Series, first: _Series, end: _Series) -> _Series:
    """Sums of the months from `first` to before `end` of each run, shape (runs,)."""
    total = np.zeros((len(series), series.shape[-1] + 1), np.int64)
    np.cumsum(series, axis=-1, out=total[:, 1:])
    run = np.arange(len(series))
    return total[run, end] - total[run, first]


def ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    """One amount over another; NaN where that is not positive."""
    there = whole > 0
    return np.where(there, part / np.where(there, whole, 1), np.nan)


def _sum(net_cents: _Series, accounts: range) -> _Series:
    found: _Series = net_cents[..., accounts.start : accounts.stop, :].sum(axis=-2)
    return found
