"""Decisions and amounts as pure functions of numbers: no clock, no state, no numpy.

Processes call these; so can a test, a reader or a compiler. Functions of floats use the `math`
module, whose results do not depend on the machine's vector units. A draw `u` is uniform on (0, 1).
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

_STANDARD_NORMAL = NormalDist()
_ROOT_TWO = math.sqrt(2.0)
WORK_SIGMA = 0.5
"""Spread of the logarithm of working days where they vary lognormally; an assumption."""


def cents(usd: float) -> int:
    """Dollars as whole cents, halves upward."""
    return math.floor(usd * 100 + 0.5)


def share_cents(amount_cents: int, share: float) -> int:
    """A share of an amount, in whole cents, halves upward."""
    return math.floor(amount_cents * share + 0.5)


def split_cents(amount_cents: int, shares: Sequence[float]) -> list[int]:
    """An amount split by shares that sum to 1; the parts sum to the amount.

    Cents left over by rounding down go to the largest remainders first.
    """
    exact = [amount_cents * share for share in shares]
    parts = [math.floor(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: amount_cents - sum(parts)]:
        parts[i] += 1
    return parts


def instalment(left_cents: int, left_months: int) -> int:
    """What to spend this month so that the rest is spent evenly in the months that are left."""
    return left_cents if left_months <= 1 else left_cents // left_months


def depreciation(cost_cents: int, life_months: int, age_months: int) -> int:
    """Straight-line depreciation of the month in which a thing is `age_months` old."""
    if age_months >= life_months:
        return 0
    return cost_cents * (age_months + 1) // life_months - cost_cents * age_months // life_months


def exponential(mean: float, u: float) -> float:
    """An exponential time with the given mean."""
    return -mean * math.log1p(-u)


def faded(level: float, rate_month: float, months: float) -> float:
    """What is left of a level that wears off at a constant rate."""
    return level * math.exp(-rate_month * months)


def reached(aware: float, at_most: float, clients: float, potential_clients: float) -> float:
    """Share of clients aware after `clients` of them, met at random, were told.

    Those who knew already are met too, so awareness approaches its ceiling ever more slowly.
    """
    if aware >= at_most:
        return aware
    return at_most - (at_most - aware) * math.exp(-clients / potential_clients)


def improved(climate: float, gain: float) -> float:
    """Policy climate, 0 to 1, after an adopted recommendation went `gain` of the way to 1."""
    return climate + (1.0 - climate) * gain


def enquiry_rate_month(
    asks_year: float, potential_clients: float, aware: float, climate: float, climate_effect: float
) -> float:
    """Enquiries a month from one segment for one service."""
    return asks_year / 12.0 * potential_clients * aware * (1.0 + climate_effect * climate)


def accepts(price_usd: float, willingness_usd: float, sigma: float, u: float) -> bool:
    """Whether a client accepts a price.

    Willingness to pay is lognormal between clients with median `willingness_usd` and spread
    `sigma`; what is free is always accepted.
    """
    if price_usd <= 0:
        return True
    if willingness_usd <= 0:
        return False
    if sigma <= 0:
        return price_usd <= willingness_usd
    above = math.log(price_usd / willingness_usd) / sigma
    return u < 0.5 * math.erfc(above / _ROOT_TWO)


def working_days(mean_days: float, variability: str, u: float) -> float:
    """Working days of one engagement, with mean `mean_days`."""
    if variability == "exponential":
        return exponential(mean_days, u)
    if variability == "lognormal":
        z = _STANDARD_NORMAL.inv_cdf(u)
        return mean_days * math.exp(WORK_SIGMA * z - WORK_SIGMA * WORK_SIGMA / 2)
    return mean_days


def occupied_months(days: float, outside_share: float, working_days_month: float) -> float:
    """How long an engagement keeps one member of staff, outside experts doing their share."""
    return days * (1.0 - outside_share) / working_days_month


def months_below(months_so_far: int, cash_cents: int, credit_line_cents: int) -> int:
    """Month ends in a row with cash below the credit line, this one included."""
    return months_so_far + 1 if cash_cents < -credit_line_cents else 0
