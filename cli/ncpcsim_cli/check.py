"""`ncpcsim check`: a plan's world beside the book's."""

import math
from typing import TYPE_CHECKING

import click

from ncpcsim_cli.console import console
from ncpcsim_cli.options import load_or_refuse, plan_argument, seed_option, usable_cores
from ncpcsim_cli.run import simulate

if TYPE_CHECKING:
    from ncpcsim.answers.check import Row


@click.command("check")
@plan_argument
@click.option(
    "-n", "--runs", type=click.IntRange(1, 1_000_000), default=200, show_default=True, help="Runs."
)
@seed_option
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    default=usable_cores,
    show_default="all cores",
    help="Processes to use; the numbers do not depend on it.",
)
def command(plan: str, runs: int, seed: int, workers: int) -> None:
    """Set PLAN's results against what the centres of the book report, row by row.

    Runs the plan and up to three variants of it: small firms alone, a host that does not deliver,
    no policy climate. A row that does not agree stays in the table, with its distance.
    """
    from rich.table import Table

    from ncpcsim.answers.check import check

    loaded = load_or_refuse(plan)
    rows = check(loaded, lambda variant: simulate(variant, runs, seed, workers, detail=True))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Check", "The book", "Agrees", "Found (5th to 95th)", "Unit", "Off by"):
        table.add_column(title, justify="right" if title == "Off by" else "left")
    for row in rows:
        table.add_row(row.name, row.claim, *_judged(row))
    screen = console()
    screen.print(table)
    holding = sum(row.holds for row in rows)
    screen.print(f"\n{holding} of {len(rows)} rows agree with the book.", highlight=False)


def _judged(row: "Row") -> tuple[str, str, str, str]:
    found = _figure(row.found.p50)
    if not math.isnan(row.found.p05):
        found += f" ({_figure(row.found.p05)} to {_figure(row.found.p95)})"
    agrees = f"{'yes' if row.holds else 'NO '}  {_figure(row.low)} to {_figure(row.high)}"
    return agrees, found, row.unit, "" if row.holds else _figure(row.distance)


def _figure(x: float) -> str:
    return "-" if math.isnan(x) else f"{x:.2f}" if abs(x) < 2 else f"{x:,.0f}"
