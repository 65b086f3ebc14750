"""What happens when cash runs short: loans, bills paid late, sleep, and closing."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.books import cash_cents, count, post
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.costs import bill_cents, own_part_cents
from ncpcsim.compiled.events import Return, What
from ncpcsim.compiled.grants import tranche_cents
from ncpcsim.compiled.staff import absence, full_hours, payer_in, salary_cents
from ncpcsim.compiled.state import Centre
from ncpcsim.compiled.team import come_back, leave
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import Payer
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.model.streams import one
from ncpcsim.rules import (
    cents,
    collected_share,
    creditors_act,
    first_cause,
    interest_cents,
    leaves,
    lent_cents,
    repaid_cents,
    share_cents,
    wakes,
)

YEAR = 12


def start_liquidity(centre: Centre) -> None:
    """The settling of each month."""
    wait(centre, 1.0, EventKind.PAYMENT, MonthEnd.SETTLEMENT, What.SETTLEMENT, 0, 0)


def on_settlement(centre: Centre) -> None:
    """When all has been received and paid, what is short is lent or left unpaid."""
    pay_interest(centre)
    look_at_result(centre)
    settle(centre)
    bear_late_pay(centre)
    overdraft = max(-cash_cents(centre), 0)
    centre.liquidity.borrowed = overdraft + owed(centre, Account.LOANS)
    if centre.ending.dormant_since != NEVER and is_awake(centre):
        wake(centre)
    wait(centre, 1.0, EventKind.PAYMENT, MonthEnd.SETTLEMENT, What.SETTLEMENT, 0, 0)


def owed(centre: Centre, account: int) -> int:
    """What the centre owes on an account."""
    return -centre.balances[account]


def pay_interest(centre: Centre) -> None:
    """On what a bank had lent when the month began."""
    rate = centre.inputs.liquidity.interest_year
    interest = interest_cents(centre.liquidity.borrowed, rate)
    post(centre, Account.INTEREST, Account.CASH, interest)


def look_at_result(centre: Centre) -> None:
    """Income less costs since the first day."""
    surplus = 0
    for account in range(Account.PROGRAMME_DISCRETIONARY, len(centre.balances)):
        surplus -= centre.balances[account]
    centre.surplus[centre.clock.month] = surplus


def surplus_of_year(centre: Centre) -> int:
    """Income less costs of the last twelve months."""
    month = centre.clock.month
    before = centre.surplus[month - YEAR] if month >= YEAR else 0
    return centre.surplus[month] - before


def settle(centre: Centre) -> None:
    """Borrow what is short, or pay late; repay what the cash can, bills first."""
    terms = centre.inputs.liquidity
    signed = 0
    if is_lent_against(centre):
        ask_bank_and_donors(centre)
        signed = signed_cents(centre, terms.bridged_months)
    advanced = share_cents(signed, terms.advanced_share) if centre.liquidity.advances else 0
    left = max(signed - advanced, 0)
    limit = 0 if centre.liquidity.refused else share_cents(left, terms.bridged_share)
    call_in(centre, Account.DONOR_ADVANCES, advanced)
    call_in(centre, Account.LOANS, limit)
    if carries(centre):
        lend(centre, Account.HOST_LOAN, cents(terms.host_lends))
    lend(centre, Account.DONOR_ADVANCES, advanced)
    lend(centre, Account.LOANS, limit)
    pay_late(centre, max(-cash_cents(centre) - cents(terms.credit_line), 0))
    repay(centre)


def is_lent_against(centre: Centre) -> bool:
    """Whether the centre is short, or owes what was lent against signed money."""
    lent = owed(centre, Account.LOANS) + owed(centre, Account.DONOR_ADVANCES)
    if cash_cents(centre) >= 0 and lent == 0:
        centre.liquidity.asked = False
    return cash_cents(centre) < 0 or lent > 0


def ask_bank_and_donors(centre: Centre) -> None:
    """They decide once, until cash is there again."""
    state, terms = centre.liquidity, centre.inputs.liquidity
    if state.asked:
        return
    state.asked = True
    bank = one(centre.streams, terms.refusal_stream, state.requests)
    state.refused = bank < terms.refused_probability
    donors = one(centre.streams, terms.advance_stream, state.requests)
    state.advances = donors < terms.advance_probability
    state.requests += 1


def call_in(centre: Centre, account: int, limit: int) -> None:
    """What was lent beyond its limit is due: it is paid late where there is no cash for it."""
    post(centre, account, Account.CASH, max(owed(centre, account) - limit, 0))


def lend(centre: Centre, account: int, limit: int) -> None:
    """Lend what is short, up to a limit."""
    short = max(-cash_cents(centre), 0)
    post(centre, Account.CASH, account, lent_cents(short, limit, owed(centre, account)))


def bear_late_pay(centre: Centre) -> None:
    """While bills are late, people whom the centre pays work fewer hours, and some leave."""
    state = centre.liquidity
    late = centre.ending.late_since != NEVER and centre.ending.dormant_since == NEVER
    if not (late or state.short_time):
        return
    state.short_time = late
    for i in range(len(centre.holders)):
        holder = centre.holders[i]
        holder.hours_share = full_hours(centre, holder)
        if late and payer_in(centre, i, centre.clock.month) == Payer.CENTRE:
            holder.hours_share = centre.inputs.management.short_time_share
            lose_to_late_pay(centre, i)


def lose_to_late_pay(centre: Centre, number: int) -> None:
    """Whoever holds a position may leave, and is replaced."""
    terms, position = centre.inputs.turnover, centre.inputs.positions[number]
    if terms.leaves_year_late <= 0.0:
        return
    month = centre.clock.month
    if leaves(terms.leaves_year_late, one(centre.streams, position.late_stream, month)):
        absence(centre, number, terms.recruit_months, position.late_order + month, Return.REPLACED)


def pay_late(centre: Centre, amount: int) -> None:
    """Leave bills of this month unpaid."""
    month = centre.clock.month
    if amount == 0:
        return
    if centre.ending.late_since == NEVER:
        centre.ending.late_since = month
        centre.ending.cause = cause_of(centre, amount)
        centre.liquidity.oldest = month + 1
    centre.arrears[month + 1] += amount
    post(centre, Account.CASH, Account.PAYABLES, amount)


def repay(centre: Centre) -> None:
    """Pay late bills, the oldest first and by overdraft too, then loans out of cash."""
    state = centre.liquidity
    at_hand = cash_cents(centre) + cents(centre.inputs.liquidity.credit_line)
    paid = repaid_cents(at_hand, owed(centre, Account.PAYABLES))
    post(centre, Account.PAYABLES, Account.CASH, paid)
    while paid > 0:
        part = min(paid, centre.arrears[state.oldest])
        centre.arrears[state.oldest] -= part
        paid -= part
        if paid > 0:
            state.oldest += 1
    if owed(centre, Account.PAYABLES) == 0:
        if centre.ending.dormant_since == NEVER:
            centre.ending.late_since = NEVER
            centre.ending.cause = 0
    else:
        while centre.arrears[state.oldest] == 0:
            state.oldest += 1
    repay_loan(centre, Account.LOANS)
    repay_loan(centre, Account.HOST_LOAN)
    repay_loan(centre, Account.DONOR_ADVANCES)


def repay_loan(centre: Centre, account: int) -> None:
    """Pay back what the cash can."""
    back = repaid_cents(cash_cents(centre), owed(centre, account))
    post(centre, account, Account.CASH, back)


def signed_cents(centre: Centre, months: int) -> int:
    """Signed money that has not come and is due within some months, at what it is worth now."""
    total = 0
    for i in range(len(centre.inputs.tranches)):
        due = centre.inputs.tranches[i].month <= centre.clock.month + months
        if due and is_expected(centre, i):
            total += tranche_cents(centre, i)
    return total


def is_expected(centre: Centre, number: int) -> bool:
    """Whether a tranche is signed and still to come, as far as anybody knows."""
    tranche = centre.inputs.tranches[number]
    grant = centre.inputs.grants[tranche.grant]
    agreed = number < grant.first_tranche + grant.tranches
    if not agreed or centre.clock.month < grant.from_month:
        return False  # an extension, or nothing is signed yet
    return centre.arrived[number] == 0 and not is_withdrawn(centre, number)


def is_withdrawn(centre: Centre, number: int) -> bool:
    """Whether its donor has left before it was due."""
    ends_in = centre.world.grant_ends[centre.inputs.tranches[number].grant]
    return centre.world.arrivals[number].cancelled and centre.clock.month >= ends_in


def collected(centre: Centre) -> float:
    """What invoices will bring, by what those of the past did."""
    return collected_share(centre.direction.paid, centre.balances[Account.BAD_DEBTS])


def cause_of(centre: Centre, short: int) -> int:
    """Why bills are paid late for the first time."""
    month, withdrawn, overdue = centre.clock.month, 0, 0
    for i in range(len(centre.inputs.tranches)):
        tranche = centre.inputs.tranches[i]
        grant = centre.inputs.grants[tranche.grant]
        if i >= grant.first_tranche + grant.tranches:
            continue
        if is_withdrawn(centre, i):
            if month - YEAR < tranche.month <= month + YEAR:
                withdrawn += tranche_cents(centre, i)
        elif tranche.month <= month and is_expected(centre, i):
            overdue += tranche_cents(centre, i)
    return first_cause(
        short,
        withdrawn,
        overdue,
        surplus_of_year(centre),
        host_fails=centre.inputs.host.present and not centre.host.delivers,
        programme_over=month >= centre.inputs.liquidity.programme_end,
    )


def carries(centre: Centre) -> bool:
    """Whether a host carries the centre now."""
    return centre.inputs.host.present and centre.host.delivers


def ends(centre: Centre) -> bool:
    """At a month's end: sleep if creditors wait no longer; whether nobody carries the centre."""
    state, terms = centre.liquidity, centre.inputs.liquidity
    if centre.ending.dormant_since != NEVER:
        count(centre, centre.inputs.counters.dormant, 1)
        send_all_home(centre)
        state.alone_months = 0 if carries(centre) else state.alone_months + 1
        return state.alone_months > terms.dormant_months
    unpaid = owed(centre, Account.PAYABLES)
    late = 0
    if unpaid > 0:
        before = state.oldest == 0
        oldest = -centre.inputs.opening.late_months if before else state.oldest - 1
        late = centre.clock.month - oldest + 1
    if late <= terms.creditors_bear_months:
        return False
    coming = share_cents(centre.balances[Account.RECEIVABLES], collected(centre))
    coming += signed_cents(centre, YEAR)
    if not creditors_act(late, terms.creditors_bear_months, unpaid, coming):
        return False
    if not carries(centre):
        return True
    centre.ending.dormant_since = centre.clock.month
    state.alone_months = 0
    send_all_home(centre)
    return False


def send_all_home(centre: Centre) -> None:
    """Whom the centre would pay next month stays at home, unpaid."""
    for i in range(len(centre.holders)):
        payer = payer_in(centre, i, centre.clock.month + 1)
        if payer == Payer.CENTRE and not centre.holders[i].laid_off:
            centre.holders[i].laid_off = True
            leave(centre, i, paid=False)


def is_awake(centre: Centre) -> bool:
    """Whether a dormant centre opens again."""
    unpaid, bill = owed(centre, Account.PAYABLES), month_cents(centre)
    return wakes(cash_cents(centre), unpaid, bill, centre.inputs.liquidity.wakes_months)


def month_cents(centre: Centre) -> int:
    """What a month at work would cost: those at home, and running costs."""
    month, total = centre.clock.month, 0
    for i in range(len(centre.holders)):
        holder = centre.holders[i]
        if holder.laid_off and holder.from_month <= month < holder.until_month:
            total += salary_cents(centre, i)
    for i in range(len(centre.inputs.lines)):
        total += own_part_cents(centre, bill_cents(centre, i), centre.inputs.lines[i])
    return total


def wake(centre: Centre) -> None:
    """Everyone who stayed at home comes back."""
    centre.ending.dormant_since = NEVER
    centre.ending.late_since = NEVER
    centre.ending.cause = 0
    for i in range(len(centre.holders)):
        if centre.holders[i].laid_off:
            centre.holders[i].laid_off = False
            come_back(centre, i, paid=False)
