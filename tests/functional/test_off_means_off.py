"""Every optional part of a plan: left out, it does what it does at nothing; set, it does something.

Each is compared with itself left out, under the same random streams, posting by posting summed by
month and count by count, on an average centre with a small market and three years to live.
"""

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import pytest
from pydantic import BaseModel

from ncpcsim.model.record import Record
from ncpcsim.plan import schema
from ncpcsim.plan.fields import inner_type, is_model
from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import PlanError
from tests.full_centre import NETWORK, NEVER, lean, without
from tests.known_runs import known_run
from tests.plans import HOST, changed

REPLICATIONS = range(3)


class Option(NamedTuple):
    """An optional part of a plan.

    Attributes:
        path: where it stands.
        on: what it is when it does something; nothing if it is as in the average centre.
        off: the same at nothing; paths to values, the part's own among them or below it.
        setup: what else it needs to do anything, present in all three.
        less: paths that mean nothing without the part, left out of all three.
    """

    path: str
    off: Mapping[str, Any]
    on: Mapping[str, Any] = {}
    setup: Mapping[str, Any] = {}
    less: tuple[str, ...] = ()


NO_ECONOMY = {
    "economy.inflation_year": 0,
    "economy.recessions_year": 0,
}
LEADERSHIP = {
    "role": "leadership",
    "direction_share": 0.5,
    "office_role": "support",
    "office_share": 0.2,
    "unknown_share": 0.5,
    "respect_months": 96,
}
AGREEMENTS = {
    "contracts.agreement_project.calls_year": 6,
    "contracts.agreement_project.from_month": 0,
    "contracts.agreement_project.eligible_probability": 1,
    "contracts.agreement_project.win_probability": 1,
}
SUPPLIERS = {
    "contracts.supplier_programme.calls_year": 6,
    "contracts.supplier_programme.from_month": 0,
    "contracts.supplier_programme.eligible_probability": 1,
}
RISK = {"suspensions_year": 0, "suspension_months": 6, "early_ends_year": 0}
RESULTS = {
    "month": 18,
    "planned_assessments_year": 4,
    "asked_coverage": 0.5,
    "asked_credibility": 0.5,
}
EXTENSION = {"credibility": 0, "probability": 1, "months": 6, "amount": 9000}
TROUBLE = {"defaults_year": 0, "default_months": 6, "losses_year": 0, "move_months": 3}
LED = tuple(
    f"{kind}.{name}.{key}"
    for kind, key in (
        ("posts", "respected"),
        ("services", "proposal_days"),
        ("boards", "meeting_days"),
    )
    for name, stated in lean().tree[kind].items()
    if key in stated
)
"""What says nothing of a centre that nobody is said to lead."""
SILENT = {
    "boards.advisory.credibility_gain": 0,
    "boards.advisory.members_tell": 0,
    "boards.advisory.meeting_days": 0,
}
UNASKED = {"boards.executive.reserve_asked_months": 0, "boards.executive.meeting_days": 0}
UNDECIDED = {
    "opening.cash": 1e6,
    "costs.equipment": 0,
    "management.most_hired": 0,
    "management.reprice_step": 0,
    "management.mission_step": 0,
}
NEUTRAL = {"industry_trust": 1, "government_trust": 1}
SME = "services.assessment.clients.sme"
LARGE = "services.assessment.clients.large"
DONOR = "grants.programme_discretionary"
RISKY = "donors.programme"
EARMARKS = "grants.programme_direct.earmarks"
OWN_STAFF = {
    f"posts.{name}.payer": "centre" for name in ("deputy", "technical_seconded", "support")
}
TECHNICAL = "services.assessment"
AUDIT = "services.energy_audit"
"""A project that finds no options and is not demonstrated."""
TAUGHT = [name for name, s in lean().numbers.services.items() if s.needs_training]
LATE = {
    "liquidity.credit_line": 0,
    "liquidity.creditors_bear_months": 100,
    "host.lends": 0,
    "opening.cash": 0,
    "programme.amount_year": 10_000,
}
"""So little money that bills are paid late, and creditors who bear it."""
INVOICES = {"amount": 900, "invoices": 4, "delay_months": 3, "bad_debt_probability": 0.1}
HELD = "opening.grants.programme_direct"
SEAT = "opening.posts.technical_seconded"
STUDY = {
    "kind": "domestic_tender",
    "to_invoice": 4000,
    "to_spend": 900,
    "months_left": 4,
    "staff_days": 20,
}

OPTIONS = {
    "Numbers.economy": Option("economy", NO_ECONOMY),
    "Numbers.exchange": Option(
        "exchange", {"exchange.drift_year": 0, "exchange.volatility_year": 0}
    ),
    "Numbers.competition": Option(
        "competition", {"competition.at_start": 0, "competition.at_most": 0}
    ),
    # Full credibility that nothing moves is what a centre without the section has.
    "Numbers.credibility": Option(
        "credibility",
        {"credibility.at_start": 1, "credibility.per_failure": 0, "credibility.fade_month": 0},
    ),
    # The large firms' part of what the others leave is the quarter that is left.
    "Segment.attendance_share": Option(
        "segments.large.attendance_share",
        {"segments.large.attendance_share": 0.25},
        {"segments.large.attendance_share": 0.05},
        {"segments.sme.attendance_share": 0.5, "segments.public.attendance_share": 0.25},
    ),
    "Service.considered_year": Option(
        "services.policy_advice.considered_year",
        {"services.policy_advice.considered_year": NEVER},
        {"services.policy_advice.considered_year": 1},
    ),
    "Numbers.membership": Option("membership", {"membership.joins_probability": 0}),
    "Membership.willingness": Option(
        "membership.willingness",
        {"membership.willingness": NEVER},
        {"membership.willingness": 50},
        {"membership.joins_probability": 0.5},
    ),
    "Numbers.savings": Option(
        "savings",
        {
            "savings.options_mean": 0,
            "savings.utility_prices": 0,
            "savings.expected.elasticity": 0,
        },
        setup={f"{SME}.success_fee_share": 0.2, "market.word_of_mouth_by_gain": 0},
    ),
    "Savings.utility_prices": Option(
        "savings.utility_prices",
        {"savings.utility_prices": 1},
        {"savings.utility_prices": 3},
    ),
    # What clients then tell of, and owe of their savings, is measured by the mean.
    "Savings.expected": Option(
        "savings.expected",
        {"savings.expected.elasticity": 0},
        {"savings.expected.elasticity": 2, "savings.expected.report_share": 0.5},
        {"market.word_of_mouth_by_gain": 0, f"{LARGE}.success_fee_share": 0},
    ),
    "Numbers.learning": Option(
        "learning",
        {"learning.productivity_at_start": 1, "learning.counterpart_until_month": 0},
    ),
    "Learning.counterpart_cost_month": Option(
        "learning.counterpart_cost_month",
        {"learning.counterpart_cost_month": 0},
        {"learning.counterpart_cost_month": 300},
    ),
    "Learning.counterpart_fits_months": Option(
        "learning.counterpart_fits_months",
        {"learning.counterpart_fits_months": NEVER},
        {"learning.counterpart_fits_months": 3},
    ),
    "TrainingAbroad.counterpart_worth_months": Option(
        "ability.training.counterpart_worth_months",
        {"ability.training.counterpart_worth_months": 0},
        {"ability.training.counterpart_worth_months": 0.3},
    ),
    # Endless prices: nothing is bought. What needs training is then asked for as without.
    "Numbers.ability": Option(
        "ability",
        {
            "ability.training.abroad_month_cost": NEVER,
            "ability.consultants.day_rate": NEVER,
            **{f"services.{name}.needs_training": 0 for name in TAUGHT},
        },
    ),
    "Ability.training": Option(
        "ability.training",
        {
            "ability.training.abroad_month_cost": NEVER,
            **{f"services.{name}.needs_training": 0 for name in TAUGHT},
        },
    ),
    "Ability.consultants": Option("ability.consultants", {"ability.consultants.day_rate": NEVER}),
    "Savings.kits": Option("savings.kits", {"savings.kits.unmeasured_share": 1}),
    "Service.needs_training": Option(
        f"{TECHNICAL}.needs_training",
        {f"{TECHNICAL}.needs_training": 0},
        {f"{TECHNICAL}.needs_training": 0.9},
    ),
    "Opening.abroad_months": Option(
        "opening.abroad_months", {"opening.abroad_months": 0}, {"opening.abroad_months": 50}
    ),
    "Opening.kits": Option("opening.kits", {"opening.kits": 0}, {"opening.kits": 50_000}),
    "OptionCategory.capital_share": Option(
        "savings.categories.technology_change.capital_share",
        {"savings.categories.technology_change.capital_share": 0},
    ),
    "OptionCategory.payback_years": Option(
        "savings.categories.process_control.payback_years",
        {"savings.categories.process_control.payback_years": 0},
    ),
    "Savings.capital_payback_years": Option(
        "savings.capital_payback_years", {"savings.capital_payback_years": 0}
    ),
    "Savings.capital_after_months": Option(
        "savings.capital_after_months", {"savings.capital_after_months": 0}
    ),
    "Savings.saving_ratio": Option("savings.saving_ratio", {"savings.saving_ratio": 1}),
    **{
        f"Savings.{impact}": Option(f"savings.{impact}", {f"savings.{impact}": 0})
        for impact in ("water_pollutants_t", "air_pollutants_t", "greenhouse_gases_t")
    },
    "Savings.fund_share": Option("savings.fund_share", {"savings.fund_share": 0}),
    "Segment.own_means_share": Option(
        "segments.large.own_means_share", {"segments.large.own_means_share": 0}
    ),
    "Follows.lacks_capital": Option(
        "services.investment_proposal.follows.lacks_capital",
        {"services.investment_proposal.follows.lacks_capital": False},
        setup={"services.investment_proposal.follows.probability": 1},
    ),
    # Bids are then written by those who work.
    "Numbers.leadership": Option(
        "leadership",
        {
            "leadership": {
                **LEADERSHIP,
                "role": "technical",
                "direction_share": 0,
                "office_share": 0,
                "unknown_share": 1,
            }
        },
        {"leadership": LEADERSHIP},
        less=LED,
    ),
    "Post.respected": Option(
        "posts.director.respected",
        {"posts.director.respected": 0},
        {"posts.director.respected": 1},
        {"leadership": LEADERSHIP},
    ),
    "Service.proposal_days": Option(
        f"{TECHNICAL}.proposal_days",
        {f"{TECHNICAL}.proposal_days": 0},
        {f"{TECHNICAL}.proposal_days": 2},
        {"leadership": LEADERSHIP},
    ),
    "Numbers.turnover": Option("turnover", {"turnover.leaves_year": 0}),
    "Numbers.overflow": Option("overflow", {"overflow.days_month": 0}),
    # Positions that nobody is hired for stay in place: an empty one must not be noticed.
    "Numbers.management": Option(
        "management",
        {
            "management.hire_above_waiting": 10**6,
            "management.bid_up_to_waiting": 10**6,
            "management.mission_floor_share": 0,
            "management.mission_step": 0,
            "management.reprice_step": 0,
            "management.giving_up.fewest_people": 10,
            "management.spending.least_share": 1,
            "management.spending.most_share": 1,
        },
        # Equipment waits for no money, and no forecast is ever short: nothing to skip.
        setup={"costs.equipment": 0, "opening.cash": 1e6},
    ),
    "Management.giving_up": Option(
        "management.giving_up",
        # Nobody goes; the posts are there from the first day, for a later one would wait.
        {"management.giving_up.fewest_people": 10},
        {"management.giving_up.fewest_people": 0},
        {"opening.cash": 0, "posts.technical.from_month": 0},
    ),
    "Management.spending": Option(
        "management.spending",
        {"management.spending.least_share": 1, "management.spending.most_share": 1},
        # Enough for the equipment, which does not wait then.
        setup={"opening.cash": 100_000},
    ),
    "Management.short_time_share": Option(
        "management.short_time_share",
        {"management.short_time_share": 1},
        {"management.short_time_share": 0.5},
        LATE,
    ),
    "Turnover.leaves_year_late": Option(
        "turnover.leaves_year_late",
        {"turnover.leaves_year_late": 0},
        {"turnover.leaves_year_late": 6},
        LATE,
    ),
    "Liquidity.advanced_share": Option(
        "liquidity.advanced_share",
        {"liquidity.advanced_share": 0},
        {"liquidity.advanced_share": 0.9},
        {**LATE, "liquidity.advance_probability": 1, "liquidity.bridged_months": 12},
    ),
    "Liquidity.advance_probability": Option(
        "liquidity.advance_probability",
        {"liquidity.advance_probability": 0},
        {"liquidity.advance_probability": 1},
        {**LATE, "liquidity.advanced_share": 0.9, "liquidity.bridged_months": 12},
    ),
    "Liquidity.refused_probability": Option(
        "liquidity.refused_probability",
        {"liquidity.refused_probability": 0},
        {"liquidity.refused_probability": 1},
        {**LATE, "liquidity.bridged_share": 0.8, "liquidity.bridged_months": 12},
    ),
    "Management.bid_up_to_waiting": Option(
        "management.bid_up_to_waiting",
        {"management.bid_up_to_waiting": 10**6},
        {"management.bid_up_to_waiting": 0},
        {"opening.cash": 1e6, "contracts.domestic_tender.calls_year": 12},
    ),
    "Numbers.contracts": Option(
        "contracts", {f"contracts.{name}.calls_year": 0 for name in lean().numbers.contracts}
    ),
    "Numbers.ministry": Option(
        "ministry",
        {"ministry": {"budget_year": 0, "payment_delay_months": 2}},
        {"ministry": {"budget_year": 5000, "payment_delay_months": 2}},
        {f"{SME}.ministry_pays": 500},
    ),
    # The public segment feels every month of it.
    "Numbers.public_budget": Option(
        "public_budget",
        {"public_budget.left_share": 1, "public_budget.delay_ratio": 1},
        {"public_budget.cuts_year": 12, "public_budget.left_share": 0},
    ),
    "Segment.public": Option(
        "segments.public.public",
        {"segments.public.public": False},
        setup={"public_budget.cuts_year": 12, "public_budget.left_share": 0},
    ),
    "Segment.shifts": Option(
        "segments.sme.shifts",
        {"segments.sme.shifts.shifts_year": 0},
        {"segments.sme.shifts.shifts_year": 2, "segments.sme.shifts.sigma": 1},
    ),
    "Contract.renewal_probability": Option(
        "contracts.corporate_support.renewal_probability",
        {"contracts.corporate_support.renewal_probability": 0},
        {"contracts.corporate_support.renewal_probability": 0.9},
        {"contracts.corporate_support.calls_year": 6, "contracts.corporate_support.from_month": 0},
    ),
    "Numbers.network": Option(
        "network", {"network.towns": {**NETWORK, "number": 0}}, {"network.towns": NETWORK}
    ),
    "Contract.eligible_probability": Option(
        "contracts.agreement_project.eligible_probability",
        {"contracts.agreement_project.eligible_probability": 1},
        {"contracts.agreement_project.eligible_probability": 0},
        AGREEMENTS,
    ),
    "Contract.decision_months": Option(
        "contracts.agreement_project.decision_months",
        {"contracts.agreement_project.decision_months": 0},
        {"contracts.agreement_project.decision_months": 24},
        AGREEMENTS,
    ),
    "Contract.programme": Option(
        "contracts.donor_programme.programme",
        {"contracts.donor_programme.programme.share": 0},
        {"contracts.donor_programme.programme.share": 0.9},
        {"contracts.donor_programme.calls_year": 6},
    ),
    "Contract.on_success": Option(
        "contracts.supplier_programme.on_success",
        {"contracts.supplier_programme.on_success": {"share": 0, "probability": 1}},
        {"contracts.supplier_programme.on_success": {"share": 0.5, "probability": 0}},
        SUPPLIERS,
    ),
    "Numbers.demonstrations": Option(
        "demonstrations",
        {f"demonstrations.segments.{name}.number": 0 for name in ("sme", "large")},
    ),
    "Contract.climate_share": Option(
        "contracts.corporate_support.climate_share",
        {"contracts.corporate_support.climate_share": 0},
        {"contracts.corporate_support.climate_share": 1},
        {"contracts.corporate_support.calls_year": 6, "contracts.corporate_support.from_month": 0},
    ),
    "Programme.review": Option(
        "programme.review",
        {"programme.review": {**RESULTS, "cut_share": 0, "added_share": 0}},
        {"programme.review": {**RESULTS, "cut_share": 1, "added_share": 1}},
    ),
    # Its work is then the mission's time, and goes first as that does.
    "Contract.mission": Option(
        "contracts.domestic_tender.mission",
        {"contracts.domestic_tender.mission": False},
        {"contracts.domestic_tender.mission": True},
        {
            "contracts.domestic_tender.calls_year": 6,
            "contracts.domestic_tender.from_month": 0,
            "management.mission_floor_share": 0.5,
        },
    ),
    "Savings.relapse_again_months": Option(
        "savings.relapse_again_months",
        {"savings.relapse_again_months": NEVER},
        {"savings.relapse_again_months": 1},
        {
            "events.signing": {"month": 6, "climate_gain": 1},
            "market.climate_fade_month": 0.1,
            "savings.relapse_probability": 1,
            "savings.climate_protection": 1,
        },
    ),
    "Management.more_mission_days": Option(
        "management.more_mission_days",
        {"management.more_mission_days": 0},
        {"management.more_mission_days": 20},
        {"management.mission_floor_share": 0.8},
    ),
    "Numbers.events": Option(
        "events",
        {"events.signing": {"month": 12, "climate_gain": 0}},
        {"events.signing": {"month": 12, "climate_gain": 1}},
        # With adopted advice, an event of nothing would still round the climate anew.
        {"services.policy_advice.adoption_probability": 0},
    ),
    "Numbers.host": Option(
        "host",
        {"host": {**HOST, "management_fee_share": 0}},
        {"host": {**HOST, "cash_month": 100}},
        {
            **OWN_STAFF,
            "host_kinds": dict.fromkeys(("government", HOST["kind"]), NEUTRAL),
        },
    ),
    # Five equal steps; at twelve a year every time is a whole month, without rounding.
    "Numbers.declaration": Option(
        "declaration",
        {"declaration.step_months": 12},
        {"declaration.step_months": 9, "services.awareness.offered_by_step": [12, 0, 24, 6, 6]},
        {"services.awareness.offered_year": 12},
    ),
    "Service.offered_by_step": Option(
        "services.awareness.offered_by_step",
        {"services.awareness.offered_by_step": [12] * 5},
        {"services.awareness.offered_by_step": [12, 0, 24, 6, 6]},
        {"services.awareness.offered_year": 12, "declaration.step_months": 9},
    ),
    "Segment.failure_probability": Option(
        "segments.sme.failure_probability",
        {"segments.sme.failure_probability": 0},
        {"segments.sme.failure_probability": 0.3},
    ),
    "Demand.participation_fee": Option(
        f"{SME}.participation_fee",
        {f"{SME}.participation_fee": 0},
        {f"{SME}.participation_fee": 5},
    ),
    "Demand.success_fee_share": Option(
        f"{SME}.success_fee_share",
        {f"{SME}.success_fee_share": 0},
        {f"{SME}.success_fee_share": 0.1},
    ),
    "Demand.ministry_pays": Option(
        f"{SME}.ministry_pays",
        {f"{SME}.ministry_pays": 0},
        {f"{SME}.ministry_pays": 500},
        {"ministry": {"budget_year": 5000, "payment_delay_months": 2}},
    ),
    "Service.contested_share": Option(
        f"{TECHNICAL}.contested_share",
        {f"{TECHNICAL}.contested_share": 0},
        setup={"competition.at_start": 0.5},
    ),
    "Service.rivals_share": Option(
        "services.training.rivals_share",
        {"services.training.rivals_share": 0},
        {"services.training.rivals_share": 0.5},
    ),
    "Service.institutions_share": Option(
        "services.training.institutions_share",
        {"services.training.institutions_share": 0},
        {"services.training.institutions_share": 0.5},
        {"services.training.assessors_share": 0.9, "market.institution_clients": 50},
    ),
    "Market.institution_clients": Option(
        "market.institution_clients",
        {"market.institution_clients": 0},
        {"market.institution_clients": 50},
        {"services.training.assessors_share": 0.9, "services.training.institutions_share": 0.5},
    ),
    "Market.word_of_mouth_by_gain": Option(
        "market.word_of_mouth_by_gain",
        {"market.word_of_mouth_by_gain": 0},
        {"market.word_of_mouth_by_gain": 1},
        {"market.word_of_mouth_clients": 10},
    ),
    # Left out, an engagement is a full contact.
    "Service.contact_share": Option(
        f"{TECHNICAL}.contact_share",
        {f"{TECHNICAL}.contact_share": 1},
        {f"{TECHNICAL}.contact_share": 0.2},
        {"market.word_of_mouth_clients": 10},
    ),
    "Service.cycle_exposure": Option(
        f"{TECHNICAL}.cycle_exposure",
        {f"{TECHNICAL}.cycle_exposure": 0},
        setup={"economy.recessions_year": 2, "economy.recession_demand": 0.1},
    ),
    "Service.finance_probability": Option(
        "services.investment_proposal.finance_probability",
        {"services.investment_proposal.finance_probability": 0},
        setup={"services.investment_proposal.follows.probability": 1},
    ),
    "Service.follows": Option(
        "services.investment_proposal.follows",
        {"services.investment_proposal.follows.probability": 0},
        {"services.investment_proposal.follows.probability": 1},
    ),
    "Service.mission": Option(
        "services.awareness.mission",
        {"services.awareness.mission": False},
        setup={"opening.cash": 0, "management.mission_floor_share": 0},
    ),
    "Service.charge_from_month": Option(
        f"{TECHNICAL}.charge_from_month",
        {f"{TECHNICAL}.charge_from_month": 6},
        {f"{TECHNICAL}.charge_from_month": 24},
        {"market.charge_from_month": 6},
    ),
    "Service.project": Option(
        f"{AUDIT}.project",
        {f"{AUDIT}.project": False},
        {f"{AUDIT}.project": True},
        {f"{AUDIT}.clients.sme.asks_year": 0.5, "segments.sme.failure_probability": 0.5},
    ),
    "Service.finds_options": Option(
        f"{TECHNICAL}.finds_options",
        {f"{TECHNICAL}.finds_options": False},
        setup={"services.investment_proposal.follows.lacks_capital": False},
    ),
    "Earmarks.miscellaneous": Option(
        f"{EARMARKS}.miscellaneous",
        {f"{EARMARKS}.miscellaneous": 0},
        {f"{EARMARKS}.travel": 0, f"{EARMARKS}.miscellaneous": 0.20},
    ),
    "Costs.travel_from_month": Option(
        "costs.travel_from_month",
        {"costs.travel_from_month": 6},
        {"costs.travel_from_month": 0},
        {"costs.from_month": 6, "costs.travel_month": 50},
    ),
    "Costs.needs": Option(
        "costs.needs",
        {"costs.needs": {"person_month": 100, "lost_share": 0}},
        {"costs.needs": {"person_month": 400, "lost_share": 0.5}},
    ),
    "Costs.yearly_spread": Option(
        "costs.yearly_spread", {"costs.yearly_spread": 0}, {"costs.yearly_spread": 0.5}
    ),
    "Grant.support_cost_share": Option(
        f"{DONOR}.support_cost_share",
        {f"{DONOR}.support_cost_share": 0},
        {f"{DONOR}.support_cost_share": 0.13},
    ),
    "Grant.foreign": Option(
        f"{DONOR}.foreign", {f"{DONOR}.foreign": False}, {f"{DONOR}.foreign": True}
    ),
    # Nothing befalls the grant of a donor that never does anything.
    "Programme.donor": Option(
        "programme.donor",
        {"programme.donor": "saint"},
        {"programme.donor": "programme"},
        {"donors.saint": RISK, f"{RISKY}.suspensions_year": 3},
    ),
    "Grant.extension": Option(
        f"{DONOR}.extension",
        {f"{DONOR}.extension": {**EXTENSION, "probability": 0}},
        {f"{DONOR}.extension": EXTENSION},
        {"programme.months": 25},
    ),
    "Host.logistics_share": Option("host.logistics_share", {"host.logistics_share": 0}),
    "Host.management_fee_share": Option(
        "host.management_fee_share",
        {"host.management_fee_share": 0},
        {"host.management_fee_share": 0.1},
    ),
    # No board decides at once: nobody is to be hired or let go, nor anything rewritten.
    "Numbers.boards": Option(
        "boards",
        {**SILENT, **UNASKED},
        {"boards.executive.reserve_asked_months": 500},
        UNDECIDED,
    ),
    "Boards.advisory": Option(
        "boards.advisory",
        SILENT,
        {"boards.advisory.credibility_gain": 0.1, "boards.advisory.members_tell": 20},
    ),
    "Boards.executive": Option(
        "boards.executive",
        UNASKED,
        {"boards.executive.reserve_asked_months": 500},
        UNDECIDED,
    ),
    **{
        f"{kind}.meeting_days": Option(
            f"boards.{board}.meeting_days",
            {f"boards.{board}.meeting_days": 0},
            {f"boards.{board}.meeting_days": 10},
            {"leadership": LEADERSHIP, f"{TECHNICAL}.proposal_days": 2},
        )
        for kind, board in (("AdvisoryBoard", "advisory"), ("ExecutiveBoard", "executive"))
    },
    "HostTrouble.another": Option(
        "host.trouble.another",
        {"host.trouble.another.found_probability": 0},
        {
            "host.trouble.another": {
                "found_probability": 1,
                "search_months": 3,
                "delivered_share": 0.5,
            }
        },
        {"host.trouble.losses_year": 2},
    ),
    # All kinds alike are as none: the next host is of the first's.
    "HostKind.hosts": Option(
        "host_kinds.university.hosts",
        {"host_kinds.university.hosts": 0},
        {"host_kinds.university.hosts": 1e6},
        {
            "host.trouble.losses_year": 2,
            "host.trouble.another.found_probability": 1,
            "host_kinds.university.industry_trust": 2,
        },
    ),
    "Host.most_people": Option(
        "host.most_people", {"host.most_people": 100}, {"host.most_people": 1}
    ),
    "Host.available_share": Option(
        "host.available_share", {"host.available_share": 1}, {"host.available_share": 0.5}
    ),
    "Numbers.host_kinds": Option(
        "host_kinds",
        {"host_kinds": {"government": NEUTRAL}},
        {"host_kinds": {"government": {"industry_trust": 0.7, "government_trust": 1.5}}},
    ),
    "Host.lends": Option(
        "host.lends",
        {"host.lends": 0},
        {"host.lends": 1e6},
        {"liquidity.credit_line": 0, "programme.amount_year": 1000},
    ),
    "Host.trouble": Option(
        "host.trouble",
        {"host.trouble": TROUBLE},
        {"host.trouble": {**TROUBLE, "defaults_year": 1, "losses_year": 1}},
    ),
    "Opening.as_of": Option("opening.as_of", {"opening.as_of": 0}, {"opening.as_of": 12}),
    "Opening.net_fees_month": Option(
        # Hundreds of months of nothing are as no past at all: there are no fees to expect.
        "opening.net_fees_month",
        {"opening.net_fees_month": 0},
        {"opening.net_fees_month": 5000},
        {"market.charge_from_month": 36},
    ),
    "Opening.receivables": Option(
        "opening.receivables",
        {"opening.receivables": {**INVOICES, "amount": 0}},
        {"opening.receivables": INVOICES},
    ),
    "Opening.payables": Option(
        "opening.payables",
        {"opening.payables": {"amount": 0, "late_months": 2}},
        {"opening.payables": {"amount": 800, "late_months": 2}},
    ),
    "Opening.equipment": Option(
        "opening.equipment",
        {"opening.equipment": {"net_value": 0, "months_left": 9}},
        {"opening.equipment": {"net_value": 900, "months_left": 9}},
    ),
    "Opening.credibility": Option(
        "opening.credibility",
        {"opening.credibility": 0.3},
        {"opening.credibility": 1},
        {"credibility.at_start": 0.3},
    ),
    "Opening.climate": Option("opening.climate", {"opening.climate": 0}, {"opening.climate": 0.8}),
    "Opening.trained": Option("opening.trained", {"opening.trained": 0}, {"opening.trained": 500}),
    "Opening.grants": Option(
        "opening.grants",
        {"opening.grants.programme_direct": {"owed": 0}},
        {"opening.grants.programme_direct": {"owed": 5000}},
        {"grants.programme_direct.delay_months": 0},
    ),
    "OpeningGrant.owed": Option(
        f"{HELD}.owed", {f"{HELD}.owed": 0}, {f"{HELD}.owed": 5000}, {f"{HELD}.unspent": 100}
    ),
    "OpeningGrant.unspent": Option(
        f"{HELD}.unspent", {f"{HELD}.unspent": 0}, {f"{HELD}.unspent": 5000}, {f"{HELD}.owed": 100}
    ),
    "OpeningGrant.unspent_months": Option(
        f"{HELD}.unspent_months",
        {f"{HELD}.unspent_months": 12},
        {f"{HELD}.unspent_months": 5},
        {f"{HELD}.unspent": 5000, "grants.programme_direct.spend_months": 12},
    ),
    "Opening.segments": Option(
        "opening.segments",
        {"opening.segments.sme.aware": 0.1},
        {"opening.segments.sme.aware": 0.6},
        {"segments.sme.aware_at_start": 0.1},
    ),
    "Opening.posts": Option(
        "opening.posts",
        {"opening.posts.technical_seconded.experience_months": 0},
        {"opening.posts.technical_seconded.experience_months": 60},
        # By then those whom the host promised have come.
        {"opening.as_of": 12, "posts.technical_seconded.from_month": 12},
    ),
    "OpeningPost.experience_months": Option(
        f"{SEAT}.experience_months",
        {f"{SEAT}.experience_months": 0},
        {f"{SEAT}.experience_months": 60},
        {
            "opening.as_of": 12,
            "posts.technical_seconded.from_month": 12,
            f"{SEAT}.vacant": 1,
            f"{SEAT}.vacant_until_month": 16,
        },
    ),
    "Opening.sources": Option(
        "opening.sources",
        {"opening.sources.international_project.months_ago": 24},
        {"opening.sources.international_project.months_ago": 0},
        # Bids come later than 24 months after.
        {"contracts.domestic_tender.from_month": 1, "contracts.domestic_tender.leverage": 3},
    ),
    "Opening.contracts": Option(
        "opening.contracts",
        {"opening.contracts.study": {**STUDY, "to_invoice": 0, "to_spend": 0, "staff_days": 0}},
        {"opening.contracts.study": STUDY},
        # It recommends the centre, whatever it comes to.
        {"credibility.per_engagement": 0},
    ),
    "Post.until_month": Option(
        "posts.technical.until_month",
        # Beyond the year that the director forecasts in the last month.
        {"posts.technical.until_month": 48},
        {"posts.technical.until_month": 24},
    ),
}
NOT_A_SWITCH = {
    # One of the two is always there; the five steps and the accounts see to the rest.
    "Grant.tranches",
    "Grant.schedule",
    "Grant.programme_share",
    "Grant.from_month",
    "Grant.until_month",
    # tests/functional/test_programme.py moves them.
    "Numbers.programme",
    "Programme.amount_year",
    "Programme.amount_total",
    "Programme.interval_months",
    "Programme.shape",
    "Programme.second_phase",
    # With a second phase that a review decides.
    "MidTermReview.second_phase_probability",
    "SecondPhase.amount_year",
    "SecondPhase.amount_total",
    "Grant.phase",
    "Horizon.judged_month",
    # Those whom no grant names do nothing: Programme.donor is the switch.
    "Grant.donor",
    "Numbers.donors",
    # Earmarked money has none without them; tests/analytic sums what a tranche's own do by hand.
    "Grant.earmarks",
    "Tranche.earmarks",
    # Counted, and nothing else; tests/analytic sums the days of people by hand.
    "Service.attended_days",
    # Rivals and institutions are of assessors: they are the switches, and say nothing without.
    "Service.assessors_share",
    # Of a measure that is computed when a run is over; tests/unit/test_indicators.py sums it.
    "Savings.npv_years",
    "Savings.npv_discount_year",
    # How a centre's own accounts are to be read; no run looks at it.
    "Numbers.accounts",
    # The money in which amounts are said; tests/functional/test_two_currencies.py moves it.
    "Numbers.currency",
    "Numbers.currency_rate",
    "Numbers.rates_to_usd",
    # Both or neither; tests/analytic/test_opening.py sums what the missing are not paid.
    "OpeningPost.vacant",
    "OpeningPost.vacant_until_month",
    # A label: what it counts is tested with the Declaration.
    "Service.principle",
}


def optional(model: type[BaseModel]) -> Iterator[str]:
    """Every field of the schema that a plan may leave out."""
    for name, field in model.model_fields.items():
        if not field.is_required():
            yield f"{model.__name__}.{name}"
        inner = inner_type(field.annotation)
        for nested in (inner, *getattr(inner, "__args__", ())):
            if is_model(inner_type(nested)):
                yield from optional(inner_type(nested))


def test_every_field_that_may_be_left_out_is_here() -> None:
    assert set(optional(schema.Numbers)) == OPTIONS.keys() | NOT_A_SWITCH


@pytest.mark.parametrize(
    "path",
    [
        "services.assessment.cycle_exposure",
        "services.training.rivals_share",
        "services.investment_proposal.finance_probability",
        "segments.sme.failure_probability",
    ],
)
def test_what_may_be_left_out_is_bounded_where_it_is_stated(path: str) -> None:
    unit = lean().quantities[path].unit
    beyond = {"distribution": "uniform", "low": 0.5, "high": 1.5, "unit": unit, "assumption": True}
    with pytest.raises(PlanError, match=f"{path}: can be as high as 1.5, expected at most 1"):
        lean().variant({path: beyond})


def three(option: Option) -> tuple[Plan, Plan, Plan]:
    """A plan with an option left out, off and on."""
    base = changed(reduce(without, option.less, lean()), option.setup)
    left_out = without(base, option.path)
    on = changed(base, option.on)
    # Off is the option as it is when on, each of its own knobs at nothing.
    return left_out, changed(on if not option.on else base, option.off), on


def differences(plan: Plan, other: Plan, replication: int) -> list[str]:
    """Accounts and counts that two plans both have, and that differ in some month."""
    a, b = (known_run(each, replication=replication) for each in (plan, other))
    rows_a, rows_b = rows(a), rows(b)
    return [
        name
        for name in sorted(rows_a.keys() & rows_b.keys())
        if not np.array_equal(rows_a[name], rows_b[name])
    ]


def rows(record: Record) -> dict[str, Any]:
    return {
        **dict(zip(record.accounts, record.net_cents, strict=True)),
        **dict(zip(record.counted, record.counts, strict=True)),
    }


@pytest.mark.parametrize("name", OPTIONS)
def test_off_means_off(name: str) -> None:
    left_out, off, _ = three(OPTIONS[name])
    for replication in REPLICATIONS:
        assert differences(left_out, off, replication) == []


@pytest.mark.parametrize("name", lean().numbers.contracts)
def test_a_contract_left_out_is_one_that_nobody_calls_for(name: str) -> None:
    path = f"contracts.{name}"
    calls = {f"{path}.calls_year": 6, f"{path}.from_month": 0}
    if lean().numbers.contracts[name].eligible_probability is not None:
        calls[f"{path}.eligible_probability"] = 1
    called = changed(lean(), calls)
    left_out, silent = without(called, path), changed(called, {f"{path}.calls_year": 0})
    for replication in REPLICATIONS:
        assert differences(left_out, silent, replication) == []
    assert any(differences(left_out, called, replication) for replication in REPLICATIONS)


@pytest.mark.parametrize("name", OPTIONS)
def test_on_means_something(name: str) -> None:
    left_out, _, on = three(OPTIONS[name])
    assert any(differences(left_out, on, replication) for replication in REPLICATIONS)


def test_a_lean_centre_is_busy_enough_to_show_anything() -> None:
    record = known_run(lean())
    counts = rows(record)
    for what in ("asked", "declined", "done", "staff_hours"):
        assert counts[f"assessment.{what}"].sum() > 0
    assert counts["project.won" if "project.won" in counts else "domestic_tender.bids"].sum() > 0
    assert record.months < NEVER
