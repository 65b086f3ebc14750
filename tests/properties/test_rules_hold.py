"""The rules as mathematics: sums to the cent, bounds, directions and closed forms."""

import math
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from ncpcsim import rules
from ncpcsim.model.ending import Cause
from ncpcsim.model.fields import Variability

unit = st.floats(0, 1)
draw_u = st.floats(0, 1, exclude_min=True, exclude_max=True)
amounts = st.integers(0, 10**12)
positive = st.floats(1e-3, 1e6)


def quadrature(function: Callable[[float], float], cells: int = 20_000) -> float:
    """The integral over (0, 1) by the midpoints of equal cells."""
    return math.fsum(function((i + 0.5) / cells) for i in range(cells)) / cells


# ------------------------------------------------------------------ money


def split_cents(amount: int, shares: list[float]) -> list[int]:
    parts = [0] * len(shares)
    rules.split_cents(amount, shares, 0, len(shares), parts)
    return parts


@given(st.integers(-(10**12), 10**12))
def test_whole_cents_in_dollars_are_those_cents(cents: int) -> None:
    assert rules.cents(cents / 100) == cents


@pytest.mark.parametrize(
    ("amount", "cents"), [(0.004, 0), (0.005, 1), (0.015625, 2), (1.125, 113), (2.5e6, 250_000_000)]
)
def test_half_a_cent_goes_up(amount: float, cents: int) -> None:
    assert rules.cents(amount) == cents


@given(amounts, unit)
def test_a_share_in_cents_is_within_half_a_cent_of_exact(amount: int, share: float) -> None:
    part = rules.share_cents(amount, share)
    assert abs(part - amount * share) <= 0.5 + amount * 1e-15
    assert 0 <= part <= amount


@pytest.mark.parametrize(
    ("amount", "share", "part"), [(1, 0.5, 1), (3, 0.5, 2), (10, 0.25, 3), (7, 0, 0), (7, 1, 7)]
)
def test_a_share_rounds_halves_up(amount: int, share: float, part: int) -> None:
    assert rules.share_cents(amount, share) == part


@given(amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=8))
def test_a_split_sums_to_the_amount_and_no_part_is_a_cent_off(
    amount: int, weights: list[int]
) -> None:
    assume(sum(weights) > 0)
    shares = [weight / sum(weights) for weight in weights]
    parts = split_cents(amount, shares)
    assert sum(parts) == amount
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - amount * share) < 1 + amount * 1e-12
        assert part >= 0
        assert part == 0 or share > 0


def test_cents_left_over_go_to_the_largest_remainders_and_to_the_first_of_equals() -> None:
    # 3.5 + 3.5 + 3: the one cent left over is the first's. 0.2 + 0.7 + 0.1: it is the second's.
    assert split_cents(10, [0.35, 0.35, 0.3]) == [4, 3, 3]
    assert split_cents(1, [0.2, 0.7, 0.1]) == [0, 1, 0]


def test_without_any_share_all_goes_to_the_first() -> None:
    assert split_cents(10, [0.0, -1.0]) == [10, 0]


@pytest.mark.parametrize("excess", [9e-10, -9e-10])
def test_a_split_of_much_money_sums_to_it_where_the_shares_are_a_trifle_off(excess: float) -> None:
    amount = 2_000_000_000_00
    assert sum(split_cents(amount, [0.25, 0.25, 0.25, 0.25 + excess])) == amount


@given(amounts, st.integers(1, 60))
def test_instalments_spend_everything_evenly(amount: int, months: int) -> None:
    left, paid = amount, []
    for left_months in range(months, 0, -1):
        paid.append(rules.instalment(left, left_months))
        left -= paid[-1]
    assert left == 0
    assert max(paid) - min(paid) <= 1
    # A cent that does not divide is spent late, never early.
    assert paid == sorted(paid)


@given(amounts, st.integers(1, 120))
def test_depreciation_wears_the_whole_cost_off_evenly(cost: int, life: int) -> None:
    worn = [rules.depreciation(cost, life, age) for age in range(life)]
    assert sum(worn) == cost
    assert max(worn) - min(worn) <= 1
    assert rules.depreciation(cost, life, life) == 0
    assert rules.depreciation(cost, life, life + 7) == 0


# ------------------------------------------------------------------ clients


@given(positive, positive, st.floats(0, 3), draw_u)
def test_who_accepts_a_price_accepts_any_lower_one(
    price: float, willingness: float, sigma: float, u: float
) -> None:
    if rules.accepts(price, willingness, sigma, u):
        assert rules.accepts(price * 0.99, willingness, sigma, u)
        assert rules.accepts(price, willingness * 1.01, sigma, u)
    assert rules.accepts(0, willingness, sigma, u)
    assert rules.accepts(0, 0, sigma, u)
    assert not rules.accepts(price, 0, sigma, u)


@given(st.floats(0.2, 5), st.floats(0.05, 3), draw_u)
def test_as_many_accept_as_are_willing_under_a_lognormal(
    ratio: float, sigma: float, u: float
) -> None:
    share_willing = stats.lognorm.sf(ratio, s=sigma)
    assume(abs(u - share_willing) > 1e-9)
    assert rules.accepts(ratio * 700, 700, sigma, u) == (u < share_willing)


@given(positive, positive, draw_u)
def test_without_a_spread_everybody_accepts_up_to_the_same_price(
    price: float, willingness: float, u: float
) -> None:
    assert rules.accepts(price, willingness, 0, u) == (price <= willingness)


def test_half_of_the_clients_accept_the_price_that_half_of_them_would() -> None:
    assert rules.accepts(700, 700, 0.7, 0.4999)
    assert not rules.accepts(700, 700, 0.7, 0.5001)


@given(unit, unit, st.floats(0, 1e5), positive)
def test_awareness_stays_a_share_and_grows_towards_its_ceiling(
    aware: float, at_most: float, clients: float, potential: float
) -> None:
    after = rules.reached(aware, at_most, clients, potential)
    assert 0 <= after <= 1
    assert after >= aware - 1e-15
    assert after <= max(aware, at_most)
    assert rules.reached(aware, at_most, clients * 2, potential) >= after - 1e-15
    assert rules.reached(aware, at_most, clients, potential * 2) <= after + 1e-15


@given(unit, unit, st.floats(0, 100), st.floats(0, 100), positive)
def test_telling_few_and_then_few_is_telling_many(
    aware: float, at_most: float, few: float, more: float, potential: float
) -> None:
    twice = rules.reached(rules.reached(aware, at_most, few, potential), at_most, more, potential)
    assert twice == pytest.approx(rules.reached(aware, at_most, few + more, potential), abs=1e-12)


def test_the_first_clients_told_are_nearly_all_new() -> None:
    # 10 of 1,000 are told, of whom 70 % can be reached: 7 more know, or just short of it.
    gained = rules.reached(0, 0.7, 10, 1000) * 1000
    assert 6.9 < gained < 7


@given(unit, unit, unit)
def test_the_climate_stays_a_share_and_improves(climate: float, gain: float, other: float) -> None:
    after = rules.improved(climate, gain)
    assert climate <= after <= 1
    assert rules.improved(climate, 1) == pytest.approx(1)
    assert rules.improved(climate, 0) == climate
    if other >= gain:
        assert rules.improved(climate, other) >= after


@given(unit, st.floats(0, 10), st.floats(0, 50), st.floats(0, 50))
def test_what_fades_fades_alike_in_one_go_or_two(
    level: float, rate: float, first: float, second: float
) -> None:
    after = rules.faded(rules.faded(level, rate, first), rate, second)
    assert after == pytest.approx(rules.faded(level, rate, first + second), abs=1e-12)
    assert 0 <= after <= level
    assert rules.faded(level, 0, first) == level


@given(st.floats(0, 10), positive, unit, unit, st.floats(0, 3))
def test_the_rate_of_enquiries_is_a_product(
    asks: float, potential: float, aware: float, climate: float, effect: float
) -> None:
    rate = rules.enquiry_rate_month(asks, potential, aware, climate, effect)
    by_hand = asks * potential * aware * (1 + effect * climate) / 12
    assert rate == pytest.approx(by_hand, rel=1e-12)


def test_a_hundred_clients_who_ask_once_a_year_make_so_many_enquiries_a_month() -> None:
    assert rules.enquiry_rate_month(1.2, 100, 0.5, 0.5, 0.4) == pytest.approx(6.0)


# ------------------------------------------------------------------ times


@given(st.floats(0, 1e3), draw_u)
def test_exponential_times_are_the_quantiles_of_the_distribution(mean: float, u: float) -> None:
    time = rules.exponential(mean, u)
    assert time >= 0
    assert time == pytest.approx(mean * stats.expon.ppf(u), rel=1e-9)


def test_an_exponential_time_of_mean_zero_is_zero_at_any_draw() -> None:
    assert rules.exponential(0, 0.5) == rules.exponential(0, 1 - 2**-53) == 0


@pytest.mark.parametrize("variability", ["fixed", "exponential", "lognormal"])
def test_working_days_have_the_stated_mean(variability: str) -> None:
    mean = quadrature(lambda u: rules.working_days(7, Variability[variability.upper()], u))
    assert mean == pytest.approx(7, rel=1e-3)


@given(st.floats(0.1, 100), draw_u)
def test_working_days_are_the_quantiles_of_their_distribution(mean: float, u: float) -> None:
    assert rules.working_days(mean, Variability.FIXED, u) == mean
    exponential = stats.expon(scale=mean).ppf(u)
    assert rules.working_days(mean, Variability.EXPONENTIAL, u) == pytest.approx(
        exponential, rel=1e-9
    )
    # Mean m and sigma s of the logarithm: the median is m exp(-s s / 2).
    lognormal = stats.lognorm(0.5, scale=mean * math.exp(-0.125)).ppf(u)
    assert rules.working_days(mean, Variability.LOGNORMAL, u) == pytest.approx(lognormal, rel=1e-6)


# ------------------------------------------------------------------ liquidity

amount = st.integers(0, 10**9)


@given(amount, amount, amount)
def test_a_lender_lends_what_is_short_up_to_its_limit(short: int, limit: int, owed: int) -> None:
    lent = rules.lent_cents(short, limit, owed)
    assert 0 <= lent <= short
    assert lent == 0 or owed + lent <= limit
    assert lent == short or owed + lent >= limit


@given(st.integers(0, 40), st.floats(0, 40), amount, amount)
def test_creditors_act_only_when_they_waited_for_more_than_will_come(
    late: int, bear: float, owed: int, agreed: int
) -> None:
    acts = rules.creditors_act(late, bear, owed, agreed)
    assert not (acts and (late <= bear or owed <= agreed))
    assert not rules.creditors_act(late, bear, owed, owed)
    if acts:
        assert rules.creditors_act(late + 1, bear, owed, agreed)
        assert rules.creditors_act(late, bear, owed + 1, agreed)


@given(st.integers(1, 10**6), amount, amount, st.integers(-(10**9), 10**9), st.booleans())
def test_money_that_was_signed_is_the_cause_if_it_would_have_paid(
    short: int,
    withdrawn: int,
    overdue: int,
    surplus: int,
    host_fails: bool,  # noqa: FBT001  drawn by name
) -> None:
    cause = rules.first_cause(
        short, withdrawn, overdue, surplus, host_fails=host_fails, programme_over=True
    )
    if withdrawn >= short:
        assert cause == Cause.DONOR_LEFT
    elif overdue >= short:
        assert cause == Cause.TRANCHE_LATE
    elif host_fails:
        assert cause == Cause.HOST_FAILED
    else:
        assert cause == (Cause.CLIENTS_LATE if surplus >= 0 else Cause.PROGRAMME_OVER)
