"""What earmarked money makes the centre able to do: experience, services, options, days."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import post
from ncpcsim.compiled.leadership import team_pace
from ncpcsim.compiled.state import Centre
from ncpcsim.compiled.team import is_at_work
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import Earmark, Source
from ncpcsim.rules import (
    bought,
    carried,
    counterpart_cents,
    experience,
    found_share,
    part_of_month,
    supported_until,
    trained,
    with_people,
)


def start_ability(centre: Centre) -> None:
    """What there is on the first day."""
    state, opening = centre.ability, centre.inputs.opening
    state.abroad_months = opening.abroad_months
    state.kits = opening.kits
    state.days_left = 0.0
    state.time_kept = 1.0
    state.months = 0
    learning, elapsed = centre.inputs.learning, centre.inputs.horizon.elapsed_months
    until, fits = learning.counterpart_until_month, learning.counterpart_fits_months
    state.supported_until = supported_until(until, fits, elapsed)
    centre.experience[0] = 0.0
    see(centre)


def see(centre: Centre) -> None:
    """What can be served and found now."""
    state, savings = centre.ability, centre.inputs.savings
    state.trained = trained(state.abroad_months, centre.inputs.ability.services_months)
    state.found_share = found_share(savings.unmeasured_share, state.kits, savings.kits_cost)


def buy_kits(centre: Centre, cents: int, level: float) -> None:
    """Buy equipment at some level of costs."""
    centre.ability.kits += bought(cents, level, 1.0)
    see(centre)


def end_month_of_ability(centre: Centre) -> None:
    """Count what a month's earmarked money, in `spent`, has brought to those at work."""
    pay_counterpart(centre)
    state, terms = centre.ability, centre.inputs.ability
    level, people = centre.world.costs[centre.clock.month], people_at_work(centre)
    months = bought(centre.spent[Earmark.TRAVEL], level, terms.abroad_month_cost)
    abroad = with_people(months, people)
    supported = part_of_month(state.months, state.supported_until)
    state.abroad_months += abroad * people + supported * terms.counterpart_worth_months
    days = bought(centre.spent[Earmark.SUBCONTRACTORS], level, terms.day_rate)
    beside = with_people(days / centre.inputs.staff.working_days_month, people)
    state.days_left = days
    gained = experience(abroad, terms.abroad_worth_months, beside, terms.beside_speed)
    before = centre.experience[state.months]
    state.months += 1
    centre.experience[state.months] = before + gained
    buy_kits(centre, centre.spent[Earmark.EQUIPMENT], level)


def people_at_work(centre: Centre) -> int:
    """How many people are at work."""
    people = 0
    for i in range(len(centre.holders)):
        if is_at_work(centre, centre.holders[i]):
            people += 1
    return people


def pay_counterpart(centre: Centre) -> None:
    """Pay a month of the counterpart, with earmarked money first: it pays no consultants then."""
    terms, month = centre.inputs.learning, centre.clock.month
    cost, until = terms.counterpart_cost_month, terms.counterpart_until_month
    due = counterpart_cents(cost, centre.world.costs[month], month, until)
    paid = min(due, centre.spent[Earmark.SUBCONTRACTORS])
    centre.spent[Earmark.SUBCONTRACTORS] -= paid
    if centre.ending.dormant_since == NEVER:
        centre.direct_costs[month] += due - paid
        post(centre, Account.SUBCONTRACTORS, Account.CASH, due - paid)


def carry(centre: Centre, days: float) -> float:
    """Let consultants carry what they can of a project's days, and say how much that is."""
    share, state = centre.inputs.ability.carried_share, centre.ability
    taken = carried(days, share, state.days_left)
    state.days_left -= taken
    return taken


def own_days(centre: Centre, source: Source, days: float, team: int) -> float:
    """Days of one of the team for work of so many days, of which consultants carry a part."""
    if centre.inputs.services[source.service].project:
        days -= carry(centre, days)
    return days / team_pace(centre, team)
