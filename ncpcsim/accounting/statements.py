"""Yearly statements in the layouts of the two published ones (003, Figures 10 and 11).

A line is the sum of what was posted to some accounts in a year. Income has the ledger's sign
turned, so that every line reads as in print. Money in kind is out of both layouts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import OPERATIONAL, Account

A = Account
FEES = "fees"
"""Stands for the fee accounts of all services."""
_OPERATIONAL = tuple(Account(number) for number in OPERATIONAL)


@dataclass(frozen=True)
class StatementLine:
    """One line of a layout: `accounts` are summed; `level` is its indentation in print."""

    section: str
    name: str
    level: int
    accounts: tuple[Account | str, ...]


def _layout(
    section: str, total: str, lines: Mapping[str, tuple[Account | str, ...]]
) -> list[StatementLine]:
    every = tuple(dict.fromkeys(account for accounts in lines.values() for account in accounts))
    return [
        StatementLine(section, total, 0, every),
        *(StatementLine(section, k, 1, v) for k, v in lines.items()),
    ]


_HUNGARIAN = (
    *_layout(
        "revenue",
        "Revenues",
        {
            "UNIDO discretionary budget": (A.PROGRAMME_DISCRETIONARY,),
            "UNIDO direct funding": (A.PROGRAMME_EARMARKED,),
            "Domestic tenders": (A.DOMESTIC_PUBLIC,),
            "Corporate support": (A.CORPORATE_SUPPORT,),
            "Operational incomes": (FEES, *_OPERATIONAL),
            "Other support": (
                A.OTHER_SUPPORT,
                A.OTHER_EARMARKED,
                A.INTERNATIONAL_PROJECTS,
                A.HOST_CASH,
            ),
        },
    ),
    *_layout(
        "expenditure",
        "Expenditures",
        {
            "Salaries": (A.SALARIES, A.SOCIAL_SECURITY, A.EARMARKED_SALARIES),
            "Sub-contractors": (A.SUBCONTRACTORS, A.EARMARKED_SUBCONTRACTORS),
            "Infrastructure and fixed assets": (A.PREMISES, A.EQUIPMENT, A.EARMARKED_EQUIPMENT),
            "Travel expenses and per diem": (A.TRAVEL, A.EARMARKED_TRAVEL),
            "Overhead": (A.OVERHEAD, A.MATERIALS, A.MANAGEMENT_FEE),
            "Miscellaneous": (
                A.MISCELLANEOUS,
                A.INTEREST,
                A.BAD_DEBTS,
                A.EARMARKED_MISCELLANEOUS,
            ),
        },
    ),
)
_DIRECT = (A.SUBCONTRACTORS, A.EARMARKED_SUBCONTRACTORS, A.TRAVEL, A.EARMARKED_TRAVEL)
_INDIRECT = (A.PREMISES, A.OVERHEAD, A.MANAGEMENT_FEE)
_CZECH = (
    *_layout(
        "revenue",
        "Revenues",
        {
            "Revenues from Operations": (FEES, *_OPERATIONAL, A.INTERNATIONAL_PROJECTS),
            "Other Revenues": (A.CORPORATE_SUPPORT, A.OTHER_SUPPORT, A.OTHER_EARMARKED),
            "Contributions": (
                A.PROGRAMME_DISCRETIONARY,
                A.PROGRAMME_EARMARKED,
                A.DOMESTIC_PUBLIC,
                A.HOST_CASH,
            ),
        },
    ),
    *_layout(
        "expenditure",
        "Expenditures",
        {
            "Material & Energy Expenses": (A.MATERIALS,),
            "Service Expenses": (*_DIRECT, *_INDIRECT),
            "Wage Expenses": (A.SALARIES, A.EARMARKED_SALARIES),
            "Social Security Expenses": (A.SOCIAL_SECURITY,),
            "Depreciation Expenses": (A.DEPRECIATION,),
            "Other Expenses": (
                A.MISCELLANEOUS,
                A.INTEREST,
                A.BAD_DEBTS,
                A.EARMARKED_EQUIPMENT,
                A.EARMARKED_MISCELLANEOUS,
            ),
        },
    ),
)


def _with_parts(lines: Sequence[StatementLine]) -> tuple[StatementLine, ...]:
    """The Czech layout with the lines under "Service Expenses"."""
    parts = {
        "direct": (2, _DIRECT),
        "personnel": (3, _DIRECT[:2]),
        "non-personnel": (3, _DIRECT[2:]),
        "indirect": (2, _INDIRECT),
    }
    under = [StatementLine("expenditure", name, level, acc) for name, (level, acc) in parts.items()]
    at = next(i for i, line in enumerate(lines) if line.name == "Service Expenses") + 1
    return (*lines[:at], *under, *lines[at:])


def _with_balance(lines: Sequence[StatementLine]) -> tuple[StatementLine, ...]:
    every = tuple(account for line in lines if line.level == 0 for account in line.accounts)
    return (*lines, StatementLine("balance", "Balance", 0, every))


LAYOUTS: Mapping[str, tuple[StatementLine, ...]] = {
    "hungary": _with_balance(_HUNGARIAN),
    "czech": _with_balance(_with_parts(_CZECH)),
}


def line_cents(net_year_cents: NDArray[np.int64], line: StatementLine) -> NDArray[np.int64]:
    """One line, from net debits by account and year.

    Args:
        net_year_cents: shape (..., accounts, years).
        line: the line.

    Returns:
        Cents by year, shape (..., years), signed as in print.
    """
    fixed = [account for account in line.accounts if isinstance(account, Account)]
    row: NDArray[np.int64] = net_year_cents[..., fixed, :].sum(axis=-2)
    if FEES in line.accounts:
        row = row + net_year_cents[..., Account.FEES :, :].sum(axis=-2)
    return row if line.section == "expenditure" else -row


def statement_cents(net_year_cents: NDArray[np.int64], layout: str) -> NDArray[np.int64]:
    """The lines of a layout, from net debits by account and year.

    Args:
        net_year_cents: shape (..., accounts, years).
        layout: "hungary" (Figure 11) or "czech" (Figure 10).

    Returns:
        Cents by line and year, shape (..., lines, years), signed as in print.
    """
    return np.stack([line_cents(net_year_cents, line) for line in LAYOUTS[layout]], axis=-2)
