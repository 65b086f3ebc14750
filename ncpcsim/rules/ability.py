"""What money for training, consultants and equipment makes a centre able to do."""

from math import exp, floor

from ncpcsim.rules.money import cents


def within_reach(amount: float, scale: float) -> float:
    """Share of what there is to have that so much of something gives, ever less for more."""
    return 1.0 - exp(-amount / scale)


def bought(cents: int, level: float, price: float) -> float:
    """How much of something a month's money buys; nothing where it has no price.

    Args:
        cents: the money.
        level: what costs of 1 have become.
        price: of one, at the prices of the first day.
    """
    return cents / 100.0 / level / price if price > 0.0 else 0.0


def with_people(months: float, people: int) -> float:
    """Share of the people that have a part in a month, of so many months of one of them bought."""
    return within_reach(months, float(people)) if people > 0 else 0.0


def experience(abroad: float, worth_months: float, beside: float, speed: float) -> float:
    """Months of experience that each person gains in a month besides that month's own.

    Args:
        abroad: share of the people who are trained abroad.
        worth_months: what a month abroad is worth.
        beside: share of the people who work beside a consultant.
        speed: how many times faster these learn.
    """
    return abroad * worth_months + beside * (speed - 1.0)


def month_before(time: float, months: int) -> int:
    """The month begun before a time, of so many that are over."""
    return floor(min(max(time, 0.0), float(months)))


def trained(abroad_months: float, services_months: float) -> float:
    """How far a centre can do what needs somebody trained abroad; all where it needs nobody."""
    return within_reach(abroad_months, services_months) if services_months > 0.0 else 1.0


def served_share(needs_training: float, trained: float) -> float:
    """Share of those who ask for a service whom the centre can serve."""
    return 1.0 - needs_training * (1.0 - trained)


def found_share(unmeasured_share: float, kits: float, kits_cost: float) -> float:
    """Share of options that are found with kits for so much money; all where none are needed."""
    if kits_cost <= 0.0:
        return 1.0
    return unmeasured_share + (1.0 - unmeasured_share) * within_reach(kits, kits_cost)


def supported_until(until_month: float, fits_months: float, elapsed_months: int) -> float:
    """Month of the run until which a counterpart is of use.

    Args:
        until_month: month of the run until which it supports the centre.
        fits_months: of the plan, for which it has what the centre needs.
        elapsed_months: of the plan, before the run.
    """
    return min(until_month, fits_months - elapsed_months)


def part_of_month(month: int, until: float) -> float:
    """Part of a month of the run that lies before a time."""
    return min(max(until - month, 0.0), 1.0)


def counterpart_cents(cost_month: float, level: float, month: int, until_month: float) -> int:
    """What a counterpart costs in a month of the run, useful or not."""
    return cents(cost_month * level) if month < until_month else 0


def carried(days: float, share: float, left: float) -> float:
    """Days of a project that consultants carry, of those they have left this month."""
    return min(days * share, left)
