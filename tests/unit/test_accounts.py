"""Accounts are read strictly, and the verdict follows from the units cells are printed in."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ncpcsim.published.accounts import (
    FIELDS,
    Accounts,
    AccountsError,
    load_accounts,
    parse_accounts,
    read_accounts,
)
from ncpcsim.published.reconcile import Identity, SumKind, Verdict, identities, unit

HEADER = ",".join(FIELDS)
GOOD = (
    '1998,revenue,Income,0,3000,"3,000",src',
    '1998,revenue,Fees,1,2000,"2,000",src',
    '1998,revenue,Gifts,1,1000,"1,000",src; a remark; in two parts',
)


def parsed(*rows: str) -> Accounts:
    return parse_accounts("mine", [f"{row}\n" for row in (HEADER, *rows)], "mine.csv")


def test_a_statement_keeps_lines_columns_and_text_as_printed() -> None:
    accounts = parsed(
        'total,revenue,Income,0,5000,"5,000",src',
        "share,revenue,Income,0,100,100,src",
        "1999,revenue,Income,0,,,src",
        '1998,revenue,Income,0,5000,"5, 000",src; a space',
    )
    (income,) = accounts.lines
    assert accounts.columns == ("1998", "1999", "total", "share")
    assert accounts.years == ("1998", "1999")
    assert [cell.amount for cell in income.cells] == [5000, None, 5000, 100]
    assert income.cell("1998").as_printed == "5, 000"
    assert accounts.remarkable == (income.cell("1998"),)


def test_the_note_is_a_source_and_then_a_remark() -> None:
    fees, gifts = parsed(*GOOD).lines[1:]
    assert (fees.cells[0].source, fees.cells[0].remark) == ("src", "")
    assert (gifts.cells[0].source, gifts.cells[0].remark) == ("src", "a remark; in two parts")


def test_sections_come_in_the_order_of_a_statement_whatever_the_order_of_rows() -> None:
    balance_first = parsed('1998,balance,Rest,0,3000,"3,000",src', *GOOD)
    assert [line.name for line in balance_first.lines] == ["Income", "Fees", "Gifts", "Rest"]


def test_a_printed_dash_is_text_without_an_amount() -> None:
    (line,) = parsed("1998,revenue,Income,0,,-,src").lines
    assert (line.cells[0].amount, line.cells[0].as_printed) == (None, "-")


def test_blank_lines_between_rows_are_no_rows() -> None:
    assert parsed(GOOD[0], "", *GOOD[1:]) == parsed(*GOOD)


def row(**fields: str) -> str:
    """A row that is right but for the fields named."""
    right = ("1998", "revenue", "Income", "0", "3000", "3000", "src")
    return ",".join((dict(zip(FIELDS, right, strict=True)) | fields).values())


@pytest.mark.parametrize(
    ("rows", "line", "expected"),
    [
        ((row(year="98"),), 2, "expected a year of four digits, total or share"),
        ((row(year="sum"),), 2, "as year, found 'sum'"),
        ((row(section="revenues"),), 2, "expected revenue or expenditure or balance"),
        ((row(line=""),), 2, "expected the line's name"),
        ((row(line=" Income"),), 2, "without spaces around it"),
        ((row(level="4"),), 2, "expected 0, 1, 2 or 3 as level, found '4'"),
        ((row(level=""),), 2, "as level, found ''"),
        ((row(amount="3k"),), 2, "expected a whole number"),
        ((row(amount="1.5"),), 2, "as amount, found '1.5'"),
        ((row(amount="٣"),), 2, "as amount, found '٣'"),
        ((row(as_printed=""),), 2, "or nothing where none is printed"),
        ((row(note=""),), 2, "expected the source"),
        ((row(note="; a remark"),), 2, "expected the source"),
        (("1998,revenue,Income,0,3000",), 2, "expected 7 fields, found 5"),
        ((GOOD[0], '1998,revenue,Fees,1,2,000,"2,000",src'), 3, "expected 7 fields, found 8"),
        ((*GOOD, GOOD[1]), 5, "expected one row for 'Fees' in 1998, found a second"),
        ((GOOD[0], row(year="1999", level="1")), 3, "expected level 0 for 'Income'"),
        ((*GOOD, row(year="1999")), 3, "expected a row for 'Fees' in 1999 as well"),
        ((GOOD[1],), 2, "expected level 0 for 'Fees' at this place in revenue, found 1"),
        ((*GOOD, row(line="More")), 5, "expected level 1 to 2 for 'More'"),
        ((GOOD[0], row(line="Deep", level="2")), 3, "expected level 1 for 'Deep'"),
        ((GOOD[0], '1998,revenue,"Fees"x,1,2,2,src'), 3, "expected comma-separated values"),
        ((), 2, "expected a row for every printed cell, found none"),
    ],
)
def test_an_error_names_file_line_and_what_was_expected(
    rows: tuple[str, ...], line: int, expected: str
) -> None:
    with pytest.raises(AccountsError) as caught:
        parsed(*rows)
    assert str(caught.value).startswith(f"mine.csv, line {line}: expected ")
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "year,section,line,level,amount,as_printed",
        "year,section,line,level,amount,as_printed,note,mood",
        "section,year,line,level,amount,as_printed,note",
    ],
)
def test_the_seven_columns_are_asked_for_by_name(header: str) -> None:
    with pytest.raises(AccountsError, match=f"^mine.csv, line 1: expected the columns {HEADER}"):
        parse_accounts("mine", [header, *GOOD], "mine.csv")


def test_a_share_needs_the_total_it_is_a_share_of() -> None:
    with pytest.raises(AccountsError, match=r"mine\.csv: expected a total column"):
        parsed(row(), row(year="share"))


def test_a_file_is_read_past_a_byte_order_mark_and_named_after_itself(tmp_path: Path) -> None:
    path = tmp_path / "slovenia.csv"
    path.write_text("\n".join((HEADER, *GOOD)), encoding="utf-8-sig")
    accounts = read_accounts(path)
    assert (accounts.name, accounts.lines) == ("slovenia", parsed(*GOOD).lines)


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "slovenia.csv"
    path.write_bytes(f"{HEADER}\n1998,revenue,Caf\xe9,0,1,1,src".encode("latin-1"))
    with pytest.raises(AccountsError, match=r"slovenia\.csv: expected text in UTF-8"):
        read_accounts(path)


def test_only_published_accounts_are_loaded_by_name() -> None:
    assert load_accounts("czech").name == "czech"
    with pytest.raises(AccountsError, match="'brazil': expected czech or hungary"):
        load_accounts("brazil")


@pytest.mark.parametrize(
    ("year", "amount", "expected"),
    [
        ("1998", "355000", 1000),
        ("1998", "10000", 1000),
        ("1998", "0", 1000),
        ("1998", "-16000", 1000),
        ("1998", "800", 100),
        ("1998", "40", 10),
        ("1998", "67804", 1),
        ("1998", "", 0),
        ("share", "100", 1),
        ("share", "0", 1),
    ],
)
def test_the_unit_of_a_cell_is_read_off_its_zeros(year: str, amount: str, expected: int) -> None:
    rows = [row(year=y, amount=amount) for y in {year, "total"}]
    cell = parsed(*rows).lines[0].cell(year)
    assert unit(cell) == expected


@pytest.mark.parametrize(
    ("computed", "verdict"),
    [
        (10_000, Verdict.EXACT),
        (10_001, Verdict.ROUNDING),
        (11_500, Verdict.ROUNDING),
        (8_500, Verdict.ROUNDING),
        (11_501, Verdict.FAILS),
        (8_499, Verdict.FAILS),
        (Fraction(23_001, 2), Verdict.FAILS),
    ],
)
def test_rounding_explains_half_a_unit_a_cell_and_no_more(
    computed: int | Fraction, verdict: Verdict
) -> None:
    identity = Identity(SumKind.LINES, "1998", "whole", ("a", "b"), computed, 10_000, units=3_000)
    assert identity.residual == computed - 10_000
    assert identity.verdict is verdict


def deep() -> Accounts:
    """A statement of three levels, two years, total and share, with blank parts."""
    amounts = {
        ("revenue", "Income", 0): ("8000", "9000", "17000", "100"),
        ("revenue", "Fees", 1): ("8000", "", "8000", "47"),
        ("revenue", "abroad", 2): ("3000", "", "3000", "18"),
        ("revenue", "at home", 2): ("5000", "", "5000", "29"),
        ("revenue", "Gifts", 1): ("0", "9000", "9000", "53"),
        ("revenue", "named", 2): ("0", "", "", ""),
        ("expenditure", "Costs", 0): ("2000", "2000", "4000", "100"),
        ("balance", "Rest", 0): ("6000", "7000", "13000", ""),
    }
    return parsed(
        *(
            f"{column},{section},{line},{level},{amount},{amount},src"
            for (section, line, level), printed in amounts.items()
            for column, amount in zip(("1998", "1999", "total", "share"), printed, strict=True)
        )
    )


def test_identities_follow_from_sections_levels_and_columns() -> None:
    found = [(i.formula, i.column, i.blanks) for i in identities(deep())]
    assert found == [
        ("Income = Fees + Gifts", "1998", 0),
        ("Income = Fees + Gifts", "1999", 1),
        ("Income = Fees + Gifts", "total", 0),
        ("Fees = abroad + at home", "1998", 0),
        ("Fees = abroad + at home", "total", 0),
        ("Fees = abroad + at home", "share", 0),
        ("Gifts = named", "1998", 0),
        ("Rest = Income - Costs", "1998", 0),
        ("Rest = Income - Costs", "1999", 0),
        ("Rest = Income - Costs", "total", 0),
        ("Income = its 2 years", "total", 0),
        ("Fees = its 2 years", "total", 1),
        ("abroad = its 2 years", "total", 1),
        ("at home = its 2 years", "total", 1),
        ("Gifts = its 2 years", "total", 0),
        ("Costs = its 2 years", "total", 0),
        ("Rest = its 2 years", "total", 0),
        ("100 = the 2 shares of Income", "share", 0),
        ("Income / Income", "share", 0),
        ("Fees / Income", "share", 0),
        ("abroad / Income", "share", 0),
        ("at home / Income", "share", 0),
        ("Gifts / Income", "share", 0),
        ("Costs / Costs", "share", 0),
    ]
    assert all(i.verdict is not Verdict.FAILS for i in identities(deep()))


def test_shares_are_held_against_100_also_where_the_100_is_misprinted() -> None:
    rows = [
        f"{column},revenue,{line},{level},{amount},{amount},src"
        for line, level, printed in (
            ("Income", 0, (4000, 4000, 90)),
            ("Fees", 1, (1000, 1000, 25)),
            ("Gifts", 1, (3000, 3000, 75)),
        )
        for column, amount in zip(("1998", "total", "share"), printed, strict=True)
    ]
    found = {i.formula: i for i in identities(parsed(*rows))}
    assert found["100 = the 2 shares of Income"].verdict is Verdict.EXACT
    assert found["Income / Income"].verdict is Verdict.FAILS


def test_a_share_of_a_total_of_nothing_implies_nothing() -> None:
    rows = [row(year=year, amount="0") for year in ("1998", "total", "share")]
    assert [i.kind for i in identities(parsed(*rows))] == [SumKind.YEARS]


amounts = st.integers(0, 5_000_000)


@st.composite
def statements(draw: st.DrawFn) -> dict[tuple[str, str, int], list[int]]:
    """True amounts in dollars, by section, line and level, one for each of the years."""
    years = draw(st.integers(1, 5))
    true: dict[tuple[str, str, int], list[int]] = {}
    for section in ("revenue", "expenditure"):
        lines = {
            (section, f"{section} {number}", 1): [draw(amounts) for _ in range(years)]
            for number in range(draw(st.integers(2, 6)))
        }
        subs = {
            (section, f"{section} 0.{number}", 2): [draw(amounts) for _ in range(years)]
            for number in range(draw(st.integers(0, 3)))
        }
        if subs:
            lines[section, f"{section} 0", 1] = [
                sum(year) for year in zip(*subs.values(), strict=True)
            ]
        first, *rest = lines.items()
        total = [sum(year) for year in zip(*lines.values(), strict=True)]
        assume(sum(total) > 500)
        true |= {(section, section, 0): total, **dict([first]), **subs, **dict(rest)}
    true["balance", "balance", 0] = [
        revenue - expenditure
        for revenue, expenditure in zip(
            true["revenue", "revenue", 0], true["expenditure", "expenditure", 0], strict=True
        )
    ]
    return true


def published(true: dict[tuple[str, str, int], list[int]]) -> list[str]:
    """The rows of a statement that prints each true amount to its nearest thousand."""
    rows = []
    for (section, line, level), dollars in true.items():
        total = sum(dollars)
        thousands = [str(1000 * round(Fraction(value, 1000))) for value in (*dollars, total)]
        whole = sum(true.get((section, section, 0), [0]))
        share = str(round(Fraction(100 * total, whole))) if section != "balance" else ""
        columns = (*map(str, range(1990, 1990 + len(dollars))), "total", "share")
        rows += [
            f"{column},{section},{line},{level},{printed},{printed},src"
            for column, printed in zip(columns, (*thousands, share), strict=True)
        ]
    return rows


@settings(deadline=None)
@given(statements())
def test_true_accounts_rounded_to_thousands_never_fail_to_add_up(
    true: dict[tuple[str, str, int], list[int]],
) -> None:
    found = identities(parsed(*published(true)))
    assert {SumKind.LINES, SumKind.BALANCE, SumKind.YEARS, SumKind.SHARES, SumKind.SHARE} <= {
        i.kind for i in found
    }
    assert [i for i in found if i.verdict is Verdict.FAILS] == []


@settings(deadline=None)
@given(statements(), st.data())
def test_a_cell_off_by_more_than_rounding_is_always_caught(
    true: dict[tuple[str, str, int], list[int]], data: st.DataObject
) -> None:
    rows = published(true)
    slip = data.draw(st.sampled_from([n for n, each in enumerate(rows) if each[:2] == "19"]))
    year, section, line, level, amount, *_ = rows[slip].split(",")
    # Five years and their total can hide 3,000, and be 3,000 off already.
    wrong = str(int(amount) + 7_000)
    rows[slip] = row(
        year=year, section=section, line=line, level=level, amount=wrong, as_printed=wrong
    )
    (years,) = (i for i in identities(parsed(*rows)) if (i.kind, i.whole) == (SumKind.YEARS, line))
    assert years.verdict is Verdict.FAILS
