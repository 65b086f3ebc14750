"""The tables that a plan becomes, field by field: one list for both engines.

A row is a named tuple whose fields are numbers of eight bytes: `int`, `float`, `bool`, or `Key` (an
unsigned integer that names a stream of random numbers). `Inputs` says which tables there are: one
row where a plan has one such section, a list where it has several. A field that comes from the plan
has the plan's own name, so that `service.staff_days` is the plan's `services.NAME.staff_days`. What
a plan leaves out stands here as the number that has no effect.

Names become indices into other tables; -1 is no row. `order` fields place what falls on the same
instant (`ncpcsim.model.order`); a member's index is added to them.
"""

from enum import IntEnum
from typing import NamedTuple, NewType

Key = NewType("Key", int)
"""The key of a stream of random numbers, 0 to 2**64 - 1."""
NONE = -1
"""The index of no row."""


class Payer(IntEnum):
    """Who pays a position; a number from 0 on is the row of a grant."""

    CENTRE = -1
    HOST = -2
    NOBODY = -3


class Variability(IntEnum):
    """How working days vary."""

    FIXED = 0
    EXPONENTIAL = 1
    LOGNORMAL = 2


class Origin(IntEnum):
    """Where engagements come from."""

    ENQUIRY = 0
    OFFER = 1
    FOLLOW_ON = 2


class Earmark(IntEnum):
    """The categories of earmarked money, in the order of their accounts."""

    SALARIES = 0
    SUBCONTRACTORS = 1
    TRAVEL = 2
    EQUIPMENT = 3
    MISCELLANEOUS = 4


EARMARKS = len(Earmark)


class Horizon(NamedTuple):
    """How long the run is.

    `start_month`: month of the year in which the plan starts, 0 for January.
    """

    months: int
    start_month: int


class Liquidity(NamedTuple):
    """Who lends, who waits, and how long. `host_lends`: 0 without a host."""

    credit_line: float
    bridged_share: float
    bridged_months: int
    interest_year: float
    creditors_bear_months: float
    dormant_months: int
    wakes_months: float
    host_lends: float
    programme_end: int


class Opening(NamedTuple):
    """What the centre starts with."""

    cash: float


class Staff(NamedTuple):
    """Terms of work."""

    working_days_month: float
    social_security_share: float
    outside_day_rate: float


class Learning(NamedTuple):
    """How newcomers learn; a productivity of 1 on the first day where they need not."""

    months: float
    productivity_at_start: float
    counterpart_until_month: float
    counterpart_speed: float


class Turnover(NamedTuple):
    """How people leave; a rate of 0 where they stay."""

    leaves_year: float
    recruit_months: float


class Overflow(NamedTuple):
    """Outside experts for what staff cannot do."""

    above_waiting: int
    days_month: float


class Management(NamedTuple):
    """The director's rules. `present`: there is one who reviews. `team`: which one hires."""

    present: bool
    team: int
    hire_above_waiting: int
    hire_runway_months: float
    recruit_months: int
    let_go_runway_months: float
    let_go_below_utilisation: float
    notice_months: int
    board_delay_months: int
    mission_runway_months: float
    mission_floor_share: float
    mission_step: float
    reprice_step: float
    reprice_up_above: float
    reprice_down_below: float
    below_runway_months: float
    refill_runway_months: float
    fewest_people: int
    normal_runway_months: float
    least_share: float
    most_share: float
    review_order: int


class Equipment(NamedTuple):
    """Equipment bought. `waits`: it waits until there is cash for it."""

    amount: float
    month: int
    life_months: int
    waits: bool
    order: int


class Line(NamedTuple):
    """A line of running costs.

    `strays`: its years differ at random and it follows the cash. `memo`: the account of what the
    host bears of it in kind.
    """

    account: int
    memo: int
    amount_month: float
    from_month: int
    host_share: float
    strays: bool
    stream: Key


class RunningCosts(NamedTuple):
    """What all lines of running costs share. `first_month`: that of the earliest line."""

    first_month: int
    yearly_spread: float
    order: int


class Exchange(NamedTuple):
    """What foreign money is worth."""

    drift_year: float
    volatility_year: float
    stream: Key


class Economy(NamedTuple):
    """Inflation and business cycle."""

    inflation_year: float
    price_follow_share: float
    recessions_year: float
    recession_months: float
    recession_demand: float
    cycle_stream: Key


class Market(NamedTuple):
    """What all clients share."""

    charge_from_month: int
    decision_months: float
    willingness_sigma: float
    awareness_fade_month: float
    word_of_mouth_clients: float
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
    joins_probability: float
    stays_probability: float
    counts: int


class Savings(NamedTuple):
    """What assessments bring. `present`: it is counted. `counts`: the first row of clients."""

    present: bool
    options_mean: float
    relapse_probability: float
    relapse_after_months: float
    climate_protection: float
    energy_gj: float
    water_t: float
    waste_t: float
    counts: int


class OptionCategory(NamedTuple):
    """A category of options, in order of name. `counts`: found; implemented stands below."""

    found_share: float
    implemented_probability: float
    saving_year: float
    counts: int


class Ministry(NamedTuple):
    """A ministry that pays."""

    budget_year: float
    payment_delay_months: float


class Host(NamedTuple):
    """The host: what it promises, what comes, and how it fails. `present`: there is one."""

    present: bool
    cash_month: float
    delivered_share: float
    delay_months: float
    management_fee_share: float
    defaults_year: float
    default_months: float
    losses_year: float
    move_months: float
    contribution_order: int
    default_stream: Key
    default_order: int
    recovery_order: int
    loss_stream: Key
    loss_order: int
    move_order: int


class Declaration(NamedTuple):
    """The Declaration's steps."""

    step_months: int


class Counters(NamedTuple):
    """Rows of what is counted of the staff and of the mission; -1 where none can be."""

    people: int
    dormant: int
    turned_away: int
    hired: int
    let_go: int
    skipped: int


class Closing(NamedTuple):
    """The month-end closing."""

    order: int


class Segment(NamedTuple):
    """A group of potential clients."""

    potential_clients: float
    aware_at_start: float
    aware_at_most: float
    payment_delay_months: float
    bad_debt_probability: float
    patience_months: float
    failure_probability: float


class Service(NamedTuple):
    """A service.

    `counts`: the first of its rows among what is counted; `teaching`: the first of those of what
    its training leaves. `first_step`, `steps`: its rates among `offered`.
    """

    team: int
    priority: int
    staff_days: float
    variability: int
    outside_share: float
    materials: float
    travel: float
    participants: float
    reaches_clients: float
    adoption_probability: float
    climate_gain: float
    mission: bool
    charge_from_month: int
    contested_share: float
    attended_days: float
    assessors_share: float
    institutions_share: float
    rivals_share: float
    cycle_exposure: float
    project: bool
    finds_options: bool
    finance_probability: float
    fees: int
    counts: int
    teaching: int
    first_step: int
    steps: int


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

    Clients of a segment who ask, what the centre offers (`segment` is -1), or served clients who
    ask for what `follows`. The sources that follow this one stand together, from `first_follow_on`.
    """

    origin: int
    service: int
    segment: int
    demand: int
    probability: float
    first_follow_on: int
    follow_ons: int
    stream: Key
    assessors_stream: Key
    institutions_stream: Key
    finance_stream: Key
    joining_stream: Key
    membership_stream: Key
    options_stream: Key
    ministry_stream: Key
    order: int
    membership_order: int
    relapse_order: int
    success_order: int
    ministry_order: int


class Team(NamedTuple):
    """The people of one role: their positions stand together."""

    first_position: int
    positions: int


class Position(NamedTuple):
    """A place for one person.

    `person`: number among those of its post. `name_rank`: rank of its name among all. `hired`: the
    director may fill it; it is none of the plan's posts.
    """

    team: int
    payer: int
    then_ends: bool
    from_month: float
    until_month: float
    salary_month: float
    hired: bool
    person: int
    name_rank: int
    seconded_stream: Key
    turnover_stream: Key
    order: int
    turnover_order: int
    hire_order: int
    let_go_order: int
    default_order: int
    loss_order: int
    move_order: int


class Donor(NamedTuple):
    """A donor. `first_month`: that of its first agreement; what happens to it is timed from it."""

    suspensions_year: float
    suspension_months: float
    early_ends_year: float
    first_month: int
    early_end_stream: Key
    suspension_stream: Key


class Grant(NamedTuple):
    """A grant.

    `scheduled`: sum of a schedule, a year's or in all; `part`: the share of it that is this
    grant's. `extension_months`: 0 where it cannot be extended; else the extension's row stands
    after its tranches. `source`: among all who give.
    """

    programme: bool
    earmarked: bool
    from_month: int
    until_month: int
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
    source: int
    stream: Key
    order: int
    extension_stream: Key
    extension_order: int


class Tranche(NamedTuple):
    """A tranche: an amount, or a stretch of the grant's scheduled sum, in multiples of it.

    `number`: among its grant's.
    """

    grant: int
    number: int
    month: int
    amount: float
    before: float
    upto: float


class Contract(NamedTuple):
    """A kind of contract."""

    from_month: int
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
    income: int
    source: int
    counts: int
    stream: Key
    order: int
    costs_order: int


class PolicyEvent(NamedTuple):
    """Something that moves the policy climate."""

    month: int
    climate_gain: float
    order: int


class Inputs(NamedTuple):
    """All that a run is given, but for its randomness.

    `offered`: engagements offered a year, by service and step. `earmarks`: shares of each tranche
    by category, five a tranche; -1 where a grant does not state the category.
    """

    horizon: Horizon
    liquidity: Liquidity
    opening: Opening
    staff: Staff
    learning: Learning
    turnover: Turnover
    overflow: Overflow
    management: Management
    equipment: Equipment
    running_costs: RunningCosts
    exchange: Exchange
    economy: Economy
    market: Market
    competition: Competition
    credibility: Credibility
    membership: Membership
    savings: Savings
    ministry: Ministry
    host: Host
    declaration: Declaration
    counters: Counters
    closing: Closing
    lines: list[Line]
    categories: list[OptionCategory]
    segments: list[Segment]
    services: list[Service]
    demands: list[Demand]
    sources: list[Source]
    offered: list[float]
    teams: list[Team]
    positions: list[Position]
    donors: list[Donor]
    grants: list[Grant]
    tranches: list[Tranche]
    earmarks: list[float]
    contracts: list[Contract]
    events: list[PolicyEvent]
