"""The books and the counts of one run."""

from math import floor

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.state import Centre
from ncpcsim.faults import MOST_COUNTED, Fault
from ncpcsim.rules import MOST_CENTS, hours


def stop(centre: Centre, fault: int) -> None:
    """End the run without a result."""
    if centre.ending.fault == Fault.NONE:
        centre.ending.fault = fault


def post(centre: Centre, debit: int, credit: int, cents: int) -> None:
    """Book an amount; nothing is booked for an amount of zero."""
    if cents == 0:
        return
    if cents < 0 or cents > MOST_CENTS:
        stop(centre, Fault.MONEY)
        return
    months, month = centre.inputs.horizon.months, centre.clock.month
    centre.net_cents[debit * months + month] += cents
    centre.net_cents[credit * months + month] -= cents
    centre.balances[debit] += cents
    centre.balances[credit] -= cents
    if debit == Account.CASH:
        centre.receipts_cents[month] += cents
    if credit == Account.CASH:
        centre.payments_cents[month] += cents
    if is_too_much(centre.balances[debit]) or is_too_much(centre.balances[credit]):
        stop(centre, Fault.MONEY)


def is_too_much(cents: int) -> bool:
    """Whether a balance is larger than any that can exist."""
    return cents > MOST_CENTS or cents < -MOST_CENTS


def cash_cents(centre: Centre) -> int:
    """Unrestricted cash now."""
    return centre.balances[Account.CASH]


def count(centre: Centre, row: int, number: int) -> None:
    """Count something that happened this month."""
    cell = row * centre.inputs.horizon.months + centre.clock.month
    centre.counts[cell] += number
    if centre.counts[cell] > MOST_COUNTED:
        stop(centre, Fault.COUNT)


def counted_lately(centre: Centre, row: int) -> int:
    """What was counted in the last twelve months."""
    first, total = row * centre.inputs.horizon.months, 0
    for month in range(max(centre.clock.month - 12 + 1, 0), centre.clock.month + 1):
        total += centre.counts[first + month]
    return total


def count_parts(centre: Centre, row: int, amount: float) -> int:
    """Count the whole units of what comes in parts, and keep the rest for the next time.

    Returns:
        The units counted now.
    """
    total = centre.rest[row] + amount
    if not total <= MOST_COUNTED:
        stop(centre, Fault.COUNT)
        return 0
    whole = floor(total)
    centre.rest[row] = total - whole
    count(centre, row, whole)
    return whole


def count_time(centre: Centre, row: int, days: float, *, mission: bool) -> None:
    """Count working days of own staff, as hours."""
    worked, month = hours(days), centre.clock.month
    count(centre, row, worked)
    centre.all_hours[month] += worked
    if mission:
        centre.mission_hours[month] += worked
