"""Months without cash: who lends, who waits, and why bills are late."""

from ncpcsim.rules.money import share_cents

DONOR_LEFT, TRANCHE_LATE, CLIENTS_LATE, HOST_FAILED, PROGRAMME_OVER, COSTS_TOO_HIGH = (
    1,
    2,
    3,
    4,
    5,
    6,
)
"""Why bills are paid late (`ncpcsim.model.ending.Cause`)."""


def interest_cents(owed_cents: int, rate_year: float) -> int:
    """A month's interest on what is owed to a bank."""
    return share_cents(owed_cents, rate_year / 12.0)


def lent_cents(short_cents: int, limit_cents: int, owed_cents: int) -> int:
    """What a lender still lends of what is short."""
    return max(min(short_cents, limit_cents - owed_cents), 0)


def repaid_cents(cash_cents: int, owed_cents: int) -> int:
    """What of a debt the cash can repay."""
    return max(min(cash_cents, owed_cents), 0)


def creditors_act(late_months: int, bear_months: float, owed_cents: int, agreed_cents: int) -> bool:
    """Whether creditors wait no longer: paid late beyond what they bear, for more than will come.

    Args:
        late_months: age of the oldest bill not paid.
        bear_months: how long staff and suppliers bear it.
        owed_cents: bills not paid.
        agreed_cents: signed money to come, and invoices.
    """
    return late_months > bear_months and owed_cents > agreed_cents


def wakes(cash_cents: int, owed_cents: int, bill_cents: int, months: float) -> bool:
    """Whether a dormant centre opens again: nothing is overdue, and cash carries its costs."""
    return owed_cents == 0 and cash_cents >= share_cents(bill_cents, months)


def first_cause(
    short_cents: int,
    withdrawn_cents: int,
    overdue_cents: int,
    surplus_cents: int,
    *,
    host_fails: bool,
    programme_over: bool,
) -> int:
    """Why bills are paid late for the first time.

    Money that was signed and did not come, if it alone would have paid them; a host that fails; or,
    where a year's income met its costs, clients that pay late; else costs that it did not meet.

    Args:
        short_cents: bills not paid.
        withdrawn_cents: tranches of the year before and after that a donor who left does not pay.
        overdue_cents: signed tranches that are due and have not come.
        surplus_cents: income of the last year less its costs, whether paid or not.
        host_fails: the host does not deliver, or is lost.
        programme_over: the programme's agreements have ended.
    """
    if withdrawn_cents >= short_cents:
        return DONOR_LEFT
    if overdue_cents >= short_cents:
        return TRANCHE_LATE
    if host_fails:
        return HOST_FAILED
    if surplus_cents >= 0:
        return CLIENTS_LATE
    return PROGRAMME_OVER if programme_over else COSTS_TOO_HIGH
