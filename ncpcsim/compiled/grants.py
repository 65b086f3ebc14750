"""Grants: tranches, late, suspended, ended early or extended; earmarked money."""

from ncpcsim.accounting.ledger import Account
from ncpcsim.compiled.ability import end_month_of_ability
from ncpcsim.compiled.books import post, stop
from ncpcsim.compiled.calendar import wait
from ncpcsim.compiled.events import What
from ncpcsim.compiled.leadership import trust_in_leaders
from ncpcsim.compiled.market import credibility
from ncpcsim.compiled.state import Centre
from ncpcsim.faults import Fault
from ncpcsim.model.fields import EARMARKS, NONE, Earmark
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.model.streams import block
from ncpcsim.rules import (
    agreed_cents,
    cents,
    exponential,
    extends,
    granted_cents,
    instalment,
    repaid_advance,
    share_cents,
    split_cents,
)


def start_grants(centre: Centre) -> None:
    """The tranches and extensions of every grant, and the spending of what is earmarked."""
    for i in range(len(centre.inputs.grants)):
        grant = centre.inputs.grants[i]
        if grant.unspent_row != NONE:
            held = cents(centre.inputs.tranches[grant.unspent_row].amount)
            set_aside(centre, i, grant.unspent_row, held, grant.unspent_months)
        for j in range(grant.first_tranche, grant.first_tranche + grant.tranches):
            tranche = centre.inputs.tranches[j]
            order = grant.order + tranche.number
            due = float(max(tranche.month, 0))
            wait(centre, due, EventKind.OPENING, order, What.TRANCHE_DUE, j, 0)
        if grant.extension_months > 0:
            month, order = float(grant.until_month), grant.extension_order
            wait(centre, month, EventKind.OPENING, order, What.EXTENSION_DECIDED, i, 0)
    wait(centre, 1.0, EventKind.PAYMENT, MonthEnd.EARMARKED_SPENDING, What.EARMARKED_SPENDING, 0, 0)


def on_tranche_due(centre: Centre, number: int) -> None:
    """A tranche is due on the first day of its month, cancelled, or paid late."""
    tranche, arrival = centre.inputs.tranches[number], centre.world.arrivals[number]
    if arrival.cancelled:
        return
    order = centre.inputs.grants[tranche.grant].order + tranche.number
    wait(centre, arrival.late_months, EventKind.RECEIPT, order, What.TRANCHE_ARRIVES, number, 0)


def decides_extension(centre: Centre, number: int) -> bool:
    """At the agreement's end, the donor may extend it for a centre it finds credible."""
    grant = centre.inputs.grants[number]
    trusted = trust_in_leaders(centre)
    block(centre.streams, grant.extension_stream, 0)
    return extends(
        centre.world.grant_ends[number],
        grant.until_month,
        credibility(centre) * trusted,
        grant.extension_credibility,
        grant.extension_probability,
        centre.streams.first,
    )


def await_extension(centre: Centre, number: int) -> None:
    """The money of an extension is on its way."""
    grant = centre.inputs.grants[number]
    block(centre.streams, grant.extension_stream, 0)
    late, order = exponential(grant.delay_months, centre.streams.second), grant.extension_order
    tranche = grant.first_tranche + grant.tranches
    wait(centre, late, EventKind.RECEIPT, order, What.EXTENSION_ARRIVES, tranche, 0)


def on_tranche_arrives(centre: Centre, number: int) -> None:
    """A tranche, or the money of an extension, comes in."""
    tranche = centre.inputs.tranches[number]
    centre.arrived[number] = 1
    grant = centre.inputs.grants[tranche.grant]
    amount = tranche_cents(centre, number)
    if not grant.programme:
        centre.won[grant.source] = centre.clock.now
    if not grant.earmarked:
        post(centre, Account.CASH, grant.income, amount)
        return
    post(centre, Account.EARMARKED_CASH, Account.EARMARKED_GRANTS_UNSPENT, amount)
    set_aside(centre, tranche.grant, number, amount, grant.spend_months)


def tranche_cents(centre: Centre, number: int) -> int:
    """What a tranche comes to, at what its money is worth now, as far as has been decided."""
    tranche = centre.inputs.tranches[number]
    grant = centre.inputs.grants[tranche.grant]
    agreed = agreed_cents(tranche.amount, grant.scheduled, grant.part, tranche.before, tranche.upto)
    agreed_on = number < grant.first_tranche + grant.tranches  # not an extension
    if grant.reviewed and agreed_on and tranche.month > centre.inputs.review.month:
        agreed = share_cents(agreed, centre.funds[tranche.grant].kept)
    worth = centre.world.exchange[centre.clock.month] if grant.foreign else 1.0
    return granted_cents(agreed, worth, grant.support_cost_share)


def set_aside(centre: Centre, grant: int, row: int, amount: int, months: int) -> None:
    """Split money that has come by what it is earmarked for."""
    split_cents(amount, centre.inputs.earmarks, row * EARMARKS, EARMARKS, centre.parts)
    for category in range(EARMARKS):
        part = centre.parts[category]
        if category == Earmark.SALARIES:
            receive_salaries(centre, grant, part)
        elif part != 0:
            add_instalment(centre, grant, Account.EARMARKED_SALARIES + category, part, months)


def receive_salaries(centre: Centre, grant: int, cents: int) -> None:
    """Take money for salaries, and pay back to the centre what it advanced."""
    fund = centre.funds[grant]
    fund.salaries += cents
    repaid = repaid_advance(fund.advanced, fund.salaries)
    fund.salaries -= repaid
    fund.advanced -= repaid
    pay_out(centre, grant, Account.EARMARKED_SALARIES, repaid)
    post(centre, Account.CASH, Account.SALARIES, repaid)


def add_instalment(centre: Centre, fund: int, account: int, cents: int, months: int) -> None:
    """Keep a sum to be spent evenly over some months."""
    if centre.spending.instalments >= len(centre.instalments):
        stop(centre, Fault.INSTALMENTS)
        return
    item = centre.instalments[centre.spending.instalments]
    centre.spending.instalments += 1
    item.fund = fund
    item.account = account
    item.cents = cents
    item.months = months


def pay_out(centre: Centre, grant: int, expense: int, cents: int) -> None:
    """Spend earmarked money; what is spent becomes income."""
    income = centre.inputs.grants[grant].earmarked_income
    post(centre, expense, Account.EARMARKED_CASH, cents)
    post(centre, Account.EARMARKED_GRANTS_UNSPENT, income, cents)


def on_earmarked_spending(centre: Centre) -> None:
    """Each month end, spend every fund's instalments, salaries apart, and learn from it."""
    kept = 0
    for i in range(EARMARKS):
        centre.spent[i] = 0
    for i in range(centre.spending.instalments):
        item = centre.instalments[i]
        now = instalment(item.cents, item.months)
        pay_out(centre, item.fund, item.account, now)
        centre.spent[item.account - Account.EARMARKED_SALARIES] += now
        if item.cents != now:
            place = centre.instalments[kept]
            place.fund = item.fund
            place.account = item.account
            place.months = item.months - 1
            place.cents = item.cents - now
            kept += 1
    centre.spending.instalments = kept
    end_month_of_ability(centre)
    wait(centre, 1.0, EventKind.PAYMENT, MonthEnd.EARMARKED_SPENDING, What.EARMARKED_SPENDING, 0, 0)
