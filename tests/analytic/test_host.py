"""The house that the centre is in, summed by hand: who trusts it, and whose time it lends."""

from typing import Any

import pytest

from ncpcsim.plan.load import Plan
from tests.full_centre import CREDIBILITY, TROUBLE, asked_for, bare, contract
from tests.plans import HOST, by_month, counted, post, run, service

PRICE = 100
KINDS = {
    "university": {"industry_trust": 1, "government_trust": 1},
    "chamber": {"industry_trust": 1.5, "government_trust": 0.5},
    "ministry": {"industry_trust": 0.5, "government_trust": 1.5},
    "none": {"industry_trust": 0.5, "government_trust": 0.5},
}


def hosted(kind: str, changes: dict[str, Any] | None = None) -> Plan:
    """The bare centre in a house of a kind; "none" is a centre without a host."""
    if kind == "none":
        return bare({"host_kinds": KINDS, **(changes or {})})
    return bare({"host_kinds": KINDS, "host": {**HOST, "kind": kind}, **(changes or {})})


def total(plan: Plan, what: str, runs: int = 3) -> int:
    return sum(sum(counted(run(plan, replication=r), what)) for r in range(runs))


# ------------------------------------------------------------------ who trusts the house


@pytest.mark.parametrize(("public", "trusts"), [(False, "chamber"), (True, "ministry")])
def test_clients_pay_more_where_they_trust_the_house(*, public: bool, trusts: str) -> None:
    # They would pay 80; half as much again in a house that they trust: 120.
    visits = {
        "services.visit": service(clients=asked_for(2, price=PRICE, willingness=80)),
        "segments.firms.public": public,
    }
    for kind in KINDS:
        plan = hosted(kind, visits)
        asked, done = total(plan, "visit.asked"), total(plan, "visit.done")
        assert asked > 60
        assert done == (asked if kind == trusts else 0)


@pytest.mark.parametrize(
    ("giver", "trusts"),
    [("domestic_public", "ministry"), ("corporate", "chamber"), ("international", None)],
)
def test_givers_at_home_look_at_the_house(giver: str, trusts: str | None) -> None:
    def won(kind: str) -> float:
        calls = {
            "contracts.study": contract(giver=giver, win_probability=2 / 3),
            "credibility": CREDIBILITY,
        }
        plan = hosted(kind, calls)
        return total(plan, "study.won", 9) / total(plan, "study.bids", 9)

    if trusts is None:
        assert len({won(kind) for kind in KINDS}) == 1
        return
    # Two calls in three; all of them; one in three where the house is a stranger.
    assert won(trusts) == 1
    assert won("university") == pytest.approx(2 / 3, abs=0.1)
    assert won("none") == pytest.approx(1 / 3, abs=0.1)


@pytest.mark.parametrize(("kind", "share"), [("ministry", 1), ("university", 2 / 3)])
def test_governments_adopt_what_comes_from_near_them(kind: str, share: float) -> None:
    advice = service(offered_year=24, adoption_probability=2 / 3)
    plan = hosted(kind, {"services.visit": advice})
    adopted = total(plan, "visit.adopted", 9) / total(plan, "visit.done", 9)
    assert adopted == pytest.approx(share, abs=0.1 * (share < 1))


def test_the_ministry_has_more_for_a_house_it_trusts() -> None:
    clients = asked_for(8, ministry_pays=50)
    paying = {
        "services.visit": service(clients=clients),
        "ministry": {"budget_year": 1000, "payment_delay_months": 0},
    }
    for kind, cents in (("ministry", 150_000), ("university", 100_000), ("chamber", 50_000)):
        record = run(hosted(kind, paying))
        paid = by_month(record, "domestic_public")
        assert -sum(paid[:12]) == -sum(paid[12:24]) == cents


def test_a_centre_that_lost_its_host_has_the_trust_of_one_without() -> None:
    visits = {
        "services.visit": service(clients=asked_for(4, price=PRICE, willingness=80)),
        "host": {**HOST, "kind": "chamber", "trouble": {**TROUBLE, "losses_year": 1}},
    }
    done = counted(run(hosted("chamber", visits), replication=2), "visit.done")
    last = max(month for month, number in enumerate(done) if number)
    assert 0 < last < 20


# ------------------------------------------------------------------ whose time it lends


def lent(available_share: float, changes: dict[str, Any] | None = None) -> Plan:
    """One person of the host's, at 1,000 a month, for visits of four days."""
    return bare(
        {
            "host": {**HOST, "available_share": available_share},
            "posts.expert": post(payer="host", then="ends", salary_month=1000),
            "services.visit": service(staff_days=4, offered_year=12),
            **(changes or {}),
        }
    )


def test_people_with_other_work_take_longer_and_are_worth_less() -> None:
    half, whole = run(lent(0.5)), run(lent(1))
    assert sum(counted(whole, "visit.staff_hours")) == sum(counted(whole, "visit.done")) * 4 * 8
    assert sum(counted(half, "visit.staff_hours")) == sum(counted(half, "visit.done")) * 8 * 8
    assert set(by_month(whole, "in_kind_salaries")) == {100_000}
    assert set(by_month(half, "in_kind_salaries")) == {50_000}


def test_whom_the_centre_pays_in_their_place_has_no_other_work() -> None:
    stays_away = {**TROUBLE, "losses_year": 12}
    plan = lent(
        0.5,
        {
            "posts.expert.then": "centre",
            "host": {**HOST, "available_share": 0.5, "trouble": stays_away},
        },
    )
    assert by_month(run(plan), "salaries")[-1] == 100_000
