"""What the processes of one run share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from simpy import PriorityResource

from ncpcsim.centre.clock import Clock
from ncpcsim.centre.market import Market
from ncpcsim.ledger import Ledger
from ncpcsim.luck import Luck
from ncpcsim.plan.schema import Numbers

COUNTED = ("asked", "declined", "left", "done", "participants", "adopted")
"""What is counted of each service, each month: enquiries (and engagements the centre offers),
prices declined, clients who left waiting, engagements done, people who took part, advice adopted.
"""


def counted_names(services: Iterable[str]) -> tuple[str, ...]:
    """Names of all that is counted, "SERVICE.WHAT", in order."""
    return tuple(f"{service}.{what}" for service in services for what in COUNTED)


class Tally:
    """Counts of what happened, by service and month."""

    def __init__(self, services: Iterable[str], months: int) -> None:
        self.names = counted_names(services)
        self.rows = {name: [0] * months for name in self.names}


@dataclass
class Purse:
    """Earmarked money of one grant: what each category may still spend, in cents.

    Attributes:
        salaries: for the posts that the grant pays.
        advanced: what the centre paid for those posts while the grant was late.
        instalments: for other categories, sums to be spent evenly: [category, cents, months left].
    """

    salaries: int = 0
    advanced: int = 0
    instalments: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True)
class Centre:
    """The parts of one run, by what they are for.

    Attributes:
        numbers: the plan, uncertain parameters drawn.
        luck: this replication's luck.
        clock: the simulation's clock.
        ledger: the books.
        tally: counts of what happened.
        market: awareness and policy climate.
        teams: the people of each role, as a resource that engagements queue for.
        purses: earmarked money, by grant.
        fee_accounts: number of each service's fee account.
        say: told in words what happens, when a trace is wanted.
    """

    numbers: Numbers
    luck: Luck
    clock: Clock
    ledger: Ledger
    tally: Tally
    market: Market
    teams: dict[str, PriorityResource]
    purses: dict[str, Purse]
    fee_accounts: dict[str, int]
    say: Callable[[str], None] | None = None

    def count(self, service: str, what: str, number: int = 1) -> None:
        """Count something that happened to a service this month."""
        if not self.ledger.closed:
            self.tally.rows[f"{service}.{what}"][self.ledger.month] += number
