"""Those who lead: who writes bids and proposals, how far they are respected, and the office."""

from collections.abc import Generator

from simpy import Event

from ncpcsim import rules
from ncpcsim.model.fields import NONE, Contract
from ncpcsim.reference.state import Centre
from ncpcsim.reference.team import Team


def leaders(centre: Centre) -> Team | None:
    """Those who lead; None where the plan does not say."""
    team = centre.inputs.leadership.team
    return None if team == NONE else centre.teams[team]


def bidders(centre: Centre, team: Team) -> Team:
    """Who writes a bid for work of a team: those who lead, or where nobody is said to, the team."""
    return leaders(centre) or team


def leads(centre: Centre) -> bool:
    """Whether somebody leads now; always where the plan does not say who."""
    team = leaders(centre)
    return team is None or team.at_work(centre.clock.now) > 0


def pace(centre: Centre, team: Team) -> float:
    """Work that one of a team does in a day now, of a trained person's who does nothing else."""
    terms, now = centre.inputs.leadership, centre.clock.now
    productivity = team.productivity(now) * centre.ability.time_kept
    if terms.team == NONE:
        return productivity
    office = centre.teams[terms.office]
    lost = 0.0 if team is office or office.at_work(now) else terms.office_share
    leading = team is centre.teams[terms.team]
    directing = _directing(centre) if leading else 0.0
    return rules.pace(productivity, lost, directing, team.at_work(now))


def _directing(centre: Centre) -> float:
    """Share of one person's time that directing takes; boards take theirs of the rest."""
    inputs = centre.inputs
    days_year = sum(
        board.meetings_year * board.meeting_days for board in (inputs.advisory, inputs.executive)
    )
    share = inputs.leadership.direction_share
    met = rules.meetings_share(days_year, inputs.staff.working_days_month)
    return share + (1.0 - share) * met


def trust(centre: Centre) -> float:
    """How far government, industry and funders trust who leads: the most respected of them."""
    terms, team, now = centre.inputs.leadership, leaders(centre), centre.clock.now
    if team is None:
        return 1.0
    most = 0.0
    for holder in team.holders:
        if holder.at_work(now):
            first = holder.position.respected
            most = max(most, rules.respect(first, holder.since, now, terms.respect_months))
    return rules.trust(terms.unknown_share, most)


def giver_trust(centre: Centre, contract: Contract) -> float:
    """How far those who give a contract trust the centre: givers abroad look at its leaders."""
    found = trust(centre)
    if contract.public or contract.corporate:
        found *= centre.host_trust(public=contract.public)
    return found


def write(centre: Centre, team: Team, days: float, order: int) -> Generator[Event]:
    """Keep somebody who has been waited for busy with a proposal."""
    own_days = days / pace(centre, team)
    yield from team.work(own_days / centre.inputs.staff.working_days_month, order)
