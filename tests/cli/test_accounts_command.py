"""`ncpcsim accounts` prints the statements as published and hides nothing that is odd in them."""

import re

import pytest
from click.testing import CliRunner

from ncpcsim.published.accounts import AccountsError, load_accounts
from ncpcsim.published.reconcile import identities
from ncpcsim_cli import accounts as module
from ncpcsim_cli.main import main


def shown(*names: str) -> str:
    result = CliRunner().invoke(main, ["accounts", *names])
    assert result.exit_code == 0, result.output
    return result.output


def flat(text: str) -> str:
    """The text with every run of white space as one space, so that folding does not matter."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("czech", "1998 1999"),
        ("czech", "Revenues 355,000 246,000"),
        ("czech", "non-personnel 0* 0*"),
        ("czech", "Service Expenses 223,000* 180,000"),
        ("czech", "Balance 38,000 -16,000*"),
        ("hungary", "1997 1998 1999 2000 total share %"),
        ("hungary", "UNIDO direct funding 15,000 21,000 51,000 182,000 269,000 57"),
        ("hungary", "Travel expenses and per diem 5,000 7,000 800* 55,000 68,000* 14"),
        ("hungary", "Overhead 40* 7,000 5,000 11,000 23,000* 5"),
        ("hungary", "Miscellaneous (blank)* 17,000 7,000 30,000 54,000 11"),
        ("hungary", "Balance 0 0 1,000 2,000 3,000 (blank)*"),
    ],
)
def test_the_statement_is_shown_as_published(name: str, row: str) -> None:
    statement, reconciliation, _ = shown(name).partition("Reconciliation")
    assert reconciliation
    assert row in flat(statement)


def test_lines_are_indented_by_their_level() -> None:
    statement = shown("czech").splitlines()
    for indent, line in enumerate(["Expenditures", "Service Expenses", "direct", "personnel"]):
        assert any(row.startswith("  " * indent + line + " ") for row in statement), line


@pytest.mark.parametrize("name", ["czech", "hungary"])
def test_every_identity_is_printed_with_residual_and_verdict(name: str) -> None:
    text = flat(shown(name))
    for identity in identities(load_accounts(name)):
        blank = "(1 blank cell read as zero)" if identity.blanks else ""
        numbers = r"-?[\d,.]+ -?[\d,.]+ (0|0\.00|[+-][\d,.]+)"
        row = rf"{re.escape(identity.formula)} {identity.column} {numbers} {identity.verdict} "
        found = re.search(row + re.escape(blank), text)
        assert found, identity
        residual = float(found[1].replace(",", ""))
        assert residual == pytest.approx(float(identity.residual), abs=0.005)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("czech", "10 identities: 6 exact, 1 rounding, 3 do not add up"),
        ("hungary", "46 identities: 22 exact, 24 rounding, 0 do not add up"),
    ],
)
def test_the_verdicts_are_counted(name: str, line: str) -> None:
    assert line in shown(name).splitlines()


def test_what_does_not_add_up_is_marked_and_nothing_else() -> None:
    marked = [flat(row) for row in shown().splitlines() if row.startswith("! ")]
    assert [row.strip() for row in marked] == [
        "! Service Expenses = direct + indirect 1998 231,000 223,000 +8,000 does not add up",
        "! direct = personnel + non-personnel 1998 66,000 148,000 -82,000 does not add up",
        "! direct = personnel + non-personnel 1999 70,000 110,000 -40,000 does not add up",
        "! half a unit of rounding in every cell would not explain the residual",
    ]


@pytest.mark.parametrize("name", ["czech", "hungary"])
def test_every_remark_is_printed_beside_the_text_of_its_cell(name: str) -> None:
    _, heading, remarks = shown(name).partition("Cells to know about")
    assert heading
    words = flat(remarks)
    for cell in load_accounts(name).remarkable:
        printed = f'"{cell.as_printed}"' if cell.as_printed else "(blank)"
        assert f"{cell.line} {cell.column} {printed} {cell.remark} " in words


def test_without_a_name_all_accounts_are_shown() -> None:
    assert shown() == shown("czech") + shown("hungary")


def test_a_pipe_gets_a_hundred_columns_and_no_colour() -> None:
    text = shown()
    assert max(map(len, text.splitlines())) <= 100
    assert "\x1b" not in text


def test_an_unknown_name_is_refused() -> None:
    result = CliRunner().invoke(main, ["accounts", "brazil"])
    assert result.exit_code == 2
    assert "'brazil' is not one of 'czech', 'hungary'" in result.stderr
    assert result.stdout == ""


def test_accounts_that_cannot_be_read_end_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise AccountsError(f"{name}.csv, line 3: expected better")

    monkeypatch.setattr(module, "load_accounts", broken)
    result = CliRunner().invoke(main, ["accounts", "czech"])
    assert (result.exit_code, result.stderr) == (2, "czech.csv, line 3: expected better\n")
