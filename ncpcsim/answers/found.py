"""What of a plan's runs is compared with the book, figure by figure, with its interval.

Fees, activity and shares are those of runs in which the centre is open at the end, since the
centres that reported were; months, coverage and survival are those of all runs.
"""

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ncpcsim.measures import coverage
from ncpcsim.measures.falls import places_of_mature_years
from ncpcsim.measures.indicators import OUTPUTS
from ncpcsim.measures.intervals import (
    UNKNOWN,
    Interval,
    mean_interval,
    median_interval,
    ratio_interval,
    share_interval,
)
from ncpcsim.plan.load import Plan
from ncpcsim.plan.schema import Numbers
from ncpcsim.plan.schema.money import DOLLARS

if TYPE_CHECKING:
    import pandas as pd

Simulate = Callable[[Plan], "pd.DataFrame"]
"""Runs a plan and gives every column of its replications."""

_FIGURE_5_MONTHS = 60
"""Years that Figure 5's counts cover, five or six from the centres' first, in months."""
_SUPPORTED_YEARS = (3, 4, 5)
"""Years for which the first centres may have been paid: three were planned."""
_LISTED_MONTHS = 72
"""From 1995 to the list of 2001 (Fig. 8)."""
MOST_PLANS = 16
"""The plan and the variants of it that checks run, at most."""
_SMALL = "sme"
_FIRST_YEAR = 12
_BASIC = (
    "awareness",
    "training",
    "assessment",
    "investment_proposal",
    "technical_information",
    "policy_advice",
)
_EXTENDED = ("energy_audit", "management_system", "health_and_safety", "life_cycle")
_THREE = ("good_housekeeping", "process_control", "equipment_modification")
_UNDELIVERED = {"value": 0.2, "unit": "share", "assumption": True}


class Runs:
    """The runs of a plan, and of variants of it, as checks ask for them."""

    def __init__(self, plan: Plan, simulate: Simulate) -> None:
        self.plan = plan
        self.table = _good(simulate(plan))
        self._simulate = simulate

    @property
    def numbers(self) -> Numbers:
        """The plan's numbers."""
        return self.plan.numbers

    @cached_property
    def open(self) -> "pd.DataFrame":
        """The runs in which the centre is open at the end."""
        return self.table[self.table["closed_month"].isna()]

    @cached_property
    def first_years(self) -> "Runs":
        """The same runs, ended after the years that Figure 5 covers."""
        months = min(_FIGURE_5_MONTHS, self.numbers.months)
        return self.variant({"horizon.judged_month": months}, "the first years")

    def variant(self, changes: Mapping[str, Any], name: str) -> "Runs":
        """The runs of the plan with some values changed, with common random numbers."""
        return Runs(self.plan.variant(changes, name), self._simulate)

    def fees_in_dollars(self, year: int) -> "pd.Series[float]":
        """Fees of a year in US dollars, of centres open at the end; NaN without the year's rate."""
        numbers, fees = self.numbers, self.open[f"fees_cents.{year}"].astype("float64") / 100
        if numbers.currency == DOLLARS:
            return fees
        rate = numbers.rates_to_usd.get(str(year))
        return fees / (math.nan if rate is None else rate.units)

    def total(self, *names: str) -> "pd.Series[float]":
        """What was counted over the whole of each run in which the centre is open at the end."""
        columns = [f"total.{name}" for name in names]
        return self.open[columns].sum(axis=1).astype("float64")


def _window_fees(runs: Runs) -> "list[pd.Series[float]]":
    """Fees in USD in each fiscal year of the funding window, of centres open at the end."""
    years = coverage.years(runs.numbers)[: runs.numbers.programme_end // 12]
    return [runs.fees_in_dollars(year) for year in years]


def fees_year_one(runs: Runs) -> Interval:
    """Fees of the first fiscal year, in US dollars."""
    first = coverage.years(runs.numbers)[0]
    return mean_interval(runs.fees_in_dollars(first).dropna())


def least_rise(runs: Runs) -> Interval:
    """The smallest of the mean rises of fees from one year of the window to the next."""
    gaps = [(after - before).dropna() for before, after in pairwise(_window_fees(runs))]
    if not all(map(len, gaps)):
        return UNKNOWN
    rises = [mean_interval(gap) for gap in gaps]
    return min(rises, key=lambda rise: rise.estimate) if rises and len(runs.open) else UNKNOWN


def independence(runs: Runs) -> Interval:
    """Months until a year's costs are covered; a run in which they never are is not there yet."""
    return median_interval(runs.table["indicator.first_fully_covered_month"].fillna(math.inf))


def lasting(runs: Runs) -> Interval:
    """Share of all runs that are sustained."""
    return share_interval(int(runs.table["sustained"].sum()), len(runs.table))


def _coverage_by_year(runs: Runs) -> list[Interval]:
    """Fee coverage of the median run, in each year in which anything was spent."""
    years = coverage.years(runs.numbers)
    medians = [median_interval(runs.table[f"coverage.fee.{year}"].dropna()) for year in years]
    return [found for found in medians if not math.isnan(found.estimate)]


def mexico(runs: Runs, later: int) -> Interval:
    """Coverage in the year that is most like Mexico's 20 to 25 %, or `later` years after it.

    Years in which nobody pays yet are not like Mexico's.
    """
    years = _coverage_by_year(runs)
    begun = [year for year, found in enumerate(years[:-1]) if found.estimate > 0]
    if not begun:
        return UNKNOWN
    nearest = min(begun, key=lambda year: abs(years[year].estimate - 0.225))
    return years[nearest + later]


def people(runs: Runs) -> Interval:
    """People at work, over the whole run."""
    return mean_interval(runs.total("staff.people") / runs.numbers.months)


def people_at_start(runs: Runs) -> Interval:
    """People at work in the first year, while posts are filled."""
    first = runs.variant({"horizon.judged_month": _FIRST_YEAR}, "the first year")
    return mean_interval(first.total("staff.people") / _FIRST_YEAR)


def experts_share(runs: Runs) -> Interval:
    """Pay for experts from outside, of that and of salaries, whoever's money pays."""
    outside, own = (
        sum(runs.open[f"closing_cents.{one}"] for one in (name, f"earmarked_{name}"))
        for name in ("subcontractors", "salaries")
    )
    return ratio_interval(outside, outside + own)


def services_given(runs: Runs) -> Interval | None:
    """Services of which any was done, of the basic and the extended ones."""
    names = (*_BASIC, *_EXTENDED)
    if not set(names) <= set(runs.numbers.services):
        return None
    return mean_interval((runs.open[[f"total.{name}.done" for name in names]] > 0).sum(axis=1))


def training_days(runs: Runs) -> Interval | None:
    """Days of training for each person trained, in the first years."""
    days, people = OUTPUTS["person_days_of_training"], OUTPUTS["people_trained"]
    if not {f"total.{name}" for name in (*days, *people)} <= set(runs.table):
        return None
    return ratio_interval(runs.first_years.total(*days), runs.first_years.total(*people))


def adopted(runs: Runs) -> Interval | None:
    """Recommendations adopted, by policy paper; None where no advice is given."""
    if "policy_advice" not in runs.numbers.services:
        return None
    return ratio_interval(runs.total("policy_advice.adopted"), runs.total("policy_advice.done"))


def three_categories(runs: Runs) -> Interval | None:
    """Options found that are of the three commonest categories; None where none are counted."""
    savings = runs.numbers.savings
    if savings is None or not set(_THREE) <= set(savings.categories):
        return None
    three, found = (
        runs.total(*(f"options.{one}.found" for one in names))
        for names in (_THREE, savings.categories)
    )
    return ratio_interval(three, found)


def publications_sold(runs: Runs) -> Interval | None:
    """Copies sold in the first years; None where nothing is published."""
    if "publication" not in runs.numbers.services:
        return None
    return mean_interval(runs.first_years.total("publication.done"))


def projects_fail(runs: Runs) -> Interval | None:
    """Assessments begun that fail with the client; None where there are none."""
    if "assessment" not in runs.numbers.services:
        return None
    failed, done = (runs.total(f"assessment.{what}") for what in ("failed", "done"))
    return ratio_interval(failed, failed + done)


def _basic_fees_cents(runs: Runs) -> "pd.DataFrame | None":
    """Fees of each basic service, by run; None where a plan lacks assessments or training."""
    names = [name for name in _BASIC if name in runs.numbers.services]
    if not {"assessment", "training"} <= set(names):
        return None
    fees = -runs.open[[f"closing_cents.fees_{name}" for name in names]].astype("float64")
    return fees.set_axis(names, axis=1)


def assessments_pay(runs: Runs) -> Interval | None:
    """Fees of assessments over those of the basic service that earns most beside them."""
    fees = _basic_fees_cents(runs)
    if fees is None or fees.empty:
        return None if fees is None else UNKNOWN
    others = fees.drop(columns="assessment")
    return ratio_interval(fees["assessment"], others[others.sum().idxmax()])


def basic_fees(runs: Runs) -> Interval | None:
    """Fees of assessments and training, of those of all basic services."""
    fees = _basic_fees_cents(runs)
    if fees is None:
        return None
    return ratio_interval(fees["assessment"] + fees["training"], fees.sum(axis=1))


def mission_kept(runs: Runs) -> Interval | None:
    """Share of staff hours for the mission in the last year; None where no service is for it."""
    if not any(service.mission for service in runs.numbers.services.values()):
        return None
    return mean_interval(runs.open["indicator.mission_share"].dropna())


def yearly(output: str) -> Callable[[Runs], Interval | None]:
    """What was counted a year, in the first years of a centre, which Figure 5 covers."""
    counts = OUTPUTS[output]

    def found(runs: Runs) -> Interval | None:
        there = [name for name in counts if f"total.{name}" in runs.table]
        if not there:
            return None
        first = runs.first_years
        return mean_interval(first.total(*there) * 12 / first.numbers.months)

    return found


def eight_listed(runs: Runs) -> Interval | None:
    """Share open, active or dormant, six years after the start, on three to five years of money.

    The interval is from the lower end with three years to the upper end with five.
    """
    programme = runs.numbers.programme
    if programme is None or programme.interval_months is None:
        return None
    shares = []
    for years in _SUPPORTED_YEARS:
        listed = {"programme.months": 12 * years, "horizon.judged_month": _LISTED_MONTHS}
        table = runs.variant(listed, f"{years} years of support").table
        shares.append(share_interval(int(table["closed_month"].isna().sum()), len(table)))
    least, middle, most = shares
    return Interval(middle.estimate, least.low, most.high)


def implemented(runs: Runs) -> Interval | None:
    """Options implemented, of those found; None where none are counted."""
    savings = runs.numbers.savings
    if savings is None:
        return None
    done, found = (
        runs.total(*(f"options.{category}.{what}" for category in savings.categories))
        for what in ("implemented", "found")
    )
    return ratio_interval(done, found)


def payback(runs: Runs) -> Interval | None:
    """What clients invested, over what it saves in a year; None where no option costs anything."""
    savings = runs.numbers.savings
    if savings is None:
        return None
    paid = [category.payback_years for category in savings.categories.values()]
    if not any((*paid, savings.capital_payback_years)):
        return None
    invested, saved = (runs.total(f"clients.{what}") for what in ("invested", "implemented_year"))
    return ratio_interval(invested, saved)


def financed(runs: Runs) -> Interval | None:
    """Applications for finance accepted; None where the centre helps with none."""
    service = "investment_proposal"
    if service not in runs.numbers.services:
        return None
    return ratio_interval(runs.total(f"{service}.financed"), runs.total(f"{service}.done"))


def income_falls(runs: Runs) -> Interval | None:
    """Of all mature years of all runs, those in which earned income fell by 30 % or more."""
    if len(places_of_mature_years(runs.numbers)) < 2:
        return None
    years = runs.table["indicator.mature_years"]
    fallen = (years * runs.table["indicator.income_fall_share"]).fillna(0.0)
    return ratio_interval(fallen, years)


def small_firms_alone(runs: Runs) -> Interval | None:
    """Share sustained where only small firms ask; None where they are all, or none."""
    services = runs.numbers.services
    segments = {segment for service in services.values() for segment in service.clients}
    if _SMALL not in segments or segments == {_SMALL}:
        return None
    changes = {}
    for name in services:
        clients: Mapping[str, Any] = runs.plan.tree["services"][name]["clients"]
        changes[f"services.{name}.clients"] = {k: v for k, v in clients.items() if k == _SMALL}
    if "demonstrations" in runs.plan.tree:
        firms: Mapping[str, Any] = runs.plan.tree["demonstrations"]["segments"]
        changes["demonstrations.segments"] = {k: v for k, v in firms.items() if k == _SMALL}
    return lasting(runs.variant(changes, "small firms alone"))


def host_failure_delay(runs: Runs) -> Interval | None:
    """Months by which a failing host delays independence, in pairs with common random numbers.

    A run that never gets there counts up to the end of the run, so the delay is at least this.
    """
    if runs.numbers.host is None:
        return None
    failing = runs.variant({"host.delivered_share": _UNDELIVERED}, "host in default")
    later = _reached(failing).sub(_reached(runs)).dropna()
    return mean_interval(later) if len(later) else UNKNOWN


def _reached(runs: Runs) -> "pd.Series[float]":
    """First month in which a year's costs are covered, or the last month, by replication."""
    by_run = runs.table.set_index("replication")["indicator.first_fully_covered_month"]
    return by_run.fillna(float(runs.numbers.months))


def relapse(runs: Runs) -> Interval | None:
    """Relapsed, of clients that had implemented options and of which it is decided."""
    if runs.numbers.savings is None:
        return None
    none = {"value": 0, "unit": "share", "assumption": True}
    gains = {f"services.{name}.climate_gain": none for name in runs.numbers.services}
    bare = runs.variant({"events": {}, **gains}, "no policy climate")
    relapsed = bare.total("clients.relapsed")
    return ratio_interval(relapsed, relapsed + bare.total("clients.kept"))


def _good(table: "pd.DataFrame") -> "pd.DataFrame":
    return table[table["error"].isna()]
