"""What work brings to the client: options found and implemented, savings, relapse, membership."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import count, count_parts, post
from ncpcsim.compiled.calendar import until, wait
from ncpcsim.compiled.events import JobKind, What
from ncpcsim.compiled.jobs import drop_job, new_job
from ncpcsim.compiled.leadership import host_trust, trust_in_leaders
from ncpcsim.compiled.market import climate
from ncpcsim.compiled.payments import earn, on_paid
from ncpcsim.compiled.state import Centre, Job
from ncpcsim.model.counts import OfClients, OfMembers, OfOption
from ncpcsim.model.fields import NONE, Source
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.model.streams import block, one
from ncpcsim.rules import (
    MOST_OPTIONS,
    MOST_YEARS,
    accepts,
    cents,
    expected_after,
    expected_saving,
    kept_share,
    poisson,
    relapses,
    willing_ratio,
)


def start_outcomes(centre: Centre) -> None:
    """The counting of what clients gain, what to expect, and where a draw's category ends."""
    total, now_year, capital_year = 0.0, 0.0, 0.0
    for i in range(len(centre.inputs.categories)):
        category = centre.inputs.categories[i]
        total += category.found_share
        centre.shares_up_to[i] = total
        implemented = category.found_share * category.implemented_probability
        now_year += implemented * (1.0 - category.capital_share) * category.saving_year
        capital_year += implemented * category.capital_share * category.saving_year
    # Drawn shares need not sum to 1: they are taken in proportion.
    centre.gains.all_shares = total
    found = centre.inputs.savings.options_mean / total if total > 0.0 else 0.0
    expect(centre, found * now_year, found * capital_year)
    if centre.inputs.savings.present:
        wait(centre, 1.0, EventKind.PAYMENT, MonthEnd.GAINS, What.GAINS, 0, 0)


def expect(centre: Centre, now_year: float, capital_year: float) -> None:
    """What clients expect before any has told what it saves: they know what utilities charge.

    Where the plan does not say what they expect, it is what one saves in the mean.

    Args:
        centre: the run.
        now_year: what one saves in a year in the mean by options that need no capital.
        capital_year: by options that do, if it can pay for them.
    """
    gains, savings = centre.gains, centre.inputs.savings
    gains.capital_year = capital_year * savings.saving_ratio * savings.utility_prices
    clients, own = 0.0, 0.0
    for i in range(len(centre.inputs.segments)):
        segment = centre.inputs.segments[i]
        clients += segment.potential_clients
        own += segment.potential_clients * segment.own_means_share
    mean_year = expected_saving(now_year, capital_year, own / clients if clients > 0.0 else 0.0)
    usual_year = savings.usual_year if savings.usual_year > 0.0 else mean_year
    gains.usual_year = usual_year * savings.saving_ratio
    gains.expected_year = gains.usual_year * savings.utility_prices
    gains.willing_ratio = willing_ratio(gains.expected_year, gains.usual_year, savings.elasticity)


def report(centre: Centre, saved_year: float) -> None:
    """A client tells what it saves: others expect more or less, and would pay accordingly."""
    gains, savings = centre.gains, centre.inputs.savings
    gains.expected_year = expected_after(gains.expected_year, saved_year, savings.report_share)
    gains.willing_ratio = willing_ratio(gains.expected_year, gains.usual_year, savings.elasticity)


def report_more(centre: Centre, saved_year: float) -> None:
    """A client that has told what it saves tells what it saves besides, from now on."""
    report(centre, centre.gains.expected_year + saved_year)


def willingness(centre: Centre, source: Source) -> float:
    """What clients of a source would pay now, at the median: more where they trust and expect."""
    trusted = trust_in_leaders(centre)
    inputs, level = centre.inputs, centre.world.costs[centre.clock.month]
    would_pay = inputs.demands[source.demand].willingness * level * trusted
    if inputs.services[source.service].finds_options:
        would_pay *= centre.gains.willing_ratio
    return would_pay * host_trust(centre, public=inputs.segments[source.segment].public)


def expected_fee(centre: Centre, source: Source) -> float:
    """The success fee that a client expects to owe for work agreed today, in whole money.

    Of a loan, it is weighed by the chance that it is granted.
    """
    service = centre.inputs.services[source.service]
    if centre.clock.month < service.charge_from_month:
        return 0.0
    saved_year = 0.0
    if service.finds_options:
        saved_year = centre.gains.expected_year
    if source.finder != NONE:
        saved_year += service.finance_probability * centre.gains.capital_year
    return centre.inputs.demands[source.demand].success_fee_share * saved_year


def on_gains(centre: Centre) -> None:
    """Each month end, count what clients saved in the month."""
    savings, options = centre.inputs.savings, centre.gains.options
    row = savings.counts
    count_parts(centre, row + OfClients.ENERGY_GJ, options * savings.energy_gj / 12.0)
    count_parts(centre, row + OfClients.WATER_T, options * savings.water_t / 12.0)
    count_parts(centre, row + OfClients.WASTE_T, options * savings.waste_t / 12.0)
    water, air = savings.water_pollutants_t, savings.air_pollutants_t
    count_parts(centre, row + OfClients.WATER_POLLUTANTS_T, options * water / 12.0)
    count_parts(centre, row + OfClients.AIR_POLLUTANTS_T, options * air / 12.0)
    gases = savings.greenhouse_gases_t
    count_parts(centre, row + OfClients.GREENHOUSE_GASES_T, options * gases / 12.0)
    saved = centre.gains.saved_year / 12.0
    count_parts(centre, row + OfClients.SAVINGS, saved)
    wait(centre, 1.0, EventKind.PAYMENT, MonthEnd.GAINS, What.GAINS, 0, 0)


def category_of(centre: Centre, u: float) -> int:
    """The category of an option."""
    wanted, last = u * centre.gains.all_shares, len(centre.inputs.categories) - 1
    category = 0
    while category < last and centre.shares_up_to[category] <= wanted:
        category += 1
    return category


def save(centre: Centre, number: int) -> float:
    """A client implements some of the options that were found, saves, and perhaps relapses.

    How many were found, and how many of them need capital, is set down in its job.

    Returns:
        What it saves in a year.
    """
    served = centre.job[number]
    source, terms = centre.inputs.sources[served.source], centre.inputs.savings
    mean = terms.options_mean * centre.ability.found_share
    served.found = min(poisson(mean, served.options), MOST_OPTIONS)
    served.capital = 0
    implemented, saved_year, invested = 0, 0.0, 0.0
    for i in range(served.found):
        block(centre.streams, source.options_stream, served.index * MOST_OPTIONS + i)
        category = centre.inputs.categories[category_of(centre, centre.streams.first)]
        count(centre, category.counts + OfOption.FOUND, 1)
        if centre.streams.third < category.capital_share:
            served.capital += 1
        elif centre.streams.second < category.implemented_probability:
            count(centre, category.counts + OfOption.IMPLEMENTED, 1)
            implemented += 1
            saving_year = category.saving_year * terms.saving_ratio
            saved_year += saving_year
            invested += saving_year * category.payback_years
    saved_year *= terms.utility_prices
    report(centre, saved_year)
    if implemented == 0:
        return 0.0
    count_investment(centre, saved_year, invested)
    add_gains(centre, implemented, saved_year)
    begin_saving(centre, served, implemented, saved_year)
    return saved_year


def begin_saving(centre: Centre, served: Job, implemented: int, saved_year: float) -> None:
    """A client saves from now on, until it relapses."""
    source, terms = centre.inputs.sources[served.source], centre.inputs.savings
    saving = new_job(centre, JobKind.SAVING, served.source, served.index)
    client = centre.job[saving]
    client.implemented = implemented
    client.price = saved_year
    client.relapse = served.relapse
    client.payment = served.payment
    client.nonpayment = served.nonpayment
    client.begun = centre.clock.now
    client.charged = served.charged
    client.settled = terms.relapse_after_months >= 12.0
    order, months = source.relapse_order + served.index, terms.relapse_after_months
    wait(centre, months, EventKind.COMPLETION, order, What.RELAPSE_DECIDED, saving, 0)
    if client.settled:
        await_success_fee(centre, saving, 1.0, source.success_order)


def implement_capital(centre: Centre, source: Source, client: Job) -> float:
    """Put a client's options that need capital to use; nobody gives them up again.

    Args:
        centre: the run.
        source: where they were found.
        client: its investment.

    Returns:
        What they save in a year.
    """
    terms, implemented, saved_year = centre.inputs.savings, 0, 0.0
    for i in range(client.found):
        block(centre.streams, source.options_stream, client.index * MOST_OPTIONS + i)
        category = centre.inputs.categories[category_of(centre, centre.streams.first)]
        needs_capital = centre.streams.third < category.capital_share
        if needs_capital and centre.streams.second < category.implemented_probability:
            count(centre, category.counts + OfOption.IMPLEMENTED, 1)
            implemented += 1
            saved_year += category.saving_year * terms.saving_ratio
    invested = saved_year * terms.capital_payback_years
    saved_year *= terms.utility_prices
    report_more(centre, saved_year)
    add_gains(centre, implemented, saved_year)
    count_investment(centre, saved_year, invested)
    if client.borrowed:
        count_parts(centre, terms.counts + OfClients.BORROWED, invested)
    return saved_year


def count_investment(centre: Centre, saved_year: float, invested: float) -> None:
    """What options that are implemented save in a year, and cost."""
    row = centre.inputs.savings.counts
    count_parts(centre, row + OfClients.IMPLEMENTED_YEAR, saved_year)
    count_parts(centre, row + OfClients.INVESTED, invested)


def add_gains(centre: Centre, options: int, saved_year: float) -> None:
    """Let options come into use, or fall out of it."""
    centre.gains.options += options
    centre.gains.saved_year += saved_year


def on_relapse_decided(centre: Centre, number: int) -> None:
    """A client relapses, or keeps what it implemented."""
    client, terms = centre.job[number], centre.inputs.savings
    if client.kind == JobKind.HELD:
        on_relapse_again(centre, number)
        return
    kept, probability = 1.0, terms.relapse_probability
    if relapses(probability, climate(centre), terms.climate_protection, client.relapse):
        add_gains(centre, -client.implemented, -client.price)
        count(centre, terms.counts + OfClients.RELAPSED, 1)
        kept = kept_share(terms.relapse_after_months)
    else:
        count(centre, terms.counts + OfClients.KEPT, 1)
        if terms.relapse_again_months > 0.0 and relapses(probability, 0.0, 0.0, client.relapse):
            hold(centre, client)
    if not client.settled:
        order = centre.inputs.sources[client.source].success_order
        await_success_fee(centre, number, kept, order)


def hold(centre: Centre, client: Job) -> None:
    """The policy climate alone keeps a client from relapsing."""
    number = new_job(centre, JobKind.HELD, client.source, client.index)
    held = centre.job[number]
    held.implemented = client.implemented
    held.price = client.price
    held.relapse = client.relapse
    await_relapse(centre, number)


def await_relapse(centre: Centre, number: int) -> None:
    """After some months, a client whom the policy climate holds may relapse after all."""
    client, months = centre.job[number], centre.inputs.savings.relapse_again_months
    order = centre.inputs.sources[client.source].relapse_order + client.index
    wait(centre, months, EventKind.COMPLETION, order, What.RELAPSE_DECIDED, number, 0)


def on_relapse_again(centre: Centre, number: int) -> None:
    """It does if the climate has worn off."""
    client, terms = centre.job[number], centre.inputs.savings
    probability, protection = terms.relapse_probability, terms.climate_protection
    if relapses(probability, climate(centre), protection, client.relapse):
        add_gains(centre, -client.implemented, -client.price)
        count(centre, terms.counts + OfClients.RELAPSED_LATER, 1)
        drop_job(centre, number)
    else:
        await_relapse(centre, number)


def await_success_fee(centre: Centre, number: int, kept: float, order: int) -> None:
    """After a year the client owes a share of what it saved, where the contract says so."""
    client = centre.job[number]
    source = centre.inputs.sources[client.source]
    share = centre.inputs.demands[source.demand].success_fee_share
    if share == 0.0 or not client.charged:
        return
    client.cents = cents(share * kept * client.price)
    time = max(client.begun + 12.0, centre.clock.now)
    until(centre, time, EventKind.RECEIPT, order + client.index, What.SUCCESS_FEE, number, 0)


def join(centre: Centre, number: int, index: int) -> None:
    """A served client may join, and pays each year until it leaves."""
    terms, source = centre.inputs.membership, centre.inputs.sources[number]
    if terms.joins_probability == 0.0:
        return
    contact = centre.inputs.services[source.service].contact_share
    u = one(centre.streams, source.joining_stream, index)
    if u < terms.joins_probability * contact and pays_fee(centre, source, index):
        count(centre, terms.counts + OfMembers.JOINED, 1)
        member = new_job(centre, JobKind.MEMBER, number, index)
        centre.job[member].years = 0
        bill_member(centre, member)


def yearly_fee(centre: Centre) -> float:
    """A member's fee today."""
    fee = 0.0
    if centre.clock.month >= centre.inputs.market.charge_from_month:
        fee = centre.inputs.membership.fee_year
    factor = centre.price_factors[len(centre.inputs.services)]
    return fee * centre.world.prices[centre.clock.month] * factor


def pays_fee(centre: Centre, source: Source, index: int) -> bool:
    """Whether a client would pay today's fee; its willingness is drawn once."""
    terms, fee = centre.inputs.membership, yearly_fee(centre)
    willingness = terms.willingness * centre.world.costs[centre.clock.month]
    sigma = centre.inputs.market.willingness_sigma
    u = one(centre.streams, source.fee_stream, index)
    pays = accepts(fee, willingness, sigma, u)
    if fee > 0.0:
        count(centre, terms.counts + OfMembers.PRICED, 1)
        if not pays:
            count(centre, terms.counts + OfMembers.DECLINED, 1)
    return pays


def bill_member(centre: Centre, number: int) -> None:
    """A year's fee; nobody pays before the centre has made its name."""
    member = centre.job[number]
    member.cents = cents(yearly_fee(centre))
    post(centre, Account.RECEIVABLES, Account.MEMBERSHIP, member.cents)
    earn(centre, len(centre.inputs.services), member.cents)
    order = centre.inputs.sources[member.source].membership_order + member.index
    wait(centre, 0.0, EventKind.RECEIPT, order, What.FEE_PAID, number, 0)


def on_fee_paid(centre: Centre, number: int) -> None:
    """A member pays the year's fee."""
    member = centre.job[number]
    on_paid(centre, member.cents)
    order = centre.inputs.sources[member.source].membership_order + member.index
    wait(centre, 12.0, EventKind.RECEIPT, order, What.MEMBER_YEAR, number, 0)


def on_member_year(centre: Centre, number: int) -> None:
    """A year later, a member pays again or leaves."""
    member, terms = centre.job[number], centre.inputs.membership
    source = centre.inputs.sources[member.source]
    u = one(centre.streams, source.membership_stream, member.index * MOST_YEARS + member.years)
    member.years += 1
    if not u < terms.stays_probability or not pays_fee(centre, source, member.index):
        count(centre, terms.counts + OfMembers.LEFT, 1)
        drop_job(centre, number)
    elif member.years < MOST_YEARS:
        bill_member(centre, number)
    else:
        drop_job(centre, number)
