"""What is left of one run: its parameters, closing balances and outcome."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from ncpcsim.plan.quantity import unit_in
from ncpcsim_cli.console import calendar_month

if TYPE_CHECKING:
    from ncpcsim.model.record import Record
    from ncpcsim.plan.load import Plan

_THOUSAND = 1000


def show_run(
    screen: Console, plan: "Plan", parameters: Mapping[str, float], record: "Record"
) -> None:
    """Print one run's closing balances and outcome."""
    from ncpcsim.measures.catalogue import MEASURES
    from ncpcsim.measures.coverage import outcomes
    from ncpcsim.measures.judgement import Judgement, judge
    from ncpcsim.model.record import Records

    screen.print()
    screen.print(_drawn(plan, parameters))
    screen.print()
    screen.print(_balances(record, plan.currency))
    records = Records.of([record])
    end, judged = outcomes(records), judge(records, plan.numbers.thresholds)
    screen.print()
    if record.closed_month is not None:
        closed = calendar_month(plan.numbers.first_day, record.closed_month)
        screen.print(f"Closed at the end of {closed}{_why(plan, record)}.", highlight=False)
    else:
        label = MEASURES[Judgement(judged.judgement[0]).name.lower()].label
        last = calendar_month(plan.numbers.first_day, record.months - 1)
        screen.print(f"At the end of {last}: {label}{_why(plan, record)}.", highlight=False)
    screen.print(
        f"Lowest cash {end.lowest_cash_cents[0] / 100:,.2f} {plan.currency} at the end of "
        f"{calendar_month(plan.numbers.first_day, end.lowest_cash_month[0].item())}.",
        highlight=False,
    )


def _why(plan: "Plan", record: "Record") -> str:
    """The chain of events of a centre that sleeps or has closed, in one line."""
    from ncpcsim.model.ending import CAUSES

    if record.late_since is None:
        return ""
    start = plan.numbers.first_day
    chain = [f"bills were paid late from {calendar_month(start, record.late_since)}"]
    chain.append(CAUSES[record.cause])
    if record.dormant_since is not None:
        chain.append(f"dormant since {calendar_month(start, record.dormant_since)}")
    return f" ({'; '.join(chain)})"


def _drawn(plan: "Plan", parameters: Mapping[str, float]) -> Table:
    table = Table(title="Parameters drawn", title_justify="left", box=None, pad_edge=False)
    table.add_column("Parameter", no_wrap=True)
    table.add_column("Value", justify="right", no_wrap=True)
    table.add_column("Unit", no_wrap=True)
    for path, value in parameters.items():
        shown = f"{value:,.0f}" if abs(value) >= _THOUSAND else f"{value:.4g}"
        table.add_row(path, shown, unit_in(plan.uncertain[path].unit or "", plan.currency))
    return table


def _balances(record: "Record", currency: str) -> Table:
    title = f"Closing balances, {currency}"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
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
