"""People and their work: who pays them, how fast they are, whom work waits for."""

from math import exp, floor

from ncpcsim.rules.chance import exponential, normal_quantile

WORK_SIGMA = 0.5
"""Spread of the logarithm of working days where they vary lognormally; an assumption."""
FAILS_AFTER = 0.5
"""Part of the work that is done when a client fails in mid-project; an assumption."""
HOURS_PER_DAY = 8
RANKS = 10
"""Priorities that a plan can state, from 0."""
LEARNED = 10.0
"""Time constants after which a person counts as trained: 0.005 % of the way is left."""
NOBODY, HOST, CENTRE = -3, -2, -1
"""Who pays a position, where it is no grant (`ncpcsim.model.fields.Payer`)."""
FIXED, EXPONENTIAL, LOGNORMAL = 0, 1, 2
"""How working days vary (`ncpcsim.model.fields.Variability`)."""


def working_days(mean_days: float, variability: int, u: float) -> float:
    """Working days of one engagement, with mean `mean_days`."""
    if variability == EXPONENTIAL:
        return exponential(mean_days, u)
    if variability == LOGNORMAL:
        z = normal_quantile(u)
        return mean_days * exp(WORK_SIGMA * z - WORK_SIGMA * WORK_SIGMA / 2.0)
    return mean_days


def hours(days: float) -> int:
    """Working days as whole hours, halves upward."""
    return floor(days * HOURS_PER_DAY + 0.5)


def rank(priority: int, *, mission: bool, mission_first: bool) -> int:
    """Place in the queue for staff, lower first: by priority, the mission before all if it lags."""
    return priority - RANKS if mission and mission_first else priority


def overflows(
    waiting: int, above_waiting: int, booked_days: float, days: float, cap: float
) -> bool:
    """Whether outside experts take some days' work: too many wait, and the month's cap allows."""
    return waiting > above_waiting and booked_days + days <= cap


def at_work(unpaid: int, from_month: float, until_month: float, now: float) -> bool:
    """Whether somebody holds a position and does not stay away, unpaid."""
    return unpaid == 0 and from_month <= now < until_month


def leaves(rate_year: float, u: float) -> bool:
    """Whether somebody leaves within a month."""
    return u < 1.0 - exp(-rate_year / 12.0)


def payer(
    payer: int, pays_until: float, month: int, *, then_ends: bool, host_delivers: bool
) -> int:
    """Who pays in a month for a position that somebody holds.

    Args:
        payer: who pays at first.
        pays_until: month from which the centre pays instead.
        month: the month.
        then_ends: whether the post ends when its payer no longer pays.
        host_delivers: whether the host does now.
    """
    if month >= pays_until:
        return CENTRE
    if payer == HOST and not host_delivers:
        return NOBODY if then_ends else CENTRE
    return payer


def productivity(at_start: float, months: float, time_constant: float) -> float:
    """Work done in a day by someone who has learned for some months, of a trained person's."""
    return 1.0 - (1.0 - at_start) * exp(-months / time_constant)


def comes_share(delivered_share: float, most_people: float, promised_people: int) -> float:
    """The chance that a promised person comes, of so many, from a host that can spare some."""
    return delivered_share * min(most_people / max(promised_people, 1), 1.0)


def pace(productivity: float, office_share: float, direction_share: float, people: int) -> float:
    """Work done in a day by people who lose a share of their time to the office.

    Args:
        productivity: what they do in a day of work.
        office_share: share of everybody's time that the office takes.
        direction_share: share of one person's time that directing the centre takes.
        people: how many share that.
    """
    return productivity * (1.0 - office_share) * (1.0 - direction_share / max(people, 1))


def met_share(spent: float, needed: float) -> float:
    """How far what was spent is what people need; all of it, where they need nothing."""
    return min(spent / needed, 1.0) if needed > 0.0 else 1.0


def time_kept(lost_share: float, met: float) -> float:
    """Share of their time that people keep whose needs are met so far."""
    return 1.0 - lost_share * (1.0 - met)


def respect(at_first: float, since: float, now: float, time_constant: float) -> float:
    """How far somebody is respected who has led since a time, by the month's first day."""
    return productivity(at_first, max(floor(now) - since, 0.0), time_constant)


def trust(unknown_share: float, respect: float) -> float:
    """How far a centre is trusted whose leaders are respected so far: a share of it if unknown."""
    return unknown_share + (1.0 - unknown_share) * respect


def learned_months(since: float, now: float, supported_until: float, speed: float) -> float:
    """Months of learning from `since` to `now`, counting supported ones `speed` times."""
    supported = max(min(now, supported_until) - since, 0.0)
    return now - since + supported * (speed - 1.0)


def person_productivity(
    since: float,
    now: float,
    at_start: float,
    time_constant: float,
    supported_until: float,
    speed: float,
    gained: float,
) -> float:
    """Productivity now of who came at `since`; a person who learned for long counts as trained.

    People are as fast all month as on its first day. `gained`: months of experience besides these.
    """
    first_day = float(floor(now))
    if first_day - since > LEARNED * time_constant:
        return 1.0
    months = learned_months(min(since, first_day), first_day, supported_until, speed)
    return productivity(at_start, months + gained, time_constant)
