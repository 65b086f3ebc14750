"""The host institution: cash and premises, promised and delivered."""

from collections.abc import Generator

from simpy import Event

from ncpcsim import rules
from ncpcsim.centre.clock import Kind
from ncpcsim.centre.state import Centre
from ncpcsim.ledger import Account
from ncpcsim.plan.schema import Host, Numbers


def has_begun(host: Host, month: int) -> bool:
    """Whether the host's contributions have begun by the first day of a month."""
    return month >= host.delay_months


def premises_in_kind_cents(numbers: Numbers, month: int) -> int:
    """What the host bears of a month's premises, at market value."""
    host = numbers.host
    if host is None or not has_begun(host, month) or month < numbers.costs.from_month:
        return 0
    rent = rules.cents(numbers.costs.premises_month_usd)
    return rules.share_cents(rent, host.premises_share * host.delivered_share)


def contributions(centre: Centre, host: Host) -> Generator[Event]:
    """Each month end, the host's cash and its premises in kind, as far as it delivers them."""
    promised = rules.cents(host.cash_month_usd)
    while True:
        yield centre.clock.wait(1, Kind.RECEIPT)
        month = centre.ledger.month
        if has_begun(host, month):
            cash = rules.share_cents(promised, host.delivered_share)
            centre.ledger.post(Account.CASH, Account.HOST_CASH, cash, "host's cash")
        in_kind = premises_in_kind_cents(centre.numbers, month)
        centre.ledger.post(
            Account.IN_KIND_PREMISES, Account.IN_KIND_INCOME, in_kind, "host's premises"
        )
