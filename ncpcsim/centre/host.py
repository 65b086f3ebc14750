"""The host institution: what it promises and what it delivers; its default, and its loss."""

import math
from collections.abc import Generator, Iterator, Mapping

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre import staff
from ncpcsim.centre.clock import Kind, entity
from ncpcsim.centre.in_kind import bill_cents, delivered_cents, promised_shares
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
from ncpcsim.luck import WORDS_PER_BLOCK
from ncpcsim.plan.schema import Host, HostTrouble

IN_KIND: Mapping[Account, tuple[Account, str]] = {
    Account.PREMISES: (Account.IN_KIND_PREMISES, "host's premises"),
    Account.MATERIALS: (Account.IN_KIND_LOGISTICS, "host's logistics"),
    Account.OVERHEAD: (Account.IN_KIND_LOGISTICS, "host's logistics"),
}
"""Where a line of running costs is booked as far as the host bears it, and what as."""


def processes(centre: Centre) -> Iterator[Generator[Event]]:
    """What the host gives, and how it may fail."""
    host = centre.numbers.host
    if host is None:
        return
    yield contributions(centre, host)
    if host.trouble:
        yield defaults(centre, host.trouble)
        yield loss(centre, host.trouble)


def contributions(centre: Centre, host: Host) -> Generator[Event]:
    """Each month end, the host's cash, premises and logistics, as far as it delivers them."""
    post, promised_cash = centre.ledger.post, rules.cents(host.cash_month_usd)
    while True:
        yield centre.clock.wait(1, Kind.RECEIPT, entity("host.contribution", 0))
        cash = delivered_cents(centre, promised_cash)
        post(Account.CASH, Account.HOST_CASH, cash, "host's cash")
        for line, share in promised_shares(host).items():
            borne = delivered_cents(centre, bill_cents(centre, line), share)
            memo, what = IN_KIND[line]
            post(memo, Account.IN_KIND_INCOME, borne, what)


def defaults(centre: Centre, trouble: HostTrouble) -> Generator[Event]:
    """The host stops delivering now and then, and its people stay away meanwhile."""
    if trouble.defaults_year <= 0:
        return
    for index in range(12 * centre.numbers.horizon.months):
        until_next, length, *_ = centre.luck.draws("host.default", index, 1, WORDS_PER_BLOCK)[0]
        good = rules.exponential(12 / trouble.defaults_year, until_next)
        yield centre.clock.wait(good, Kind.OPENING, entity("host.default", index))
        if centre.host.lost:
            return
        bad = rules.exponential(trouble.default_months, length)
        if centre.say:
            centre.say(f"the host stops delivering, for {bad:.1f} months")
        centre.host.delivers = False
        _send_home(centre, bad, "host.default", index)
        yield centre.clock.wait(bad, Kind.OPENING, entity("host.recovery", index))
        centre.host.delivers = not centre.host.lost


def loss(centre: Centre, trouble: HostTrouble) -> Generator[Event]:
    """The host is lost for good, and the centre moves out: months without activity."""
    if trouble.losses_year <= 0:
        return
    when = rules.exponential(12 / trouble.losses_year, centre.luck.one("host.loss"))
    yield centre.clock.wait(when, Kind.OPENING, entity("host.loss", 0))
    if centre.say:
        centre.say("the host is lost")
    centre.host.lost, centre.host.delivers = True, False
    _send_home(centre, math.inf, "host.loss", 0)
    for team in centre.teams.values():
        for chair in team.chairs:
            # Also whoever comes meanwhile: nobody works until the centre has moved.
            this = entity(f"host.move.{chair.name}", 0)
            idle = staff.absence(centre, team, chair, trouble.move_months, this, paid=True)
            centre.clock.process(idle)
    centre.host.moving = True
    yield centre.clock.wait(trouble.move_months, Kind.OPENING, entity("host.move", 0))
    centre.host.moving = False


def _send_home(centre: Centre, months: float, why: str, index: int) -> None:
    """Seconded people stay away, but for posts that the centre then pays."""
    for team in centre.teams.values():
        for chair in team.chairs:
            if chair.payer == "host" and chair.post.then == "ends":
                this = entity(f"{why}.{chair.name}", index)
                centre.clock.process(staff.absence(centre, team, chair, months, this))
