"""Decisions and amounts as pure functions of numbers: no clock, no state, no numpy.

Processes call these; so can a test, a reader or a compiler. Functions of floats use the `math`
module, whose results do not depend on the machine's vector units. A draw `u` is uniform on (0, 1).
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

_STANDARD_NORMAL = NormalDist()
_ROOT_TWO = math.sqrt(2.0)
_SMALLEST = 1e-290
WORK_SIGMA = 0.5
"""Spread of the logarithm of working days where they vary lognormally; an assumption."""

RANKS = 10
"""Priorities that a plan can state, from 0."""


CENTS_PER_USD = 100


def cents(usd: float) -> int:
    """Dollars as whole cents, halves upward."""
    return math.floor(usd * CENTS_PER_USD + 0.5)


def share_cents(amount_cents: int, share: float) -> int:
    """A share of an amount, in whole cents, halves upward."""
    return math.floor(amount_cents * share + 0.5)


def split_cents(amount_cents: int, shares: Sequence[float]) -> list[int]:
    """An amount split by shares; the parts sum to the amount.

    Cents left over by rounding down go to the largest remainders first.
    """
    total = sum(shares)
    exact = [amount_cents * share / total for share in shares]
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


def tranche_shares(number: int, shape: str) -> list[float]:
    """Shares of a total, one a tranche, that sum to 1.

    "even" gives equal ones; "front_loaded" makes each half of the one before; "tapered" lets them
    fall evenly towards nothing.
    """
    weights = {
        "even": [1.0] * number,
        "front_loaded": [0.5**i for i in range(number)],
        "tapered": [float(number - i) for i in range(number)],
    }[shape]
    total = sum(weights)
    return [weight / total for weight in weights]


def level(rate_year: float, months: int) -> float:
    """What a price of 1 has become after some months at a yearly rate of change."""
    return math.exp(math.log1p(rate_year) * months / 12.0)


def year_level(spread: float, u: float) -> float:
    """What a year's cost of 1 comes to: lognormal with mean 1 and spread `spread` of its log."""
    return math.exp(spread * _STANDARD_NORMAL.inv_cdf(u) - spread * spread / 2.0)


def exchange_step(log_worth: float, drift_year: float, volatility_year: float, u: float) -> float:
    """A month's step of the logarithm of what foreign money is worth."""
    z = _STANDARD_NORMAL.inv_cdf(u)
    return log_worth + drift_year / 12.0 + volatility_year * math.sqrt(1.0 / 12.0) * z


def cycle_demand(exposure: float, recession_demand: float) -> float:
    """Demand in a recession, of a service exposed to it in part."""
    return 1.0 - exposure * (1.0 - recession_demand)


def rivals(at_start: float, at_most: float, trained: float, scale: float) -> float:
    """Share of demand lost to rivals when the centre has trained so many of them."""
    return at_start + max(at_most - at_start, 0.0) * (1.0 - math.exp(-trained / scale))


def productivity(at_start: float, months: float, time_constant: float) -> float:
    """Work done in a day by someone who has learned for some months, of a trained person's."""
    return 1.0 - (1.0 - at_start) * math.exp(-months / time_constant)


def learned_months(since: float, now: float, supported_until: float, speed: float) -> float:
    """Months of learning from `since` to `now`, counting supported ones `speed` times."""
    supported = max(min(now, supported_until) - since, 0.0)
    return now - since + supported * (speed - 1.0)


def win_probability(base: float, credibility: float, leverage: float, sources: int) -> float:
    """Chance to win a call: small money from one source helps to larger money from another."""
    return min(base * credibility * (1.0 + leverage * min(sources, 1)), 1.0)


def lognormal(median: float, sigma: float, u: float) -> float:
    """A lognormal amount by its median and the spread of its logarithm."""
    return median * math.exp(sigma * _STANDARD_NORMAL.inv_cdf(u)) if median > 0 else 0.0


def poisson(mean: float, u: float) -> int:
    """A Poisson number by inversion of its distribution function."""
    number, probability = 0, math.exp(-mean)
    below = probability
    while u > below and probability > 0.0:
        number += 1
        probability *= mean / number
        below += probability
    return number


def binomial(trials: int, probability: float, u: float) -> int:
    """How many of some trials succeed, by inversion of the distribution function.

    Of so many that the first term is too small for a float, by the normal distribution.
    """
    if probability > 0.5:
        return trials - binomial(trials, 1.0 - probability, 1.0 - u)
    odds = probability / (1.0 - probability)
    number, chance = 0, (1.0 - probability) ** trials
    if chance < _SMALLEST:
        spread = math.sqrt(trials * probability * (1.0 - probability))
        number = round(trials * probability + spread * _STANDARD_NORMAL.inv_cdf(u))
        return min(max(number, 0), trials)
    below = chance
    while u > below and number < trials:
        chance *= odds * (trials - number) / (number + 1)
        number += 1
        below += chance
    return number


def relapses(probability: float, climate: float, protection: float, u: float) -> bool:
    """Whether a client goes back to its old ways; a policy climate keeps some from it."""
    return u < probability * (1.0 - protection * climate)


def runway_months(cash_cents: int, paid_cents: int, months: int) -> float:
    """How long cash would carry payments like those of the last `months`: none below zero cash."""
    if cash_cents <= 0:
        return 0.0
    return cash_cents * months / paid_cents if paid_cents > 0 else math.inf


def utilisation(busy_months: float, people_months: float) -> float:
    """Share of their time that people were at work; where there is nobody, nobody is idle."""
    return busy_months / people_months if people_months > 0 else 1.0


def lets_go(
    runway: float, shortest_runway: float, utilised: float, least_utilisation: float
) -> bool:
    """Whether somebody hired is to go: cash is short, or there is too little work."""
    return runway < shortest_runway or utilised < least_utilisation


def spending_level(runway: float, normal_runway: float, least: float, most: float) -> float:
    """Running costs to those planned: in proportion to how long cash would last, within limits."""
    return min(max(runway / normal_runway, least), most)


def mission_first(mission_hours: int, all_hours: int, planned_share: float) -> bool:
    """Whether the mission had less than its planned share of the staff's time."""
    return mission_hours < planned_share * all_hours


def mission_share(
    planned: float, floor: float, own_income_cents: int, spent_cents: int, step: float
) -> float:
    """The share of time planned for the mission after the yearly rewriting.

    More after a year whose own income met its costs, less after one that did not, never below its
    floor.
    """
    moved = planned + (step if own_income_cents >= spent_cents else -step)
    return min(max(moved, floor), 1.0)


def rank(priority: int, *, mission: bool, mission_first: bool) -> int:
    """Place in the queue for staff, lower first: by priority, the mission before all if it lags."""
    return priority - RANKS if mission and mission_first else priority


def repriced(
    factor: float, accepted: int, asked: int, step: float, band: tuple[float, float]
) -> float:
    """The price factor after the yearly rewriting: up when most accept, down when few do."""
    if asked == 0:
        return factor
    low, high = band
    share = accepted / asked
    return factor * (1.0 + step if share > high else 1.0 - step if share < low else 1.0)


def step_of(month: float, step_months: int, steps: int) -> int:
    """Which step of the horizon a time falls in; the last one goes on."""
    return min(int(month // step_months), steps - 1)


def offer_time(number: int, rates_year: Sequence[float], step_months: int) -> float:
    """When the centre holds the `number`-th of what it offers at rates that change by step.

    A year at twelve holds twelve. Infinite if the rates never bring so many.
    """
    left, begin = float(number), 0.0
    for rate_year in rates_year[:-1]:
        held = rate_year * step_months / 12.0
        if left <= held:
            return begin + left * 12.0 / rate_year
        left -= held
        begin += step_months
    return begin + left * 12.0 / rates_year[-1] if rates_year[-1] > 0 else math.inf


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


def months_below(months_so_far: int, cash_cents: int, credit_line_cents: int) -> int:
    """Month ends in a row with cash below the credit line, this one included."""
    return months_so_far + 1 if cash_cents < -credit_line_cents else 0
