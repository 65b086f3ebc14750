"""Boards, summed by hand: an advisory one that is heard, an executive one that takes its time."""

from typing import Any

import pytest

from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import PlanError
from ncpcsim.rules import board_months, voices
from tests.full_centre import CREDIBILITY, asked_for, bare, contract, lean, moments, traced
from tests.people import BACKLOG, HIRES
from tests.plans import booked, changed, counted, post, run, service

ADVISORY = {
    "members": 5,
    "meetings_year": 2,
    "manageable_members": 10,
    "credibility_gain": 0,
    "members_tell": 0,
}
EXECUTIVE = {"members": 5, "meetings_year": 2, "agreeing_members": 5, "reserve_asked_months": 0}
"""It decides three months after the director in the mean."""
LEADERSHIP = {
    "role": "leadership",
    "direction_share": 0,
    "office_role": "support",
    "office_share": 0,
    "unknown_share": 1,
    "respect_months": 10,
}


def advised(changes: dict[str, Any], /, **advisory: Any) -> Plan:
    """A centre whose advisory board meets after six, 12, 18 and 24 months."""
    return bare({"boards.advisory": {**ADVISORY, **advisory}, **changes})


def total(plan: Plan, what: str, months: slice = slice(None), runs: int = 5) -> int:
    return sum(sum(counted(run(plan, replication=r), what)[months]) for r in range(runs))


# ------------------------------------------------------------------ one that advises


@pytest.mark.parametrize(("members", "heard"), [(1, 1), (8, 8), (10, 10), (20, 5), (50, 2)])
def test_of_a_large_board_fewer_are_heard(members: int, heard: float) -> None:
    assert voices(members, 10) == heard


CALLS = {
    "contracts.study": contract(win_probability=1),
    "credibility": {**CREDIBILITY, "at_start": 0},
}
FIRST, LATER = slice(0, 6), slice(6, 24)


@pytest.mark.parametrize(
    ("members", "gain", "won"),
    # Five times a fifth is full credibility at once. Of fifty members two are heard.
    [(5, 0.2, [1, 1, 1]), (5, 0.1, [0.5, 0.75, 0.875]), (50, 0.2, [0.4, 0.64, 0.784])],
)
def test_funders_believe_whom_known_people_speak_for(
    members: int, gain: float, won: list[float]
) -> None:
    plan = advised(CALLS, members=members, credibility_gain=gain)
    assert total(plan, "study.won", FIRST) == 0
    for half, share in enumerate(won, 1):
        months = slice(6 * half, 6 * half + 6)
        bids = total(plan, "study.bids", months, 30)
        assert bids > 120
        assert total(plan, "study.won", months, 30) == pytest.approx(share * bids, abs=0.1 * bids)


def test_members_tell_clients() -> None:
    visits = {
        "services.visit": service(clients=asked_for(4)),
        "segments.firms.aware_at_start": 0,
    }
    plan = advised(visits, members_tell=1e6)
    assert total(plan, "visit.asked", FIRST) == 0
    assert total(plan, "visit.asked", LATER) > 200


def test_a_board_that_nobody_calls_does_not_meet() -> None:
    led = {**CALLS, "leadership": LEADERSHIP, "posts.director": post(role="leadership")}
    meets = [6, 12, 18, 24]
    assert moments(traced(advised(led)), "board meets") == pytest.approx(meets)
    late = advised({**led, "posts.director.from_month": 13})
    assert moments(traced(late), "board meets") == pytest.approx(meets[2:])


@pytest.mark.parametrize("kind", ["advisory", "executive"])
def test_meetings_take_days_of_those_who_lead(kind: str) -> None:
    # Six days twice a year are a twentieth of twenty days a month; directing takes half before.
    board = ADVISORY if kind == "advisory" else EXECUTIVE
    for days, share in ((0, 0), (6, 0.05)):
        plan = bare(
            {
                f"boards.{kind}": {**board, "meeting_days": days},
                "leadership": {**LEADERSHIP, "direction_share": 0.5},
                "posts.director": post(role="leadership"),
                "services.visit": service(clients=asked_for(0.2, 100), proposal_days=4),
            }
        )
        words = traced(plan, 1)
        asked, begun = moments(words, "asked for"), moments(words, " begun")
        assert begun[0] - asked[0] == pytest.approx(4 / 20 / (0.5 * (1 - share)))


@pytest.mark.parametrize("kind", ["advisory", "executive"])
def test_days_of_nobody_are_refused(kind: str) -> None:
    board = ADVISORY if kind == "advisory" else EXECUTIVE
    with pytest.raises(PlanError, match=rf"boards\.{kind}\.meeting_days: moves nothing here"):
        bare({f"boards.{kind}": {**board, "meeting_days": 2}})


# ------------------------------------------------------------------ one that decides


@pytest.mark.parametrize(
    ("members", "meetings_year", "months"),
    [(1, 12, 1), (5, 6, 1), (5, 4, 2), (7, 4, 2), (5, 2, 3), (10, 6, 2), (24, 6, 5), (24, 2, 14)],
)
def test_a_large_board_that_seldom_meets_is_slow(
    members: int, meetings_year: float, months: int
) -> None:
    assert board_months(members, meetings_year, 5) == months


def test_posts_wait_for_the_board() -> None:
    def hires(**approval: Any) -> Plan:
        executive = {"boards.executive": approval} if approval else {}
        delay = 0 if approval else 3
        management = {**HIRES, "board_delay_months": delay}
        changes = {"services.visit": BACKLOG, "management": management, "opening.cash": 1e5}
        return bare({**changes, **executive})

    for replication in range(3):
        stated, met = (run(plan, replication=replication) for plan in (hires(), hires(**EXECUTIVE)))
        assert sum(counted(met, "staff.hired")) > 0
        assert booked(stated) == booked(met)
        at_once = run(hires(**{**EXECUTIVE, "meetings_year": 12}), replication=replication)
        assert counted(at_once, "staff.hired") != counted(met, "staff.hired")


def test_the_plan_is_in_force_once_the_board_has_decided() -> None:
    alone = changed(lean(), {"opening.cash": 1e6, "boards.executive.meetings_year": 12})
    for members, months in ((5, 1), (24, 2), (24 * 6, 14)):
        plan = changed(alone, {"boards.executive.members": members})
        plan = changed(plan, {"boards.executive.agreeing_members": 5})
        found = moments(traced(plan), "the plan is rewritten")
        # Of a board that takes longer than a year, the plan of the year between is not heard.
        rewritten = [12, 24, 36] if months < 12 else [12]
        assert found == pytest.approx([m + months for m in rewritten if m + months <= 36])


def test_the_board_asks_for_a_reserve() -> None:
    lowest = []
    for months in (0, 24):
        plan = changed(lean(), {"boards.executive.reserve_asked_months": months})
        records = [run(plan, replication=r) for r in range(8)]
        lowest.append(sum(int(record.cash_cents()[-1]) for record in records))
    assert lowest[1] > lowest[0]
