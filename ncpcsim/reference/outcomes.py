"""What work brings to the client: options found and implemented, savings, relapse, membership."""

from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.counts import OfClients, OfMembers, OfOption
from ncpcsim.model.fields import NONE, Inputs, OptionCategory, Source
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.model.streams import WORDS_PER_BLOCK, one
from ncpcsim.reference import leadership
from ncpcsim.reference.payments import Claim, collect
from ncpcsim.reference.state import Centre, Gains


@dataclass(frozen=True)
class Client:
    """A served client, as its engagement knows it: its source, and its number there."""

    source: Source
    index: int


def gains(inputs: Inputs) -> Gains:
    """What clients expect before any has told what it saves: they know what utilities charge.

    Where the plan does not say what they expect, it is what one saves in the mean.
    """
    savings = inputs.savings
    now_year, capital_year = _mean_savings_year(inputs)
    mean_year = rules.expected_saving(now_year, capital_year, _own_means_share(inputs))
    usual_year = savings.usual_year if savings.usual_year > 0 else mean_year
    usual_year *= savings.saving_ratio
    expected_year = usual_year * savings.utility_prices
    ratio = rules.willing_ratio(expected_year, usual_year, savings.elasticity)
    capital_year *= savings.saving_ratio
    return Gains(usual_year, expected_year, ratio, capital_year * savings.utility_prices)


def _own_means_share(inputs: Inputs) -> float:
    """Clients of any segment who can pay for options that need capital themselves."""
    clients = own = 0.0
    for segment in inputs.segments:
        clients += segment.potential_clients
        own += segment.potential_clients * segment.own_means_share
    return own / clients if clients > 0 else 0.0


def report(centre: Centre, saved_year: float) -> None:
    """A client tells what it saves: others expect more or less, and would pay accordingly."""
    gains, savings = centre.gains, centre.inputs.savings
    gains.expected_year = rules.expected_after(
        gains.expected_year, saved_year, savings.report_share
    )
    gains.willing_ratio = rules.willing_ratio(
        gains.expected_year, gains.usual_year, savings.elasticity
    )


def report_more(centre: Centre, saved_year: float) -> None:
    """A client that has told what it saves tells what it saves besides, from now on."""
    report(centre, centre.gains.expected_year + saved_year)


def willingness(centre: Centre, source: Source) -> float:
    """What clients of a source would pay now, at the median: more where they trust and expect."""
    inputs, level = centre.inputs, centre.world.costs[centre.ledger.month]
    would_pay = inputs.demands[source.demand].willingness * level * leadership.trust(centre)
    if inputs.services[source.service].finds_options:
        would_pay *= centre.gains.willing_ratio
    return would_pay * centre.host_trust(public=inputs.segments[source.segment].public)


def expected_fee(centre: Centre, source: Source) -> float:
    """The success fee that a client expects to owe for work agreed today, in whole money.

    Of a loan, it is weighed by the chance that it is granted.
    """
    service, demand = centre.inputs.services[source.service], centre.inputs.demands[source.demand]
    if not centre.charges(service):
        return 0.0
    saved_year = centre.gains.expected_year if service.finds_options else 0.0
    if source.finder != NONE:
        saved_year += service.finance_probability * centre.gains.capital_year
    return demand.success_fee_share * saved_year


@dataclass(frozen=True)
class Options:
    """Options of one client.

    Attributes:
        found: how many were found.
        implemented: how many it implements at once.
        saved_year: what they save in a year, in whole money.
        capital: how many of those found need capital.
    """

    found: int
    implemented: int
    saved_year: float
    capital: int


class Drawn(NamedTuple):
    """An option that was found, whether it needs capital, and is implemented if that is there."""

    category: OptionCategory
    capital: bool
    implemented: bool


def _mean_savings_year(inputs: Inputs) -> tuple[float, float]:
    """What a client saves in a year in the mean, in whole money.

    Returns:
        By options that need no capital, and by those that do if it can pay for them.
    """
    shares = now_year = capital_year = 0.0
    for category in inputs.categories:
        shares += category.found_share
        implemented = category.found_share * category.implemented_probability
        now_year += implemented * (1.0 - category.capital_share) * category.saving_year
        capital_year += implemented * category.capital_share * category.saving_year
    if shares <= 0:
        return 0.0, 0.0
    found = inputs.savings.options_mean / shares
    return found * now_year, found * capital_year


def _drawn(centre: Centre, client: Client, found: int) -> Iterator[Drawn]:
    """The options of a client, so many."""
    first, categories = client.index * rules.MOST_OPTIONS, centre.inputs.categories
    # Drawn shares need not sum to 1: they are taken in proportion.
    up_to = list(accumulate(category.found_share for category in categories))
    drawn = centre.streams.table(client.source.options_stream, first, found, WORDS_PER_BLOCK)
    for draws in drawn.tolist():
        place = bisect_right(up_to, draws[0] * up_to[-1])
        category = categories[min(place, len(categories) - 1)]
        yield Drawn(
            category,
            draws[2] < category.capital_share,
            draws[1] < category.implemented_probability,
        )


def options(centre: Centre, client: Client, u: float) -> Options:
    """Find a client's options, and implement those that need no capital.

    Args:
        centre: the run.
        client: whose options.
        u: the draw that makes their number.
    """
    mean = centre.inputs.savings.options_mean * centre.ability.found_share
    found = min(rules.poisson(mean, u), rules.MOST_OPTIONS)
    implemented, saved_year, invested, capital = 0, 0.0, 0.0, 0
    for option in _drawn(centre, client, found):
        category = option.category
        centre.count(category.counts + OfOption.FOUND)
        if option.capital:
            capital += 1
        elif option.implemented:
            centre.count(category.counts + OfOption.IMPLEMENTED)
            implemented += 1
            saving_year = category.saving_year * centre.inputs.savings.saving_ratio
            saved_year += saving_year
            invested += saving_year * category.payback_years
    saved_year *= centre.inputs.savings.utility_prices
    if implemented:
        _count_investment(centre, saved_year, invested)
    return Options(found, implemented, saved_year, capital)


def can_invest(centre: Centre, client: Client) -> bool:
    """Whether a client can pay for options that need capital, without a loan."""
    own = centre.inputs.segments[client.source.segment].own_means_share
    u = one(centre.streams, client.source.means_stream, client.index)
    return rules.can_invest(own, centre.inputs.savings.fund_share, u)


def implement_capital(centre: Centre, client: Client, found: int, *, borrowed: bool) -> float:
    """Put a client's options that need capital to use; nobody gives them up again.

    Args:
        centre: the run.
        client: whose options.
        found: how many of them were found.
        borrowed: a loan pays for them.

    Returns:
        What they save in a year, in whole money.
    """
    terms, implemented, saved_year = centre.inputs.savings, 0, 0.0
    for option in _drawn(centre, client, found):
        if option.capital and option.implemented:
            centre.count(option.category.counts + OfOption.IMPLEMENTED)
            implemented += 1
            saved_year += option.category.saving_year * terms.saving_ratio
    invested = saved_year * terms.capital_payback_years
    saved_year *= terms.utility_prices
    report_more(centre, saved_year)
    centre.gains.add(implemented, saved_year)
    _count_investment(centre, saved_year, invested)
    if borrowed:
        centre.count_parts(terms.counts + OfClients.BORROWED, invested)
    return saved_year


def _count_investment(centre: Centre, saved_year: float, invested: float) -> None:
    """What options that are implemented save in a year, and cost."""
    row = centre.inputs.savings.counts
    centre.count_parts(row + OfClients.IMPLEMENTED_YEAR, saved_year)
    centre.count_parts(row + OfClients.INVESTED, invested)


def saving(
    centre: Centre, client: Client, implemented: int, saved_year: float, u: float
) -> Generator[Event, None, float]:
    """Let a client save, and perhaps relapse.

    Args:
        centre: the run.
        client: who saves.
        implemented: options the client implemented.
        saved_year: what they save it in a year.
        u: the draw that decides whether it relapses.

    Returns:
        The part of the first year for which the client saved.
    """
    savings = centre.inputs.savings
    if not implemented:
        return 0.0
    centre.gains.add(implemented, saved_year)
    order = client.source.relapse_order + client.index
    yield centre.clock.wait(savings.relapse_after_months, EventKind.COMPLETION, order)
    climate = centre.market.climate()
    if not rules.relapses(savings.relapse_probability, climate, savings.climate_protection, u):
        centre.count(savings.counts + OfClients.KEPT)
        without_policy = rules.relapses(savings.relapse_probability, 0.0, 0.0, u)
        if savings.relapse_again_months and without_policy:
            centre.clock.process(_held(centre, client, implemented, saved_year, u))
        return 1.0
    centre.gains.add(-implemented, -saved_year)
    centre.count(savings.counts + OfClients.RELAPSED)
    return rules.kept_share(savings.relapse_after_months)


def _held(
    centre: Centre, client: Client, implemented: int, saved_year: float, u: float
) -> Generator[Event]:
    """A client whom the policy climate alone keeps from relapsing does when it has worn off."""
    savings, order = centre.inputs.savings, client.source.relapse_order + client.index
    while True:
        yield centre.clock.wait(savings.relapse_again_months, EventKind.COMPLETION, order)
        climate = centre.market.climate()
        if rules.relapses(savings.relapse_probability, climate, savings.climate_protection, u):
            centre.gains.add(-implemented, -saved_year)
            centre.count(savings.counts + OfClients.RELAPSED_LATER)
            return


def relapses_within_a_year(centre: Centre) -> bool:
    """Whether it is known before a year is over if a client relapses."""
    return centre.inputs.savings.relapse_after_months < 12


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The counting of what clients gain."""
    if centre.inputs.savings.present:
        yield month_of_gains(centre)


def month_of_gains(centre: Centre) -> Generator[Event]:
    """Each month end, count what clients saved in the month."""
    savings = centre.inputs.savings
    while True:
        yield centre.clock.wait(1, EventKind.PAYMENT, MonthEnd.GAINS)
        for what, per_option in (
            (OfClients.ENERGY_GJ, savings.energy_gj),
            (OfClients.WATER_T, savings.water_t),
            (OfClients.WASTE_T, savings.waste_t),
            (OfClients.WATER_POLLUTANTS_T, savings.water_pollutants_t),
            (OfClients.AIR_POLLUTANTS_T, savings.air_pollutants_t),
            (OfClients.GREENHOUSE_GASES_T, savings.greenhouse_gases_t),
        ):
            centre.count_parts(savings.counts + what, centre.gains.options * per_option / 12)
        saved = centre.gains.saved_year / 12
        centre.count_parts(savings.counts + OfClients.SAVINGS, saved)


def membership(centre: Centre, client: Client) -> Generator[Event]:
    """A served client may join, and pays each year until it leaves.

    Nobody pays before the centre has made its name: until then membership is free too.
    """
    terms, source, index = centre.inputs.membership, client.source, client.index
    if not terms.joins_probability:
        return
    contact = centre.inputs.services[source.service].contact_share
    u = one(centre.streams, source.joining_stream, index)
    if not u < terms.joins_probability * contact or not _pays_fee(centre, client):
        return
    centre.count(terms.counts + OfMembers.JOINED)
    order = source.membership_order + index
    for year in range(rules.MOST_YEARS):
        fee = rules.cents(_yearly_fee(centre))
        line = len(centre.inputs.services)
        yield from collect(centre, Claim(Account.MEMBERSHIP, fee, order, 0, "membership", line))
        yield centre.clock.wait(12, EventKind.RECEIPT, order)
        u = one(centre.streams, source.membership_stream, index * rules.MOST_YEARS + year)
        if not u < terms.stays_probability or not _pays_fee(centre, client):
            centre.count(terms.counts + OfMembers.LEFT)
            return


def _yearly_fee(centre: Centre) -> float:
    """A member's fee today."""
    fee = centre.inputs.membership.fee_year if centre.charges() else 0.0
    factor = centre.direction.price_factors[len(centre.inputs.services)]
    return fee * centre.world.prices[centre.ledger.month] * factor


def _pays_fee(centre: Centre, client: Client) -> bool:
    """Whether a client would pay today's fee; its willingness is drawn once."""
    terms, fee = centre.inputs.membership, _yearly_fee(centre)
    willingness = terms.willingness * centre.world.costs[centre.ledger.month]
    sigma = centre.inputs.market.willingness_sigma
    u = one(centre.streams, client.source.fee_stream, client.index)
    pays = rules.accepts(fee, willingness, sigma, u)
    if fee > 0:
        centre.count(terms.counts + OfMembers.PRICED)
        if not pays:
            centre.count(terms.counts + OfMembers.DECLINED)
    return pays
