"""Amounts of money: whole cents, shares of them, instalments and wear."""

from math import floor

CENTS_PER_UNIT = 100
MOST_CENTS = 9_007_199_254_740_992
"""2**53: whole numbers up to it are exact as floats, and sums of hundreds of them fit 64 bits."""
NOT_MONEY = -4_611_686_018_427_387_904
"""What an amount beyond `MOST_CENTS` becomes: -2**62, refused by every ledger."""


def cents(amount: float) -> int:
    """Dollars as whole cents, halves upward; `NOT_MONEY` if it is no amount that can exist."""
    exact = amount * CENTS_PER_UNIT
    if not (-MOST_CENTS <= exact <= MOST_CENTS):
        return NOT_MONEY
    return floor(exact + 0.5)


def share_cents(amount_cents: int, share: float) -> int:
    """A share of an amount, in whole cents, halves upward."""
    exact = amount_cents * share
    if not (-MOST_CENTS <= exact <= MOST_CENTS):
        return NOT_MONEY
    return floor(exact + 0.5)


def split_cents(
    amount_cents: int, shares: list[float], first: int, number: int, parts: list[int]
) -> None:
    """Split an amount by shares; the parts sum to the amount.

    Cents left over by rounding down go to the largest remainders first. Without any share all go to
    the first part.

    Args:
        amount_cents: the amount.
        shares: the shares, `number` of them from `first` on; negative ones get 0.
        first: place of the first share.
        number: how many there are.
        parts: where the parts are put, from 0 on.
    """
    total = 0.0
    for i in range(number):
        total += max(shares[first + i], 0.0)
    left = amount_cents
    for i in range(number):
        parts[i] = 0
        if total > 0.0:
            parts[i] = floor(part_cents(amount_cents, shares[first + i], total))
        left -= parts[i]
    while left > 0 and total > 0.0:
        best, least = -1, 0.0
        for i in range(number):
            above = parts[i] - part_cents(amount_cents, shares[first + i], total)
            if shares[first + i] > 0.0 and above <= 0.0 and (best < 0 or above < least):
                best, least = i, above
        if best < 0:
            break
        parts[best] += 1
        left -= 1
    parts[0] += left


def part_cents(amount_cents: int, share: float, total: float) -> float:
    """The part of an amount that a share of `total` brings, before rounding."""
    return amount_cents * max(share, 0.0) / total


def instalment(left_cents: int, left_months: int) -> int:
    """What to spend this month so that the rest is spent evenly in the months that are left."""
    return left_cents if left_months <= 1 else left_cents // left_months


def depreciation(cost_cents: int, life_months: int, age_months: int) -> int:
    """Straight-line depreciation of the month in which a thing is `age_months` old."""
    if age_months >= life_months:
        return 0
    whole, rest = cost_cents // life_months, cost_cents % life_months
    return whole + rest * (age_months + 1) // life_months - rest * age_months // life_months
