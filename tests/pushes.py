"""Mechanisms that are pushed: what is measured, what is changed, and in which direction.

Two variants of a lean average centre are compared run by run: drawn parameters and random streams
are equal by name, so a difference is the change's own. Where an effect must hold in every run it is
asserted of every run; where randomness may turn a single run around (work done later meets other
clients, a director decides otherwise), the mean difference must be more than three standard errors
from zero.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from ncpcsim.measures.coverage import incomes_cents
from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan
from tests.directions import Measure, Push
from tests.full_centre import TROUBLE, lean
from tests.measured import decided
from tests.plans import changed, drawn_run

REPLICATIONS = 20
SEED = 11


@cache
def _plan(changes: str) -> Plan:
    return changed(lean(), json.loads(changes))


@cache
def _records(changes: str) -> tuple[Record, ...]:
    return tuple(drawn_run(_plan(changes), SEED, r) for r in range(REPLICATIONS))


def records(changes: Mapping[str, Any]) -> tuple[Record, ...]:
    """The replications of a variant of the lean centre."""
    return _records(json.dumps(changes, sort_keys=True))


# ------------------------------------------------------------------ what is measured


def account(name: str, sign: int = 1) -> Measure:
    """What was booked on an account in the whole run; with sign -1 an income."""
    return lambda record: float(sign * record.net_cents[record.accounts.index(name)].sum())


def operational(record: Record) -> float:
    """Income that fee coverage counts."""
    return float(incomes_cents(record)["fee"].sum())


def programme(record: Record) -> float:
    """Programme money received, spent or not."""
    closing = record.closing_cents()
    names = ("programme_discretionary", "programme_earmarked", "earmarked_grants_unspent")
    return -float(sum(closing[name] for name in names))


def counts(what: str, *subjects: str) -> Measure:
    """A count summed over months, and over all that is counted so if nothing is named."""

    def measure(record: Record) -> float:
        names = [name.rpartition(".") for name in record.counted]
        rows = [
            i for i, (s, _, w) in enumerate(names) if w == what and (not subjects or s in subjects)
        ]
        assert rows
        return float(record.counts[rows].sum())

    return measure


def hours_a_seminar(record: Record) -> float:
    return counts("staff_hours", "awareness")(record) / counts("done", "awareness")(record)


CLIENTS_ASK = ("training", "assessment", "energy_audit", "management_system")
asked = counts("asked", *CLIENTS_ASK)
done = counts("done")


# ------------------------------------------------------------------ what is changed


GRANTS = ("programme_direct", "programme_discretionary")


def grants(**changes: Any) -> dict[str, Any]:
    return {f"grants.{name}.{key}": value for name in GRANTS for key, value in changes.items()}


def spending(**changes: float) -> dict[str, float]:
    return {f"management.spending.{key}": value for key, value in changes.items()}


def giving_up(**changes: float) -> dict[str, float]:
    return {f"management.giving_up.{key}": value for key, value in changes.items()}


def risk(**changes: float) -> dict[str, Any]:
    none = {"suspensions_year": 0, "suspension_months": 6, "early_ends_year": 0}
    return {"donors.programme": {**none, **changes}}


def demand(**changes: float) -> dict[str, Any]:
    """The change of keys in the demand of every segment for every service."""
    return {
        f"services.{name}.clients.{segment}.{key}": value
        for name, service in lean().numbers.services.items()
        for segment in service.clients
        for key, value in changes.items()
    }


def segments(**changes: float) -> dict[str, Any]:
    return {f"segments.{s}.{key}": v for s in lean().numbers.segments for key, v in changes.items()}


def services(names: tuple[str, ...], **changes: float) -> dict[str, Any]:
    return {f"services.{name}.{key}": value for name in names for key, value in changes.items()}


def each_service(**changes: float) -> dict[str, Any]:
    return services(tuple(lean().numbers.services), **changes)


def contracts(**changes: Any) -> dict[str, Any]:
    names = lean().numbers.contracts
    return {f"contracts.{name}.{key}": value for name in names for key, value in changes.items()}


def host_trouble(**changes: float) -> dict[str, Any]:
    return {"host.delivered_share": 1, "host.trouble": {**TROUBLE, "default_months": 9, **changes}}


RICH = {"opening.cash": 1_000_000}
"""A director without cares for cash, so that other effects are seen alone."""
CALLS = contracts(calls_year=6, from_month=0)
"""Enough calls to see who wins them."""
NEWER = {
    **RICH,
    "contracts.newer_centres.calls_year": 6,
    "contracts.newer_centres.from_month": 0,
    "contracts.newer_centres.staff_days": 0,
    "contracts.newer_centres.bid_days": 0,
}
"""Newer centres that ask often, and whose work keeps nobody from other clients."""
AGREEMENTS = {
    **RICH,
    "contracts.agreement_project.calls_year": 6,
    "contracts.agreement_project.from_month": 0,
    "contracts.agreement_project.eligible_probability": 1,
    "contracts.agreement_project.win_probability": 1,
    "contracts.agreement_project.decision_months": 0,
    "contracts.agreement_project.months": 6,
}
"""Environmental agreements that bring a call every other month."""


def on_success(share: float, probability: float) -> dict[str, Any]:
    """What of them is paid only on success, and how often they succeed."""
    return {"contracts.agreement_project.on_success": {"share": share, "probability": probability}}


DONOR_PROGRAMME = {
    **RICH,
    "contracts.donor_programme.calls_year": 2,
    "contracts.donor_programme.win_probability": 0,
    "contracts.donor_programme.bid_days": 0,
    "contracts.donor_programme.programme": {"segment": "large", "months": 12, "share": 0.5},
}
"""Another donor's programme, without the centre."""
EXTENDS = {
    "programme.months": 24,
    "programme.interval_months": 24,
    "programme.amount_year": 37_500,
}
OFFER = {"credibility": 0.3, "probability": 0, "months": 12, "amount": 20_000}
BUSY = {
    **RICH,
    "services.assessment.staff_days": 60,
    "services.training.staff_days": 30,
    "overflow.days_month": 0,
}
"""More work than the staff can do."""
POOR = {**grants(support_cost_share=0.9), "opening.cash": 0}
MINISTRY = {
    "ministry": {"budget_year": 50_000, "payment_delay_months": 1},
    **demand(ministry_pays=300),
}
FOLLOWS = "services.investment_proposal"
SIGNED = {"events.signing": {"month": 3, "climate_gain": 1}, "market.climate_fade_month": 0}


def assert_pushes(push: Push) -> None:
    """The measure goes the way that is said; as many pairs of runs are made as it takes to tell."""
    low, high = changed(lean(), push.low), changed(lean(), {**push.low, **push.high})
    pushed: list[float] = []

    def difference(replication: int) -> float:
        runs = [drawn_run(plan, SEED, replication) for plan in (low, high)]
        pushed.append(push.sign * (push.measure(runs[1]) - push.measure(runs[0])))
        return pushed[-1]

    assert decided(difference, first=10, most=160).low > 0
    if push.always:
        assert min(pushed) >= 0
