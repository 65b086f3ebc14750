"""What the processes of one run share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from operator import sub
from typing import NamedTuple

from ncpcsim import rules
from ncpcsim.centre.clock import Clock
from ncpcsim.centre.economy import Economy
from ncpcsim.centre.market import Market
from ncpcsim.centre.team import Team
from ncpcsim.ledger import INCOME, OPERATING_EXPENSES, Account, Ledger
from ncpcsim.luck import Luck
from ncpcsim.plan.schema import Follows, Numbers, Service

COUNTED = (
    "asked",
    "priced",
    "declined",
    "left",
    "failed",
    "done",
    "participants",
    "adopted",
    "financed",
    "staff_hours",
)
"""What is counted of each service, each month: enquiries (and engagements the centre offers),
proposals with a price, prices declined, clients who left waiting or failed, engagements done,
people who took part, advice adopted, applications for finance that succeeded, hours of own staff.
"""
HOURS_PER_DAY = 8
OWN_INCOME = tuple(
    account
    for account in INCOME
    if account
    not in (
        Account.PROGRAMME_DISCRETIONARY,
        Account.PROGRAMME_EARMARKED,
        Account.OTHER_EARMARKED,
    )
)
"""Accounts of income, fees apart, that count as the centre's own."""
TAUGHT = ("person_days", "assessors", "institutions")
"""Days that participants attended; those who work as assessors since, and the institutions that
took the subject up with them."""
_COUNTED_OF_CONTRACTS = ("bids", "won", "staff_hours")
_COUNTED_OF_OPTIONS = ("found", "implemented")
_COUNTED_OF_CLIENTS = ("kept", "relapsed", "savings_usd", "energy_gj", "water_t", "waste_t")
"""Clients that implemented options and, when that is decided, kept to them or relapsed; savings."""


def counted_names(numbers: Numbers) -> tuple[str, ...]:
    """Names of all that a plan's runs count, "SUBJECT.WHAT", in order."""
    return tuple(f"{subject}.{what}" for subject, what in _counted(numbers))


def _counted(numbers: Numbers) -> list[tuple[str, str]]:
    """What is counted, and of which subject, in order."""
    counted = list(product(numbers.services, COUNTED))
    teaching = [
        name
        for name, service in numbers.services.items()
        if service.attended_days is not None or service.assessors_share is not None
    ]
    counted += product(teaching, TAUGHT)
    counted += product(numbers.contracts, _COUNTED_OF_CONTRACTS)
    if numbers.savings:
        categories = [f"options.{category}" for category in numbers.savings.categories]
        counted += product(categories, _COUNTED_OF_OPTIONS)
        counted += product(["clients"], _COUNTED_OF_CLIENTS)
    counted.append(("staff", "people"))
    if numbers.membership:
        counted += [("members", "joined"), ("members", "left")]
    if numbers.management:
        counted += [("staff", "hired"), ("staff", "let_go"), ("mission", "skipped")]
    return counted


class Tally:
    """Counts of what happened, by month.

    Attributes:
        names: what is counted, "SUBJECT.WHAT", in order.
        rows: the counts, by subject and what is counted of it.
        rest: fractions not yet counted, of what comes in parts.
        all_hours: hours of own staff, those for the mission included.
        mission_hours: hours of own staff for the mission.
    """

    def __init__(self, numbers: Numbers) -> None:
        months = numbers.horizon.months
        self.names = counted_names(numbers)
        self.rows = {counted: [0] * months for counted in _counted(numbers)}
        self.rest: dict[tuple[str, str], float] = {}
        self.all_hours, self.mission_hours = [0] * months, [0] * months

    def lately(self, subject: str, what: str, month: int, months: int) -> int:
        """What was counted in some months, the last of them `month`."""
        return sum(self.rows[subject, what][_last(months, month)])


def _last(months: int, month: int) -> slice:
    """Some months, the last of them `month`."""
    return slice(max(month - months + 1, 0), month + 1)


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

    def set_aside(self, category: int, cents: int, months: int) -> None:
        """Keep a sum to be spent evenly over some months."""
        if cents:
            self.instalments.append([category, cents, months])

    def pay(self, salary: int) -> int:
        """What the grant can pay of a salary now; the centre advances the rest."""
        paid = min(self.salaries, salary)
        self.salaries -= paid
        self.advanced += salary - paid
        return paid

    def receive_salaries(self, cents: int) -> int:
        """Take money for salaries.

        Returns:
            What of it goes back to the centre at once, for what it advanced.
        """
        self.salaries += cents
        repaid = min(self.advanced, self.salaries)
        self.salaries -= repaid
        self.advanced -= repaid
        return repaid

    def spend_month(self) -> list[tuple[int, int]]:
        """This month's instalments: category and cents."""
        spent = []
        for item in self.instalments:
            category, left_cents, left_months = item
            now = rules.instalment(left_cents, left_months)
            item[1:] = left_cents - now, left_months - 1
            spent.append((category, now))
        self.instalments = [item for item in self.instalments if item[1]]
        return spent


@dataclass
class HostState:
    """How the host stands.

    Attributes:
        delivers: it gives what it promised, now.
        lost: it is lost for good.
        moving: the centre is on its way to other rooms, and nobody works.
    """

    delivers: bool = True
    lost: bool = False
    moving: bool = False


@dataclass
class Gains:
    """What served clients gain now: options in use, and what they save a year.

    Attributes:
        options: implemented and still in use.
        saved_year_usd: what they save in a year.
    """

    options: int = 0
    saved_year_usd: float = 0.0

    def add(self, options: int, saved_year_usd: float) -> None:
        """Let options come into use, or fall out of it."""
        self.options += options
        self.saved_year_usd += saved_year_usd


class Review(NamedTuple):
    """What the director sees at a review: sums since the first day.

    Attributes:
        paid_cents: paid in cash for the centre's own operations.
        spent_cents: operating expenditure, depreciation and bad debts included.
        own_income_cents: income but for the programme's grants and earmarked money.
        worked_months: months worked by the people of the role that is hired.
        people_months: months they were there.
    """

    paid_cents: int = 0
    spent_cents: int = 0
    own_income_cents: int = 0
    worked_months: float = 0.0
    people_months: float = 0.0

    def since(self, before: "Review") -> "Review":
        """The sums from another review to this one."""
        return Review._make(map(sub, self, before))


@dataclass
class Direction:
    """The director's standing decisions.

    Attributes:
        price_factor: what the yearly rewriting of the plan has made of prices.
        spending_level: running costs that the cash allows, to those planned.
        experts: month, and days of outside experts booked in it.
        ministry: fiscal year, and what the ministry has been asked for in it, in cents.
        mission_share: share of the staff's time that is planned for the mission.
        reviews: what was seen on the first day, and at each review.
    """

    price_factor: float = 1.0
    spending_level: float = 1.0
    experts: tuple[int, float] = (0, 0.0)
    ministry: tuple[int, int] = (0, 0)
    mission_share: float = 0.0
    reviews: list[Review] = field(default_factory=lambda: [Review()])

    def lately(self, months: int) -> tuple[Review, int]:
        """What happened in the last months, and of how many months that is."""
        months = min(months, len(self.reviews) - 1)
        return self.reviews[-1].since(self.reviews[-1 - months]), months


@dataclass(frozen=True)
class Centre:
    """The parts of one run, by what they are for.

    Attributes:
        numbers: the plan, uncertain parameters drawn.
        luck: this replication's luck.
        clock: the simulation's clock.
        ledger: the books.
        tally: counts of what happened.
        economy: prices, exchange rate, recessions.
        market: awareness, standing, rivals, policy climate.
        teams: the people of each role, as a resource that engagements queue for.
        purses: earmarked money, by grant.
        host: how the host stands.
        gains: what served clients gain.
        direction: the director's standing decisions.
        fee_accounts: number of each service's fee account.
        follow_ons: services that are asked for after another one, by that one's name.
        say: told in words what happens, when a trace is wanted.
    """

    numbers: Numbers
    luck: Luck
    clock: Clock
    ledger: Ledger
    tally: Tally
    economy: Economy
    market: Market
    teams: dict[str, Team]
    purses: dict[str, Purse]
    host: HostState
    gains: Gains
    direction: Direction
    fee_accounts: dict[str, int]
    follow_ons: dict[str, list[tuple[str, Follows]]]
    say: Callable[[str], None] | None = None

    def count(self, subject: str, what: str, number: int = 1) -> None:
        """Count something that happened this month."""
        if not self.ledger.closed:
            self.tally.rows[subject, what][self.ledger.month] += number

    def count_parts(self, subject: str, what: str, amount: float) -> int:
        """Count the whole units of what comes in parts, and keep the rest for the next time.

        Returns:
            The units counted now.
        """
        rest = self.tally.rest
        whole, rest[subject, what] = divmod(rest.get((subject, what), 0.0) + amount, 1.0)
        self.count(subject, what, int(whole))
        return int(whole)

    def count_time(self, subject: str, days: float, *, mission: bool) -> None:
        """Count working days of own staff, as hours."""
        if self.ledger.closed:
            return
        hours, month = round(days * HOURS_PER_DAY), self.ledger.month
        self.tally.rows[subject, "staff_hours"][month] += hours
        self.tally.all_hours[month] += hours
        if mission:
            self.tally.mission_hours[month] += hours

    def charges(self, service: Service | None = None) -> bool:
        """Whether the centre has made its name, and charges: for a service, or at all."""
        begins = service.charge_from_month if service else None
        return self.ledger.month >= (
            self.numbers.market.charge_from_month if begins is None else begins
        )

    def lose_standing(self) -> None:
        """A project failed: funders hear of it."""
        if self.numbers.credibility:
            self.market.lose_credibility(self.numbers.credibility.per_failure)

    def review(self, role: str) -> Review:
        """What the director sees now, of money and of the people of a role."""
        balances, team = self.ledger.balances, self.teams[role]
        spent = sum(balances[account] for account in OPERATING_EXPENSES)
        not_paid = balances[Account.DEPRECIATION] + balances[Account.BAD_DEBTS]
        own = sum(balances[account] for account in OWN_INCOME) + sum(balances[Account.FEES :])
        there = self.direction.reviews[-1].people_months + team.present()
        return Review(spent - not_paid, spent, -own, team.worked_months(), there)

    def cash_cents(self) -> int:
        """Unrestricted cash now."""
        return self.ledger.balances[Account.CASH]

    def fiscal_year(self) -> int:
        """The calendar year of the month that is open."""
        start = self.numbers.start
        return start.year + (start.month - 1 + self.ledger.month) // 12

    def book_experts(self, days: float, cap_days_month: float) -> bool:
        """Book outside experts for some days, if this month's cap allows."""
        month, booked = self.direction.experts
        booked = booked if month == self.ledger.month else 0.0
        if booked + days > cap_days_month:
            return False
        self.direction.experts = (self.ledger.month, booked + days)
        return True

    def claim_from_ministry(self, cents: int) -> int:
        """What the ministry's budget of the year still has for a claim, in cents."""
        ministry = self.numbers.ministry
        if ministry is None:
            return 0
        year, claimed = self.direction.ministry
        claimed = claimed if year == self.fiscal_year() else 0
        left = rules.cents(ministry.budget_year_usd) - claimed
        granted = max(min(cents, left), 0)
        self.direction.ministry = (self.fiscal_year(), claimed + granted)
        return granted

    def mission_hours(self, months: int) -> tuple[int, int]:
        """Staff hours of the last months: for the mission, and in all."""
        lately = _last(months, self.ledger.month)
        return sum(self.tally.mission_hours[lately]), sum(self.tally.all_hours[lately])
