"""The director: monthly reviews, the yearly rewriting of the plan, hiring and letting go."""

import math
from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre import staff
from ncpcsim.centre.clock import Kind
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
    """Each month end: hire, let go; each fiscal year's end: rewrite the prices to the facts."""
    while True:
        yield centre.clock.wait(1, Kind.REVIEW)
        centre.direction.spent_cents.append(centre.operating_cents())
        _staffing(centre, terms)
        if _ends_fiscal_year(centre):
            _rewrite_plan(centre, terms)


def runway_months(centre: Centre) -> float:
    """How long cash would carry costs like those of the last three months."""
    spent = centre.direction.spent_cents
    if len(spent) <= 1:
        return math.inf
    months = min(len(spent) - 1, _LOOKS_BACK_MONTHS)
    return rules.runway_months(centre.cash_cents(), spent[-1] - spent[-1 - months], months)


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
    team = centre.teams[terms.hires_role]
    hired = [chair for chair in team.chairs if chair.hired]
    runway = runway_months(centre)
    free = [chair for chair in hired if chair.from_month == math.inf]
    working = [c for c in hired if c.at_work(centre.clock.now) and not c.leaving]
    if runway < terms.let_go_runway_months and working:
        centre.clock.process(_let_go(centre, terms, team, working[-1]))
    elif free and team.waiting() > terms.hire_above_waiting and runway >= terms.hire_runway_months:
        centre.clock.process(_hire(centre, terms, free[0]))


def _hire(centre: Centre, terms: Management, chair: Chair) -> Generator[Event]:
    """From the decision, past the board and the search, to the first day."""
    months = terms.board_delay_months + terms.recruit_months
    chair.from_month = chair.since = centre.ledger.month + 1 + months
    chair.leaving = False
    yield centre.clock.wait(months, Kind.OPENING)
    centre.count("staff", "hired")
    if centre.say:
        centre.say(f"{chair.name} begins")
    staff.come_back(chair)


def _let_go(centre: Centre, terms: Management, team: Team, chair: Chair) -> Generator[Event]:
    """From the decision, past the board and the notice, to the last day."""
    chair.leaving = True
    yield centre.clock.wait(terms.board_delay_months + terms.notice_months, Kind.OPENING)
    centre.count("staff", "let_go")
    if centre.say:
        centre.say(f"{chair.name} is let go")
    chair.from_month = math.inf
    staff.leave(centre, team, chair)


def _rewrite_plan(centre: Centre, terms: Management) -> None:
    """Prices follow the share of the year's proposals that was accepted."""
    now = centre.ledger.month
    year = slice(max(now - _YEAR + 1, 0), now + 1)
    services = centre.numbers.services
    priced = sum(sum(centre.tally.rows[f"{name}.priced"][year]) for name in services)
    declined = sum(sum(centre.tally.rows[f"{name}.declined"][year]) for name in services)
    band = (terms.reprice_down_below, terms.reprice_up_above)
    direction = centre.direction
    direction.price_factor = rules.repriced(
        direction.price_factor, priced - declined, priced, terms.reprice_step, band
    )
    if centre.say:
        centre.say(f"the plan is rewritten: prices at {direction.price_factor:.2f} of the plan's")


def _ends_fiscal_year(centre: Centre) -> bool:
    return (centre.numbers.start.month - 1 + centre.ledger.month) % _YEAR == _YEAR - 1
