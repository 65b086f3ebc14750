"""More of one thing gives more or less of another."""

import math

import pytest

from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan, load_plan
from tests.directions import (
    SEED,
    Measure,
    Push,
    average_cash,
    closing_cash,
    fees,
    generic,
    grants,
    t_value,
)
from tests.full_centre import TROUBLE, lean, without
from tests.plans import HOST, changed, drawn_run

REPLICATIONS = 20
PROPOSAL = "services.investment_proposal"


def differences(plan: Plan, other: Plan, measure: Measure) -> list[float]:
    """What `other` has more than `plan`, run by run."""
    return [
        measure(drawn_run(other, SEED, r)) - measure(drawn_run(plan, SEED, r))
        for r in range(REPLICATIONS)
    ]


def lowest_early_cash(record: Record) -> float:
    """The lowest cash while much of the money given is still to come."""
    return float(record.cash_cents()[:24].min())


def counts(what: str, service: str = "") -> Measure:
    """A measure: a count summed over months, and over services if none is named."""

    def measure(record: Record) -> float:
        names = [n.partition(".") for n in record.counted]
        rows = [i for i, (s, _, w) in enumerate(names) if w == what and service in ("", s)]
        return float(record.counts[rows].sum())

    return measure


def savings(record: Record) -> float:
    """What clients saved."""
    return counts("savings", "clients")(record)


def enquiries(record: Record) -> float:
    """What clients ask for, the centre's own events apart."""
    own = ("awareness", "awareness_at_others", "policy_advice")
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


WILLING = demand("willingness", 1e9)


LONG_WORK = {
    "services.assessment.staff_days": 50,
    **{
        f"services.{name}.proposal_days": 0
        for name, s in lean().numbers.services.items()
        if s.proposal_days
    },
}
"""Assessments that take long, and proposals that take no time."""
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
    # Without word of mouth: clients who accept would bring others, who may refuse.
    "willingness on refusals": Push(
        {"market.word_of_mouth_clients": 0, **demand("willingness", 500)},
        {"market.word_of_mouth_clients": 0, **demand("willingness", 2000)},
        counts("declined"),
        -1,
    ),
    # With early fees: without, a centre is as short before the next tranche as before a late one.
    "lateness of grants on the lowest cash": Push(
        # Donors that advance what is late would lift the lowest cash.
        {
            "market.charge_from_month": 6,
            "liquidity.advanced_share": 0,
            **grants("delay_months", 0),
        },
        {"liquidity.advanced_share": 0, **grants("delay_months", 6)},
        lowest_early_cash,
        -1,
        always=True,
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
    # As many working days: 12 seminars less, 68 talks more.
    "talks at others' events in place of seminars on enquiries": Push(
        {"services.awareness.offered_year": 17, "services.awareness_at_others.offered_year": 12},
        {"services.awareness.offered_year": 5, "services.awareness_at_others.offered_year": 80},
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
        # Not who leaves without a proposal, for which those who lead have the time.
        {**LONG_WORK, "posts.technical.people": 1},
        {**LONG_WORK, "posts.technical.people": 8},
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
    "loans on clients' savings": Push(
        {f"{PROPOSAL}.finance_probability": 0},
        {f"{PROPOSAL}.finance_probability": 1},
        savings,
        1,
    ),
    "loans on fees": Push(
        {f"{PROPOSAL}.follows.probability": 1, f"{PROPOSAL}.finance_probability": 0},
        {f"{PROPOSAL}.follows.probability": 1, f"{PROPOSAL}.finance_probability": 1},
        fees,
        1,
    ),
    "means of their own on clients' savings": Push(
        segments("own_means_share", 0.1), segments("own_means_share", 0.8), savings, 1
    ),
    "a fund on clients' savings": Push(
        {"savings.fund_share": 0}, {"savings.fund_share": 0.5}, savings, 1
    ),
    "late investment on clients' savings": Push(
        {"savings.capital_after_months": 3}, {"savings.capital_after_months": 24}, savings, -1
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


def test_a_longer_credit_line_never_brings_closing_forward() -> None:
    # With full time: short time begins with late pay and saves pay, so that a centre that pays late
    # sooner may then last longer.
    full_time = {"management.short_time_share": 1}
    short, middle, long = (
        load_plan("generic").variant({**full_time, "liquidity.credit_line": usd})
        for usd in (0, 10_000, 40_000)
    )

    def end(plan: Plan, replication: int) -> float:
        month = drawn_run(plan, SEED, replication).closed_month
        return math.inf if month is None else month

    ends = [[end(plan, r) for plan in (short, middle, long)] for r in range(REPLICATIONS)]
    assert all(a <= b <= c for a, b, c in ends)
    survivors = [sum(math.isinf(end) for end in column) for column in zip(*ends, strict=True)]
    assert survivors[0] < survivors[2]


def test_dearer_travel_never_leaves_more_cash_where_no_director_adapts_or_donor_advances() -> None:
    # What a donor advances to a centre that is short is cash that it owes.
    plan = changed(without(lean(), "management"), {"liquidity.advance_probability": 0})
    dearer = changed(plan, {"costs.travel_month": 400})
    gaps = differences(plan, dearer, closing_cash)
    assert max(gaps) <= 0
    assert min(gaps) < 0


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
