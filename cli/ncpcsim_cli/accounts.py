"""`ncpcsim accounts`: the published statements as printed, and whether they add up."""

from collections import Counter
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

import click

from ncpcsim.published.accounts import (
    PUBLISHED,
    SHARE,
    Accounts,
    AccountsError,
    Cell,
    load_accounts,
)
from ncpcsim.published.reconcile import Identity, Verdict, identities
from ncpcsim_cli.console import console, refuse

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

BLANK = "(blank)"
STYLES = {Verdict.EXACT: "", Verdict.ROUNDING: "cyan", Verdict.FAILS: "bold red"}


@click.command("accounts")
@click.argument("name", required=False, type=click.Choice(PUBLISHED))
def command(name: str | None) -> None:
    """Show the published accounts and whether they add up.

    Prints each statement as published, then every identity it implies with its residual and a
    verdict (exact, rounding, or does not add up), then the cells there is something to know about.
    Without a name, all accounts are shown.
    """
    screen = console()
    for each in [name] if name else PUBLISHED:
        try:
            accounts = load_accounts(each)
        except (AccountsError, OSError) as error:
            refuse(str(error))
        _show_statement(screen, accounts)
        _show_reconciliation(screen, identities(accounts))
        _show_remarks(screen, accounts)


def _show_statement(screen: "Console", accounts: Accounts) -> None:
    """The statement, every cell with the text that is printed in it."""
    from rich.padding import Padding
    from rich.text import Text

    table = _table("")
    for column in accounts.columns:
        table.add_column("share %" if column == SHARE else column, justify="right")
    for _, lines in groupby(accounts.lines, key=lambda line: line.section):
        table.add_section()
        for line in lines:
            table.add_row(
                Padding(Text(line.name), (0, 0, 0, 2 * line.level)),
                *(Text(_printed(cell)) for cell in line.cells),
                style="bold" if line.level == 0 else None,
            )
    source = accounts.cells[0].source
    title = f"{accounts.name.capitalize()}: the statement as published, US$ ({source})"
    _show(screen, title, table)
    screen.print("* a cell to know about, see below\n")


def _show_reconciliation(screen: "Console", found: tuple[Identity, ...]) -> None:
    """Every identity, kind by kind, and how many there are of each verdict."""
    from rich.padding import Padding
    from rich.text import Text

    table = _table("", "identity", "column")
    for heading in ("parts", "printed", "residual"):
        table.add_column(heading, justify="right")
    table.add_column("verdict", no_wrap=True)
    for kind, group in groupby(found, key=lambda identity: identity.kind):
        table.add_section()
        table.add_row("", Text(kind, style="bold"))
        for identity in group:
            mark, formula, *numbers = map(Text, _row(identity))
            indented = Padding(formula, (0, 0, 0, 2))
            table.add_row(mark, indented, *numbers, style=STYLES[identity.verdict])
    _show(screen, "Reconciliation: parts less whole, US$ (shares in per cent)", table)
    if any(identity.verdict is Verdict.FAILS for identity in found):
        screen.print("! half a unit of rounding in every cell would not explain the residual")
    screen.print(f"{_counted(found)}\n")


def _show_remarks(screen: "Console", accounts: Accounts) -> None:
    """Every cell with a remark: where it stands, what is printed there, and the remark."""
    from rich.text import Text

    table = _table("line", "column", "as printed", "remark")
    for cell in accounts.remarkable:
        printed = f'"{cell.as_printed}"' if cell.as_printed else BLANK
        table.add_row(*map(Text, (cell.line, cell.column, printed, cell.remark)))
    _show(screen, "Cells to know about", table)


def _table(*headings: str) -> "Table":
    """A table without frame, its headings underlined."""
    from rich import box
    from rich.table import Table

    return Table(*headings, box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))


def _show(screen: "Console", title: str, table: "Table") -> None:
    """Print a table under its title."""
    screen.print(title, style="bold underline", markup=False, highlight=False)
    screen.print()
    screen.print(table)
    screen.print()


def _printed(cell: Cell) -> str:
    """The cell's text, with a star where there is a remark; a space keeps the digits aligned."""
    return (cell.as_printed or BLANK) + ("*" if cell.remark else " ")


def _row(identity: Identity) -> tuple[str, ...]:
    """One identity as text: mark, formula, column, parts, printed, residual, verdict."""
    return (
        "!" if identity.verdict is Verdict.FAILS else "",
        identity.formula + _blanks(identity.blanks),
        identity.column,
        _number(identity.computed),
        f"{identity.printed:,}",
        _number(identity.residual, sign="+"),
        identity.verdict,
    )


def _blanks(count: int) -> str:
    """A second line for identities that had to read blank cells."""
    return f"\n({count} blank cell{'s' * (count > 1)} read as zero)" if count else ""


def _number(value: int | Fraction, sign: str = "") -> str:
    """Dollars whole, computed shares to a hundredth of a per cent; no sign before a zero."""
    sign = sign if value else ""
    return f"{value:{sign},}" if isinstance(value, int) else f"{float(value):{sign}.2f}"


def _counted(found: tuple[Identity, ...]) -> str:
    """How many identities there are, and how many of each verdict."""
    counts = Counter(identity.verdict for identity in found)
    fails = "does not add up" if counts[Verdict.FAILS] == 1 else "do not add up"
    return (
        f"{len(found)} identities: {counts[Verdict.EXACT]} exact, "
        f"{counts[Verdict.ROUNDING]} rounding, {counts[Verdict.FAILS]} {fails}"
    )
