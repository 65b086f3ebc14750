"""What a client gains from work: options at once, others once it has the capital, and its word."""

from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.demonstrations import convinced
from ncpcsim.compiled.events import JobKind, What
from ncpcsim.compiled.jobs import drop_job, new_job
from ncpcsim.compiled.market import tell_one
from ncpcsim.compiled.outcomes import await_success_fee, implement_capital, join, save
from ncpcsim.compiled.payments import collect, earn, lateness
from ncpcsim.compiled.state import Centre, Job
from ncpcsim.model.fields import Service, Source
from ncpcsim.model.order import EventKind
from ncpcsim.model.streams import one
from ncpcsim.rules import can_invest, told_later, told_of


def benefit(centre: Centre, number: int, service: Service, source: Source) -> bool:
    """What the client gains: it may join as a member, saves by options, and tells others of it.

    Returns:
        Whether it lacks the capital for options that were found.
    """
    job, market = centre.job[number], centre.inputs.market
    join(centre, job.source, job.index)
    saved_year, usual_year, lacks_capital = 0.0, 0.0, False
    if service.finds_options:
        saved_year = save(centre, number)
        usual_year = centre.gains.usual_year
        if job.capital > 0:
            lacks_capital = not pays_itself(centre, source, job.index)
            if not lacks_capital:
                invest(centre, job, borrowed=False)
    told = told_of(
        market.word_of_mouth_clients + convinced(centre, source),
        service.contact_share,
        market.word_of_mouth_by_gain,
        saved_year,
        usual_year,
    )
    if told > 0.0:
        tell_one(centre, told, source.segment)
    return lacks_capital


def pays_itself(centre: Centre, source: Source, index: int) -> bool:
    """Whether a client can pay for options that need capital, without a loan."""
    own = centre.inputs.segments[source.segment].own_means_share
    u = one(centre.streams, source.means_stream, index)
    return can_invest(own, centre.inputs.savings.fund_share, u)


def invest(centre: Centre, done: Job, *, borrowed: bool) -> None:
    """After a time, options that need capital come into use."""
    source = centre.inputs.sources[done.source]
    number = new_job(centre, JobKind.INVESTMENT, done.source, done.index)
    client = centre.job[number]
    client.payment = done.payment
    client.nonpayment = done.nonpayment
    client.charged = done.charged
    client.found = done.found
    client.borrowed = borrowed
    order, months = source.capital_order + done.index, centre.inputs.savings.capital_after_months
    wait(centre, months, EventKind.COMPLETION, order, What.INVESTED, number, 0)


def on_invested(centre: Centre, number: int) -> None:
    """Options that need capital come into use; their client tells others, and may owe a share."""
    client, market = centre.job[number], centre.inputs.market
    own = centre.inputs.sources[client.source]
    found_by = own.finder if client.borrowed else client.source
    finder = centre.inputs.sources[found_by]
    saved_year = implement_capital(centre, finder, client)
    told = told_later(
        market.word_of_mouth_clients + convinced(centre, finder),
        centre.inputs.services[finder.service].contact_share,
        market.word_of_mouth_by_gain,
        saved_year,
        centre.gains.usual_year,
    )
    if told > 0.0:
        tell_one(centre, told, own.segment)
    if saved_year > 0.0:
        client.price = saved_year
        client.begun = centre.clock.now
        await_success_fee(centre, number, 1.0, own.capital_order)
    else:
        drop_job(centre, number)


def claim(centre: Centre, job: Job, source: Source, owed: int, order: int) -> None:
    """Ask a client for money: it pays all its invoices as late as it pays one, or none of them."""
    terms = centre.inputs.segments[source.segment]
    late = lateness(centre, terms.payment_delay_months, job.payment, public=terms.public)
    bad = job.nonpayment < terms.bad_debt_probability
    fees = centre.inputs.services[source.service].fees
    earn(centre, source.service, owed)
    collect(centre, fees, owed, order, late, never_paid=bad)


def on_success_fee(centre: Centre, number: int) -> None:
    """After a year, a client owes a share of what it saved."""
    client = centre.job[number]
    source = centre.inputs.sources[client.source]
    invested = client.kind == JobKind.INVESTMENT
    order = source.capital_order if invested else source.success_order
    claim(centre, client, source, client.cents, order + client.index)
