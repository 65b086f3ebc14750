"""Plans for tests, and what a test reads from a run's record."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from ncpcsim.compiled import run as compiled
from ncpcsim.compiled.library import load
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.selftest import differences
from ncpcsim.experiment.tables import tables_for
from ncpcsim.model.record import Record, Trace
from ncpcsim.model.streams import Streams
from ncpcsim.model.world import World
from ncpcsim.plan.fields import field_at, kind_of, unit_of
from ncpcsim.plan.load import Plan, plan_from_tree
from ncpcsim.plan.problems import KeyPath
from ncpcsim.reference.assembly import drawn_world, simulate

BARE: dict[str, Any] = {
    "title": "A bare centre",
    "question": "What does one number do when all others are zero or out of the way?",
    "start": date(2000, 1, 1),
    "horizon": {"judged_month": 6, "follow_up_months": 0},
    "thresholds": {"sustained_coverage": 1.0, "sustained_months": 12},
    "liquidity": {
        "credit_line": 1e9,
        "bridged_share": 0,
        "bridged_months": 0,
        "interest_year": 0,
        "creditors_bear_months": 0,
        "dormant_months": 0,
        "wakes_months": 0,
    },
    "opening": {"cash": 0},
    "staff": {
        "working_days_month": 20,
        "social_security_share": 0,
        "outside_day_rate": 0,
    },
    "posts": {
        "expert": {
            "role": "technical",
            "people": 1,
            "salary_month": 0,
            "payer": "centre",
            "then": "centre",
            "from_month": 0,
        }
    },
    "costs": {
        "from_month": 0,
        "premises_month": 0,
        "materials_month": 0,
        "travel_month": 0,
        "overhead_month": 0,
        "miscellaneous_month": 0,
        "equipment": 0,
        "equipment_month": 0,
        "equipment_life_months": 1,
    },
    "grants": {},
    "market": {
        "charge_from_month": 0,
        "decision_months": 0,
        "willingness_sigma": 0,
        "awareness_fade_month": 0,
        "word_of_mouth_clients": 0,
        "climate_effect": 0,
        "climate_fade_month": 0,
        "write_off_months": 12,
    },
    "segments": {
        "firms": {
            "potential_clients": 100,
            "aware_at_start": 1,
            "aware_at_most": 1,
            "payment_delay_months": 0,
            "bad_debt_probability": 0,
            # Longer than any run: nobody leaves.
            "patience_months": 1e12,
        }
    },
    "services": {
        "visit": {
            "role": "technical",
            "priority": 0,
            "staff_days": 0,
            "variability": "fixed",
            "outside_share": 0,
            "materials": 0,
            "travel": 0,
            "participants": 0,
            "reaches_clients": 0,
            "offered_year": 0,
            "adoption_probability": 0,
            "climate_gain": 0,
            "clients": {"firms": {"asks_year": 0, "price": 0, "willingness": 0}},
        }
    },
}
"""The smallest valid plan: everything fixed, nobody paid, nothing asked, given or spent."""

HOST: dict[str, Any] = {
    "kind": "university",
    "cash_month": 0,
    "premises_share": 0,
    "delivered_share": 1,
    "delay_months": 0,
}
"""A host that promises nothing and delivers all of it."""


BANKED: dict[str, Any] = {
    "liquidity.credit_line": 1e9,
    "liquidity.interest_year": 0,
    "liquidity.bridged_share": 0,
    "host.lends": 0,
}
"""A bank of endless patience, that asks for nothing: cash alone shows what comes and goes."""


def bare_plan(changes: Mapping[str, Any] | None = None) -> Plan:
    """The bare plan, with the values at some dotted paths replaced; numbers may be bare."""
    return changed(plan_from_tree(stated(BARE), "bare"), changes or {})


def changed(plan: Plan, changes: Mapping[str, Any]) -> Plan:
    """A variant of a plan whose numbers may all be bare, uncertain ones too."""
    return plan.variant(
        {path: stated(node, tuple(path.split("."))) for path, node in changes.items()}
    )


def stated(node: Any, path: KeyPath = ()) -> Any:
    """A tree in which every bare uncertain number or constant says that it is assumed."""
    if isinstance(node, Mapping):
        return {key: stated(value, (*path, key)) for key, value in node.items()}
    if isinstance(node, list):
        return [stated(value, (*path, index)) for index, value in enumerate(node)]
    field = field_at(path)
    if isinstance(node, int | float) and kind_of(field) in ("uncertain", "constant"):
        return {"value": node, "unit": unit_of(field), "assumption": True}
    return node


def service(**changes: Any) -> dict[str, Any]:
    """A service like the bare plan's, with some keys replaced."""
    return {**deepcopy(BARE["services"]["visit"]), **changes}


def post(**changes: Any) -> dict[str, Any]:
    """A post like the bare plan's, with some keys replaced."""
    return {**BARE["posts"]["expert"], **changes}


def grant(tranches: Mapping[int, float], **changes: Any) -> dict[str, Any]:
    """A punctual discretionary programme grant, by month and amount in dollars."""
    return {
        "giver": "programme",
        "terms": "discretionary",
        "from_month": 0,
        "until_month": 1200,
        "tranches": [{"month": m, "amount": usd} for m, usd in tranches.items()],
        "delay_months": 0,
        "spend_months": 1,
        **changes,
    }


def earmarks(**shares: float) -> dict[str, float]:
    """Earmarks; a category that is not named gets nothing."""
    none = dict.fromkeys(("salaries", "subcontractors", "travel", "equipment"), 0.0)
    return {**none, **shares}


SHORT_MONTHS = 36
"""Runs of at most so many months go through both engines."""


def run(plan: Plan, seed: int = 1, replication: int = 0, trace: Trace | None = None) -> Record:
    """One run at the plan's medians: through the compiled engine, a short one through both."""
    if trace is not None:
        return simulate(tables_for(plan), Streams(seed, replication), trace)
    record = compiled.simulate(tables_for(plan), seed, [replication]).record(0)
    if record.months <= SHORT_MONTHS:
        both_equal(simulate(tables_for(plan), Streams(seed, replication)), record)
    return record


def drawn_run(plan: Plan, seed: int, replication: int) -> Record:
    """One run through the compiled engine, uncertain parameters drawn."""
    values = draw_matrix(plan, seed, [replication], load())
    paths = tuple(plan.uncertain)
    return compiled.simulate(tables_for(plan), seed, [replication], paths, values).record(0)


def run_both(plan: Plan, streams: Streams) -> Record:
    """One run at the plan's medians through both engines, which give the same."""
    record = simulate(tables_for(plan), streams)
    found = compiled.simulate(tables_for(plan), streams.seed, [streams.replication])
    both_equal(record, found.record(0))
    return record


def both_equal(reference: Record, record: Record) -> None:
    """Fail with the first month and account in which two engines' results differ."""
    difference = next(differences(reference, record), None)
    assert difference is None, difference


def world_of(plan: Plan, seed: int = 1, replication: int = 0) -> World:
    """What surrounds a centre in one run at the plan's medians."""
    return drawn_world(tables_for(plan).inputs, Streams(seed, replication))


def end_of(plan: Plan, grant: str, seed: int = 1, replication: int = 0) -> float:
    """The month in which an agreement ends."""
    return world_of(plan, seed, replication).grant_ends[list(plan.numbers.grants).index(grant)]


def by_month(record: Record, account: str) -> list[int]:
    """Net debits of one account in cents, month by month."""
    months: list[int] = record.net_cents[record.accounts.index(account)].tolist()
    return months


def total(record: Record, account: str) -> int:
    """Net debits of one account in cents over the whole run."""
    return sum(by_month(record, account))


def counted(record: Record, what: str) -> list[int]:
    """What was counted as "SERVICE.WHAT", month by month."""
    months: list[int] = record.counts[record.counted.index(what)].tolist()
    return months


def booked(record: Record) -> dict[str, list[int]]:
    """Net debits in cents, month by month, of every account that has any."""
    rows = zip(record.accounts, record.net_cents.tolist(), strict=True)
    return {account: months for account, months in rows if any(months)}


MORE = (
    "economy",
    "contracts",
    "membership",
    "management",
    "overflow",
    "turnover",
    "learning",
    "ability",
)
"""Sections that bring money or staff of their own, shown elsewhere."""


def unfunded(plan: Plan) -> Plan:
    """A plan without any grant; whoever one paid, the centre pays."""
    tree = {key: node for key, node in plan.tree.items() if key != "programme"}
    posts = {
        name: {**post, "payer": "centre" if post["payer"] in tree["grants"] else post["payer"]}
        for name, post in tree["posts"].items()
    }
    horizon = {**tree["horizon"], "judged_month": plan.numbers.months}
    changes = {"grants": {}, "posts": posts, "horizon": horizon}
    return plan_from_tree({**tree, **changes}, plan.name)


def without_more(plan: Plan) -> Plan:
    """A plan with neither those sections nor a host in trouble."""
    tree = {key: node for key, node in plan.tree.items() if key not in MORE}
    tree["host"] = {key: node for key, node in plan.tree["host"].items() if key != "trouble"}
    return plan_from_tree(tree, plan.name)
