"""Grants: tranches, late, suspended, ended early or extended; earmarked money."""

from collections import Counter
from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.fields import EARMARKS, NONE, Earmark
from ncpcsim.model.order import EventKind, MonthEnd
from ncpcsim.model.streams import block
from ncpcsim.reference import leadership
from ncpcsim.reference.state import Centre


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The tranches and extensions of every grant, and the spending of what is earmarked."""
    for row, grant in enumerate(centre.inputs.grants):
        if grant.unspent_row != NONE:
            held = rules.cents(centre.inputs.tranches[grant.unspent_row].amount)
            _set_aside(centre, grant.unspent_row, held, grant.unspent_months)
        for number in range(grant.first_tranche, grant.first_tranche + grant.tranches):
            yield tranche(centre, number)
        if grant.extension_months:
            yield extension(centre, row)
    yield earmarked_spending(centre)


def tranche(centre: Centre, row: int) -> Generator[Event]:
    """One tranche: due on the first day of its month, suspended or cancelled, paid late."""
    due, arrival, clock = centre.inputs.tranches[row], centre.world.arrivals[row], centre.clock
    order = centre.inputs.grants[due.grant].order + due.number
    yield clock.wait(max(due.month, 0), EventKind.OPENING, order)
    called = f"tranche {due.number + 1} of {centre.names.grants[due.grant]}"
    if arrival.cancelled:
        _say(centre, f"{called} is cancelled: the donor has left")
        return
    yield clock.wait(arrival.late_months, EventKind.RECEIPT, order)
    _say(centre, f"{called} arrives, {arrival.late_months:.1f} months late")
    _receive(centre, row)


def extension(centre: Centre, row: int) -> Generator[Event]:
    """At the agreement's end, the donor may extend it for a centre it finds credible."""
    grant, name = centre.inputs.grants[row], centre.names.grants[row]
    yield centre.clock.wait(grant.until_month, EventKind.OPENING, grant.extension_order)
    block(centre.streams, grant.extension_stream, 0)
    decision, lateness = centre.streams.first, centre.streams.second
    if not rules.extends(
        centre.world.grant_ends[row],
        grant.until_month,
        centre.market.credibility() * leadership.trust(centre),
        grant.extension_credibility,
        grant.extension_probability,
        decision,
    ):
        _say(centre, f"{name} is not extended")
        return
    _say(centre, f"{name} is extended by {grant.extension_months} months")
    for team in centre.teams:
        for holder in team.holders:
            if holder.payer == row:
                holder.extend(grant.extension_months)
    late = rules.exponential(grant.delay_months, lateness)
    yield centre.clock.wait(late, EventKind.RECEIPT, grant.extension_order)
    _receive(centre, grant.first_tranche + grant.tranches)


def _say(centre: Centre, what: str) -> None:
    if centre.say:
        centre.say(what)


def _receive(centre: Centre, row: int) -> None:
    """A tranche, or the money of an extension, comes in."""
    due = centre.inputs.tranches[row]
    centre.liquidity.arrived.add(row)
    grant, name = centre.inputs.grants[due.grant], centre.names.grants[due.grant]
    amount = agreed_cents(centre, row)
    if not grant.programme:
        centre.market.win(grant.source)
    if not grant.earmarked:
        centre.ledger.post(Account.CASH, grant.income, amount, f"grant {name}")
        return
    centre.ledger.post(
        Account.EARMARKED_CASH, Account.EARMARKED_GRANTS_UNSPENT, amount, f"grant {name}"
    )
    _set_aside(centre, row, amount, grant.spend_months)


def agreed_cents(centre: Centre, row: int) -> int:
    """What a tranche comes to, at what its money is worth now, as far as has been decided."""
    due = centre.inputs.tranches[row]
    grant, decided = centre.inputs.grants[due.grant], centre.inputs.review.month
    agreed = rules.agreed_cents(due.amount, grant.scheduled, grant.part, due.before, due.upto)
    tranche = row < grant.first_tranche + grant.tranches  # not an extension
    if grant.reviewed and tranche and due.month > decided:
        agreed = rules.share_cents(agreed, centre.funds[due.grant].kept)
    worth = centre.world.exchange[centre.ledger.month] if grant.foreign else 1.0
    return rules.granted_cents(agreed, worth, grant.support_cost_share)


def _set_aside(centre: Centre, row: int, amount: int, months: int) -> None:
    """Split money that has come by what it is earmarked for."""
    grant, parts = centre.inputs.tranches[row].grant, [0] * EARMARKS
    fund = centre.funds[grant]
    rules.split_cents(amount, centre.inputs.earmarks, row * EARMARKS, EARMARKS, parts)
    for category, part in zip(Earmark, parts, strict=True):
        if category is Earmark.SALARIES:
            repaid = fund.receive_salaries(part)
            spend_on_salaries(centre, grant, repaid)
            centre.ledger.post(Account.CASH, Account.SALARIES, repaid, "salaries advanced, repaid")
        else:
            fund.set_aside(Account.EARMARKED_SALARIES + category, part, months)


def spend_on_salaries(centre: Centre, grant: int, cents: int) -> None:
    """Spend a grant's earmarked money on salaries."""
    _pay_out(centre, grant, Account.EARMARKED_SALARIES, cents)


def _pay_out(centre: Centre, grant: int, expense: int, cents: int) -> None:
    """Spend earmarked money; what is spent becomes income."""
    income, what = centre.inputs.grants[grant].earmarked_income, "earmarked money spent"
    centre.ledger.post(expense, Account.EARMARKED_CASH, cents, what)
    centre.ledger.post(Account.EARMARKED_GRANTS_UNSPENT, income, cents, what)


def earmarked_spending(centre: Centre) -> Generator[Event]:
    """Each month end, spend every fund's instalments, salaries apart, and learn from it."""
    while True:
        yield centre.clock.wait(1, EventKind.PAYMENT, MonthEnd.EARMARKED_SPENDING)
        spent: Counter[int] = Counter()
        for grant, fund in enumerate(centre.funds):
            for category, cents in fund.spend_month():
                _pay_out(centre, grant, category, cents)
                spent[category] += cents
        _pay_counterpart(centre, spent)
        level, now = centre.world.costs[centre.ledger.month], centre.clock.now
        people = sum(team.at_work(now) for team in centre.teams)
        centre.ability.end_month(spent, level, people)


def _pay_counterpart(centre: Centre, spent: Counter[int]) -> None:
    """Pay a month of the counterpart, with earmarked money first: it pays no consultants then."""
    terms, month = centre.inputs.learning, centre.ledger.month
    due = rules.counterpart_cents(
        terms.counterpart_cost_month,
        centre.world.costs[month],
        month,
        terms.counterpart_until_month,
    )
    paid = min(due, spent[Account.EARMARKED_SUBCONTRACTORS])
    spent[Account.EARMARKED_SUBCONTRACTORS] -= paid
    own = 0 if centre.liquidity.dormant else due - paid
    centre.earnings.direct_costs[month] += own
    centre.ledger.post(Account.SUBCONTRACTORS, Account.CASH, own, "counterpart")
