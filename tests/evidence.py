"""What tests of the evidence share."""

from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.published.evidence import (
    load_evidence,
    users,
)

PLANS = {name: load_plan(name) for name in shipped_plans()}


FACTS = {fact.id: fact for fact in load_evidence()}


USERS = users(PLANS.values())


GENERIC = PLANS["generic"]


def fact(name: str) -> float:
    """The number of a fact that has one."""
    value = FACTS[name].value
    assert value is not None, name
    return value


def support(path: str, plan: Plan = GENERIC) -> tuple[float, float]:
    return plan.quantities[path].support()


# The same numbers as in the published figures.

LINES = {
    "fig10": {
        "revenues": "Revenues",
        "operations": "Revenues from Operations",
        "contributions": "Contributions",
        "expenditures": "Expenditures",
        "service": "Service Expenses",
        "direct": "direct",
        "personnel": "personnel",
        "non_personnel": "non-personnel",
        "indirect": "indirect",
        "other_expenses": "Other Expenses",
        "balance": "Balance",
        "materials": "Material & Energy Expenses",
        "wages": "Wage Expenses",
        "social_security": "Social Security Expenses",
        "depreciation": "Depreciation Expenses",
        "other": "Other Revenues",
    },
    "fig11": {
        "revenues": "Revenues",
        "expenditures": "Expenditures",
        "subcontractors": "Sub-contractors",
        "infrastructure": "Infrastructure and fixed assets",
        "miscellaneous": "Miscellaneous",
        "balance": "Balance",
        "unido_discretionary": "UNIDO discretionary budget",
        "unido_direct": "UNIDO direct funding",
        "tenders": "Domestic tenders",
        "corporate": "Corporate support",
        "fees": "Operational incomes",
        "other": "Other support",
        "salaries": "Salaries",
        "overhead": "Overhead",
        "travel": "Travel expenses and per diem",
    },
}


COUNTRIES = {"czech": "Czech Republic", "brazil": "Brazil", "china": "China"}
