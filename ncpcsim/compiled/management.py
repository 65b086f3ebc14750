"""The director: monthly reviews, the yearly rewriting of the plan, hiring and letting go."""

from math import inf

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import cash_cents
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import JobKind, What
from ncpcsim.compiled.staff import is_staying, payer_now
from ncpcsim.compiled.state import Centre
from ncpcsim.model.counts import OfService
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import NONE, Payer, Service
from ncpcsim.model.order import EventKind
from ncpcsim.rules import (
    ends_fiscal_year,
    fills,
    gives_up,
    hires,
    lets_go,
    mission_first,
    mission_share,
    rank,
    repriced,
    runway_months,
    skips_mission,
    spending_level,
    utilisation,
)

LOOKS_BACK_MONTHS = 3
YEAR = 12


def start_management(centre: Centre) -> None:
    """The director's reviews."""
    terms = centre.inputs.management
    if terms.present:
        centre.direction.mission_share = terms.mission_floor_share
        wait(centre, 1.0, EventKind.REVIEW, terms.review_order, What.REVIEW, 0, 0)


def on_review(centre: Centre) -> None:
    """Share out time, hire, let go; each fiscal year's end: rewrite the plan."""
    terms, direction = centre.inputs.management, centre.direction
    look(centre)
    if centre.ending.dormant_since == NEVER:
        staffing(centre)
    if ends_fiscal_year(centre.inputs.horizon.start_month, centre.clock.month):
        rewrite_plan(centre)
    mission, total = mission_hours(centre), all_hours(centre)
    put_mission_first(centre, first=mission_first(mission, total, direction.mission_share))
    direction.spending_level = spending_level(
        runway(centre), terms.normal_runway_months, terms.least_share, terms.most_share
    )
    wait(centre, 1.0, EventKind.REVIEW, terms.review_order, What.REVIEW, 0, 0)


def look(centre: Centre) -> None:
    """What the director sees now, of money and of the people of the role that is hired."""
    team, crowd = centre.inputs.management.team, centre.crowds[centre.inputs.management.team]
    number = centre.direction.reviews
    review, before = centre.reviews[number], centre.reviews[number - 1]
    spent = 0
    for account in range(Account.SALARIES, Account.BAD_DEBTS + 1):
        spent += centre.balances[account]
    not_paid = centre.balances[Account.DEPRECIATION] + centre.balances[Account.BAD_DEBTS]
    review.spent_cents = spent
    review.paid_cents = spent - not_paid
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


def runway(centre: Centre) -> float:
    """How long free cash would carry payments like those of the last three months."""
    last = centre.direction.reviews - 1
    months = min(LOOKS_BACK_MONTHS, last)
    if months == 0:
        return inf
    paid = centre.reviews[last].paid_cents - centre.reviews[last - months].paid_cents
    return runway_months(cash_cents(centre), paid, months)


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
    """Whether the centre now leaves out something it offers free, to save its cash."""
    terms = centre.inputs.management
    if not terms.present or not service.mission:
        return False
    mission, total, least = mission_hours(centre), all_hours(centre), terms.mission_floor_share
    return skips_mission(runway(centre), terms.mission_runway_months, mission, total, least)


def put_mission_first(centre: Centre, *, first: bool) -> None:
    """Let mission work go before all other, or in its own place again."""
    if first == centre.direction.mission_first:
        return
    centre.direction.mission_first = first
    for i in range(centre.queue.waiting):
        waiting = centre.requests[i]
        if waiting.who >= 0 and centre.job[waiting.who].kind == JobKind.ENGAGEMENT:
            source = centre.inputs.sources[centre.job[waiting.who].source]
            service = centre.inputs.services[source.service]
            if service.mission:
                waiting.rank = rank(service.priority, mission=True, mission_first=first)


def staffing(centre: Centre) -> None:
    """Somebody goes, or somebody comes, or neither; nobody comes who would have to go."""
    terms, months = centre.inputs.management, runway(centre)
    goes = lets_go(
        months,
        terms.let_go_runway_months,
        busy_lately(centre),
        terms.let_go_below_utilisation,
    )
    hired = last_hired(centre)
    if hired != NONE and goes:
        let_go(centre, hired)
    elif hired == NONE and months < terms.below_runway_months:
        give_up(centre, months)
    elif not goes:
        hire(centre, months)


def last_hired(centre: Centre) -> int:
    """The last who came of those hired who stay; -1 if there is none."""
    row, last = centre.inputs.teams[centre.inputs.management.team], NONE
    for i in range(row.first_position, row.first_position + row.positions):
        if centre.inputs.positions[i].hired and is_staying(centre, centre.holders[i]):
            last = later(centre, last, i)
    return last


def give_up(centre: Centre, months: float) -> None:
    """Give up the post of the last who came of those whom the centre pays, if enough stay."""
    terms = centre.inputs.management
    row, last, staying = centre.inputs.teams[terms.team], NONE, 0
    for i in range(row.first_position, row.first_position + row.positions):
        if is_staying(centre, centre.holders[i]):
            staying += 1
            if payer_now(centre, i) == Payer.CENTRE:
                last = later(centre, last, i)
    shortest, fewest = terms.below_runway_months, terms.fewest_people
    if last != NONE and gives_up(months, shortest, staying, fewest):
        let_go(centre, last)


def later(centre: Centre, one: int, other: int) -> int:
    """Who of two came later; by name if they came together."""
    if one == NONE:
        return other
    first, second = centre.holders[one].since, centre.holders[other].since
    if first != second:
        return other if second > first else one
    names = centre.inputs.positions
    return other if names[other].name_rank > names[one].name_rank else one


def hire(centre: Centre, months: float) -> None:
    """Fill a post given up, or a place beyond the posts if much work waits."""
    terms = centre.inputs.management
    posts = fills(months, terms.refill_runway_months)
    waiting = centre.crowds[terms.team].engagements_waiting
    beyond = hires(waiting, terms.hire_above_waiting, months, terms.hire_runway_months)
    begins = centre.clock.month + 1 + terms.board_delay_months + terms.recruit_months
    row, best = centre.inputs.teams[terms.team], NONE
    for i in range(row.first_position, row.first_position + row.positions):
        if is_free(centre, i, begins, posts=posts, beyond=beyond):
            best = rather(centre, best, i)
    if best == NONE:
        return
    holder = centre.holders[best]
    holder.from_month = begins
    holder.since = begins
    holder.leaving = False
    wait(
        centre,
        float(terms.board_delay_months + terms.recruit_months),
        EventKind.OPENING,
        centre.inputs.positions[best].hire_order,
        What.HIRED,
        best,
        0,
    )


def is_free(centre: Centre, number: int, begins: int, *, posts: bool, beyond: bool) -> bool:
    """Whether a position may be filled."""
    holder = centre.holders[number]
    if not holder.exists or holder.from_month != inf or begins >= holder.until_month:
        return False
    return beyond if centre.inputs.positions[number].hired else posts


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
    centre.holders[number].leaving = True
    months = float(terms.board_delay_months + terms.notice_months)
    order = centre.inputs.positions[number].let_go_order
    wait(centre, months, EventKind.OPENING, order, What.LET_GO, number, 0)


def rewrite_plan(centre: Centre) -> None:
    """Prices follow the year's acceptances; the mission's share of time what the year earned."""
    terms, direction = centre.inputs.management, centre.direction
    priced, declined = 0, 0
    for i in range(len(centre.inputs.services)):
        row = centre.inputs.services[i].counts
        priced += counted_lately(centre, row + OfService.PRICED)
        declined += counted_lately(centre, row + OfService.DECLINED)
    direction.price_factor = repriced(
        direction.price_factor,
        priced - declined,
        priced,
        terms.reprice_step,
        terms.reprice_down_below,
        terms.reprice_up_above,
    )
    number = direction.reviews - 1
    last, before = centre.reviews[number], centre.reviews[number - min(YEAR, number)]
    direction.mission_share = mission_share(
        direction.mission_share,
        terms.mission_floor_share,
        last.own_income_cents - before.own_income_cents,
        last.spent_cents - before.spent_cents,
        terms.mission_step,
    )


def counted_lately(centre: Centre, row: int) -> int:
    """What was counted in the last twelve months."""
    first, total = row * centre.inputs.horizon.months, 0
    for month in range(max(centre.clock.month - YEAR + 1, 0), centre.clock.month + 1):
        total += centre.counts[first + month]
    return total
