"""Falls of a mature centre's earned income, from years small enough to judge by eye."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pytest

from ncpcsim.accounting.ledger import account_names
from ncpcsim.measures.falls import falls
from ncpcsim.model.record import Record, Records
from tests.plans import bare_plan

NAMES = account_names(["visit"])
YEARS = 9


def found(
    yearly: Mapping[str, Sequence[int]],
    *,
    start: date = date(2000, 1, 1),
    closed: int | None = None,
    dormant: Sequence[int] = (),
) -> tuple[float, float]:
    """Mature years and the share with a fall; a year's income stands in its seventh month."""
    months = 12 * YEARS
    net = np.zeros((len(NAMES), months), np.int64)
    for name, cents in yearly.items():
        net[NAMES.index(name), 6 + 12 * np.arange(len(cents))] = [-each for each in cents]
    counts = np.zeros((1, months), np.int64)
    counts[0, list(dormant)] = 1
    none = np.zeros(months, np.int64)
    opening = np.zeros(len(NAMES), np.int64)
    record = Record(NAMES, net, none, none, opening, ("centre.dormant",), counts, closed)
    plan = bare_plan({"horizon.judged_month": months, "start": start})
    measured = falls(Records.of([record]), plan.numbers)
    return measured["mature_years"].item(), measured["income_fall_share"].item()


BEFORE = (100, 1, 100, 1)
"""Years in which a centre is young: nothing in them counts."""


def test_a_fall_is_of_thirty_per_cent_or_more_from_one_mature_year_to_the_next() -> None:
    # 100 to 70 is one, 70 to 50 is none, 50 to 35 is one, 35 to 200 is none.
    assert found({"fees_visit": (*BEFORE, 100, 70, 50, 35, 200)}) == (4, 0.5)
    assert found({"fees_visit": (*BEFORE, 100, 71, 71, 71, 71)}) == (4, 0)


@pytest.mark.parametrize(
    ("account", "counts"),
    [
        ("membership", True),
        ("newer_centres", True),
        ("domestic_public", True),
        ("international_projects", True),
        ("corporate_support", False),
        ("host_cash", False),
        ("other_support", False),
        ("programme_discretionary", False),
    ],
)
def test_earned_is_what_somebody_pays_for(account: str, counts: bool) -> None:  # noqa: FBT001
    other = {account: (0, 0, 0, 0, 100, 0, 0, 0, 0)}
    assert found({"fees_visit": (*BEFORE, 100, 100, 100, 100, 100), **other}) == (4, counts / 4)


def test_years_in_which_the_centre_was_not_active_throughout_are_left_out() -> None:
    falling = {"fees_visit": (*BEFORE, 100, 50, 20, 9, 1)}
    assert found(falling) == (4, 1)
    # Asleep in a month of the seventh year: neither into it nor out of it.
    assert found(falling, dormant=[75]) == (2, 1)
    # Closed at the end of a month of the eighth: up to the seventh.
    assert found(falling, closed=90) == (2, 1)
    years, share = found(falling, closed=50)
    assert years == 0
    assert np.isnan(share)


def test_a_year_without_income_cannot_be_followed_by_a_fall() -> None:
    assert found({"fees_visit": (*BEFORE, 100, 0, 0, 10, 1)}) == (2, 1)


def test_the_fifth_year_is_the_fifth_full_one() -> None:
    # From July on, the first calendar year is half a year, and so is the last.
    falling = {"fees_visit": (*BEFORE, 100, 50, 20, 9, 1)}
    assert found(falling, start=date(2000, 7, 1)) == (3, 1)
