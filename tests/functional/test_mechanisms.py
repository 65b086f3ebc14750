"""What market, staff and director do pushes what it should, in the right direction."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.directions import Push, closing_cash, fees, t_value
from tests.full_centre import NETWORK, lean, without
from tests.measured import indicators
from tests.plans import changed, drawn_run
from tests.pushes import (
    BUSY,
    CALLS,
    CLIENTS_ASK,
    FOLLOWS,
    POOR,
    REPLICATIONS,
    RICH,
    SEED,
    SIGNED,
    account,
    asked,
    assert_pushes,
    contracts,
    counts,
    demand,
    done,
    each_service,
    giving_up,
    hours_a_seminar,
    records,
    services,
    spending,
)

AS_PLANNED = spending(least_share=1, most_share=1)
"""Running costs that follow no forecast, so that only people do."""
NEEDY = {"opening.cash": 5000, "posts.technical.from_month": 0, **giving_up(fewest_people=1)}
"""Cash for a while, and posts from the first day that are given up when it runs out."""
STEADY = {
    **NEEDY,
    **AS_PLANNED,
    **giving_up(fewest_people=10),
    "management.most_hired": 0,
    "management.reprice_step": 0,
    "management.mission_floor_share": 0,
    "management.mission_step": 0,
}
"""A director with little cash who changes neither people, nor costs, nor prices."""
PUSHES = {
    "what follows": Push(
        {f"{FOLLOWS}.follows.probability": 0}, {f"{FOLLOWS}.follows.probability": 1}, fees, 1
    ),
    "finance": Push(
        {f"{FOLLOWS}.follows.probability": 1, f"{FOLLOWS}.finance_probability": 0.1},
        {f"{FOLLOWS}.finance_probability": 0.9},
        counts("financed"),
        1,
        always=True,
    ),
    "a participation fee": Push(
        {**RICH, **demand(willingness=1e9, participation_fee=0)},
        demand(participation_fee=20),
        fees,
        1,
        always=True,
    ),
    "a success fee that everyone pays": Push(
        {**RICH, **demand(willingness=1e9)}, demand(success_fee_share=0.2), fees, 1, always=True
    ),
    "a success fee that is too high for most": Push(RICH, demand(success_fee_share=1), fees, -1),
    "a membership fee that everyone pays": Push(
        {**RICH, "membership.willingness": 1e9},
        {"membership.fee_year": 500},
        account("membership", -1),
        1,
        always=True,
    ),
    "a membership fee that is too high for most": Push(
        {**RICH, "membership.joins_probability": 0.5},
        {"membership.fee_year": 2000},
        account("membership", -1),
        -1,
    ),
    "joining": Push(
        {**RICH, "membership.joins_probability": 0.05},
        {"membership.joins_probability": 0.5},
        counts("joined"),
        1,
        always=True,
    ),
    "staying": Push(
        {**RICH, "membership.joins_probability": 0.5, "membership.stays_probability": 0.3},
        {"membership.stays_probability": 0.9},
        account("membership", -1),
        1,
        always=True,
    ),
    "publications sell": Push(
        services(("publication",), **{"clients.sme.price": 0}),
        services(("publication",), **{"clients.sme.price": 15}),
        account("fees_publication", -1),
        1,
    ),
    # The market.
    "rivals": Push(
        {"competition.at_most": 0.1, "services.training.rivals_share": 0.5},
        {"competition.at_most": 0.9},
        asked,
        -1,
    ),
    "rivals soon": Push({"competition.at_most": 0.9}, {"competition.trained_scale": 10}, asked, -1),
    "rivals trained by the centre": Push(
        {"competition.at_most": 0.9, "services.training.rivals_share": 0},
        {"services.training.rivals_share": 0.5},
        asked,
        -1,
    ),
    "rivals among those who work in the field": Push(
        {
            "competition.at_most": 0.9,
            "competition.trained_scale": 10,
            "services.training.rivals_share": 0.5,
            "services.training.assessors_share": 0,
        },
        {"services.training.assessors_share": 0.9},
        asked,
        -1,
    ),
    "institutions that spread the word": Push(
        {"services.training.assessors_share": 0.5, "market.institution_clients": 0},
        {"market.institution_clients": 20},
        asked,
        1,
    ),
    "institutions that are many": Push(
        {
            "services.training.assessors_share": 0.5,
            "market.institution_clients": 20,
            "services.training.institutions_share": 0.05,
        },
        {"services.training.institutions_share": 0.9},
        asked,
        1,
    ),
    "what rivals contest": Push(
        {"competition.at_start": 0.5, **services(CLIENTS_ASK, contested_share=0.1)},
        services(CLIENTS_ASK, contested_share=1),
        asked,
        -1,
    ),
    "recessions": Push({"economy.recessions_year": 0}, {"economy.recessions_year": 2}, asked, -1),
    "deep recessions": Push(
        {"economy.recessions_year": 1, "economy.recession_demand": 0.9},
        {"economy.recession_demand": 0.1},
        asked,
        -1,
    ),
    "long recessions": Push(
        {"economy.recessions_year": 1, "economy.recession_months": 1},
        {"economy.recession_months": 24},
        asked,
        -1,
    ),
    "exposed to recessions": Push(
        {"economy.recessions_year": 1, **services(CLIENTS_ASK, cycle_exposure=0)},
        services(CLIENTS_ASK, cycle_exposure=1),
        asked,
        -1,
    ),
    # Policy.
    "advice adopted": Push(
        {
            "services.policy_advice.adoption_probability": 0,
            "services.policy_advice.climate_gain": 0.3,
        },
        {"services.policy_advice.adoption_probability": 1},
        asked,
        1,
    ),
    "advice that matters": Push(
        {"services.policy_advice.climate_gain": 0},
        {"services.policy_advice.climate_gain": 0.3},
        asked,
        1,
    ),
    "an event of policy": Push(
        {"events.signing": {"month": 6, "climate_gain": 0}}, SIGNED, asked, 1
    ),
    "an earlier one": Push(
        {**SIGNED, "events.signing.month": 30}, {"events.signing.month": 0}, asked, 1
    ),
    "a climate protects from relapse": Push(
        {**SIGNED, "savings.climate_protection": 0},
        {"savings.climate_protection": 1},
        counts("relapsed"),
        -1,
        always=True,
    ),
    # What clients gain.
    "relapse": Push(
        {"savings.relapse_probability": 0.1},
        {"savings.relapse_probability": 0.9},
        counts("savings"),
        -1,
        always=True,
    ),
    "a later relapse": Push(
        {"savings.relapse_probability": 0.9, "savings.relapse_after_months": 2},
        {"savings.relapse_after_months": 20},
        counts("savings"),
        1,
        always=True,
    ),
    "more options": Push(
        {"savings.options_mean": 2}, {"savings.options_mean": 12}, counts("found"), 1, always=True
    ),
    "options implemented": Push(
        {"savings.categories.good_housekeeping.implemented_probability": 0.1},
        {"savings.categories.good_housekeeping.implemented_probability": 0.9},
        counts("water_t"),
        1,
    ),
    # People.
    "able beginners": Push(
        {**BUSY, "learning.productivity_at_start": 0.3},
        {"learning.productivity_at_start": 1},
        hours_a_seminar,
        -1,
        always=True,
    ),
    "able beginners: more work": Push(
        {**BUSY, "learning.productivity_at_start": 0.2, "learning.months": 24},
        {"learning.productivity_at_start": 1},
        done,
        1,
    ),
    "slow learners": Push(
        {**BUSY, "learning.months": 3}, {"learning.months": 60}, hours_a_seminar, 1, always=True
    ),
    "a counterpart that stays": Push(
        {
            **BUSY,
            "learning.months": 24,
            "learning.counterpart_speed": 5,
            "learning.counterpart_until_month": 0,
        },
        {"learning.counterpart_until_month": 24},
        hours_a_seminar,
        -1,
        always=True,
    ),
    "a counterpart that helps": Push(
        {**BUSY, "learning.months": 24, "learning.counterpart_speed": 1},
        {"learning.counterpart_speed": 8},
        hours_a_seminar,
        -1,
        always=True,
    ),
    "people leave": Push(
        {**BUSY, "turnover.leaves_year": 0}, {"turnover.leaves_year": 1}, done, -1
    ),
    "people are hard to replace": Push(
        {**BUSY, "turnover.leaves_year": 0.5, "turnover.recruit_months": 0.5},
        {"turnover.recruit_months": 12},
        done,
        -1,
    ),
    "experts for the overflow": Push(
        {**BUSY, "overflow.above_waiting": 0, "management.most_hired": 0},
        {"overflow.days_month": 200},
        counts("done", "assessment", "training"),
        1,
    ),
    "experts called late": Push(
        {**BUSY, "overflow.days_month": 200, "overflow.above_waiting": 0},
        {"overflow.above_waiting": 30},
        account("subcontractors"),
        -1,
    ),
    # The director.
    "people hired": Push(
        {**BUSY, "management.most_hired": 0}, {"management.most_hired": 4}, done, 1
    ),
    "hired only in need": Push(
        {**BUSY, "management.hire_above_waiting": 0},
        {"management.hire_above_waiting": 200},
        counts("hired"),
        -1,
    ),
    "hired only when rich": Push(
        {**BUSY, **AS_PLANNED, "opening.cash": 40_000, "management.reserve_months": 0},
        {"management.reserve_months": 60},
        counts("hired"),
        -1,
    ),
    "a long search": Push(
        {**BUSY, "management.most_hired": 4}, {"management.recruit_months": 36}, done, -1
    ),
    "a slow board": Push(
        {**BUSY, "management.most_hired": 4}, {"management.board_delay_months": 36}, done, -1
    ),
    "pay of those hired": Push(
        BUSY, {"management.hire_salary_month": 2000}, closing_cash, -1, always=True
    ),
    "let go when cash is short": Push(
        {
            **NEEDY,
            **giving_up(fewest_people=0),
            **RICH,
            "management.most_hired": 0,
            "management.let_go_below_utilisation": 0,
        },
        {"opening.cash": 0},
        counts("let_go"),
        1,
    ),
    "posts let go when cash is short": Push(
        {**NEEDY, **POOR, **giving_up(fewest_people=5)},
        giving_up(fewest_people=1),
        counts("people"),
        -1,
        always=True,
    ),
    "posts given up early": Push(
        {**NEEDY, "management.cut_ahead_months": 1},
        {"management.cut_ahead_months": 12},
        counts("people"),
        -1,
    ),
    "posts given up for good": Push(
        {**NEEDY, **AS_PLANNED, "management.reserve_months": 0},
        {"management.reserve_months": 60},
        counts("people"),
        -1,
    ),
    "posts kept for contracts that are hoped for": Push(
        {**CALLS, **contracts(win_probability=1), **NEEDY, "management.hoped_share": 0},
        {"management.hoped_share": 1},
        counts("people"),
        1,
    ),
    "a budget that follows little cash": Push(
        {**POOR, **spending(least_share=1, most_share=1)},
        spending(least_share=0.2),
        account("overhead"),
        -1,
    ),
    "a budget that follows much cash": Push(
        {**RICH, **spending(least_share=1, most_share=1)},
        spending(most_share=3),
        account("overhead"),
        1,
        always=True,
    ),
    "a director who wants a longer reserve before spending": Push(
        {"opening.cash": 30_000, "management.reserve_months": 1},
        {"management.reserve_months": 24},
        account("overhead"),
        -1,
    ),
    "equipment that waits for its price": Push(
        {
            "opening.cash": 0,
            "costs.equipment": 20_000,
            "costs.equipment_month": 0,
            **spending(least_share=1, most_share=1),
        },
        {"opening.cash": 60_000},
        account("depreciation"),
        1,
    ),
    "the mission skipped when poor": Push(
        {"opening.cash": 1_000_000, "management.mission_floor_share": 0},
        {"opening.cash": 0},
        counts("skipped"),
        1,
    ),
    "the mission skipped long before cash is short": Push(
        {**STEADY, "management.cut_ahead_months": 1},
        {"management.cut_ahead_months": 12},
        counts("skipped"),
        1,
    ),
    "the mission kept for contracts that are hoped for": Push(
        {
            **CALLS,
            **contracts(win_probability=1),
            **STEADY,
            "opening.cash": 0,
            "management.cut_ahead_months": 12,
            "management.hoped_share": 0,
        },
        {"management.hoped_share": 1},
        counts("skipped"),
        -1,
    ),
    "the mission has a floor": Push(
        {**POOR, "management.mission_floor_share": 0},
        {"management.mission_floor_share": 0.5},
        counts("skipped"),
        -1,
    ),
    "a floor for the mission: its work goes first": Push(
        {**BUSY, "management.mission_floor_share": 0},
        {"management.mission_floor_share": 0.6},
        counts("staff_hours", "awareness", "policy_advice", "technical_information"),
        1,
    ),
    "no bids while clients wait": Push(
        # Those who lead write nothing else. One bid more costs a later one: no rule for every run.
        {**CALLS, **BUSY, **each_service(proposal_days=0), "management.bid_up_to_waiting": 1000},
        {"management.bid_up_to_waiting": 0},
        counts("bids"),
        -1,
    ),
    "bids for all calls when cash is short": Push(
        {
            **CALLS,
            **BUSY,
            **STEADY,
            **RICH,
            "management.mission_floor_share": 1,
            "management.bid_up_to_waiting": 0,
        },
        {"opening.cash": 0},
        counts("bids"),
        1,
        always=True,
    ),
    "bids for all calls long before cash is short": Push(
        {
            **CALLS,
            **BUSY,
            **STEADY,
            "management.mission_floor_share": 1,
            "management.bid_up_to_waiting": 0,
            "management.cut_ahead_months": 1,
        },
        {"management.cut_ahead_months": 12},
        counts("bids"),
        1,
    ),
    "a bold step for the mission after good years": Push(
        {**BUSY, **demand(willingness=1e9, price=9000), "management.mission_step": 0},
        {"management.mission_step": 0.5},
        counts("staff_hours", "awareness", "policy_advice", "technical_information"),
        1,
    ),
    "let go when there is little to do": Push(
        {
            **RICH,
            "management.hire_above_waiting": 0,
            "management.reserve_months": 0,
            "management.let_go_below_utilisation": 0,
        },
        {"management.let_go_below_utilisation": 0.9},
        counts("let_go"),
        1,
    ),
    "contracts that wait": Push(
        {**CALLS, **BUSY, **contracts(win_probability=1)},
        contracts(priority=9),
        counts("staff_hours", "domestic_tender", "international_project"),
        -1,
    ),
    "bold repricing of what everyone takes": Push(
        {**RICH, **demand(willingness=1e9), "management.reprice_step": 0},
        {"management.reprice_step": 0.2},
        fees,
        1,
        always=True,
    ),
    "prices raised only when nearly everyone accepts": Push(
        {**RICH, "management.reprice_step": 0.2, "management.reprice_up_above": 0.3},
        {"management.reprice_up_above": 1},
        counts("declined"),
        -1,
    ),
    "prices lowered when few accept": Push(
        {
            **RICH,
            **demand(willingness=300),
            "management.reprice_step": 0.2,
            "management.reprice_down_below": 0,
        },
        {"management.reprice_down_below": 0.9, "management.reprice_up_above": 1},
        counts("declined"),
        -1,
    ),
    # The network.
    "regional centres that spread the word": Push(
        {**RICH, "network.north": {**NETWORK, "reaches_year": 0}},
        {"network.north.reaches_year": 60},
        asked,
        1,
    ),
    "more of them": Push(
        {**RICH, "network.north": {**NETWORK, "staff_days_month": 0}},
        {"network.north.number": 8},
        asked,
        1,
    ),
    "regional centres that begin late": Push(
        {**RICH, "network.north": NETWORK}, {"network.north.from_month": 24}, asked, -1
    ),
    "regional centres that sell": Push(
        {**RICH, "network.north": NETWORK}, {"network.north.rivals": 200}, asked, -1
    ),
    "a secretariat takes time": Push(
        {**BUSY, "network.north": {**NETWORK, "reaches_year": 0, "staff_days_month": 0}},
        {"network.north.staff_days_month": 9},
        done,
        -1,
    ),
    "a secretariat that waits spreads the word less": Push(
        {**BUSY, "network.north": {**NETWORK, "staff_days_month": 9}},
        {"network.north.priority": 9},
        counts("staff_hours", "network.north"),
        -1,
    ),
    "what a secretariat spends": Push(
        {**RICH, "network.north": NETWORK},
        {"network.north.cost_month": 50},
        account("overhead"),
        1,
    ),
    # The five steps: awareness raised early works longer.
    "awareness first": Push(
        {"declaration.step_months": 7, "services.awareness.offered_by_step": [0, 0, 0, 0, 24]},
        {"services.awareness.offered_by_step": [24, 24, 24, 24, 0]},
        asked,
        1,
    ),
}


@pytest.mark.parametrize("name", PUSHES)
def test_pushes_the_right_way(name: str) -> None:
    assert_pushes(PUSHES[name])


def test_energy_audits_are_a_hedge_against_recessions() -> None:
    # 003 Integrating: Zimbabwe's audits kept it running. Half of a centre's fees come from audits
    # nobody puts off; in recessions it loses a smaller part of its fees than one without them.
    steady: dict[str, Any] = {
        "economy.recessions_year": 0,
        **RICH,
        **services(CLIENTS_ASK, cycle_exposure=0.9),
    }
    steady |= {"services.energy_audit.cycle_exposure": 0.1}
    steady |= {"services.energy_audit.clients.large.asks_year": 0.3}
    hard = {**steady, "economy.recessions_year": 1, "economy.recession_demand": 0.2}

    def earned(changes: Mapping[str, Any], *, audits: bool) -> list[float]:
        plan = changed(lean(), changes)
        plan = plan if audits else without(plan, "services.energy_audit")
        return [fees(drawn_run(plan, SEED, r)) for r in range(REPLICATIONS)]

    losses = []
    for audits in (True, False):
        before, after = earned(steady, audits=audits), earned(hard, audits=audits)
        losses.append([1 - b / a for a, b in zip(before, after, strict=True)])
    broad, narrow = losses
    assert t_value([n - b for b, n in zip(broad, narrow, strict=True)]) > 3
    assert sum(narrow) > 0


def test_a_centre_that_drops_its_mission_shows_it_in_its_mission_share() -> None:
    held = RICH
    dropped = {**held, **services(("awareness", "policy_advice"), offered_year=0)}
    shares = []
    for changes in (held, dropped):
        plan = changed(lean(), changes)
        shares.append([indicators(r, plan.numbers)["mission_share"] for r in records(changes)])
    # Where paying clients crowd the mission out, there is nothing to drop.
    lost = [holds - drops for holds, drops in zip(*shares, strict=True)]
    assert min(lost) >= 0
    assert t_value(lost) > 3
