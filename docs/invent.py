"""Invent a centre's published accounts: `python docs/invent.py PLAN ACCOUNTS.csv [REPLICATION]`.

One run of the plan, rounded to a hundred dollars, in the lines that the plan's `[accounts]` name.
For docs/calibration.md, where the accounts of a centre of one's own are needed.
"""

import csv
import sys
from pathlib import Path

import numpy as np

from ncpcsim import load_plan, run_once
from ncpcsim.accounting.ledger import Account
from ncpcsim.measures.coverage import by_year, fiscal_years
from ncpcsim.published.accounts import FIELDS

UNIT = 100


def main() -> None:
    """Run the plan once and write its accounts."""
    plan, file = load_plan(sys.argv[1]), Path(sys.argv[2])
    _, record = run_once(plan, 7, int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    year_of = fiscal_years(plan.numbers.first_day, record.months)
    yearly = by_year(record.net_cents, year_of)
    rows = []
    for number, year in enumerate(np.unique(year_of).tolist()):
        totals = {"revenue": 0, "expenditure": 0}
        lines = []
        for name, accounts in plan.numbers.accounts.items():
            cents = sum(_cents(yearly[:, number], account) for account in accounts)
            section = "revenue" if cents < 0 or _earns(accounts) else "expenditure"
            amount = UNIT * round(abs(cents) / 100 / UNIT)
            totals[section] += amount
            lines.append((year, section, name, 1, amount))
        rows += [
            (year, "revenue", "Income", 0, totals["revenue"]),
            (year, "expenditure", "Spending", 0, totals["expenditure"]),
            (year, "balance", "Result", 0, totals["revenue"] - totals["expenditure"]),
            *lines,
        ]
    order = {"revenue": 0, "expenditure": 1, "balance": 2}
    rows.sort(key=lambda row: (order[row[1]], row[3]))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(FIELDS)
        writer.writerows((*row, str(row[4]), "invented") for row in rows)


def _cents(net: np.ndarray, account: str) -> int:
    if account == "fees":
        return int(net[Account.FEES :].sum())
    return int(net[Account[account.upper()]])


def _earns(accounts: tuple[str, ...]) -> bool:
    income = range(Account.PROGRAMME_DISCRETIONARY, Account.NEWER_CENTRES + 1)
    return accounts[0] == "fees" or Account[accounts[0].upper()] in income


if __name__ == "__main__":
    main()
