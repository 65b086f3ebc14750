"""Boards: one that speaks for the centre, and one that decides with its director."""

from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.leadership import leads
from ncpcsim.compiled.market import gain_credibility, tell_all
from ncpcsim.compiled.state import Centre
from ncpcsim.model.ending import NEVER
from ncpcsim.model.order import EventKind
from ncpcsim.rules import board_months, voices


def start_boards(centre: Centre) -> None:
    """The meetings of the advisory board, if there is one."""
    terms = centre.inputs.advisory
    if terms.meetings_year > 0.0:
        months = 12.0 / terms.meetings_year
        wait(centre, months, EventKind.COMPLETION, terms.order, What.BOARD_MEETS, 0, 0)


def on_board_meets(centre: Centre) -> None:
    """Its members have spoken for the centre; not if nobody has called them."""
    terms = centre.inputs.advisory
    if centre.ending.dormant_since == NEVER and leads(centre):
        heard = voices(terms.members, terms.manageable_members)
        gain_credibility(centre, min(heard * terms.credibility_gain, 1.0))
        tell_all(centre, heard * terms.members_tell)
    start_boards(centre)


def months_to_decide(centre: Centre) -> int:
    """From a decision of the director to that of the executive board; 0 without one."""
    terms = centre.inputs.executive
    if terms.meetings_year <= 0.0:
        return 0
    return board_months(terms.members, terms.meetings_year, terms.agreeing_members)


def approval_months(centre: Centre) -> int:
    """From the director's decision on a post to its approval."""
    return centre.inputs.management.board_delay_months + months_to_decide(centre)


def adopt_plan(centre: Centre) -> None:
    """The plan that was rewritten is in force once the board has decided."""
    direction = centre.direction
    if not direction.proposes or centre.clock.month < direction.decided:
        return
    direction.proposes = False
    direction.mission_share = direction.proposed_share
    for i in range(len(centre.price_factors)):
        centre.price_factors[i] = centre.proposed[i]
