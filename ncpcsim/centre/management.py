"""The director: monthly reviews, the yearly rewriting of the plan, hiring and letting go."""

import math
from collections.abc import Generator, Iterator, Sequence

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.state import Centre
from ncpcsim.centre.team import Chair, Team
from ncpcsim.plan.schema import Management, Service

_LOOKS_BACK_MONTHS = 3
_YEAR = 12


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The director's reviews."""
    if centre.numbers.management:
        yield reviews(centre, centre.numbers.management)


def reviews(centre: Centre, terms: Management) -> Generator[Event]:
    """Each month end: share out time, hire, let go; each fiscal year's end: rewrite the plan."""
    direction = centre.direction
    direction.mission_share = terms.mission_floor_share
    while True:
        yield centre.clock.wait(1, Kind.REVIEW, entity("review", 0))
        direction.reviews.append(centre.review(terms.hires_role))
        _staffing(centre, terms)
        if _ends_fiscal_year(centre):
            _rewrite_plan(centre, terms)
        _share_time(centre)
        _budget(centre, terms)


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
    for team in centre.teams.values():
        team.put_mission_first(first)


def _budget(centre: Centre, terms: Management) -> None:
    """Running costs of the coming month follow the cash."""
    if terms.spending:
        centre.direction.spending_level = rules.spending_level(
            runway_months(centre),
            terms.spending.normal_runway_months,
            terms.spending.least_share,
            terms.spending.most_share,
        )


def skips(centre: Centre, service: Service) -> bool:
    """Whether the centre now leaves out something it offers free, to save its cash.

    Not below the mission's floor: a centre that lives by becoming a consulting firm has failed.
    """
    terms = centre.numbers.management
    if terms is None or not service.mission:
        return False
    if runway_months(centre) >= terms.mission_runway_months:
        return False
    mission, total = centre.mission_hours(_YEAR)
    return mission > terms.mission_floor_share * total


def _staffing(centre: Centre, terms: Management) -> None:
    """Somebody goes, or somebody comes, or neither; nobody comes who would have to go."""
    team, runway = centre.teams[terms.hires_role], runway_months(centre)
    lets_go = rules.lets_go(
        runway, terms.let_go_runway_months, _utilisation(centre), terms.let_go_below_utilisation
    )
    staying = [c for c in team.chairs if c.at_work(centre.clock.now) and not c.leaving]
    hired = [chair for chair in staying if chair.hired]
    if hired and lets_go:
        centre.clock.process(_let_go(centre, terms, team, _last_to_come(hired)))
    elif not hired and terms.giving_up and runway < terms.giving_up.below_runway_months:
        paid = [chair for chair in staying if _is_paid_by_centre(centre, chair)]
        if paid and len(staying) > terms.giving_up.fewest_people:
            centre.clock.process(_let_go(centre, terms, team, _last_to_come(paid)))
    elif not lets_go:
        free = _free(centre, terms, team, runway)
        if free:  # the plan's own posts before places beyond them
            chair = min(free, key=lambda c: (c.hired, c.name))
            centre.clock.process(_hire(centre, terms, team, chair))


def _last_to_come(chairs: Sequence[Chair]) -> Chair:
    return max(chairs, key=lambda c: (c.since, c.name))


def _is_paid_by_centre(centre: Centre, chair: Chair) -> bool:
    payer = chair.payer_in(centre.ledger.month, host_delivers=centre.host.delivers)
    return payer == "centre"


def _free(centre: Centre, terms: Management, team: Team, runway: float) -> list[Chair]:
    """The chairs that may be filled: posts given up, and places beyond them if much work waits."""
    posts = terms.giving_up is not None and runway >= terms.giving_up.refill_runway_months
    beyond = team.waiting() > terms.hire_above_waiting and runway >= terms.hire_runway_months
    begins = centre.ledger.month + 1 + terms.board_delay_months + terms.recruit_months
    return [
        chair
        for chair in team.chairs
        if chair.from_month == math.inf
        and begins < chair.until_month
        and (beyond if chair.hired else posts)
    ]


def _hire(centre: Centre, terms: Management, team: Team, chair: Chair) -> Generator[Event]:
    """From the decision, past the board and the search, to the first day."""
    months = terms.board_delay_months + terms.recruit_months
    chair.fill(centre.ledger.month + 1 + months)
    yield centre.clock.wait(months, Kind.OPENING, entity(f"hire.{chair.name}", 0))
    centre.count("staff", "hired")
    if centre.say:
        centre.say(f"{chair.name} begins")
    team.come_back(chair)


def _let_go(centre: Centre, terms: Management, team: Team, chair: Chair) -> Generator[Event]:
    """From the decision, past the board and the notice, to the last day."""
    chair.give_notice()
    months = terms.board_delay_months + terms.notice_months
    yield centre.clock.wait(months, Kind.OPENING, entity(f"let_go.{chair.name}", 0))
    centre.count("staff", "let_go")
    if centre.say:
        centre.say(f"{chair.name} is let go")
    chair.dismiss()
    team.leave(chair)


def _rewrite_plan(centre: Centre, terms: Management) -> None:
    """Prices follow the year's acceptances; the mission's share of time what the year earned."""
    now, services = centre.ledger.month, centre.numbers.services
    priced, declined = (
        sum(centre.tally.lately(name, what, now, _YEAR) for name in services)
        for what in ("priced", "declined")
    )
    band = (terms.reprice_down_below, terms.reprice_up_above)
    direction = centre.direction
    direction.price_factor = rules.repriced(
        direction.price_factor, priced - declined, priced, terms.reprice_step, band
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


def _ends_fiscal_year(centre: Centre) -> bool:
    return (centre.numbers.start.month - 1 + centre.ledger.month) % _YEAR == _YEAR - 1
