"""Measures of a run, from records small enough to judge by eye."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpcsim.accounting.ledger import Account, account_names
from ncpcsim.measures.coverage import (
    COVERAGES,
    by_year,
    fiscal_years,
    incomes_cents,
    operating_expenditure_cents,
    pass_through_cents,
    yearly_coverage,
    years,
)
from ncpcsim.model.record import Record
from ncpcsim.plan.schema import Thresholds
from tests.measured import outcome
from tests.plans import bare_plan

NAMES = account_names(["visit", "audit"])
THRESHOLDS = Thresholds(sustained_coverage=1, sustained_months=12)


def record(
    months: int, net: Mapping[str, list[int]], *, opening: int = 0, closed: int | None = None
) -> Record:
    """A record with some accounts' net debits, by name; they need not balance here."""
    table = np.zeros((len(NAMES), months), dtype=np.int64)
    for name, row in net.items():
        table[NAMES.index(name)] = row
    none = np.zeros(months, dtype=np.int64)
    opened = np.zeros(len(NAMES), dtype=np.int64)
    opened[[Account.CASH, Account.OPENING_FUND]] = opening, -opening
    return Record(NAMES, table, none, none, opened, (), np.zeros((0, months), int), closed)


def test_each_coverage_counts_its_own_income_and_those_before_it() -> None:
    # Powers of two, so that a sum says what is in it.
    amounts = {
        "fees_visit": 1,
        "fees_audit": 2,
        "domestic_public": 4,
        "corporate_support": 8,
        "host_cash": 16,
        "other_support": 32,
        # Not the centre's own doing, or not the centre's to decide upon.
        "programme_discretionary": 64,
        "programme_earmarked": 128,
        "other_earmarked": 256,
        "in_kind_income": 512,
    }
    run = record(1, {name: [-cents] for name, cents in amounts.items()})
    found = {name: series.tolist() for name, series in incomes_cents(run).items()}
    assert found == {"fee": [3], "domestic": [31], "programme_free": [63]}
    assert tuple(found) == COVERAGES


def test_operating_expenditure_leaves_out_what_earmarked_money_and_the_host_paid() -> None:
    own = (
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
    )
    passed_through = (
        "earmarked_salaries",
        "earmarked_subcontractors",
        "earmarked_travel",
        "earmarked_equipment",
        "earmarked_miscellaneous",
    )
    powers = {name: [2**i] for i, name in enumerate(NAMES)}
    run = record(1, powers)
    assert operating_expenditure_cents(run)[0] == sum(powers[name][0] for name in own)
    assert pass_through_cents(run)[0] == sum(powers[name][0] for name in passed_through)


def test_coverage_is_of_the_last_twelve_months_alone() -> None:
    run = record(
        14,
        {
            "fees_visit": [-1000, -1000] + [-10] * 12,
            "domestic_public": [-7, -7] + [-5] * 12,
            "other_support": [0] * 13 + [-60],
            "salaries": [1, 1] + [20] * 12,
        },
    )
    end = outcome(run, THRESHOLDS)
    # 120, 120 + 60 and 180 + 60, over 240.
    assert end.coverage == {"fee": 0.5, "domestic": 0.75, "programme_free": 1.0}


def test_a_run_shorter_than_a_year_is_judged_by_all_of_it() -> None:
    end = outcome(record(2, {"fees_visit": [-30, -10], "salaries": [10, 40]}), THRESHOLDS)
    assert end.coverage["fee"] == 0.8


@pytest.mark.parametrize(
    ("other_support", "fees", "closed", "sustained", "self_sufficient"),
    [
        # Coverage exactly at the threshold is enough; a cent less is not.
        (50, 50, None, True, False),
        (50, 49, None, False, False),
        (0, 100, None, True, True),
        (0, 99, None, False, False),
        (1, 99, None, True, False),
        # However well it covered its costs, a centre that closed did not last.
        (0, 100, 0, False, False),
    ],
)
def test_sustained_and_self_sufficient(
    *, other_support: int, fees: int, closed: int | None, sustained: bool, self_sufficient: bool
) -> None:
    run = record(
        1,
        {"other_support": [-other_support], "fees_audit": [-fees], "salaries": [100]},
        closed=closed,
    )
    end = outcome(run, THRESHOLDS)
    assert (end.sustained, end.self_sufficient) == (sustained, self_sufficient)
    assert end.closed_month == closed


@pytest.mark.parametrize(("threshold", "sustained"), [(0.5, True), (0.51, False), (0, True)])
def test_the_plan_says_how_much_coverage_is_enough(*, threshold: float, sustained: bool) -> None:
    run = record(1, {"fees_visit": [-50], "salaries": [100]})
    thresholds = THRESHOLDS.model_copy(update={"sustained_coverage": threshold})
    assert outcome(run, thresholds).sustained is sustained
    assert outcome(run, thresholds).self_sufficient is sustained


def test_programme_money_sustains_nobody() -> None:
    run = record(
        1, {"programme_discretionary": [-1000], "programme_earmarked": [-1000], "salaries": [100]}
    )
    assert not outcome(run, THRESHOLDS).sustained


def test_without_expenditure_there_is_no_ratio_and_nothing_that_was_sustained() -> None:
    run = record(1, {"fees_visit": [-1]})
    end = outcome(run, THRESHOLDS)
    assert all(np.isnan(end.coverage[name]) for name in COVERAGES)
    assert not end.sustained
    assert not end.self_sufficient
    yearly = yearly_coverage(run, date(2000, 1, 1))
    assert all(np.isnan(yearly[name]).all() for name in COVERAGES)


def test_lowest_cash_is_at_a_month_end_and_the_first_of_equals() -> None:
    run = record(5, {"cash": [-50, -70, 30, -30, 400]}, opening=100)
    assert run.cash_cents().tolist() == [50, -20, 10, -20, 380]
    end = outcome(run, THRESHOLDS)
    assert (end.lowest_cash_cents, end.lowest_cash_month) == (-20, 1)
    assert end.closing_cash_cents == 380


def test_lowest_cash_is_of_the_months_in_which_the_centre_was_open() -> None:
    # Nothing moves after the end, but what if: months after it are not looked at.
    run = record(4, {"cash": [-10, -20, -500, 0]}, closed=1)
    end = outcome(run, THRESHOLDS)
    assert (end.lowest_cash_cents, end.lowest_cash_month) == (-30, 1)


def test_a_plan_may_start_in_mid_year() -> None:
    found = fiscal_years(date(1997, 11, 1), 16)
    assert found.tolist() == [1997] * 2 + [1998] * 12 + [1999] * 2
    run = record(
        16,
        {
            "fees_visit": [-1] * 2 + [-3] * 12 + [0] * 2,
            "host_cash": [0] * 2 + [-1] * 12 + [-4] * 2,
            "salaries": [1] * 2 + [2] * 12 + [8] * 2,
        },
    )
    yearly = yearly_coverage(run, date(1997, 11, 1))
    assert yearly["fee"].tolist() == [1, 1.5, 0]
    assert yearly["domestic"].tolist() == yearly["programme_free"].tolist() == [1, 2, 0.5]


def test_a_year_without_expenditure_has_no_coverage_among_years_that_have() -> None:
    run = record(24, {"fees_visit": [-1] * 24, "salaries": [0] * 12 + [1] * 12})
    yearly = yearly_coverage(run, date(2000, 1, 1))
    assert np.isnan(yearly["fee"][0])
    assert yearly["fee"][1] == 1


@given(st.integers(1990, 2010), st.integers(1, 12), st.integers(1, 90))
def test_fiscal_years_are_those_of_the_calendar(year: int, month: int, months: int) -> None:
    found = fiscal_years(date(year, month, 1), months).tolist()
    at, expected = date(year, month, 1), []
    for _ in range(months):
        expected.append(at.year)
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
    assert found == expected


@given(st.integers(1, 12), st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=60))
def test_sums_by_year_lose_nothing(month: int, series: list[int]) -> None:
    year_of = fiscal_years(date(2000, month, 1), len(series))
    found = by_year(np.array(series, dtype=np.int64), year_of).tolist()
    expected: dict[int, int] = {}
    for year, cents in zip(year_of.tolist(), series, strict=True):
        expected[year] = expected.get(year, 0) + cents
    assert found == list(expected.values())
    # Along the last axis, whatever comes before it.
    table = np.array([series, series], dtype=np.int64)
    assert by_year(table, year_of).tolist() == [found, found]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2000, 1, 1), 12, [2000]),
        (date(2000, 1, 1), 13, [2000, 2001]),
        (date(2000, 12, 1), 1, [2000]),
        (date(2000, 12, 1), 14, [2000, 2001, 2002]),
    ],
)
def test_the_fiscal_years_of_a_plan(start: date, months: int, expected: list[int]) -> None:
    changes: dict[str, Any] = {"start": start, "horizon.judged_month": months}
    assert years(bare_plan(changes).numbers) == expected


def test_the_closing_balances_of_a_record_include_the_opening() -> None:
    run = record(2, {"cash": [-30, 10], "salaries": [30, 0], "fees_visit": [0, -10]}, opening=100)
    closing = run.closing_cents()
    assert {name: cents for name, cents in closing.items() if cents} == {
        "cash": 80,
        "opening_fund": -100,
        "salaries": 30,
        "fees_visit": -10,
    }
    assert run.cash_cents().tolist() == [70, 80]
    assert run.months == 2
    # Asking does not change the record.
    assert run.closing_cents() == closing
