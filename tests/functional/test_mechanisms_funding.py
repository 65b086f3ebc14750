"""What funders and the economy do pushes what it should, in the right direction."""

import pytest

from tests.directions import Push, average_cash, closing_cash, fees
from tests.pushes import (
    AGREEMENTS,
    BUSY,
    CALLS,
    DONOR_PROGRAMME,
    EXTENDS,
    MINISTRY,
    NEWER,
    OFFER,
    RICH,
    account,
    asked,
    assert_pushes,
    contracts,
    counts,
    demand,
    done,
    each_service,
    grants,
    host_trouble,
    on_success,
    operational,
    programme,
    records,
    risk,
    segments,
)

PUSHES = {
    # Funding. Nothing else decides when or how much donors pay, so no run may go the other way.
    "suspensions: money later, none lost": Push(
        {**risk(), **RICH, **grants(foreign=False)},
        risk(suspensions_year=2),
        average_cash,
        -1,
        always=True,
    ),
    "early ends: less of the programme's money": Push(
        risk(), risk(early_ends_year=0.5), programme, -1, always=True
    ),
    "an extension: more of it": Push(
        {**EXTENDS, **risk(), **grants(extension=OFFER)},
        grants(extension={**OFFER, "probability": 0.9}),
        programme,
        1,
        always=True,
    ),
    "an extension asked for credibility: less often": Push(
        {**EXTENDS, **risk(), **grants(extension={**OFFER, "probability": 1})},
        grants(extension={**OFFER, "probability": 1, "credibility": 0.6}),
        programme,
        -1,
        always=True,
    ),
    "support cost: off the top": Push(
        grants(support_cost_share=0), grants(support_cost_share=0.13), programme, -1, always=True
    ),
    "a better exchange rate": Push(
        {**risk(), **grants(foreign=True), "exchange.drift_year": -0.2},
        {"exchange.drift_year": 0.2},
        programme,
        1,
        always=True,
    ),
    "a volatile one: by more or less, on either side of none": Push(
        {**risk(), **grants(foreign=True), "exchange.volatility_year": 0},
        {"exchange.volatility_year": 0.3},
        lambda record: abs(
            programme(record) - programme(records({**risk(), **grants(foreign=False)})[0])
        ),
        1,
    ),
    "inflation that prices do not follow": Push(
        {"economy.price_follow_share": 0, "economy.inflation_year": 0},
        {"economy.inflation_year": 0.2},
        closing_cash,
        -1,
    ),
    "prices that follow inflation": Push(
        {
            "economy.inflation_year": 0.2,
            "economy.price_follow_share": 0,
            **demand(willingness=1e9),
        },
        {"economy.price_follow_share": 1},
        fees,
        1,
        always=True,
    ),
    # Contracts.
    "calls": Push(CALLS, contracts(calls_year=12), counts("bids"), 1),
    "a better chance": Push(
        {**CALLS, **contracts(win_probability=0.1)},
        contracts(win_probability=0.6),
        counts("won"),
        1,
    ),
    "leverage: money from one source brings in another's": Push(
        {**CALLS, **contracts(win_probability=0.3, leverage=0), "credibility.at_start": 0.6},
        contracts(leverage=3),
        counts("won"),
        1,
    ),
    "credibility on the first day": Push(CALLS, {"credibility.at_start": 0.9}, counts("won"), 1),
    "credibility won by work": Push(
        {**CALLS, "credibility.per_engagement": 0},
        {"credibility.per_engagement": 0.02},
        counts("won"),
        1,
    ),
    "credibility won by more than leaflets": Push(
        {**CALLS, "credibility.per_engagement": 0.02, **each_service(contact_share=0.1)},
        each_service(contact_share=1),
        counts("won"),
        1,
    ),
    "credibility won by advice adopted": Push(
        {**CALLS, "credibility.per_adoption": 0},
        {"credibility.per_adoption": 0.2},
        counts("won"),
        1,
    ),
    "credibility lost by failures": Push(
        {**CALLS, **segments(failure_probability=0.5), "credibility.per_failure": 0},
        {"credibility.per_failure": 0.5},
        counts("won"),
        -1,
    ),
    "credibility that wears off": Push(
        {**CALLS, "credibility.at_start": 0.9, "credibility.fade_month": 0},
        {"credibility.fade_month": 0.2},
        counts("won"),
        -1,
    ),
    "what stays with the centre": Push(
        {**CALLS, **contracts(overhead_share=0.1)}, contracts(overhead_share=0.9), closing_cash, 1
    ),
    "an advance": Push(
        {**CALLS, **RICH, **contracts(advance_share=0, payment_delay_months=6)},
        contracts(advance_share=1),
        closing_cash,
        1,
    ),
    "bids take time": Push({**CALLS, **BUSY}, contracts(bid_days=40), done, -1),
    "contracts take time": Push({**CALLS, **BUSY}, contracts(staff_days=200), done, -1),
    # Companies, and work for newer centres.
    "companies that may be asked": Push(
        {**RICH, "contracts.corporate_support.calls_year": 0},
        {
            "contracts.corporate_support.calls_year": 6,
            "contracts.corporate_support.bid_days": 0,
        },
        account("corporate_support", -1),
        1,
        always=True,
    ),
    # Not in every run: its days are missing for clients, who may be worth more.
    "work for newer centres: operational income": Push(
        {**NEWER, "contracts.newer_centres.calls_year": 0},
        NEWER,
        operational,
        1,
    ),
    "newer centres ask the mature": Push(
        NEWER, {"contracts.newer_centres.from_month": 24}, operational, -1
    ),
    "newer centres ask the credible": Push(
        {**NEWER, "credibility.at_start": 0.1}, {"credibility.at_start": 0.9}, operational, 1
    ),
    # Agreements, partners, suppliers.
    "a country that has ratified": Push(
        {**AGREEMENTS, "contracts.agreement_project.eligible_probability": 0},
        {"contracts.agreement_project.eligible_probability": 1},
        account("international_projects", -1),
        1,
        always=True,
    ),
    "payers that take long to decide": Push(
        {**AGREEMENTS, "contracts.agreement_project.decision_months": 0},
        {"contracts.agreement_project.decision_months": 24},
        account("international_projects", -1),
        -1,
    ),
    "work that succeeds": Push(
        {**AGREEMENTS, **on_success(0.5, 0.1)},
        on_success(0.5, 0.9),
        account("international_projects", -1),
        1,
    ),
    "pay that hangs on success": Push(
        {**AGREEMENTS, **on_success(0, 0.5)},
        on_success(0.7, 0.5),
        account("international_projects", -1),
        -1,
    ),
    "a donor's programme that serves large firms free": Push(
        {**DONOR_PROGRAMME, "contracts.donor_programme.programme.share": 0},
        {"contracts.donor_programme.programme.share": 0.5},
        asked,
        -1,
    ),
    "a donor's programme that lasts": Push(
        {**DONOR_PROGRAMME, "contracts.donor_programme.programme.months": 3},
        {"contracts.donor_programme.programme.months": 36},
        asked,
        -1,
    ),
    # The ministry.
    "a ministry's budget": Push(
        {**MINISTRY, "ministry.budget_year": 1000},
        {"ministry.budget_year": 20_000},
        account("domestic_public", -1),
        1,
    ),
    "a late ministry": Push(
        {**RICH, **MINISTRY, "ministry.payment_delay_months": 0},
        {"ministry.payment_delay_months": 12},
        closing_cash,
        -1,
        always=True,
    ),
    # The host.
    "a host that delivers": Push(
        {"host.delivered_share": 0.2}, {"host.delivered_share": 1}, closing_cash, 1
    ),
    "a host in default": Push(host_trouble(), host_trouble(defaults_year=2), closing_cash, -1),
    "a host in default: less work": Push(
        # Nobody is hired in their place.
        {**BUSY, **host_trouble(), "management.most_hired": 0},
        host_trouble(defaults_year=2),
        counts("staff_hours"),
        -1,
    ),
    "a host lost": Push({**BUSY, **host_trouble()}, host_trouble(losses_year=1), done, -1),
    "a long move": Push(
        {**BUSY, **host_trouble(losses_year=1), "posts.technical.from_month": 0},
        host_trouble(losses_year=1, move_months=18),
        counts("staff_hours"),
        -1,
    ),
    "a fee for the host": Push(
        RICH, {"host.management_fee_share": 0.2}, closing_cash, -1, always=True
    ),
    # Services and clients.
    "clients that fail": Push({}, segments(failure_probability=0.4), fees, -1),
    "a service charged for later": Push(
        {**RICH, "services.assessment.charge_from_month": 0},
        {"services.assessment.charge_from_month": 30},
        account("fees_assessment", -1),
        -1,
    ),
}


@pytest.mark.parametrize("name", PUSHES)
def test_pushes_the_right_way(name: str) -> None:
    assert_pushes(PUSHES[name])
