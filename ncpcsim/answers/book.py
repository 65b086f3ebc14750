"""What the book reports of its centres, and what of a plan's runs is compared with it.

`CHECKS` is the list: a row names the facts of the evidence table that it compares with, what would
agree is computed from them, and how it is found in a plan's runs stands in `ncpcsim.answers.found`
and `ncpcsim.answers.gains`.
"""

import math

from ncpcsim.answers import found
from ncpcsim.answers.claims import CLAIMS
from ncpcsim.answers.compared import NEAR_NOTHING, Check, between, near, of_all, sample
from ncpcsim.answers.counts import COUNTS

__all__ = ["CHECKS", "Check"]

CHECKS: tuple[Check, ...] = (
    Check(
        "fees_year_one",
        "Fees in the first year",
        "usd",
        ("fig11.fees.1997", "fig11.fees.1998", "funding.first_year", "costa_rica.charging"),
        lambda f: (f["fig11.fees.1997"], NEAR_NOTHING * f["fig11.fees.1998"]),
        found.fees_year_one,
        "charging begins for all services in one month, and the first clients come at once; "
        "the book's centres worked free for longer",
    ),
    Check(
        "fees_rise",
        "Least rise of fees from year to year, in the window",
        "usd",
        (
            *(f"fig11.fees.{year}" for year in (1997, 1998, 1999, 2000)),
            "funding.slow_start",
            "funding.rise",
        ),
        lambda _: (1.0, math.inf),
        found.least_rise,
        "a plan whose demand is large from the first year has nowhere to rise to",
    ),
    Check(
        "five_years",
        "Until a year's full cost is covered without the programme",
        "months",
        ("funding.five_years", "programme.five_years"),
        lambda f: near(12 * f["funding.five_years"]),
        found.independence,
        "shifts of demand leave the median centre with less than the mean, and a director "
        "without a plan of sales grows late",
    ),
    Check(
        "most_last",
        "Centres sustained after the programme: most",
        "share",
        ("centres.most",),
        lambda _: (0.5, 1.0),
        found.lasting,
        "how many last depends on host, costs and prices of the plan; the book says most, of "
        "centres of its time",
    ),
    Check(
        "eight_listed",
        "Centres open after six years, on three to five years' money: eight of eight",
        "share",
        (
            "programme.eight",
            "centres.listed",
            "programme.three_years",
            "programme.five_years",
        ),
        lambda f: sample(f["centres.listed"], f["programme.eight"]),
        found.eight_listed,
        "a listing says that a centre was open, not that it worked; eight are few",
    ),
    Check(
        "mexico_coverage",
        "Costs covered by fees, in the year most like Mexico's",
        "share",
        ("mexico.coverage.low", "mexico.coverage.high"),
        lambda f: (f["mexico.coverage.low"] / 100, f["mexico.coverage.high"] / 100),
        lambda runs: found.mexico(runs, 0),
        "coverage rises so fast that no whole year lies near Mexico's",
    ),
    Check(
        "mexico_next_year",
        "The same, a year later",
        "share",
        ("mexico.coverage.next",),
        lambda f: near(f["mexico.coverage.next"] / 100),
        lambda runs: found.mexico(runs, 1),
        "the year after depends on which year is most like Mexico's",
    ),
    Check(
        "staff_range",
        "People at work",
        "people",
        ("staff.range.low", "staff.range.high"),
        lambda f: (f["staff.range.low"], f["staff.range.high"]),
        found.people,
        "people are the plan's to decide",
    ),
    Check(
        "assessments_per_year",
        "Plants assessed a year, in the first five",
        "plants",
        (*of_all("assessments", "years"), "china.enterprises"),
        lambda f: between(
            f, "assessments", "years", f["china.enterprises"] / f["fig5.years.china"]
        ),
        found.yearly("plants_assessed"),
        "the book's three centres assessed plants from the first year on, for demonstration "
        "and free; the plan sells most of its own, once known",
    ),
    Check(
        "systems_per_year",
        "Plants helped to a management system a year, in the first five",
        "plants",
        of_all("systems", "years"),
        lambda f: between(f, "systems", "years"),
        found.yearly("management_systems"),
        "three centres, of which one helped three plants in five years",
    ),
    Check(
        "trained_per_year",
        "People trained a year, in the first five",
        "people",
        of_all("trained", "years"),
        lambda f: between(f, "trained", "years"),
        found.yearly("people_trained"),
        "courses and who attends them are the plan's; the book's range is wide",
    ),
    Check(
        "awareness_people",
        "People at awareness events a year, in the first five",
        "people",
        of_all("people", "years"),
        lambda f: between(f, "people", "years"),
        found.yearly("people_reached"),
        "three centres between 170 and 3,100 people a year: how many events are held is the plan's",
    ),
    Check(
        "options_implemented",
        "Options implemented, of those found",
        "share",
        ("fig12.total.identified", "fig12.total.implemented"),
        lambda f: sample(f["fig12.total.implemented"], f["fig12.total.identified"]),
        found.implemented,
        "the plan's categories of options have other shares than those of Figure 12",
    ),
    Check(
        "payback",
        "Years in which what clients invest pays back",
        "years",
        ("desire.invested", "desire.saved", "moravska_trebova.payback"),
        lambda f: (f["desire.invested"] / f["desire.saved"], f["moravska_trebova.payback"]),
        found.payback,
        "one project of small firms and small measures, another of a whole town's large ones",
    ),
    Check(
        "investment_success",
        "Applications for finance that are accepted",
        "share",
        of_all("applications", "accepted"),
        lambda f: between(f, "accepted", "applications"),
        found.financed,
        "22 and 14 applications are few",
    ),
    Check(
        "income_falls",
        "Mature years in which earned income falls by 30 % or more",
        "share",
        ("outside.d1", "outside.d2"),
        lambda f: (f["outside.d2"], f["outside.d1"]),
        found.income_falls,
        "other small bodies, in rich countries; large clients, payers that leave and public "
        "budgets are the plan's causes",
    ),
    Check(
        "sme_alone",
        "Centres sustained on small firms alone: none",
        "share",
        ("zimbabwe.sme", "hungary.sme"),
        lambda _: (0.0, 0.05),
        found.small_firms_alone,
        "small firms pay more, or more of them ask, than the book's centres found",
    ),
    Check(
        "host_failure_delays",
        "Delay of covered costs by a host that fails",
        "months",
        (
            "host.partners",
            "host.threshold",
            "tanzania.government",
            "china.host",
            "nicaragua.host_staff",
            "funding.host.unmet",
        ),
        lambda _: (1.0, math.inf),
        found.host_failure_delay,
        "a centre whose host gives little to begin with misses little",
    ),
    Check(
        "relapse_without_policy",
        "Clients that relapse where policy is absent",
        "share",
        ("china.relapse", "china.relapse.after"),
        lambda f: near(f["china.relapse"] / 100),
        found.relapse,
        "half of one country's clients, six months after",
    ),
    *COUNTS,
    *CLAIMS,
)
"""Every comparison, in the order of reports."""
