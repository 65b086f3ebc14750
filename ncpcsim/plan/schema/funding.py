"""Who gives money, on which terms."""

from typing import Annotated, Literal

from pydantic import Field

from ncpcsim.plan.quantity import Frozen, Share, constant, lever, uncertain
from ncpcsim.plan.schema.common import Giver, Month, Shape


class Earmarks(Frozen):
    """What earmarked money may be spent on; the shares sum to 1.

    Where a share is not known and has a distribution, what is drawn is taken in proportion.
    """

    salaries: Share = lever("share", "salaries of the posts that the grant pays")
    subcontractors: Share = lever("share", "consultants, national and international")
    travel: Share = lever("share", "travel, training abroad and study tours")
    equipment: Share = lever("share", "equipment")
    miscellaneous: Share | None = lever("share", "everything else", default=None)


class SecondPhase(Frozen):
    """A second phase of the programme's support, in the intervals and shape of the first."""

    gap_months: int = lever("months", "without programme money between the phases", ge=0, le=1200)
    months: int = lever("months", "length of the second phase", ge=1, le=1200)
    amount_year: float | None = lever("money/year", "money for each year of it", default=None, ge=0)
    amount_total: float | None = lever("money", "or money for all of it", default=None, ge=0)


class MidTermReview(Frozen):
    """The donor looks at results once, against the plan, and decides on the money that is to come.

    Results are the mean of three ratios, each at most 2: assessments done to planned, coverage and
    credibility to those asked for. As planned they are 1, and the support goes on as agreed.
    """

    month: int = lever("months", "month on whose first day it decides", ge=1, le=1200)
    planned_assessments_year: float = lever(
        "engagements/year", "engagements that find options, planned until then", gt=0
    )
    asked_coverage: float = lever(
        "ratio", "own income to own cost of the year before that the donor asks for", gt=0
    )
    asked_credibility: float = lever("share", "credibility that it asks for", gt=0, le=1)
    cut_share: Share = uncertain("share", "part of the rest that is cut without any results")
    added_share: Share = uncertain("share", "part that is added to it at twice the results planned")
    second_phase_probability: Share | None = uncertain(
        "probability",
        "chance of the second phase at results as planned, in proportion to them; left out, a "
        "second phase comes as agreed",
        default=None,
    )


class Programme(Frozen):
    """The founding programme's support: how long, how much, in which shape, from which donor.

    Grants take shares of it (`programme_share`), and move with it: tranches, earmarks, the posts
    they pay, the end of the run. Where a plan of the past lists dated tranches instead, `months`
    alone says when the support had ended: tranches after that are not paid.
    """

    months: int = lever("months", "from the start to the end of the support", ge=1, le=1200)
    amount_year: float | None = lever(
        "money/year", "money for each year of support", default=None, ge=0
    )
    amount_total: float | None = lever("money", "or money for all of it", default=None, ge=0)
    interval_months: int | None = lever(
        "months", "between two tranches, the first on signing", default=None, ge=1
    )
    shape: Shape | None = Field(
        default=None,
        description="even, front_loaded (each tranche half of the one before) or tapered "
        "(falling evenly towards 0)",
    )
    donor: str | None = Field(
        default=None, min_length=1, description="who gives it, one of `donors`"
    )
    second_phase: SecondPhase | None = Field(default=None, description="what may follow it")
    review: MidTermReview | None = Field(
        default=None, description="what of the rest, and whether a second phase, depends on results"
    )


class Tranche(Frozen):
    """One instalment of a grant."""

    month: Month = lever("months", "month or date in which it is due", ge=0)
    amount: float = lever("money", "its amount", ge=0)
    earmarks: Earmarks | None = Field(
        default=None, description="what this tranche may be spent on, if not as the grant says"
    )


class Schedule(Frozen):
    """A total paid in tranches of a stated shape, from the agreement's beginning to its end."""

    total: float = lever("money", "sum of all tranches", ge=0)
    every_months: int = lever("months", "time between two tranches", ge=1)
    shape: Shape = Field(
        description="even, front_loaded (each tranche half of the one before) or tapered "
        "(falling evenly towards 0)"
    )


class Donor(Frozen):
    """Who gives grants, and what it may do against its agreements, all of them at once."""

    suspensions_year: float = uncertain(
        "1/year", "how often payments are suspended (Poisson)", ge=0, le=12
    )
    suspension_months: float = uncertain("months", "how long tranches then wait (fixed)", ge=0)
    early_ends_year: float = uncertain(
        "1/year", "rate at which the agreement is ended before its time", ge=0, le=12
    )


class Extension(Frozen):
    """What the donor adds at the agreement's end to a centre it finds credible."""

    credibility: Share = lever("share", "credibility that the donor asks for")
    probability: Share = uncertain("probability", "chance that it then extends")
    months: int = lever("months", "length of the extension", ge=1)
    amount: float = lever("money", "money of the extension, paid at its beginning", ge=0)


class Grant(Frozen):
    """Money given under an agreement, in tranches, earmarked or at the centre's discretion."""

    giver: Giver = Field(
        description="whose money it is: the founding programme, public bodies at home, "
        "companies, or others"
    )
    terms: Literal["earmarked", "discretionary"] = Field(
        description="earmarked money can only be spent on its categories"
    )
    programme_share: Share | None = lever(
        "share",
        "the part of the programme's support that comes under this agreement, in place of dates, "
        "tranches and a donor of its own",
        default=None,
    )
    phase: Literal[1, 2] = Field(default=1, description="of the support that it shares")
    from_month: Month | None = lever(
        "months", "month or date in which the agreement begins", default=None, ge=0
    )
    until_month: Month | None = lever(
        "months", "month or date in which the agreement ends", default=None, ge=0
    )
    tranches: Annotated[tuple[Tranche, ...], Field(strict=False)] = Field(
        default=(), description="the instalments in order of their date, unless a schedule says"
    )
    schedule: Schedule | None = Field(
        default=None, description="the instalments by total and shape, in place of a list"
    )
    support_cost_share: Share | None = lever(
        "share", "what the agency keeps of each tranche for its support", default=None
    )
    donor: str | None = Field(
        default=None,
        min_length=1,
        description="who gives it, one of `donors`; without it, payments keep to the agreement",
    )
    foreign: bool = Field(
        default=False,
        description="paid in the donor's currency, whose worth `exchange` moves; its amounts are "
        "stated in the plan's currency, at the rate of the run's first day",
    )
    extension: Extension | None = Field(default=None, description="extension when credible")
    delay_months: float = uncertain(
        "months", "mean lateness of a tranche (exponential); 0 pays on the day", ge=0
    )
    earmarks: Earmarks | None = Field(
        default=None, description="for earmarked money: the share that each category may spend"
    )
    spend_months: int = lever(
        "months", "over which a tranche's earmarks, salaries apart, are spent evenly", ge=1
    )


class AnotherHost(Frozen):
    """Another house for a centre that lost its host, on the terms of the first."""

    found_probability: Share = uncertain("probability", "chance that one is found at all")
    search_months: float = uncertain(
        "months", "mean time from the loss until it takes the centre in (exponential)", ge=0
    )
    delivered_share: Share = uncertain(
        "share", "of what the first host promised, that which comes from another"
    )


class HostTrouble(Frozen):
    """How a host may fail. Without this section it does not."""

    defaults_year: float = uncertain(
        "1/year", "rate at which the host stops delivering", ge=0, le=12
    )
    default_months: float = uncertain(
        "months", "mean time until it delivers again (exponential)", ge=0
    )
    losses_year: float = uncertain("1/year", "rate at which the host is lost for good", ge=0, le=12)
    move_months: float = uncertain(
        "months", "time without activity while the centre moves out", ge=0
    )
    another: AnotherHost | None = Field(
        default=None, description="another host that may be found; the centre stays alone without"
    )


class HostKind(Frozen):
    """A kind of host institution: how far a centre in such a house is trusted.

    The kind called "none" is of centres without a host.
    """

    industry_trust: float = uncertain(
        "ratio",
        "what firms would pay, and the chance to win gifts of companies, to those of the kind that "
        "the others are compared with",
        gt=0,
        le=5,
    )
    government_trust: float = uncertain(
        "ratio",
        "likewise what public bodies would pay, the chance to win their tenders, the ministry's "
        "budget, and the chance that advice is adopted",
        gt=0,
        le=5,
    )
    hosts: float | None = constant(
        "hosts",
        "how many hosts are of this kind: the next one's kind is drawn in proportion",
        default=None,
        ge=0,
    )


class Host(Frozen):
    """The institution that houses the centre: what it promises and what it delivers.

    The people it seconds are posts with `payer = "host"`.
    """

    kind: str = Field(
        description="what sort of institution it is; one of `host_kinds`, where these are stated",
        min_length=1,
    )
    cash_month: float = lever("money/month", "cash the host promises each month", ge=0)
    premises_share: Share = lever("share", "share of the premises' rent the host promises to bear")
    logistics_share: Share | None = lever(
        "share",
        "share of the running costs for materials and overhead (communications, supplies) that the "
        "host promises to bear in kind",
        default=None,
    )
    delivered_share: Share = uncertain(
        "share",
        "share of the promised cash, premises and logistics that comes, and the chance that a "
        "promised person does",
    )
    delay_months: float = uncertain(
        "months", "how long after the start the host's contributions begin", ge=0
    )
    available_share: Share | None = uncertain(
        "share",
        "of their time that the people whom the host seconds have for the centre; all of it if not "
        "stated",
        default=None,
        gt=0,
    )
    most_people: float | None = uncertain(
        "people",
        "whom the host can spare: of more that are promised, so many come in the mean; no limit if "
        "not stated",
        default=None,
        ge=0,
        le=1000,
    )
    lends: float | None = lever(
        "money",
        "what the host lends at most to a centre that is short, without interest",
        default=None,
        ge=0,
    )
    management_fee_share: Share | None = lever(
        "share", "what the host keeps of fees and contracts for its management", default=None
    )
    trouble: HostTrouble | None = Field(default=None, description="default and loss of the host")


class OnSuccess(Frozen):
    """A part of a contract's amount that hangs on the success of its work."""

    share: Share = uncertain("share", "of the amount: paid at the end, if the work succeeds")
    probability: Share = uncertain("probability", "chance that the work succeeds")


class FreeProgramme(Frozen):
    """A programme of its own that the giver runs from each call on, free for its clients."""

    segment: str = Field(description="whose clients it serves, one of `segments`", min_length=1)
    months: float = uncertain("months", "how long it runs from its call on (fixed)", ge=0)
    share: Share = uncertain("share", "of the segment's enquiries: go to it while it runs")


class Contract(Frozen):
    """Tenders, international projects, gifts of companies, work for newer centres."""

    giver: Literal["domestic_public", "international", "corporate", "newer_centres"] = Field(
        description="public bodies at home, development banks and bilateral agencies, companies, "
        "or newer centres, whose payment is operational income"
    )
    from_month: Month = lever("months", "month or date from which the centre may bid", ge=0)
    calls_year: float = uncertain("calls/year", "calls that fit (Poisson)", ge=0, le=1000)
    win_probability: Share = uncertain(
        "probability", "chance to win a call with full credibility and no other funder"
    )
    leverage: float = uncertain(
        "share", "how much another source won in the last two years raises that chance", ge=0
    )
    bid_days: float = lever("days/bid", "staff days to write a proposal", ge=0)
    role: str = Field(description="the role of the staff who bid and work", min_length=1)
    priority: int = lever("rank", "who goes first when staff are short: lower first", ge=0, le=9)
    amount: float = uncertain("money/contract", "median amount of a contract", ge=0)
    amount_sigma: float = uncertain("log units", "spread of amounts (lognormal)", ge=0)
    months: int = lever("months", "length of a contract", ge=1)
    staff_days: float = uncertain("days/contract", "staff days that a contract takes", ge=0)
    overhead_share: Share = lever(
        "share", "part of the amount that stays with the centre for its staff and overhead"
    )
    subcontractors_share: Share = lever("share", "of the rest: spent on subcontractors")
    travel_share: Share = lever("share", "of the rest: spent on travel; what is left, on equipment")
    advance_share: Share = lever("share", "part of the amount paid at the beginning")
    payment_delay_months: float = uncertain(
        "months", "mean time from the end of the work to the final payment (exponential)", ge=0
    )
    renewal_probability: float | None = uncertain(
        "probability",
        "chance that the payer commissions the same again, without a bid, when a contract ends",
        default=None,
        ge=0,
        lt=1,
    )
    eligible_probability: Share | None = uncertain(
        "probability",
        "chance that there are such calls in the country at all, which has ratified an agreement "
        "or has the industry; drawn once a run",
        default=None,
    )
    decision_months: float | None = uncertain(
        "months",
        "mean time from the proposal to the payer's decision (exponential); none if left out",
        default=None,
        ge=0,
    )
    climate_share: Share | None = uncertain(
        "share",
        "how far calls and renewals follow the policy climate: at 1 none comes where no advice was "
        "ever adopted, and whoever pays stays only while the climate lasts",
        default=None,
    )
    mission: bool = Field(
        default=False, description="its work is for the mission, and counts as its time"
    )
    programme: FreeProgramme | None = Field(
        default=None, description="what it is a part of, that takes clients whoever wins the call"
    )
    on_success: OnSuccess | None = Field(
        default=None, description="what is paid only if the work succeeds"
    )


class PublicBudget(Frozen):
    """Cuts of the country's public budget. Without this section there are none.

    They are felt by segments of public bodies (`public = true`), by tenders of public bodies at
    home (`giver = "domestic_public"`) and by the ministry.
    """

    cuts_year: float = uncertain(
        "1/year", "how often a cut begins, while there is none", ge=0, le=12
    )
    cut_months: float = uncertain("months", "mean length of a cut (exponential)", gt=0)
    left_share: Share = uncertain(
        "share", "part of calls, enquiries and the ministry's budget that is left in a cut"
    )
    delay_ratio: float = uncertain(
        "ratio", "how much longer than otherwise public bodies take to pay in a cut", ge=1, le=100
    )


class Ministry(Frozen):
    """A ministry that pays for what clients get cheaply or free."""

    budget_year: float = lever("money/year", "the most it pays in a fiscal year", ge=0)
    payment_delay_months: float = uncertain(
        "months", "mean time from invoice to payment (exponential)", ge=0
    )
