"""How many clients ask, where awareness and climate move in closed form.

Enquiries are a Poisson process whose rate follows the state; the number of them is then Poisson
with the integral of the rate as its mean. The sum over replications must be within four standard
errors of it.
"""

import math
from typing import Any

from ncpcsim.plan.load import Plan
from tests.plans import bare_plan, changed, counted, run, service

REPLICATIONS = 40
MONTHS = 24
# 100 clients who ask 6 times a year: 50 enquiries a month where all of them know the centre.
FULL_RATE = 50.0
ASKING: dict[str, Any] = {
    "horizon.judged_month": MONTHS,
    "services.visit.clients.firms.asks_year": 6,
}


def assert_expected(plan: Plan, by_month: list[float], what: str = "visit.asked") -> None:
    """Compare counts, in total and by month, with their means."""
    runs = [counted(run(plan, seed=5, replication=r), what) for r in range(REPLICATIONS)]
    sums = [sum(column) for column in zip(*runs, strict=True)]
    mean = REPLICATIONS * math.fsum(by_month)
    assert abs(sum(sums) - mean) <= 4 * math.sqrt(mean)
    # Months are independent: the sum of their squared standard scores is chi-squared.
    squares = [
        (n - REPLICATIONS * mean) ** 2 / (REPLICATIONS * mean)
        for n, mean in zip(sums, by_month, strict=True)
        if mean > 0.1
    ]
    freedom = len(squares)
    assert abs(math.fsum(squares) - freedom) <= 4 * math.sqrt(2 * freedom)


def test_full_awareness_asks_at_the_full_rate() -> None:
    assert_expected(bare_plan(ASKING), [FULL_RATE] * MONTHS)


def test_partial_awareness_asks_in_proportion() -> None:
    # What is known at the start may exceed what can ever be reached.
    changes = {"segments.firms.aware_at_start": 0.3, "segments.firms.aware_at_most": 0.1}
    plan = bare_plan({**ASKING, **changes})
    assert_expected(plan, [0.3 * FULL_RATE] * MONTHS)


def test_awareness_fades_exponentially() -> None:
    fade = 0.08
    plan = bare_plan({**ASKING, "market.awareness_fade_month": fade})
    month = FULL_RATE * (1 - math.exp(-fade)) / fade
    assert_expected(plan, [month * math.exp(-fade * m) for m in range(MONTHS)])


def test_events_tell_clients_who_then_forget() -> None:
    # Every month's end an event reaches 20 of 100 clients, of whom 60 can be reached. Between two
    # events awareness fades; an event closes the part exp(-0.2) of the gap to the ceiling.
    fade, at_most = 0.1, 0.6
    plan = bare_plan(
        {
            **ASKING,
            "market.awareness_fade_month": fade,
            "segments.firms.aware_at_start": 0.05,
            "segments.firms.aware_at_most": at_most,
            "services.seminar": service(offered_year=12, reaches_clients=20, clients={}),
        }
    )
    aware, expected = 0.05, []
    for _ in range(MONTHS):
        expected.append(FULL_RATE * aware * (1 - math.exp(-fade)) / fade)
        aware *= math.exp(-fade)
        aware = at_most - (at_most - aware) * math.exp(-20 / 100)
    assert_expected(plan, expected)


def test_an_event_is_shared_by_all_segments_and_word_of_mouth_stays_in_its_own() -> None:
    # An event reaches 40 clients of 100 firms and 300 hospitals: exp(-0.1) of either gap is left.
    plan = bare_plan(
        {
            **ASKING,
            "segments.firms.aware_at_start": 0,
            "segments.hospitals": {
                **bare_plan().tree["segments"]["firms"],
                "potential_clients": 300,
                "aware_at_start": 0,
            },
            "services.visit.clients.hospitals": {
                "asks_year": 2,
                "price": 0,
                "willingness": 0,
            },
            "services.seminar": service(offered_year=12, reaches_clients=40, clients={}),
        }
    )
    # Firms and hospitals then ask at 50 a month each where all know.
    aware = [1 - math.exp(-0.1 * m) for m in range(MONTHS)]
    assert_expected(plan, [2 * FULL_RATE * share for share in aware])

    # Hospitals that were served tell other hospitals, so more ask; no firm hears of it.
    rumour = {
        "services.seminar.reaches_clients": 0,
        "segments.hospitals.aware_at_start": 0.2,
        "market.word_of_mouth_clients": 5,
        "services.visit.clients.hospitals.price": 10,
        "services.visit.clients.hospitals.willingness": 10,
        "services.visit.clients.firms.price": 1000,
        "services.visit.clients.firms.willingness": 10,
    }
    for replication in range(5):
        record = run(changed(plan, rumour), replication=replication)
        assert sum(counted(record, "visit.done")[12:]) > sum(counted(record, "visit.done")[:12])
        # Firms decline, so a firm that asks would show.
        assert sum(counted(record, "visit.declined")) == 0


def test_adopted_advice_raises_demand_and_wears_off() -> None:
    # Every month's end advice is adopted that goes 0.3 of the way to the best climate, under which
    # clients ask twice and a half as often; in between the climate wears off.
    gain, fade, effect = 0.3, 0.2, 1.5
    plan = bare_plan(
        {
            **ASKING,
            "market.climate_effect": effect,
            "market.climate_fade_month": fade,
            "services.advice": service(
                offered_year=12, adoption_probability=1, climate_gain=gain, clients={}
            ),
        }
    )
    climate, expected = 0.0, []
    for _ in range(MONTHS):
        expected.append(FULL_RATE * (1 + effect * climate * (1 - math.exp(-fade)) / fade))
        climate *= math.exp(-fade)
        climate += (1 - climate) * gain
    assert_expected(plan, expected)


def test_each_chance_comes_as_often_as_stated() -> None:
    plan = bare_plan(
        {
            **ASKING,
            "market.willingness_sigma": 0.8,
            # Half a sigma above the median: 31 % accept.
            "services.visit.clients.firms.price": 100 * math.exp(0.4),
            "services.visit.clients.firms.willingness": 100,
            "services.visit.adoption_probability": 0.25,
            "services.check": service(follows={"service": "visit", "probability": 0.4}),
        }
    )
    accepting = 0.5 * math.erfc(0.5 / math.sqrt(2))
    done = FULL_RATE * accepting
    assert_expected(plan, [done] * MONTHS, "visit.done")
    assert_expected(plan, [FULL_RATE - done] * MONTHS, "visit.declined")
    assert_expected(plan, [0.25 * done] * MONTHS, "visit.adopted")
    assert_expected(plan, [0.4 * done] * MONTHS, "check.asked")


def test_invoices_are_paid_after_exponential_times_and_a_share_never() -> None:
    # In units of one invoice: of 50 a month, 0.8 are paid after a mean of 4 months. What is paid
    # by time t is 40 (t - 4 (1 - exp(-t / 4))).
    plan = bare_plan(
        {
            **ASKING,
            "services.visit.clients.firms.price": 1,
            "services.visit.clients.firms.willingness": 1,
            "segments.firms.payment_delay_months": 4,
            "segments.firms.bad_debt_probability": 0.2,
            "market.write_off_months": 6,
        }
    )
    paid, lost = 0, 0
    for replication in range(REPLICATIONS):
        closing = run(plan, seed=5, replication=replication).closing_cents()
        paid += closing["cash"] // 100
        lost += closing["bad_debts"] // 100
    mean = REPLICATIONS * 40 * (MONTHS - 4 * (1 - math.exp(-MONTHS / 4)))
    assert abs(paid - mean) <= 4 * math.sqrt(mean)
    mean = REPLICATIONS * 10 * (MONTHS - 6)
    assert abs(lost - mean) <= 4 * math.sqrt(mean)


def test_a_host_sends_the_share_of_people_that_it_delivers() -> None:
    plan = bare_plan(
        {
            "horizon.judged_month": 1,
            "host": {
                "kind": "university",
                "cash_month": 0,
                "premises_share": 0,
                "delivered_share": 0.7,
                "delay_months": 0,
            },
            "posts.lent": {
                **bare_plan().tree["posts"]["expert"],
                "people": 50,
                "salary_month": 1,
                "payer": "host",
                "then": "ends",
            },
        }
    )
    came = sum(
        run(plan, seed=5, replication=r).closing_cents()["in_kind_salaries"] // 100
        for r in range(REPLICATIONS)
    )
    promised = 50 * REPLICATIONS
    assert abs(came - 0.7 * promised) <= 4 * math.sqrt(promised * 0.7 * 0.3)
