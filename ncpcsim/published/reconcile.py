"""Whether a printed statement adds up: every identity it implies, its residual and a verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from ncpcsim.published.accounts import SECTIONS, SHARE, TOTAL, Accounts, Cell, PrintedLine


class SumKind(StrEnum):
    """The sorts of identity a statement implies, in the order they are listed."""

    LINES = "Lines to totals"
    SUBLINES = "Sub-lines to lines"
    BALANCE = "Revenue less expenditure to balance"
    YEARS = "Years to the printed total"
    SHARES = "Shares to 100"
    SHARE = "Each share against its amount"


class Verdict(StrEnum):
    """What a residual means."""

    EXACT = "exact"
    ROUNDING = "rounding"
    FAILS = "does not add up"


@dataclass(frozen=True, slots=True)
class Identity:
    """One thing that must hold between printed cells.

    Attributes:
        kind: the sort of identity.
        column: the year, total or share it holds in.
        whole: the line that the parts must come to, or that they are shares of (`SumKind.SHARES`).
        parts: the lines or years that are put together, in the order they are printed.
        computed: what the parts come to, in US$, or in per cent for shares.
        printed: what the whole is printed as, in the same unit.
        units: the sum of the units in which the cells of the identity are printed.
        blanks: how many parts are blank and were read as zero.
    """

    kind: SumKind
    column: str
    whole: str
    parts: tuple[str, ...]
    computed: int | Fraction
    printed: int
    units: int | Fraction
    blanks: int = 0

    @property
    def residual(self) -> int | Fraction:
        """Parts less whole, in US$ or percentage points."""
        return self.computed - self.printed

    @property
    def verdict(self) -> Verdict:
        """Exact, or within half a unit for every cell, or beyond what rounding can explain."""
        if self.residual == 0:
            return Verdict.EXACT
        within = -self.units <= 2 * self.residual <= self.units
        return Verdict.ROUNDING if within else Verdict.FAILS

    @property
    def formula(self) -> str:
        """The identity in words."""
        match self.kind:
            case SumKind.BALANCE:
                return f"{self.whole} = {' - '.join(self.parts)}"
            case SumKind.YEARS:
                return f"{self.whole} = its {len(self.parts)} years"
            case SumKind.SHARES:
                return f"100 = the {len(self.parts)} shares of {self.whole}"
            case SumKind.SHARE:
                return " / ".join(self.parts)
        if len(self.parts) > 2:
            return f"{self.whole} = its {len(self.parts)} lines"
        return f"{self.whole} = {' + '.join(self.parts)}"


def identities(accounts: Accounts) -> tuple[Identity, ...]:
    """Every identity the statement implies, kind by kind, in the order of lines and columns.

    They follow from sections, levels and columns alone. Where the whole or all of its parts are
    blank, no sum is implied; a blank among the parts counts as zero.
    """
    found = (
        *_sums_of_lines(accounts),
        *_balances(accounts),
        *_sums_of_years(accounts),
        *_shares_of_amounts(accounts),
    )
    return tuple(sorted(found, key=lambda identity: list(SumKind).index(identity.kind)))


def unit(cell: Cell) -> int:
    """The unit a cell is printed in: 1 for a share, else the largest of 1000, 100, 10 and 1.

    A blank has none: it is read as zero, which is not rounded.
    """
    amount = cell.amount
    if amount is None:
        return 0
    if cell.column == SHARE:
        return 1
    return next(power for power in (1000, 100, 10, 1) if amount % power == 0)


def _sums_of_lines(accounts: Accounts) -> Iterator[Identity]:
    """Lines to the total or line they stand under, and the shares of a section to 100."""
    for parent, children in _families(accounts):
        names = tuple(child.name for child in children)
        for column in accounts.columns:
            whole, parts = parent.cell(column), [child.cell(column) for child in children]
            if parent.level:
                yield from _add(SumKind.SUBLINES, whole, parts, names)
            elif column == SHARE:
                yield from _add(SumKind.SHARES, replace(whole, amount=100), parts, names)
            else:
                yield from _add(SumKind.LINES, whole, parts, names)


def _balances(accounts: Accounts) -> Iterator[Identity]:
    """Total revenue less total expenditure to the balance, column by column."""
    totals = {line.section: line for line in accounts.lines if line.level == 0}
    if len(totals) < len(SECTIONS):
        return
    revenue, expenditure, balance = (totals[section] for section in SECTIONS)
    for column in accounts.columns:
        yield from _add(
            SumKind.BALANCE,
            balance.cell(column),
            (revenue.cell(column), expenditure.cell(column)),
            (revenue.name, expenditure.name),
            (1, -1),
        )


def _sums_of_years(accounts: Accounts) -> Iterator[Identity]:
    """The years of every line to its printed total."""
    if TOTAL not in accounts.columns:
        return
    for line in accounts.lines:
        parts = [line.cell(year) for year in accounts.years]
        yield from _add(SumKind.YEARS, line.cell(TOTAL), parts, accounts.years)


def _shares_of_amounts(accounts: Accounts) -> Iterator[Identity]:
    """Every printed share against its line's total over the section's, in per cent.

    The amounts' own units count too, as per cent of the printed total: a bound that holds while a
    line is no larger than its section. In a section's share of itself they cancel.
    """
    if SHARE not in accounts.columns:
        return
    totals = {line.section: line.cell(TOTAL) for line in accounts.lines if line.level == 0}
    for line in accounts.lines:
        share, part, whole = line.cell(SHARE), line.cell(TOTAL), totals[line.section]
        if share.amount is None or part.amount is None or not whole.amount:
            continue
        rounded = unit(part) + unit(whole) if line.level else 0
        yield Identity(
            SumKind.SHARE,
            SHARE,
            line.name,
            (part.line, whole.line),
            computed=Fraction(100 * part.amount, whole.amount),
            printed=share.amount,
            units=unit(share) + Fraction(100 * rounded, abs(whole.amount)),
        )


def _families(accounts: Accounts) -> Iterator[tuple[PrintedLine, list[PrintedLine]]]:
    """Every line that has lines under it, with those directly under it."""
    for place, parent in enumerate(accounts.lines):
        if children := [accounts.lines[i] for i in accounts.under(place)]:
            yield parent, children


def _add(
    kind: SumKind,
    whole: Cell,
    parts: Sequence[Cell],
    names: Sequence[str],
    signs: Sequence[int] = (),
) -> Iterator[Identity]:
    """The identity that the parts, each with its sign, come to the whole; none if it is blank."""
    if whole.amount is None or all(part.amount is None for part in parts):
        return
    weights: Sequence[int] = signs or [1] * len(parts)
    yield Identity(
        kind,
        whole.column,
        whole.line,
        tuple(names),
        computed=sum(
            weight * (part.amount or 0) for weight, part in zip(weights, parts, strict=True)
        ),
        printed=whole.amount,
        units=sum(unit(cell) for cell in (whole, *parts)),
        blanks=sum(part.amount is None for part in parts),
    )
