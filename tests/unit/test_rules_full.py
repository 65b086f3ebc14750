"""Rules of the full centre, each against its definition or what must hold for all numbers."""

import math
from itertools import count, pairwise, takewhile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binom as binomial_distribution
from scipy.stats import kstest, lognorm, norm
from scipy.stats import poisson as poisson_distribution

from ncpcsim import rules
from ncpcsim.plan.schema import Grant
from ncpcsim.plan.schema.agreements import agreements

settings.register_profile("rules", max_examples=150, deadline=None, derandomize=True)
settings.load_profile("rules")

share = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
uniform = st.floats(1e-9, 1 - 1e-9)
months = st.floats(0, 1200)
shape = st.sampled_from(["even", "front_loaded", "tapered"])
U = [(i + 0.5) / 4000 for i in range(4000)]
"""Evenly spread draws: what a rule makes of them has its distribution."""


# ------------------------------------------------------------------ tranches


def tranche_shares(number: int, shape: str) -> list[float]:
    """Each tranche of a schedule over as many months, of its total."""
    terms = {"total": 1.0, "every_months": 1, "shape": shape}
    one = {"giver": "other", "terms": "discretionary", "delay_months": 0, "spend_months": 1}
    grant = Grant.model_validate({**one, "schedule": terms, "from_month": 0, "until_month": number})
    (agreed,) = agreements(None, {"core": grant}).values()
    return [amount for _, amount in agreed.amounts()]


@given(st.integers(1, 60), shape)
def test_tranche_shares_are_all_of_the_total(number: int, shape: str) -> None:
    shares = tranche_shares(number, shape)
    assert len(shares) == number
    assert math.fsum(shares) == pytest.approx(1, abs=1e-12)
    assert all(share >= 0 for share in shares)


@given(st.integers(2, 60))
def test_tranche_shares_have_their_shape(number: int) -> None:
    even, front, tapered = (
        tranche_shares(number, name) for name in ("even", "front_loaded", "tapered")
    )
    assert even == pytest.approx([1 / number] * number)
    assert all(b == pytest.approx(a / 2, abs=1e-15) for a, b in pairwise(front))
    steps = [a - b for a, b in pairwise(tapered)]
    assert steps == pytest.approx([tapered[-1]] * (number - 1))


# ------------------------------------------------------------------ what is offered


rates = st.lists(st.one_of(st.just(0.0), st.floats(0.5, 60)), min_size=1, max_size=5)


def offer_time(number: int, rates_year: list[float], step_months: int) -> float:
    return rules.offer_time(number, rates_year, 0, len(rates_year), step_months)


def held(rates_year: list[float], step_months: int, until: float) -> list[float]:
    """When something is held, up to a month, to a millionth of a month."""
    every = (offer_time(number, rates_year, step_months) for number in count(1))
    return list(takewhile(lambda time: time <= until, (round(time, 6) for time in every)))


@given(rates, st.integers(1, 36))
def test_as_many_are_held_as_the_rates_of_the_steps_say(rates_year: list[float], step: int) -> None:
    until = step * (len(rates_year) + 1)
    times = held(rates_year, step, until)
    assert times == sorted(times)
    for border in range(step, until + 1, step):
        # The integral of the rate up to a step's end, whatever is under way then.
        steps = [rates_year[min(k, len(rates_year) - 1)] for k in range(border // step)]
        whole = math.fsum(steps) / 12 * step
        assert whole - 1 - 1e-6 < sum(time <= border for time in times) <= whole + 1e-6


@given(st.integers(1, 120), st.integers(1, 36), st.integers(1, 5))
def test_a_whole_number_a_year_is_held_each_year(number: int, step: int, steps: int) -> None:
    times = held([float(number)] * steps, step, 36)
    by_year = [sum(12 * year < time <= 12 * (year + 1) for time in times) for year in range(3)]
    assert by_year == [number] * 3


@given(st.integers(1, 1000), st.integers(1, 36))
def test_what_the_rates_never_bring_is_never_held(number: int, step: int) -> None:
    assert offer_time(number, [0.0] * 5, step) == math.inf
    # Twelve a year for a step, and nothing after it.
    times = held([12.0, 0, 0, 0, 0], step, 1e6)
    assert times == pytest.approx(range(1, step + 1))


@given(months, st.integers(1, 240), st.integers(1, 5))
def test_the_step_of_a_time_is_the_one_it_falls_in_and_the_last_goes_on(
    month: float, step_months: int, steps: int
) -> None:
    step = rules.step_of(month, step_months, steps)
    assert 0 <= step < steps
    assert step * step_months <= month
    assert month < (step + 1) * step_months or step == steps - 1


# ------------------------------------------------------------------ chance


@given(st.floats(0, 200), uniform)
def test_poisson_inverts_its_distribution_function(mean: float, u: float) -> None:
    number = rules.poisson(mean, u)
    # Where u is within rounding of a step of the distribution function either side is right.
    assume(abs(float(poisson_distribution.cdf(number, mean)) - u) > 1e-10)
    assume(abs(float(poisson_distribution.cdf(number - 1, mean)) - u) > 1e-10)
    assert number == int(poisson_distribution.ppf(u, mean))


def test_poisson_of_nothing_is_nothing() -> None:
    assert {rules.poisson(0.0, u) for u in U} == {0}


@given(st.integers(0, 1000), st.floats(0, 1), uniform)
def test_binomial_inverts_its_distribution_function(trials: int, p: float, u: float) -> None:
    number = rules.binomial(trials, p, u)
    assert 0 <= number <= trials
    # Of likely and unlikely events alike, either side of a step is right within rounding.
    assume(abs(float(binomial_distribution.cdf(number, trials, p)) - u) > 1e-10)
    assume(abs(float(binomial_distribution.cdf(number - 1, trials, p)) - u) > 1e-10)
    assert number == int(binomial_distribution.ppf(u, trials, p))


@pytest.mark.parametrize("trials", [0, 1, 12, 1000, 5000])
def test_binomial_of_certainty_is_certain(trials: int) -> None:
    assert {rules.binomial(trials, 0.0, u) for u in U} == {0}
    assert {rules.binomial(trials, 1.0, u) for u in U} == {trials}


@pytest.mark.parametrize("trials", [1, 2, 3, 12, 100, 1000])
def test_binomial_ends_at_all_of_them(trials: int) -> None:
    # However close to 1 the draw is, and the sum of all chances below it.
    last = 1 - 2**-53
    for percent in range(1, 100):
        assert rules.binomial(trials, percent / 100, last) <= trials
        assert rules.binomial(trials, percent / 100, 1 - last) >= 0


@given(st.integers(2000, 100_000), st.floats(0.0001, 0.9999), uniform)
def test_binomial_of_many_is_nearly_itself(trials: int, p: float, u: float) -> None:
    assume(0.0001 < u < 0.9999)
    exact = float(binomial_distribution.ppf(u, trials, p))
    assert rules.binomial(trials, p, u) == pytest.approx(exact, abs=3)


def test_lognormal_has_its_median_and_spread() -> None:
    found = [rules.lognormal(8000, 0.5, u) for u in U]
    assert kstest(found, lognorm(s=0.5, scale=8000).cdf).statistic < 0.001
    assert rules.lognormal(0, 0.5, 0.9) == 0
    assert rules.lognormal(700, 0, 0.9) == 700


def test_a_step_of_the_exchange_rate_is_normal() -> None:
    steps = [rules.exchange_step(0.2, 0.12, 0.24, u) for u in U]
    spread = norm(loc=0.2 + 0.01, scale=0.24 / math.sqrt(12))
    assert kstest(steps, spread.cdf).statistic < 0.001


@given(st.floats(-1, 1), st.floats(-1, 1), uniform)
def test_without_volatility_the_exchange_rate_follows_its_trend(
    log_worth: float, drift: float, u: float
) -> None:
    assert rules.exchange_step(log_worth, drift, 0, u) == pytest.approx(log_worth + drift / 12)


# ------------------------------------------------------------------ prices


@given(st.floats(-0.4, 5), st.integers(0, 600), st.integers(0, 600))
def test_levels_multiply(rate: float, first: int, then: int) -> None:
    both = rules.level(rate, first) * rules.level(rate, then)
    assume(both < 1e300)
    assert rules.level(rate, first + then) == pytest.approx(both)
    assert rules.level(rate, 12) == pytest.approx(1 + rate)
    assert rules.level(0, first) == 1


@given(st.floats(0.1, 10), st.integers(1, 500), st.integers(0, 500), share, st.tuples(share, share))
def test_prices_are_rewritten_by_at_most_a_step(
    factor: float, asked: int, accepted: int, step: float, band: tuple[float, float]
) -> None:
    assume(accepted <= asked)
    low, high = band
    assume(low <= high)
    new = rules.repriced(factor, accepted, asked, step, low, high)
    accepted_share = accepted / asked
    if accepted_share > high:
        assert new == pytest.approx(factor * (1 + step))
    elif accepted_share < low:
        assert new == pytest.approx(factor * (1 - step))
    else:
        assert new == factor


@given(st.floats(0.1, 10), share)
def test_prices_stay_when_nobody_asked(factor: float, step: float) -> None:
    assert rules.repriced(factor, 0, 0, step, 1, 0) == factor


# ------------------------------------------------------------------ market


@given(share, share)
def test_a_recession_takes_at_most_what_the_fully_exposed_lose(
    exposure: float, left: float
) -> None:
    demand = rules.cycle_demand(exposure, left)
    assert left - 1e-12 <= demand <= 1
    assert rules.cycle_demand(0, left) == 1
    assert rules.cycle_demand(1, left) == pytest.approx(left)
    assert rules.cycle_demand(exposure, 1) == 1


@given(share, share, st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.1, 1e4))
def test_rivals_only_grow_with_those_trained(
    at_start: float, at_most: float, a: float, b: float, scale: float
) -> None:
    few, many = sorted([a, b])
    less, more = (rules.rivals(at_start, at_most, n, scale) for n in (few, many))
    assert at_start <= less <= more <= max(at_start, at_most) + 1e-12
    assert rules.rivals(at_start, at_most, 0, scale) == at_start


def test_what_is_gained_later_is_told_of_later() -> None:
    at_once = rules.told_of(4, 0.5, 0.6, 300, 1000) + rules.told_later(4, 0.5, 0.6, 700, 1000)
    assert at_once == pytest.approx(rules.told_of(4, 0.5, 0.6, 1000, 1000))
    assert rules.told_later(4, 1, 1, 500, 0) == 0


def test_a_segment_is_expected_to_gain_what_its_means_allow() -> None:
    assert rules.expected_saving(700, 300, 0.5) == 850
    assert rules.can_invest(0.4, 0.5, 0.69)
    assert not rules.can_invest(0.4, 0.5, 0.71)


def test_a_contact_is_told_of_by_its_kind_and_by_what_it_gained() -> None:
    # Four clients hear of a full contact; half of that follows the gain, of 1,000 in the mean.
    assert rules.told_of(4, 0.25, 0.5, 0, 0) == 1
    assert rules.told_of(4, 1, 0.5, 1000, 1000) == 4
    assert rules.told_of(4, 1, 0.5, 3000, 1000) == 8
    assert rules.told_of(4, 0.5, 0.5, 0, 1000) == 1


def test_rivals_are_63_percent_of_the_way_after_the_scale() -> None:
    assert rules.rivals(0.1, 0.5, 150, 150) == pytest.approx(0.1 + 0.4 * 0.632121, abs=1e-6)


@given(share, share, st.floats(0, 10), st.integers(0, 20))
def test_a_chance_to_win_is_a_probability(
    base: float, credibility: float, leverage: float, sources: int
) -> None:
    chance = rules.win_probability(base, credibility, leverage, sources)
    assert 0 <= chance <= 1
    assert chance >= rules.win_probability(base, credibility, leverage, 0)
    # A second other source adds nothing.
    assert rules.win_probability(base, credibility, leverage, 1) == (
        rules.win_probability(base, credibility, leverage, max(sources, 1))
    )
    assert rules.win_probability(base, 0, leverage, sources) == 0


@given(share, share, share, uniform)
def test_a_policy_climate_never_makes_a_client_relapse(
    probability: float, climate: float, protection: float, u: float
) -> None:
    if rules.relapses(probability, climate, protection, u):
        assert rules.relapses(probability, 0, protection, u)
        assert rules.relapses(probability, climate, 0, u)
    assert rules.relapses(probability, 0, protection, u) == (u < probability)


# ------------------------------------------------------------------ people


@given(st.floats(0.01, 1), st.floats(0, 500), st.floats(0, 500), st.floats(0.1, 100))
def test_productivity_rises_from_its_start_towards_one(
    at_start: float, a: float, b: float, constant: float
) -> None:
    early, late = sorted([a, b])
    less, more = (rules.productivity(at_start, month, constant) for month in (early, late))
    assert at_start - 1e-12 <= less <= more <= 1
    assert rules.productivity(at_start, 0, constant) == pytest.approx(at_start)
    assert rules.productivity(1, early, constant) == 1


def test_productivity_is_63_percent_of_the_way_after_the_time_constant() -> None:
    assert rules.productivity(0.6, 10, 10) == pytest.approx(0.6 + 0.4 * 0.632121, abs=1e-6)


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 200), st.floats(1, 10))
def test_supported_months_count_as_often_as_they_are_fast(
    since: float, passed: float, until: float, speed: float
) -> None:
    learned = rules.learned_months(since, since + passed, until, speed)
    assert passed - 1e-9 <= learned <= passed * speed + 1e-9
    if until <= since:
        assert learned == pytest.approx(passed)
    if until >= since + passed:
        assert learned == pytest.approx(passed * speed)
    # No support, or one that changes nothing.
    assert rules.learned_months(since, since + passed, until, 1) == pytest.approx(passed)


def test_people_are_busy_for_the_share_of_their_time_that_they_worked() -> None:
    assert rules.utilisation(3, 6) == 0.5
    # Nobody is idle where there is nobody.
    assert rules.utilisation(0, 0) == 1


@given(st.floats(0, 1), st.floats(0, 1), st.integers(-100, 100), st.floats(0, 1))
def test_the_mission_s_planned_share_keeps_its_floor(
    planned: float, floor: float, surplus: int, step: float
) -> None:
    new = rules.mission_share(planned, floor, 100 + surplus, 100, step)
    assert floor <= new <= 1
    if planned >= floor:
        assert new >= planned if surplus >= 0 else new <= planned


def test_a_mission_that_lags_goes_before_all_other_work() -> None:
    first = [rules.rank(p, mission=True, mission_first=True) for p in (0, 9)]
    others = [rules.rank(0, mission=False, mission_first=True)]
    others += [rules.rank(p, mission=True, mission_first=False) for p in (0, 9)]
    assert max(first) < min(others)
    assert others == [0, 0, 9]
    assert rules.mission_first(1, 10, 0.2)
    assert not rules.mission_first(2, 10, 0.2)
    assert not rules.mission_first(0, 0, 1)
