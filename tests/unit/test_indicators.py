"""Every indicator of a run, from records small enough to judge by eye."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from ncpcsim.accounting.ledger import OPERATING_EXPENSES, Account, account_names
from ncpcsim.experiment.run import run_once
from ncpcsim.measures.catalogue import INDICATORS as OF_A_YEAR
from ncpcsim.measures.catalogue import OUTPUTS as OF_THE_RUN
from ncpcsim.measures.indicators import OUTPUTS
from ncpcsim.model.record import Record
from ncpcsim.plan.load import load_plan
from tests.full_centre import SAVINGS, bare, contract
from tests.measured import indicators
from tests.plans import changed, counted, grant, service

SERVICES = ("visit", "seminar")
NAMES = account_names(SERVICES)
PLAN = bare(
    {
        "horizon.judged_month": 36,
        "services.visit": service(project=True, finds_options=True),
        "services.seminar": service(mission=True),
        "savings": SAVINGS,
    }
)


def record(
    net: Mapping[str, int | list[int]],
    counts: Mapping[str, int | list[int]] | None = None,
    *,
    months: int = 36,
    opening: int = 0,
    closed: int | None = None,
) -> Record:
    """A record with net debits in cents and counts, by name: by month, or the same each month.

    What is not named is zero; the books need not balance here.
    """
    services = [f"{name}.{what}" for name in SERVICES for what in ("staff_hours", "done")]
    counted = (*services, "project.staff_hours", "project.won", "clients.savings")
    counted += ("clients.implemented_year", "clients.invested")
    none = np.zeros(months, dtype=np.int64)
    opened = np.zeros(len(NAMES), dtype=np.int64)
    opened[[Account.CASH, Account.OPENING_FUND]] = opening, -opening
    return Record(
        NAMES, table(NAMES, net, months), none, none, opened,
        counted, table(counted, counts or {}, months), closed,
    )  # fmt: skip


def table(
    names: tuple[str, ...], rows: Mapping[str, int | list[int]], months: int
) -> np.ndarray[Any, np.dtype[np.int64]]:
    found = np.zeros((len(names), months), dtype=np.int64)
    for name, row in rows.items():
        found[names.index(name)] = row
    return found


def found(name: str, of: Record, plan: Any = PLAN) -> float:
    return indicators(of, plan.numbers)[name]


def last_year(before: int, after: int) -> list[int]:
    """A series of 36 months that changes for its last twelve."""
    return [before] * 24 + [after] * 12


def test_all_have_a_unit_and_nothing_else_does() -> None:
    assert list(indicators(record({}), PLAN.numbers)) == [m.name for m in (*OF_A_YEAR, *OF_THE_RUN)]


def test_a_centre_that_does_nothing_has_no_ratios() -> None:
    values = indicators(record({}), PLAN.numbers)
    numbers = {name for name, value in values.items() if not math.isnan(value)}
    # No income covers no cost in any year.
    covered = {"first_covered_month", "first_fully_covered_month", "last_dependence_month"}
    nothing = {"client_savings", "client_investment", "mature_years"}
    assert numbers == covered | nothing
    assert {values[name] for name in nothing} == {0}


# ------------------------------------------------------------------ subsidy, reserve, reliance


def test_what_is_given_in_kind_is_a_cost_of_subsidy_adjusted_coverage() -> None:
    # Earned 60 a month of costs of 50 in cash and 20 + 3 + 2 in kind, in the last year: 0.8.
    run = record(
        {
            "fees_visit": last_year(-999, -30),
            "membership": last_year(0, -5),
            "domestic_public": last_year(0, -10),
            "host_cash": last_year(0, -15),
            "salaries": last_year(1, 50),
            "in_kind_salaries": last_year(7, 20),
            "in_kind_premises": last_year(7, 3),
            "in_kind_logistics": last_year(7, 2),
            "in_kind_income": last_year(-21, -25),
            # What the programme gives and pays for is no part of it.
            "programme_discretionary": -77,
            "programme_earmarked": -88,
            "earmarked_travel": 88,
        }
    )
    assert found("subsidy_adjusted_coverage", run) == pytest.approx(60 / 75)


def test_a_reserve_is_liquid_money_over_the_last_year_s_spending() -> None:
    # 100 of opening cash and 6 a month make 316, and 84 are owed to it: 400 over 50 a month.
    run = record(
        {
            "cash": 6,
            "receivables": last_year(1, 5),
            "salaries": last_year(9999, 50),
            # Neither to be spent freely nor liquid.
            "earmarked_cash": 1000,
            "equipment": 1000,
        },
        opening=100,
    )
    assert found("reserve_months", run) == pytest.approx(8)


def test_a_reserve_may_be_a_debt() -> None:
    assert found("reserve_months", record({"cash": -10, "salaries": 10})) == pytest.approx(-36)


def test_reliance_is_the_largest_source_s_share_of_the_last_year_s_income() -> None:
    sources = (
        "programme_discretionary",
        "domestic_public",
        "corporate_support",
        "other_support",
        "international_projects",
        "host_cash",
        "membership",
        "newer_centres",
        "fees_visit",
    )
    even = record({name: last_year(-500, -10) for name in sources})
    # Operational income is one source, whoever pays it.
    assert found("largest_source_share", even) == pytest.approx(30 / 90)
    one = record({"domestic_public": last_year(0, -30), "fees_seminar": -10, "fees_visit": -10})
    assert found("largest_source_share", one) == pytest.approx(30 / 50)
    clients = record({"domestic_public": -10, "fees_seminar": -10, "fees_visit": -20})
    assert found("largest_source_share", clients) == pytest.approx(30 / 40)


def test_a_donor_s_earmarked_and_discretionary_money_come_from_one_source() -> None:
    run = record({"programme_discretionary": -30, "programme_earmarked": -30, "fees_visit": -40})
    assert found("largest_source_share", run) == pytest.approx(0.6)


# ------------------------------------------------------------------ committed income


def test_committed_are_tranches_of_the_coming_year_and_what_is_owed() -> None:
    # The window ends after month 23. Due in months 24 to 35: 6 + 4 + 2; not those of 23 and 36.
    plan = bare(
        {
            "horizon.judged_month": 48,
            "grants.core": grant({0: 1}, until_month=24),
            "grants.first": grant({23: 70, 24: 6, 35: 4, 36: 80}, giver="other"),
            "grants.second": grant({30: 2}, giver="corporate"),
        }
    )
    # 8 a month owed in the window's last year are 96; later ones do not count. Spending was 1,200
    # a month then.
    run = record(
        {
            "receivables": [0] * 12 + [8] * 12 + [500] * 24,
            "salaries": [7] * 12 + [12_00] * 12 + [9] * 24,
        },
        months=48,
    )
    spent = 12 * 12_00
    committed = 100 * (6 + 4 + 2) + 96
    assert found("committed_share", run, plan) == pytest.approx(committed / spent)


def test_a_centre_closed_before_the_window_ends_looks_ahead_from_there() -> None:
    plan = bare(
        {"horizon.judged_month": 24, "grants.core": grant({11: 1, 12: 5, 23: 3}, until_month=24)}
    )
    run = record({"salaries": [100] * 12 + [0] * 12}, months=24, closed=11)
    assert found("committed_share", run, plan) == pytest.approx(800 / 1200)


def ahead(of: Record, plan: Any) -> list[float]:
    """Committed and hoped for, each without and with contracts."""
    values = indicators(of, plan.numbers)
    kinds = ("committed", "hoped")
    return [values[f"{kind}{with_}_share"] for kind in kinds for with_ in ("", "_with_contracts")]


WINDOW = {"horizon.judged_month": 48, "grants.first": grant({0: 1}, until_month=24)}


def test_hoped_for_is_what_clients_members_and_host_paid_in_the_window_s_last_year() -> None:
    plan = bare(WINDOW)
    past = [-9] * 12 + [-10] * 12 + [-99] * 24
    run = record(
        {"fees_visit": past, "membership": past, "host_cash": past, "domestic_public": past}
        | {"salaries": [7] * 12 + [100] * 12 + [9] * 24},
        months=48,
    )
    assert ahead(run, plan) == pytest.approx([0, 0, 0.3, 0.3])
    # Newer centres pay for contracts: hoped for by what may be called for, not as in the past.
    assert ahead(record({"newer_centres": past, "salaries": 100}, months=48), plan) == [0] * 4


@pytest.mark.parametrize(("until", "hoped"), [(23, 0), (24, 0.5), (35, 0.5), (36, 0)])
def test_an_agreement_that_ends_in_the_coming_year_may_be_extended(
    until: int, hoped: float
) -> None:
    extension = {"credibility": 0, "probability": 0.25, "months": 6, "amount": 24}
    agreed = grant({0: 1}, giver="other") | {"until_month": until, "extension": extension}
    run = record({"salaries": 100}, months=48)
    assert ahead(run, bare({**WINDOW, "grants.core": agreed}))[2] == pytest.approx(hoped)


def test_contracts_in_hand_are_committed_and_bids_hoped_for() -> None:
    project = contract(
        amount=100,
        amount_sigma=0,
        months=6,
        advance_share=0.4,
        calls_year=3,
        win_probability=0.2,
    )
    plan = bare({**WINDOW, "services.visit": service(), "contracts.project": project})
    # Won in months 17 and 23: one is over when the window ends after month 23, one pays 60 more.
    won = [0] * 17 + [1] + [0] * 5 + [1] + [1] * 24
    run = record({"salaries": 500}, {"project.won": won}, months=48)
    assert ahead(run, plan) == pytest.approx([0, 1, 0, 1])


@pytest.mark.parametrize(("begins", "share"), [(0, 1), (30, 0.5), (36, 0)])
def test_nobody_hopes_for_calls_before_the_centre_may_bid(begins: int, share: float) -> None:
    project = contract(
        amount=100, amount_sigma=0.5, calls_year=3, win_probability=0.2, from_month=begins
    )
    plan = bare({**WINDOW, "services.visit": service(), "contracts.project": project})
    mean = 100 * math.exp(0.125)
    run = record({"salaries": 500}, months=48)
    assert ahead(run, plan)[3] == pytest.approx(share * 0.6 * mean / 60)


def test_what_passes_through_is_compared_with_the_centre_s_own_costs() -> None:
    run = record({"earmarked_travel": 30, "earmarked_salaries": 20, "salaries": 100})
    assert found("passed_through_per_own", run) == pytest.approx(0.5)


# ------------------------------------------------------------------ outputs


def test_outputs_are_counts_of_the_whole_run() -> None:
    plan = load_plan("generic")
    parameters, of = run_once(plan, 1, 0)
    values = indicators(of, plan.at(parameters))
    assert list(OUTPUTS) == [measure.name for measure in OF_THE_RUN]
    for name, counts in OUTPUTS.items():
        assert values[name] == sum(sum(counted(of, what)) for what in counts), name
        assert values[name] > 0, name
    assert values["people_reached"] > values["events_held"]
    at_others = sum(counted(of, "awareness_at_others.done"))
    assert values["events_held"] == sum(counted(of, "awareness.done")) + at_others
    assert at_others > 0
    taught = ("training", "assessment")
    for measure, what in (
        ("people_trained", "participants"),
        ("person_days_of_training", "person_days"),
        ("assessors_at_work", "assessors"),
    ):
        each = [sum(counted(of, f"{name}.{what}")) for name in taught]
        assert values[measure] == sum(each)
        assert 0 < each[1] < each[0]
    assert values["finance_applications"] >= values["finance_accepted"]


# ------------------------------------------------------------------ mission


def test_mission_share_is_of_the_last_year_s_hours_on_services_and_contracts() -> None:
    plan = bare(
        {
            "services.visit": service(project=True, finds_options=True),
            "services.seminar": service(mission=True),
            "contracts.project": contract(),
        }
    )
    run = record(
        {},
        {
            "visit.staff_hours": last_year(99, 5),
            "seminar.staff_hours": last_year(1, 3),
            "project.staff_hours": last_year(1, 2),
        },
    )
    assert found("mission_share", run, plan) == pytest.approx(0.3)


# ------------------------------------------------------------------ when it stood on its own


def test_a_centre_is_covered_after_a_full_year_that_it_paid_for_itself() -> None:
    # 90 a month earned of 100 until month 17, then 110: the year that ends with month 23 has six of
    # each, so income is level with costs for the first time after 24 months.
    rising = record({"fees_visit": [-90] * 18 + [-110] * 18, "salaries": 100})
    assert found("first_covered_month", rising) == 24
    assert found("last_dependence_month", rising) == 22


def test_a_year_s_start_is_no_year() -> None:
    # Well earned from the first day: covered when the first year is over, never dependent.
    rich = record({"fees_visit": -200, "salaries": 100})
    assert found("first_covered_month", rich) == 12
    assert found("last_dependence_month", rich) == -1
    # A good half year is not enough for a bad one before it.
    assert math.isnan(found("first_covered_month", record({"fees_visit": -99, "salaries": 100})))
    short = record({"fees_visit": -200, "salaries": 100}, months=11)
    assert math.isnan(found("first_covered_month", short))


def test_a_relapse_into_dependence_is_seen() -> None:
    # Covered in the first two years, 5 short of 100 in each month of the third.
    falling = record({"fees_visit": last_year(-101, -90), "salaries": 100})
    assert found("first_covered_month", falling) == 12
    # 11 good months of 1 make up for one bad one of 10 only: short from the second on.
    assert found("last_dependence_month", falling) == 35


def test_programme_money_does_not_make_independent_and_other_support_does() -> None:
    for name, covered in (
        ("programme_discretionary", False),
        ("programme_earmarked", False),
        ("other_earmarked", True),
        ("in_kind_income", False),
        ("other_support", True),
        ("international_projects", True),
        ("host_cash", True),
        ("corporate_support", True),
        ("domestic_public", True),
        ("membership", True),
        ("newer_centres", True),
    ):
        run = record({name: -100, "salaries": 100})
        assert (found("last_dependence_month", run) == -1) == covered


def test_months_after_the_closing_are_nobody_s() -> None:
    # 24 months open; what the empty months after would add must not matter.
    dead = record(
        {"fees_visit": [-90] * 24 + [0] * 12, "salaries": [100] * 24 + [0] * 12}, closed=23
    )
    assert found("last_dependence_month", dead) == 23
    assert math.isnan(found("first_covered_month", dead))
    assert found("subsidy_adjusted_coverage", dead) == pytest.approx(0.9)
    assert found("largest_source_share", dead) == 1
    assert found("reserve_months", dead) == 0


# ------------------------------------------------------------------ value for money


def test_savings_and_assessments_are_set_against_the_whole_programme() -> None:
    # 300 and 200 cents a month for three years: 180 USD.
    money = {"programme_discretionary": -300, "programme_earmarked": -200, "other_support": -999}
    counts: dict[str, int | list[int]] = {"clients.savings": 10}
    counts |= {"visit.done": last_year(0, 1), "seminar.done": 9}
    run = record(money, counts)
    assert found("client_savings_per_programme", run) == pytest.approx(360 / 180)
    # Only work that finds options is an assessment.
    assert found("programme_per_assessment", run) == pytest.approx(180 / 12)


def test_net_present_value_is_of_what_is_implemented_less_its_cost() -> None:
    counts: dict[str, int | list[int]] = {"clients.implemented_year": 1000, "clients.invested": 50}
    for discount, worth in ((0, 2.0), (1, 0.75)):
        plan = changed(PLAN, {"savings.npv_years": 2, "savings.npv_discount_year": discount})
        assert found("net_present_value", record({}, counts), plan) == pytest.approx(
            36 * (worth * 1000 - 50)
        )
    assert math.isnan(found("net_present_value", record({}, counts)))


def test_without_programme_or_assessments_there_is_no_price() -> None:
    run = record({"other_support": -999}, {"clients.savings": 10, "visit.done": 1})
    assert math.isnan(found("client_savings_per_programme", run))
    assert found("programme_per_assessment", run) == 0
    none = record({"programme_earmarked": -100})
    assert math.isnan(found("programme_per_assessment", none))
    assert found("client_savings_per_programme", none) == 0


def test_every_operating_expense_is_one_to_cover() -> None:
    for number in OPERATING_EXPENSES:
        run = record({Account(number).name.lower(): 100, "fees_visit": -99})
        assert found("last_dependence_month", run) == 35
        assert found("subsidy_adjusted_coverage", run) == pytest.approx(0.99)
