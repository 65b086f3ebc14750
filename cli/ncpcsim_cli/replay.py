"""What is left of one run: its parameters, closing balances and outcome."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from ncpcsim_cli.console import calendar_month

if TYPE_CHECKING:
    from ncpcsim.model.record import Record
    from ncpcsim.plan.load import Plan

_THOUSAND = 1000


def show_run(
    screen: Console, plan: "Plan", parameters: Mapping[str, float], record: "Record"
) -> None:
    """Print one run's closing balances and outcome."""
    from ncpcsim.measures.coverage import outcomes
    from ncpcsim.model.record import Records

    screen.print()
    screen.print(_drawn(plan, parameters))
    screen.print()
    screen.print(_balances(record))
    end = outcomes(Records.of([record]), plan.numbers.thresholds)
    screen.print()
    if record.closed_month is not None:
        closed = calendar_month(plan.numbers.start, record.closed_month)
        screen.print(f"Closed at the end of {closed}.", highlight=False)
    else:
        judged = "sustained" if end.sustained[0] else "open, but not sustained"
        last = calendar_month(plan.numbers.start, record.months - 1)
        screen.print(f"At the end of {last}: {judged}.", highlight=False)
    screen.print(
        f"Lowest cash {end.lowest_cash_cents[0] / 100:,.2f} USD at the end of "
        f"{calendar_month(plan.numbers.start, end.lowest_cash_month[0].item())}.",
        highlight=False,
    )


def _drawn(plan: "Plan", parameters: Mapping[str, float]) -> Table:
    table = Table(title="Parameters drawn", title_justify="left", box=None, pad_edge=False)
    table.add_column("Parameter", no_wrap=True)
    table.add_column("Value", justify="right", no_wrap=True)
    table.add_column("Unit", no_wrap=True)
    for path, value in parameters.items():
        shown = f"{value:,.0f}" if abs(value) >= _THOUSAND else f"{value:.4g}"
        table.add_row(path, shown, plan.uncertain[path].unit)
    return table


def _balances(record: "Record") -> Table:
    table = Table(title="Closing balances, USD", title_justify="left", box=None, pad_edge=False)
    table.add_column("Account")
    table.add_column("Debit", justify="right")
    table.add_column("Credit", justify="right")
    closing = record.closing_cents()
    for name, cents in closing.items():
        debit, credit = (f"{cents / 100:,.2f}", "") if cents >= 0 else ("", f"{-cents / 100:,.2f}")
        table.add_row(name, debit, credit)
    debit_sum = sum(cents for cents in closing.values() if cents > 0)
    credit_sum = -sum(cents for cents in closing.values() if cents < 0)
    table.add_row(
        "Trial balance", f"{debit_sum / 100:,.2f}", f"{credit_sum / 100:,.2f}", style="bold"
    )
    return table
