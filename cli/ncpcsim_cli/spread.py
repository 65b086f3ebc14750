"""How well a number is known: the precision reached, and what its spread is made of."""

import math
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table as Grid

if TYPE_CHECKING:
    from ncpcsim.experiment.precision import Until
    from ncpcsim.measures.catalogue import Measure
    from ncpcsim.measures.intervals import Interval
    from ncpcsim.results.table import Table


def show_precision(
    screen: Console, currency: str, until: "Until", table: "Table", most: int
) -> None:
    """Print the precision that was reached and why the runs stopped."""
    interval = until.reached(table)
    measure = until.measure
    goal = figure(measure, until.half_width, currency, width=True)
    why = (
        f"within the {goal} asked for"
        if until.enough(table)
        else f"not within the {goal} asked for: stopped at the most runs allowed ({most:,})"
    )
    reached = shown(measure, interval, currency)
    screen.print(
        f"\nPrecision: {measure.label} {reached} after {len(table):,} runs,\n"
        f"  half-width {figure(measure, interval.half_width, currency, width=True)}, {why}",
        highlight=False,
    )


def show_spread(screen: Console, currency: str, table: "Table") -> None:
    """Print how much of each measure's spread is parameters, and how much is randomness."""
    from ncpcsim.answers.spread import spread
    from ncpcsim.measures.catalogue import MAIN

    rows = Grid(box=None, pad_edge=False, header_style="bold")
    rows.add_column("What the spread over runs comes from")
    for title in ("Parameters", "Randomness", "Standard deviation"):
        rows.add_column(title, justify="right")
    for measure in MAIN:
        split = spread(measure, table)
        if split:
            shares = (f"{100 * x:.0f} %" for x in (split.parameters_share, split.randomness_share))
            rows.add_row(measure.label, *shares, figure(measure, split.sd, currency))
    screen.print()
    screen.print(rows)


def shown(measure: "Measure", interval: "Interval", currency: str, *, signed: bool = False) -> str:
    """An estimate with its 95 % interval, in the measure's unit."""
    low, high = (figure(measure, x, signed=signed) for x in interval[1:])
    return f"{figure(measure, interval.estimate, currency, signed=signed)} ({low} to {high})"


def figure(
    measure: "Measure",
    x: float,
    currency: str | None = None,
    *,
    signed: bool = False,
    width: bool = False,
) -> str:
    """One number as a reader writes it.

    Args:
        measure: what it is of.
        x: the number.
        currency: the plan's, to write the unit in; no unit is written without it.
        signed: it is a difference.
        width: it is a half-width.
    """
    if math.isnan(x):
        return "-"
    sign, unit = "+" if signed else "", currency is not None
    if measure.unit == "months":
        return f"{x:{sign}.1f}" + " months" * unit
    if measure.unit not in ("share", "ratio"):
        named = f" {measure.unit_in(currency)}" if currency else ""
        return f"{x:{sign},.{measure.digits}f}{named}"
    # What lies between two shares is in points: of 20 %, 10 % would be 2.
    return f"{100 * x:{sign}.1f}" + (" points" if signed or width else " %") * unit
