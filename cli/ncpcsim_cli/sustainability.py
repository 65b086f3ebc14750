"""A batch's answer as words and a table."""

import math
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from ncpcsim.answers.sustainability import Answer, Band
    from ncpcsim.measures.intervals import Interval
    from ncpcsim.plan.schema import Numbers

_RATIOS = {
    "fee": "Fee coverage",
    "domestic": "Domestic coverage",
    "programme_free": "Programme-free coverage",
}
_INDICATORS = {
    "subsidy_adjusted_coverage": ("Coverage with contributions in kind counted as costs", True, 0),
    "reserve_months": ("Months of expenditure that cash and receivables would carry", False, 1),
    "largest_source_share": ("Reliance on the largest source of income", True, 0),
    "committed_share": ("Year after programme money: income agreed, of a year's costs", True, 0),
    "committed_with_contracts_share": ("  and with contracts in hand", True, 0),
    "hoped_share": ("  income hoped for: clients, members, host, extensions", True, 0),
    "hoped_with_contracts_share": ("  and with bids at their chance", True, 0),
    "passed_through_per_own_usd": ("Earmarked money spent, per own dollar (whole run)", False, 2),
    "mission_share": ("Staff time for the mission", True, 0),
    "first_covered_month": ("Months until a year was covered without the programme", False, 0),
    "last_dependence_month": ("Last month not covered without the programme (whole run)", False, 0),
    "client_savings_per_programme_usd": ("Clients' savings per programme dollar", False, 2),
    "programme_usd_per_assessment": ("Programme dollars per assessment (whole run)", False, 0),
}
_OUTPUTS = {
    "events_held": "Awareness events held",
    "people_reached": "People at awareness events",
    "people_trained": "People trained",
    "person_days_of_training": "Person-days of training",
    "plants_assessed": "Plants assessed",
    "management_systems": "Plants helped to a management system",
    "finance_applications": "Applications for finance",
    "finance_accepted": "Applications accepted",
    "institutions_won": "Institutions that took the subject up",
    "assessors_at_work": "Assessors at work that it trained",
    "policy_papers": "Policy papers",
    "recommendations_adopted": "Recommendations adopted",
    "client_savings_usd": "Clients' savings, USD",
    "energy_saved_gj": "Energy saved, GJ",
    "water_saved_t": "Water saved, t",
    "waste_avoided_t": "Waste avoided, t",
}


def show_answer(screen: Console, numbers: "Numbers", found: "Answer", engine: str) -> None:
    """Print what a batch says about a centre.

    Args:
        screen: where.
        numbers: the plan.
        found: the answer.
        engine: what simulated, in words.
    """
    window = numbers.horizon.funding_window_months
    months = numbers.horizon.months
    screen.print(f"{numbers.title}: {numbers.question}", style="bold", highlight=False)
    screen.print(
        f"{found.runs} runs of {months} months from {numbers.start:%B %Y}; "
        f"programme money ends after month {window}.\nSimulated by: {engine}.\n",
        highlight=False,
    )
    goal = f"{100 * numbers.thresholds.sustained_coverage:.0f} %"
    for line in (
        f"Sustained: {_chance(found.sustained)}",
        f"  open at the end, programme-free coverage of at least {goal} in the last twelve months",
        f"Commercially self-sufficient: {_chance(found.self_sufficient)}",
        "  the same from fees alone",
        f"Insolvent before the end: {_chance(found.insolvent)}{_when(found)}",
        f"Lowest cash: {_usd(found.lowest_cash_usd)},",
        f"  at the end of month {_months(found.lowest_cash_month)}",
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
        "Months count from 0. Six years of two centres' accounts teach little: trust differences\n"
        "between plans more than levels (docs/calibration.md).",
        highlight=False,
    )


def _coverage_table(found: "Answer") -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Year")
    table.add_column("Still open", justify="right")
    for title in _RATIOS.values():
        table.add_column(title, justify="right")
    for year in found.years:
        ratios = (_percent(year.coverage[name]) for name in _RATIOS)
        table.add_row(str(year.year), f"{100 * year.open_share:.0f} %", *ratios)
    return table


def _indicator_table(found: "Answer") -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Over the last twelve months, unless it says otherwise")
    for title in ("Median", "5th", "95th percentile"):
        table.add_column(title, justify="right")
    for name, (label, percent, digits) in _INDICATORS.items():
        b = found.indicators[name]
        shown = (_number(x, percent=percent, digits=digits) for x in (b.p50, b.p05, b.p95))
        table.add_row(label, *shown)
    return table


def _output_table(found: "Answer") -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("What the centre did, in the whole run")
    for title in ("Median", "5th", "95th percentile"):
        table.add_column(title, justify="right")
    for name, label in _OUTPUTS.items():
        b = found.indicators[name]
        if not math.isnan(b.p50):
            table.add_row(
                label, *(_number(x, percent=False, digits=0) for x in (b.p50, b.p05, b.p95))
            )
    return table


def _number(x: float, *, percent: bool, digits: int) -> str:
    if math.isnan(x):
        return "-"
    return f"{100 * x:.0f} %" if percent else f"{x:,.{digits}f}"


def _chance(p: "Interval") -> str:
    interval = f"95 % interval {100 * p.low:.0f} to {100 * p.high:.0f} %"
    return f"{100 * p.estimate:.0f} % of runs ({interval})"


def _when(found: "Answer") -> str:
    if math.isnan(found.insolvent_month.p50):
        return ""
    return f", half of them by month {found.insolvent_month.p50:.0f}"


def _usd(b: "Band") -> str:
    return f"median {b.p50:,.0f} USD (5th to 95th percentile {b.p05:,.0f} to {b.p95:,.0f})"


def _months(b: "Band") -> str:
    return f"{b.p50:.0f} (5th to 95th percentile {b.p05:.0f} to {b.p95:.0f})"


def _percent(b: "Band") -> str:
    if math.isnan(b.p50):
        return "-"
    return f"{100 * b.p50:.0f} % ({100 * b.p05:.0f} to {100 * b.p95:.0f})"
