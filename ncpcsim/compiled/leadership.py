"""Those who lead: who writes bids and proposals, how far they are respected, and the office."""

from math import floor

from ncpcsim.compiled.state import Centre
from ncpcsim.compiled.team import is_at_work, team_productivity
from ncpcsim.model.fields import NONE, Contract
from ncpcsim.rules import meetings_share, pace, respect, trust


def bidders(centre: Centre, team: int) -> int:
    """Who writes a bid for work of a team: those who lead, or where nobody is said to, the team."""
    leaders = centre.inputs.leadership.team
    return team if leaders == NONE else leaders


def at_work_in(centre: Centre, team: int) -> int:
    """How many of a team are at work now."""
    row, number = centre.inputs.teams[team], 0
    for i in range(row.first_position, row.first_position + row.positions):
        if is_at_work(centre, centre.holders[i]):
            number += 1
    return number


def leads(centre: Centre) -> bool:
    """Whether somebody leads now; always where the plan does not say who."""
    team = centre.inputs.leadership.team
    return team == NONE or at_work_in(centre, team) > 0


def team_pace(centre: Centre, team: int) -> float:
    """Work that one of a team does in a day now, of a trained person's who does nothing else.

    It is kept until something happens to people, or the month is over.
    """
    kept, clock = centre.paces[team], centre.clock
    if clock.now >= kept.until or kept.changes != clock.changes:
        kept.value = pace_now(centre, team)
        kept.changes = clock.changes
        kept.until = next_change(centre)
    return kept.value


def next_change(centre: Centre) -> float:
    """The next time at which a month, or somebody's time at a post, begins or ends."""
    now = centre.clock.now
    time = floor(now) + 1.0
    for i in range(len(centre.holders)):
        holder = centre.holders[i]
        if now < holder.from_month:
            time = min(time, holder.from_month)
        elif now < holder.until_month:
            time = min(time, holder.until_month)
    return time


def pace_now(centre: Centre, team: int) -> float:
    """The same, as people are now."""
    terms = centre.inputs.leadership
    productivity = team_productivity(centre, team) * centre.ability.time_kept
    if terms.team == NONE:
        return productivity
    lost = terms.office_share
    if team == terms.office or at_work_in(centre, terms.office) > 0:
        lost = 0.0
    directing = directing_share(centre) if team == terms.team else 0.0
    return pace(productivity, lost, directing, at_work_in(centre, team))


def directing_share(centre: Centre) -> float:
    """Share of one person's time that directing takes; boards take theirs of the rest."""
    advisory, executive = centre.inputs.advisory, centre.inputs.executive
    days_year = advisory.meetings_year * advisory.meeting_days
    days_year += executive.meetings_year * executive.meeting_days
    share = centre.inputs.leadership.direction_share
    met = meetings_share(days_year, centre.inputs.staff.working_days_month)
    return share + (1.0 - share) * met


def trust_in_leaders(centre: Centre) -> float:
    """How far government, industry and funders trust who leads: the most respected of them."""
    kept, clock = centre.trust, centre.clock
    if centre.inputs.leadership.team == NONE:
        return 1.0
    if clock.now >= kept.until or kept.changes != clock.changes:
        kept.value = trust_now(centre)
        kept.changes = clock.changes
        kept.until = next_change(centre)
    return kept.value


def trust_now(centre: Centre) -> float:
    """The same, as people are now."""
    terms, most = centre.inputs.leadership, 0.0
    row = centre.inputs.teams[terms.team]
    for i in range(row.first_position, row.first_position + row.positions):
        holder = centre.holders[i]
        if is_at_work(centre, holder):
            first, now = centre.inputs.positions[i].respected, centre.clock.now
            most = max(most, respect(first, holder.since, now, terms.respect_months))
    return trust(terms.unknown_share, most)


def host_trust(centre: Centre, *, public: bool) -> float:
    """How far public bodies, or firms, trust the house that the centre is in: 1 on average."""
    row = centre.host.kind
    if row == NONE:
        return 1.0
    kind = centre.inputs.host_kinds[row]
    return kind.government_trust if public else kind.industry_trust


def giver_trust(centre: Centre, contract: Contract) -> float:
    """How far those who give a contract trust the centre: givers abroad look at its leaders."""
    found = trust_in_leaders(centre)
    if contract.public or contract.corporate:
        found *= host_trust(centre, public=contract.public)
    return found
