"""Sections of the full centre that do nothing until one of their numbers is set, and readers."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from ncpcsim.plan.load import Plan, load_plan, plan_from_tree
from tests.plans import BANKED, bare_plan, changed, grant, run

NEVER = 1e12
"""Months, or dollars, beyond any run."""

CONTRACT: dict[str, Any] = {
    "giver": "international",
    "from_month": 0,
    "calls_year": 12,
    "win_probability": 1,
    "leverage": 0,
    "bid_days": 0,
    "role": "technical",
    "priority": 0,
    "amount": 1000.01,
    "amount_sigma": 0,
    "months": 3,
    "staff_days": 0,
    "overhead_share": 0.4,
    "subcontractors_share": 0.5,
    "travel_share": 0.3,
    "advance_share": 0.3,
    "payment_delay_months": 0,
}
NETWORK: dict[str, Any] = {
    "from_month": 3,
    "number": 2,
    "role": "technical",
    "priority": 0,
    "staff_days_month": 5,
    "cost_month": 10.01,
    "reaches_year": 60,
    "rivals": 0,
}
ECONOMY: dict[str, Any] = {
    "inflation_year": 0,
    "price_follow_share": 0,
    "recessions_year": 0,
    "recession_months": 1,
    "recession_demand": 0,
}
MANAGEMENT: dict[str, Any] = {
    "reserve_months": 0,
    "cut_ahead_months": 6,
    "hoped_share": 0,
    "hires_role": "technical",
    "hire_above_waiting": 0,
    "most_hired": 0,
    "hire_salary_month": 0,
    "recruit_months": 0,
    "let_go_below_utilisation": 0,
    "notice_months": 0,
    "board_delay_months": 0,
    "mission_floor_share": 0,
    "mission_step": 0,
    "reprice_step": 0,
    "reprice_up_above": 1,
    "reprice_down_below": 0,
}
"""A director who never does anything."""
SAVINGS: dict[str, Any] = {
    "options_mean": 0,
    "categories": {
        "housekeeping": {"found_share": 1, "implemented_probability": 1, "saving_year": 1200}
    },
    "relapse_probability": 0,
    "relapse_after_months": 6,
    "climate_protection": 0,
    "energy_gj": 0,
    "water_t": 0,
    "waste_t": 0,
}
CREDIBILITY: dict[str, Any] = {
    "at_start": 1,
    "per_engagement": 0,
    "per_adoption": 0,
    "per_failure": 0,
    "fade_month": 0,
}
TROUBLE: dict[str, Any] = {
    "defaults_year": 0,
    "default_months": 0,
    "losses_year": 0,
    "move_months": 0,
}


def bare(changes: Mapping[str, Any] | None = None) -> Plan:
    """The bare centre over two years, with some values replaced."""
    return bare_plan({"horizon.judged_month": 24, **(changes or {})})


@cache
def lean() -> Plan:
    """The average centre with a small market, three years, and a bank of endless patience."""
    return changed(
        load_plan("generic"),
        {
            **BANKED,
            "horizon.judged_month": 36,
            "segments.sme.potential_clients": 200,
            "segments.large.potential_clients": 150,
        },
    )


def without(plan: Plan, path: str) -> Plan:
    """A plan without a section or a field."""
    return plan_from_tree(_less(plan.tree, path.split(".")), plan.name)


def _less(node: Mapping[str, Any], path: list[str]) -> dict[str, Any]:
    first, *rest = path
    if not rest:
        return {key: value for key, value in node.items() if key != first}
    return {key: _less(value, rest) if key == first else value for key, value in node.items()}


def asked_for(per_month: float = 1.0, price: float = 0, **changes: Any) -> dict[str, Any]:
    """Demand of the hundred firms, who take any price: so many enquiries a month in the mean."""
    terms = {"asks_year": per_month * 12 / 100, "price": price, "willingness": NEVER}
    return {"firms": {**terms, **changes}}


def contract(**changes: Any) -> dict[str, Any]:
    """A contract always won, a call a month in the mean, with some keys replaced."""
    return {**CONTRACT, **changes}


def scheduled(total: float, every_months: int, shape: str, **changes: Any) -> dict[str, Any]:
    """A punctual discretionary programme grant by total and shape."""
    terms = {"total": total, "every_months": every_months, "shape": shape}
    listed = grant({}, **changes)
    del listed["tranches"]
    return {**listed, "schedule": terms}


def traced(plan: Plan, replication: int = 0) -> list[tuple[float, str]]:
    """What is told of a run at the plan's medians: time, and words."""
    told: list[tuple[float, str]] = []
    run(plan, replication=replication, trace=lambda time, what: told.append((time, what)))
    return told


def moments(told: list[tuple[float, str]], what: str) -> list[float]:
    """When something was told of a run."""
    return [time for time, words in told if what in words]
