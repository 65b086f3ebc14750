"""Valid plans made from a number: for proofs that hold for all plans, not only for shipped ones."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from ncpcsim.plan.fields import bounds_of, field_at, inner_type, kind_of, unit_of
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import Plan, load_plan, plan_from_tree
from ncpcsim.plan.problems import KeyPath, PlanError
from tests.plans import stated

Tree = dict[str, Any]
_TRIES = 200
_OPTIONAL = (
    "host",
    "host_kinds",
    "boards",
    "ministry",
    "public_budget",
    "economy",
    "exchange",
    "learning",
    "ability",
    "leadership",
    "turnover",
    "overflow",
    "management",
    "competition",
    "credibility",
    "membership",
    "savings",
    "events",
    "demonstrations",
    "contracts",
    "network",
)
_PARTS = {
    "management": (
        "giving_up",
        "spending",
        "bid_up_to_waiting",
        "short_time_share",
        "more_mission_days",
    ),
    "savings": ("relapse_again_months",),
    "programme": ("review",),
    "costs": ("needs",),
}
_GRID_MONTHS = (0, 0, 0.5, 1, 2, 3)


def generated(kind: str, number: int) -> Plan:
    """The `number`-th plan of a kind; what a validation refuses is drawn again."""
    random = Random(f"{kind} {number}")
    for _ in range(_TRIES):
        base = load_plan(random.choice(list(shipped_plans())))
        tree = deepcopy(dict(base.tree))
        _shorten(random, tree)
        KINDS[kind](random, tree)
        try:
            return plan_from_tree(tree, f"{kind}_{number}")
        except PlanError:
            continue
    raise AssertionError(f"no valid plan of kind {kind} in {_TRIES} tries")


def _shorten(random: Random, tree: Tree) -> None:
    """Keep most horizons short, for the sake of time; a few are long."""
    window = random.choice([1, 7, 12, 24, 36, 60])
    tree["horizon"]["judged_month"] = window + random.choice([0, 5, 12, 36])
    months = int(stated_value(tree, ("programme", "months")))
    tree["programme"]["months"] = min(months, window)
    tree["start"] = tree["start"].replace(month=random.randint(1, 12))


def _numbers(random: Random, tree: Tree) -> None:
    """One to eight numbers multiplied, zeroed or raised."""
    for path in random.sample(places(tree), random.randint(1, 8)):
        change = random.choice([0.0, 0.1, 0.5, 2.0, 10.0])
        _put(tree, path, stated_value(tree, path) * change)


def _options(random: Random, tree: Tree) -> None:
    """Optional sections and fields left out, and others added."""
    for name in _OPTIONAL:
        if name in tree and random.random() < 0.35:
            del tree[name]
    if "host" not in tree:
        for post in tree["posts"].values():
            post["payer"] = "centre" if post["payer"] == "host" else post["payer"]
    if "host" in tree:
        _vary_host(random, tree)
    for name, parts in _PARTS.items():
        for part in parts:
            if random.random() < 0.4:
                tree.get(name, {}).pop(part, None)
    _vary_ability(random, tree)
    for service in tree["services"].values():
        _vary_service(random, service)
    _chain(random, tree)
    _payers(random, tree)
    _attendance(random, tree)
    _gains(random, tree)
    _network(random, tree)
    _considered(random, tree)


def _vary_host(random: Random, tree: Tree) -> None:
    for part in ("trouble", "available_share", "most_people"):
        if random.random() < 0.3:
            tree["host"].pop(part, None)
    trouble = tree["host"].get("trouble")
    if trouble and random.random() < 0.5:
        _put(tree, ("host", "trouble", "losses_year"), random.choice([1, 4]))
    if trouble and random.random() < 0.3:
        trouble.pop("another", None)
    if "host_kinds" in tree:
        tree["host"]["kind"] = random.choice(["government", "industry_association"])
        if random.random() < 0.3:
            tree["host_kinds"].pop("none", None)


def _vary_ability(random: Random, tree: Tree) -> None:
    ability, learning = tree.get("ability", {}), tree.get("learning", {})
    for section, part in (
        (ability.get("training", {}), "counterpart_worth_months"),
        *((ability, part) for part in ("training", "consultants")),
        *((learning, f"counterpart_{part}") for part in ("cost_month", "fits_months")),
        (tree.get("savings", {}), "kits"),
    ):
        if random.random() < 0.3:
            section.pop(part, None)
    _capital(random, tree)


def _vary_service(random: Random, service: Tree) -> None:
    for field in (
        *("contested_share", "cycle_exposure", "finance_probability", "charge_from_month"),
        *("contact_share", "needs_training"),
    ):
        if random.random() < 0.3:
            service.pop(field, None)
    if random.random() < 0.2:
        service["charge_from_month"] = random.choice([0, 3, 12])
    for demand in service["clients"].values():
        if random.random() < 0.3:
            demand["participation_fee"] = 20
        if random.random() < 0.3:
            demand["success_fee_share"] = 0.2
        if random.random() < 0.3:
            demand["ministry_pays"] = 300


def _chain(random: Random, tree: Tree) -> None:
    """Services that follow others, two or three deep, several after one."""
    names = list(tree["services"])
    for _ in range(random.randint(0, 3)):
        first, second = random.sample(names, 2)
        probability = {"value": 0.6, "unit": "probability", "assumption": True}
        tree["services"][second]["follows"] = {"service": first, "probability": probability}


def _gains(random: Random, tree: Tree) -> None:
    """What utilities charge, and whether clients expect anything of it."""
    if "savings" in tree:
        _put(tree, ("savings", "utility_prices"), random.choice([0, 0.2, 1, 3]))
        if random.random() < 0.3:
            tree["savings"].pop("expected", None)


def _considered(random: Random, tree: Tree) -> None:
    """A government that considers few papers, or all."""
    for service in tree["services"].values():
        service.pop("considered_year", None)
        if random.random() < 0.5:
            few = {"value": 1.5, "unit": "engagements/year", "assumption": True}
            service["considered_year"] = few


def _attendance(random: Random, tree: Tree) -> None:
    """Segments that state who attends, that do not, or that nobody attends."""
    for segment in tree["segments"].values():
        if random.random() < 0.4:
            segment.pop("attendance_share", None)
        elif random.random() < 0.3:
            segment["attendance_share"] = {"value": 0, "unit": "share", "assumption": True}


def _capital(random: Random, tree: Tree) -> None:
    """Options that need capital or do not, clients with means or without, loans for them."""
    savings = tree.get("savings", {"categories": {}})
    for section, keys in (
        *((segment, ("own_means_share",)) for segment in tree["segments"].values()),
        *((each, ("payback_years", "capital_share")) for each in savings["categories"].values()),
        (savings, ("capital_payback_years", "capital_after_months", "fund_share")),
    ):
        for key in keys:
            if random.random() < 0.3:
                section.pop(key, None)
    for service in tree["services"].values():
        if "follows" in service and random.random() < 0.5:
            service["follows"]["lacks_capital"] = random.random() < 0.7


def _payers(random: Random, tree: Tree) -> None:
    """Demand that moves for good or does not, who is public, payers that stay or leave."""
    for segment in tree["segments"].values():
        segment["public"] = random.random() < 0.5
        if random.random() < 0.3:
            segment.pop("shifts", None)
        elif random.random() < 0.3:
            segment["shifts"] = {
                "shifts_year": {"value": 6, "unit": "1/year", "assumption": True},
                "sigma": {"value": 0.5, "unit": "log units", "assumption": True},
            }
    for contract in tree.get("contracts", {}).values():
        contract.pop("renewal_probability", None)
        contract.pop("climate_share", None)
        contract["mission"] = random.random() < 0.3
        if random.random() < 0.3:
            follows = {"value": random.choice([0.5, 1]), "unit": "share", "assumption": True}
            contract["climate_share"] = follows
        if random.random() < 0.5:
            stays = {"value": 0.9, "unit": "probability", "assumption": True}
            contract["renewal_probability"] = stays
        _hang(random, contract)
    if {"review", "second_phase"} <= tree["programme"].keys() and random.random() < 0.7:
        granted = {"value": 0.6, "unit": "probability", "assumption": True}
        tree["programme"]["review"]["second_phase_probability"] = granted
    if "public_budget" in tree and random.random() < 0.5:
        tree["public_budget"]["cuts_year"] = {"value": 4, "unit": "1/year", "assumption": True}


def _network(random: Random, tree: Tree) -> None:
    """Regional centres that begin some time, or have; whose secretariat is little or much work."""
    if random.random() < 0.5:
        return
    part = {
        "from_month": random.choice([0, 1, 9, 30]),
        "number": random.choice([0, 1, 4, 30]),
        "role": random.choice([post["role"] for post in tree["posts"].values()]),
        "priority": random.choice([0, 1, 9]),
        "staff_days_month": random.choice([0, 0.5, 5, 20]),
        "cost_month": random.choice([0, 33.33]),
        "reaches_year": random.choice([0, 7, 300]),
        "rivals": random.choice([0, 2.5]),
    }
    tree["network"] = {"north": stated(part, ("network", "north"))}


def _hang(random: Random, contract: Tree) -> None:
    """Calls that the country may not have, payers that decide late, pay that hangs on success."""
    for key in ("eligible_probability", "decision_months", "on_success", "programme"):
        if random.random() < 0.3:
            contract.pop(key, None)
    if random.random() < 0.3:
        contract["programme"] = {
            "segment": "large",
            "months": {"value": 9, "unit": "months", "assumption": True},
            "share": {"value": 0.6, "unit": "share", "assumption": True},
        }
    if random.random() < 0.3:
        contract["decision_months"] = {"value": 4, "unit": "months", "assumption": True}
    if random.random() < 0.3:
        contract["on_success"] = {
            "share": {"value": 0.5, "unit": "share", "assumption": True},
            "probability": {"value": 0.5, "unit": "probability", "assumption": True},
        }


def _ties(random: Random, tree: Tree) -> None:
    """Times on a coarse grid, so that much falls on the same instant."""
    for path in places(tree):
        unit = unit_of(field_at(path)) or ""
        whole = inner_type(getattr(field_at(path), "annotation", None)) is int
        if unit == "months" and not whole and "horizon" not in path:
            _put(tree, path, random.choice(_GRID_MONTHS))
        elif path[-1] == "staff_days":
            _put(tree, path, random.choice([0, 10, 20]))
        elif path[-1] in ("recruit_months", "notice_months", "board_delay_months"):
            _put(tree, path, random.choice([0, 1]))
    for service in tree["services"].values():
        service["variability"] = "fixed"
        service["priority"] = random.choice([0, 0, 1])
    _put(tree, ("staff", "working_days_month"), 20)


def _hard_up(random: Random, tree: Tree) -> None:
    """Little money and no credit."""
    tree["liquidity"]["credit_line"] = random.choice([0, 100])
    _put(tree, ("liquidity", "creditors_bear_months"), random.choice([0, 2, 6]))
    _put(tree, ("liquidity", "bridged_share"), random.choice([0, 0.5, 1]))
    tree["liquidity"]["dormant_months"] = random.choice([0, 3])
    tree["liquidity"]["wakes_months"] = random.choice([0, 1])
    if "host" in tree:
        tree["host"]["lends"] = random.choice([0, 3000])
    tree["opening"]["cash"] = random.choice([0, 500])
    _numbers(random, tree)


def _crowded(random: Random, tree: Tree) -> None:
    """Far more work than people, or far more people; posts that end and hosts that send nobody."""
    factor = random.choice([5.0, 10.0, 30.0])
    for path in places(tree):
        if path[-1] == "asks_year":
            _put(tree, path, stated_value(tree, path) * factor)
    for post in tree["posts"].values():
        post["people"] = random.choice([1, 1, 3, 12])
        if random.random() < 0.3:
            post["until_month"] = random.choice([3, 9, 20])
            post["from_month"] = 0
    if "host" in tree and random.random() < 0.5:
        _put(tree, ("host", "delivered_share"), random.choice([0.0, 0.4]))
    tree["horizon"]["judged_month"] = random.choice([12, 18])


def _midlife(random: Random, tree: Tree) -> None:
    """Begun in the middle of its life, with all that may stand on such a day."""
    as_of = random.randint(0, tree["horizon"]["judged_month"] - 1)
    opening = tree["opening"] | {"as_of": as_of, "credibility": random.random()}
    opening |= {"climate": random.random(), "trained": random.choice([0, 40, 400])}
    opening["receivables"] = {
        "amount": random.choice([0.01, 900, 20_000]),
        "invoices": random.choice([1, 7, 300]),
        "delay_months": random.choice([0, 2, 9]),
        "bad_debt_probability": random.choice([0, 0.3]),
    }
    if random.random() < 0.5:
        opening |= {"abroad_months": random.choice([0, 2.5]), "kits": random.choice([0, 3000.01])}
    late = random.choice([0, 2, 5])
    opening["payables"] = {"amount": random.choice([0, 300, 9000]), "late_months": late}
    opening["equipment"] = {"net_value": 1000.01, "months_left": random.choice([1, 17, 60])}
    names = [name for name in tree["grants"] if random.random() < 0.8]
    opening["grants"] = {name: _under_way(random, tree["grants"][name]) for name in names}
    opening["segments"] = {
        name: {"aware": random.random()} for name in tree["segments"] if random.random() < 0.5
    }
    opening["posts"] = {
        name: {"experience_months": random.choice([0, 5, 80])}
        for name in tree["posts"]
        if "learning" in tree and random.random() < 0.5
    }
    for held in opening["posts"].values():
        if random.random() < 0.4:
            held |= {"vacant": 1, "vacant_until_month": as_of + random.choice([1, 6, 90])}
    kinds = list(tree.get("contracts", {}))
    opening["sources"] = {name: {"months_ago": random.randint(0, 24)} for name in kinds[:2]}
    opening["contracts"] = {
        f"hand_{index}": {
            "kind": random.choice(kinds),
            "to_invoice": random.choice([0, 5000.01]),
            "to_spend": random.choice([0, 3333.33]),
            "months_left": random.choice([1, 5]),
            "staff_days": random.choice([0, 7, 90]),
        }
        for index in range(random.randint(0, 3) if kinds else 0)
    }
    tree["opening"] = stated(opening, ("opening",))
    _network(random, tree)


def _under_way(random: Random, grant: Tree) -> Tree:
    if grant["terms"] == "discretionary":
        return {"owed": random.choice([0, 4000.4])}
    months = random.choice([1, 5])
    return {"owed": random.choice([0, 700]), "unspent": 1234.56, "unspent_months": months}


KINDS: dict[str, Callable[[Random, Tree], None]] = {
    "numbers": _numbers,
    "options": _options,
    "ties": _ties,
    "hard_up": _hard_up,
    "crowded": _crowded,
    "midlife": _midlife,
}


def places(node: Any, path: KeyPath = ()) -> "list[KeyPath]":
    """Where the numbers of a tree stand."""
    if kind_of(field_at(path)) and (
        isinstance(node, int | float)
        or (isinstance(node, dict) and {"value", "distribution"} & node.keys())
    ):
        return [path] if not isinstance(node, bool) else []
    if isinstance(node, dict):
        return [p for key, child in node.items() for p in places(child, (*path, key))]
    if isinstance(node, list):
        return [p for index, child in enumerate(node) for p in places(child, (*path, index))]
    return []


def _at(tree: Any, path: KeyPath) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def stated_value(tree: Tree, path: KeyPath) -> float:
    """A number as it is stated, or one that its distribution is about."""
    node = _at(tree, path)
    if not isinstance(node, dict):
        return float(node)
    for key in ("value", "mode", "median", "mean", "low"):
        if key in node:
            return float(node[key])
    raise AssertionError(node)


def _put(tree: Tree, path: KeyPath, value: float) -> None:
    """State a number in place of what is there, within its bounds."""
    try:
        parent = _at(tree, path[:-1])
    except (KeyError, IndexError):
        return
    field = field_at(path)
    if field is None:
        return
    low, high = bounds_of(field)
    value = min(max(value, low), high)
    if inner_type(field.annotation) is int:
        value = round(value)
    parent[path[-1]] = stated(value, path)
