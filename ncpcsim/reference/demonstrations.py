"""First projects at chosen firms: who takes part, what may go wrong, what others learn of it."""

from ncpcsim import rules
from ncpcsim.model.fields import Origin, Source
from ncpcsim.reference import outcomes
from ncpcsim.reference.state import Centre


def is_one(source: Source) -> bool:
    """Whether a source's engagements are demonstrations."""
    return source.origin == Origin.DEMONSTRATION


def price(centre: Centre, source: Source) -> float:
    """The firm's share of the price, from the first day on; nobody pays for who takes part."""
    listed = centre.inputs.demands[source.demand].price
    return rules.price_charged(
        listed * centre.inputs.demonstrated[source.segment].firm_pays_share,
        0.0,
        0.0,
        centre.world.prices[centre.ledger.month],
        centre.direction.price_factors[source.service],
    )


def is_willing(centre: Centre, source: Source, u: float) -> bool:
    """Whether a firm takes part for its share of the price, before anything has been shown."""
    unproven = outcomes.willingness(centre, source) * centre.inputs.demonstrations.unproven_share
    return rules.accepts(price(centre, source), unproven, centre.inputs.market.willingness_sigma, u)


def selection_days(centre: Centre, source: Source) -> float:
    """Working days in which the firm is chosen."""
    return centre.inputs.demonstrations.selection_days if is_one(source) else 0.0


def failure_probability(centre: Centre, source: Source) -> float:
    """Chance that a project fails with its client."""
    of_segment = centre.inputs.segments[source.segment].failure_probability
    if not is_one(source):
        return of_segment
    terms = centre.inputs.demonstrations
    return rules.demonstration_failure(
        of_segment,
        terms.failure_probability,
        terms.selection_days,
        terms.selection_scale_days,
        centre.inputs.demonstrated[source.segment].firm_pays_share,
    )


def convinced(centre: Centre, source: Source) -> float:
    """Firms of the segment that its results convince, besides those whom any client tells."""
    if not is_one(source):
        return 0.0
    firms = centre.inputs.segments[source.segment].potential_clients
    return firms * centre.inputs.demonstrations.convinced_share


def fail(centre: Centre, source: Source) -> None:
    """A project failed: funders hear of it, and of a demonstration the segment."""
    centre.market.lose_credibility()
    if is_one(source):
        lost = centre.inputs.demonstrations.failure_lost_share
        centre.market.lose_awareness(lost, source.segment)
