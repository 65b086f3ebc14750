"""The director: monthly reviews, the yearly rewriting of the plan, hiring and letting go."""

import math
from collections.abc import Generator, Iterator, Sequence

from simpy import Event

from ncpcsim import rules
from ncpcsim.model.counts import OfService
from ncpcsim.model.fields import Payer, Service
from ncpcsim.model.order import EventKind
from ncpcsim.reference.state import Centre
from ncpcsim.reference.team import Holder, Team

_LOOKS_BACK_MONTHS = 3
_YEAR = 12


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The director's reviews."""
    if centre.inputs.management.present:
        yield reviews(centre)


def reviews(centre: Centre) -> Generator[Event]:
    """Each month end: share out time, hire, let go; each fiscal year's end: rewrite the plan."""
    terms, direction = centre.inputs.management, centre.direction
    direction.mission_share = terms.mission_floor_share
    while True:
        yield centre.clock.wait(1, EventKind.REVIEW, terms.review_order)
        direction.reviews.append(centre.review(terms.team))
        if not centre.liquidity.dormant:
            _staffing(centre)
        if rules.ends_fiscal_year(centre.inputs.horizon.start_month, centre.ledger.month):
            _rewrite_plan(centre)
        _share_time(centre)
        direction.spending_level = rules.spending_level(
            runway_months(centre), terms.normal_runway_months, terms.least_share, terms.most_share
        )


def runway_months(centre: Centre) -> float:
    """How long free cash would carry payments like those of the last three months."""
    lately, months = centre.direction.lately(_LOOKS_BACK_MONTHS)
    if months == 0:
        return math.inf
    return rules.runway_months(centre.cash_cents(), lately.paid_cents, months)


def _utilisation(centre: Centre) -> float:
    """How busy the people were in the last three months; while the centre moves nobody is idle."""
    if centre.host.moving:
        return 1.0
    lately, _ = centre.direction.lately(_LOOKS_BACK_MONTHS)
    return rules.utilisation(lately.worked_months, lately.people_months)


def _share_time(centre: Centre) -> None:
    """The mission goes first in the queues as long as it has had less than its share of time."""
    first = rules.mission_first(*centre.mission_hours(_YEAR), centre.direction.mission_share)
    for team in centre.teams:
        team.put_mission_first(first)


def skips(centre: Centre, service: Service) -> bool:
    """Whether the centre now leaves out something it offers free, to save its cash."""
    terms = centre.inputs.management
    if not terms.present or not service.mission:
        return False
    return rules.skips_mission(
        runway_months(centre),
        terms.mission_runway_months,
        *centre.mission_hours(_YEAR),
        terms.mission_floor_share,
    )


def _staffing(centre: Centre) -> None:
    """Somebody goes, or somebody comes, or neither; nobody comes who would have to go."""
    terms = centre.inputs.management
    team, runway = centre.teams[terms.team], runway_months(centre)
    goes = rules.lets_go(
        runway, terms.let_go_runway_months, _utilisation(centre), terms.let_go_below_utilisation
    )
    staying = [h for h in team.holders if h.at_work(centre.clock.now) and not h.leaving]
    hired = [holder for holder in staying if holder.position.hired]
    if hired and goes:
        centre.clock.process(_let_go(centre, team, _last_to_come(hired)))
    elif not hired and runway < terms.below_runway_months:
        paid = [holder for holder in staying if _is_paid_by_centre(centre, holder)]
        shortest, fewest = terms.below_runway_months, terms.fewest_people
        if paid and rules.gives_up(runway, shortest, len(staying), fewest):
            centre.clock.process(_let_go(centre, team, _last_to_come(paid)))
    elif not goes:
        free = _free(centre, team, runway)
        if free:  # the plan's own posts before places beyond them
            holder = min(free, key=lambda h: (h.position.hired, h.position.name_rank))
            centre.clock.process(_hire(centre, team, holder))


def _last_to_come(holders: Sequence[Holder]) -> Holder:
    return max(holders, key=lambda h: (h.since, h.position.name_rank))


def _is_paid_by_centre(centre: Centre, holder: Holder) -> bool:
    payer = holder.payer_in(centre.ledger.month, host_delivers=centre.host.delivers)
    return payer == Payer.CENTRE


def _free(centre: Centre, team: Team, runway: float) -> list[Holder]:
    """The positions that may be filled: posts given up, and places beyond them if much waits."""
    terms = centre.inputs.management
    posts = rules.fills(runway, terms.refill_runway_months)
    beyond = rules.hires(team.waiting(), terms.hire_above_waiting, runway, terms.hire_runway_months)
    begins = centre.ledger.month + 1 + terms.board_delay_months + terms.recruit_months
    return [
        holder
        for holder in team.holders
        if holder.from_month == math.inf
        and begins < holder.until_month
        and (beyond if holder.position.hired else posts)
    ]


def _hire(centre: Centre, team: Team, holder: Holder) -> Generator[Event]:
    """From the decision, past the board and the search, to the first day."""
    terms = centre.inputs.management
    months = terms.board_delay_months + terms.recruit_months
    holder.fill(centre.ledger.month + 1 + months)
    yield centre.clock.wait(months, EventKind.OPENING, holder.position.hire_order)
    centre.count(centre.inputs.counters.hired)
    if centre.say:
        centre.say(f"{holder.name} begins")
    team.come_back(holder)


def _let_go(centre: Centre, team: Team, holder: Holder) -> Generator[Event]:
    """From the decision, past the board and the notice, to the last day."""
    terms = centre.inputs.management
    holder.give_notice()
    months = terms.board_delay_months + terms.notice_months
    yield centre.clock.wait(months, EventKind.OPENING, holder.position.let_go_order)
    centre.count(centre.inputs.counters.let_go)
    if centre.say:
        centre.say(f"{holder.name} is let go")
    holder.dismiss()
    team.leave(holder)


def _rewrite_plan(centre: Centre) -> None:
    """Prices follow the year's acceptances; the mission's share of time what the year earned."""
    terms, now, direction = centre.inputs.management, centre.ledger.month, centre.direction
    priced, declined = (
        sum(centre.counts.lately(each.counts + what, now, _YEAR) for each in centre.inputs.services)
        for what in (OfService.PRICED, OfService.DECLINED)
    )
    direction.price_factor = rules.repriced(
        direction.price_factor,
        priced - declined,
        priced,
        terms.reprice_step,
        terms.reprice_down_below,
        terms.reprice_up_above,
    )
    year, _ = direction.lately(_YEAR)
    direction.mission_share = rules.mission_share(
        direction.mission_share,
        terms.mission_floor_share,
        year.own_income_cents,
        year.spent_cents,
        terms.mission_step,
    )
    if centre.say:
        centre.say(
            f"the plan is rewritten: prices at {direction.price_factor:.2f} of the plan's, "
            f"{direction.mission_share:.0%} of time for the mission"
        )
