"""Month-end closing and insolvency."""

from collections.abc import Generator

from simpy import Event

from ncpcsim import rules
from ncpcsim.model.order import Kind
from ncpcsim.reference.state import Centre


def month_ends(centre: Centre) -> Generator[Event, None, int | None]:
    """Close the books of every month, the last included; wind up a centre that is insolvent.

    Returns:
        The month at whose end the centre was wound up, or None.
    """
    inputs, ledger = centre.inputs, centre.ledger
    credit_line_cents = rules.cents(inputs.thresholds.credit_line)
    below = 0
    for month in range(inputs.horizon.months):
        yield centre.clock.wait(1, Kind.CLOSING, inputs.closing.order + month)
        cash_cents = centre.cash_cents()
        below = rules.months_below(below, cash_cents, credit_line_cents)
        if centre.say:
            centre.say(f"month {month} closes with cash of {cash_cents / 100:,.2f} USD")
        if below >= inputs.thresholds.insolvent_after_months:
            ledger.closed = True
            if centre.say:
                centre.say(f"insolvent: below the credit line for {below} month ends running")
            return month
        ledger.close_month()
    return None
