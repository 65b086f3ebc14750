"""Events of policy, such as a government signing the Declaration."""

from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.state import Centre
from ncpcsim.model.order import EventKind


def start_policy(centre: Centre) -> None:
    """Every event of policy in the plan, on the first day of its month."""
    for i in range(len(centre.inputs.events)):
        event = centre.inputs.events[i]
        wait(centre, float(event.month), EventKind.OPENING, event.order, What.POLICY, i, 0)
