"""Earmarked money helps, ever less for more of it, and without it the centre is worse off."""

from functools import cache
from itertools import pairwise
from statistics import fmean

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.record import Record
from ncpcsim.plan.load import Plan, load_plan
from tests.directions import SEED
from tests.plans import changed, drawn_run, earmarks, grant

RUNS = 100
YEARS = slice(12, 60)
"""The second to the fifth: what is earmarked comes in the first five."""
EARMARKED = "grants.programme_direct.earmarks"
DISCRETIONARY = "grants.programme_discretionary.programme_share"
DIRECT = "grants.programme_direct.programme_share"
BOUGHT = {"subcontractors": 0.3, "travel": 0.2, "equipment": 0.16}
"""What of the generic plan's direct funding is for more than salaries."""
EARMARKED_YEAR = 77900 * 0.664 * 0.87 * 0.66


def fees(record: Record) -> float:
    return float(-record.net_cents[Account.FEES :, YEARS].sum()) / 100


def options(record: Record) -> float:
    rows = [i for i, name in enumerate(record.counted) if name.endswith(".found")]
    return float(record.counts[rows, YEARS].sum())


def means(plan: Plan) -> tuple[float, float]:
    """Mean fees and options found in those years."""
    records = [drawn_run(plan, SEED, replication) for replication in range(RUNS)]
    return fmean(map(fees, records)), fmean(map(options, records))


@cache
def generic() -> Plan:
    return load_plan("generic")


def wasted(*categories: str) -> Plan:
    """The average centre, of which some earmarked money is spent on what brings nothing."""
    gone = {f"{EARMARKED}.{name}": 0 for name in categories}
    lost = sum(BOUGHT[name] for name in categories)
    return changed(generic(), {**gone, f"{EARMARKED}.miscellaneous": lost})


def times(factor: float) -> Plan:
    """The average centre, with so much more of its earmarked money, salaries apart."""
    more = {12 * year: EARMARKED_YEAR * factor for year in range(5)}
    shares = earmarks(subcontractors=0.46, travel=0.3, equipment=0.24)
    terms = {"giver": "other", "terms": "earmarked", "spend_months": 12, "until_month": 60}
    return changed(generic(), {"grants.more": grant(more, earmarks=shares, **terms)})


def moved(part: float) -> Plan:
    """The average centre, with so much of its earmarked money discretionary, salaries apart."""
    direct = 0.664 * (1 - 0.66 * part)
    left = 0.664 * 0.66 * (1 - part) / direct
    shares = {name: share / 0.66 * left for name, share in BOUGHT.items()}
    return changed(
        generic(),
        {
            DIRECT: direct,
            DISCRETIONARY: 1 - direct,
            EARMARKED: {"salaries": 1 - sum(shares.values()), **shares},
        },
    )


def test_nothing_bought_is_felt_in_fees_and_options() -> None:
    base, none = means(generic()), means(wasted(*BOUGHT))
    assert 0.7 * base[0] < none[0] < 0.93 * base[0]
    assert 0.4 * base[1] < none[1] < 0.8 * base[1]


def test_each_category_brings_what_it_is_for() -> None:
    base = means(generic())
    names = ("travel", "subcontractors", "equipment")
    untrained, alone, unmeasured = (means(wasted(name)) for name in names)
    assert untrained[0] < 0.96 * base[0]
    assert alone[0] < 0.99 * base[0]
    assert unmeasured[1] < 0.85 * base[1]


def test_ten_times_as_much_helps_but_not_ten_times_as_much() -> None:
    fees_of = [means(plan)[0] for plan in (wasted(*BOUGHT), generic(), times(1), times(9))]
    gains = [after - before for before, after in pairwise(fees_of)]
    first, second, eight_more = gains
    assert first > 1.5 * second > 0
    assert second > 1.5 * eight_more / 8 > 0


def test_money_moved_to_the_director_s_discretion_is_a_choice() -> None:
    none, half, all_ = (means(moved(part))[0] for part in (0, 0.5, 1))
    assert half > 1.02 * none
    assert half > 1.02 * all_


def test_a_counterpart_helps_for_a_year_or_two_and_is_then_too_dear() -> None:
    def fees_of(until: int, cost_month: float) -> float:
        changes = {
            "learning.counterpart_until_month": until,
            "learning.counterpart_cost_month": cost_month,
        }
        return means(changed(generic(), changes))[0]

    # At the plan's price it brings about what the consultants would whom it is paid instead of.
    dear, cheap = 400, 200
    none = fees_of(0, dear)
    assert fees_of(18, cheap) > none
    assert fees_of(18, dear) > fees_of(60, dear)
    assert fees_of(18, cheap) > fees_of(60, cheap)
