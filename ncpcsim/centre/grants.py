"""Grants: tranches by list or shape, late, suspended, ended early or extended; earmarked money."""

import math
from collections.abc import Generator, Iterator

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind, MonthEnd, entity
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
from ncpcsim.luck import WORDS_PER_BLOCK, Luck
from ncpcsim.plan.schema import Earmarks, Extension, Grant, Numbers

INCOME = {
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
    "miscellaneous": Account.EARMARKED_MISCELLANEOUS,
}
_MOST_SUSPENSIONS = 100


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """The tranches and extensions of every grant, and the spending of what is earmarked."""
    for name, grant in centre.numbers.grants.items():
        for index in range(len(due(grant))):
            yield tranche(centre, name, index)
        if grant.extension:
            yield extension(centre, name, grant.extension)
    yield earmarked_spending(centre)


def due(grant: Grant) -> list[tuple[int, float]]:
    """The tranches agreed: month and amount in USD."""
    schedule = grant.schedule
    if schedule is None:
        return [(tranche.month, tranche.amount_usd) for tranche in grant.tranches]
    months = range(grant.from_month, grant.until_month, schedule.every_months)
    shares = rules.tranche_shares(len(months), schedule.shape)
    return [(m, schedule.total_usd * share) for m, share in zip(months, shares, strict=True)]


def ends(numbers: Numbers, luck: Luck, name: str) -> float:
    """The month in which an agreement ends: as agreed, or earlier if the donor leaves."""
    grant = numbers.grants[name]
    if grant.donor is None or numbers.donors[grant.donor].early_ends_year <= 0:
        return grant.until_month
    u = luck.one(f"donor.{grant.donor}.early_end")
    early = rules.exponential(12 / numbers.donors[grant.donor].early_ends_year, u)
    return min(grant.until_month, _donor_comes(numbers, grant.donor) + math.ceil(early))


def _donor_comes(numbers: Numbers, donor: str) -> int:
    """The month of a donor's first agreement: what may happen to it is reckoned from there."""
    return min(grant.from_month for grant in numbers.grants.values() if grant.donor == donor)


def tranche(centre: Centre, name: str, index: int) -> Generator[Event]:
    """One tranche: due on the first day of its month, suspended or cancelled, paid late."""
    grant, clock = centre.numbers.grants[name], centre.clock
    month, amount_usd = due(grant)[index]
    stream = f"grant.{name}"
    this = entity(stream, index)
    yield clock.wait(month, Kind.OPENING, this)
    if month >= ends(centre.numbers, centre.luck, name):
        _say(centre, f"tranche {index + 1} of {name} is cancelled: the donor has left")
        return
    suspended = _suspended_months(centre, grant.donor, month)
    late = rules.exponential(grant.delay_months, centre.luck.one(stream, index))
    yield clock.wait(suspended + late, Kind.RECEIPT, this)
    _say(centre, f"tranche {index + 1} of {name} arrives, {suspended + late:.1f} months late")
    own = grant.tranches[index].earmarks if grant.tranches else None
    _receive(centre, grant, name, amount_usd, own or grant.earmarks)


def extension(centre: Centre, name: str, terms: Extension) -> Generator[Event]:
    """At the agreement's end, the donor may extend it for a centre it finds credible."""
    grant, clock = centre.numbers.grants[name], centre.clock
    stream = f"grant.{name}.extension"
    this = entity(stream, 0)
    yield clock.wait(grant.until_month, Kind.OPENING, this)
    decision, lateness, *_ = centre.luck.draws(stream, 0, 1, WORDS_PER_BLOCK)[0]
    left = ends(centre.numbers, centre.luck, name) < grant.until_month
    if left or centre.market.credibility() < terms.credibility or decision >= terms.probability:
        _say(centre, f"{name} is not extended")
        return
    _say(centre, f"{name} is extended by {terms.months} months")
    for team in centre.teams.values():
        for chair in team.chairs:
            if chair.payer == name:
                chair.extend(terms.months)
    late = rules.exponential(grant.delay_months, lateness)
    yield clock.wait(late, Kind.RECEIPT, this)
    _receive(centre, grant, name, terms.amount_usd, grant.earmarks)


def _say(centre: Centre, what: str) -> None:
    if centre.say:
        centre.say(what)


def _suspended_months(centre: Centre, name: str | None, month: int) -> float:
    """How long a tranche that falls due in a month waits for the end of a donor's suspensions."""
    donor = centre.numbers.donors[name] if name else None
    if name is None or donor is None or donor.suspensions_year <= 0:
        return 0.0
    begin, free = float(_donor_comes(centre.numbers, name)), float(month)
    stream = f"donor.{name}.suspension"
    for draws in centre.luck.draws(stream, 0, _MOST_SUSPENSIONS, WORDS_PER_BLOCK):
        begin += rules.exponential(12 / donor.suspensions_year, draws[0])
        if begin > free:
            break
        free = max(free, begin + donor.suspension_months)
    return free - month


def _receive(
    centre: Centre, grant: Grant, name: str, amount_usd: float, earmarks: Earmarks | None
) -> None:
    worth = amount_usd * (centre.economy.exchange[centre.ledger.month] if grant.foreign else 1.0)
    agreed = rules.cents(worth)
    amount = agreed - rules.share_cents(agreed, grant.support_cost_share or 0.0)
    if grant.giver != "programme":
        centre.market.win(name)
    if grant.terms == "discretionary":
        centre.ledger.post(Account.CASH, INCOME[grant.giver], amount, f"grant {name}")
        return
    centre.ledger.post(
        Account.EARMARKED_CASH, Account.EARMARKED_GRANTS_UNSPENT, amount, f"grant {name}"
    )
    purse = centre.purses[name]
    stated = dict(earmarks) if earmarks else {}
    shares = {category: share for category, share in stated.items() if share is not None}
    parts = rules.split_cents(amount, list(shares.values()))
    for category, part in zip(shares, parts, strict=True):
        if category == "salaries":
            repaid = purse.receive_salaries(part)
            spend_on_salaries(centre, name, repaid)
            centre.ledger.post(Account.CASH, Account.SALARIES, repaid, "salaries advanced, repaid")
        else:
            purse.set_aside(_EARMARKED_EXPENSE[category], part, grant.spend_months)


def spend_on_salaries(centre: Centre, name: str, cents: int) -> None:
    """Spend a grant's earmarked money on salaries."""
    _pay_out(centre, name, Account.EARMARKED_SALARIES, cents)


def _pay_out(centre: Centre, name: str, expense: int, cents: int) -> None:
    """Spend earmarked money; what is spent becomes income."""
    grant = centre.numbers.grants[name]
    income = Account.PROGRAMME_EARMARKED if grant.giver == "programme" else Account.OTHER_EARMARKED
    what = "earmarked money spent"
    centre.ledger.post(expense, Account.EARMARKED_CASH, cents, what)
    centre.ledger.post(Account.EARMARKED_GRANTS_UNSPENT, income, cents, what)


def earmarked_spending(centre: Centre) -> Generator[Event]:
    """Each month end, spend every purse's instalments, salaries apart."""
    while True:
        yield centre.clock.wait(1, Kind.PAYMENT, MonthEnd.EARMARKED_SPENDING)
        for name, purse in centre.purses.items():
            for category, cents in purse.spend_month():
                _pay_out(centre, name, category, cents)
