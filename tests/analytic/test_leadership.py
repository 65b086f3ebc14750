"""Those who lead and the office, summed by hand: proposals, bids, trust, lost time."""

import math
from itertools import pairwise
from typing import Any

import pytest

from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import PlanError
from tests.full_centre import CREDIBILITY, asked_for, bare, contract, moments, traced
from tests.plans import counted, post, run, service

LEADERSHIP = {
    "role": "leadership",
    "direction_share": 0,
    "office_role": "support",
    "office_share": 0,
    "unknown_share": 1,
    "respect_months": 10,
}
PRICE = 100


def led(changes: dict[str, Any] | None = None, /, **leadership: Any) -> Plan:
    """Visits at a price, whose proposals take ten days of a director, for two years."""
    return bare(
        {
            "leadership": {**LEADERSHIP, **leadership},
            "posts.director": post(role="leadership"),
            "services.visit": service(clients=asked_for(0.4, price=PRICE), proposal_days=10),
            **(changes or {}),
        }
    )


def waits(plan: Plan) -> list[float]:
    """How long each client that was served waited, from enquiry to the first day of work."""
    found: list[float] = []
    for replication in range(5):
        told = traced(plan, replication)
        asked = {words.split("#")[1].split()[0]: t for t, words in told if "asked for" in words}
        found += [
            t - asked[words.split("#")[1].split()[0]] for t, words in told if "begun" in words
        ]
    return found


def total(plan: Plan, what: str, months: slice = slice(None), runs: int = 5) -> int:
    return sum(sum(counted(run(plan, replication=r), what)[months]) for r in range(runs))


# ------------------------------------------------------------------ proposals


@pytest.mark.parametrize(
    ("direction_share", "directors", "months"),
    # Ten of twenty days; of ten that directing leaves; two share what it takes: of fifteen.
    [(0, 1, 0.5), (0.5, 1, 1), (0.5, 2, 2 / 3)],
)
def test_a_proposal_takes_the_days_that_directing_leaves(
    direction_share: float, directors: int, months: float
) -> None:
    found = waits(led({"posts.director.people": directors}, direction_share=direction_share))
    assert len(found) > 20
    assert min(found) == pytest.approx(months)


def test_proposals_queue_for_those_who_lead() -> None:
    busy = led({"services.visit.clients.firms.asks_year": 0.24}, direction_share=0.5)
    # Two a month are asked for, one is written.
    begun = [moments(traced(busy, r), " begun") for r in range(3)]
    for times in begun:
        assert all(b - a >= 1 - 1e-9 for a, b in pairwise(times))
        assert len(times) > 15


def test_what_is_free_needs_no_proposal() -> None:
    assert max(waits(led({"services.visit.clients.firms.price": 0}))) == 0


def test_without_anybody_who_leads_no_proposal_goes_out_and_clients_leave() -> None:
    patience = {"segments.firms.patience_months": 2}
    alone = led({"posts.director.from_month": 1000, **patience})
    assert total(alone, "visit.done") == total(alone, "visit.priced") == 0
    asked, left = total(alone, "visit.asked"), total(alone, "visit.left")
    assert 0.7 * asked < left <= asked
    # Left out of the plan, the post is as good as never filled.
    posts = bare(
        {
            "leadership": LEADERSHIP,
            "services.visit": service(clients=asked_for(0.4, price=PRICE), proposal_days=10),
            **patience,
        }
    )
    assert total(posts, "visit.left") == left


def test_a_vacancy_is_felt_within_months() -> None:
    before, gap, after = slice(0, 10), slice(11, 16), slice(17, 24)
    changes = {
        "posts.director.until_month": 10,
        "posts.successor": post(role="leadership", from_month=16),
        "segments.firms.patience_months": 3,
    }
    plan = led(changes)
    assert total(plan, "visit.done", before) > 10
    assert total(plan, "visit.done", gap) == 0
    assert total(plan, "visit.done", after) > 10
    assert total(plan, "visit.left", gap) > 0


# ------------------------------------------------------------------ bids


def bidding(changes: dict[str, Any] | None = None, /, **leadership: Any) -> Plan:
    """A call a month that is always won, whose bid takes four days."""
    calls = {"contracts.study": contract(bid_days=4), "credibility": CREDIBILITY}
    return led({**calls, **(changes or {})}, **leadership)


def test_those_who_lead_write_bids_and_nobody_else_does() -> None:
    assert total(bidding(), "study.bids") > 80
    assert total(bidding({"posts.expert.from_month": 1000}), "study.bids") > 80
    assert total(bidding({"posts.director.from_month": 1000}), "study.bids") == 0
    late = bidding({"posts.director.from_month": 12})
    assert total(late, "study.bids", slice(0, 12)) == 0
    assert total(late, "study.bids", slice(12, 24)) > 40


def test_funders_trust_who_is_respected() -> None:
    # Half of the calls are won by somebody whom nobody knows, or all of them.
    unknown = bidding(unknown_share=0.5, respect_months=1e9)
    bids, won = total(unknown, "study.bids"), total(unknown, "study.won")
    assert 0.35 * bids < won < 0.65 * bids
    known = bidding({"posts.director.respected": 1}, unknown_share=0.5, respect_months=1e9)
    assert total(known, "study.won") == total(known, "study.bids") > 80


# ------------------------------------------------------------------ trust


def test_clients_accept_a_price_once_who_leads_is_known() -> None:
    # They would pay 125 to somebody they trust. Trust of 0.8, from 0.5, takes a respect of 0.6.
    known = -10 * math.log(0.4)
    clients = asked_for(4, price=PRICE, willingness=125)
    visits = service(clients=clients)
    plan = led({"services.visit": visits}, unknown_share=0.5)
    begun = [t for r in range(5) for t in moments(traced(plan, r), " begun")]
    assert math.ceil(known) < min(begun) < math.ceil(known) + 0.5
    # With a respect of 0.2 at first, it takes less.
    plan = led({"services.visit": visits, "posts.director.respected": 0.2}, unknown_share=0.5)
    known = -10 * math.log(0.5)
    begun = [t for r in range(5) for t in moments(traced(plan, r), " begun")]
    assert known < min(begun) < known + 0.5


def test_advice_is_adopted_if_somebody_meets_the_ministry() -> None:
    advice = service(offered_year=12, adoption_probability=1)
    for share, adopted in ((0, 0), (1, 1)):
        plan = led(
            {"posts.director.from_month": 1000, "services.visit": advice}, unknown_share=share
        )
        done = total(plan, "visit.done", runs=1)
        assert done > 20
        assert total(plan, "visit.adopted", runs=1) == adopted * done


# ------------------------------------------------------------------ the office


def test_without_the_office_all_lose_a_share_of_their_time() -> None:
    visits = service(staff_days=4, offered_year=12)
    lost = led({"services.visit": visits}, office_share=0.2)
    kept = led({"services.visit": visits, "posts.office": post(role="support")}, office_share=0.2)
    # 4 days, or 4 / 0.8 = 5 of them, each of 8 hours.
    done = total(lost, "visit.done", runs=1)
    assert total(lost, "visit.staff_hours", runs=1) == done * 40
    assert total(kept, "visit.staff_hours", runs=1) == total(kept, "visit.done", runs=1) * 32


def test_a_role_that_is_nearly_a_posts_is_refused() -> None:
    with pytest.raises(PlanError, match=r"leadership\.role: 'leadershp' is no post's role"):
        led(role="leadershp")
