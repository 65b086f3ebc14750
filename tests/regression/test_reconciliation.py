"""The published figures: every residual and verdict, every remark, and the cells behind them."""

import csv
import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from ncpcsim.data import data_folder
from ncpcsim.published.accounts import PUBLISHED, SHARE, Accounts, PrintedLine, load_accounts
from ncpcsim.published.reconcile import Identity, SumKind, Verdict, identities

EXACT, ROUNDING, FAILS = Verdict.EXACT, Verdict.ROUNDING, Verdict.FAILS
Pinned = tuple[str, str, int | Fraction, Verdict]

CZECH: list[Pinned] = [
    ("Revenues = its 3 lines", "1998", 0, EXACT),
    ("Revenues = its 3 lines", "1999", 0, EXACT),
    ("Expenditures = its 6 lines", "1998", 0, EXACT),
    ("Expenditures = its 6 lines", "1999", 0, EXACT),
    ("Service Expenses = direct + indirect", "1998", 8_000, FAILS),
    ("Service Expenses = direct + indirect", "1999", 0, EXACT),
    ("direct = personnel + non-personnel", "1998", -82_000, FAILS),
    ("direct = personnel + non-personnel", "1999", -40_000, FAILS),
    ("Balance = Revenues - Expenditures", "1998", 0, EXACT),
    ("Balance = Revenues - Expenditures", "1999", 1_000, ROUNDING),
]

HUNGARY: list[Pinned] = [
    ("Revenues = its 6 lines", "1997", 0, EXACT),
    ("Revenues = its 6 lines", "1998", 1_000, ROUNDING),
    ("Revenues = its 6 lines", "1999", 0, EXACT),
    ("Revenues = its 6 lines", "2000", 0, EXACT),
    ("Revenues = its 6 lines", "total", 1_000, ROUNDING),
    ("Expenditures = its 6 lines", "1997", 40, ROUNDING),
    ("Expenditures = its 6 lines", "1998", -1_000, ROUNDING),
    ("Expenditures = its 6 lines", "1999", 800, ROUNDING),
    ("Expenditures = its 6 lines", "2000", 1_000, ROUNDING),
    ("Expenditures = its 6 lines", "total", 1_000, ROUNDING),
    ("Balance = Revenues - Expenditures", "1997", 0, EXACT),
    ("Balance = Revenues - Expenditures", "1998", 0, EXACT),
    ("Balance = Revenues - Expenditures", "1999", 0, EXACT),
    ("Balance = Revenues - Expenditures", "2000", 0, EXACT),
    ("Balance = Revenues - Expenditures", "total", 0, EXACT),
    ("Revenues = its 4 years", "total", 0, EXACT),
    ("UNIDO discretionary budget = its 4 years", "total", 0, EXACT),
    ("UNIDO direct funding = its 4 years", "total", 0, EXACT),
    ("Domestic tenders = its 4 years", "total", 0, EXACT),
    ("Corporate support = its 4 years", "total", 0, EXACT),
    ("Operational incomes = its 4 years", "total", 0, EXACT),
    ("Other support = its 4 years", "total", 0, EXACT),
    ("Expenditures = its 4 years", "total", 0, EXACT),
    ("Salaries = its 4 years", "total", -1_000, ROUNDING),
    ("Sub-contractors = its 4 years", "total", 1_000, ROUNDING),
    ("Infrastructure and fixed assets = its 4 years", "total", 0, EXACT),
    ("Travel expenses and per diem = its 4 years", "total", -200, ROUNDING),
    ("Overhead = its 4 years", "total", 40, ROUNDING),
    ("Miscellaneous = its 4 years", "total", 0, EXACT),
    ("Balance = its 4 years", "total", 0, EXACT),
    ("100 = the 6 shares of Revenues", "share", 1, ROUNDING),
    ("100 = the 6 shares of Expenditures", "share", 0, EXACT),
    ("Revenues / Revenues", "share", 0, EXACT),
    ("UNIDO discretionary budget / Revenues", "share", Fraction(1_700, 475) - 4, ROUNDING),
    ("UNIDO direct funding / Revenues", "share", Fraction(26_900, 475) - 57, ROUNDING),
    ("Domestic tenders / Revenues", "share", Fraction(4_000, 475) - 8, ROUNDING),
    ("Corporate support / Revenues", "share", Fraction(300, 475) - 1, ROUNDING),
    ("Operational incomes / Revenues", "share", Fraction(13_900, 475) - 29, ROUNDING),
    ("Other support / Revenues", "share", Fraction(800, 475) - 2, ROUNDING),
    ("Expenditures / Expenditures", "share", 0, EXACT),
    ("Salaries / Expenditures", "share", Fraction(16_900, 472) - 36, ROUNDING),
    ("Sub-contractors / Expenditures", "share", Fraction(9_000, 472) - 19, ROUNDING),
    (
        "Infrastructure and fixed assets / Expenditures",
        "share",
        Fraction(6_900, 472) - 15,
        ROUNDING,
    ),
    ("Travel expenses and per diem / Expenditures", "share", Fraction(6_800, 472) - 14, ROUNDING),
    ("Overhead / Expenditures", "share", Fraction(2_300, 472) - 5, ROUNDING),
    ("Miscellaneous / Expenditures", "share", Fraction(5_400, 472) - 11, ROUNDING),
]


def figure(name: str) -> list[dict[str, str]]:
    with (data_folder("calibration") / f"{name}.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.mark.parametrize(("name", "pinned"), [("czech", CZECH), ("hungary", HUNGARY)])
def test_every_identity_its_residual_and_its_verdict(name: str, pinned: list[Pinned]) -> None:
    found = identities(load_accounts(name))
    assert [(i.formula, i.column, i.residual, i.verdict) for i in found] == pinned


def test_the_blank_cell_is_read_as_nothing_in_two_identities_and_said_so() -> None:
    read = [(i.formula, i.column, i.blanks) for i in identities(load_accounts("hungary"))]
    assert [each for each in read if each[2]] == [
        ("Expenditures = its 6 lines", "1997", 1),
        ("Miscellaneous = its 4 years", "total", 1),
    ]


@pytest.mark.parametrize(
    ("name", "line", "column", "amount", "as_printed"),
    [
        ("czech", "Service Expenses", "1998", 223_000, "223,000"),
        ("czech", "personnel", "1998", 66_000, "66,000"),
        ("czech", "personnel", "1999", 70_000, "70,000"),
        ("czech", "non-personnel", "1998", 0, "0"),
        ("czech", "non-personnel", "1999", 0, "0"),
        ("czech", "Balance", "1999", -16_000, "-16,000"),
        ("hungary", "Overhead", "1997", 40, "40"),
        ("hungary", "Travel expenses and per diem", "1999", 800, "800"),
        ("hungary", "Miscellaneous", "1997", None, ""),
        ("hungary", "Balance", "share", None, ""),
        ("hungary", "Revenues", "total", 475_000, "475,000"),
        ("hungary", "Expenditures", "total", 472_000, "472,000"),
    ],
)
def test_a_remarkable_cell_stands_as_printed_with_its_remark(
    name: str, line: str, column: str, amount: int | None, as_printed: str
) -> None:
    remarkable = {(cell.line, cell.column): cell for cell in load_accounts(name).remarkable}
    cell = remarkable[line, column]
    assert (cell.amount, cell.as_printed) == (amount, as_printed)


def cells_of(identity: Identity) -> set[tuple[str, str]]:
    """Line and column of the cells that an identity joins."""
    if identity.kind is SumKind.YEARS:
        return {(identity.whole, column) for column in (*identity.parts, "total")}
    return {(line, identity.column) for line in (identity.whole, *identity.parts)}


@pytest.mark.parametrize("name", PUBLISHED)
def test_whatever_is_not_exact_has_a_remark_on_one_of_its_cells(name: str) -> None:
    accounts = load_accounts(name)
    remarks = {(cell.line, cell.column) for cell in accounts.remarkable}
    inexact = [
        i for i in identities(accounts) if i.verdict is not EXACT and i.kind is not SumKind.SHARE
    ]
    assert inexact
    assert [i.formula for i in inexact if not cells_of(i) & remarks] == []


@pytest.mark.parametrize(("name", "sums"), [("czech", 4), ("hungary", 12)])
def test_a_sum_quoted_in_a_remark_is_the_sum_that_is_computed(name: str, sums: int) -> None:
    accounts = load_accounts(name)
    quoted = [
        (cell, int(number.replace(",", "")))
        for cell in accounts.remarkable
        for number in re.findall(r"(?:sum|come) to (-?[\d,]*\d)", cell.remark)
    ]
    assert len(quoted) == sums
    for cell, number in quoted:
        around = [i for i in identities(accounts) if (cell.line, cell.column) in cells_of(i)]
        assert number in [i.computed for i in around], cell


@pytest.mark.parametrize(("name", "cells"), [("czech", 16 * 2), ("hungary", 15 * 6)])
def test_every_amount_is_what_is_printed_and_carries_its_source(name: str, cells: int) -> None:
    accounts = load_accounts(name)
    sources = {"czech": {"003 Fig. 10"}, "hungary": {"003 Fig. 11"}}[name]
    assert len(accounts.cells) == cells
    for cell in accounts.cells:
        printed = f"{cell.amount:,}" if cell.amount is not None else ""
        assert cell.as_printed == printed, cell
        expected = sources if cell.column != SHARE else {"003 Fig. 11, per cent of the total"}
        assert cell.source in expected, cell


def with_miscellaneous(accounts: Accounts, amounts: list[int | None]) -> Accounts:
    """The accounts with other amounts in the years and total of the line with the blank."""

    def changed(line: PrintedLine) -> PrintedLine:
        cells = zip(line.cells, [*amounts, 11], strict=True)
        return replace(line, cells=tuple(replace(cell, amount=amount) for cell, amount in cells))

    return replace(
        accounts,
        lines=tuple(changed(x) if x.name == "Miscellaneous" else x for x in accounts.lines),
    )


@pytest.mark.parametrize(
    ("blank", "failures"),
    [("1997", 0), ("1998", 2), ("1999", 3), ("2000", 4), ("total", 5)],
)
def test_only_a_blank_in_1997_lets_the_hungarian_years_add_up(blank: str, failures: int) -> None:
    hungary = load_accounts("hungary")
    amounts: list[int | None] = [17_000, 7_000, 30_000, 54_000]
    amounts.insert(hungary.columns.index(blank), None)
    found = identities(with_miscellaneous(hungary, amounts))
    assert sum(i.verdict is FAILS for i in found) == failures


def test_the_column_sums_that_place_the_blank() -> None:
    sums = {
        i.column: (i.computed, i.printed)
        for i in identities(load_accounts("hungary"))
        if (i.kind, i.whole) == (SumKind.LINES, "Expenditures")
    }
    assert sums == {
        "1997": (20_040, 20_000),
        "1998": (85_000, 86_000),
        "1999": (121_800, 121_000),
        "2000": (246_000, 245_000),
        "total": (473_000, 472_000),
    }


VALUES = {
    ("impacts", "Czech Republic"): "50000 7000000 1035005 4350 2715 2130 6900000",
    ("impacts", "Brazil"): "6886 247946 30386 _ _ _ 5059971",
    ("impacts", "China"): "_ _ 1938181 44462 510155 _ 228280000",
    ("activity", "Czech Republic"): "1000 100 450 200 125 12 22 12 60 130 40 25",
    ("activity", "Brazil"): "1461 22 1319 8238 52 3 22 11 36 75 5 4",
    ("activity", "China"): "15580 104 741 2586 130 10 14 10 85 640 20 4",
}


@pytest.mark.parametrize(("name", "country"), VALUES)
def test_impacts_and_activity_by_country(name: str, country: str) -> None:
    values = [row["value"] or "_" for row in figure(name) if row["country"] == country]
    assert " ".join(values) == VALUES[name, country]


@pytest.mark.parametrize(
    ("name", "number", "rows"), [("impacts", "4", 21), ("activity", "5", 36), ("options", "12", 36)]
)
def test_every_row_of_the_other_figures_carries_its_source(
    name: str, number: str, rows: int
) -> None:
    assert Counter((row["text"], row["figure"]) for row in figure(name)) == {("003", number): rows}


@pytest.mark.parametrize("name", ["impacts", "activity", "options"])
def test_a_value_that_differs_from_print_has_a_note(name: str) -> None:
    rows = figure(name)
    odd = [row for row in rows if row["value"] != row["as_printed"].replace(",", "").rstrip("%")]
    assert [row["as_printed"] for row in odd if not row["note"]] == []
    expected = {
        "impacts": {"-": 5, "52,45": 1},
        "activity": {"15, 580": 1},
        "options": {},
    }
    assert Counter(row["as_printed"] for row in odd) == expected[name]


def options() -> dict[tuple[str, str], dict[str, int]]:
    """Number and per cent by category and stage."""
    table: dict[tuple[str, str], dict[str, int]] = {}
    for row in figure("options"):
        table.setdefault((row["category"], row["stage"]), {})[row["unit"]] = int(row["value"])
    return table


@pytest.mark.parametrize(("stage", "total"), [("identified", 439), ("implemented", 283)])
def test_options_add_up_to_their_totals(stage: str, total: int) -> None:
    counts = {category: row["options"] for (category, at), row in options().items() if at == stage}
    assert counts.pop("Total") == total
    assert len(counts) == 8
    assert sum(counts.values()) == total


def test_option_percentages_are_those_of_the_counts() -> None:
    table = options()
    for (category, stage), row in table.items():
        base = "Total" if stage == "identified" else category
        share = Fraction(100 * row["options"], table[base, "identified"]["options"])
        assert abs(share - row["per cent"]) <= Fraction(1, 2), (category, stage)
