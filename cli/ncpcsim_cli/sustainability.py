"""A batch's answer as words and a table."""

import math
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from ncpcsim_cli.console import calendar_month

if TYPE_CHECKING:
    from ncpcsim.answers.sustainability import Answer, Band
    from ncpcsim.measures.catalogue import Measure
    from ncpcsim.measures.intervals import Interval
    from ncpcsim.plan.schema import Numbers

_SHOWN_UNITS = ("USD", "GJ", "t")


def show_answer(screen: Console, numbers: "Numbers", found: "Answer", engine: str) -> None:
    """Print what a batch says about a centre.

    Args:
        screen: where.
        numbers: the plan.
        found: the answer.
        engine: what simulated, in words.
    """
    window = numbers.programme_end
    months = numbers.months
    screen.print(f"{numbers.title}: {numbers.question}", style="bold", highlight=False)
    screen.print(
        f"{found.runs} runs of {months} months from {numbers.start:%B %Y}; "
        f"the funding window ends with {calendar_month(numbers.start, window - 1)}.\n"
        f"Simulated by: {engine}.\n",
        highlight=False,
    )
    goal = f"{100 * numbers.thresholds.sustained_coverage:.0f} %"
    for line in (
        f"Sustained: {_chance(found.sustained)}",
        f"  open at the end, programme-free coverage of at least {goal} in the last twelve months",
        f"Commercially self-sufficient: {_chance(found.self_sufficient)}",
        "  the same from fees alone",
        f"Closed before the end: {_chance(found.closed)}",
        *_when(numbers, found),
        f"Lowest cash: {_amount(found.lowest_cash)},",
        f"  at the end of {_months(numbers, found.lowest_cash_month)}",
    ):
        screen.print(line, highlight=False)
    screen.print()
    screen.print(_coverage_table(found))
    screen.print(
        "Coverage: income as a share of own expenditure, earmarked money left out of both; median\n"
        "(5th to 95th percentile) of the runs in which the centre spent its own money that year.",
        highlight=False,
    )
    screen.print()
    screen.print(_indicator_table(found))
    screen.print()
    screen.print(_output_table(found))
    screen.print(
        "Six years of two centres' accounts teach little: trust differences\n"
        "between plans more than levels (docs/calibration.md).",
        highlight=False,
    )


def _coverage_table(found: "Answer") -> Table:
    from ncpcsim.measures.catalogue import COVERAGES

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Year")
    table.add_column("Still open", justify="right")
    for measure in COVERAGES:
        table.add_column(_title(measure), justify="right")
    for year in found.years:
        ratios = (_percent(year.coverage[m.column.partition(".")[2]]) for m in COVERAGES)
        table.add_row(str(year.year), f"{100 * year.open_share:.0f} %", *ratios)
    return table


def _indicator_table(found: "Answer") -> Table:
    from ncpcsim.measures.catalogue import INDICATORS

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Over the last twelve months, unless it says otherwise")
    for title in ("Median", "5th", "95th percentile"):
        table.add_column(title, justify="right")
    for measure in INDICATORS:
        table.add_row(_title(measure), *_levels(measure, found.indicators[measure.name]))
    return table


def _output_table(found: "Answer") -> Table:
    from ncpcsim.measures.catalogue import OUTPUTS

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("What the centre did, in the whole run")
    for title in ("Median", "5th", "95th percentile"):
        table.add_column(title, justify="right")
    for measure in OUTPUTS:
        b = found.indicators[measure.name]
        if not math.isnan(b.p50):
            unit = f", {measure.unit}" if measure.unit in _SHOWN_UNITS else ""
            table.add_row(f"{_title(measure)}{unit}", *_levels(measure, b))
    return table


def _title(measure: "Measure") -> str:
    """A label at the beginning of a line; one that is indented goes on from the line above."""
    return measure.label[:1].upper() + measure.label[1:]


def _levels(measure: "Measure", b: "Band") -> list[str]:
    """Median, 5th and 95th percentile."""
    return [_number(measure, x) for x in (b.p50, b.p05, b.p95)]


def _number(measure: "Measure", x: float) -> str:
    if math.isnan(x):
        return "-"
    return f"{100 * x:.0f} %" if measure.unit == "ratio" else f"{x:,.{measure.digits}f}"


def _chance(p: "Interval") -> str:
    interval = f"95 % interval {100 * p.low:.0f} to {100 * p.high:.0f} %"
    return f"{100 * p.estimate:.0f} % of runs ({interval})"


def _when(numbers: "Numbers", found: "Answer") -> list[str]:
    if math.isnan(found.closed_month.p50):
        return []
    middle = calendar_month(numbers.start, found.closed_month.p50)
    return [f"  half of them by the end of {middle}"]


def _amount(b: "Band") -> str:
    return f"median {b.p50:,.0f} USD (5th to 95th percentile {b.p05:,.0f} to {b.p95:,.0f})"


def _months(numbers: "Numbers", b: "Band") -> str:
    low, middle, high = (calendar_month(numbers.start, month) for month in b)
    return f"{middle} (5th to 95th percentile {low} to {high})"


def _percent(b: "Band") -> str:
    if math.isnan(b.p50):
        return "-"
    return f"{100 * b.p50:.0f} % ({100 * b.p05:.0f} to {100 * b.p95:.0f})"
