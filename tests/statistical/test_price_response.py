"""What the average centre would gain by absurd prices, or by more leaflets: nothing."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from ncpcsim import run
from tests.evidence import GENERIC

RUNS = 1000
MONTHS = 132


class Outcomes(NamedTuple):
    """Of each run: whether the centre is sustained, and what clients and members paid.

    Of all runs: the mean for each line, and assessments whose price was accepted.
    """

    sustained: NDArray[np.float64]
    fees: NDArray[np.float64]
    lines: Mapping[str, float]
    accepted: float


def outcomes(changes: Mapping[str, Any]) -> Outcomes:
    plan = GENERIC.variant({**changes, "horizon.judged_month": MONTHS})
    runs = run(plan, RUNS, seed=1, parameters="prior", detail=True, workers=1)
    assert not runs["error"].notna().any()
    prefix = "closing_cents."
    names = [str(name) for name in runs.columns]
    paid = [n for n in names if n.startswith(f"{prefix}fees_") or n == f"{prefix}membership"]
    fees = -runs[paid].to_numpy(np.float64).sum(axis=1) / 100
    lines = {name.removeprefix(prefix): -float(runs[name].mean()) / 100 for name in paid}
    priced, declined = (runs[f"total.assessment.{what}"] for what in ("priced", "declined"))
    accepted = float((priced - declined).mean())
    return Outcomes(runs["sustained"].to_numpy(np.float64), fees, lines, accepted)


@cache
def as_it_stands() -> Outcomes:
    return outcomes({})


def relative(changes: Mapping[str, Any]) -> tuple[float, float]:
    """Points of sustained centres gained by a change, and the share of fees."""
    other, base = outcomes(changes), as_it_stands()
    points = 100 * float((other.sustained - base.sustained).mean())
    return points, float(other.fees.mean() / base.fees.mean()) - 1


def asked_for(service: str, times: float) -> dict[str, Any]:
    """So many times as much demand for a service."""
    return {
        f"services.{service}.clients.{segment}.asks_year": {
            "value": demand.asks_year * times,
            "unit": "enquiries/aware client/year",
            "assumption": True,
        }
        for segment, demand in GENERIC.numbers.services[service].clients.items()
    }


def membership_fee(times: float) -> dict[str, float]:
    terms = GENERIC.numbers.membership
    assert terms is not None
    return {"membership.fee_year": terms.fee_year * times}


def test_ten_times_the_membership_fee_loses_most_of_what_members_paid() -> None:
    points, fees = relative(membership_fee(10))
    assert points < 1
    assert -0.05 < fees < 0


def test_a_hundred_times_the_membership_fee_loses_all_members() -> None:
    points, fees = relative(membership_fee(100))
    assert points < 1
    assert -0.05 < fees < 0


def terms(service: str, key: str, times: float) -> dict[str, float]:
    """So many times what each segment is asked for a service."""
    demands = GENERIC.numbers.services[service].clients
    return {
        f"services.{service}.clients.{segment}.{key}": getattr(demand, key) * times
        for segment, demand in demands.items()
        if getattr(demand, key)
    }


def test_all_of_the_first_year_s_savings_are_too_high_a_fee() -> None:
    share = GENERIC.numbers.services["assessment"].clients["large"].success_fee_share
    assert share is not None
    points, fees = relative(terms("assessment", "success_fee_share", 1 / share))
    assert points < -10
    assert fees < -0.2


def savings(times: float) -> dict[str, Any]:
    """So many times what every option saves; what clients expect of it at first is as it was."""
    terms = GENERIC.numbers.savings
    assert terms is not None
    return {
        f"savings.categories.{name}.saving_year": {
            "value": category.saving_year * times,
            "unit": "money/year/option",
            "assumption": True,
        }
        for name, category in terms.categories.items()
    }


def utility_prices(times: float) -> dict[str, Any]:
    stated = {"value": times, "unit": "ratio", "assumption": True}
    return {"savings.utility_prices": stated}


@pytest.mark.parametrize("change", [savings, utility_prices])
def test_a_tenth_of_the_savings_loses_fees_and_ten_times_brings_them(
    change: Callable[[float], dict[str, Any]],
) -> None:
    tenth, base, tenfold = outcomes(change(0.1)), as_it_stands(), outcomes(change(10))
    assert tenth.accepted < 0.8 * base.accepted
    assert tenfold.accepted > 1.2 * base.accepted
    assert tenth.fees.mean() < 0.8 * base.fees.mean()
    assert tenfold.fees.mean() > 1.5 * base.fees.mean()
    assert tenth.sustained.mean() < base.sustained.mean() < tenfold.sustained.mean()


@pytest.mark.parametrize(
    ("service", "key", "lost"),
    [("training", "participation_fee", 0.05), ("publication", "price", 0.5)],
)
def test_ten_times_what_people_or_papers_cost_loses_money(
    service: str, key: str, lost: float
) -> None:
    changes, line = terms(service, key, 10), f"fees_{service}"
    assert relative(changes)[0] < 1
    assert outcomes(changes).lines[line] < (1 - lost) * as_it_stands().lines[line]


def test_ten_times_the_free_leaflets_sustain_nobody() -> None:
    points, fees = relative(asked_for("technical_information", 10))
    assert points < 1
    assert abs(fees) < 0.03


def test_leaflets_that_nobody_asks_for_are_hardly_missed() -> None:
    points, fees = relative(asked_for("technical_information", 0))
    assert abs(points) < 2
    assert abs(fees) < 0.03
