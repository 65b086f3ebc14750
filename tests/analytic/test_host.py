"""The house that the centre is in, summed by hand: who trusts it, and whose time it lends."""

from typing import Any

import pytest

from ncpcsim.plan.load import Plan
from tests.full_centre import (
    CREDIBILITY,
    NEVER,
    TROUBLE,
    asked_for,
    bare,
    contract,
    moments,
    traced,
)
from tests.plans import HOST, booked, by_month, counted, post, run, service

PRICE = 100
KINDS: dict[str, dict[str, float]] = {
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


# ------------------------------------------------------------------ another host

ANOTHER = {"found_probability": 1, "search_months": 0, "delivered_share": 0.5}


def losing(another: dict[str, Any] | None, changes: dict[str, Any] | None = None) -> Plan:
    """A host that is lost within months, at 100 a month; moving out takes two."""
    trouble = {**TROUBLE, "losses_year": 2, "move_months": 2}
    if another is not None:
        trouble["another"] = {**ANOTHER, **another}
    return bare({"host": {**HOST, "cash_month": 100, "trouble": trouble}, **(changes or {})})


def told(plan: Plan, replication: int) -> list[tuple[float, float]]:
    """When the host was lost, and when another was there."""
    words = traced(plan, replication)
    lost, found = moments(words, "is lost"), moments(words, "takes the centre in")
    return list(zip(lost, [*found, NEVER], strict=False))


def month_ends(after: float, before: float) -> int:
    """How many month ends of two years lie between two times."""
    return sum(after < month <= before for month in range(1, 25))


@pytest.mark.parametrize("replication", range(4))
def test_another_host_gives_its_own_share_until_it_is_lost_too(replication: int) -> None:
    plan, cents, since = losing({}), 0, 0.0
    spells = told(plan, replication)
    assert len(spells) > 1
    for number, (lost, found) in enumerate(spells):
        cents += month_ends(since, lost) * (5000 if number else 10_000)
        assert found == NEVER or found == pytest.approx(lost + 2)
        since = found
    cents += month_ends(since, 24) * 5000
    assert -sum(by_month(run(plan, replication=replication), "host_cash")) == cents


def test_a_centre_that_finds_none_stays_alone() -> None:
    alone = losing(None)
    for replication in range(4):
        records = [
            run(plan, replication=replication)
            for plan in (alone, losing({"found_probability": 0}), losing({"search_months": 1e9}))
        ]
        assert len({str(booked(record)) for record in records}) == 1
    assert all(found == NEVER for r in range(4) for _, found in told(alone, r))


def test_a_search_takes_its_months() -> None:
    waited = [
        found - lost
        for replication in range(40)
        for lost, found in told(losing({"search_months": 4}), replication)
        if found < NEVER
    ]
    # A tenth of exponential times of four months are above nine; none is over before the move.
    assert min(waited) == pytest.approx(2)
    assert 0.02 < sum(months > 9 for months in waited) / len(waited) < 0.15


@pytest.mark.parametrize(("delivered_share", "people"), [(1, 5), (0, 0)])
def test_another_host_sends_people_of_its_own(delivered_share: float, people: int) -> None:
    seconds = {"posts.expert": post(payer="host", then="ends", people=5, salary_month=100)}
    plan = losing({"delivered_share": delivered_share}, seconds)
    for replication in range(4):
        worth = by_month(run(plan, replication=replication), "in_kind_salaries")
        spells = told(plan, replication)
        for month in range(1, 25):
            gone = [month for lost, found in spells if lost < month <= found]
            later = any(found < month for _, found in spells)
            there = 0 if gone else people if later else 5
            assert worth[month - 1] == there * 10_000


def seconded(most_people: float | None, *, moved: bool = False) -> float:
    """People in the last month, in the mean of 60 runs, of 16 that a host has promised."""
    people: dict[str, Any] = {
        "posts.expert": post(payer="host", then="ends", people=16, salary_month=100)
    }
    if most_people is not None:
        people["host.most_people"] = most_people
    plan = losing({"delivered_share": 1}, people) if moved else bare({"host": HOST, **people})
    worth = [by_month(run(plan, replication=r), "in_kind_salaries")[-1] for r in range(60)]
    return sum(worth) / 60 / 10_000


def test_a_host_sends_in_the_mean_no_more_than_it_can_spare() -> None:
    # Each of 16 with a chance of 4 in 16: 4 people, give or take 1.73 a run.
    assert seconded(4) == pytest.approx(4, abs=3 * 1.73 / 60**0.5)
    assert seconded(16) == seconded(None) == 16


def test_another_host_has_no_more_people_to_spare() -> None:
    assert seconded(4, moved=True) < 4
    assert seconded(None, moved=True) > 8


def test_whom_another_host_sends_are_new_to_the_work() -> None:
    learning = {
        "months": 10_000,
        "productivity_at_start": 0.5,
        "counterpart_until_month": 0,
        "counterpart_speed": 1,
    }
    changes = {
        "posts.expert": post(payer="host", then="ends", from_month=0),
        "services.visit": service(staff_days=1, offered_year=12),
        "learning": learning,
        "opening": {"as_of": 0, "cash": 0, "posts": {"expert": {"experience_months": 1_000_000}}},
    }
    plan = losing({"delivered_share": 1}, changes)
    hours = [h for h in counted(run(plan), "visit.staff_hours") if h]
    assert (hours[0], hours[-1]) == (8, 16)


def test_the_next_hosts_kind_is_drawn_in_proportion() -> None:
    def served(hosts: dict[str, float]) -> int:
        kinds = {
            kind: terms if kind == "none" else {**terms, "hosts": hosts.get(kind, 0)}
            for kind, terms in KINDS.items()
        }
        visits = service(clients=asked_for(4, price=PRICE, willingness=80))
        changes = {"host_kinds": kinds, "services.visit": visits}
        return total(losing({}, changes), "visit.done", 12)

    # Only a chamber's firms pay; in the mean two years have some 17 months in the next houses.
    always, half = served({"chamber": 1}), served({"chamber": 2, "ministry": 2})
    assert served({"ministry": 3}) == served({}) == 0
    assert 0.3 * always < half < 0.7 * always
