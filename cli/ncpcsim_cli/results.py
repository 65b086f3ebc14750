"""`ncpcsim results`: what a batch's folder holds."""

import math
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from ncpcsim_cli.console import INTERRUPTED, RUNS_FAILED, console, refuse
from ncpcsim_cli.documents import json_option, of_variant, show_document

if TYPE_CHECKING:
    from ncpcsim.answers.summary import VariantSummary
    from ncpcsim.measures.intervals import Interval
    from ncpcsim.results.folder import Folder

T = TypeVar("T")
_SHOWN_ERRORS = 5
_SHOWN_RUNS = 10


@click.command("results")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--csv", type=click.Path(path_type=Path), help="Write every run of every variant as CSV, too."
)
@json_option
def command(folder: Path, csv: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """List and summarise what DIR holds: the runs of a plan, or the variants of a batch.

    Every part is checked first: what is missing or damaged is named, file by file.
    """
    from ncpcsim.answers.summary import summary

    opened = open_or_refuse(folder)
    lines = read_or_refuse(lambda: summary(opened))
    manifest = opened.manifest
    if as_json:
        show_document("results", _document(manifest, lines))
    else:
        _show(manifest, lines)
    if csv is not None:
        table = read_or_refuse(lambda: opened.frame("* EXCLUDE (variant, replication)"))
        write_or_refuse(csv, lambda file: table.to_csv(file, index=False))
    failed = failure_lines(lines)
    if failed:
        refuse(*failed, code=RUNS_FAILED)


def _document(manifest: Mapping[str, Any], lines: "list[VariantSummary]") -> dict[str, Any]:
    keys = ("engine", "currency", "seed", "replications_per_draw", "parameters", "runs")
    variants = [of_variant(line) for line in lines]
    return {**{key: manifest[key] for key in keys}, "variants": variants}


def _show(manifest: Mapping[str, Any], lines: "list[VariantSummary]") -> None:
    variants = "1 variant" if len(lines) == 1 else f"{len(lines)} variants"
    console().print(
        f"{variants} of {manifest['runs']:,} runs, seed {manifest['seed']}, ncpcsim "
        f"{manifest['version']} ({(manifest['commit'] or 'no commit')[:12]})\n",
        highlight=False,
        soft_wrap=True,
    )
    show_summary(console(), lines, manifest["currency"])


def open_or_refuse(path: Path) -> "Folder":
    """A batch's folder; the program is left with the reason if it is none."""
    from ncpcsim.results.errors import DamageError, StoreError
    from ncpcsim.results.folder import Folder

    try:
        return Folder.open(path)
    except DamageError as error:
        refuse(*error.lines, "the batch is not whole: --force runs it anew", code=RUNS_FAILED)
    except StoreError as error:
        refuse(*str(error).splitlines())


def read_or_refuse(read: Callable[[], T], stopped: str = "stopped") -> T:
    """What a reader of a folder gives; the program is left with every damaged file named.

    It reads in a thread of its own, so that Ctrl-C, which DuckDB may ignore for hours, ends the
    program at once.
    """
    from ncpcsim.results.errors import DamageError

    try:
        return ThreadPoolExecutor(1).submit(read).result()
    except KeyboardInterrupt:
        click.echo(stopped, err=True)
        os._exit(INTERRUPTED)
    except DamageError as error:
        hint = "the batch is not whole: --resume runs what is missing"
        refuse(*error.lines, hint, code=RUNS_FAILED)


def write_or_refuse(file: Path, write: Callable[[Path], object]) -> None:
    """Write a file whole, or leave the program with the reason."""
    from ncpcsim.results.parts import written

    try:
        if file.exists() and not file.is_file():  # such as /dev/stdout, which nothing can replace
            write(file)
            return
        with written(file) as work:
            write(work)
    except OSError as error:
        refuse(f"{file}: cannot be written ({error.strerror or error})", code=RUNS_FAILED)


def show_summary(screen: Console, lines: "list[VariantSummary]", currency: str) -> None:
    """Print one line a variant."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Variant", overflow="fold")
    for title in ("Sustained", "Fees alone", "Dormant", "Closed", f"Lowest cash, {currency}"):
        table.add_column(title, justify="right", no_wrap=True)
    failures = any(line.failed for line in lines)
    if failures:
        table.add_column("Failed", justify="right")
    for line in lines:
        shown_shares = (line.sustained, line.self_sufficient, line.dormant, line.closed)
        shares = (_share(x) for x in shown_shares)
        cash = line.lowest_cash
        shown = f"{_whole(cash.p50)} ({_whole(cash.p05)} to {_whole(cash.p95)})"
        failed = [str(len(line.failed))] if failures else []
        table.add_row(line.variant, *shares, shown, *failed)
    screen.print(table, highlight=False)
    screen.print(
        "Shares of runs, %, with their 95 % intervals; cash: median (5th to 95th percentile).",
        highlight=False,
    )


def failure_lines(lines: "list[VariantSummary]") -> list[str]:
    """Which runs failed, in short; empty if none did."""
    failed = [line for line in lines if line.failed]
    if not failed:
        return []
    runs = sum(len(line.failed) for line in failed)
    shown = [
        f"{line.variant}: {_numbers(line.failed)} failed, the first with {line.first_error}"
        for line in failed[:_SHOWN_ERRORS]
    ]
    more = len(failed) - len(shown)
    return [
        f"{runs:,} {'run' if runs == 1 else 'runs'} failed",
        *shown,
        *(
            [f"and runs of {more} more variants: ask for those WHERE error IS NOT NULL"]
            * (more > 0)
        ),
    ]


def _numbers(runs: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, runs[:_SHOWN_RUNS]))
    more = len(runs) - _SHOWN_RUNS
    return ("run " if len(runs) == 1 else "runs ") + shown + (f" and {more:,} more" * (more > 0))


def _share(interval: "Interval") -> str:
    if math.isnan(interval.estimate):
        return "-"
    return "{:.0f} ({:.0f} to {:.0f})".format(*(100 * x for x in interval))


def _whole(x: float) -> str:
    return "-" if math.isnan(x) else f"{x:,.0f}"
