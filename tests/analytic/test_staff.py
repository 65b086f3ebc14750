"""People who learn, leave, are hired and let go, summed by hand."""

import math
from typing import Any

import pytest

from ncpcsim.plan.load import Plan
from tests.full_centre import (
    MANAGEMENT,
    NEVER,
    TROUBLE,
    asked_for,
    bare,
    moments,
    traced,
    without,
)
from tests.people import BACKLOG, HIRES
from tests.plans import (
    HOST,
    by_month,
    changed,
    counted,
    grant,
    post,
    run,
    service,
)

# ------------------------------------------------------------------ learning


LEARNING = {
    "months": 10,
    "productivity_at_start": 0.5,
    "counterpart_until_month": 0,
    "counterpart_speed": 1,
}


def hours(months_learned: float) -> int:
    """Hours for ten days' work of somebody who has learned for so long, by hand."""
    return round(80 / (1 - 0.5 * math.exp(-months_learned / 10)))


def learner(**changes: Any) -> dict[str, Any]:
    """Somebody new, with ten days' work beginning at each month's end."""
    return {
        "learning": {**LEARNING, **changes},
        "services.visit": service(staff_days=10, offered_year=12),
        "horizon.judged_month": 36,
    }


def test_work_takes_less_time_as_people_learn() -> None:
    # The work that begins at the end of month m is done in the month after (at 20 days a month, 10
    # days take 0.5 months, 0.91 for a beginner).
    found = counted(run(bare(learner())), "visit.staff_hours")
    assert found == [0, *(hours(month) for month in range(1, 36))]
    assert found[1] == 146
    assert found[-1] == 81


def test_a_counterpart_makes_them_learn_faster_for_as_long_as_it_stays() -> None:
    terms = learner(counterpart_until_month=6, counterpart_speed=2)
    found = counted(run(bare(terms)), "visit.staff_hours")
    assert found == [0, *(hours(month + min(month, 6)) for month in range(1, 36))]


def spells(told: list[tuple[float, str]]) -> list[tuple[float, float]]:
    """When each piece of work began, and for how long it took, in months."""
    begun = {words.split()[3]: time for time, words in told if words.endswith(" begun")}
    done = {words.split()[3]: time for time, words in told if words.endswith(" done")}
    return [(begun[number], time - begun[number]) for number, time in done.items()]


def productivity(months: float) -> float:
    return 1 - 0.5 * math.exp(-months / 10)


def test_whoever_comes_later_begins_as_a_beginner() -> None:
    # What has waited since the first months is done one after the other from month 8 on, and four
    # months of the counterpart's help are left.
    terms = learner(counterpart_until_month=12, counterpart_speed=2)
    found = spells(traced(bare({**terms, "posts.expert.from_month": 8})))
    assert found[0] == pytest.approx((8, 1))
    for begun, took in found:
        months = math.floor(begun) - 8  # people are as fast all month as on its first day
        learned = months + min(months, 4)
        assert took == pytest.approx(0.5 / productivity(learned))


def test_a_team_works_at_the_mean_of_those_at_work() -> None:
    # One begins on the first day, the other in month 10.
    plan = bare({**learner(), "posts.second": post(from_month=10)})
    found = spells(traced(plan))
    assert len(found) == 35
    for begun, took in found:
        if begun < 10:
            assert took == pytest.approx(0.5 / productivity(begun))
        elif begun > 10:
            mean = (productivity(begun) + productivity(begun - 10)) / 2
            assert took == pytest.approx(0.5 / mean)


def test_after_somebody_left_a_beginner_comes() -> None:
    plan = bare({**learner(), "turnover": {"leaves_year": 0.6, "recruit_months": 2}})
    seen = 0
    for replication in range(20):
        told = traced(plan, replication)
        # Who leaves finishes the work in hand, which delays nobody here: it takes less than the two
        # months until the next one comes.
        came = [0.0, *(time + 2 for time in moments(told, "expert.0 leaves"))]
        for begun, took in spells(told):
            since = max(time for time in came if time <= begun + 1e-9)
            months = max(math.floor(begun) - since, 0)
            assert took == pytest.approx(0.5 / productivity(months))
        seen += len(came) - 1
    assert seen > 10


# ------------------------------------------------------------------ turnover


def test_a_post_is_empty_and_unpaid_for_as_long_as_it_takes_to_fill_it() -> None:
    plan = bare(
        {
            "horizon.judged_month": 120,
            "posts.expert.salary_month": 100,
            "turnover": {"leaves_year": 1, "recruit_months": 3},
            "services.visit": service(offered_year=52),
        }
    )
    times = 0
    for replication in range(10):
        told = traced(plan, replication)
        left = moments(told, "expert.0 leaves")
        times += len(left)
        unpaid = {
            month for month in range(120) if any(time < month + 1 < time + 3 for time in left)
        }
        assert by_month(run(plan, replication=replication), "salaries") == [
            0 if month in unpaid else 100_00 for month in range(120)
        ]
        done = moments(told, "visit for all")
        assert not any(
            time < at < time + 3 for at, words in told if words.endswith(" done") for time in left
        )
        assert done
    # A stay of a year in the mean and three months to fill the post: 8 a decade.
    assert times / 10 == pytest.approx(8, abs=4 * math.sqrt(8 / 10))


def test_whom_a_lost_host_took_away_cannot_leave_again() -> None:
    # The host's person goes in the first days; the centre's own then work as if alone.
    trouble = {**TROUBLE, "losses_year": 12}
    alone = bare(
        {
            "services.visit": BACKLOG,
            "turnover": {"leaves_year": 1, "recruit_months": 3},
            "horizon.judged_month": 120,
        }
    )
    lent = {
        "host": {**HOST, "trouble": trouble},
        "posts.lent": post(payer="host", then="ends", people=4),
    }
    for replication in range(5):
        without = sum(counted(run(alone, replication=replication), "visit.done"))
        beside = sum(counted(run(changed(alone, lent), replication=replication), "visit.done"))
        assert beside >= without


def test_nobody_leaves_an_empty_position() -> None:
    plan = bare(
        {
            "host": {**HOST, "trouble": {**TROUBLE, "losses_year": 2}},
            "posts.lent": post(payer="host", then="ends"),
            "posts.later": post(from_month=12, until_month=18),
            "management": {**MANAGEMENT, "most_hired": 1, "hire_above_waiting": 1000},
            "turnover": {"leaves_year": 6, "recruit_months": 0.1},
        }
    )
    later = 0
    for replication in range(20):
        told = traced(plan, replication)
        lost = [*moments(told, "the host is lost"), NEVER][0]
        assert all(time <= lost for time in moments(told, "lent.0 leaves"))
        assert all(12 <= time < 18 for time in moments(told, "later.0 leaves"))
        assert moments(told, "hired.0 leaves") == []
        later += len(moments(told, "later.0 leaves"))
    # Half a year at six times a year.
    assert later == pytest.approx(20 * 3, abs=4 * math.sqrt(60))


def test_a_hired_person_begins_after_the_board_and_the_search() -> None:
    # Each half month brings a month's work for one person: at the end of month m wait 2m + 2 less
    # the m + 1 that are begun or done. More than three wait at the end of month 3 first.
    plan = bare({"services.visit": BACKLOG, "management": HIRES, "opening.cash": 1e6})
    waiting = 3
    record = run(plan)
    begins = waiting + 1 + 2 + 3
    assert counted(record, "staff.hired") == [int(month == begins) for month in range(24)]
    assert by_month(record, "salaries") == [0] * begins + [100_00] * (24 - begins)
    done = counted(record, "visit.done")
    # One a month, and two from the month after the newcomer's first.
    assert set(done[2:begins]) == {1}
    assert set(done[begins + 1 :]) == {2}


def test_nobody_is_hired_while_too_few_wait_or_the_reserve_would_be_spent() -> None:
    plan = bare({"services.visit": BACKLOG, "management": HIRES, "opening.cash": 1e6})
    patient = changed(plan, {"management.hire_above_waiting": 30})
    assert sum(counted(run(patient), "staff.hired")) == 0
    # Costs of 100; at the end of month 3 somebody would begin in six months and be paid 100 in
    # seven of the year ahead: 1,200 + 700, and what is to be left after that.
    for months, cash, hired in ((0, 2300, 1), (0, 2299, 0), (2, 2500, 1), (2, 2499, 0)):
        poor = {
            "opening.cash": cash,
            "costs.overhead_month": 100,
            "management.reserve_months": months,
        }
        once = changed(plan, {**poor, "management.hire_above_waiting": 3})
        record = run(changed(once, {"horizon.judged_month": 12}))
        assert sum(counted(record, "staff.hired")) == hired, (months, cash)


def test_most_hired_is_the_most() -> None:
    busy = {"services.visit": service(staff_days=20, offered_year=240)}
    for most in (0, 1, 3):
        terms = {**HIRES, "most_hired": most}
        plan = bare({**busy, "management": terms, "opening.cash": 1e6})
        record = run(plan)
        assert sum(counted(record, "staff.hired")) == most
        assert max(by_month(record, "salaries")) == 100_00 * most


def test_a_person_let_go_is_paid_through_the_board_s_delay_and_the_notice_and_no_longer() -> None:
    # Hired from month 9 on, as above: 200 a month are spent from then on. When cash will be gone in
    # six months, seven of pay are still to come: three of the board, four of notice.
    plan = bare(
        {
            "services.visit": BACKLOG,
            "opening.cash": 3000,
            "costs.overhead_month": 100,
            "management": HIRES,
            "horizon.judged_month": 36,
        }
    )
    record = run(plan)
    cash = record.cash_cents().tolist()
    paid = [month for month, cents in enumerate(by_month(record, "salaries")) if cents]
    decided = next(month for month in range(9, 36) if cash[month] < 6 * 200_00)
    assert paid == list(range(9, decided + 3 + 4 + 1))
    gone = counted(record, "staff.let_go")
    assert [month for month, n in enumerate(gone) if n] == [decided + 3 + 4 + 1]
    # And does no more work.
    assert set(counted(record, "visit.done")[decided + 3 + 4 + 3 :]) == {1}


def test_somebody_may_be_hired_again() -> None:
    plan = bare(
        {
            "services.visit": BACKLOG,
            "opening.cash": 3000,
            "costs.overhead_month": 100,
            "management": HIRES,
            "grants.core": grant({30: 100_000}, from_month=30),
            "horizon.judged_month": 48,
        }
    )
    record = run(plan)
    assert sum(counted(record, "staff.hired")) == 2
    assert sum(counted(record, "staff.let_go")) == 1
    assert by_month(record, "salaries")[-1] == 100_00
    assert counted(record, "visit.done")[-1] == 2


def test_whom_cash_no_longer_carries_begins_is_let_go_and_may_be_hired_again() -> None:
    # Decided at the end of month 1, to begin in month 8. The equipment of month 4, which no
    # forecast holds, takes the cash: notice is given as soon as there is somebody to give it to,
    # and a month later the post is empty again. The grant of month 9 is late; at that month's
    # end a search of six months begins.
    plan = bare(
        {
            "services.visit": service(staff_days=2000, offered_year=12),
            "opening.cash": 6000,
            "costs.overhead_month": 100,
            "costs.equipment": 5000,
            "costs.equipment_month": 4,
            "grants.core": grant({9: 100_000}, from_month=9),
            "horizon.judged_month": 36,
            "management": {
                **HIRES,
                "hire_above_waiting": 0,
                "recruit_months": 6,
                "board_delay_months": 0,
                "notice_months": 1,
            },
        }
    )
    record = run(plan)
    paid = [month for month, cents in enumerate(by_month(record, "salaries")) if cents]
    assert paid == [8, *range(16, 36)]
    assert sum(counted(record, "staff.hired")) == 2
    assert sum(counted(record, "staff.let_go")) == 1


def test_who_earns_more_than_the_post_costs_is_kept_whatever_the_forecast() -> None:
    # Both are busy all the time and earn 100 or 300 a month each, at a pay of 200. Costs of 1,000
    # make cash short for good. The second to come is let go only where the work earns less.
    for price, people in ((100, 1), (300, 2)):
        plan = bare(
            {
                "services.visit": service(staff_days=20, clients=asked_for(4, price)),
                "posts.expert": post(people=2, salary_month=200),
                "opening.cash": 20_000,
                "costs.overhead_month": 1000,
                "management": {**MANAGEMENT, "giving_up": {"fewest_people": 1}},
            }
        )
        assert by_month(run(plan), "salaries")[-1] == people * 200_00


POSTS_GO: dict[str, Any] = {
    "posts.expert": post(people=3, salary_month=100),
    "opening.cash": 2400,
    "management": {**MANAGEMENT, "giving_up": {"fewest_people": 1}},
}
"""Three people at 100 a month, and cash for eight months of it."""


def test_posts_are_given_up_before_cash_is_short_down_to_the_fewest() -> None:
    # 1,800 are left after two months, for six more. After the next 1,500 are, for less: the first
    # goes. 1,300 are left after the fourth month, for six of two people; 1,100 after the fifth: the
    # second goes. The last one stays.
    record = run(bare(POSTS_GO))
    assert by_month(record, "salaries")[:7] == [
        300_00,
        300_00,
        300_00,
        200_00,
        200_00,
        100_00,
        100_00,
    ]
    # Counted in the first month without them.
    assert counted(record, "staff.let_go")[:7] == [0, 0, 0, 1, 0, 1, 0]
    assert by_month(record, "salaries")[-1] == 100_00
    # Left out, everybody stays, as they do with as many as there are.
    for kept in (without(bare(POSTS_GO), "management.giving_up"), fewest(3)):
        assert set(by_month(run(kept), "salaries")) == {300_00}
    # 600 are left after month 9, for six of the last one; 500 after the next: so does that one.
    assert by_month(run(fewest(0)), "salaries")[5:12] == [100_00] * 6 + [0]


def test_a_gap_that_signed_money_fills_costs_no_post() -> None:
    # Cash is gone in month 8, and a tranche of month 10 fills the gap: nobody goes. Where it is not
    # signed before month 10, nobody can count on it.
    for signed, people in ((0, 3), (10, 1)):
        fills = grant({10: 100_000}, from_month=signed)
        record = run(bare({**POSTS_GO, "grants.core": fills, "liquidity.credit_line": 1e6}))
        assert by_month(record, "salaries")[9] == people * 100_00


def test_a_post_that_cash_would_not_carry_does_not_begin_yet() -> None:
    # With the second post from month 6 on, cash would not last the year; with 5,000 it does. Who is
    # there is not let go for it.
    for cash, people in ((1500, 1), (5000, 2)):
        record = run(bare({**BEGINS_LATER, "opening.cash": cash, "horizon.judged_month": 12}))
        assert by_month(record, "salaries")[5:8] == [100_00, people * 100_00, people * 100_00]
    # It begins once the forecast keeps the reserve: with the grant of month 8, a month later; never
    # before the plan says.
    for month, begins in ((8, 9), (3, 6)):
        late = {"grants.core": grant({month: 100_000}, from_month=month), "opening.cash": 700}
        salaries = by_month(run(bare({**BEGINS_LATER, **late})), "salaries")
        assert salaries == [100_00] * begins + [200_00] * (24 - begins)


BEGINS_LATER: dict[str, Any] = {
    "posts.expert": post(salary_month=100),
    "posts.later": post(salary_month=100, from_month=6),
    "management": {**MANAGEMENT, "giving_up": {"fewest_people": 1}},
}
"""One person, and another from month 6 on."""


def fewest(people: int) -> Plan:
    return changed(bare(POSTS_GO), {"management.giving_up.fewest_people": people})


def test_a_post_stays_empty_until_the_forecast_keeps_the_reserve() -> None:
    # From month 5 on 100 a month are paid, as above, and at the end of month 8 700 are left. With a
    # grant in month 9 a second person is to be paid for twelve months: 2,400 are needed at its end.
    for usd, people in ((1800, 2), (1799, 1)):
        fills = grant({9: usd}, from_month=9)
        record = run(bare({**POSTS_GO, "grants.core": fills, "horizon.judged_month": 12}))
        assert by_month(record, "salaries")[9:11] == [100_00, people * 100_00]


def test_a_post_that_another_pays_is_not_given_up() -> None:
    seconded = {
        "host": HOST,
        "posts.expert": post(people=3, salary_month=100, payer="host"),
        "posts.own": post(salary_month=100),
        "opening.cash": 700,
    }
    record = run(bare({**POSTS_GO, **seconded}))
    assert by_month(record, "salaries")[:4] == [100_00, 100_00, 0, 0]
    assert set(by_month(record, "in_kind_salaries")) == {300_00}


def test_a_post_given_up_is_filled_again_before_others_are_hired() -> None:
    # Two of three go, as above. With the grant of month 6 cash is long enough, and the director
    # fills one place a month, at its end, the plan's posts first: at 100, and only then, for the
    # work that waits, whom he hires at 40.
    plan = bare(
        {
            **POSTS_GO,
            "services.visit": service(staff_days=20, offered_year=240),
            "grants.core": grant({6: 100_000}, from_month=6),
            "management.most_hired": 1,
            "management.hire_salary_month": 40,
        }
    )
    record = run(plan)
    assert by_month(record, "salaries")[5:11] == [
        100_00,
        100_00,
        200_00,
        300_00,
        340_00,
        340_00,
    ]
    assert sum(counted(record, "staff.hired")) == 3


def test_a_post_that_would_have_ended_by_then_is_not_filled_again() -> None:
    # With the grant of month 6 the search for the first begins at its end, and takes three months:
    # to month 10. A month later the second would come too late.
    for ends, hired in ((12, 2), (11, 1), (10, 0)):
        plan = bare(
            {
                **POSTS_GO,
                "opening.cash": 1800,
                "posts.expert": post(people=3, salary_month=100, until_month=ends),
                "grants.core": grant({6: 100_000}, from_month=6),
                "management.recruit_months": 3,
            }
        )
        assert sum(counted(run(plan), "staff.hired")) == hired


def test_the_last_to_come_is_the_first_to_go() -> None:
    came = {"posts.expert": post(salary_month=100, from_month=1), "posts.old": post()}
    record = run(bare({**POSTS_GO, **came, "opening.cash": 800}))
    # After three months of pay 500 are left, for five. The older one costs nothing, and stays.
    assert by_month(record, "salaries")[:6] == [0, 100_00, 100_00, 100_00, 0, 0]
    assert counted(record, "staff.people")[4] == 1
