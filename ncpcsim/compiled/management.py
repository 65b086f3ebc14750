"""The director: monthly reviews, the yearly rewriting of the plan, hiring and letting go."""

from math import inf

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.boards import adopt_plan, approval_months, months_to_decide
from ncpcsim.compiled.books import cash_cents, counted_lately
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import JobKind, What
from ncpcsim.compiled.forecast import look_ahead
from ncpcsim.compiled.leadership import leads
from ncpcsim.compiled.staff import is_staying, payer_now, salary_cents
from ncpcsim.compiled.state import Centre
from ncpcsim.model.counts import OfMembers, OfService
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import NONE, Contract, Payer, Service
from ncpcsim.model.order import EventKind
from ncpcsim.rules import (
    AHEAD,
    add_person,
    cut_running_costs,
    earned_month_cents,
    ends_fiscal_year,
    is_above_floor,
    is_missed,
    is_short_for_good,
    lowest_cents,
    lowest_month,
    mission_first,
    mission_share,
    rank,
    repriced,
    spending_level,
    utilisation,
)

LOOKS_BACK_MONTHS = 3
YEAR = 12
HALF_YEAR = 6


def start_management(centre: Centre) -> None:
    """The director's reviews."""
    terms = centre.inputs.management
    if terms.present:
        centre.direction.mission_share = terms.mission_floor_share
        wait(centre, 1.0, EventKind.REVIEW, terms.review_order, What.REVIEW, 0, 0)


def on_review(centre: Centre) -> None:
    """Forecast, cut or spend, hire or let go; once a year: rewrite the plan."""
    terms = centre.inputs.management
    look(centre)
    look_ahead(centre)
    set_spending(centre)
    look_out(centre)
    if centre.ending.dormant_since == NEVER:
        staffing(centre)
    if is_to_be_rewritten(centre):
        rewrite_plan(centre)
    adopt_plan(centre)
    mission, total = mission_hours(centre), all_hours(centre)
    first = mission_first(mission, total, centre.direction.mission_share)
    put_mission_first(centre, first=first)
    wait(centre, 1.0, EventKind.REVIEW, terms.review_order, What.REVIEW, 0, 0)


def set_spending(centre: Centre) -> None:
    """Running costs such that the lowest cash of the year ahead is the reserve, within limits."""
    terms, direction = centre.inputs.management, centre.direction
    months = lowest_month(cash_cents(centre), centre.flows, AHEAD)
    slack = lowest_cents(cash_cents(centre), centre.flows, AHEAD) - direction.reserve_cents
    if slack > 0:
        months = AHEAD
    planned = 0
    for i in range(1, months + 1):
        planned += centre.running[i]
    most = min(terms.most_share, direction.useful_level)
    direction.spending_level = spending_level(slack, planned, terms.least_share, most)
    cut_running_costs(centre.flows, centre.running, direction.spending_level)


def look_out(centre: Centre) -> None:
    """Whether cash will be short, once running costs are cut, and whether that will pass."""
    direction, within = centre.direction, centre.inputs.management.cut_ahead_months
    cash = cash_cents(centre)
    direction.lowest_cents = lowest_cents(cash_cents(centre), centre.flows, AHEAD)
    direction.is_short = lowest_cents(cash, centre.flows, within) < 0
    direction.is_short_for_good = is_short_for_good(cash, centre.flows, within)


def look(centre: Centre) -> None:
    """What the director sees now, of money and of the people of the role that is hired."""
    team, crowd = centre.inputs.management.team, centre.crowds[centre.inputs.management.team]
    number = centre.direction.reviews
    review, before = centre.reviews[number], centre.reviews[number - 1]
    spent = 0
    for account in range(Account.SALARIES, Account.BAD_DEBTS + 1):
        spent += centre.balances[account]
    review.spent_cents = spent
    review.own_income_cents = own_income_cents(centre)
    review.worked_months = crowd.worked_months + crowd.at_work * centre.clock.now
    review.people_months = before.people_months + present(centre, team)
    centre.direction.reviews += 1


def own_income_cents(centre: Centre) -> int:
    """Income since the first day but for the programme's grants and earmarked money."""
    own = 0
    for account in range(Account.DOMESTIC_PUBLIC, Account.NEWER_CENTRES + 1):
        if account != Account.OTHER_EARMARKED:
            own -= centre.balances[account]
    for account in range(Account.FEES, len(centre.balances)):
        own -= centre.balances[account]
    return own


def present(centre: Centre, team: int) -> int:
    """How many of a team are there now."""
    row, number = centre.inputs.teams[team], 0
    for i in range(row.first_position, row.first_position + row.positions):
        if centre.holders[i].exists and centre.holders[i].away == 0:
            number += 1
    return number


def busy_lately(centre: Centre) -> float:
    """How busy the people were in the last three months; while the centre moves nobody is idle."""
    if centre.host.moving:
        return 1.0
    number = centre.direction.reviews - 1
    last, before = centre.reviews[number], centre.reviews[number - min(LOOKS_BACK_MONTHS, number)]
    return utilisation(
        last.worked_months - before.worked_months, last.people_months - before.people_months
    )


def mission_hours(centre: Centre) -> int:
    """Staff hours of the last twelve months for the mission."""
    total = 0
    for month in range(max(centre.clock.month - YEAR + 1, 0), centre.clock.month + 1):
        total += centre.mission_hours[month]
    return total


def all_hours(centre: Centre) -> int:
    """Staff hours of the last twelve months."""
    total = 0
    for month in range(max(centre.clock.month - YEAR + 1, 0), centre.clock.month + 1):
        total += centre.all_hours[month]
    return total


def skips(centre: Centre, service: Service) -> bool:
    """Whether the centre leaves out something it offers free, for cash will be short.

    What brings clients, only if that will not pass: it lives on them. Nothing below the mission's
    floor: a centre that lives by becoming a consulting firm has failed.
    """
    direction, brings_clients = centre.direction, service.reaches_clients > 0.0
    short = direction.is_short_for_good if brings_clients else direction.is_short
    if not (service.mission and short):
        return False
    floor = centre.inputs.management.mission_floor_share
    return is_above_floor(mission_hours(centre), all_hours(centre), floor)


def bids(centre: Centre, contract: Contract) -> bool:
    """Whether the centre bids for a call: somebody leads, and staff have time or cash is short."""
    if not leads(centre):
        return False
    terms = centre.inputs.management
    if not terms.present or centre.direction.is_short:
        return True
    return centre.crowds[contract.team].engagements_waiting <= terms.bid_up_to_waiting


def mission_waits(centre: Centre) -> int:
    """How much work for the mission waits for staff now."""
    number = 0
    for i in range(centre.queue.waiting):
        if centre.requests[i].who >= 0 and is_mission(centre, centre.requests[i].who):
            number += 1
    return number


def is_mission(centre: Centre, number: int) -> bool:
    """Whether a job that waits for staff is for the mission."""
    job = centre.job[number]
    if job.kind <= JobKind.PROPOSAL:
        return centre.inputs.services[centre.inputs.sources[job.source].service].mission
    # A network's secretariat counts as the mission's time, and keeps its own place in the queue.
    return job.kind != JobKind.NETWORK and centre.inputs.contracts[job.source].mission


def put_mission_first(centre: Centre, *, first: bool) -> None:
    """Let mission work go before all other, or in its own place again."""
    if first == centre.direction.mission_first:
        return
    centre.direction.mission_first = first
    for i in range(centre.queue.waiting):
        waiting = centre.requests[i]
        if waiting.who < 0:
            continue
        job = centre.job[waiting.who]
        if job.kind <= JobKind.PROPOSAL:
            source = centre.inputs.sources[job.source]
            service = centre.inputs.services[source.service]
            if service.mission:
                waiting.rank = rank(service.priority, mission=True, mission_first=first)
        elif is_mission(centre, waiting.who):
            priority = centre.inputs.contracts[job.source].priority
            waiting.rank = rank(priority, mission=True, mission_first=first)


def staffing(centre: Centre) -> None:
    """Somebody goes, or somebody comes, or neither.

    Nobody comes who would have to go, nor while running costs are cut to keep the reserve.
    """
    terms, utilised = centre.inputs.management, busy_lately(centre)
    staying, hired, paid = count_staying(centre), last_hired(centre), last_paid(centre)
    earned = earned_month_cents(centre.direction.earned_month_cents, staying, utilised)
    is_idle = utilised < terms.let_go_below_utilisation
    is_short = centre.direction.is_short_for_good
    if hired != NONE and (is_idle or (is_short and goes(centre, hired, earned, utilised))):
        let_go(centre, hired)
    elif is_short and terms.plans_posts and last_coming(centre) != NONE:
        postpone(centre, last_coming(centre))
    elif is_short:
        enough = terms.plans_posts and staying > terms.fewest_people
        if enough and hired == NONE and goes(centre, paid, earned, utilised):
            let_go(centre, paid)
    elif not is_idle and centre.direction.spending_level >= 1.0:
        hire(centre, earned)


def last_coming(centre: Centre) -> int:
    """The last of the posts that the plan has yet to begin; -1 if there is none."""
    row, last = centre.inputs.teams[centre.inputs.management.team], NONE
    for i in range(row.first_position, row.first_position + row.positions):
        if is_coming(centre, i):
            last = later(centre, last, i)
    return last


def is_coming(centre: Centre, number: int) -> bool:
    """Whether the plan has yet to begin a post that the centre will pay."""
    holder, position = centre.holders[number], centre.inputs.positions[number]
    if not holder.exists or holder.payer != Payer.CENTRE or holder.postponed:
        return False
    return not position.hired and centre.clock.month < position.from_month


def postpone(centre: Centre, number: int) -> None:
    """Let a post wait that the plan has yet to begin."""
    centre.holders[number].postponed = True
    centre.holders[number].from_month = inf


def goes(centre: Centre, number: int, earned: float, utilised: float) -> bool:
    """Whether there is somebody whose work earns less than the post costs."""
    if number == NONE:
        return False
    cost = salary_cents(centre, number)
    return not is_missed(earned, count_staying(centre), utilised, cost)


def count_staying(centre: Centre) -> int:
    """How many of the role that is hired are at work and stay."""
    row, staying = centre.inputs.teams[centre.inputs.management.team], 0
    for i in range(row.first_position, row.first_position + row.positions):
        if is_staying(centre, centre.holders[i]):
            staying += 1
    return staying


def last_hired(centre: Centre) -> int:
    """The last who came of those hired who stay; -1 if there is none."""
    row, last = centre.inputs.teams[centre.inputs.management.team], NONE
    for i in range(row.first_position, row.first_position + row.positions):
        if centre.inputs.positions[i].hired and is_staying(centre, centre.holders[i]):
            last = later(centre, last, i)
    return last


def last_paid(centre: Centre) -> int:
    """The last who came of those who stay and whom the centre pays; -1 if there is none."""
    row, last = centre.inputs.teams[centre.inputs.management.team], NONE
    for i in range(row.first_position, row.first_position + row.positions):
        if is_staying(centre, centre.holders[i]) and payer_now(centre, i) == Payer.CENTRE:
            last = later(centre, last, i)
    return last


def later(centre: Centre, one: int, other: int) -> int:
    """Who of two came later; by name if they came together."""
    if one == NONE:
        return other
    first, second = centre.holders[one].since, centre.holders[other].since
    if first != second:
        return other if second > first else one
    names = centre.inputs.positions
    return other if names[other].name_rank > names[one].name_rank else one


def hire(centre: Centre, earned: float) -> None:
    """Fill a post that is not held, or a place beyond the posts if much work waits."""
    terms = centre.inputs.management
    months = approval_months(centre) + terms.recruit_months
    begins = centre.clock.month + 1 + months
    row, best = centre.inputs.teams[terms.team], NONE
    for i in range(row.first_position, row.first_position + row.positions):
        if is_free(centre, i, begins) and is_affordable(centre, i, 1 + months, earned):
            best = rather(centre, best, i)
    if best == NONE:
        return
    holder = centre.holders[best]
    holder.from_month = begins
    holder.since = begins
    holder.leaving = False
    holder.last_month = inf
    order = centre.inputs.positions[best].hire_order
    wait(centre, float(months), EventKind.OPENING, order, What.HIRED, best, 0)


def is_free(centre: Centre, number: int, begins: int) -> bool:
    """Whether a position may be filled."""
    holder, terms = centre.holders[number], centre.inputs.management
    if not holder.exists or holder.from_month != inf or begins >= holder.until_month:
        return False
    if not centre.inputs.positions[number].hired:
        return terms.plans_posts and begins >= centre.inputs.positions[number].from_month
    return centre.crowds[terms.team].engagements_waiting > terms.hire_above_waiting


def is_affordable(centre: Centre, number: int, begins: int, earned: float) -> bool:
    """Whether the reserve is kept with one person more, who earns if others wait for staff."""
    direction, team = centre.direction, centre.inputs.management.team
    for i in range(AHEAD + 1):
        centre.tried[i] = centre.flows[i]
    earns = earned if centre.crowds[team].engagements_waiting > 0 else 0.0
    cost = salary_cents(centre, number)
    add_person(centre.tried, begins, direction.paid_after, cost, earns)
    return lowest_cents(cash_cents(centre), centre.tried, AHEAD) >= direction.reserve_cents


def rather(centre: Centre, one: int, other: int) -> int:
    """Which of two positions is filled: the plan's own posts before places beyond them."""
    if one == NONE:
        return other
    first, second = centre.inputs.positions[one], centre.inputs.positions[other]
    if first.hired != second.hired:
        return one if second.hired else other
    return other if second.name_rank < first.name_rank else one


def let_go(centre: Centre, number: int) -> None:
    """From the decision, past the board and the notice, to the last day."""
    terms = centre.inputs.management
    months = float(approval_months(centre) + terms.notice_months)
    centre.holders[number].leaving = True
    centre.holders[number].last_month = centre.clock.month + 1 + months
    order = centre.inputs.positions[number].let_go_order
    wait(centre, months, EventKind.OPENING, order, What.LET_GO, number, 0)


def is_to_be_rewritten(centre: Centre) -> bool:
    """At the end of a fiscal year; or half a year after the last time, if cash will be short.

    Not while the board has yet to decide on the last one.
    """
    month, direction = centre.clock.month, centre.direction
    if direction.proposes:
        return False
    if ends_fiscal_year(centre.inputs.horizon.start_month, month):
        return True
    return direction.is_short_for_good and month - direction.rewritten >= HALF_YEAR


def rewrite_plan(centre: Centre) -> None:
    """Each price follows the year's acceptances; the mission's share of time, what it earned."""
    terms, direction = centre.inputs.management, centre.direction
    direction.rewritten = centre.clock.month
    direction.decided = centre.clock.month + months_to_decide(centre)
    direction.proposes = True
    members, dues = centre.inputs.membership, len(centre.inputs.services)
    for i in range(len(centre.inputs.services)):
        row = centre.inputs.services[i].counts
        reprice(centre, i, row + OfService.PRICED, row + OfService.DECLINED)
    centre.proposed[dues] = centre.price_factors[dues]
    if members.joins_probability > 0.0:
        counts = members.counts
        reprice(centre, dues, counts + OfMembers.PRICED, counts + OfMembers.DECLINED)
    number = direction.reviews - 1
    last, before = centre.reviews[number], centre.reviews[number - min(YEAR, number)]
    direction.proposed_share = mission_share(
        direction.mission_share,
        terms.mission_floor_share,
        last.own_income_cents - before.own_income_cents,
        last.spent_cents - before.spent_cents,
        terms.mission_step,
    )


def reprice(centre: Centre, number: int, priced_row: int, declined_row: int) -> None:
    """The prices of a service, or members' fee, follow the year's acceptances."""
    terms = centre.inputs.management
    priced = counted_lately(centre, priced_row)
    centre.proposed[number] = repriced(
        centre.price_factors[number],
        priced - counted_lately(centre, declined_row),
        priced,
        terms.reprice_step,
        terms.reprice_down_below,
        terms.reprice_up_above,
    )
