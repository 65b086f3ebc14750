"""Fields of the tables of those who give money."""

from typing import NamedTuple

from ncpcsim.model.codes import Key, Month


class Ministry(NamedTuple):
    """A ministry that pays."""

    budget_year: float
    payment_delay_months: float


class PublicBudget(NamedTuple):
    """Cuts of the public budget."""

    cuts_year: float
    cut_months: float
    left_share: float
    delay_ratio: float
    stream: Key


class Donor(NamedTuple):
    """A donor. `first_month`: that of its first agreement; what happens to it is timed from it."""

    suspensions_year: float
    suspension_months: float
    early_ends_year: float
    first_month: Month
    early_end_stream: Key
    suspension_stream: Key


class MidTermReview(NamedTuple):
    """The donor's review of results. `present`: there is one, and it is to come."""

    present: bool
    month: Month
    planned_assessments_year: float
    asked_coverage: float
    asked_credibility: float
    cut_share: float
    added_share: float
    second_phase_probability: float
    stream: Key
    order: int


class Grant(NamedTuple):
    """A grant.

    `reviewed`: what of it is due after the review depends on that; `second`: all of it, a second
    phase's.

    `scheduled`: sum of a schedule, a year's or in all; `part`: the share of it that is this
    grant's. `extension_months`: 0 where it cannot be extended; else the extension's row stands
    after its tranches. `unspent_row`: in `tranches`, what of it has come and is not spent on the
    first day, or `NONE`. `source`: among all who give.
    """

    programme: bool
    reviewed: bool
    second: bool
    earmarked: bool
    from_month: Month
    until_month: Month
    donor: int
    foreign: bool
    delay_months: float
    support_cost_share: float
    spend_months: int
    scheduled: float
    part: float
    income: int
    earmarked_income: int
    first_tranche: int
    tranches: int
    extension_credibility: float
    extension_probability: float
    extension_months: int
    unspent_row: int
    unspent_months: int
    source: int
    stream: Key
    order: int
    extension_stream: Key
    extension_order: int


class Tranche(NamedTuple):
    """A tranche: an amount, or a stretch of the grant's scheduled sum, in multiples of it.

    `number`: among its grant's, those that are past included. One that is owed on the first day
    has a month before it.
    """

    grant: int
    number: int
    month: Month
    amount: float
    before: float
    upto: float


class Contract(NamedTuple):
    """A kind of contract; or one in hand, for which there are no calls.

    `public`: a public body at home pays. `corporate`: companies do. `renewed`: the row of renewals
    among what is counted.

    `in_hand`: it is one, with so much `to_invoice` and `to_spend`.
    """

    in_hand: bool
    to_invoice: float
    to_spend: float
    from_month: Month
    calls_year: float
    win_probability: float
    leverage: float
    bid_days: float
    team: int
    priority: int
    amount: float
    amount_sigma: float
    months: int
    staff_days: float
    overhead_share: float
    subcontractors_share: float
    travel_share: float
    advance_share: float
    payment_delay_months: float
    renewal_probability: float
    eligible_probability: float
    decision_months: float
    success_share: float
    success_probability: float
    programme_segment: int
    programme_months: float
    programme_share: float
    climate_share: float
    mission: bool
    public: bool
    corporate: bool
    income: int
    source: int
    counts: int
    renewed: int
    stream: Key
    renewal_stream: Key
    country_stream: Key
    order: int
    costs_order: int
