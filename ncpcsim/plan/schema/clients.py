"""Who asks for what, and on which terms."""

from typing import Annotated

from pydantic import Field

from ncpcsim.plan.quantity import Frozen, Share, constant, lever, uncertain
from ncpcsim.plan.schema.ability import Kits
from ncpcsim.plan.schema.common import STEPS, Month, Named, Offered, Principle, Variability


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
    word_of_mouth_by_gain: Share | None = uncertain(
        "share",
        "part of what is told of an engagement that finds options that follows what its client "
        "gains: told twice as often by one who gains twice the mean",
        default=None,
    )
    climate_effect: float = uncertain(
        "share", "how much more clients ask under the best policy climate than under none", ge=0
    )
    climate_fade_month: float = uncertain(
        "1/month", "rate at which the effect of adopted advice wears off", ge=0, le=10
    )
    institution_clients: float | None = uncertain(
        "clients",
        "potential clients who hear of the centre from an institution that takes the subject up",
        default=None,
        ge=0,
    )
    write_off_months: float = constant(
        "months", "after which an unpaid invoice is written off", ge=0
    )


class Competition(Frozen):
    """Rivals, in part trained by the centre itself. Without this section there are none."""

    at_start: Share = uncertain("share", "demand lost to rivals on the first day")
    at_most: Share = uncertain("share", "demand that rivals can take at the most")
    trained_scale: float = uncertain(
        "people", "rivals trained by the centre who bring their share 63 % of the way there", gt=0
    )


class Credibility(Frozen):
    """Credibility with funders, 0 to 1. Without this section it is always 1."""

    at_start: Share = lever("share", "credibility on the first day; a known director has some")
    per_engagement: Share = uncertain("share", "part of the way to 1 that finished work goes")
    per_adoption: Share = uncertain("share", "part of the way to 1 that adopted advice goes")
    per_failure: Share = uncertain("share", "part of credibility lost when a project fails")
    fade_month: float = uncertain("1/month", "rate at which credibility wears off", ge=0, le=10)


class Membership(Frozen):
    """Clients who pay a yearly fee. Without this section there are none."""

    fee_year: float = lever("money/year", "the fee", ge=0)
    willingness: float | None = uncertain(
        "money/year",
        "yearly fee that half of those who would join free would pay; left out, any fee is paid",
        default=None,
        ge=0,
    )
    joins_probability: Share = uncertain(
        "probability", "chance that a served client joins, if the fee is not too high for it"
    )
    stays_probability: Share = uncertain("probability", "chance that a member pays again next year")


class OptionCategory(Frozen):
    """One category of Cleaner Production options."""

    found_share: Share = uncertain("share", "share of all options found that are of this category")
    implemented_probability: Share = uncertain(
        "probability", "chance that one is implemented, if its client can pay for it"
    )
    saving_year: float = uncertain("money/year/option", "what an implemented one saves", ge=0)
    payback_years: float | None = uncertain(
        "years",
        "saving that one which needs no capital costs; nothing if not stated",
        default=None,
        ge=0,
        le=100,
    )
    capital_share: Share | None = uncertain(
        "share",
        "share of them that need capital: implemented if the client can invest, and later",
        default=None,
    )


class SavingsExpected(Frozen):
    """What clients expect to save, and would pay for it. Without it nothing follows savings."""

    usual_year: float = uncertain(
        "money/year/client",
        "saving for which clients would pay the stated willingness, and tell as many as stated",
        ge=0.01,
    )
    elasticity: float = uncertain(
        "ratio",
        "log willingness for work that finds options by log expected saving: at 0.5, twice the "
        "saving makes it 1.41 times",
        ge=0,
        le=2,
    )
    report_share: float = uncertain(
        "share",
        "part of the way from the expected saving to its own that each served client moves it",
        ge=0,
        le=0.5,
    )


class Savings(Frozen):
    """What assessments bring to clients. Without this section it is not counted."""

    options_mean: float = uncertain("options/assessment", "options found (Poisson)", ge=0, le=200)
    categories: Named[OptionCategory] = Field(description="options by category")
    relapse_probability: Share = uncertain(
        "probability", "chance that a client goes back to its old ways, without a policy climate"
    )
    relapse_after_months: float = uncertain("months", "when it does", ge=0)
    climate_protection: Share = uncertain(
        "share", "part of relapses that the best policy climate prevents"
    )
    relapse_again_months: float | None = uncertain(
        "months",
        "how often a client whom the policy climate alone kept from relapsing may relapse after "
        "all, if the climate has worn off; left out, it never does",
        default=None,
        ge=1,
    )
    energy_gj: float = uncertain("GJ/year/option", "energy saved by an implemented option", ge=0)
    water_t: float = uncertain("t/year/option", "water saved by an implemented option", ge=0)
    waste_t: float = uncertain("t/year/option", "solid waste avoided by one", ge=0)
    utility_prices: float | None = uncertain(
        "ratio",
        "what energy, water and waste disposal cost, of what they cost where options save what is "
        "stated; 1 if left out",
        default=None,
        ge=0,
        le=100,
    )
    water_pollutants_t: float | None = uncertain(
        "t/year/option", "water pollutants avoided by one; 0 if not stated", default=None, ge=0
    )
    air_pollutants_t: float | None = uncertain(
        "t/year/option",
        "air pollutants avoided by one, without greenhouse gases; 0 if not stated",
        default=None,
        ge=0,
    )
    greenhouse_gases_t: float | None = uncertain(
        "t/year/option", "greenhouse gases avoided by one; 0 if not stated", default=None, ge=0
    )
    saving_ratio: float | None = uncertain(
        "ratio",
        "what all options of the country save, over what their categories state; 1 if not stated",
        default=None,
        ge=0,
    )
    npv_years: float | None = constant(
        "years",
        "for which the net present value counts what an option saves",
        default=None,
        ge=0,
        le=100,
    )
    npv_discount_year: float | None = constant(
        "share/year", "discount rate of the net present value", default=None, ge=0, le=1
    )
    capital_payback_years: float | None = uncertain(
        "years", "saving that an option which needs capital costs", default=None, ge=0, le=100
    )
    capital_after_months: float | None = uncertain(
        "months",
        "from the end of the work that found it, or found the loan for it, to the use of an option "
        "that needs capital",
        default=None,
        ge=0,
    )
    fund_share: Share | None = uncertain(
        "share",
        "clients without means of their own whom a fund for such options pays, unasked",
        default=None,
    )
    expected: SavingsExpected | None = Field(
        default=None, description="what clients expect to save, and would pay for it"
    )
    kits: Kits | None = Field(
        default=None, description="measuring kits, without which options are missed"
    )


class PolicyEvent(Frozen):
    """Something that moves the policy climate, such as a government signing the Declaration."""

    month: Month = lever("months", "month or date in which it happens", ge=0)
    climate_gain: Share = uncertain("share", "part of the way to the best climate that it goes")


class Demonstrated(Frozen):
    """The firms of one segment at which a centre demonstrates."""

    number: int = lever("projects", "how many there are in all, evenly spaced", ge=0, le=1000)
    firm_pays_share: Share = lever("share", "share of the listed price that each firm pays")


class Demonstrations(Frozen):
    """First projects at chosen firms, to show what the work brings. Without it there are none."""

    service: str = Field(description="the service done at each, a `project`", min_length=1)
    segments: Named[Demonstrated] = Field(description="whose firms are chosen")
    from_month: Month = lever("months", "month or date from which projects begin", ge=0)
    until_month: Month = lever("months", "month or date in which the last begins", ge=0)
    unproven_share: Share = uncertain(
        "share",
        "part of its willingness to pay that a firm would pay before anything has been shown",
    )
    selection_days: float = lever("days/project", "working days to choose each firm", ge=0)
    selection_scale_days: float = uncertain(
        "days/project", "working days of choosing that avoid 63 % of avoidable failures", gt=0
    )
    failure_probability: Share = uncertain(
        "probability", "chance to fail of a firm that was not chosen with care and pays nothing"
    )
    convinced_share: Share = uncertain(
        "share", "part of the segment's firms who learn of the centre by one that succeeds"
    )
    failure_lost_share: Share = uncertain(
        "share", "part of the segment's firms aware of the centre that a failed one puts off"
    )


class Declaration(Frozen):
    """The five-step implementation horizon of the International Declaration (000)."""

    step_months: int = lever("months", "length of one of the five steps", ge=1, le=240)


class Shifts(Frozen):
    """Demand that moves for good: a large client, or a body that sends clients, comes or goes."""

    shifts_year: float = uncertain("1/year", "how often demand shifts (Poisson)", ge=0, le=12)
    sigma: float = uncertain(
        "log units",
        "spread of the factor by which it then changes for good (lognormal, mean 1)",
        ge=0,
        le=2,
    )


class Segment(Frozen):
    """A group of potential clients that behave alike."""

    potential_clients: float = uncertain("clients", "how many there are in the country", gt=0)
    aware_at_start: Share = uncertain("share", "share that knows of the centre on the first day")
    aware_at_most: Share = uncertain("share", "share that can ever be reached")
    attendance_share: Share | None = uncertain(
        "share",
        "of those who attend what is open to all, who are of this segment; if not stated, its "
        "part, by potential clients, of what the other segments leave",
        default=None,
    )
    payment_delay_months: float = uncertain(
        "months", "mean time from invoice to payment (exponential)", ge=0
    )
    bad_debt_probability: Share = uncertain("probability", "chance that an invoice is never paid")
    patience_months: float = uncertain(
        "months", "mean time a client waits for work to begin (exponential)", ge=0
    )
    failure_probability: Share | None = uncertain(
        "probability",
        "chance that a client fails in the middle of a `project` and pays nothing",
        default=None,
    )
    public: bool = Field(
        default=False, description="public bodies: a cut of the public budget is felt by them"
    )
    own_means_share: Share | None = uncertain(
        "share",
        "clients who can pay for options that need capital from means of their own; none if not "
        "stated",
        default=None,
    )
    shifts: Shifts | None = Field(default=None, description="lasting shifts of its demand")


class Demand(Frozen):
    """What one segment asks of one service, and on which terms."""

    asks_year: float = uncertain(
        "enquiries/aware client/year", "how often a client that knows the centre asks", ge=0
    )
    price: float = lever("money/engagement", "price; 0 is free", ge=0)
    willingness: float = uncertain(
        "money/engagement",
        "what half of the clients would pay for one in all: the price, each participant's fee and "
        "the success fee that they expect",
        ge=0,
    )
    participation_fee: float | None = lever(
        "money/person", "fee of each participant, on top of the price", default=None, ge=0
    )
    success_fee_share: Share | None = lever(
        "share", "share of the first year's savings, paid a year later", default=None
    )
    ministry_pays: float | None = lever(
        "money/engagement", "what the ministry pays the centre for one", default=None, ge=0
    )


class Follows(Frozen):
    """A service that clients ask for after another one."""

    service: str = Field(description="the service after which it is asked for", min_length=1)
    probability: Share = uncertain("probability", "chance that a served client asks for it")
    lacks_capital: bool = Field(
        default=False,
        description="asked for only by clients with options that they cannot pay for; where it "
        "obtains finance, these are implemented",
    )


class Service(Frozen):
    """Something the centre does for clients, or on its own initiative."""

    role: str = Field(description="the role of the staff who do it", min_length=1)
    priority: int = lever("rank", "who goes first when staff are short: lower first", ge=0, le=9)
    staff_days: float = uncertain("days/engagement", "mean working days of one engagement", ge=0)
    variability: Variability = Field(
        description="how working days vary: fixed, exponential, or lognormal (with sigma 0.5)"
    )
    outside_share: Share = lever("share", "share of the days done by outside experts")
    proposal_days: float | None = uncertain(
        "days/enquiry",
        "working days of those who lead that a priced proposal takes; none if not stated",
        default=None,
        ge=0,
    )
    materials: float = lever("money/engagement", "materials used", ge=0)
    travel: float = lever("money/engagement", "travel", ge=0)
    participants: float = lever("people/engagement", "people who take part, on average", ge=0)
    reaches_clients: float = uncertain(
        "clients/engagement", "potential clients who learn of the centre through one", ge=0
    )
    offered_year: float = lever(
        "engagements/year", "how many the centre holds on its own initiative, free", ge=0, le=1000
    )
    offered_by_step: Annotated[tuple[Offered, ...], Field(strict=False)] | None = Field(
        default=None,
        min_length=STEPS,
        max_length=STEPS,
        description="how many a year it holds in each of the Declaration's five steps, in place "
        "of offered_year; the fifth goes on after the horizon",
    )
    adoption_probability: Share = uncertain(
        "probability", "chance that a government adopts the advice given"
    )
    considered_year: float | None = uncertain(
        "engagements/year",
        "how many of them a government can consider in twelve months; without limit if not stated",
        default=None,
        gt=0,
    )
    climate_gain: Share = uncertain(
        "share", "part of the way to the best policy climate that adopted advice goes"
    )
    mission: bool = Field(default=False, description="done for the mission rather than for income")
    charge_from_month: Month | None = lever(
        "months",
        "month or date from which this service is charged for, in place of the market's",
        ge=0,
        default=None,
    )
    contested_share: Share | None = lever(
        "share", "part of the rivals' share that they take of this service", default=None
    )
    attended_days: float | None = uncertain(
        "days/person", "days that each participant attends", default=None, ge=0
    )
    assessors_share: Share | None = uncertain(
        "share", "participants who then work in the field as assessors", default=None
    )
    institutions_share: Share | None = uncertain(
        "share",
        "assessors with whom an institution, such as a university, takes the subject up",
        default=None,
    )
    rivals_share: Share | None = uncertain(
        "share", "assessors who then offer the service themselves", default=None
    )
    needs_training: Share | None = uncertain(
        "share",
        "of those who ask for it, whom only somebody trained abroad can serve, where the plan has "
        "[ability.training]; nobody if not stated",
        default=None,
    )
    contact_share: Share | None = uncertain(
        "share",
        "what one is worth as a contact with its client: of the word of mouth, of the credibility "
        "and of the chance of a new member that a full one brings; left out, all of it",
        default=None,
    )
    cycle_exposure: Share | None = uncertain(
        "share", "how far demand follows the business cycle", default=None
    )
    project: bool = Field(
        default=False,
        description="a project at one client: it ends in the middle if the client fails",
    )
    finds_options: bool = Field(
        default=False, description="finds Cleaner Production options at the client of the project"
    )
    finance_probability: Share | None = uncertain(
        "probability", "chance that the client's application for finance succeeds", default=None
    )
    principle: Principle | None = Field(
        default=None, description="principle of the International Declaration it serves"
    )
    follows: Follows | None = Field(default=None, description="the service it comes after, if any")
    clients: Named[Demand] = Field(description="demand by segment; may be empty")
