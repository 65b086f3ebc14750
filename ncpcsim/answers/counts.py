"""More of what the book counts and tells of a centre, found in the plan's own runs."""

import math
from itertools import chain, pairwise

from ncpcsim.answers import found
from ncpcsim.answers.compared import (
    NEAR_NOTHING,
    SOME,
    Check,
    Facts,
    between,
    near,
    of_all,
    sample,
)
from ncpcsim.measures.falls import FALL

_OPERATIONS = tuple(f"fig10.operations.{year}" for year in (1998, 1999))
_FEES = tuple(f"fig11.fees.{year}" for year in (1997, 1998, 1999, 2000))
_PAY = (
    *((f"fig10.personnel.{year}", f"fig10.wages.{year}") for year in (1998, 1999)),
    *(
        (f"fig11.subcontractors.{year}", f"fig11.salaries.{year}")
        for year in (1997, 1998, 1999, 2000)
    ),
)
"""Pay for experts from outside and for staff, by centre and year."""
_THREE = tuple(f"fig12.{one}.identified" for one in ("housekeeping", "control", "equipment"))


def _experts_reported(facts: Facts) -> tuple[float, float]:
    """The smallest and largest part of a year's pay that went to experts from outside."""
    parts = [facts[outside] / (facts[outside] + facts[own]) for outside, own in _PAY]
    return min(parts), max(parts)


def _three_reported(facts: Facts) -> tuple[float, float]:
    """The sample of Figure 12, and the round number that the text gives of it."""
    told = facts["sample.three_categories"] / 100
    low, high = sample(sum(facts[name] for name in _THREE), facts["fig12.total.identified"])
    return min(low, told), max(high, told)


def _falls_reported(facts: Facts) -> tuple[float, float]:
    """What the few changes from year to year that are published leave open."""
    changes = [
        after <= (1 - FALL) * before
        for names in (_OPERATIONS, _FEES)
        for before, after in pairwise(facts[name] for name in names)
    ]
    return sample(sum(changes), len(changes))


COUNTS: tuple[Check, ...] = (
    Check(
        "services_given",
        "Services given, of six basic and four extended ones",
        "services",
        ("services.basic", "services.extended"),
        lambda f: (
            f["services.basic"] + f["services.extended"] - 0.5,
            f["services.basic"] + f["services.extended"],
        ),
        found.services_given,
        "extended services are begun one by one, and a small centre may not sell them all",
    ),
    Check(
        "staff_at_start",
        "People at work in the first year",
        "people",
        ("staff.start",),
        lambda f: near(f["staff.start"]),
        found.people_at_start,
        "only Brazil says with how many it began; a host's people may come late",
    ),
    Check(
        "experts_share",
        "Paid to outside experts, of pay for work",
        "share",
        (*chain(*_PAY), "staff.small"),
        _experts_reported,
        found.experts_share,
        "six years of two centres, from nothing to three quarters",
    ),
    Check(
        "events_per_year",
        "Awareness events a year, in the first five",
        "events",
        (*of_all("events", "years"), "india.seminars.piggyback"),
        lambda f: between(f, "events", "years", f["india.seminars.piggyback"]),
        found.yearly("events_held"),
        "how many events are held is the plan's",
    ),
    Check(
        "training_days",
        "Days of training for each person trained",
        "days",
        (*of_all("person_days", "trained"), "mexico.workshop_days.high"),
        lambda f: between(f, "person_days", "trained", f["mexico.workshop_days.high"]),
        found.training_days,
        "how long courses are is the plan's; the book's range is wide",
    ),
    Check(
        "assessors_per_year",
        "Assessors trained who work in the field, a year, in the first five",
        "people",
        of_all("assessors", "years"),
        lambda f: between(f, "assessors", "years"),
        found.yearly("assessors_at_work"),
        "the plan's share of participants follows the same figure, but fewer may be trained",
    ),
    Check(
        "institutions_per_year",
        "Institutions that took the subject up, a year, in the first five",
        "institutions",
        of_all("institutions", "years"),
        lambda f: between(f, "institutions", "years"),
        found.yearly("institutions_won"),
        "the plan's share of participants follows the same figure, but fewer may be trained in all",
    ),
    Check(
        "papers_per_year",
        "Policy papers a year, in the first five",
        "papers",
        of_all("papers", "years"),
        lambda f: between(f, "papers", "years"),
        found.yearly("policy_papers"),
        "how many are offered is the plan's, and work for clients may come first",
    ),
    Check(
        "recommendations_adopted",
        "Recommendations taken up, by policy paper",
        "ratio",
        of_all("recommendations", "papers"),
        lambda f: between(f, "recommendations", "papers"),
        found.adopted,
        "five papers of Brazil and twenty of China are few",
    ),
    Check(
        "applications_per_year",
        "Applications for finance a year, in the first five",
        "applications",
        of_all("applications", "years"),
        lambda f: between(f, "applications", "years"),
        found.yearly("finance_applications"),
        "they follow assessments, which are fewer than the book's in a plan's first years, and "
        "half of the clients decline the price",
    ),
    Check(
        "three_categories",
        "Options found: housekeeping, process control, equipment",
        "share",
        (*_THREE, "fig12.total.identified", "sample.three_categories"),
        _three_reported,
        found.three_categories,
        "the plan's shares of categories are others than those of the figure",
    ),
    Check(
        "publications_sold",
        "Copies of manuals sold, in the first five years",
        "copies",
        ("china.manuals",),
        lambda f: (f["china.manuals"], math.inf),
        found.publications_sold,
        "China alone says how many, and its manual is for the whole of a very large country",
    ),
    Check(
        "projects_fail",
        "Assessments that fail with the client: some",
        "share",
        ("slovakia.bankrupt",),
        lambda _: (SOME, 0.5),
        found.projects_fail,
        "several projects of one country failed, of a number that is not told",
    ),
    Check(
        "assessments_pay",
        "Fees of assessments, over those of the next basic service",
        "ratio",
        ("financing.assessment",),
        lambda _: (1.0, math.inf),
        found.assessments_pay,
        "courses sell better in this plan, by their price or by who asks for them",
    ),
    Check(
        "basic_fees",
        "Fees of assessments and training, of all basic services: most",
        "share",
        (
            "financing.training",
            "financing.awareness",
            "financing.policy",
            "financing.information",
        ),
        lambda _: (0.5, 1.0),
        found.basic_fees,
        "somebody pays for advice, events or information in this plan",
    ),
    Check(
        "mission_kept",
        "Staff time for the mission, in the last year",
        "share",
        ("mission.kept",),
        lambda _: (NEAR_NOTHING, 1.0),
        found.mission_kept,
        "work that pays comes first, and the plan has no floor for what does not",
    ),
    Check(
        "income_falls_in_accounts",
        "Mature years with such a fall: of four published changes, one",
        "share",
        (*_OPERATIONS, *_FEES),
        _falls_reported,
        found.income_falls,
        "four changes of two centres leave much open",
    ),
)
"""Comparisons with counts and words of the book that need hardly a run of their own."""
