"""Published accounts as they stand in print: one row a cell, read strictly and repaired nowhere."""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from ncpcsim.data import data_folder

PUBLISHED = ("czech", "hungary")
REVENUE, EXPENDITURE, BALANCE = SECTIONS = ("revenue", "expenditure", "balance")
TOTAL = "total"
SHARE = "share"
FIELDS = ("year", "section", "line", "level", "amount", "as_printed", "note")


class AccountsError(ValueError):
    """The file is no statement of accounts; the message names file, line and what was expected."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a printed statement.

    Attributes:
        column: a year of four digits, `TOTAL` or `SHARE`.
        section: one of `SECTIONS`.
        line: the line's name as printed.
        level: 0 for the section's total, 1 for its lines, 2 and 3 for lines under a line.
        amount: US$, or per cent in the share column; None where no number is printed.
        as_printed: the printed text, empty where nothing is printed.
        note: the source, then "; " and a remark where there is something to know.
    """

    column: str
    section: str
    line: str
    level: int
    amount: int | None
    as_printed: str
    note: str

    @property
    def source(self) -> str:
        """Text and figure the cell was taken from."""
        return self.note.partition(";")[0].strip()

    @property
    def remark(self) -> str:
        """What is odd about the cell, or None."""
        return self.note.partition(";")[2].strip()


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of a statement, with its cells in the order of the statement's columns."""

    section: str
    name: str
    level: int
    cells: tuple[Cell, ...]

    def cell(self, column: str) -> Cell:
        """The line's cell under `column`, which the statement must have."""
        return next(cell for cell in self.cells if cell.column == column)


@dataclass(frozen=True, slots=True)
class Accounts:
    """A statement: its columns (years in order, then total, then share) and lines as printed."""

    name: str
    columns: tuple[str, ...]
    lines: tuple[PrintedLine, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, line by line."""
        return tuple(cell for line in self.lines for cell in line.cells)

    @property
    def years(self) -> tuple[str, ...]:
        """The columns that are years."""
        return tuple(column for column in self.columns if column not in {TOTAL, SHARE})

    def within(self, place: int) -> list[int]:
        """Places of the line at a place and of all lines under it."""
        level, after = self.lines[place].level, range(place + 1, len(self.lines))
        # The next section begins with its total, at level 0: it ends every family too.
        return [place, *takewhile(lambda i: self.lines[i].level > level, after)]

    def under(self, place: int) -> list[int]:
        """Places of the lines directly under the one at a place."""
        level = self.lines[place].level + 1
        return [i for i in self.within(place) if self.lines[i].level == level]

    def above(self, place: int) -> int | None:
        """Place of the line that the one at a place stands under; None for a total."""
        return next((i for i in range(place) if place in self.under(i)), None)

    def made_of(self, place: int, ignored: Collection[int] = ()) -> dict[int, int]:
        """Places and signs of the lines without parts that make up a sum; none for such a line.

        The balance is the total of revenue less that of expenditure. Some lines may be ignored, so
        that a line whose parts all are counts as one without.
        """
        line = self.lines[place]
        parts = dict.fromkeys((i for i in self.under(place) if i not in ignored), 1)
        if line.section == BALANCE and line.level == 0:
            totals = {one.section: i for i, one in enumerate(self.lines) if one.level == 0}
            signs = {totals.get(REVENUE): 1, totals.get(EXPENDITURE): -1}
            parts = {i: sign for i, sign in signs.items() if i is not None}
        found: dict[int, int] = {}
        for part, sign in parts.items():
            inside = self.made_of(part, ignored) or {part: 1}
            found |= {i: sign * its for i, its in inside.items()}
        return found

    def reading(self, amounts: Mapping[str, float]) -> "Accounts":
        """The same, with other amounts in some cells, by "LINE COLUMN"."""

        def read(cell: Cell) -> Cell:
            amount = amounts.get(f"{cell.line} {cell.column}")
            return cell if amount is None else replace(cell, amount=round(amount))

        lines = (replace(line, cells=tuple(map(read, line.cells))) for line in self.lines)
        return replace(self, lines=tuple(lines))

    @property
    def remarkable(self) -> tuple[Cell, ...]:
        """The cells that carry a remark."""
        return tuple(cell for cell in self.cells if cell.remark)


def load_accounts(name: str) -> Accounts:
    """The published accounts called `name`, one of `PUBLISHED`.

    Raises:
        AccountsError: there are none of that name, or they cannot be read.
    """
    if name not in PUBLISHED:
        raise AccountsError(f"no published accounts {name!r}: expected {' or '.join(PUBLISHED)}")
    return read_accounts(data_folder("calibration") / "accounts" / f"{name}.csv")


def read_accounts(path: Path) -> Accounts:
    """The accounts in the CSV file at `path`, named after it.

    Raises:
        AccountsError: the file breaks the form `parse_accounts` expects, or is not UTF-8.
        OSError: the file cannot be opened.
    """
    # A spreadsheet may put a byte order mark before the header: utf-8-sig reads past it.
    with path.open(encoding="utf-8-sig", newline="") as rows:
        try:
            return parse_accounts(path.stem, rows, str(path))
        except UnicodeDecodeError as error:
            raise AccountsError(f"{path}: expected text in UTF-8 ({error.reason})") from error


def parse_accounts(name: str, rows: Iterable[str], file: str = "<text>") -> Accounts:
    """The accounts in CSV `rows` with the columns `FIELDS`, one row a cell.

    Every line has a row for every column, even if it is empty; a section begins with its total and
    no line lies more than one level under the line before it.

    Args:
        name: what to call the accounts.
        rows: the lines of the CSV text, header first.
        file: how errors name the text.

    Raises:
        AccountsError: a row or the whole breaks these rules.
    """
    drafts = _gather(_cells(rows, file))
    if not drafts:
        raise AccountsError(f"{file}, line 2: expected a row for every printed cell, found none")
    columns = _columns(drafts, file)
    _check_columns(drafts, columns)
    _check_levels(drafts)
    lines = (
        PrintedLine(
            draft.first.section,
            draft.first.line,
            draft.first.level,
            tuple(draft.cells[column] for column in columns),
        )
        for draft in drafts
    )
    return Accounts(name, columns, tuple(lines))


@dataclass(slots=True)
class _Draft:
    """A line while its cells are gathered, with the place where it begins."""

    where: str
    first: Cell
    cells: dict[str, Cell]


def _cells(rows: Iterable[str], file: str) -> Iterator[tuple[str, Cell]]:
    """Each row as a cell, with the place that errors about it name."""
    reader = csv.reader(rows, strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != FIELDS:
            raise AccountsError(
                f"{file}, line 1: expected the columns {','.join(FIELDS)}, "
                f"found {','.join(header) or 'nothing'}"
            )
        for row in filter(None, reader):
            where = f"{file}, line {reader.line_num}"
            yield where, _cell(row, where)
    except csv.Error as error:
        raise AccountsError(
            f"{file}, line {reader.line_num}: expected comma-separated values ({error})"
        ) from error


def _cell(row: list[str], where: str) -> Cell:
    """One row as a cell, or an error that names the first field at fault."""
    if len(row) != len(FIELDS):
        raise AccountsError(f"{where}: expected {len(FIELDS)} fields, found {len(row)}")
    year, section, line, level, amount, as_printed, note = row
    number = r"-?[0-9]+" if as_printed else ""
    checks = (
        ("year", year, rf"[0-9]{{4}}|{TOTAL}|{SHARE}", "a year of four digits, total or share"),
        ("section", section, "|".join(SECTIONS), " or ".join(SECTIONS)),
        ("line", line, r"\S(.*\S)?", "the line's name, without spaces around it"),
        ("level", level, "[0-3]", "0, 1, 2 or 3"),
        ("amount", amount, f"({number})?", "a whole number, or nothing where none is printed"),
        ("note", note, r"[^;\s][^;]*(;.*)?", "the source, then ; and any remark"),
    )
    for field, value, pattern, expected in checks:
        if not re.fullmatch(pattern, value):
            raise AccountsError(f"{where}: expected {expected} as {field}, found {value!r}")
    return Cell(year, section, line, int(level), int(amount) if amount else None, as_printed, note)


def _gather(cells: Iterable[tuple[str, Cell]]) -> list[_Draft]:
    """The cells by line, section after section, lines in the order of their first cells."""
    drafts: dict[tuple[str, str], _Draft] = {}
    for where, cell in cells:
        draft = drafts.setdefault((cell.section, cell.line), _Draft(where, cell, {}))
        if cell.column in draft.cells:
            raise AccountsError(
                f"{where}: expected one row for {cell.line!r} in {cell.column}, found a second"
            )
        if cell.level != draft.first.level:
            raise AccountsError(
                f"{where}: expected level {draft.first.level} for {cell.line!r} as before, "
                f"found {cell.level}"
            )
        draft.cells[cell.column] = cell
    return sorted(drafts.values(), key=lambda draft: SECTIONS.index(draft.first.section))


def _columns(drafts: list[_Draft], file: str) -> tuple[str, ...]:
    """The statement's columns: years in order, then the total, then the share of it."""
    found = {column for draft in drafts for column in draft.cells}
    if SHARE in found and TOTAL not in found:
        raise AccountsError(f"{file}: expected a total column next to the share of it")
    return tuple(sorted(found, key=lambda column: (column == SHARE, column == TOTAL, column)))


def _check_columns(drafts: list[_Draft], columns: tuple[str, ...]) -> None:
    """A line with a column missing is refused: only an empty row says that nothing is printed."""
    for draft in drafts:
        for column in columns:
            if column not in draft.cells:
                raise AccountsError(
                    f"{draft.where}: expected a row for {draft.first.line!r} in {column} as well, "
                    "an empty one if nothing is printed"
                )


def _check_levels(drafts: list[_Draft]) -> None:
    """A section has one total, at its head, and no line skips a level below the one before."""
    section, above = "", 0
    for draft in drafts:
        cell = draft.first
        lowest, deepest = (1, above + 1) if cell.section == section else (0, 0)
        if not lowest <= cell.level <= deepest:
            expected = str(lowest) if lowest == deepest else f"{lowest} to {deepest}"
            raise AccountsError(
                f"{draft.where}: expected level {expected} for {cell.line!r} at this place in "
                f"{cell.section}, found {cell.level}"
            )
        section, above = cell.section, cell.level
