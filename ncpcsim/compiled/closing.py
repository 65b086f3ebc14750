"""Month-end closing and insolvency."""

from ncpcsim.compiled.books import cash_cents
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.state import Centre
from ncpcsim.model.order import Kind
from ncpcsim.rules import cents, months_below


def await_closing(centre: Centre) -> None:
    """The next month's end."""
    order = centre.inputs.closing.order + centre.clock.month
    wait(centre, 1.0, Kind.CLOSING, order, What.CLOSING, 0, 0)


def on_closing(centre: Centre) -> None:
    """Close the books of a month; wind up a centre that is insolvent."""
    clock, terms = centre.clock, centre.inputs.thresholds
    line = cents(terms.credit_line)
    clock.below = months_below(clock.below, cash_cents(centre), line)
    if clock.below >= terms.insolvent_after_months:
        centre.ending.closed_month = clock.month
        clock.over = True
        return
    clock.month += 1
    if clock.month >= centre.inputs.horizon.months:
        clock.over = True
    else:
        await_closing(centre)
