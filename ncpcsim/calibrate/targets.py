"""The printed numbers a fit must meet, and how well each of them is known."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ncpcsim.calibrate.accounts import Accounts, Cell
from ncpcsim.calibrate.activity import Count
from ncpcsim.calibrate.reconcile import Verdict, identities, unit
from ncpcsim.indicators import OUTPUTS
from ncpcsim.ledger import Account
from ncpcsim.statements import Line

OPEN = "open"
"""What a centre that publishes accounts is known to be: the target of that name is met by a
likelihood of its own."""
LEFT_OUT = "left out here"
"""Why a cell is not fitted that an emulator knows all the same."""
_GIVEN = {
    Account.PROGRAMME_DISCRETIONARY,
    Account.PROGRAMME_EARMARKED,
    Account.DOMESTIC_PUBLIC,
    Account.CORPORATE_SUPPORT,
    Account.OTHER_SUPPORT,
    Account.OTHER_EARMARKED,
    Account.HOST_CASH,
    Account.INTERNATIONAL_PROJECTS,
}
_COLUMN_USD = 1000
"""Unit of a printed amount that is no multiple of a thousand, in a column of thousands."""
_COARSEST = 0.1
"""Largest part of a count that its own roundness may be taken for."""


@dataclass(frozen=True)
class Target:
    """One printed number, and what it is compared with.

    Attributes:
        name: line and year, or what is counted.
        line: the line of the accounts, or the output.
        year: the fiscal year; nothing for a count of all years.
        unit: "usd", or what is counted.
        published: the printed number.
        precision: the unit it is rounded to, in its own unit.
        fitted: whether a fit meets it; the others are only compared with.
        why: why it is not fitted, if so.
        discrepancy: by how much it contradicts other printed numbers, in its own unit: it may be
            wrong by as much, one standard deviation.
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
    discrepancy: float = 0.0
    level: int = 1

    @property
    def scored(self) -> bool:
        """Whether predictions of it are judged: each dollar of fees and costs once."""
        return self.fitted and self.year is not None and self.level == 1


def of_accounts(
    accounts: Accounts, lines: Sequence[Line], doubted: Collection[str]
) -> Iterator[Target]:
    """Every number that is printed under a year, line by line.

    Args:
        accounts: as printed.
        lines: the lines of their layout.
        doubted: lines that are at fault where a sum they are part of does not come out.
    """
    layout = {line.name: line for line in lines}
    contradictions = discrepancies(accounts, doubted)
    for printed in accounts.lines:
        line = layout[printed.name]
        # No parameter moves what is put in as printed.
        given = line.section == "revenue" and set(line.accounts) <= _GIVEN
        for year in accounts.years:
            cell = printed.cell(year)
            if cell.amount is None:
                continue
            yield Target(
                name=f"{line.name} {year}",
                line=line.name,
                year=int(year),
                unit="usd",
                published=float(cell.amount),
                precision=_precision(cell),
                fitted=not given,
                why="given" if given else "",
                discrepancy=contradictions.get((line.name, year), 0.0),
                level=line.level,
            )


def of_activity(counts: Sequence[Count], same: Mapping[str, str]) -> Iterator[Target]:
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
            unit=OUTPUTS[output][0],
            published=float(count.value),
            precision=max(min(float(roundness), _COARSEST * count.value), 1.0),
            fitted=True,
        )


def discrepancies(accounts: Accounts, doubted: Collection[str]) -> dict[tuple[str, str], float]:
    """What sums of a year miss, in US$, by the line at fault and the year.

    At fault are the doubted ones of its parts, or else the sum itself: a part is printed once for
    its own sake, a sum can be reckoned wrong.
    """
    found: dict[tuple[str, str], float] = {}
    for one in identities(accounts):
        if one.column not in accounts.years or one.verdict is not Verdict.FAILS:
            continue
        for line in [part for part in one.parts if part in doubted] or [one.whole]:
            missed = abs(float(one.residual))
            found[line, one.column] = max(found.get((line, one.column), 0.0), missed)
    return found


def _precision(cell: Cell) -> float:
    """The unit that a cell is rounded to: that of its column, but for larger ones."""
    return float(max(unit(cell), _COLUMN_USD))
