"""Events of policy, such as a government signing the Declaration."""

from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim.model.order import EventKind
from ncpcsim.reference.state import Centre


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """Every event of policy in the plan."""
    for row in range(len(centre.inputs.events)):
        yield happen(centre, row)


def happen(centre: Centre, row: int) -> Generator[Event]:
    """Let an event of policy happen on the first day of its month."""
    event = centre.inputs.events[row]
    yield centre.clock.wait(event.month, EventKind.OPENING, event.order)
    if centre.say:
        centre.say(f"policy: {centre.names.events[row]}")
    centre.market.improve_climate(event.climate_gain)
