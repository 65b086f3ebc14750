"""What holds in every run of every plan: nothing is lost, nothing comes from nowhere."""

import math
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account, Ledger
from ncpcsim.compiled import run as compiled
from ncpcsim.experiment.tables import tables_for
from ncpcsim.measures.judgement import Judgement
from ncpcsim.model.counts import OfService, OfTraining
from ncpcsim.model.ending import Cause
from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams
from ncpcsim.plan.fields import field_at, unit_of
from ncpcsim.plan.load import Plan, load_plan, plan_from_tree
from ncpcsim.reference import assembly
from ncpcsim.reference.assembly import simulate
from tests.full_centre import without
from tests.measured import outcome
from tests.plans import (
    HOST,
    bare_plan,
    by_month,
    changed,
    counted,
    earmarks,
    grant,
    post,
    run_both,
    stated,
)

COUNTED = [what.name.lower() for what in OfService]
TAUGHT = [what.name.lower() for what in OfTraining]
FUNDS = (
    "earmarked_grants_unspent",
    "opening_fund",
    "payables",
    "loans",
    "host_loan",
    "donor_advances",
)
INCOME = (
    "international_projects",
    "membership",
    "newer_centres",
    "programme_discretionary",
    "programme_earmarked",
    "domestic_public",
    "corporate_support",
    "other_support",
    "other_earmarked",
    "host_cash",
)
ASSETS = ("cash", "earmarked_cash", "receivables", "equipment", "accumulated_depreciation")
EARMARKED = (
    "earmarked_salaries",
    "earmarked_subcontractors",
    "earmarked_travel",
    "earmarked_equipment",
    "earmarked_miscellaneous",
)
EXPENSES = (
    "salaries",
    "social_security",
    "subcontractors",
    "premises",
    "materials",
    "travel",
    "overhead",
    "miscellaneous",
    "management_fee",
    "interest",
    "depreciation",
    "bad_debts",
    *EARMARKED,
)
MEMO = ("in_kind_income", "in_kind_salaries", "in_kind_premises", "in_kind_logistics")

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

many = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
more = settings(many, max_examples=150)
"""For the one test that judges each run by all that its record must hold."""

usd = st.integers(0, 500_000).map(lambda cents: cents / 100)
share = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
months = st.one_of(st.just(0.0), st.floats(0, 12))


@cache
def generic() -> Plan:
    return load_plan("generic")


@st.composite
def earmark_shares(draw: st.DrawFn) -> dict[str, float]:
    """Four shares in whole percent that sum to 1, some of them nothing."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    parts = np.diff([0, *cuts, 100]).tolist()
    names = ("salaries", "subcontractors", "travel", "equipment")
    return earmarks(**{name: part / 100 for name, part in zip(names, parts, strict=True)})


@st.composite
def grants(draw: st.DrawFn, horizon: int) -> dict[str, Any]:
    """Up to three agreements, whose tranches may come in any of their months, and after the end."""
    found = {}
    for index in range(draw(st.sampled_from([2, 3, 1, 0]))):
        begin = draw(st.sampled_from([0, 2, horizon]))
        end = draw(st.integers(begin + 1, horizon + 6))
        due = sorted(draw(st.lists(st.integers(begin, end - 1), min_size=1, max_size=4)))
        own = draw(st.sampled_from([False, False, True]))
        found[f"grant_{index}"] = {
            **grant({}, from_month=begin, until_month=end),
            "giver": draw(st.sampled_from(["programme", "domestic_public", "corporate", "other"])),
            "terms": "discretionary" if own else "earmarked",
            "tranches": [{"month": month, "amount": draw(usd)} for month in due],
            "delay_months": draw(st.sampled_from([2.0, 0.0, 12.0])),
            "spend_months": draw(st.integers(1, 15)),
            **({} if own else {"earmarks": draw(earmark_shares())}),
        }
    return found


@st.composite
def posts(draw: st.DrawFn, payers: list[str]) -> dict[str, Any]:
    """A technical post, so that services have a role to name, and up to three others."""
    found = {}
    for index in range(draw(st.integers(1, 4))):
        begin = draw(st.sampled_from([0, 1, 6, 20]))
        found[f"post_{index}"] = post(
            role="technical" if index == 0 else draw(st.sampled_from(["technical", "office"])),
            people=draw(st.integers(1, 3)),
            salary_month=draw(usd),
            payer=draw(st.sampled_from(payers)),
            then=draw(st.sampled_from(["centre", "ends"])),
            from_month=begin,
            **({"until_month": begin + draw(st.integers(1, 12))} if draw(st.booleans()) else {}),
        )
    return found


@st.composite
def liquidity(draw: st.DrawFn) -> dict[str, Any]:
    """Banks, staff and suppliers of any patience."""
    return {
        "credit_line": draw(st.sampled_from([1e9, 3000, 1e9, 0])),
        "bridged_share": draw(share),
        "bridged_months": draw(st.integers(0, 12)),
        "interest_year": draw(st.floats(0, 1)),
        "creditors_bear_months": draw(st.integers(0, 4)),
        "dormant_months": draw(st.integers(0, 4)),
        "wakes_months": draw(st.floats(0, 3)),
    }


@st.composite
def openings(draw: st.DrawFn, horizon: int, given: dict[str, Any]) -> dict[str, Any]:
    """The first day, or a later one on which there is more than cash."""
    found: dict[str, Any] = {"cash": draw(usd)}
    if draw(st.booleans()):
        return found
    as_of = draw(st.integers(0, horizon - 1))
    found |= {
        "as_of": as_of,
        "receivables": {
            "amount": draw(usd),
            "invoices": draw(st.integers(1, 20)),
            "delay_months": draw(months),
            "bad_debt_probability": draw(share),
        },
        "payables": {"amount": draw(usd), "late_months": draw(st.integers(0, 6))},
        "equipment": {"net_value": draw(usd), "months_left": draw(st.integers(1, 40))},
        "grants": {},
    }
    for name, agreed in given.items():
        if agreed["from_month"] <= as_of:
            found["grants"][name] = {"owed": draw(usd)}
            if agreed["terms"] == "earmarked" and agreed["until_month"] > as_of:
                found["grants"][name] |= {
                    "unspent": draw(usd),
                    "unspent_months": draw(st.integers(1, 9)),
                }
    return found


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A valid plan near the average centre, in any of its sections far from it."""
    tree: dict[str, Any] = deepcopy(dict(generic().tree))
    horizon = draw(st.integers(1, 36))
    tree["horizon"] = {"follow_up_months": 0, "judged_month": horizon}
    tree["thresholds"] = {
        "sustained_coverage": draw(st.floats(0, 2)),
        "sustained_months": draw(st.integers(1, 40)),
    }
    tree["liquidity"] = draw(liquidity())
    tree["host"] = {
        "kind": "university",
        "cash_month": draw(usd),
        "premises_share": draw(share),
        "logistics_share": draw(share),
        "delivered_share": draw(share),
        "delay_months": draw(months),
        "lends": draw(st.sampled_from([0, 2000, 1e6])),
    }
    if draw(st.sampled_from([False, False, True])):
        del tree["host"]
    del tree["programme"]
    tree["grants"] = draw(grants(horizon))
    payers = [
        *(name for name, given in tree["grants"].items() if given["terms"] == "earmarked"),
        *(["host"] if "host" in tree else []),
        "centre",
    ]
    tree["posts"] = draw(posts(payers))
    tree["opening"] = draw(openings(horizon, tree["grants"]))
    for key in tree["costs"]:
        if (unit_of(field_at(("costs", key))) or "").startswith("money"):
            tree["costs"][key] = draw(usd)
    tree["costs"]["from_month"] = draw(st.integers(0, 12))
    tree["costs"]["equipment_month"] = draw(st.integers(0, 40))
    tree["costs"]["equipment_life_months"] = draw(st.integers(1, 50))
    tree["market"] = draw(markets())
    for segment in tree["segments"].values():
        segment.update(draw(segments()))
    for service in tree["services"].values():
        _vary(draw, service)
    return plan_from_tree(stated(tree), "drawn")


def markets() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "charge_from_month": st.sampled_from([0, 4]),
            "decision_months": st.sampled_from([0.0, 0.5, 3.0]),
            "willingness_sigma": st.sampled_from([0.0, 0.5]),
            "awareness_fade_month": st.floats(0, 1),
            "word_of_mouth_clients": st.floats(0, 20),
            "word_of_mouth_by_gain": share,
            "climate_effect": st.floats(0, 3),
            "climate_fade_month": st.floats(0, 1),
            "write_off_months": months,
        }
    )


def segments() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "potential_clients": st.floats(1, 100),
            "aware_at_start": st.sampled_from([0.5, 0.0, 1.0]),
            "aware_at_most": st.sampled_from([0.7, 0.0, 1.0]),
            "payment_delay_months": months,
            "bad_debt_probability": share,
            "patience_months": st.sampled_from([6.0, 0.0, 1e6]),
        }
    )


def _vary(draw: st.DrawFn, service: dict[str, Any]) -> None:
    """Other terms for a service; any may be sold, any held of the centre's own accord."""
    service.update(
        priority=draw(st.integers(0, 2)),
        staff_days=draw(st.sampled_from([2.0, 0.0, 7.5, 40.0])),
        variability=draw(st.sampled_from(["fixed", "exponential", "lognormal"])),
        outside_share=draw(share),
        materials=draw(usd),
        participants=draw(st.sampled_from([0, 1, 2.5, 20])),
        attended_days=draw(st.sampled_from([0.25, 0, 3])),
        assessors_share=draw(share),
        institutions_share=draw(share),
        rivals_share=draw(share),
        reaches_clients=draw(st.floats(0, 30)),
        contact_share=draw(share),
        offered_year=draw(st.sampled_from([0, 0, 1, 7, 12])),
        adoption_probability=draw(share),
        climate_gain=draw(share),
    )
    for demand in service["clients"].values():
        price = draw(usd)
        demand.update(
            asks_year=draw(st.sampled_from([0.3, 0.0, 1.0])),
            price=price,
            willingness=price * draw(st.sampled_from([1.0, 2.0, 0.9, 0.0])),
        )
    if "follows" in service:
        service["follows"]["probability"] = draw(share)


streams = st.builds(Streams, st.integers(0, 2**64 - 1), st.integers(0, 2**32))


class Audited(Ledger):
    """Books that check every posting as it is made."""

    def post(self, debit: int, credit: int, cents: int, what: str) -> None:
        before = len(self.journal)
        super().post(debit, credit, cents, what)
        if len(self.journal) > before:
            month, *entry = self.journal[-1]
            assert entry == [debit, credit, cents]
            assert debit != credit
            assert cents > 0
            assert month == self.month
            assert not self.closed
        assert sum(self.balances) == 0


def assets_and_liabilities(record: Record, accounts: tuple[str, ...]) -> NDArray[np.int64]:
    """Net debits of some accounts together at each month end."""
    rows = [record.accounts.index(name) for name in accounts]
    moved = np.cumsum(record.net_cents[rows].sum(axis=0))
    summed: NDArray[np.int64] = record.opening_cents[rows].sum() + moved
    return summed


def by_compiled(plan: Plan, streams: Streams) -> Record:
    return compiled.simulate(tables_for(plan), streams.seed, [streams.replication]).record(0)


def assert_same(one: Record, two: Record) -> None:
    assert np.array_equal(one.net_cents, two.net_cents)
    assert np.array_equal(one.counts, two.counts)
    assert np.array_equal(one.receipts_cents, two.receipts_cents)
    assert np.array_equal(one.payments_cents, two.payments_cents)
    assert one.closed_month == two.closed_month


def assert_balanced_every_month(record: Record) -> None:
    assert not record.net_cents.sum(axis=0).any()
    assert sum(record.closing_cents().values()) == 0
    assert not record.opening_cents.sum()
    assert not any(by_month(record, "opening_fund"))
    # No account is left out of this module's lists, or is in two of them.
    fees = tuple(name for name in record.accounts if name.startswith("fees_"))
    assert sorted((*ASSETS, *FUNDS, *INCOME, *EXPENSES, *MEMO, *fees)) == sorted(record.accounts)

    held = assets_and_liabilities(record, ASSETS)
    owed = -assets_and_liabilities(record, FUNDS)
    earned = -assets_and_liabilities(record, (*INCOME, *fees))
    spent = assets_and_liabilities(record, EXPENSES)
    assert held.tolist() == (owed + earned - spent).tolist()
    # What comes in kind is used up as it comes, in its own accounts.
    assert not np.sum([by_month(record, name) for name in MEMO], axis=0).any()


def assert_cash_is_what_came_in_less_what_went_out(record: Record) -> None:
    cash = int(record.opening_cents[Account.CASH])
    for month, closing in enumerate(record.cash_cents().tolist()):
        received, paid = record.receipts_cents[month], record.payments_cents[month]
        assert received >= 0
        assert paid >= 0
        cash += int(received - paid)
        assert closing == cash
    assert record.closing_cents()["cash"] == cash


def assert_earmarked_money_is_owed_until_it_is_spent(record: Record, plan: Plan) -> None:
    unspent = assets_and_liabilities(record, ("earmarked_cash",))
    assert unspent.min() >= 0
    assert unspent.tolist() == (-assets_and_liabilities(record, FUNDS[:1])).tolist()
    # It becomes income as it is spent, never before.
    income = np.sum([by_month(record, name) for name in INCOME if "earmarked" in name], axis=0)
    spent = np.sum([by_month(record, name) for name in EARMARKED], axis=0)
    assert spent.min() >= 0
    assert (spent == -income).all()
    # No more comes than was promised.
    promised = sum(
        round(tranche.amount * 100)
        for given in plan.numbers.grants.values()
        for tranche in given.tranches
        if given.terms == "earmarked"
    )
    held = plan.numbers.opening.grants.values()
    promised += sum(
        round(100 * (each.owed or 0)) + round(100 * (each.unspent or 0)) for each in held
    )
    assert spent.sum() + unspent[-1] <= promised


def assert_no_account_runs_the_wrong_way(record: Record) -> None:
    assert assets_and_liabilities(record, ("receivables",)).min() >= 0
    assert assets_and_liabilities(record, ("equipment", "accumulated_depreciation")).min() >= 0
    # The centre's salaries are credited when advances are repaid, but never below nothing.
    assert assets_and_liabilities(record, ("salaries",)).min() >= 0
    for name in (*EXPENSES, *MEMO[1:]):
        assert name == "salaries" or min(by_month(record, name)) >= 0, name
    for name in record.accounts:
        if name in INCOME or name.startswith("fees_"):
            assert max(by_month(record, name)) <= 0, name


@many
@given(st.tuples(usd, usd, usd), st.tuples(share, share, share), months, st.floats(0, 1), streams)
def test_what_the_centre_pays_and_what_its_host_bears_is_the_whole_bill(
    bill: tuple[float, ...],
    shares: tuple[float, ...],
    delay: float,
    spread: float,
    streams: Streams,
) -> None:
    lines = ("premises", "materials", "overhead")
    costs = {f"costs.{line}_month": of_it for line, of_it in zip(lines, bill, strict=True)}
    terms = dict(zip(("premises_share", "logistics_share", "delivered_share"), shares, strict=True))
    trouble = {"defaults_year": 4, "default_months": 2, "losses_year": 0.5, "move_months": 1}
    alone = bare_plan({**costs, "costs.yearly_spread": spread, "start": date(2000, 10, 1)})
    host = {**HOST, **terms, "delay_months": delay, "trouble": trouble}
    paid, helped = (run_both(p, streams) for p in (alone, changed(alone, {"host": host})))
    for own, memo in ((lines[:1], "in_kind_premises"), (lines[1:], "in_kind_logistics")):
        whole = np.sum([by_month(paid, line) for line in own], axis=0)
        shared = np.sum([by_month(helped, line) for line in (*own, memo)], axis=0)
        assert shared.tolist() == whole.tolist()


def assert_counts_follow_an_engagement_to_its_end(record: Record, plan: Plan) -> None:
    assert record.counts.min() >= 0
    for name, service in plan.numbers.services.items():
        so_far = {what: np.cumsum(counted(record, f"{name}.{what}")) for what in COUNTED}
        ended = sum(so_far[what] for what in ("declined", "left", "failed", "done"))
        assert (ended <= so_far["asked"]).all()
        assert (so_far["adopted"] <= so_far["done"]).all()
        came = np.floor(service.participants * so_far["done"])
        assert (so_far["participants"] == came).all()
        if f"{name}.assessors" in record.counted:
            taught = {what: np.cumsum(counted(record, f"{name}.{what}")) for what in TAUGHT}
            days = np.floor((service.attended_days or 0) * came)
            assert (taught["person_days"] == days).all()
            assert (taught["assessors"] <= came).all()
            assert (taught["institutions"] <= taught["assessors"]).all()


@many
@given(plans(), streams)
def test_what_is_invoiced_was_done_at_one_of_the_prices_asked(plan: Plan, streams: Streams) -> None:
    plan = without(without(plan, "economy"), "management")  # either moves prices
    record = run_both(plan, streams)
    for name, service in plan.numbers.services.items():
        invoiced = -sum(by_month(record, f"fees_{name}"))
        prices = [
            round(100 * (d.price + (d.participation_fee or 0) * service.participants))
            for d in service.clients.values()
            if not d.success_fee_share
        ]
        if len(prices) == len(service.clients):
            done = counted(record, f"{name}.done")
            assert invoiced <= max(prices, default=0) * sum(done)


def assert_closes_when_creditors_wait_no_longer(record: Record, plan: Plan) -> None:
    terms, closed = plan.numbers.liquidity, record.closed_month
    unpaid = -assets_and_liabilities(record, ("payables",))
    overdue = plan.numbers.opening.payables
    waited = overdue.late_months if overdue else 0
    for month, owed in enumerate(unpaid.tolist()):
        waited = waited + 1 if owed else 0
        # Nobody closes as long as nothing is overdue, unless it slept before.
        slept = counted(record, "centre.dormant")[max(month - 1, 0)]
        if month == closed:
            assert waited > terms.creditors_bear_months or slept
    after = record.months if closed is None else closed + 1
    assert not record.net_cents[:, after:].any()
    assert not record.counts[:, after:].any()
    if plan.numbers.host and not plan.numbers.host.trouble:
        assert closed is None  # the host carries it

    end = outcome(record, plan.numbers.thresholds)
    assert end.lowest_cash_cents == record.cash_cents()[:after].min()
    assert end.closing_cash_cents == record.closing_cents()["cash"]
    assert (end.judgement == Judgement.CLOSED) == (closed is not None)
    # Whatever fees alone sustain, fees and other money sustain.
    assert end.sustained or not end.self_sufficient


def assert_nobody_lends_more_than_was_said(record: Record, plan: Plan) -> None:
    terms, host = plan.numbers.liquidity, plan.numbers.host
    lent = -assets_and_liabilities(record, ("host_loan",))
    assert lent.min() >= 0
    assert lent.max() <= round(100 * (host.lends or 0) if host else 0)
    assert (-assets_and_liabilities(record, ("loans",))).min() >= 0
    assert (-assets_and_liabilities(record, ("payables",))).min() >= 0
    assert record.cash_cents().min() >= -math.floor(100 * terms.credit_line + 0.5)


def assert_it_can_say_why_it_sleeps_or_has_closed(record: Record) -> None:
    ended = record.closed_month is not None or record.dormant_since is not None
    assert (record.cause != Cause.NONE) == (record.late_since is not None)
    assert record.late_since is not None or not ended
    if record.late_since is not None and record.dormant_since is not None:
        assert record.late_since <= record.dormant_since


@more
@given(plans(), streams)
def test_every_run_keeps_its_books_its_counts_and_its_end(plan: Plan, streams: Streams) -> None:
    tree, numbers = plan.as_json(), plan.numbers.model_dump_json()
    record = run_both(plan, streams)
    assert_balanced_every_month(record)
    assert_cash_is_what_came_in_less_what_went_out(record)
    assert_earmarked_money_is_owed_until_it_is_spent(record, plan)
    assert_no_account_runs_the_wrong_way(record)
    assert_counts_follow_an_engagement_to_its_end(record, plan)
    assert_closes_when_creditors_wait_no_longer(record, plan)
    assert_nobody_lends_more_than_was_said(record, plan)
    assert_it_can_say_why_it_sleeps_or_has_closed(record)
    assert plan.as_json() == tree
    assert plan.numbers.model_dump_json() == numbers


@many
@given(plans(), streams)
def test_a_run_can_be_repeated_audited_and_listened_to(plan: Plan, streams: Streams) -> None:
    tree, numbers = plan.as_json(), plan.numbers.model_dump_json()
    heard: list[float] = []
    first = run_both(plan, streams)
    # Once more, and every posting has two sides and an amount.
    with patch.object(assembly, "Ledger", Audited):
        again = simulate(tables_for(plan), streams, lambda time, _: heard.append(time))
    assert_same(first, again)
    assert_same(first, by_compiled(plan, streams))
    # What it tells is in the order of time, within the run.
    assert heard == sorted(heard)
    assert 0 <= heard[0] <= heard[-1] <= plan.numbers.months
    assert plan.as_json() == tree
    assert plan.numbers.model_dump_json() == numbers
