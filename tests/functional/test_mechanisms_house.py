"""The house that the centre is in, and its boards, push in the right direction."""

import pytest

from tests.directions import Push, closing_cash
from tests.pushes import (
    BUSY,
    CALLS,
    RICH,
    asked,
    assert_pushes,
    counts,
    done,
    host_trouble,
    operational,
)

FOUND = {"found_probability": 1, "search_months": 0, "delivered_share": 1}

PUSHES = {
    "another host": Push(
        {**BUSY, **host_trouble(losses_year=1)},
        {"host.trouble.another": {**FOUND, "search_months": 3}},
        done,
        1,
    ),
    "a long search for another host": Push(
        {**BUSY, **host_trouble(losses_year=1), "host.trouble.another": FOUND},
        {"host.trouble.another.search_months": 36},
        done,
        -1,
    ),
    "a house of industry on what firms pay": Push(
        RICH, {"host_kinds.government.industry_trust": 1.5}, operational, 1
    ),
    "a house of government on tenders": Push(
        {**RICH, **CALLS, "host_kinds.government.government_trust": 0.5},
        {"host_kinds.government.government_trust": 1.5},
        counts("won", "domestic_tender"),
        1,
    ),
    "a house of government on advice": Push(
        RICH, {"host_kinds.government.government_trust": 1.5}, counts("adopted"), 1
    ),
    "seconded people with other work": Push(
        {**BUSY, "host.delivered_share": 1, "host.available_share": 1},
        {"host.available_share": 0.5},
        done,
        -1,
    ),
    "a host that can spare few of many": Push(
        {**BUSY, "posts.technical_seconded.people": 16, "host.most_people": 16},
        {"host.most_people": 4},
        done,
        -1,
    ),
    "running costs that people need": Push(
        {**BUSY, "costs.needs": {"person_month": 100, "lost_share": 0.5}},
        dict.fromkeys(
            (
                f"costs.{line}_month"
                for line in ("materials", "travel", "overhead", "miscellaneous")
            ),
            0,
        ),
        done,
        -1,
    ),
    "an advisory board on bids that are won": Push(
        {**RICH, **CALLS, "boards.advisory.credibility_gain": 0},
        {"boards.advisory.credibility_gain": 0.02},
        counts("won"),
        1,
    ),
    "an advisory board on enquiries": Push(
        {"boards.advisory.members_tell": 0}, {"boards.advisory.members_tell": 10}, asked, 1
    ),
    "an advisory board of 24": Push(
        {"boards.advisory.members_tell": 10, "boards.advisory.members": 10},
        {"boards.advisory.members": 24},
        asked,
        -1,
    ),
    "an executive board of 24": Push(
        {**BUSY, "management.most_hired": 4},
        {"boards.executive.members": 24, "boards.executive.meetings_year": 2},
        done,
        -1,
    ),
    "an executive board that asks for a reserve": Push(
        {"opening.cash": 20_000},
        {"boards.executive.reserve_asked_months": 24},
        closing_cash,
        1,
    ),
}


@pytest.mark.parametrize("name", PUSHES)
def test_the_house_pushes(name: str) -> None:
    assert_pushes(PUSHES[name])
