"""What work brings to the client: options found and implemented, savings, relapse, membership."""

import math
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import accumulate

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, MonthEnd, entity
from ncpcsim.centre.payments import Claim, collect
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
from ncpcsim.luck import WORDS_PER_BLOCK
from ncpcsim.plan.schema import Savings

_MOST_OPTIONS = 256
_MOST_YEARS = 128


@dataclass(frozen=True)
class Client:
    """A served client, as its engagement knows it: its stream, and its number there."""

    stream: str
    index: int


def options(centre: Centre, client: Client, u: float) -> tuple[int, float]:
    """Options that a client implements after an assessment.

    Args:
        centre: the run.
        client: whose options.
        u: the draw that makes their number.

    Returns:
        How many it implements, and what they save in a year, in USD.
    """
    savings = centre.numbers.savings
    if savings is None:
        return 0, 0.0
    found = min(rules.poisson(savings.options_mean, u), _MOST_OPTIONS)
    first = client.index * _MOST_OPTIONS
    names, up_to, all_shares = _categories(savings)
    implemented, saved_year_usd = 0, 0.0
    for draws in centre.luck.draws(f"{client.stream}.options", first, found, WORDS_PER_BLOCK):
        name = names[min(bisect_right(up_to, draws[0] * all_shares), len(names) - 1)]
        category = savings.categories[name]
        centre.count(f"options.{name}", "found")
        if draws[1] < category.implemented_probability:
            centre.count(f"options.{name}", "implemented")
            implemented += 1
            saved_year_usd += category.saving_year_usd
    return implemented, saved_year_usd


def _categories(savings: Savings) -> tuple[list[str], list[float], float]:
    """The categories by name, up to where a draw falls in each, and what to stretch it by."""
    names = sorted(savings.categories)
    up_to = list(accumulate(savings.categories[name].found_share for name in names))
    # Drawn shares need not sum to 1: they are taken in proportion.
    return names, up_to, math.fsum(c.found_share for c in savings.categories.values())


def saving(
    centre: Centre, client: Client, implemented: int, saved_year_usd: float, u: float
) -> Generator[Event, None, float]:
    """Let a client save, and perhaps relapse.

    Args:
        centre: the run.
        client: who saves.
        implemented: options the client implemented.
        saved_year_usd: what they save it in a year.
        u: the draw that decides whether it relapses.

    Returns:
        The part of the first year for which the client saved.
    """
    savings = centre.numbers.savings
    if savings is None or not implemented:
        return 0.0
    centre.gains.add(implemented, saved_year_usd)
    this = entity(f"{client.stream}.relapse", client.index)
    yield centre.clock.wait(savings.relapse_after_months, Kind.COMPLETION, this)
    climate = centre.market.climate()
    if not rules.relapses(savings.relapse_probability, climate, savings.climate_protection, u):
        centre.count("clients", "kept")
        return 1.0
    centre.gains.add(-implemented, -saved_year_usd)
    centre.count("clients", "relapsed")
    return min(savings.relapse_after_months / 12, 1.0)


def relapses_within_a_year(centre: Centre) -> bool:
    """Whether it is known before a year is over if a client relapses."""
    savings = centre.numbers.savings
    return savings is not None and savings.relapse_after_months < 12


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The counting of what clients gain."""
    if centre.numbers.savings:
        yield month_of_gains(centre, centre.numbers.savings)


def month_of_gains(centre: Centre, savings: Savings) -> Generator[Event]:
    """Each month end, count what clients saved in the month."""
    while True:
        yield centre.clock.wait(1, Kind.PAYMENT, MonthEnd.GAINS)
        for what, per_option in (
            ("energy_gj", savings.energy_gj),
            ("water_t", savings.water_t),
            ("waste_t", savings.waste_t),
        ):
            centre.count_parts("clients", what, centre.gains.options * per_option / 12)
        centre.count_parts("clients", "savings_usd", centre.gains.saved_year_usd / 12)


def membership(centre: Centre, client: Client) -> Generator[Event]:
    """A served client may join, and pays each year until it leaves.

    Nobody pays before the centre has made its name: until then membership is free too.
    """
    terms = centre.numbers.membership
    if terms is None:
        return
    if not centre.luck.one(f"{client.stream}.joining", client.index) < terms.joins_probability:
        return
    centre.count("members", "joined")
    stream = f"{client.stream}.membership"
    this = entity(stream, client.index)
    for year in range(_MOST_YEARS):
        fee_usd = terms.fee_year_usd if centre.charges() else 0.0
        fee = rules.cents(fee_usd * centre.economy.prices[centre.ledger.month])
        yield from collect(centre, Claim(Account.MEMBERSHIP, fee, this, 0, "membership"))
        yield centre.clock.wait(12, Kind.RECEIPT, this)
        if not centre.luck.one(stream, client.index * _MOST_YEARS + year) < terms.stays_probability:
            centre.count("members", "left")
            return
