"""Fields of the tables of clients and services."""

from typing import NamedTuple

from ncpcsim.model.codes import Key, Month


class Market(NamedTuple):
    """What all clients share."""

    charge_from_month: Month
    decision_months: float
    willingness_sigma: float
    awareness_fade_month: float
    word_of_mouth_clients: float
    word_of_mouth_by_gain: float
    climate_effect: float
    climate_fade_month: float
    institution_clients: float
    write_off_months: float


class Competition(NamedTuple):
    """Rivals."""

    at_start: float
    at_most: float
    trained_scale: float


class Credibility(NamedTuple):
    """Credibility with funders; always 1 where no process changes it."""

    at_start: float
    per_engagement: float
    per_adoption: float
    per_failure: float
    fade_month: float


class Membership(NamedTuple):
    """Members. `counts`: the first of their rows among what is counted."""

    fee_year: float
    willingness: float
    joins_probability: float
    stays_probability: float
    counts: int


class Savings(NamedTuple):
    """What assessments bring.

    `present`: it is counted. `counts`: the first row of clients. `usual_year`: 0 where nothing is
    said of what clients expect. `kits_cost`: 0 where all options are found without measuring kits.
    `relapse_again_months`: 0 where whoever is kept stays.
    """

    present: bool
    options_mean: float
    relapse_probability: float
    relapse_after_months: float
    climate_protection: float
    relapse_again_months: float
    energy_gj: float
    water_t: float
    waste_t: float
    water_pollutants_t: float
    air_pollutants_t: float
    greenhouse_gases_t: float
    saving_ratio: float
    utility_prices: float
    usual_year: float
    elasticity: float
    report_share: float
    kits_cost: float
    unmeasured_share: float
    capital_payback_years: float
    capital_after_months: float
    fund_share: float
    counts: int


class OptionCategory(NamedTuple):
    """A category of options, in order of name. `counts`: found; implemented stands below."""

    found_share: float
    implemented_probability: float
    saving_year: float
    payback_years: float
    capital_share: float
    counts: int


class Segment(NamedTuple):
    """A group of potential clients.

    `attendance_share`: of those who attend what is open to all; below 0 where a plan states none.
    `shifts_year`, `sigma`: how often its demand moves for good, and how far.
    """

    potential_clients: float
    aware_at_start: float
    aware_at_most: float
    attendance_share: float
    payment_delay_months: float
    bad_debt_probability: float
    patience_months: float
    failure_probability: float
    own_means_share: float
    public: bool
    shifts_year: float
    sigma: float
    shifts_stream: Key


class Service(NamedTuple):
    """A service.

    `considered_year`: how many a government considers; 0 where a plan does not say.
    `contact_share`: what one is worth as a contact with its client; 1 where a plan says nothing.
    `counts`: the first of its rows among what is counted; `teaching`: the first of those of what
    its training leaves. `first_step`, `steps`: its rates among `offered`.
    """

    team: int
    priority: int
    staff_days: float
    proposal_days: float
    variability: int
    outside_share: float
    materials: float
    travel: float
    participants: float
    reaches_clients: float
    adoption_probability: float
    considered_year: float
    climate_gain: float
    mission: bool
    charge_from_month: Month
    contested_share: float
    attended_days: float
    assessors_share: float
    institutions_share: float
    rivals_share: float
    needs_training: float
    contact_share: float
    cycle_exposure: float
    project: bool
    finds_options: bool
    finance_probability: float
    fees: int
    counts: int
    teaching: int
    first_step: int
    steps: int


class Demonstrations(NamedTuple):
    """First projects at chosen firms."""

    from_month: Month
    until_month: Month
    unproven_share: float
    selection_days: float
    selection_scale_days: float
    failure_probability: float
    convinced_share: float
    failure_lost_share: float


class Demonstrated(NamedTuple):
    """Those of a segment, by row; `number`: 0 of a segment that has none."""

    number: int
    firm_pays_share: float


class Demand(NamedTuple):
    """What a segment asks of a service: row `service * segments + segment`."""

    asks_year: float
    price: float
    willingness: float
    participation_fee: float
    success_fee_share: float
    ministry_pays: float


class Source(NamedTuple):
    """A stream of engagements.

    Clients of a segment who ask, what the centre offers (`segment` is -1), served clients who ask
    for what `follows`, or firms where it demonstrates. The sources that follow this one
    stand together, from `first_follow_on`.
    `finder`: the source whose clients ask for this one if they lack capital for their options.
    """

    origin: int
    service: int
    segment: int
    demand: int
    probability: float
    first_follow_on: int
    follow_ons: int
    finder: int
    stream: Key
    assessors_stream: Key
    institutions_stream: Key
    finance_stream: Key
    joining_stream: Key
    membership_stream: Key
    fee_stream: Key
    options_stream: Key
    means_stream: Key
    ministry_stream: Key
    order: int
    membership_order: int
    relapse_order: int
    success_order: int
    capital_order: int
    ministry_order: int
