"""Who knows of the centre, who asks, and what is paid."""

from math import ceil, erfc, exp, floor, inf, log, sqrt

ROOT_TWO = sqrt(2.0)
MOST_YEARS = 128
"""Years for which a client can be a member."""
MOST_OPTIONS = 256
"""Options that one assessment can find."""


def faded(level: float, rate_month: float, months: float) -> float:
    """What is left of a level that wears off at a constant rate."""
    return level * exp(-rate_month * months)


def reached(aware: float, at_most: float, clients: float, potential_clients: float) -> float:
    """Share of clients aware after `clients` of them, met at random, were told.

    Those who knew already are met too, so awareness approaches its ceiling ever more slowly.
    """
    if aware >= at_most:
        return aware
    return at_most - (at_most - aware) * exp(-clients / potential_clients)


def met_among(potential_clients: float, attendance_share: float) -> float:
    """Among how many of all who attend a segment's clients are met: the `N` of `reached`.

    Args:
        potential_clients: of the segment, or of several together.
        attendance_share: of those who attend, who are of it; nobody is met of one with 0.
    """
    return potential_clients / attendance_share if attendance_share > 0.0 else inf


def told_of(
    clients: float, contact_share: float, by_gain: float, saved_year: float, usual_year: float
) -> float:
    """Potential clients who hear of the centre from a client that was served.

    Args:
        clients: who hear of it from a client that was served in full.
        contact_share: what the work is worth as a contact.
        by_gain: the part that follows what the client gains.
        saved_year: what the client saves a year.
        usual_year: what one usually saves; 0 after work that finds no options.
    """
    told = clients * contact_share
    if usual_year <= 0.0:
        return told
    return told * (1.0 - by_gain + by_gain * saved_year / usual_year)


def told_later(
    clients: float, contact_share: float, by_gain: float, saved_year: float, expected_year: float
) -> float:
    """Potential clients who hear of the centre when options that needed capital come into use.

    What `told_of` leaves out of a client that gains later: the arguments are its.
    """
    if expected_year <= 0.0:
        return 0.0
    return clients * contact_share * by_gain * saved_year / expected_year


def expected_saving(now_year: float, capital_year: float, own_means_share: float) -> float:
    """What a client of a segment saves in a year in the mean, without anybody's loan.

    Args:
        now_year: by options that need no capital.
        capital_year: by options that do, if it can pay for them.
        own_means_share: share of the segment's clients who can.
    """
    return now_year + own_means_share * capital_year


def can_invest(own_means_share: float, fund_share: float, u: float) -> bool:
    """Whether a client can pay for what needs capital: out of its own means, or by a fund."""
    return u < own_means_share + (1.0 - own_means_share) * fund_share


def considered_share(considered_year: float, submitted_year: int) -> float:
    """Chance that a government considers one paper of those submitted in twelve months.

    Args:
        considered_year: how many it can consider; 0 if that is not limited.
        submitted_year: how many were submitted, this one included.
    """
    if considered_year <= 0.0 or submitted_year <= considered_year:
        return 1.0
    return considered_year / submitted_year


def improved(climate: float, gain: float) -> float:
    """Policy climate, 0 to 1, after an adopted recommendation went `gain` of the way to 1."""
    return climate + (1.0 - climate) * gain


def rivals(at_start: float, at_most: float, trained: float, scale: float) -> float:
    """Share of demand lost to rivals when the centre has trained so many of them."""
    return at_start + max(at_most - at_start, 0.0) * (1.0 - exp(-trained / scale))


def enquiry_rate_month(
    asks_year: float, potential_clients: float, aware: float, climate: float, climate_effect: float
) -> float:
    """Enquiries a month from one segment for one service."""
    return asks_year / 12.0 * potential_clients * aware * (1.0 + climate_effect * climate)


def offer_time(
    number: int, rates_year: list[float], first: int, steps: int, step_months: int
) -> float:
    """When the centre holds the `number`-th of what it offers at rates that change by step.

    A year at twelve holds twelve. Infinite if the rates never bring so many.

    Args:
        number: which, from 1.
        rates_year: engagements a year, by step, `steps` of them from `first` on; the last goes on.
        first: place of the first.
        steps: how many there are.
        step_months: length of a step.
    """
    left, begin = float(number), 0.0
    for i in range(first, first + steps - 1):
        held = rates_year[i] * step_months / 12.0
        if left <= held:
            return begin + left * 12.0 / rates_year[i]
        left -= held
        begin += step_months
    last = rates_year[first + steps - 1]
    return begin + left * 12.0 / last if last > 0.0 else inf


def offers(rates_year: list[float], first: int, steps: int, months: int) -> int:
    """How many the centre can offer within so many months, at the most."""
    most = 0.0
    for i in range(first, first + steps):
        most = max(most, rates_year[i])
    return floor(most / 12.0 * months) + 1


def demonstration_time(number: int, all_of_them: int, begin: float, end: float) -> float:
    """When the `number`-th demonstration of so many begins, from 1; the last at the end."""
    return begin + number * (end - begin) / all_of_them


def demonstration_failure(
    of_segment: float, careless: float, days: float, scale_days: float, paid_share: float
) -> float:
    """Chance that a demonstration fails.

    Choosing with care avoids what a segment's other projects avoid; so does a firm that pays for
    it, for it is committed.

    Args:
        of_segment: chance that any project of the segment fails.
        careless: that of one at a firm not chosen with care that pays nothing.
        days: spent on choosing the firm.
        scale_days: that avoid 63 % of avoidable failures.
        paid_share: share of the price that the firm pays.
    """
    avoidable = max(careless - of_segment, 0.0)
    return of_segment + avoidable * exp(-days / scale_days) * (1.0 - paid_share)


def step_of(month: float, step_months: int, steps: int) -> int:
    """Which step of the horizon a time falls in; the last one goes on."""
    return min(floor(month / step_months), steps - 1)


def next_month(begun: float, now: float) -> float:
    """When a month's work that began at a month's beginning begins again: not while it lasts."""
    return max(begun + 1.0, float(ceil(now)))


def price_charged(
    listed: float, fee: float, participants: float, level: float, factor: float
) -> float:
    """A price today: as listed with the participants' fees, at today's prices.

    Args:
        listed: the plan's price.
        fee: each participant's fee.
        participants: how many take part.
        level: what prices of 1 have become.
        factor: what the yearly rewriting of the plan has made of prices of 1.
    """
    return (listed + fee * participants) * level * factor


def accepts(price: float, willingness: float, sigma: float, u: float) -> bool:
    """Whether a client accepts a price.

    Willingness to pay is lognormal between clients with median `willingness` and spread
    `sigma`; what is free is always accepted.
    """
    if price <= 0.0:
        return True
    if willingness <= 0.0:
        return False
    if sigma <= 0.0:
        return price <= willingness
    above = log(price / willingness) / sigma
    return u < 0.5 * erfc(above / ROOT_TWO)


def expected_after(expected_year: float, saved_year: float, report_share: float) -> float:
    """What clients expect to save in a year when one has told what it saves."""
    return expected_year + report_share * (saved_year - expected_year)


def willing_ratio(expected_year: float, usual_year: float, elasticity: float) -> float:
    """What clients are willing to pay, of what they would pay for the usual saving."""
    if elasticity <= 0.0:
        return 1.0
    if expected_year <= 0.0:
        return 0.0
    return exp(elasticity * log(expected_year / usual_year))


def ministry_cents(claim_cents: int, budget_cents: int, claimed_cents: int) -> int:
    """What a ministry's budget of the year still has for a claim."""
    return max(min(claim_cents, budget_cents - claimed_cents), 0)


def relapses(probability: float, climate: float, protection: float, u: float) -> bool:
    """Whether a client goes back to its old ways; a policy climate keeps some from it."""
    return u < probability * (1.0 - protection * climate)


def kept_share(after_months: float) -> float:
    """The part of its first year for which a client saved that relapsed after some months."""
    return min(after_months / 12.0, 1.0)
