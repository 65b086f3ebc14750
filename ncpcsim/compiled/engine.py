"""One run: what starts it, and the loop in which one event after the other happens."""

from math import inf

from ncpcsim.compiled.benefits import on_invested, on_success_fee
from ncpcsim.compiled.boards import on_board_meets, start_boards
from ncpcsim.compiled.books import count, stop
from ncpcsim.compiled.calendar import forget
from ncpcsim.compiled.closing import await_closing, on_closing
from ncpcsim.compiled.contracts import (
    begin_contract_work,
    on_call,
    on_contract_costs,
    on_contract_waited,
    on_contract_work_ends,
    start_contracts,
    working_team,
)
from ncpcsim.compiled.costs import (
    await_running_costs,
    on_depreciation,
    on_equipment,
    on_running_costs,
    start_costs_and_equipment,
)
from ncpcsim.compiled.demand import on_candidate, on_candidate_again, on_offer, start_demand
from ncpcsim.compiled.engagements import (
    begin_engagement,
    begin_proposal,
    end_proposal,
    finish,
    on_decision,
    on_patience_ends,
)
from ncpcsim.compiled.events import JobKind, What
from ncpcsim.compiled.grants import (
    await_extension,
    decides_extension,
    on_earmarked_spending,
    on_tranche_arrives,
    on_tranche_due,
    start_grants,
)
from ncpcsim.compiled.host import (
    on_contribution,
    on_default,
    on_loss,
    on_moved,
    on_recovery,
    start_host,
)
from ncpcsim.compiled.jobs import end_work
from ncpcsim.compiled.liquidity import on_settlement, start_liquidity
from ncpcsim.compiled.management import on_review, start_management
from ncpcsim.compiled.market import improve_climate
from ncpcsim.compiled.network import (
    begin_secretariat,
    end_secretariat,
    on_network,
    start_network,
)
from ncpcsim.compiled.outcomes import (
    on_fee_paid,
    on_gains,
    on_member_year,
    on_relapse_decided,
    start_outcomes,
)
from ncpcsim.compiled.payments import on_paid, on_written_off, start_payments
from ncpcsim.compiled.policy import start_policy
from ncpcsim.compiled.reset import reset
from ncpcsim.compiled.review import on_review_of_results, start_review
from ncpcsim.compiled.staff import (
    await_end,
    extend_positions,
    form_teams,
    on_leaving,
    on_payroll,
    on_position_begins,
    on_return,
    start_staff,
)
from ncpcsim.compiled.state import Centre
from ncpcsim.compiled.team import come_back, hand_on, leave
from ncpcsim.faults import Fault
from ncpcsim.model.fields import NONE
from ncpcsim.model.world import draw_world


def simulate(centre: Centre) -> None:
    """Run the centre once, from its first day to the end of the follow-up or to its closing."""
    reset(centre)
    draw_world(centre.inputs, centre.world, centre.streams)
    if centre.world.cycle.fault != Fault.NONE:
        stop(centre, centre.world.cycle.fault)
    form_teams(centre)
    start(centre)
    clock = centre.clock
    while not clock.over and centre.ending.fault == Fault.NONE:
        happen(centre)
        hand_seats_on(centre)
    centre.ending.events = clock.events


def start(centre: Centre) -> None:
    """Start every family, in the order of `ncpcsim.reference.assembly`."""
    start_staff(centre)
    start_grants(centre)
    start_review(centre)
    start_contracts(centre)
    start_payments(centre)
    start_host(centre)
    start_costs_and_equipment(centre)
    start_policy(centre)
    start_boards(centre)
    start_network(centre)
    start_demand(centre)
    start_outcomes(centre)
    start_liquidity(centre)
    start_management(centre)
    await_closing(centre)


def hand_seats_on(centre: Centre) -> None:
    """Seats that came free in this step go to those who are first in the queues."""
    if not centre.queue.freed:
        return
    centre.queue.freed = False
    for team in range(len(centre.crowds)):
        number = hand_on(centre, team)
        while number != NONE:
            if centre.job[number].kind == JobKind.ENGAGEMENT:
                begin_engagement(centre, number)
            elif centre.job[number].kind == JobKind.PROPOSAL:
                begin_proposal(centre, number)
            elif centre.job[number].kind == JobKind.NETWORK:
                begin_secretariat(centre, number)
            else:
                begin_contract_work(centre, number)
            number = hand_on(centre, team)


def happen(centre: Centre) -> None:
    """Let the next event happen; what happens to people is none of work and of clients."""
    clock, event = centre.clock, centre.calendar[0]
    what, first, second = event.what, event.first, event.second
    clock.now = event.time
    clock.events += 1
    clock.handling = True
    if what <= What.PATIENCE_ENDS:
        happen_in_work(centre, what, first, second)
    elif what <= What.MEMBER_YEAR or what == What.INVESTED:
        happen_at_client(centre, what, first)
    elif what <= What.EXTENSION_ARRIVES:
        happen_with_funder(centre, what, first, second)
    elif what <= What.SETTLEMENT:
        happen_in_books(centre, what, first, second)
    elif what <= What.LET_GO:
        happen_in_house(centre, what, first, second)
    else:
        happen_outside(centre, what, first, second)
    if what > What.MEMBER_YEAR:
        clock.changes += 1
    forget(centre)


def happen_in_work(centre: Centre, what: int, first: int, second: int) -> None:
    """Enquiries and work."""
    if what == What.CANDIDATE:
        on_candidate(centre, first, second)
    elif what == What.OFFER:
        on_offer(centre, first, second)
    elif what == What.DECISION:
        on_decision(centre, first)
    elif what == What.WORK_ENDS:
        on_work_ends(centre, first)
    elif what == What.EXPERTS_END:
        finish(centre, first)
    else:
        on_patience_ends(centre, first, second)


def on_work_ends(centre: Centre, number: int) -> None:
    """Own staff are done with a job."""
    job = centre.job[number]
    if job.kind == JobKind.ENGAGEMENT:
        source = centre.inputs.sources[job.source]
        end_work(centre, centre.inputs.services[source.service].team)
        finish(centre, number)
    elif job.kind == JobKind.PROPOSAL:
        end_work(centre, centre.inputs.leadership.team)
        end_proposal(centre, number)
    elif job.kind == JobKind.NETWORK:
        end_work(centre, centre.inputs.network[job.source].team)
        end_secretariat(centre, number)
    else:
        end_work(centre, working_team(centre, number))
        on_contract_work_ends(centre, number)


def happen_at_client(centre: Centre, what: int, first: int) -> None:
    """Payments, savings and membership."""
    if what == What.PAID:
        on_paid(centre, first)
    elif what == What.WRITTEN_OFF:
        on_written_off(centre, first)
    elif what == What.RELAPSE_DECIDED:
        on_relapse_decided(centre, first)
    elif what == What.SUCCESS_FEE:
        on_success_fee(centre, first)
    elif what == What.INVESTED:
        on_invested(centre, first)
    elif what == What.FEE_PAID:
        on_fee_paid(centre, first)
    else:
        on_member_year(centre, first)


def happen_with_funder(centre: Centre, what: int, first: int, second: int) -> None:
    """Calls, contracts and grants."""
    if what == What.CALL:
        on_call(centre, first, second)
    elif what == What.CONTRACT_COSTS:
        on_contract_costs(centre, first)
    elif what == What.CONTRACT_WAITED:
        on_contract_waited(centre, first)
    elif what == What.TRANCHE_DUE:
        on_tranche_due(centre, first)
    elif what == What.EXTENSION_DECIDED:
        on_extension_decided(centre, first)
    else:
        on_tranche_arrives(centre, first)


def on_extension_decided(centre: Centre, number: int) -> None:
    """The posts that a grant pays last as long as the grant does; of no grant, it is a review."""
    if number == NONE:
        on_review_of_results(centre)
    elif decides_extension(centre, number):
        extend_positions(centre, number, centre.inputs.grants[number].extension_months)
        await_extension(centre, number)


def happen_in_books(centre: Centre, what: int, first: int, second: int) -> None:
    """What is paid or counted at a month's end."""
    if what == What.PAYROLL:
        on_payroll(centre)
    elif what == What.RUNNING_COSTS_BEGIN:
        await_running_costs(centre)
    elif what == What.RUNNING_COSTS:
        on_running_costs(centre)
    elif what == What.EARMARKED_SPENDING:
        on_earmarked_spending(centre)
    elif what == What.EQUIPMENT:
        on_equipment(centre)
    elif what == What.DEPRECIATION:
        on_depreciation(centre, first, of_old=second == 1)
    elif what == What.SETTLEMENT:
        on_settlement(centre)
    else:
        on_gains(centre)


def happen_in_house(centre: Centre, what: int, first: int, second: int) -> None:
    """The host, the director and the staff."""
    if what == What.HOST_CONTRIBUTION:
        on_contribution(centre)
    elif what == What.HOST_DEFAULT:
        on_default(centre, first)
    elif what == What.HOST_RECOVERY:
        on_recovery(centre)
    elif what == What.HOST_LOSS:
        on_loss(centre, first)
    elif what == What.MOVED:
        on_moved(centre, first, into=second == 1)
    elif what == What.REVIEW:
        on_review(centre)
    elif what == What.CLOSING:
        on_closing(centre)
    else:
        happen_to_position(centre, what, first, second)


def happen_outside(centre: Centre, what: int, first: int, second: int) -> None:
    """The market, the climate, who speaks for the centre, and its network."""
    if what == What.CANDIDATE_AGAIN:
        on_candidate_again(centre, first, second)
    elif what == What.POLICY:
        improve_climate(centre, centre.inputs.events[first].climate_gain)
    elif what == What.NETWORK:
        on_network(centre, first, second)
    else:
        on_board_meets(centre)


def happen_to_position(centre: Centre, what: int, number: int, why: int) -> None:
    """Somebody comes, stays away or goes."""
    if what == What.POSITION_BEGINS:
        on_position_begins(centre, number)
    elif what == What.POSITION_ENDS:
        await_end(centre, number)
    elif what == What.LEAVING:
        on_leaving(centre, number)
    elif what == What.RETURN:
        on_return(centre, number, why)
    elif what == What.HIRED:
        count(centre, centre.inputs.counters.hired, 1)
        come_back(centre, number, paid=True)
    elif what == What.LET_GO:
        count(centre, centre.inputs.counters.let_go, 1)
        centre.holders[number].from_month = inf
        leave(centre, number, paid=True)
