"""The technical staff as a queue whose answers are known in closed form.

One segment that knows the centre and forgets nothing asks at a constant rate, so enquiries are a
Poisson process; a service without price or costs is accepted at once and waits for one of `c`
people. Replications are independent, so the standard error of a mean over them is honest. A test
fails when the mean is more than three of them from the formula.
"""

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from ncpcsim.plan.load import Plan
from tests.plans import bare_plan, counted, run

REPLICATIONS = 20
SERVED_MONTH = 20.0
"""What one person can do in a month: 20 working days, a mean of one day each."""
WARM_UP = 0.1
COOL_DOWN = 0.98
"""Only who asked between these shares of the run counts: not an empty start, not a cut-off end."""


def staffed(people: int, load: float, customers: int, **visit: Any) -> Plan:
    """A plan in which `people` are busy for the share `load` of their time.

    The run is as long as it takes for so many customers to come.
    """
    rate_month = load * people * SERVED_MONTH
    changes = {"staff_days": 1.0, "variability": "exponential", **visit}
    return bare_plan(
        {
            "horizon.judged_month": round(customers / rate_month),
            "posts.expert.people": people,
            "services.visit.clients.firms.asks_year": rate_month * 12 / 100,
            **{f"services.visit.{key}": value for key, value in changes.items()},
        }
    )


@dataclass
class Watch:
    """What a trace says of each customer: when asked for, begun and done."""

    asked: dict[str, float] = field(default_factory=dict)
    begun: dict[str, float] = field(default_factory=dict)
    done: dict[str, float] = field(default_factory=dict)

    def __call__(self, time: float, what: str) -> None:
        for ending, times in (
            (" asked for", self.asked),
            (" begun", self.begun),
            (" done", self.done),
        ):
            if what.endswith(ending):
                times[what.removesuffix(ending)] = time

    def waits(self, months: int) -> list[float]:
        """Waiting times of those who asked in the middle part of the run."""
        return [
            self.begun[who] - time
            for who, time in self.asked.items()
            if WARM_UP * months < time < COOL_DOWN * months and who in self.begun
        ]

    def busy(self, months: int) -> float:
        """Work done within the middle part of the run, in person-months."""
        low, high = WARM_UP * months, COOL_DOWN * months
        return sum(
            max(0.0, min(self.done.get(who, high), high) - max(begun, low))
            for who, begun in self.begun.items()
        )


def watched(plan: Plan) -> list[Watch]:
    watches = []
    for replication in range(REPLICATIONS):
        watch = Watch()
        run(plan, seed=7, replication=replication, trace=watch)
        watches.append(watch)
    return watches


def z_score(values: list[float], expected: float) -> float:
    """How many standard errors the mean of independent values is from what was expected."""
    n = len(values)
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / (n - 1)
    return (mean - expected) / math.sqrt(variance / n)


def erlang_b(people: int, offered: float) -> float:
    """Share of customers lost where nobody waits; `offered` is the work asked for, in people."""
    lost = 1.0
    for n in range(1, people + 1):
        lost = offered * lost / (n + offered * lost)
    return lost


def erlang_c(people: int, offered: float) -> float:
    """Share of customers who wait where everybody does until it is their turn."""
    lost = erlang_b(people, offered)
    return people * lost / (people - offered * (1 - lost))


def average(values: list[float]) -> float:
    return sum(values) / len(values)


def test_the_formulas_give_textbook_values() -> None:
    # M/M/1: the share who wait is the load. M/M/2: C = 2 load^2 / (1 + load).
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(2, 1.2) == pytest.approx(2 * 0.36 / 1.6)
    assert erlang_b(2, 1.0) == pytest.approx(0.2)


@pytest.mark.parametrize("customers", [4000, pytest.param(16_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("people", "load"), [(1, 0.7), (2, 0.6), (4, 0.8)])
def test_clients_wait_as_erlang_says(people: int, load: float, customers: int) -> None:
    plan = staffed(people, load, customers)
    months = plan.numbers.months
    watches = watched(plan)

    share_waiting = erlang_c(people, people * load)
    mean_wait = share_waiting / (people * SERVED_MONTH * (1 - load))
    waits = [watch.waits(months) for watch in watches]
    # At a free server work begins in the same instant, so a wait is exactly zero or really one.
    waiting = [average([float(wait > 0) for wait in run_waits]) for run_waits in waits]
    assert abs(z_score(waiting, share_waiting)) <= 3
    assert abs(z_score([average(run_waits) for run_waits in waits], mean_wait)) <= 3

    capacity = people * (COOL_DOWN - WARM_UP) * months
    busy = [watch.busy(months) / capacity for watch in watches]
    assert abs(z_score(busy, load)) <= 3


def test_in_one_line_of_two_people_each_serves_who_waited_longest() -> None:
    plan = staffed(2, 0.8, customers=1000)
    watch = Watch()
    run(plan, seed=7, trace=watch)
    in_order_of_asking = sorted(watch.begun, key=watch.asked.__getitem__)
    begun = [watch.begun[who] for who in in_order_of_asking]
    assert begun == sorted(begun)


@pytest.mark.parametrize(
    ("variability", "second_moment"),
    # Of working days with mean 1: the square of a constant, and of a lognormal with sigma 0.5.
    [("fixed", 1.0), ("lognormal", math.exp(0.25))],
)
def test_one_person_keeps_clients_waiting_as_pollaczek_and_khinchine_say(
    variability: str, second_moment: float
) -> None:
    load = 0.6
    plan = staffed(1, load, customers=4000, variability=variability)
    waits = [average(w.waits(plan.numbers.months)) for w in watched(plan)]
    rate_month = load * SERVED_MONTH
    expected = rate_month * second_moment / SERVED_MONTH**2 / (2 * (1 - load))
    assert abs(z_score(waits, expected)) <= 3


@pytest.mark.parametrize("variability", ["exponential", "lognormal"])
def test_clients_without_patience_are_lost_as_erlang_says(variability: str) -> None:
    # The share lost depends on the mean work alone, not on how it varies.
    plan = staffed(3, 0.8, customers=2000, variability=variability)
    plan = plan.variant(
        {"segments.firms.patience_months": {"value": 0, "unit": "months", "assumption": True}}
    )
    lost = []
    for replication in range(REPLICATIONS):
        record = run(plan, seed=11, replication=replication)
        months = range(round(WARM_UP * record.months), record.months)
        left, asked = (
            sum(counted(record, what)[month] for month in months)
            for what in ("visit.left", "visit.asked")
        )
        lost.append(left / asked)
    assert abs(z_score(lost, erlang_b(3, 2.4))) <= 3


def test_clients_with_some_patience_leave_as_erlang_a_says() -> None:
    # M/M/c + M, with patience of the same mean as the work: the number present is then that of a
    # queue with a server for everyone, Poisson with mean `offered`, and a client leaves at the rate
    # of the waiting, so the share who leave is E[max(present - c, 0)] / offered.
    people, offered = 2, 1.8
    plan = staffed(people, offered / people, customers=3000)
    plan = plan.variant(
        {
            "segments.firms.patience_months": {
                "value": 1 / SERVED_MONTH,
                "unit": "months",
                "assumption": True,
            }
        }
    )
    waiting = sum(
        (n - people) * math.exp(-offered) * offered**n / math.factorial(n)
        for n in range(people + 1, 60)
    )
    shares = []
    for replication in range(REPLICATIONS):
        record = run(plan, seed=13, replication=replication)
        shares.append(sum(counted(record, "visit.left")) / sum(counted(record, "visit.asked")))
    assert abs(z_score(shares, waiting / offered)) <= 3


def test_urgent_work_overtakes_as_cobham_says() -> None:
    # Two services for one person, each half of the demand, work under way not interrupted. The
    # mean work met in progress is R = rate x E[S^2] / 2; the first class waits R / (1 - load_1),
    # the second R / ((1 - load_1) (1 - load)).
    load = 0.7
    plan = staffed(1, load, customers=4000)
    urgent = plan.variant(
        {
            "services.visit.priority": 5,
            "services.visit.clients.firms.asks_year": _asks(load / 2),
            "services.audit": {
                **plan.tree["services"]["visit"],
                "priority": 1,
                "clients": {
                    "firms": {
                        **plan.tree["services"]["visit"]["clients"]["firms"],
                        "asks_year": _asks(load / 2),
                    }
                },
            },
        }
    )
    months = urgent.numbers.months
    watches = watched(urgent)
    rest = load / SERVED_MONTH
    for name, expected in (
        ("audit", rest / (1 - load / 2)),
        ("visit", rest / ((1 - load / 2) * (1 - load))),
    ):
        means = [average(_only(watch, name).waits(months)) for watch in watches]
        assert abs(z_score(means, expected)) <= 3, name


def _asks(load: float) -> dict[str, Any]:
    asks_year = load * SERVED_MONTH * 12 / 100
    return {"value": asks_year, "unit": "enquiries/aware client/year", "assumption": True}


def _only(watch: Watch, name: str) -> Watch:
    every = (watch.asked, watch.begun, watch.done)
    return Watch(*({who: t for who, t in times.items() if who.startswith(name)} for times in every))


def test_work_done_in_a_month_is_poisson_as_burke_says() -> None:
    # What leaves an M/M/c queue in equilibrium is a Poisson process like the one that enters, so
    # monthly counts have its mean and variance and are unrelated from month to month.
    plan = staffed(2, 0.7, customers=4000)
    rate = 0.7 * 2 * SERVED_MONTH
    means, variances, products = [], [], []
    for replication in range(REPLICATIONS):
        record = run(plan, seed=17, replication=replication)
        done = counted(record, "visit.done")[round(WARM_UP * record.months) :]
        off = [count - rate for count in done]
        means.append(average([float(count) for count in done]))
        variances.append(average([x * x for x in off]))
        products.append(average([x * y for x, y in pairwise(off)]))
    assert abs(z_score(means, rate)) <= 3
    assert abs(z_score(variances, rate)) <= 3
    assert abs(z_score(products, 0)) <= 3
