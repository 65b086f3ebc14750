"""A centre's own accounts: which of the model's accounts make up each of their lines."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ncpcsim.accounting.ledger import Account
from ncpcsim.accounting.statements import FEES, StatementLine
from ncpcsim.plan.load import Plan
from ncpcsim.published.accounts import BALANCE, Accounts, AccountsError
from ncpcsim.published.accounts import PrintedLine as Printed

_NAMES: Mapping[str, Account | str] = {
    FEES: FEES,
    **{account.name.lower(): account for account in Account if account is not Account.FEES},
}
"""What a chart of accounts may name: "fees" for those of all services, and the fixed accounts."""


def lines_of(plan: Plan, accounts: Accounts, file: Path) -> tuple[StatementLine, ...]:
    """The lines of a centre's accounts, as its plan's `[accounts]` maps them.

    A line with lines under it, mapped or not, is their sum.

    Raises:
        AccountsError: a line is not mapped, an account stands in two lines or is unknown, or the
            plan maps a line that is not there, or two lines have one name; one line of text for
            each, with file and line.
    """
    chart = plan.numbers.accounts
    problems = [*_unknown(plan, chart), *_twice(plan, chart), *_unmapped(accounts, chart, file)]
    problems += _namesakes(accounts, file)
    printed = {line.name for line in accounts.lines}
    problems += [
        f"{plan.name}: accounts.{name}: is no line of {file}, expected one of "
        f"{', '.join(sorted(printed))}"
        for name in chart
        if name not in printed
    ]
    if problems:
        raise AccountsError("\n".join(problems))
    return tuple(
        StatementLine(
            printed.section, printed.name, printed.level, tuple(_holds(i, accounts, chart))
        )
        for i, printed in enumerate(accounts.lines)
    )


def _unknown(plan: Plan, chart: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, holds in chart.items():
        for account in holds:
            if account not in _NAMES:
                what = f"{account!r} is no account, expected some of {', '.join(_NAMES)}"
                yield f"{plan.name}: accounts.{name}: {what}"


def _twice(plan: Plan, chart: Mapping[str, Sequence[str]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for name, holds in chart.items():
        for account in holds:
            if account in seen:
                what = f"{account!r} stands in {seen[account]!r} too, expected it in one line"
                yield f"{plan.name}: accounts.{name}: {what}"
            seen.setdefault(account, name)


def _namesakes(accounts: Accounts, file: Path) -> Iterator[str]:
    """Lines of two sections that the plan and the fit could not tell apart."""
    seen: dict[str, Printed] = {}
    for printed in accounts.lines:
        if (first := seen.setdefault(printed.name, printed)) is not printed:
            where = f"{file}:{_place(file, printed)}"
            what = f"{printed.name!r} is a line of {first.section} too, expected another name"
            yield f"{where}: line: {what} in {printed.section}"


def _unmapped(accounts: Accounts, chart: Mapping[str, Sequence[str]], file: Path) -> Iterator[str]:
    for i, printed in enumerate(accounts.lines):
        if printed.section == BALANCE:
            continue
        if printed.name not in chart and printed.level and not accounts.under(i):
            where = f"{file}:{_place(file, printed)}"
            what = f"{printed.name!r} is not mapped, expected it under [accounts] in the plan"
            yield f"{where}: line: {what}"


def _place(file: Path, printed: Printed) -> int:
    """The line of the file that first names a line of accounts."""
    texts = file.read_text(encoding="utf-8-sig").splitlines()
    lines = (n for n, text in enumerate(texts, 1) if printed.name in text)
    return next((n for n in lines if f",{printed.section}," in texts[n - 1]), 1)


def _holds(
    place: int, accounts: Accounts, chart: Mapping[str, Sequence[str]]
) -> list[Account | str]:
    """The accounts of one line: its own and those of the lines under it; all, of the balance."""
    lines = accounts.lines
    among = accounts.within(place)
    if lines[place].section == BALANCE:
        among = [i for i, line in enumerate(lines) if line.section != BALANCE]
    return list(dict.fromkeys(_NAMES[name] for i in among for name in chart.get(lines[i].name, ())))
