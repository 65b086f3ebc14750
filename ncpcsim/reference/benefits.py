"""What a client gains from work: options at once, others once it has the capital, and its word."""

from collections.abc import Generator

from simpy import Event

from ncpcsim import rules
from ncpcsim.model.order import EventKind
from ncpcsim.reference import demonstrations, outcomes
from ncpcsim.reference.payments import Claim, collect, lateness
from ncpcsim.reference.state import Centre
from ncpcsim.reference.work import Engagement


def benefit(centre: Centre, engagement: Engagement, *, charged: bool) -> int:
    """What the client gains: it may join as a member, saves by options, and tells others of it.

    Returns:
        Options found, if some of them need capital that it lacks; else 0.
    """
    source = engagement.source
    client = outcomes.Client(source, engagement.index)
    centre.clock.process(outcomes.membership(centre, client))
    saved_year = usual_year = 0.0
    lacking = 0
    if centre.inputs.services[source.service].finds_options:
        options = outcomes.options(centre, client, engagement.draws.options)
        outcomes.report(centre, options.saved_year)
        centre.clock.process(_savings(centre, engagement, options, charged=charged))
        saved_year, usual_year = options.saved_year, centre.gains.usual_year
        if options.capital and outcomes.can_invest(centre, client):
            investment = _invest(centre, engagement, client, options.found, charged=charged)
            centre.clock.process(investment)
        elif options.capital:
            lacking = options.found
    market, service = centre.inputs.market, centre.inputs.services[source.service]
    told = rules.told_of(
        market.word_of_mouth_clients + demonstrations.convinced(centre, source),
        service.contact_share,
        market.word_of_mouth_by_gain,
        saved_year,
        usual_year,
    )
    if told > 0:
        centre.market.tell(told, source.segment)
    return lacking


def borrow(centre: Centre, engagement: Engagement, *, charged: bool) -> Generator[Event]:
    """A client has the loan for what was found before, and invests it."""
    finder = outcomes.Client(centre.inputs.sources[engagement.source.finder], engagement.index)
    return _invest(centre, engagement, finder, engagement.found, charged=charged)


def _invest(
    centre: Centre, engagement: Engagement, client: outcomes.Client, found: int, *, charged: bool
) -> Generator[Event]:
    """Options that need capital come into use; their client tells others, and may owe a share.

    Args:
        centre: the run.
        engagement: the work that found them, or the loan for them.
        client: whose options, as the work that found them knows it.
        found: how many options were found.
        charged: the centre charged when the client agreed to the engagement.
    """
    source, market = engagement.source, centre.inputs.market
    order, borrowed = source.capital_order + engagement.index, client.source is not source
    yield centre.clock.wait(centre.inputs.savings.capital_after_months, EventKind.COMPLETION, order)
    saved_year = outcomes.implement_capital(centre, client, found, borrowed=borrowed)
    told = rules.told_later(
        market.word_of_mouth_clients + demonstrations.convinced(centre, client.source),
        centre.inputs.services[client.source.service].contact_share,
        market.word_of_mouth_by_gain,
        saved_year,
        centre.gains.usual_year,
    )
    if told > 0:
        centre.market.tell(told, source.segment)
    due = centre.clock.now + 12
    if charged and saved_year > 0:
        yield from _pay_success_fee(centre, engagement, saved_year, 1.0, due, order)


def _savings(
    centre: Centre, engagement: Engagement, options: outcomes.Options, *, charged: bool
) -> Generator[Event]:
    """The client saves, and after a year owes a share of it where the contract says so."""
    source, draws, due = engagement.source, engagement.draws, centre.clock.now + 12
    client = outcomes.Client(source, engagement.index)
    saving = outcomes.saving(centre, client, options.implemented, options.saved_year, draws.relapse)
    if outcomes.relapses_within_a_year(centre):
        kept = yield from saving
    else:
        centre.clock.process(saving)
        kept = 1.0
    if charged and options.implemented:
        order = source.success_order + engagement.index
        yield from _pay_success_fee(centre, engagement, options.saved_year, kept, due, order)


def _pay_success_fee(
    centre: Centre, engagement: Engagement, saved_year: float, kept: float, due: float, order: int
) -> Generator[Event]:
    """The client owes a share of what it saved in its first year, where the contract says so."""
    share = centre.inputs.demands[engagement.source.demand].success_fee_share
    if share:
        yield centre.clock.until(max(due, centre.clock.now), EventKind.RECEIPT, order)
        owed = rules.cents(share * kept * saved_year)
        yield from collect(centre, claim(centre, engagement, owed, order))


def claim(centre: Centre, engagement: Engagement, owed: int, order: int) -> Claim:
    """Ask a client for money: it pays all its invoices as late as it pays one, or none of them."""
    source, draws = engagement.source, engagement.draws
    terms, service = centre.inputs.segments[source.segment], centre.inputs.services[source.service]
    late = lateness(centre, terms.payment_delay_months, draws.payment, public=terms.public)
    bad = draws.default < terms.bad_debt_probability
    what = centre.names.services[source.service]
    return Claim(service.fees, owed, order, late, what, source.service, never_paid=bad)
