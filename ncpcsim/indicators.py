"""What a run says beside coverage: subsidy, reserve, reliance, mission, value for money.

Pure functions of a run's record, each over its last twelve open months unless it says otherwise. A
ratio whose denominator is zero is NaN.
"""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ncpcsim import measures
from ncpcsim.centre.assembly import Record
from ncpcsim.centre.grants import due
from ncpcsim.ledger import INCOME, MEMO, Account
from ncpcsim.plan.schema import Numbers

UNITS: Mapping[str, str] = {
    "subsidy_adjusted_coverage": "ratio",
    "reserve_months": "months",
    "largest_source_share": "share",
    "committed_share": "share",
    "mission_share": "share",
    "first_covered_month": "months",
    "last_dependence_month": "months",
    "client_savings_per_programme_usd": "usd/usd",
    "programme_usd_per_assessment": "usd",
}
"""The indicators and their units, in the order of reports."""

_PROGRAMME = (Account.PROGRAMME_DISCRETIONARY, Account.PROGRAMME_EARMARKED)
_LIQUID = (Account.CASH, Account.RECEIVABLES)
_YEAR = measures.TRAILING_MONTHS


def indicators(record: Record, numbers: Numbers) -> dict[str, float]:
    """All indicators of a run, by name."""
    last = slice(max(measures.open_months_of(record) - _YEAR, 0), measures.open_months_of(record))
    spent = int(measures.operating_expenditure_cents(record)[last].sum())
    return {
        "subsidy_adjusted_coverage": _subsidy_adjusted(record, last, spent),
        "reserve_months": _reserve_months(record, last, spent),
        "largest_source_share": _largest_source(record, last),
        "committed_share": _committed(record, numbers),
        "mission_share": _mission_share(record, numbers, last),
        "first_covered_month": _first_covered(record),
        "last_dependence_month": _last_dependence(record),
        "client_savings_per_programme_usd": _savings_per_programme(record),
        "programme_usd_per_assessment": _programme_per_assessment(record, numbers),
    }


def _subsidy_adjusted(record: Record, last: slice, spent: int) -> float:
    """Programme-free income over expenditure with what is given in kind counted as a cost."""
    income = int(measures.incomes_cents(record)["programme_free"][last].sum())
    in_kind = int(record.net_cents[list(MEMO)[1:], last].sum())
    return _ratio(income, spent + in_kind)


def _reserve_months(record: Record, last: slice, spent: int) -> float:
    """Months of expenditure that cash and receivables would carry."""
    closing = record.closing_cents()
    liquid = sum(closing[record.accounts[account]] for account in _LIQUID)
    return _ratio(liquid, spent / max(last.stop - last.start, 1))


def _largest_source(record: Record, last: slice) -> float:
    """Share of all income from its largest source; clients are one, and so is the programme."""
    net = record.net_cents[:, last]
    fees = -int(net[Account.FEES :].sum()) - int(net[Account.MEMBERSHIP].sum())
    programme = -int(net[list(_PROGRAMME)].sum())
    others = [a for a in INCOME if a not in (*_PROGRAMME, Account.MEMBERSHIP)]
    sources = [fees, programme, *(-int(net[account].sum()) for account in others)]
    return _ratio(max(sources), sum(sources))


def _committed(record: Record, numbers: Numbers) -> float:
    """At the end of the funding window: agreed income of the coming year over the past year's cost.

    Committed are tranches still due and invoices not yet paid; all else is hoped for.
    """
    end = min(numbers.horizon.funding_window_months, measures.open_months_of(record))
    coming = range(end, end + _YEAR)
    tranches = sum(
        usd for grant in numbers.grants.values() for month, usd in due(grant) if month in coming
    )
    owed = int(record.net_cents[Account.RECEIVABLES, :end].sum())
    spent = measures.operating_expenditure_cents(record)[max(end - _YEAR, 0) : end].sum()
    return _ratio(100 * tranches + owed, int(spent))


def _mission_share(record: Record, numbers: Numbers, last: slice) -> float:
    """Share of staff hours spent on the mission."""
    hours = {
        name: int(_counted(record, f"{name}.staff_hours")[last].sum()) for name in numbers.services
    }
    mission = sum(hours[name] for name, service in numbers.services.items() if service.mission)
    on_contracts = sum(
        int(_counted(record, f"{name}.staff_hours")[last].sum()) for name in numbers.contracts
    )
    return _ratio(mission, sum(hours.values()) + on_contracts)


def _last_dependence(record: Record) -> float:
    """Last month whose trailing year the centre did not cover without the programme; -1 if none."""
    open_months = measures.open_months_of(record)
    income = measures.incomes_cents(record)["programme_free"][:open_months]
    spent = measures.operating_expenditure_cents(record)[:open_months]
    short = np.flatnonzero(_trailing_sums(income) < _trailing_sums(spent))
    return float(short[-1]) if len(short) else -1.0


def _first_covered(record: Record) -> float:
    """First month whose trailing year, a full one, the centre covered without the programme."""
    open_months = measures.open_months_of(record)
    income = measures.incomes_cents(record)["programme_free"][:open_months]
    spent = measures.operating_expenditure_cents(record)[:open_months]
    enough = (_trailing_sums(income) >= _trailing_sums(spent))[_YEAR - 1 :]
    return float(np.argmax(enough)) + _YEAR if enough.any() else math.nan


def _savings_per_programme(record: Record) -> float:
    """What clients saved in the whole run, per dollar of the founding programme."""
    if "clients.savings_usd" not in record.counted:
        return math.nan
    saved_usd = int(_counted(record, "clients.savings_usd").sum())
    return _ratio(100 * saved_usd, _programme_cents(record))


def _programme_per_assessment(record: Record, numbers: Numbers) -> float:
    """Programme money of the whole run per piece of work that finds options at a client."""
    finding = [name for name, service in numbers.services.items() if service.finds_options]
    done = sum(int(_counted(record, f"{name}.done").sum()) for name in finding)
    return _ratio(_programme_cents(record) / 100, done)


def _programme_cents(record: Record) -> int:
    return -int(record.net_cents[list(_PROGRAMME)].sum())


def _counted(record: Record, name: str) -> NDArray[np.int64]:
    row: NDArray[np.int64] = record.counts[record.counted.index(name)]
    return row


def _trailing_sums(series: NDArray[np.int64]) -> NDArray[np.int64]:
    total = np.cumsum(series)
    before = np.concatenate([np.zeros(_YEAR, dtype=np.int64), total[:-_YEAR]])[: len(total)]
    sums: NDArray[np.int64] = total - before
    return sums


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan
