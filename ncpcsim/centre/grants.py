"""Grants: tranches that come late, and earmarked money that passes through by category."""

from collections.abc import Generator

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.state import Centre, Purse
from ncpcsim.ledger import Account
from ncpcsim.plan.schema import Grant, Tranche

_INCOME = {
    "programme": Account.PROGRAMME_DISCRETIONARY,
    "domestic_public": Account.DOMESTIC_PUBLIC,
    "corporate": Account.CORPORATE_SUPPORT,
    "other": Account.OTHER_SUPPORT,
}
_EARMARKED_EXPENSE = {
    "salaries": Account.EARMARKED_SALARIES,
    "subcontractors": Account.EARMARKED_SUBCONTRACTORS,
    "travel": Account.EARMARKED_TRAVEL,
    "equipment": Account.EARMARKED_EQUIPMENT,
}


def tranche(centre: Centre, name: str, index: int) -> Generator[Event]:
    """One tranche: due on the first day of its month, paid late at random."""
    grant = centre.numbers.grants[name]
    due = grant.tranches[index]
    stream = f"grant.{name}"
    this = entity(stream, index)
    yield centre.clock.wait(due.month, Kind.OPENING, this)
    late = rules.exponential(grant.delay_months, centre.luck.one(stream, index))
    yield centre.clock.wait(late, Kind.RECEIPT, this)
    if centre.say:
        centre.say(f"tranche {index + 1} of {name} arrives, {late:.1f} months late")
    _receive(centre, grant, name, due)


def _receive(centre: Centre, grant: Grant, name: str, due: Tranche) -> None:
    amount = rules.cents(due.amount_usd)
    if grant.terms == "discretionary":
        centre.ledger.post(Account.CASH, _INCOME[grant.giver], amount, f"grant {name}")
        return
    centre.ledger.post(
        Account.EARMARKED_CASH, Account.EARMARKED_GRANTS_UNSPENT, amount, f"grant {name}"
    )
    purse = centre.purses[name]
    shares = dict(grant.earmarks) if grant.earmarks else {}
    parts = rules.split_cents(amount, list(shares.values()))
    for category, part in zip(shares, parts, strict=True):
        if category == "salaries":
            purse.salaries += part
        elif part:
            purse.instalments.append([_EARMARKED_EXPENSE[category], part, grant.spend_months])
    _repay_advances(centre, grant, purse)


def _repay_advances(centre: Centre, grant: Grant, purse: Purse) -> None:
    """Give the centre back what it paid for the grant's posts while the money was late."""
    repaid = min(purse.advanced, purse.salaries)
    purse.advanced -= repaid
    spend(centre, grant, purse, repaid)
    centre.ledger.post(Account.CASH, Account.SALARIES, repaid, "salaries advanced, repaid")


def spend(centre: Centre, grant: Grant, purse: Purse, cents: int) -> None:
    """Spend earmarked money on salaries; what is spent becomes income."""
    purse.salaries -= cents
    _pay_out(centre, grant, Account.EARMARKED_SALARIES, cents)


def _pay_out(centre: Centre, grant: Grant, expense: int, cents: int) -> None:
    income = Account.PROGRAMME_EARMARKED if grant.giver == "programme" else Account.OTHER_EARMARKED
    what = "earmarked money spent"
    centre.ledger.post(expense, Account.EARMARKED_CASH, cents, what)
    centre.ledger.post(Account.EARMARKED_GRANTS_UNSPENT, income, cents, what)


def earmarked_spending(centre: Centre) -> Generator[Event]:
    """Each month end, spend every purse's instalments, salaries apart."""
    while True:
        yield centre.clock.wait(1, Kind.PAYMENT, 2)
        for name, purse in centre.purses.items():
            for item in purse.instalments:
                account, left_cents, left_months = item
                now = rules.instalment(left_cents, left_months)
                _pay_out(centre, centre.numbers.grants[name], account, now)
                item[1:] = left_cents - now, left_months - 1
            purse.instalments = [item for item in purse.instalments if item[1]]
