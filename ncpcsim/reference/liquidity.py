"""What happens when cash runs short: loans, bills paid late, sleep, and closing."""

from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import INCOME, Account
from ncpcsim.model.ending import NEVER
from ncpcsim.model.fields import Payer
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.model.streams import one
from ncpcsim.reference import staff
from ncpcsim.reference.grants import agreed_cents
from ncpcsim.reference.in_kind import bill_cents, own_part_cents
from ncpcsim.reference.state import Centre

_YEAR = 12


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The settling of each month."""
    yield settlements(centre)


def settlements(centre: Centre) -> Generator[Event]:
    """Each month end, when all has been received and paid, what is short is lent or left unpaid."""
    while True:
        yield centre.clock.wait(1, EventKind.PAYMENT, MonthEnd.SETTLEMENT)
        _pay_interest(centre)
        centre.liquidity.surplus.append(-sum(centre.ledger.balances[INCOME.start :]))
        _settle(centre)
        _bear_late_pay(centre)
        overdraft = max(-centre.cash_cents(), 0)
        centre.liquidity.borrowed = overdraft + owed(centre, Account.LOANS)
        if centre.liquidity.dormant and _wakes(centre):
            _wake(centre)


def owed(centre: Centre, account: Account) -> int:
    """What the centre owes on an account."""
    return -centre.ledger.balances[account]


def _pay_interest(centre: Centre) -> None:
    """On what a bank had lent when the month began."""
    rate = centre.inputs.liquidity.interest_year
    interest = rules.interest_cents(centre.liquidity.borrowed, rate)
    centre.ledger.post(Account.INTEREST, Account.CASH, interest, "interest")


def _settle(centre: Centre) -> None:
    """Borrow what is short, or pay late; repay what the cash can, bills first."""
    terms = centre.inputs.liquidity
    signed = _signed_to_lend_against(centre)
    advanced = rules.share_cents(signed, terms.advanced_share) if centre.liquidity.advances else 0
    left = max(signed - advanced, 0)
    limit = 0 if centre.liquidity.refused else rules.share_cents(left, terms.bridged_share)
    _call_in(centre, Account.DONOR_ADVANCES, advanced)
    _call_in(centre, Account.LOANS, limit)
    if carries(centre):
        most = rules.cents(terms.host_lends)
        _lend(centre, Account.HOST_LOAN, most, "the host lends")
    _lend(centre, Account.DONOR_ADVANCES, advanced, "donors advance")
    _lend(centre, Account.LOANS, limit, "lent against signed agreements")
    _pay_late(centre, max(-centre.cash_cents() - rules.cents(terms.credit_line), 0))
    _repay(centre)


def _signed_to_lend_against(centre: Centre) -> int:
    """Signed money, if the centre is short or owes what was lent against it; ask, the first time.

    Bank and donors decide once, until cash is there again.
    """
    state, terms = centre.liquidity, centre.inputs.liquidity
    lent = owed(centre, Account.LOANS) + owed(centre, Account.DONOR_ADVANCES)
    if centre.cash_cents() >= 0 and lent == 0:
        state.asked = False
        return 0
    if not state.asked:
        state.asked = True
        u = one(centre.streams, terms.refusal_stream, state.requests)
        state.refused = u < terms.refused_probability
        u = one(centre.streams, terms.advance_stream, state.requests)
        state.advances = u < terms.advance_probability
        state.requests += 1
    return signed_cents(centre, terms.bridged_months)


def _lend(centre: Centre, account: Account, limit: int, what: str) -> None:
    """Lend what is short, up to a limit."""
    short = max(-centre.cash_cents(), 0)
    lent = rules.lent_cents(short, limit, owed(centre, account))
    centre.ledger.post(Account.CASH, account, lent, what)


def _bear_late_pay(centre: Centre) -> None:
    """While bills are late, people whom the centre pays work fewer hours, and some leave."""
    state, terms = centre.liquidity, centre.inputs
    late = state.late_since != NEVER and not state.dormant
    if not (late or state.short_time):
        return
    state.short_time, month = late, centre.ledger.month
    for team in centre.teams:
        for holder in team.holders:
            payer = holder.payer_in(month, host_delivers=centre.host.delivers)
            paid = late and payer == Payer.CENTRE
            full = staff.full_hours(centre, holder)
            holder.hours_share = terms.management.short_time_share if paid else full
            if paid and terms.turnover.leaves_year_late > 0.0:
                u = one(centre.streams, holder.position.late_stream, month)
                if rules.leaves(terms.turnover.leaves_year_late, u):
                    centre.clock.process(staff.leave_for_late_pay(centre, team, holder))


def _call_in(centre: Centre, account: Account, limit: int) -> None:
    """What was lent beyond its limit is due: it is paid late where there is no cash for it."""
    due = max(owed(centre, account) - limit, 0)
    centre.ledger.post(account, Account.CASH, due, "loan called in")


def _pay_late(centre: Centre, cents: int) -> None:
    """Leave bills of this month unpaid."""
    state, month = centre.liquidity, centre.ledger.month
    if cents == 0:
        return
    if state.late_since == NEVER:
        state.late_since, state.cause = month, _cause(centre, cents)
    state.arrears.append([month, cents])
    centre.ledger.post(Account.CASH, Account.PAYABLES, cents, "bills left unpaid")


def _repay(centre: Centre) -> None:
    """Pay late bills, the oldest first and by overdraft too, then loans out of cash."""
    state, post = centre.liquidity, centre.ledger.post
    at_hand = centre.cash_cents() + rules.cents(centre.inputs.liquidity.credit_line)
    paid = rules.repaid_cents(at_hand, owed(centre, Account.PAYABLES))
    post(Account.PAYABLES, Account.CASH, paid, "late bills paid")
    while paid > 0:
        oldest = state.arrears[0]
        part = min(paid, oldest[1])
        oldest[1] -= part
        paid -= part
        if oldest[1] == 0:
            state.arrears.pop(0)
    if not state.arrears and not state.dormant:
        state.late_since, state.cause = NEVER, 0
    for account in (Account.LOANS, Account.HOST_LOAN, Account.DONOR_ADVANCES):
        back = rules.repaid_cents(centre.cash_cents(), owed(centre, account))
        post(account, Account.CASH, back, "loan repaid")


def signed_cents(centre: Centre, months: int) -> int:
    """Signed money that has not come and is due within some months, at what it is worth now."""
    return sum(
        agreed_cents(centre, row)
        for row, due in enumerate(centre.inputs.tranches)
        if is_expected(centre, row) and due.month <= centre.ledger.month + months
    )


def is_expected(centre: Centre, row: int) -> bool:
    """Whether a tranche is signed and still to come, as far as anybody knows."""
    due = centre.inputs.tranches[row]
    grant = centre.inputs.grants[due.grant]
    if row >= grant.first_tranche + grant.tranches or row in centre.liquidity.arrived:
        return False
    if centre.ledger.month < grant.from_month:
        return False  # nothing is signed yet
    return not _is_withdrawn(centre, row)


def _is_withdrawn(centre: Centre, row: int) -> bool:
    """Whether its donor has left before it was due."""
    ends = centre.world.grant_ends[centre.inputs.tranches[row].grant]
    return centre.world.arrivals[row].cancelled and centre.ledger.month >= ends


def collected_share(centre: Centre) -> float:
    """What invoices will bring, by what those of the past did."""
    lost = centre.ledger.balances[Account.BAD_DEBTS]
    return rules.collected_share(centre.earnings.paid, lost)


def _cause(centre: Centre, short: int) -> int:
    """Why bills are paid late for the first time."""
    month, tranches = centre.ledger.month, centre.inputs.tranches
    withdrawn = overdue = 0
    for row, due in enumerate(tranches):
        grant = centre.inputs.grants[due.grant]
        if row >= grant.first_tranche + grant.tranches:
            continue
        if _is_withdrawn(centre, row):
            if month - _YEAR < due.month <= month + _YEAR:
                withdrawn += agreed_cents(centre, row)
        elif due.month <= month and is_expected(centre, row):
            overdue += agreed_cents(centre, row)
    return rules.first_cause(
        short,
        withdrawn,
        overdue,
        _surplus_of_year(centre),
        host_fails=centre.inputs.host.present and not centre.host.delivers,
        programme_over=month >= centre.inputs.liquidity.programme_end,
    )


def _surplus_of_year(centre: Centre) -> int:
    """Income less costs of the last twelve months."""
    *before, last = centre.liquidity.surplus
    return last - (before[-_YEAR] if len(before) >= _YEAR else 0)


def carries(centre: Centre) -> bool:
    """Whether a host carries the centre now."""
    return centre.inputs.host.present and centre.host.delivers


def ends(centre: Centre) -> bool:
    """At a month's end: sleep if creditors wait no longer; whether nobody carries the centre."""
    state, terms = centre.liquidity, centre.inputs.liquidity
    if state.dormant:
        centre.count(centre.inputs.counters.dormant)
        _send_home(centre)
        state.alone_months = 0 if carries(centre) else state.alone_months + 1
        return state.alone_months > terms.dormant_months
    late = centre.ledger.month - state.arrears[0][0] + 1 if state.arrears else 0
    if late <= terms.creditors_bear_months:
        return False
    receivables = centre.ledger.balances[Account.RECEIVABLES]
    coming = rules.share_cents(receivables, collected_share(centre))
    coming += signed_cents(centre, _YEAR)
    unpaid = owed(centre, Account.PAYABLES)
    if not rules.creditors_act(late, terms.creditors_bear_months, unpaid, coming):
        return False
    if not carries(centre):
        return True
    state.dormant_since, state.alone_months = centre.ledger.month, 0
    if centre.say:
        centre.say("creditors wait no longer: dormant, carried by the host")
    _send_home(centre)
    return False


def _send_home(centre: Centre) -> None:
    """Whom the centre would pay next month stays at home, unpaid."""
    for team in centre.teams:
        for holder in team.holders:
            payer = holder.payer_in(centre.ledger.month + 1, host_delivers=centre.host.delivers)
            if not holder.laid_off and payer == Payer.CENTRE:
                holder.laid_off = True
                team.leave(holder, paid=False)


def _wakes(centre: Centre) -> bool:
    unpaid, bill = owed(centre, Account.PAYABLES), _bill_cents(centre)
    return rules.wakes(centre.cash_cents(), unpaid, bill, centre.inputs.liquidity.wakes_months)


def _bill_cents(centre: Centre) -> int:
    """What a month at work would cost: those at home, and running costs."""
    month = centre.ledger.month
    bill = 0
    for team in centre.teams:
        for holder in team.holders:
            if holder.laid_off and holder.from_month <= month < holder.until_month:
                bill += staff.salary_cents(centre, holder)
    for row, line in enumerate(centre.inputs.lines):
        bill += own_part_cents(centre, bill_cents(centre, row), line)
    return bill


def _wake(centre: Centre) -> None:
    """Everyone who stayed at home comes back."""
    state = centre.liquidity
    state.dormant_since, state.late_since, state.cause = NEVER, NEVER, 0
    if centre.say:
        centre.say("money has come: the centre opens again")
    for team in centre.teams:
        for holder in team.holders:
            if holder.laid_off:
                holder.laid_off = False
                team.come_back(holder, paid=False)
