"""Month-end closing, and the end of a centre that nobody carries."""

from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.liquidity import ends
from ncpcsim.compiled.state import Centre
from ncpcsim.model.order import EventKind


def await_closing(centre: Centre) -> None:
    """The next month's end."""
    order = centre.inputs.closing.order + centre.clock.month
    wait(centre, 1.0, EventKind.CLOSING, order, What.CLOSING, 0, 0)


def on_closing(centre: Centre) -> None:
    """Close the books of a month; close a centre that nobody carries."""
    clock = centre.clock
    if ends(centre):
        centre.ending.closed_month = clock.month
        clock.over = True
        return
    clock.month += 1
    if clock.month >= centre.inputs.horizon.months:
        clock.over = True
    else:
        await_closing(centre)
