"""The printed numbers a fit must meet, and how well each of them is known."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ncpcsim.accounting.ledger import Account
from ncpcsim.accounting.statements import StatementLine
from ncpcsim.measures.catalogue import MEASURES
from ncpcsim.published.accounts import BALANCE, REVENUE, Accounts, Cell
from ncpcsim.published.activity import Count
from ncpcsim.published.reconcile import Identity, SumKind, Verdict, unit

OPEN = "open"
"""What a centre that publishes accounts is known to be: the target of that name is met by a
likelihood of its own."""
LEFT_OUT = "left out here"
"""Why a cell is not fitted that an emulator knows all the same."""
_GIVEN = {
    Account.PROGRAMME_DISCRETIONARY,
    Account.DOMESTIC_PUBLIC,
    Account.CORPORATE_SUPPORT,
    Account.OTHER_SUPPORT,
    Account.OTHER_EARMARKED,
    Account.HOST_CASH,
    Account.INTERNATIONAL_PROJECTS,
}
"""What is put in as printed: no parameter that is learned moves much of it."""
_SPENT = {Account.PROGRAMME_EARMARKED}
"""What is put in too, and is income when it is spent: that is learned."""
_COLUMN = 1000
"""Unit of a printed amount that is no multiple of a thousand, in a column of thousands."""
_COARSEST = 0.1
"""Largest part of a count that its own roundness may be taken for."""


@dataclass(frozen=True)
class Target:
    """One printed number, and what it is compared with.

    Attributes:
        name: line and year, or what is counted.
        line: the line of the accounts, or the output.
        year: the fiscal year; None for a count of all years.
        unit: "money", or what is counted.
        published: the printed number.
        precision: the unit it is rounded to, in its own unit.
        fitted: whether a fit meets it; the others are only compared with.
        why: why it is not fitted, if so.
        otherwise: what it would be if the printed numbers that it contradicts were right, in its
            own unit: one standard deviation away. None where it contradicts none.
        given: whether it is money given, most of it put in as printed.
        level: of its line: 0 for totals and the balance, 1 for the lines that make them up, more
            for parts of these.
    """

    name: str
    line: str
    year: int | None
    unit: str
    published: float
    precision: float
    fitted: bool
    why: str = ""
    otherwise: float | None = None
    given: bool = False
    level: int = 1

    @property
    def scored(self) -> bool:
        """Whether predictions of it are judged: each dollar of fees and costs once."""
        return self.fitted and self.year is not None and self.level == 1 and not self.given


def of_accounts(
    accounts: Accounts, lines: Sequence[StatementLine], doubted: Collection[str]
) -> Iterator[Target]:
    """Every number that is printed under a year, line by line.

    Args:
        accounts: as printed.
        lines: the lines of their layout, in the same order.
        doubted: parts that are at fault where they do not make up their line.
    """
    for place, line in enumerate(lines):
        for year in accounts.years:
            cell = accounts.lines[place].cell(year)
            if cell.amount is None:
                continue
            why = _why_not_fitted(accounts, lines, place, year)
            yield Target(
                name=f"{line.name} {year}",
                line=line.name,
                year=int(year),
                unit="money",
                published=float(cell.amount),
                precision=_precision(cell),
                fitted=not why,
                why=why,
                otherwise=_otherwise(accounts, place, year, doubted),
                given=line.section == REVENUE and set(line.accounts) <= _GIVEN | _SPENT,
                level=line.level,
            )


def of_activity(counts: Iterable[Count], same: Mapping[str, str]) -> Iterator[Target]:
    """Counts of all years that the model counts too: `same` has its output by their words."""
    for count in counts:
        if count.indicator not in same:
            continue
        output = same[count.indicator]
        roundness = next(p for p in (1000, 100, 10, 1) if count.value % p == 0)
        yield Target(
            name=output,
            line=output,
            year=None,
            unit=MEASURES[output].unit,
            published=float(count.value),
            precision=max(min(float(roundness), _COARSEST * count.value), 1.0),
            fitted=True,
        )


def _why_not_fitted(
    accounts: Accounts, lines: Sequence[StatementLine], place: int, year: str
) -> str:
    """Why a cell is no target, or None if it is one."""
    line = lines[place]
    if line.section == REVENUE and set(line.accounts) <= _GIVEN:
        return "given"
    if line.section == BALANCE and line.level > 0:
        return "neither revenue nor expenditure"
    unlike = [i for i in accounts.made_of(place) or {place} if not lines[i].accounts]
    if any(accounts.lines[i].cell(year).amount for i in unlike):
        return "the model has no such number"
    return ""


def _otherwise(accounts: Accounts, place: int, year: str, doubted: Collection[str]) -> float | None:
    """What other cells say that a cell is, if it differs by more than rounding explains.

    A sum is what the lines make it that are parts of no other but sums: they are printed for their
    own sake, and it could be computed wrongly. Doubted parts do not count; each is what the line
    above leaves for it.
    """
    line = accounts.lines[place]
    above = accounts.above(place)
    if line.name in doubted and above is not None:
        signs = {above: 1} | {i: -1 for i in accounts.under(above) if i != place}
    else:
        ignored = [i for i, one in enumerate(accounts.lines) if one.name in doubted]
        signs = accounts.made_of(place, ignored)
    mine, cells = line.cell(year), {i: accounts.lines[i].cell(year) for i in signs}
    if mine.amount is None or all(cell.amount is None for cell in cells.values()):
        return None
    sums = Identity(
        SumKind.LINES,
        year,
        line.name,
        tuple(cell.line for cell in cells.values()),
        computed=sum(sign * (cells[i].amount or 0) for i, sign in signs.items()),
        printed=mine.amount,
        units=unit(mine) + sum(map(unit, cells.values())),
    )
    return float(sums.computed) if sums.verdict is Verdict.FAILS else None


def _precision(cell: Cell) -> float:
    """The unit that a cell is rounded to: that of its column, but for larger ones."""
    return float(max(unit(cell), _COLUMN))
