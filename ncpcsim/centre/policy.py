"""Events of policy, such as a government signing the Declaration."""

from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.state import Centre
from ncpcsim.plan.schema import PolicyEvent


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """Every event of policy in the plan."""
    for name, event in centre.numbers.events.items():
        yield happen(centre, name, event)


def happen(centre: Centre, name: str, event: PolicyEvent) -> Generator[Event]:
    """Let an event of policy happen on the first day of its month."""
    yield centre.clock.wait(event.month, Kind.OPENING, entity(f"event.{name}", 0))
    if centre.say:
        centre.say(f"policy: {name}")
    centre.market.improve_climate(event.climate_gain)
