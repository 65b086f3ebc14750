"""`ncpcsim check`: a plan's world compared with the book's."""

import math
from typing import TYPE_CHECKING

import click

from ncpcsim_cli import work
from ncpcsim_cli.console import console
from ncpcsim_cli.documents import json_option, of_check, of_plan, show_document
from ncpcsim_cli.options import load_or_refuse, parameters_option, plan_argument, seed_option

if TYPE_CHECKING:
    from ncpcsim.answers.check import Row

_NOTES = """\
Found: the estimate with its interval of 95 % confidence. A row agrees if the whole interval lies
within what is reported, and disagrees if no part of it does. "Not yet": later than the months that
were simulated. Months and coverage are those of the median run; other amounts are means, and
shares are of all runs together. `ncpcsim evidence` lists what the book reports."""


@click.command("check")
@plan_argument
@click.option(
    "-n", "--runs", type=click.IntRange(1, 1_000_000), default=200, show_default=True, help="Runs."
)
@seed_option
@parameters_option
@work.workers_option
@work.engine_option
@json_option
def command(
    plan: str,
    runs: int,
    seed: int,
    parameters: str,
    workers: int,
    engine: str,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Compare PLAN's results with what the centres of the book report, row by row.

    Runs the plan and up to fifteen variants of it: its first year and its first five years alone,
    three to five years of support, small firms alone, a host that does not deliver, no policy
    climate; and without word of mouth, events, competitors, energy audits, leverage or a known
    director. A row that does not agree stays in the table, with its distance and the best
    explanation.
    """
    from rich.table import Table

    from ncpcsim.answers.check import check

    loaded = load_or_refuse(plan, parameters)
    engine = work.engine_or_refuse(engine)
    rows = check(
        loaded,
        lambda variant: work.simulate(
            variant, runs, seed=seed, workers=workers, engine=engine, detail=True
        ).frame(),
    )
    if as_json:
        about = of_plan(loaded, engine, seed)
        show_document("check", {**about, "runs": runs, "rows": [of_check(row) for row in rows]})
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Compared with the book")
    for title in ("Reported", "Found", "Off by"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("Agrees", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row))
    screen = console()
    heading = f"{loaded.numbers.title}: {runs} runs, {work.engine_label(engine)}"
    screen.print(heading, style="bold", highlight=False)
    screen.print(table, highlight=False)
    screen.print("\nWhere a row does not agree, the best explanation:", highlight=False)
    for row in rows:
        if row.verdict in ("disagrees", "cannot tell"):
            screen.print(f"{row.check.claim}: {row.check.explanation}.", highlight=False)
    screen.print(f"\n{_NOTES}", highlight=False)
    verdicts = [row.verdict for row in rows]
    screen.print(
        f"\nOf {len(rows)} rows, agree with the book: {verdicts.count('agrees')}; disagree: "
        f"{verdicts.count('disagrees')}; cannot tell from {runs:,} runs: "
        f"{verdicts.count('cannot tell')}; no figure found: {verdicts.count('unknown')}.",
        highlight=False,
    )


def _cells(row: "Row") -> tuple[str, str, str, str, str]:
    unit, found = row.check.unit, row.found
    verdict = _VERDICTS[row.verdict]
    shown = _figure(found.estimate, unit)
    if not math.isnan(found.low):
        shown += f" ({_figure(found.low, unit)} to {_figure(found.high, unit)})"
    return (
        f"{row.check.claim}{_SHOWN_UNITS.get(unit, '')}",
        _reported(row),
        shown,
        _figure(row.distance, unit) if row.distance > 0 or math.isnan(row.distance) else "",
        verdict,
    )


_VERDICTS = {"agrees": "yes", "disagrees": "NO", "cannot tell": "cannot tell", "unknown": "-"}
_SHOWN_UNITS = {"usd": ", USD", "share": ", %", "months": ", months"}
"""Behind a claim, where the claim does not name the unit itself."""


def _reported(row: "Row") -> str:
    low, high = _figure(row.low, row.check.unit), _figure(row.high, row.check.unit)
    return f"{low} or more" if math.isinf(row.high) else f"{low} to {high}"


def _figure(x: float, unit: str) -> str:
    if math.isnan(x):
        return "-"
    if math.isinf(x):
        return "not yet"
    shown = 100 * x if unit == "share" else x
    # Whole where a fraction would be meaningless.
    whole = unit == "usd" or abs(shown) >= 100 or shown == round(shown)
    return f"{shown:,.0f}" if whole else f"{shown:.1f}"
