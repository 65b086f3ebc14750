"""Fields of the tables of the centre and its surroundings."""

from typing import NamedTuple

from ncpcsim.model.codes import Key, Month


class Horizon(NamedTuple):
    """How long the run is.

    `start_month`: month of the year in which the run begins, 0 for January. `elapsed_months`: of
    the plan, when it does.
    """

    months: int
    start_month: int
    elapsed_months: int


class Liquidity(NamedTuple):
    """Who lends, who waits, and how long. `host_lends`: 0 without a host."""

    credit_line: float
    advanced_share: float
    advance_probability: float
    bridged_share: float
    refused_probability: float
    bridged_months: int
    interest_year: float
    creditors_bear_months: float
    dormant_months: int
    wakes_months: float
    host_lends: float
    programme_end: int
    refusal_stream: Key
    advance_stream: Key


class Opening(NamedTuple):
    """What the centre starts with; 0 of what there is none of.

    `equipment`: what is left of its price; `trained`: rivals whom the centre had trained;
    `net_fees_month`: negative where nothing is known of the time before.
    """

    cash: float
    net_fees_month: float
    receivables: float
    invoices: int
    delay_months: float
    bad_debt_probability: float
    invoices_stream: Key
    invoices_order: int
    payables: float
    late_months: int
    equipment: float
    equipment_months: int
    climate: float
    trained: float
    abroad_months: float
    kits: float


class Equipment(NamedTuple):
    """Equipment bought. `waits`: it waits until there is cash for it."""

    amount: float
    month: Month
    life_months: int
    waits: bool
    order: int


class CostLine(NamedTuple):
    """A line of running costs.

    `strays`: its years differ at random and it follows the cash. `memo`: the account of what the
    host bears of it in kind.
    """

    account: int
    memo: int
    amount_month: float
    from_month: Month
    host_share: float
    strays: bool
    stream: Key


class RunningCosts(NamedTuple):
    """What all lines of running costs share.

    `first_month`: that of the earliest line; the first of all where people need them.
    `person_month`: what one person's work needs of them; `lost_share`: the time lost without any.
    """

    first_month: Month
    yearly_spread: float
    person_month: float
    lost_share: float
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


class HostKind(NamedTuple):
    """A kind of host: how far industry and government trust it, and how many hosts are of it."""

    industry_trust: float
    government_trust: float
    hosts: float


class Host(NamedTuple):
    """The host: what it promises, what comes, and how it fails. `present`: there is one.

    `kind`, `kind_alone`: rows of its kind, and of a centre without a host, or -1. `another_share`:
    what another host delivers. `most_people`: infinite where it can spare anybody; of
    `promised_people` in all.
    """

    present: bool
    kind: int
    kind_alone: int
    most_people: float
    promised_people: int
    cash_month: float
    delivered_share: float
    delay_months: float
    available_share: float
    management_fee_share: float
    defaults_year: float
    default_months: float
    losses_year: float
    move_months: float
    found_probability: float
    search_months: float
    another_share: float
    contribution_order: int
    default_stream: Key
    default_order: int
    recovery_order: int
    loss_stream: Key
    loss_order: int
    move_order: int
    another_stream: Key
    another_order: int


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


class PolicyEvent(NamedTuple):
    """Something that moves the policy climate."""

    month: Month
    climate_gain: float
    order: int


class NetworkPart(NamedTuple):
    """Units of one kind in the network. `counts`: the row of the secretariat's hours."""

    from_month: Month
    number: int
    team: int
    priority: int
    staff_days_month: float
    cost_month: float
    reaches_year: float
    rivals: float
    counts: int
    order: int
