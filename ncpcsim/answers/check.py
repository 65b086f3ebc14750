"""Is a plan's world like the book's? Results set against what centres reported, row by row.

Counts and shares are compared over the runs in which the centre is open at the end: the centres
that reported were.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ncpcsim import measures
from ncpcsim.answers.sustainability import Band, band
from ncpcsim.plan.load import Plan

if TYPE_CHECKING:
    import pandas as pd

Simulate = Callable[[Plan], "pd.DataFrame"]
"""Runs a plan and gives every column of its replications."""

_SMALL = "sme"
_UNDELIVERED = {"value": 0.2, "unit": "share", "assumption": True}


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        name: its name in the evidence table ("check:NAME").
        claim: what the book reports, in a few words.
        low: lower end of what would agree with it.
        high: upper end.
        found: what the runs gave; the median is judged.
        unit: of all four.
    """

    name: str
    claim: str
    low: float
    high: float
    found: Band
    unit: str

    @property
    def distance(self) -> float:
        """How far the median lies outside; 0 inside, NaN where there is nothing to compare."""
        if math.isnan(self.found.p50):
            return math.nan
        return max(self.low - self.found.p50, self.found.p50 - self.high, 0.0)

    @property
    def holds(self) -> bool:
        """Whether the median agrees."""
        return self.distance == 0.0


def check(plan: Plan, simulate: Simulate) -> list[Row]:
    """Compare a plan, and three variants of it, with the book.

    Args:
        plan: the plan.
        simulate: how to run a plan.

    Returns:
        The rows that apply to the plan, in a fixed order.
    """
    table = _good(simulate(plan))
    return [
        *_money(plan, table),
        *_activity(plan, table[table["insolvent_month"].isna()]),
        *_variants(plan, table, simulate),
    ]


def _money(plan: Plan, table: "pd.DataFrame") -> list[Row]:
    years = measures.years(plan.numbers)
    window = plan.numbers.horizon.funding_window_months // 12
    fees = [table[f"coverage.fee.{year}"] for year in years]
    mexico = _mexico([band(series).p50 for series in fees])
    covered = table["indicator.first_covered_month"].fillna(float(plan.numbers.horizon.months))
    rising = [band(b).p50 > band(a).p50 for a, b in pairwise(fees[:window])]
    return [
        Row("fees_year_one", "fees near nothing at first", 0, 0.2, band(fees[0]), "coverage"),
        Row("fees_rise", "fees rise", 0.75, 1, _point(_share(rising)), "of years"),
        Row("five_years", "full coverage in five years", 48, 72, band(covered), "months"),
        Row("mexico_coverage", "20 to 25 %, then 50 %", 0.4, 0.6, _point(mexico), "coverage"),
    ]


def _mexico(medians: list[float]) -> float:
    """Coverage in the year after the one that is nearest to Mexico's 20 to 25 %."""
    pairs = [(a, b) for a, b in pairwise(medians) if not math.isnan(a + b)]
    return min(pairs, key=lambda pair: abs(pair[0] - 0.225))[1] if pairs else math.nan


def _activity(plan: Plan, table: "pd.DataFrame") -> list[Row]:
    numbers = plan.numbers
    per_year = 12 / numbers.horizon.months
    people = float(sum(post.people for post in numbers.posts.values()))
    rows = [Row("staff_range", "1 to 13 people", 1, 13, _point(people), "people")]
    for name, what, service, claim, low, high in (
        ("assessments_per_year", "done", "assessment", "10 to 26 assessed", 10, 26),
        ("trained_per_year", "participants", "training", "75 to 264 trained", 75, 264),
        ("awareness_people", "participants", "awareness", "167 to 3,116 reached", 167, 3116),
    ):
        if service in numbers.services:
            found = band(table[f"total.{service}.{what}"].astype("float64") * per_year)
            rows.append(Row(name, claim, low, high, found, "a year"))
    if numbers.savings:
        found = _ratio(table, "implemented", "found", numbers.savings.categories)
        rows.append(Row("options_implemented", "64 % implemented", 0.59, 0.69, found, "share"))
    if "investment_proposal" in numbers.services:
        done = table["total.investment_proposal.done"].astype("float64")
        share = table["total.investment_proposal.financed"] / done.where(done > 0)
        claim = "45 to 71 % succeed"
        rows.append(Row("investment_success", claim, 0.45, 0.71, band(share), "share"))
    return rows


def _variants(plan: Plan, table: "pd.DataFrame", simulate: Simulate) -> list[Row]:
    rows = []
    small = _only_small_clients(plan)
    if small is not None:
        alone = _good(simulate(small))["sustained"]
        sustained = float(alone.mean()) if len(alone) else math.nan
        claim = "small firms alone do not do"
        rows.append(Row("sme_alone", claim, 0, 0.05, _point(sustained), "sustained"))
    if plan.numbers.host is not None:
        without = plan.variant({"host.delivered_share": _UNDELIVERED}, "host in default")
        later = _reach(_good(simulate(without)), plan) - _reach(table, plan)
        claim = "a failing host delays it"
        months = float(plan.numbers.horizon.months)
        rows.append(Row("host_failure_delays", claim, 1, months, _point(later), "months later"))
    if plan.numbers.savings is not None:
        bare = _without_policy(plan)
        runs = _good(simulate(bare))
        served = runs[_total_columns(bare, "done", finding=True)].sum(axis=1).astype("float64")
        share = runs["total.clients.relapsed"] / served.where(served > 0)
        claim = "half relapse without policy"
        rows.append(Row("relapse_without_policy", claim, 0.4, 0.6, band(share), "of clients"))
    return rows


def _reach(table: "pd.DataFrame", plan: Plan) -> float:
    """Mean month in which the centre first covers a year's costs; the horizon if it never does."""
    months = float(plan.numbers.horizon.months)
    return float(table["indicator.first_covered_month"].fillna(months).mean())


def _only_small_clients(plan: Plan) -> Plan | None:
    services = plan.numbers.services
    segments = {segment for service in services.values() for segment in service.clients}
    if _SMALL not in segments or segments == {_SMALL}:
        return None
    changes: dict[str, Any] = {}
    for name in services:
        clients: Mapping[str, Any] = plan.tree["services"][name]["clients"]
        changes[f"services.{name}.clients"] = {k: v for k, v in clients.items() if k == _SMALL}
    return plan.variant(changes, "small firms alone")


def _without_policy(plan: Plan) -> Plan:
    changes: dict[str, Any] = {"events": {}}
    nothing = {"value": 0, "unit": "share", "assumption": True}
    for name in plan.numbers.services:
        changes[f"services.{name}.climate_gain"] = nothing
    return plan.variant(changes, "no policy climate")


def _total_columns(plan: Plan, what: str, *, finding: bool) -> list[str]:
    services = plan.numbers.services.items()
    return [
        f"total.{name}.{what}" for name, service in services if service.finds_options == finding
    ]


def _ratio(table: "pd.DataFrame", part: str, whole: str, categories: Mapping[str, Any]) -> Band:
    parts = table[[f"total.options.{name}.{part}" for name in categories]].sum(axis=1)
    wholes = table[[f"total.options.{name}.{whole}" for name in categories]].sum(axis=1)
    return band(parts.astype("float64") / wholes.where(wholes > 0).astype("float64"))


def _good(table: "pd.DataFrame") -> "pd.DataFrame":
    return table[table["error"].isna()]


def _share(happened: list[bool]) -> float:
    return sum(happened) / len(happened) if happened else math.nan


def _point(value: float) -> Band:
    """A single figure, with no spread over runs to show."""
    return Band(math.nan, value, math.nan)
