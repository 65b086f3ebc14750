"""What plans compute from facts, and assume against what the book says."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import get_args

import pytest

from ncpcsim.plan.load import Plan, plan_from_tree
from ncpcsim.plan.schema.clients import OptionCategory
from ncpcsim.plan.schema.common import STEPS, Principle
from ncpcsim.published.accounts import load_accounts
from ncpcsim.published.evidence import (
    cited,
    stated_numbers,
    users,
)
from ncpcsim.rules import voices
from tests.evidence import COUNTRIES, FACTS, GENERIC, LINES, PLANS, USERS, fact, support

REAL = ("generic", "czech", "hungary")


# What plans compute from facts.

GIVEN = ("unido_discretionary", "unido_direct", "tenders", "corporate", "other")


@pytest.mark.parametrize("line", GIVEN)
def test_the_hungarian_plan_is_given_what_the_accounts_show(line: str) -> None:
    plan = PLANS["hungary"]
    for cell in next(
        row for row in load_accounts("hungary").lines if row.name == LINES["fig11"][line]
    ).cells:
        paths = USERS.get(f"fig11.{line}.{cell.column}", {}).get("hungary", ())
        given = sum(plan.quantities[path].quantile(0.5) for path in paths)
        if cell.column in load_accounts("hungary").years:
            assert given == cell.amount, f"{line} {cell.column}"


def ratio(above: str, below: str) -> float:
    return fact(above) / fact(below)


def ratios(above: str, below: str) -> list[float]:
    return sorted(ratio(f"fig5.{above}.{c}", f"fig5.{below}.{c}") for c in COUNTRIES)


def by_option(impact: str, country: str) -> float:
    """By assessment, year and option implemented, if options are in use half of the time."""
    options = ratio("fig12.total.implemented", "sample.enterprises")
    assessments = ratio(f"fig4.{impact}.{country}", f"fig5.assessments.{country}")
    return assessments / (fact(f"fig5.years.{country}") / 2) / options


def npv_by_option(country: str) -> float:
    """Net present value of an option implemented."""
    options = ratio("fig12.total.implemented", "sample.enterprises")
    return ratio(f"fig4.npv.{country}", f"fig5.assessments.{country}") / options


COMPUTED: dict[str, Callable[[], float]] = {
    "programme.months": lambda: 12 * fact("funding.five_years"),
    "posts.director.people": lambda: fact("staff.core.director"),
    "posts.support.people": lambda: fact("staff.core.support"),
    "posts.director.salary_month": lambda: fact("fig11.salaries.1997") / 12,
    "market.charge_from_month": lambda: 12 * fact("funding.first_year"),
    "services.awareness.participants": lambda: ratio("fig5.people.czech", "fig5.events.czech"),
    "services.awareness.offered_year": lambda: round(
        ratio("fig5.events.czech", "fig5.years.czech")
    ),
    "services.policy_advice.offered_year": lambda: round(
        ratio("fig5.papers.czech", "fig5.years.czech"), 1
    ),
    "demonstrations.segments.sme.number": lambda: fact("china.first_mills"),
    "demonstrations.segments.large.number": lambda: fact("china.first_breweries"),
    "savings.relapse_after_months": lambda: fact("china.relapse.after"),
}


@pytest.mark.parametrize("path", COMPUTED)
def test_numbers_are_what_their_facts_give(path: str) -> None:
    low, high = support(path)
    assert low == high == pytest.approx(COMPUTED[path]())


def test_fees_begin_later_than_half_a_year_after_the_start() -> None:
    # Costa Rica's half year began when its first plan had turned out wrong.
    assert GENERIC.numbers.market.charge_from_month > fact("costa_rica.charging")


SECTIONS = {
    "good_housekeeping": "housekeeping",
    "input_material_change": "inputs",
    "process_control": "control",
    "on_site_recycling": "recycling",
    "equipment_modification": "equipment",
    "technology_change": "technology",
    "by_products": "by_products",
    "product_modification": "product",
}


PAID_FOR = 0.5
"""Clients with options that need capital who can pay for them, with the centre's loans."""
LACKING = 0.36
"""Clients of whom the centre finds options that need capital they lack."""


@pytest.mark.parametrize("section", SECTIONS)
def test_options_by_category_are_what_the_figure_gives(section: str) -> None:
    found = f"fig12.{SECTIONS[section]}.identified"
    done = f"fig12.{SECTIONS[section]}.implemented"
    savings = GENERIC.numbers.savings
    assert savings is not None
    category = savings.categories[section]
    assert category.found_share == pytest.approx(ratio(found, "fig12.total.identified"), abs=1e-4)
    stated = GENERIC.tree["savings"]["categories"][section]
    capital = stated["capital_share"]["mode"] if category.capital_share else 0.0
    implemented = category.implemented_probability * (1 - capital * (1 - PAID_FOR))
    assert implemented == pytest.approx(ratio(done, found), abs=1e-4)


@pytest.mark.parametrize(
    ("path", "low", "high"),
    [
        (
            "services.policy_advice.adoption_probability",
            ratios("recommendations", "papers")[0],
            ratios("recommendations", "papers")[-1],
        ),
        (
            "services.investment_proposal.follows.probability",
            ratios("applications", "assessments")[0] / LACKING,
            min(ratios("applications", "assessments")[-1] / LACKING, 1),
        ),
        (
            "services.investment_proposal.finance_probability",
            ratios("accepted", "applications")[0],
            ratios("accepted", "applications")[-1],
        ),
        ("savings.energy_gj", by_option("energy", "brazil"), by_option("energy", "czech")),
        ("savings.water_t", by_option("water", "brazil"), by_option("water", "czech")),
        ("savings.waste_t", by_option("waste", "brazil"), by_option("waste", "china")),
        (
            "savings.water_pollutants_t",
            by_option("water_pollutants", "czech"),
            by_option("water_pollutants", "china"),
        ),
    ],
)
def test_distributions_reach_as_far_as_their_facts(path: str, low: float, high: float) -> None:
    assert support(path) == pytest.approx((low, high), rel=0.1)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("savings.options_mean", ratio("fig12.total.identified", "sample.enterprises")),
        ("savings.relapse_probability", fact("china.relapse") / 100),
        ("savings.saving_ratio", npv_by_option("brazil") / npv_by_option("czech")),
        # From 1997, when the tenth centre was founded, to 2001.
        ("contracts.newer_centres.calls_year", ratio("centres.newer", "centres.counterparts") / 4),
    ],
)
def test_distributions_have_their_fact_in_the_middle(path: str, value: float) -> None:
    assert GENERIC.uncertain[path].quantile(0.5) == pytest.approx(value, rel=0.05)


def test_agreements_are_no_commoner_than_cleaner_production_in_programmes() -> None:
    most = ratio("programmes.cleaner_production", "programmes.all")
    assert support("contracts.agreement_project.eligible_probability")[1] == pytest.approx(
        most, abs=1e-3
    )


@pytest.mark.parametrize(
    ("path", "u", "value"),
    [
        ("savings.saving_ratio", 0.99, npv_by_option("china") / npv_by_option("czech")),
        ("savings.air_pollutants_t", 0.05, by_option("air_pollutants", "czech")),
        ("savings.air_pollutants_t", 0.95, by_option("air_pollutants", "china")),
    ],
)
def test_skewed_distributions_have_their_facts_in_the_tails(
    path: str, u: float, value: float
) -> None:
    assert GENERIC.uncertain[path].quantile(u) == pytest.approx(value, rel=0.05)


def test_capital_takes_the_two_years_of_the_book_at_the_most() -> None:
    most = support("savings.capital_after_months")[1]
    assert most == 12 * fact("zimbabwe.brewery") == 12 * fact("tunisia.follow_up")


def test_one_country_s_gases_are_the_likeliest() -> None:
    stated = GENERIC.tree["savings"]["greenhouse_gases_t"]
    assert stated["mode"] == pytest.approx(by_option("greenhouse_gases", "czech"), rel=0.05)


def test_the_categories_save_what_the_poorest_country_s_options_are_worth() -> None:
    savings = GENERIC.numbers.savings
    assert savings is not None
    assert savings.npv_years is not None
    assert savings.npv_discount_year is not None
    shares, rate = savings.categories.values(), savings.npv_discount_year
    done = [
        s.found_share * s.implemented_probability * (1 - (s.capital_share or 0) / 2) for s in shares
    ]
    saved = sum(n * s.saving_year for n, s in zip(done, shares, strict=True)) / sum(done)
    worth = saved * (1 - (1 + rate) ** -savings.npv_years) / rate
    assert worth == pytest.approx(npv_by_option("czech"), rel=0.1)


def test_shares_lie_between_the_years_they_are_taken_from() -> None:
    first, last = (ratio(f"fig10.social_security.{y}", f"fig10.wages.{y}") for y in (1998, 1999))
    assert first <= GENERIC.numbers.staff.social_security_share <= last


def test_a_counterpart_helps_for_the_middle_of_what_the_book_says() -> None:
    ends = [12 * fact(f"zimbabwe.counterpart.{end}") for end in ("low", "high")]
    learning = GENERIC.numbers.learning
    assert learning is not None
    assert learning.counterpart_until_month == sum(ends) / 2


def test_the_czech_events_happen_when_the_book_says() -> None:
    plan = PLANS["czech"].numbers
    by_source = {
        PLANS["czech"].quantities[f"events.{name}.month"].source: event.month
        for name, event in plan.events.items()
    }
    for name in ("czech.declaration", "czech.decree"):
        years, month = divmod(plan.start.month - 1 + by_source[name], 12)
        assert f"{date(plan.start.year + years, month + 1, 1):%B %Y}" in FACTS[name].fact


# What plans assume, against what the book says.


def clients(service: str) -> set[str]:
    return set(GENERIC.numbers.services[service].clients)


def categories() -> Mapping[str, OptionCategory]:
    savings = GENERIC.numbers.savings
    assert savings is not None
    return savings.categories


def cheap_options_come_first() -> bool:
    """What needs no capital pays back within a year, the rest later, and is later in use."""
    most = max(support(f"savings.categories.{name}.payback_years")[1] for name in categories())
    assert most <= fact("payback.short")
    return support("savings.capital_payback_years")[0] >= most and (
        support("savings.capital_after_months")[0] > 0
    )


def windows_are_those_donors_accept() -> bool:
    months = [PLANS[name].numbers.programme_end for name in REAL]
    low = 12 * max(fact("window.low"), fact("programme.three_years"))
    high = 12 * min(fact("window.high"), fact("programme.five_years"))
    return all(low <= window <= high for window in months)


def staff_are_as_many_as_centres_have() -> bool:
    for name in REAL:
        numbers = PLANS[name].numbers
        people = sum(post.people for post in numbers.posts.values())
        hired = numbers.management.most_hired if numbers.management else 0
        if not fact("staff.range.low") <= people <= people + hired <= fact("staff.range.high"):
            return False
    return True


def large_firms_would_pay_more() -> bool:
    pairs = [
        (service.clients["sme"], service.clients["large"])
        for service in GENERIC.numbers.services.values()
        if {"sme", "large"} <= set(service.clients) and service.clients["large"].price > 0
    ]
    return len(pairs) > 2 and all(s.willingness < big.willingness for s, big in pairs)


def the_counterpart_helps_as_long_as_in_zimbabwe() -> bool:
    low, high = (12 * fact(f"zimbabwe.counterpart.{end}") for end in ("low", "high"))
    learning = GENERIC.numbers.learning
    return learning is not None and low <= learning.counterpart_until_month <= high


def hosts_are_lost_as_often_as_in_the_book() -> bool:
    """Three hosts, two of them followed by another, up to 2001."""
    first_eight, tunisia_and_hungary, newer = 8 * 6, 5 + 4, 1.5 * fact("centres.newer")
    rate = 3 / (first_eight + tunisia_and_hungary + newer)
    low, high = support("host.trouble.losses_year")
    least, most = support("host.trouble.another.found_probability")
    return low < rate < high and least < 2 / 3 < most


def boards_decide() -> bool:
    boards = GENERIC.numbers.boards
    return boards is not None and boards.executive is not None


def boards_are_small_enough_to_be_of_use() -> bool:
    boards = GENERIC.numbers.boards
    assert boards
    assert boards.advisory
    assert boards.executive
    many, manageable = fact("el_salvador.board"), boards.advisory.manageable_members
    least, most = support("boards.executive.agreeing_members")
    return voices(many, manageable) < voices(
        fact("boards.advisory.least"), manageable
    ) and least < fact("boards.executive.most") < most <= fact("boards.executive.new")


def offered_events(plan: Plan) -> float:
    return plan.numbers.services["awareness"].offered_year


def events_are_as_many_as_india_could_hold_alone() -> bool:
    return offered_events(GENERIC) <= 12 * fact("india.seminars.alone")


def czech_wages_are_those_of_the_figure() -> bool:
    posts = PLANS["czech"].numbers.posts.values()
    wages = 12 * sum(post.people * post.salary_month for post in posts)
    return fact("fig10.wages.1998") <= wages <= fact("fig10.wages.1999")


def hungarian_overhead_is_among_those_of_the_figure() -> bool:
    costs = PLANS["hungary"].numbers.costs
    printed = [fact(f"fig11.overhead.{year}") for year in (1998, 1999, 2000)]
    year = 12 * (costs.overhead_month + costs.materials_month)
    return min(printed) <= year <= max(printed)


def the_network_is_as_large_as_one_that_is_told_of() -> bool:
    network = PLANS["network"].numbers.network
    centres, units = network["regional_centres"], sum(part.number for part in network.values())
    most = fact("network.centres.china")
    return fact("network.centres.hungary") <= centres.number <= most and units <= most + fact(
        "network.members.china"
    )


AGREEMENTS: dict[tuple[str, ...], Callable[[], bool]] = {
    ("tunisia.rivals",): lambda: (
        support("market.word_of_mouth_clients")[0] == 0
        and support("market.word_of_mouth_clients")[1] > 1
    ),
    ("declaration.principles",): lambda: len(get_args(Principle)) == fact("declaration.principles"),
    ("declaration.steps",): lambda: fact("declaration.steps") == STEPS,
    ("fig10.wages.1998", "fig10.wages.1999"): czech_wages_are_those_of_the_figure,
    (
        "fig11.overhead.1998",
        "fig11.overhead.1999",
        "fig11.overhead.2000",
    ): hungarian_overhead_is_among_those_of_the_figure,
    ("fig8.czech",): lambda: PLANS["czech"].numbers.host is None,
    ("fig8.hungary",): lambda: (
        (host := PLANS["hungary"].numbers.host) is not None and host.kind == "university"
    ),
    ("staff.range.low", "staff.range.high"): staff_are_as_many_as_centres_have,
    ("india.seminars.alone",): events_are_as_many_as_india_could_hold_alone,
    (
        "slovakia.host_lost",
        "zimbabwe.host_change",
        "nicaragua.first_host",
    ): hosts_are_lost_as_often_as_in_the_book,
    ("sample.sme", "sample.large", "sample.non_industrial"): lambda: (
        clients("assessment") == {"sme", "large", "public"} == set(GENERIC.numbers.segments)
    ),
    ("vietnam.course",): lambda: (
        support("services.assessment.staff_days")[0]
        < fact("vietnam.course")
        < support("services.assessment.staff_days")[1]
    ),
    (
        "window.low",
        "window.high",
        "programme.three_years",
        "programme.five_years",
    ): windows_are_those_donors_accept,
    ("investments.first", "payback.short"): cheap_options_come_first,
    ("mexico.loan",): lambda: all(
        category.implemented_probability < 1
        for category in categories().values()
        if category.capital_share
    ),
    ("zimbabwe.sme",): large_firms_would_pay_more,
    ("mexico.energy",): lambda: {"public", "sme"} <= clients("energy_audit"),
    (
        "zimbabwe.counterpart.low",
        "zimbabwe.counterpart.high",
    ): the_counterpart_helps_as_long_as_in_zimbabwe,
    ("boards.executive.new", "el_salvador.board"): boards_are_small_enough_to_be_of_use,
    (
        "network.centres.china",
        "network.centres.hungary",
        "network.members.china",
    ): the_network_is_as_large_as_one_that_is_told_of,
    ("network.takes_over",): lambda: offered_events(PLANS["network"]) < offered_events(GENERIC),
    ("brazil.board",): boards_decide,
}


@pytest.mark.parametrize("names", AGREEMENTS)
def test_the_plans_agree_with_the_book(names: tuple[str, ...]) -> None:
    assert set(names) <= set(FACTS)
    assert AGREEMENTS[names]()


def test_the_facts_that_name_this_agreement_are_those_it_compares() -> None:
    use = "tests/unit/test_evidence_computed.py::test_the_plans_agree_with_the_book"
    naming = {found.id for found in FACTS.values() if use in found.used_by}
    assert naming == {name for names in AGREEMENTS for name in names}


# From a plan to facts, and back.


def variant(source: str) -> Plan:
    tree = dict(GENERIC.tree) | {
        "opening": {"cash": {"value": 7, "source": source}},
        "liquidity": dict(GENERIC.tree["liquidity"]) | {"credit_line": 5},
    }
    return plan_from_tree(tree, "mine")


def test_a_source_leads_to_its_users_and_back() -> None:
    plan = variant("first.fact, second.fact")
    found = users([plan, GENERIC])
    for name in ("first.fact", "second.fact"):
        assert found[name] == {"mine": ("opening.cash",)}
    assert set(found["costa_rica.charging"]) == {"mine", "generic"}


def test_chains_hold_both_ways_in_every_shipped_plan() -> None:
    forth = {
        (name, plan.name, number.path)
        for plan in PLANS.values()
        for number in stated_numbers(plan)
        for name in (cited(number.source) if number.source else ())
    }
    back = {
        (name, plan, path)
        for name, by in USERS.items()
        for plan, paths in by.items()
        for path in paths
    }
    assert forth == back
    assert len(forth) > 100


def test_every_number_of_a_plan_is_sourced_assumed_or_bare() -> None:
    plan = variant("first.fact")
    numbers = {number.path: number for number in stated_numbers(plan)}
    assert set(plan.quantities) <= set(numbers)
    bare = {path for path, number in numbers.items() if number.origin == "bare lever"}
    assert bare.isdisjoint(plan.quantities)
    assert bare | set(plan.quantities) == set(numbers)
    assert "liquidity.credit_line" in bare
    assert numbers["opening.cash"].origin == "sourced"
    assert numbers["market.decision_months"].origin == "assumed"
    credit = numbers["liquidity.credit_line"]
    assert (credit.kind, credit.unit, credit.value, credit.source) == ("lever", "money", 5, None)
    assert all(number.kind == "lever" for number in numbers.values() if number.path in bare)
    assert all(
        plan.quantities[path].source or plan.quantities[path].assumption for path in plan.uncertain
    )


def test_dates_count_as_numbers() -> None:
    numbers = {number.path: number.value for number in stated_numbers(PLANS["hungary"])}
    assert numbers["grants.unido_direct.from_month"] == date(1998, 1, 1)
