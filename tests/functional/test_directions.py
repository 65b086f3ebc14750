"""Which way each number pushes, under the same luck, and that every number pushes something.

Two plans are compared run by run: drawn parameters and luck are equal by name, so a difference is
the change's own. Where an effect must hold in every run it is asserted of every run; where luck may
turn a single run around (work done later meets other clients), the mean difference must be more
than three standard errors from zero, and it always must be for the effect to count as shown.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from pydantic import BaseModel

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.record import Record
from ncpcsim.plan import schema
from ncpcsim.plan.fields import bounds_of, field_at, is_model, kind_of, model_at
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.plan.problems import KeyPath, dotted
from tests.full_centre import TROUBLE
from tests.measured import outcome
from tests.plans import BANKED, HOST, changed, drawn_run, run, unfunded, without_more

REPLICATIONS = 20
SEED = 4

Measure = Callable[[Record], float]


@cache
def generic() -> Plan:
    """The average centre, with a bank that never loses patience: no run ends before the other."""
    return without_more(changed(load_plan("generic"), BANKED))


def differences(plan: Plan, other: Plan, measure: Measure) -> list[float]:
    """What `other` has more than `plan`, run by run."""
    return [
        measure(drawn_run(other, SEED, r)) - measure(drawn_run(plan, SEED, r))
        for r in range(REPLICATIONS)
    ]


def t_value(values: list[float]) -> float:
    n = len(values)
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / (n - 1)
    return (
        mean / math.sqrt(variance / n) if variance else math.copysign(math.inf, mean) * bool(mean)
    )


def fees(record: Record) -> float:
    return float(-record.net_cents[Account.FEES :].sum())


def closing_cash(record: Record) -> float:
    return float(record.cash_cents()[-1])


def lowest_early_cash(record: Record) -> float:
    """The lowest cash while much of the money given is still to come."""
    return float(record.cash_cents()[:24].min())


def average_cash(record: Record) -> float:
    return float(record.cash_cents().mean())


def counts(what: str, service: str = "") -> Measure:
    """A measure: a count summed over months, and over services if none is named."""

    def measure(record: Record) -> float:
        names = [n.partition(".") for n in record.counted]
        rows = [i for i, (s, _, w) in enumerate(names) if w == what and service in ("", s)]
        return float(record.counts[rows].sum())

    return measure


def enquiries(record: Record) -> float:
    """What clients ask for, the centre's own events apart."""
    own = ("awareness", "policy_advice")
    return counts("asked")(record) - sum(counts("asked", name)(record) for name in own)


def demand(key: str, value: float) -> dict[str, float]:
    """The change of one key in the demand of every segment for every service."""
    return {
        f"services.{name}.clients.{segment}.{key}": value
        for name, service in generic().numbers.services.items()
        for segment in service.clients
    }


def segments(key: str, value: float) -> dict[str, float]:
    return {f"segments.{name}.{key}": value for name in generic().numbers.segments}


def grants(key: str, value: float) -> dict[str, float]:
    return {f"grants.{name}.{key}": value for name in generic().numbers.grants}


class Push(NamedTuple):
    """A change that pushes a measure one way.

    Attributes:
        low: changes to the average centre.
        high: other values at the same paths.
        measure: what is pushed.
        sign: 1 if `high` has more of it than `low`, -1 if less.
        always: whether no single run may go the other way.
    """

    low: Mapping[str, Any]
    high: Mapping[str, Any]
    measure: Measure
    sign: int
    always: bool = False


WILLING = demand("willingness", 1e9)
PUSHES = {
    "price, where everyone accepts it": Push(
        {**WILLING, **demand("price", 500)},
        {**WILLING, **demand("price", 700)},
        fees,
        1,
        always=True,
    ),
    "price, where not everyone does, on refusals": Push(
        demand("price", 500), demand("price", 2000), counts("declined"), 1
    ),
    "willingness on refusals": Push(
        demand("willingness", 500), demand("willingness", 2000), counts("declined"), -1
    ),
    "lateness of grants on the lowest cash": Push(
        grants("delay_months", 0), grants("delay_months", 6), lowest_early_cash, -1, always=True
    ),
    "slower payment on cash": Push(
        segments("payment_delay_months", 0.5),
        segments("payment_delay_months", 6),
        average_cash,
        -1,
        always=True,
    ),
    "bad debt on closing cash": Push(
        segments("bad_debt_probability", 0.02),
        segments("bad_debt_probability", 0.3),
        closing_cash,
        -1,
        always=True,
    ),
    "more seminars on enquiries": Push(
        {"services.awareness.offered_year": 6},
        {"services.awareness.offered_year": 30},
        enquiries,
        1,
    ),
    "talks at others' events on enquiries": Push(
        {"services.awareness_at_others.offered_year": 0},
        {"services.awareness_at_others.offered_year": 70},
        enquiries,
        1,
    ),
    "seminars that reach more on enquiries": Push(
        {"services.awareness.reaches_clients": 5},
        {"services.awareness.reaches_clients": 40},
        enquiries,
        1,
    ),
    "forgetting on enquiries": Push(
        {"market.awareness_fade_month": 0.005},
        {"market.awareness_fade_month": 0.05},
        enquiries,
        -1,
    ),
    "word of mouth on enquiries": Push(
        {"market.word_of_mouth_clients": 0},
        {"market.word_of_mouth_clients": 6},
        enquiries,
        1,
    ),
    "advice adopted on enquiries": Push(
        {"market.climate_effect": 1.5, "services.policy_advice.adoption_probability": 0.1},
        {"market.climate_effect": 1.5, "services.policy_advice.adoption_probability": 0.9},
        enquiries,
        1,
    ),
    "advice that goes further on enquiries": Push(
        {"market.climate_effect": 1.5, "services.policy_advice.climate_gain": 0.0},
        {"market.climate_effect": 1.5, "services.policy_advice.climate_gain": 0.2},
        enquiries,
        1,
    ),
    "a climate that wears off on enquiries": Push(
        {"market.climate_effect": 1.5, "market.climate_fade_month": 0.0},
        {"market.climate_effect": 1.5, "market.climate_fade_month": 0.5},
        enquiries,
        -1,
    ),
    "a larger country on enquiries": Push(
        segments("potential_clients", 200), segments("potential_clients", 800), enquiries, 1
    ),
    "a known centre on enquiries": Push(
        segments("aware_at_start", 0.01), segments("aware_at_start", 0.1), enquiries, 1
    ),
    "days of work on assessments done": Push(
        {"services.assessment.staff_days": 15},
        {"services.assessment.staff_days": 60},
        counts("done", "assessment"),
        -1,
    ),
    "outside experts on clients who leave": Push(
        {"services.assessment.outside_share": 0.0, "services.assessment.staff_days": 50},
        {"services.assessment.outside_share": 0.9, "services.assessment.staff_days": 50},
        counts("left"),
        -1,
    ),
    "outside experts' fee on closing cash": Push(
        {"staff.outside_day_rate": 60},
        {"staff.outside_day_rate": 90},
        closing_cash,
        -1,
        always=True,
    ),
    "patience on clients who leave": Push(
        {**segments("patience_months", 0.1), "services.assessment.staff_days": 50},
        {**segments("patience_months", 12), "services.assessment.staff_days": 50},
        counts("left"),
        -1,
    ),
    "more staff on clients who leave": Push(
        {"posts.technical.people": 1, "services.assessment.staff_days": 50},
        {"posts.technical.people": 8, "services.assessment.staff_days": 50},
        counts("left"),
        -1,
    ),
    "working days on clients who leave": Push(
        {"staff.working_days_month": 8}, {"staff.working_days_month": 24}, counts("left"), -1
    ),
    "time to decide on fees": Push(
        {"market.decision_months": 0}, {"market.decision_months": 12}, fees, -1
    ),
    "charging later on fees": Push(
        {"market.charge_from_month": 0}, {"market.charge_from_month": 72}, fees, -1
    ),
    "what the host delivers on closing cash": Push(
        {"host.delivered_share": 0.3}, {"host.delivered_share": 0.95}, closing_cash, 1
    ),
    "the rent the host bears on closing cash": Push(
        {"host.premises_share": 0.2}, {"host.premises_share": 1}, closing_cash, 1, always=True
    ),
    "the logistics the host bears on closing cash": Push(
        {"host.logistics_share": 0.2}, {"host.logistics_share": 1}, closing_cash, 1, always=True
    ),
    "the host's cash on closing cash": Push(
        {"host.cash_month": 0}, {"host.cash_month": 50}, closing_cash, 1, always=True
    ),
    "a host that comes late on closing cash": Push(
        {"host.delay_months": 0}, {"host.delay_months": 12}, closing_cash, -1
    ),
    "follow-on work on proposals": Push(
        {"services.investment_proposal.follows.probability": 0.1},
        {"services.investment_proposal.follows.probability": 0.9},
        counts("done", "investment_proposal"),
        1,
    ),
    "salaries on closing cash": Push(
        {"posts.technical.salary_month": 600},
        {"posts.technical.salary_month": 601},
        closing_cash,
        -1,
        always=True,
    ),
}


@pytest.mark.parametrize("push", PUSHES.values(), ids=PUSHES.keys())
def test_direction(push: Push) -> None:
    low, high = changed(generic(), push.low), changed(generic(), push.high)
    found = [push.sign * value for value in differences(low, high, push.measure)]
    assert t_value(found) > 3
    if push.always:
        assert min(found) >= 0


def test_a_longer_credit_line_never_brings_insolvency_forward() -> None:
    short, middle, long = (
        load_plan("generic").variant({"liquidity.credit_line": usd}) for usd in (0, 10_000, 40_000)
    )

    def end(plan: Plan, replication: int) -> float:
        month = drawn_run(plan, SEED, replication).closed_month
        return math.inf if month is None else month

    ends = [[end(plan, r) for plan in (short, middle, long)] for r in range(REPLICATIONS)]
    assert all(a <= b <= c for a, b, c in ends)
    survivors = [sum(math.isinf(end) for end in column) for column in zip(*ends, strict=True)]
    assert survivors[0] < survivors[2]


def test_creditors_that_bear_more_never_bring_closing_forward() -> None:
    host = {**HOST, "delivered_share": 0, "trouble": {**TROUBLE, "losses_year": 6}}
    poor = {"programme.amount_year": 20_000, "host": host}
    plans = [
        changed(load_plan("generic"), {**poor, "liquidity.creditors_bear_months": n})
        for n in (0, 12)
    ]
    ends = [[_end(plan, r) for plan in plans] for r in range(REPLICATIONS)]
    assert sum(b > a for a, b in ends) > sum(b < a for a, b in ends) + 5


def _end(plan: Plan, replication: int) -> float:
    month = drawn_run(plan, SEED, replication).closed_month
    return math.inf if month is None else month


# ------------------------------------------------------------------ every number

NO_EFFECT = {
    "grants.*.from_month": "only bounds the dates of tranches, checked when a plan is loaded",
    "grants.programme_discretionary.spend_months": "only earmarked money is spent by instalments",
    "grants.programme_discretionary.extension.months": "it pays no post that would last longer",
    "services.*.cycle_exposure": "this centre's economy has no cycle",
    "services.*.clients.*.ministry_pays": "this centre's ministry pays for nobody",
    "services.technical_information.clients.*.willingness": "the service is free",
    "services.awareness*.charge_from_month": "the service is free",
    "services.policy_advice.charge_from_month": "the service is free",
    "services.technical_information.charge_from_month": "the service is free",
    "services.[!p]*.climate_gain": "only policy advice is adopted",
    "services.publication.climate_gain": "only policy advice is adopted",
    "services.[!a]*.clients.*.success_fee_share": "only assessments save money",
    "services.investment_proposal.clients.*.participation_fee": "nobody takes part in it",
    "services.technical_information.clients.*.participation_fee": "nobody takes part in it",
    "services.publication.clients.*.participation_fee": "nobody takes part in it",
    "services.awareness*.contested_share": "nobody asks for it",
    "services.policy_advice.contested_share": "nobody asks for it",
    "services.investment_proposal.contested_share": "it is asked for by the centre's clients alone",
    "services.policy_advice.rivals_share": "nobody takes part in it",
    "services.policy_advice.institutions_share": "nobody takes part in it",
    "services.investment_proposal.rivals_share": "nobody takes part in it",
    "services.investment_proposal.institutions_share": "nobody takes part in it",
    "services.technical_information.rivals_share": "nobody takes part in it",
    "services.technical_information.institutions_share": "nobody takes part in it",
    "services.publication.rivals_share": "nobody takes part in it",
    "services.publication.institutions_share": "nobody takes part in it",
    "thresholds.sustained_coverage": "judges a run when it is over; shown to change the verdict",
    "liquidity.credit_line": "this centre's bank is endlessly patient; shown above",
    "liquidity.creditors_bear_months": "this centre's bank is endlessly patient; shown above",
}
"""Numbers that change nothing of the strained centre's runs, by pattern, and why."""


ABSENT = (
    *(schema.Ministry, schema.Schedule, schema.Extension, schema.PolicyEvent, schema.Declaration),
    *(schema.Economy, schema.Contract, schema.Membership, schema.Management, schema.Overflow),
    *(schema.Turnover, schema.Learning, schema.HostTrouble),
    *(schema.SecondPhase, schema.Tranche),
)
"""Sections that the strained centre does not have."""


@cache
def strained() -> Plan:
    """The average centre with less staff and longer work, so that priority and patience matter."""
    changes = {
        "posts.technical.people": 1,
        "posts.technical_seconded.people": 1,
        "services.assessment.staff_days": 40,
        "grants.programme_discretionary.extension.probability": 0.9,
    }
    return changed(generic(), changes)


def numeric_fields(section: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every number that the schema knows in a plan, with its value."""
    if isinstance(section, BaseModel):
        for key in type(section).model_fields:
            value = getattr(section, key)
            if kind_of(field_at((*path, key))):
                yield (*path, key), value
            else:
                yield from numeric_fields(value, (*path, key))
    elif isinstance(section, Mapping):
        for key, value in section.items():
            yield from numeric_fields(value, (*path, key))
    elif isinstance(section, tuple):
        for index, value in enumerate(section):
            yield from numeric_fields(value, (*path, index))


FIELDS = {dotted(path): (path, value) for path, value in numeric_fields(strained().numbers)}
EXCEPTIONS = [name for name in FIELDS if any(fnmatch(name, pattern) for pattern in NO_EFFECT)]
FROM_NOTHING = {"asks_year": 0.2, "drift_year": 0.2}
"""What a number of zero is moved to, where 20 of its unit would be absurd."""


def moved(path: KeyPath, value: float | None) -> float:
    """Another value for a number, within its bounds and far enough away to be felt."""
    field = field_at(path)
    assert field is not None
    _, high = bounds_of(field)
    if value is None:
        return 1.0 if high == 1 else 20
    if high == 1:
        return value / 2 if value > 0.5 else value + 0.4
    if path[-1] == "priority":
        return 9 - value
    if isinstance(value, int):
        return value + (3 if "tranches" in path else 12)
    return value / 4 if value else FROM_NOTHING.get(str(path[-1]), 20.0)


def compared(name: str) -> tuple[Plan, Plan]:
    """The strained centre, and the same with one number moved (and what must fit it)."""
    path, value = FIELDS[name]
    other = moved(path, value)
    if path[0] == "grants" and path[2] == "tranches":
        return strained(), changed(strained(), _tranche(path, other))
    if path[0] == "grants" and path[2] == "earmarks":
        return strained(), changed(strained(), _earmarks(path))
    if path[0] == "grants" and path[2] == "from_month":
        # An agreement cannot begin after its first tranche.
        key = f"grants.{path[1]}.tranches"
        without_first = changed(
            strained(), {key: strained().tree["grants"][path[1]]["tranches"][1:]}
        )
        return without_first, changed(without_first, {name: other})
    if path[-1] in ("rivals_share", "institutions_share") and value is None:
        # They are shares of assessors.
        key = f"services.{path[1]}.assessors_share"
        teaching = changed(strained(), {key: 0.9, f"services.{path[1]}.{path[-1]}": 0})
        return teaching, changed(teaching, {name: other})
    return strained(), changed(strained(), {name: other})


def _tranche(path: KeyPath, other: float) -> dict[str, Any]:
    _, grant, _, index, key = path
    tranches = [
        t.model_dump(exclude_defaults=True) for t in strained().numbers.grants[str(grant)].tranches
    ]
    tranches[int(index)][str(key)] = other
    return {f"grants.{grant}.tranches": tranches}


def _earmarks(path: KeyPath) -> dict[str, float]:
    """Move half of another category's money to this one; shares must sum to 1."""
    _, grant, _, category = path
    giving = "travel" if category != "travel" else "salaries"
    shares = dict(strained().numbers.grants[str(grant)].earmarks or {})
    half = shares[giving] / 2
    return {
        f"grants.{grant}.earmarks.{category}": (shares[str(category)] or 0) + half,
        f"grants.{grant}.earmarks.{giving}": half,
    }


def same(one: Record, two: Record) -> bool:
    return (
        np.array_equal(one.net_cents, two.net_cents)
        and np.array_equal(one.counts, two.counts)
        and one.opening_cash_cents == two.opening_cash_cents
    )


@cache
def base_run(replication: int) -> Record:
    return run(strained(), SEED, replication)


def felt(name: str) -> bool:
    """Whether moving a number changes any of ten runs."""
    base, other = compared(name)
    return not all(
        same(
            base_run(replication) if base is strained() else run(base, SEED, replication),
            run(other, SEED, replication),
        )
        for replication in range(10)
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FIELDS if name not in EXCEPTIONS])
def test_every_number_changes_some_run(name: str) -> None:
    assert felt(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", EXCEPTIONS)
def test_every_exception_is_one(name: str) -> None:
    assert not felt(name)


def test_every_pattern_of_exceptions_is_of_use() -> None:
    assert all(any(fnmatch(name, pattern) for name in FIELDS) for pattern in NO_EFFECT)


def test_the_average_centre_has_every_number_of_the_schema() -> None:
    stated = {(model_at(path[:-1]), path[-1]) for path, _ in FIELDS.values()}
    known = {
        (section, key)
        for section in vars(schema).values()
        if is_model(section)
        for key, field in section.model_fields.items()
        if kind_of(field)
    }
    # What the average centre has not, no run of it can show; the mechanisms' own tests do.
    assert stated <= known
    lacking = {section for section, _ in known - stated}
    assert lacking <= set(ABSENT)


def test_the_coverage_asked_for_changes_the_verdict() -> None:
    plan = changed(unfunded(strained()), {"opening.cash": 1e6})
    record, thresholds = run(plan), plan.numbers.thresholds
    assert outcome(record, thresholds.model_copy(update={"sustained_coverage": 0})).self_sufficient
    asked = thresholds.model_copy(update={"sustained_coverage": 1e6})
    assert not outcome(record, asked).self_sufficient
    # Its reserve sustains it, whatever the coverage.
    assert outcome(record, asked).sustained
