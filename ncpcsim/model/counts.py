"""What a run counts, month by month: which rows there are, and what stands in each."""

from enum import IntEnum
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ncpcsim.plan.schema import Numbers


class OfService(IntEnum):
    """What is counted of each service.

    Enquiries (and engagements the centre offers), proposals with a price, prices declined, clients
    who left waiting or failed, engagements done, people who took part, advice adopted, applications
    for finance that succeeded, hours of own staff.
    """

    ASKED = 0
    PRICED = 1
    DECLINED = 2
    LEFT = 3
    FAILED = 4
    DONE = 5
    PARTICIPANTS = 6
    ADOPTED = 7
    FINANCED = 8
    STAFF_HOURS = 9


class OfTraining(IntEnum):
    """What training leaves: days that participants attended, assessors, institutions."""

    PERSON_DAYS = 0
    ASSESSORS = 1
    INSTITUTIONS = 2


class OfContract(IntEnum):
    """What is counted of each kind of contract."""

    BIDS = 0
    WON = 1
    STAFF_HOURS = 2


RENEWED = "renewed"
"""What is counted of a kind of contract whose payers may stay: commissions without a bid."""


NETWORK_HOURS = "staff_hours"
"""What is counted of each part of a network: hours of own staff for its secretariat."""


class OfOption(IntEnum):
    """What is counted of each category of options."""

    FOUND = 0
    IMPLEMENTED = 1


class OfClients(IntEnum):
    """Clients that implemented options and kept to them or relapsed; what they saved.

    Some of those kept relapse later, when the policy climate no longer holds them. And what the
    options they implemented save in a year and cost them, and what they borrowed.
    """

    KEPT = 0
    RELAPSED = 1
    SAVINGS = 2
    ENERGY_GJ = 3
    WATER_T = 4
    WASTE_T = 5
    RELAPSED_LATER = 6
    IMPLEMENTED_YEAR = 7
    INVESTED = 8
    BORROWED = 9
    WATER_POLLUTANTS_T = 10
    AIR_POLLUTANTS_T = 11
    GREENHOUSE_GASES_T = 12


class OfMembers(IntEnum):
    """Members who joined, and who left; fees asked for, and those that were declined."""

    JOINED = 0
    LEFT = 1
    PRICED = 2
    DECLINED = 3


def counted(numbers: "Numbers") -> list[tuple[str, str]]:
    """What a plan's runs count, and of which subject, in the order of the rows."""
    rows = list(product(numbers.services, _words(OfService)))
    rows += product(teaching(numbers), _words(OfTraining))
    rows += product(numbers.contracts, _words(OfContract))
    rows += [
        (name, RENEWED)
        for name, contract in numbers.contracts.items()
        if contract.renewal_probability is not None
    ]
    rows += [(f"network.{part}", NETWORK_HOURS) for part in numbers.network]
    if numbers.savings:
        categories = [f"options.{category}" for category in numbers.savings.categories]
        rows += product(categories, _words(OfOption))
        rows += product(["clients"], _words(OfClients))
    rows.append(("staff", "people"))
    rows += product(["centre"], ["dormant", "turned_away"])
    if numbers.membership:
        rows += product(["members"], _words(OfMembers))
    if numbers.management:
        rows += [("staff", "hired"), ("staff", "let_go"), ("mission", "skipped")]
    return rows


def counted_names(numbers: "Numbers") -> tuple[str, ...]:
    """Names of all that a plan's runs count, "SUBJECT.WHAT", in order."""
    return tuple(f"{subject}.{what}" for subject, what in counted(numbers))


def teaching(numbers: "Numbers") -> list[str]:
    """The services whose training is counted."""
    return [
        name
        for name, service in numbers.services.items()
        if service.attended_days is not None or service.assessors_share is not None
    ]


def _words(what: type[IntEnum]) -> list[str]:
    return [each.name.lower() for each in what]
