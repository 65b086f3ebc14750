"""Every field a plan has: name, unit, bounds, meaning, and whether it is decided, unknown or known.

The models hold plain numbers, one value each; what a plan *file* states beside a number (its
distribution, its source) is kept by `ncpcsim.plan.load.Plan`. There are no default values here:
the shipped plan `generic` states them all, with their sources.
"""

from datetime import date, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo

from ncpcsim.plan.frozen import FrozenDict
from ncpcsim.plan.quantity import Frozen, Share, constant, lever, uncertain

Giver = Literal["programme", "domestic_public", "corporate", "other"]
Variability = Literal["fixed", "exponential", "lognormal"]


def _months_after_start(value: object, info: ValidationInfo) -> object:
    """A calendar date stands for the number of months from the plan's start."""
    if not isinstance(value, date):
        return value
    if isinstance(value, datetime):
        raise ValueError("expected a date without a time of day")
    start = (info.context or {}).get("start")
    if not isinstance(start, date):
        raise ValueError("a date can only be placed once the plan's `start` is right")
    if value.day != 1:
        raise ValueError("expected the first day of a month")
    return (value.year - start.year) * 12 + value.month - start.month


def _first_of_month(value: date) -> date:
    if value.day != 1:
        raise ValueError("expected the first day of a month")
    return value


Month = Annotated[int, BeforeValidator(_months_after_start)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
_Section = TypeVar("_Section")
Named = Annotated[dict[Name, _Section], AfterValidator(FrozenDict)]
"""Sections by name."""


class Horizon(Frozen):
    """How long the centre is watched."""

    funding_window_months: int = lever(
        "months",
        "length of the programme's support: sustainability is judged after it",
        ge=1,
        le=1200,
    )
    follow_up_months: int = lever(
        "months", "how long the centre is watched after the support ends", ge=0, le=1200
    )

    @property
    def months(self) -> int:
        """Length of the whole run in months."""
        return self.funding_window_months + self.follow_up_months


class Thresholds(Frozen):
    """When a centre counts as insolvent, and when as sustained."""

    credit_line_usd: float = lever(
        "usd", "how far below zero the bank lets the centre's cash fall", ge=0
    )
    insolvent_after_months: int = lever(
        "months", "month ends in a row below the credit line that close the centre", ge=1
    )
    sustained_coverage: float = lever(
        "ratio", "coverage over the last twelve months that counts as living on its own", ge=0
    )


class Opening(Frozen):
    """What the centre starts with."""

    cash_usd: float = lever("usd", "cash on the first day", ge=0)


class Host(Frozen):
    """The institution that houses the centre: what it promises and what it delivers.

    The people it seconds are posts with `payer = "host"`.
    """

    kind: str = Field(description="what sort of institution it is", min_length=1)
    cash_month_usd: float = lever("usd/month", "cash the host promises each month", ge=0)
    premises_share: Share = lever("share", "share of the premises' rent the host promises to bear")
    delivered_share: Share = uncertain(
        "share",
        "share of the promised cash and premises that comes, and the chance that a promised "
        "person does",
    )
    delay_months: float = uncertain(
        "months", "how long after the start the host's contributions begin", ge=0
    )


class Staff(Frozen):
    """Terms of work that hold for everyone."""

    working_days_month: float = constant("days/month", "days worked in a month", gt=0, le=31)
    social_security_share: float = lever(
        "share of salary", "the employer's social security on top of a salary the centre pays", ge=0
    )
    outside_day_rate_usd: float = lever(
        "usd/day", "fee of an outside expert for a day's work", ge=0
    )


class Post(Frozen):
    """One or more people with the same work, pay and payer."""

    role: str = Field(
        description="what they do; services name the role that does them", min_length=1
    )
    people: int = lever("people", "how many hold this post", ge=1, le=1000)
    salary_month_usd: float = lever("usd/month/person", "salary of one person", ge=0)
    payer: str = Field(
        description='who pays at first: "centre", "host" (in kind) or an earmarked grant',
        min_length=1,
    )
    then: Literal["centre", "ends"] = Field(
        description="when a grant that pays runs out: the centre takes the post over, or it ends"
    )
    from_month: Month = lever("months", "month or date in which the post begins", ge=0)
    until_month: Month | None = lever(
        "months", "month or date in which it ends, if it does", ge=0, default=None
    )


class Costs(Frozen):
    """Running costs that do not depend on the work done."""

    from_month: Month = lever("months", "month or date in which the running costs begin", ge=0)
    premises_month_usd: float = lever(
        "usd/month", "rent and utilities at market value; a host may bear a share", ge=0
    )
    materials_month_usd: float = lever("usd/month", "materials and energy", ge=0)
    travel_month_usd: float = lever("usd/month", "travel that belongs to no single service", ge=0)
    overhead_month_usd: float = lever("usd/month", "telephone, supplies, accounts, audit", ge=0)
    miscellaneous_month_usd: float = lever("usd/month", "everything else", ge=0)
    equipment_usd: float = lever("usd", "equipment the centre buys with its own money", ge=0)
    equipment_month: Month = lever("months", "month or date in which it is bought", ge=0)
    equipment_life_months: int = lever("months", "over which it is depreciated", ge=1)


class Tranche(Frozen):
    """One instalment of a grant."""

    month: Month = lever("months", "month or date in which it is due", ge=0)
    amount_usd: float = lever("usd", "its amount", ge=0)


class Earmarks(Frozen):
    """What earmarked money may be spent on; the shares sum to 1."""

    salaries: Share = lever("share", "salaries of the posts that the grant pays")
    subcontractors: Share = lever("share", "consultants, national and international")
    travel: Share = lever("share", "travel, training abroad and study tours")
    equipment: Share = lever("share", "equipment")


class Grant(Frozen):
    """Money given under an agreement, in tranches, earmarked or at the centre's discretion."""

    giver: Giver = Field(
        description="whose money it is: the founding programme, public bodies at home, "
        "companies, or others"
    )
    terms: Literal["earmarked", "discretionary"] = Field(
        description="earmarked money can only be spent on its categories"
    )
    from_month: Month = lever("months", "month or date in which the agreement begins", ge=0)
    until_month: Month = lever("months", "month or date in which the agreement ends", ge=0)
    tranches: Annotated[tuple[Tranche, ...], Field(strict=False)] = Field(
        description="the instalments in order of their date"
    )
    delay_months: float = uncertain(
        "months", "mean lateness of a tranche (exponential); 0 pays on the day", ge=0
    )
    earmarks: Earmarks | None = Field(
        default=None, description="for earmarked money: the share that each category may spend"
    )
    spend_months: int = lever(
        "months", "over which a tranche's earmarks, salaries apart, are spent evenly", ge=1
    )


class Market(Frozen):
    """What all clients share."""

    charge_from_month: Month = lever(
        "months", "month or date from which services are charged for", ge=0
    )
    decision_months: float = uncertain(
        "months", "from a client's enquiry to its answer to the proposal", ge=0
    )
    willingness_sigma: float = uncertain(
        "log units", "spread of the willingness to pay between clients (lognormal)", ge=0
    )
    awareness_fade_month: float = uncertain(
        "1/month", "rate at which aware clients forget", ge=0, le=10
    )
    word_of_mouth_clients: float = uncertain(
        "clients", "potential clients who hear of the centre from one that was served", ge=0
    )
    climate_effect: float = uncertain(
        "share", "how much more clients ask under the best policy climate than under none", ge=0
    )
    climate_fade_month: float = uncertain(
        "1/month", "rate at which the effect of adopted advice wears off", ge=0, le=10
    )
    write_off_months: float = constant(
        "months", "after which an unpaid invoice is written off", ge=0
    )


class Segment(Frozen):
    """A group of potential clients that behave alike."""

    potential_clients: float = uncertain("clients", "how many there are in the country", gt=0)
    aware_at_start: Share = uncertain("share", "share that knows of the centre on the first day")
    aware_at_most: Share = uncertain("share", "share that can ever be reached")
    payment_delay_months: float = uncertain(
        "months", "mean time from invoice to payment (exponential)", ge=0
    )
    bad_debt_probability: Share = uncertain("probability", "chance that an invoice is never paid")
    patience_months: float = uncertain(
        "months", "mean time a client waits for work to begin (exponential)", ge=0
    )


class Demand(Frozen):
    """What one segment asks of one service, and on which terms."""

    asks_year: float = uncertain(
        "enquiries/aware client/year", "how often a client that knows the centre asks", ge=0
    )
    price_usd: float = lever("usd/engagement", "price; 0 is free", ge=0)
    willingness_usd: float = uncertain(
        "usd/engagement", "price that half of the clients would accept", ge=0
    )


class Follows(Frozen):
    """A service that clients ask for after another one."""

    service: str = Field(description="the service after which it is asked for", min_length=1)
    probability: Share = uncertain("probability", "chance that a served client asks for it")


class Service(Frozen):
    """Something the centre does for clients, or of its own accord."""

    role: str = Field(description="the role of the staff who do it", min_length=1)
    priority: int = lever("rank", "who goes first when staff are short: lower first", ge=0, le=9)
    staff_days: float = uncertain("days/engagement", "mean working days of one engagement", ge=0)
    variability: Variability = Field(
        description="how working days vary: fixed, exponential, or lognormal (with sigma 0.5)"
    )
    outside_share: Share = lever("share", "share of the days done by outside experts")
    materials_usd: float = lever("usd/engagement", "materials used", ge=0)
    travel_usd: float = lever("usd/engagement", "travel", ge=0)
    participants: int = lever("people/engagement", "people who take part", ge=0)
    reaches_clients: float = uncertain(
        "clients/engagement", "potential clients who learn of the centre through one", ge=0
    )
    offered_year: float = lever(
        "engagements/year", "how many the centre holds of its own accord, free", ge=0, le=1000
    )
    adoption_probability: Share = uncertain(
        "probability", "chance that a government adopts the advice given"
    )
    climate_gain: Share = uncertain(
        "share", "part of the way to the best policy climate that adopted advice goes"
    )
    follows: Follows | None = Field(default=None, description="the service it comes after, if any")
    clients: Named[Demand] = Field(description="demand by segment; may be empty")


class Numbers(Frozen):
    """Every number of a plan, one value each: what a run of the model is given."""

    title: str = Field(description="the centre's name", min_length=1)
    question: str = Field(description="the question the plan answers", min_length=1)
    start: Annotated[date, AfterValidator(_first_of_month)] = Field(
        description="first day of the plan, the first of a month"
    )
    horizon: Horizon
    thresholds: Thresholds
    opening: Opening
    host: Host | None = Field(
        default=None, description="the host institution; a centre may have none"
    )
    staff: Staff
    posts: Named[Post] = Field(description="who works at the centre and who pays them")
    costs: Costs
    grants: Named[Grant] = Field(description="money given: programme and other")
    market: Market
    segments: Named[Segment] = Field(description="groups of potential clients")
    services: Named[Service] = Field(description="what the centre does")
