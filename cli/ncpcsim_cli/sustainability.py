"""A batch's answer as words and a table."""

import math
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from ncpcsim.plan.quantity import MONEY
from ncpcsim_cli.console import calendar_month

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpcsim.answers.sustainability import Answer, Band
    from ncpcsim.measures.catalogue import Measure
    from ncpcsim.measures.intervals import Interval
    from ncpcsim.plan.schema import Numbers

_SHOWN_UNITS = (MONEY, "GJ", "t")


def show_answer(screen: Console, numbers: "Numbers", found: "Answer", engine: str) -> None:
    """Print what a batch says about a centre.

    Args:
        screen: where.
        numbers: the plan.
        found: the answer.
        engine: what simulated, in words.
    """
    months = numbers.months
    screen.print(f"{numbers.title}: {numbers.question}", style="bold", highlight=False)
    screen.print(f"{_sentence(numbers, found)}\n", highlight=False)
    screen.print(
        f"{found.runs} runs of {months} months from {numbers.first_day:%B %Y}, judged in "
        f"{calendar_month(numbers.first_day, months - 1)}; {_programme_end(numbers)}.\n"
        f"Simulated by: {engine}.\n",
        highlight=False,
    )
    screen.print(_judgement_table(numbers, found))
    goal, last = numbers.thresholds.sustained_coverage, numbers.thresholds.sustained_months
    for line in (
        f"Sustained: active, no programme money in the last {last} months, and either income of at",
        f"least {100 * goal:.0f} % of full cost over them or a reserve covering a year's deficit.",
        f"From fees alone: {_chance(found.self_sufficient)}",
        *_when(numbers, found),
        *_why(found),
        f"Lowest cash: {_amount(found.lowest_cash, numbers.currency)},",
        f"  at the end of {_months(numbers, found.lowest_cash_month)}",
    ):
        screen.print(line, highlight=False)
    screen.print()
    screen.print(_coverage_table(found))
    screen.print(
        "Active, open (active or dormant): share of all runs at the year's end. Coverage: income "
        "as a\nshare of own cost, or of full cost with earmarked money on both sides; median (5th "
        "to 95th\npercentile) of the runs in which the centre spent anything that year.",
        highlight=False,
    )
    screen.print()
    screen.print(_indicator_table(found, numbers.currency))
    screen.print()
    screen.print(_output_table(found, numbers.currency))
    screen.print(
        "The model is calibrated on six years of accounts of two centres: differences between\n"
        "plans are more reliable than levels (docs/calibration.md).",
        highlight=False,
    )


def _sentence(numbers: "Numbers", found: "Answer") -> str:
    """The answer in one sentence."""
    over = "are open when programme money ends"
    when = {
        0: over if numbers.programme_end else "are open on the first day",
        12: "a year later",
        24: "two years later",
    }
    told = ", ".join(
        f"{100 * share.estimate:.0f} {when[after]}" for after, share in found.alive.items()
    )
    sustained = found.judgement["sustained"]
    last = calendar_month(numbers.first_day, numbers.months - 1)
    return (
        f"Of 100 such centres, {told}{'; ' if told else ''}{100 * sustained.estimate:.0f} "
        f"({100 * sustained.low:.0f} to {100 * sustained.high:.0f}) are sustained in {last}."
    )


def _programme_end(numbers: "Numbers") -> str:
    from ncpcsim.plan.schema.agreements import programme_end

    agreed = programme_end(numbers.programme, numbers.grants)
    if not agreed:
        return "no programme money is agreed"
    return f"programme money ends with {calendar_month(numbers.start, agreed - 1)}"


def _judgement_table(numbers: "Numbers", found: "Answer") -> Table:
    from ncpcsim.measures.catalogue import MEASURES

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(f"In {calendar_month(numbers.first_day, numbers.months - 1)} a centre is")
    table.add_column("of 100", justify="right")
    table.add_column("95 % interval", justify="right")
    for name, share in found.judgement.items():
        low, high = 100 * share.low, 100 * share.high
        label = _title(MEASURES[name])
        table.add_row(label, f"{100 * share.estimate:.0f}", f"{low:.0f} to {high:.0f}")
    return table


def _why(found: "Answer") -> list[str]:
    """First causes of those that do not work any longer, the commonest first."""
    from ncpcsim.model.ending import CAUSES

    words = {cause.name.lower(): text for cause, text in CAUSES.items()}
    ranked = sorted(found.causes.items(), key=lambda item: -item[1])
    lines = [f"  {100 * share:.0f} %: {words[name]}" for name, share in ranked]
    return ["Why closed and dormant centres first paid bills late:", *lines] if lines else []


def _coverage_table(found: "Answer") -> Table:
    from ncpcsim.measures.catalogue import COVERAGES

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Year")
    table.add_column("Active", justify="right")
    table.add_column("Open", justify="right")
    for measure in COVERAGES:
        table.add_column(f"{_title(measure)}, own cost", justify="right")
    table.add_column("Programme-free, full cost", justify="right")
    for year in found.years:
        ratios = (_percent(year.coverage[m.column.partition(".")[2]]) for m in COVERAGES)
        shares = (f"{100 * share.estimate:.0f} %" for share in (year.active, year.open))
        full = _percent(year.full_coverage["programme_free"])
        table.add_row(str(year.year), *shares, *ratios, full)
    return table


def _indicator_table(found: "Answer", currency: str) -> Table:
    from ncpcsim.measures.catalogue import INDICATORS

    return _levels_table(
        "Over the last twelve months, unless stated otherwise", INDICATORS, found, currency
    )


def _output_table(found: "Answer", currency: str) -> Table:
    from ncpcsim.measures.catalogue import OUTPUTS

    known = [measure for measure in OUTPUTS if not math.isnan(found.indicators[measure.name].p50)]
    return _levels_table("What the centre did, in the whole run", known, found, currency)


def _levels_table(
    heading: str, measures: "Iterable[Measure]", found: "Answer", currency: str
) -> Table:
    """Median, 5th and 95th percentile of each measure; units only where the label has none."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(heading)
    for title in ("Median", "5th", "95th percentile"):
        table.add_column(title, justify="right")
    for measure in measures:
        b = found.indicators[measure.name]
        unit = f", {measure.unit_in(currency)}" if measure.unit in _SHOWN_UNITS else ""
        levels = (_number(measure, x) for x in (b.p50, b.p05, b.p95))
        table.add_row(f"{_title(measure)}{unit}", *levels)
    return table


def _title(measure: "Measure") -> str:
    """A label at the beginning of a line; one that is indented goes on from the line above."""
    return measure.label[:1].upper() + measure.label[1:]


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
    middle = calendar_month(numbers.first_day, found.closed_month.p50)
    return [f"Half of those that close do so by the end of {middle}."]


def _amount(b: "Band", currency: str) -> str:
    spread = f"5th to 95th percentile {b.p05:,.0f} to {b.p95:,.0f}"
    return f"median {b.p50:,.0f} {currency} ({spread})"


def _months(numbers: "Numbers", b: "Band") -> str:
    low, middle, high = (calendar_month(numbers.first_day, month) for month in b)
    return f"{middle} (5th to 95th percentile {low} to {high})"


def _percent(b: "Band") -> str:
    if math.isnan(b.p50):
        return "-"
    return f"{100 * b.p50:.0f} % ({100 * b.p05:.0f} to {100 * b.p95:.0f})"
