"""The director: monthly reviews, the yearly rewriting of the plan, hiring and letting go."""

import math
from collections.abc import Generator, Iterator, Sequence

from simpy import Event

from ncpcsim import rules
from ncpcsim.model.counts import OfMembers, OfService
from ncpcsim.model.fields import Contract, Payer, Service
from ncpcsim.model.order import EventKind
from ncpcsim.reference.boards import adopt_plan, approval_months, months_to_decide
from ncpcsim.reference.forecast import Forecast, look_ahead
from ncpcsim.reference.leadership import leads
from ncpcsim.reference.staff import salary_cents
from ncpcsim.reference.state import Centre
from ncpcsim.reference.team import Holder, Team

_LOOKS_BACK_MONTHS = 3
_YEAR = 12
_HALF_YEAR = 6


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The director's reviews."""
    if centre.inputs.management.present:
        yield reviews(centre)


def reviews(centre: Centre) -> Generator[Event]:
    """Each month end: forecast, cut or spend, hire or let go; once a year: rewrite the plan."""
    terms, direction = centre.inputs.management, centre.direction
    direction.mission_share = terms.mission_floor_share
    while True:
        yield centre.clock.wait(1, EventKind.REVIEW, terms.review_order)
        direction.reviews.append(centre.review(terms.team))
        ahead = look_ahead(centre)
        _set_spending(centre, ahead)
        _look_out(centre, ahead)
        if not centre.liquidity.dormant:
            _staffing(centre, ahead)
        if _is_to_be_rewritten(centre):
            _rewrite_plan(centre)
        adopt_plan(centre)
        _share_time(centre)


def _set_spending(centre: Centre, ahead: Forecast) -> None:
    """Running costs such that the lowest cash of the year ahead is the reserve, within limits."""
    terms = centre.inputs.management
    month = rules.lowest_month(ahead.cash_cents, ahead.flows, rules.AHEAD)
    slack = ahead.lowest_cents() - ahead.reserve_cents
    planned = sum(ahead.running[1 : 1 + (rules.AHEAD if slack > 0 else month)])
    most = min(terms.most_share, centre.direction.useful_level)
    level = rules.spending_level(slack, planned, terms.least_share, most)
    centre.direction.spending_level = level
    rules.cut_running_costs(ahead.flows, ahead.running, level)


def _look_out(centre: Centre, ahead: Forecast) -> None:
    """Whether cash will be short, once running costs are cut, and whether that will pass."""
    terms, direction = centre.inputs.management, centre.direction
    within, cash, flows = terms.cut_ahead_months, ahead.cash_cents, ahead.flows
    direction.lowest_cents = ahead.lowest_cents()
    direction.is_short = rules.lowest_cents(cash, flows, within) < 0
    before = direction.is_short_for_good
    direction.is_short_for_good = rules.is_short_for_good(cash, flows, within)
    if centre.say and direction.is_short_for_good and not before:
        centre.say(f"cash is forecast to be short in {within} months, and to stay so")


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
    """Whether the centre leaves out something it offers free, for cash will be short.

    What brings clients, only if that will not pass: it lives on them. Nothing below the mission's
    floor: a centre that lives by becoming a consulting firm has failed.
    """
    direction, brings_clients = centre.direction, service.reaches_clients > 0.0
    short = direction.is_short_for_good if brings_clients else direction.is_short
    if not (service.mission and short):
        return False
    floor = centre.inputs.management.mission_floor_share
    return rules.is_above_floor(*centre.mission_hours(_YEAR), floor)


def bids(centre: Centre, contract: Contract) -> bool:
    """Whether the centre bids for a call: somebody leads, and staff have time or cash is short."""
    if not leads(centre):
        return False
    terms = centre.inputs.management
    if not terms.present or centre.direction.is_short:
        return True
    return centre.teams[contract.team].waiting() <= terms.bid_up_to_waiting


def _staffing(centre: Centre, ahead: Forecast) -> None:
    """Somebody goes, or somebody comes, or neither.

    Nobody comes who would have to go, nor while running costs are cut to keep the reserve.
    """
    terms, short = centre.inputs.management, centre.direction.is_short_for_good
    team, utilised = centre.teams[terms.team], _utilisation(centre)
    staying = [h for h in team.holders if h.at_work(centre.clock.now) and not h.leaving]
    earned = rules.earned_month_cents(ahead.earned_month_cents, len(staying), utilised)

    def goes(holders: Sequence[Holder]) -> bool:
        """Whether there is somebody, and the last who came earns less than the post costs."""
        if not holders:
            return False
        cost = salary_cents(centre, _last_to_come(holders))
        return not rules.is_missed(earned, len(staying), utilised, cost)

    hired = [holder for holder in staying if holder.position.hired]
    paid = [holder for holder in staying if _is_paid_by_centre(centre, holder)]
    idle = utilised < terms.let_go_below_utilisation
    if hired and (idle or (short and goes(hired))):
        centre.clock.process(_let_go(centre, team, _last_to_come(hired)))
    elif short and (coming := _coming(centre, team)):
        _last_to_come(coming).postpone()
    elif short:
        enough = terms.plans_posts and len(staying) > terms.fewest_people
        if enough and not hired and goes(paid):
            centre.clock.process(_let_go(centre, team, _last_to_come(paid)))
    elif not idle and centre.direction.spending_level >= 1.0:
        free = [h for h in _free(centre, team) if _is_affordable(centre, ahead, h, earned)]
        if free:  # the plan's own posts before places beyond them
            holder = min(free, key=lambda h: (h.position.hired, h.position.name_rank))
            centre.clock.process(_hire(centre, team, holder))


def _coming(centre: Centre, team: Team) -> list[Holder]:
    """The posts that the plan has yet to begin and the centre will pay, which may wait."""
    if not centre.inputs.management.plans_posts:
        return []
    return [
        holder
        for holder in team.holders
        if holder.payer == Payer.CENTRE
        and not (holder.position.hired or holder.postponed)
        and centre.ledger.month < holder.position.from_month
    ]


def _last_to_come(holders: Sequence[Holder]) -> Holder:
    return max(holders, key=lambda h: (h.since, h.position.name_rank))


def _is_paid_by_centre(centre: Centre, holder: Holder) -> bool:
    payer = holder.payer_in(centre.ledger.month, host_delivers=centre.host.delivers)
    return payer == Payer.CENTRE


def _free(centre: Centre, team: Team) -> list[Holder]:
    """The positions that may be filled: posts not held, and places beyond them if much waits."""
    terms = centre.inputs.management
    beyond = team.waiting() > terms.hire_above_waiting
    begins = centre.ledger.month + 1 + approval_months(centre) + terms.recruit_months

    def may_begin(holder: Holder) -> bool:
        if holder.position.hired:
            return beyond
        return terms.plans_posts and holder.position.from_month <= begins

    return [
        holder
        for holder in team.holders
        if holder.from_month == math.inf and begins < holder.until_month and may_begin(holder)
    ]


def _is_affordable(centre: Centre, ahead: Forecast, holder: Holder, earned_month: float) -> bool:
    """Whether the reserve is kept with one person more, who earns if others wait for staff."""
    terms = centre.inputs.management
    team = centre.teams[terms.team]
    begins = 1 + approval_months(centre) + terms.recruit_months
    flows, earns = ahead.flows.copy(), earned_month if team.waiting() > 0 else 0.0
    rules.add_person(flows, begins, ahead.paid_after, salary_cents(centre, holder), earns)
    return rules.lowest_cents(ahead.cash_cents, flows, rules.AHEAD) >= ahead.reserve_cents


def _hire(centre: Centre, team: Team, holder: Holder) -> Generator[Event]:
    """From the decision, past the board and the search, to the first day."""
    terms = centre.inputs.management
    months = approval_months(centre) + terms.recruit_months
    holder.fill(centre.ledger.month + 1 + months)
    yield centre.clock.wait(months, EventKind.OPENING, holder.position.hire_order)
    centre.count(centre.inputs.counters.hired)
    if centre.say:
        centre.say(f"{holder.name} begins")
    team.come_back(holder)


def _let_go(centre: Centre, team: Team, holder: Holder) -> Generator[Event]:
    """From the decision, past the board and the notice, to the last day."""
    terms = centre.inputs.management
    months = approval_months(centre) + terms.notice_months
    holder.give_notice(centre.ledger.month + 1 + months)
    yield centre.clock.wait(months, EventKind.OPENING, holder.position.let_go_order)
    centre.count(centre.inputs.counters.let_go)
    if centre.say:
        centre.say(f"{holder.name} is let go")
    holder.dismiss()
    team.leave(holder)


def _is_to_be_rewritten(centre: Centre) -> bool:
    """At the end of a fiscal year; or half a year after the last time, if cash will be short.

    Not while the board has yet to decide on the last one.
    """
    month = centre.ledger.month
    if centre.direction.proposed is not None:
        return False
    if rules.ends_fiscal_year(centre.inputs.horizon.start_month, month):
        return True
    direction = centre.direction
    return direction.is_short_for_good and month - direction.rewritten >= _HALF_YEAR


def _rewrite_plan(centre: Centre) -> None:
    """Each price follows the year's acceptances; the mission's share of time, what it earned."""
    terms, direction = centre.inputs.management, centre.direction
    direction.rewritten = centre.ledger.month
    direction.decided = centre.ledger.month + months_to_decide(centre)
    proposed = [
        _repriced(
            centre, row, service.counts + OfService.PRICED, service.counts + OfService.DECLINED
        )
        for row, service in enumerate(centre.inputs.services)
    ]
    members, dues = centre.inputs.membership, direction.price_factors[-1]
    if members.joins_probability > 0:
        asked, declined = members.counts + OfMembers.PRICED, members.counts + OfMembers.DECLINED
        dues = _repriced(centre, len(proposed), asked, declined)
    direction.proposed = [*proposed, dues]
    year, _ = direction.lately(_YEAR)
    direction.proposed_share = rules.mission_share(
        direction.mission_share,
        terms.mission_floor_share,
        year.own_income_cents,
        year.spent_cents,
        terms.mission_step,
    )


def _repriced(centre: Centre, row: int, priced_row: int, declined_row: int) -> float:
    terms, now, factors = (
        centre.inputs.management,
        centre.ledger.month,
        centre.direction.price_factors,
    )
    priced = centre.counts.lately(priced_row, now, _YEAR)
    declined = centre.counts.lately(declined_row, now, _YEAR)
    return rules.repriced(
        factors[row],
        priced - declined,
        priced,
        terms.reprice_step,
        terms.reprice_down_below,
        terms.reprice_up_above,
    )
