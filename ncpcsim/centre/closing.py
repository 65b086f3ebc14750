"""Month-end closing and insolvency."""

from collections.abc import Generator

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.state import Centre


def month_ends(centre: Centre) -> Generator[Event, None, int | None]:
    """Close the books of every month, the last included; wind up a centre that is insolvent.

    Returns:
        The month at whose end the centre was wound up, or nothing.
    """
    numbers, ledger = centre.numbers, centre.ledger
    credit_line_cents = rules.cents(numbers.thresholds.credit_line_usd)
    below = 0
    for month in range(numbers.horizon.months):
        yield centre.clock.wait(1, Kind.CLOSING, entity("closing", month))
        cash_cents = centre.cash_cents()
        below = rules.months_below(below, cash_cents, credit_line_cents)
        if centre.say:
            centre.say(f"month {month} closes with cash of {cash_cents / 100:,.2f} USD")
        if below >= numbers.thresholds.insolvent_after_months:
            ledger.closed = True
            if centre.say:
                centre.say(f"insolvent: below the credit line for {below} month ends running")
            return month
        ledger.close_month()
    return None
