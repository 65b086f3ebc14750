"""First projects at chosen firms: who takes part, what may go wrong, what others learn of it."""

from ncpcsim.compiled.market import lose_awareness, lose_credibility
from ncpcsim.compiled.outcomes import willingness
from ncpcsim.compiled.state import Centre
from ncpcsim.model.fields import Origin, Source
from ncpcsim.model.streams import block
from ncpcsim.rules import accepts, demonstration_failure, price_charged


def is_demonstration(source: Source) -> bool:
    """Whether a source's engagements are demonstrations."""
    return source.origin == Origin.DEMONSTRATION


def firms_price(centre: Centre, source: Source, factor: float) -> float:
    """The firm's share of the price, from the first day on; nobody pays for who takes part."""
    share = centre.inputs.demonstrated[source.segment].firm_pays_share
    listed = centre.inputs.demands[source.demand].price * share
    return price_charged(listed, 0.0, 0.0, centre.world.prices[centre.clock.month], factor)


def is_willing(centre: Centre, source: Source, u: float) -> bool:
    """Whether a firm takes part for its share of the price, before anything has been shown."""
    unproven = willingness(centre, source)
    unproven *= centre.inputs.demonstrations.unproven_share
    asked = firms_price(centre, source, centre.price_factors[source.service])
    return accepts(asked, unproven, centre.inputs.market.willingness_sigma, u)


def agree(centre: Centre, number: int, source: Source, first_block: int) -> None:
    """A firm that is willing agrees: what it pays, and how long it waits for staff."""
    job = centre.job[number]
    job.charged = False
    job.price = firms_price(centre, source, centre.price_factors[source.service])
    block(centre.streams, source.stream, first_block)
    job.patience = centre.streams.fourth


def selection_days(centre: Centre, source: Source) -> float:
    """Working days in which the firm is chosen."""
    return centre.inputs.demonstrations.selection_days if is_demonstration(source) else 0.0


def failure_chance(centre: Centre, source: Source) -> float:
    """Chance that a project fails with its client."""
    of_segment = centre.inputs.segments[source.segment].failure_probability
    if not is_demonstration(source):
        return of_segment
    terms = centre.inputs.demonstrations
    return demonstration_failure(
        of_segment,
        terms.failure_probability,
        terms.selection_days,
        terms.selection_scale_days,
        centre.inputs.demonstrated[source.segment].firm_pays_share,
    )


def convinced(centre: Centre, source: Source) -> float:
    """Firms of the segment that its results convince, besides those whom any client tells."""
    if not is_demonstration(source):
        return 0.0
    firms = centre.inputs.segments[source.segment].potential_clients
    return firms * centre.inputs.demonstrations.convinced_share


def fail(centre: Centre, source: Source) -> None:
    """A project failed: funders hear of it, and of a demonstration the segment."""
    lose_credibility(centre)
    if is_demonstration(source):
        lose_awareness(centre, centre.inputs.demonstrations.failure_lost_share, source.segment)
