"""Boards: one that speaks for the centre, and one that decides with its director."""

from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.model.order import EventKind
from ncpcsim.reference.leadership import leads
from ncpcsim.reference.state import Centre


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The meetings of the advisory board, if there is one."""
    if centre.inputs.advisory.meetings_year > 0:
        yield meetings(centre)


def meetings(centre: Centre) -> Generator[Event]:
    """After each, its members have spoken for the centre; not if nobody has called them."""
    terms, market = centre.inputs.advisory, centre.market
    heard = rules.voices(terms.members, terms.manageable_members)
    while True:
        yield centre.clock.wait(12 / terms.meetings_year, EventKind.COMPLETION, terms.order)
        if centre.liquidity.dormant or not leads(centre):
            continue
        if centre.say:
            centre.say("the advisory board meets")
        market.gain_credibility(min(heard * terms.credibility_gain, 1.0))
        market.tell(heard * terms.members_tell)


def months_to_decide(centre: Centre) -> int:
    """From a decision of the director to that of the executive board; 0 without one."""
    terms = centre.inputs.executive
    if terms.meetings_year <= 0:
        return 0
    return rules.board_months(terms.members, terms.meetings_year, terms.agreeing_members)


def approval_months(centre: Centre) -> int:
    """From the director's decision on a post to its approval."""
    return centre.inputs.management.board_delay_months + months_to_decide(centre)


def adopt_plan(centre: Centre) -> None:
    """The plan that was rewritten is in force once the board has decided."""
    direction = centre.direction
    if direction.proposed is None or centre.ledger.month < direction.decided:
        return
    factors = direction.price_factors = direction.proposed
    direction.mission_share, direction.proposed = direction.proposed_share, None
    if centre.say:
        factors = factors[: len(centre.inputs.services)]
        centre.say(
            f"the plan is rewritten: prices at {min(factors):.2f} to {max(factors):.2f} of the "
            f"plan's, {direction.mission_share:.0%} of time for the mission"
        )
