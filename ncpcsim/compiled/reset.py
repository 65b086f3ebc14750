"""The state on the first day."""

from math import inf

from ncpcsim.compiled.ability import start_ability
from ncpcsim.compiled.state import Centre
from ncpcsim.faults import Fault
from ncpcsim.model.ending import NEVER, Cause
from ncpcsim.model.opening import open_books
from ncpcsim.rules import MOST_CENTS, cents, met_among


def reset(centre: Centre) -> None:
    """Forget the run before, and open the books."""
    clear_records(centre)
    reset_clock(centre)
    reset_market(centre)
    reset_director(centre)
    for i in range(len(centre.funds)):
        centre.funds[i].salaries = 0
        centre.funds[i].advanced = 0
        centre.funds[i].kept = 0.0 if centre.inputs.grants[i].second else 1.0
    centre.spending.instalments = 0
    centre.jobs.used = 0
    centre.jobs.free = 0
    centre.queue.waiting = 0
    centre.queue.freed = False
    centre.host.kind = centre.inputs.host.kind
    centre.host.delivered_share = centre.inputs.host.delivered_share
    centre.host.delivers = True
    centre.host.lost = False
    centre.host.moving = False
    centre.host.defaults = 0
    centre.liquidity.oldest = 0
    centre.liquidity.alone_months = 0
    centre.liquidity.borrowed = 0
    centre.liquidity.short_time = False
    centre.liquidity.asked = False
    centre.liquidity.refused = False
    centre.liquidity.advances = False
    centre.liquidity.requests = 0
    clear(centre.arrived, len(centre.arrived))
    start_ability(centre)
    centre.gains.options = 0
    centre.gains.saved_year = 0.0
    open_books(centre.inputs, centre.balances)
    for i in range(len(centre.balances)):
        centre.opening_cents[i] = centre.balances[i]
    reset_arrears(centre)


def reset_arrears(centre: Centre) -> None:
    """Bills that are overdue on the first day."""
    clear(centre.arrears, len(centre.arrears))
    overdue = cents(centre.inputs.opening.payables)
    if overdue != 0:
        centre.arrears[0] = overdue
        centre.ending.late_since = 0
        centre.ending.cause = Cause.LATE_AT_FIRST


def clear_records(centre: Centre) -> None:
    """Empty books and counts."""
    clear(centre.net_cents, len(centre.net_cents))
    clear(centre.counts, len(centre.counts))
    clear(centre.balances, len(centre.balances))
    for i in range(len(centre.rest)):
        centre.rest[i] = 0.0
    for month in range(centre.inputs.horizon.months):
        centre.receipts_cents[month] = 0
        centre.payments_cents[month] = 0
        centre.all_hours[month] = 0
        centre.mission_hours[month] = 0


def clear(numbers: list[int], number: int) -> None:
    """Set all of them to 0."""
    for i in range(number):
        numbers[i] = 0


def reset_clock(centre: Centre) -> None:
    """The first day."""
    clock = centre.clock
    clock.now = 0.0
    clock.month = 0
    clock.events = 0
    clock.changes = 0
    for i in range(len(centre.paces)):
        centre.paces[i].until = 0.0
    centre.trust.until = 0.0
    clock.serial = 0
    clock.ahead = 0
    clock.handling = False
    clock.over = False
    centre.ending.closed_month = NEVER
    centre.ending.late_since = NEVER
    centre.ending.cause = 0
    centre.ending.dormant_since = NEVER
    centre.ending.fault = Fault.NONE
    centre.ending.events = 0


def reset_market(centre: Centre) -> None:
    """Who knows of the centre on the first day."""
    market, segments = centre.market, centre.inputs.segments
    market.climate = centre.inputs.opening.climate
    market.climate_since = 0.0
    market.credibility = centre.inputs.credibility.at_start
    market.credibility_since = 0.0
    market.trained = centre.inputs.opening.trained
    for i in range(len(centre.inputs.segments)):
        centre.aware[i].level = segments[i].aware_at_start
        centre.aware[i].since = 0.0
        centre.aware[i].least_need = inf
    reset_attendance(centre)
    market.programmes_until = 0.0
    for i in range(len(centre.programmes_until)):
        centre.programmes_until[i] = 0.0
    for i in range(len(centre.won)):
        centre.won[i] = centre.inputs.last_gave[i]


def reset_attendance(centre: Centre) -> None:
    """Among how many each segment's clients are met where all may attend.

    Segments without a share of their own are met together in what the others leave.
    """
    left, clients, segments = 1.0, 0.0, centre.inputs.segments
    for i in range(len(centre.inputs.segments)):
        if segments[i].attendance_share >= 0.0:
            left -= segments[i].attendance_share
        else:
            clients += segments[i].potential_clients
    for i in range(len(centre.inputs.segments)):
        if segments[i].attendance_share >= 0.0:
            among = met_among(segments[i].potential_clients, segments[i].attendance_share)
        else:
            among = met_among(clients, left)
        centre.aware[i].met_among = among


def reset_director(centre: Centre) -> None:
    """A director who has seen and decided nothing."""
    direction, review = centre.direction, centre.reviews[0]
    direction.rewritten = 0
    direction.proposes = False
    direction.proposed_share = 0.0
    direction.decided = 0
    direction.lowest_cents = MOST_CENTS
    direction.is_short = False
    direction.is_short_for_good = False
    direction.paid = 0
    direction.spending_level = 1.0
    direction.useful_level = inf
    direction.experts_month = 0
    direction.experts_days = 0.0
    direction.ministry_year = 0
    direction.ministry_claimed_cents = 0
    direction.mission_share = 0.0
    direction.mission_first = False
    direction.further = 0
    direction.reviews = 1
    review.spent_cents = 0
    review.own_income_cents = 0
    review.worked_months = 0.0
    review.people_months = 0.0
    for i in range(len(centre.price_factors)):
        centre.price_factors[i] = 1.0
    clear(centre.earned, len(centre.earned))
    clear(centre.direct_costs, len(centre.direct_costs))
    clear(centre.contract_cents, len(centre.contract_cents))
    clear(centre.due, len(centre.due))
    clear(centre.own_costs, len(centre.own_costs))
