"""What every command shares: how answers and errors reach the screen, and the exit codes."""

from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

BAD_INPUT = 2
RUNS_FAILED = 3
INTERRUPTED = 130


def console() -> "Console":
    """A console on standard output: coloured on a terminal, plain and unwrapped elsewhere."""
    from rich.console import Console

    # Titles and questions are the user's own words: brackets and colons in them are no markup.
    terminal = Console(markup=False, emoji=False)
    if terminal.is_terminal:
        return terminal
    # A pipe has no width of its own; 100 columns hold every table without folding.
    return Console(markup=False, emoji=False, width=100, highlight=False)


def calendar_month(start: "date", month: float) -> str:
    """A month of a run, counted from 0, as people write it: March 2001."""
    number = start.month - 1 + round(month)
    return f"{start.replace(year=start.year + number // 12, month=number % 12 + 1, day=1):%B %Y}"


def refuse(*problems: str, code: int = BAD_INPUT) -> NoReturn:
    """Print each problem as one line on standard error and leave with `code`."""
    for problem in problems:
        click.echo(problem, err=True)
    raise SystemExit(code)
