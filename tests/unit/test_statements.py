"""Yearly statements: every account in its line, once, and totals that are sums."""

import numpy as np
import pytest

from ncpcsim.accounting.ledger import (
    EARMARKED_EXPENSES,
    INCOME,
    LIABILITIES,
    OPERATING_EXPENSES,
    Account,
    account_names,
)
from ncpcsim.accounting.statements import FEES, LAYOUTS, StatementLine, statement_cents
from ncpcsim.experiment.run import run_once
from ncpcsim.measures.coverage import by_year, fiscal_years
from ncpcsim.plan.load import load_plan

NAMES = account_names(["visit", "audit"])

# Figure 11 books a purchase when it is made ("Infrastructure and fixed assets"); Figure 10 spreads
# it over the years of use ("Depreciation Expenses"). Neither shows both. Equipment bought with
# earmarked money is an expense at once in either.
LEFT_OUT = {"hungary": {Account.DEPRECIATION}, "czech": {Account.EQUIPMENT}}
EXPENSES = {
    Account.EQUIPMENT,
    *map(Account, OPERATING_EXPENSES),
    *map(Account, EARMARKED_EXPENSES),
}
layouts = pytest.mark.parametrize("layout", LAYOUTS)


def lines(layout: str, section: str, level: int) -> list[StatementLine]:
    return [x for x in LAYOUTS[layout] if (x.section, x.level) == (section, level)]


def powers_of_two() -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """One year in which each account's net debit is another power of two."""
    return np.array([[2**i] for i in range(len(NAMES))], dtype=np.int64)


def value(name: str) -> int:
    return int(2 ** NAMES.index(name))


def printed(layout: str) -> dict[tuple[str, str], int]:
    rows = statement_cents(powers_of_two(), layout)[:, 0].tolist()
    return {(x.section, x.name): row for x, row in zip(LAYOUTS[layout], rows, strict=True)}


@layouts
def test_every_income_is_in_exactly_one_line(layout: str) -> None:
    found = [account for line in lines(layout, "revenue", 1) for account in line.accounts]
    assert sorted(found, key=str) == sorted([*map(Account, INCOME), FEES], key=str)


@layouts
def test_every_expense_is_in_exactly_one_line(layout: str) -> None:
    found = [account for line in lines(layout, "expenditure", 1) for account in line.accounts]
    assert len(found) == len(set(found))
    assert set(found) == EXPENSES - LEFT_OUT[layout]


@layouts
@pytest.mark.parametrize("section", ["revenue", "expenditure"])
def test_lines_sum_to_their_section(layout: str, section: str) -> None:
    rows = printed(layout)
    (whole,) = lines(layout, section, 0)
    parts = [rows[section, line.name] for line in lines(layout, section, 1)]
    assert rows[section, whole.name] == sum(parts)
    assert 0 not in parts


@layouts
def test_the_balance_is_revenue_less_expenditure(layout: str) -> None:
    rows = printed(layout)
    (revenue,), (expenditure,) = (lines(layout, s, 0) for s in ("revenue", "expenditure"))
    balance = rows["revenue", revenue.name] - rows["expenditure", expenditure.name]
    assert rows["balance", "Balance"] == balance
    assert LAYOUTS[layout][-1].name == "Balance"


def test_lines_under_service_expenses_sum_to_the_lines_above_them() -> None:
    rows = printed("czech")
    assert rows["expenditure", "Service Expenses"] == (
        rows["expenditure", "direct"] + rows["expenditure", "indirect"]
    )
    assert rows["expenditure", "direct"] == (
        rows["expenditure", "personnel"] + rows["expenditure", "non-personnel"]
    )
    # In print they stand under it, in this order.
    names = [line.name for line in LAYOUTS["czech"]]
    at = names.index("Service Expenses")
    assert names[at : at + 5] == [
        "Service Expenses",
        "direct",
        "personnel",
        "non-personnel",
        "indirect",
    ]


@pytest.mark.parametrize(
    ("layout", "section", "line", "accounts"),
    [
        ("hungary", "revenue", "UNIDO direct funding", ["programme_earmarked"]),
        (
            "hungary",
            "revenue",
            "Operational incomes",
            ["fees_visit", "fees_audit", "membership", "newer_centres"],
        ),
        (
            "hungary",
            "expenditure",
            "Miscellaneous",
            ["miscellaneous", "interest", "bad_debts", "earmarked_miscellaneous"],
        ),
        (
            "hungary",
            "expenditure",
            "Infrastructure and fixed assets",
            ["premises", "equipment", "earmarked_equipment"],
        ),
        (
            "czech",
            "revenue",
            "Revenues from Operations",
            ["fees_visit", "fees_audit", "membership", "newer_centres", "international_projects"],
        ),
        ("czech", "expenditure", "Wage Expenses", ["salaries", "earmarked_salaries"]),
        ("czech", "expenditure", "indirect", ["premises", "overhead", "management_fee"]),
        ("czech", "expenditure", "personnel", ["subcontractors", "earmarked_subcontractors"]),
    ],
)
def test_a_line_reads_as_in_print(
    layout: str, section: str, line: str, accounts: list[str]
) -> None:
    # Income is credited, so it is turned to read as a positive number; expenses are debited.
    sign = -1 if section == "revenue" else 1
    assert printed(layout)[section, line] == sign * sum(value(name) for name in accounts)


@layouts
def test_a_statement_has_a_column_a_year(layout: str) -> None:
    years = np.concatenate([powers_of_two(), 3 * powers_of_two(), 0 * powers_of_two()], axis=1)
    found = statement_cents(years, layout)
    assert found.shape == (len(LAYOUTS[layout]), 3)
    assert (found[:, 1] == 3 * found[:, 0]).all()
    assert not found[:, 2].any()


@layouts
def test_what_the_balance_says_is_what_the_books_hold_more(layout: str) -> None:
    # The change of all assets less what is owed to a purpose, in the layout that shows wear; with
    # purchases in its place, the change of all but the equipment.
    plan = load_plan("generic")
    _, record = run_once(plan, 1, 0)
    net = by_year(record.net_cents, fiscal_years(plan.numbers.start, record.months))
    assets = [
        Account.CASH,
        Account.EARMARKED_CASH,
        Account.RECEIVABLES,
        *LIABILITIES,
        Account.EARMARKED_GRANTS_UNSPENT,
    ]
    if layout == "czech":
        assets += [Account.EQUIPMENT, Account.ACCUMULATED_DEPRECIATION]
    held = net[assets].sum(axis=0)
    assert statement_cents(net, layout)[-1].tolist() == held.tolist()
    assert held.any()
