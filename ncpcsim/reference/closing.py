"""Month-end closing, and the end of a centre that nobody carries."""

from collections.abc import Generator

from simpy import Event

from ncpcsim.model.order import EventKind
from ncpcsim.reference import liquidity
from ncpcsim.reference.state import Centre


def month_ends(centre: Centre) -> Generator[Event, None, int | None]:
    """Close the books of every month, the last included; close a centre that nobody carries.

    Returns:
        The month at whose end the centre closed, or None.
    """
    inputs, ledger = centre.inputs, centre.ledger
    for month in range(inputs.horizon.months):
        yield centre.clock.wait(1, EventKind.CLOSING, inputs.closing.order + month)
        if centre.say:
            cash = f"{centre.cash_cents() / 100:,.2f} {centre.names.currency}"
            centre.say(f"month {month} closes with cash of {cash}")
        if liquidity.ends(centre):
            ledger.closed = True
            if centre.say:
                centre.say("closed: nobody carries the centre any longer")
            return month
        ledger.close_month()
    return None
