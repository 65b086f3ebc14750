"""What the processes of one run share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor, inf
from operator import sub
from typing import NamedTuple

from ncpcsim import rules
from ncpcsim.accounting.ledger import INCOME, OPERATING_EXPENSES, Account, Ledger
from ncpcsim.faults import MOST_COUNTED, Fault, RunError
from ncpcsim.model.ending import NEVER, Cause
from ncpcsim.model.fields import NONE, Inputs, Service
from ncpcsim.model.names import Names
from ncpcsim.model.streams import Streams
from ncpcsim.model.world import World
from ncpcsim.reference.ability import AbilityState
from ncpcsim.reference.clock import Clock
from ncpcsim.reference.market import MarketState
from ncpcsim.reference.team import Team

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


class Counts:
    """Counts of what happened, by month.

    Attributes:
        rows: the counts, by row (`ncpcsim.model.counts`) and month.
        rest: fractions not yet counted, of what comes in parts, by row.
        all_hours: hours of own staff, those for the mission included, by month.
        mission_hours: hours of own staff for the mission, by month.
    """

    def __init__(self, counted: int, months: int) -> None:
        self.rows = [[0] * months for _ in range(counted)]
        self.rest = [0.0] * counted
        self.all_hours, self.mission_hours = [0] * months, [0] * months

    def lately(self, row: int, month: int, months: int) -> int:
        """What was counted in some months, the last of them `month`."""
        return lately(self.rows[row], month, months)


def _last(months: int, month: int) -> slice:
    """Some months, the last of them `month`."""
    return slice(max(month - months + 1, 0), month + 1)


@dataclass
class Fund:
    """Earmarked money of one grant: what each category may still spend, in cents.

    Attributes:
        salaries: for the posts that the grant pays.
        advanced: what the centre paid for those posts while the grant was late.
        kept: what the donor's review left of tranches due after it.
        instalments: for other categories, sums to be spent evenly: [category, cents, months left].
    """

    salaries: int = 0
    advanced: int = 0
    kept: float = 1.0
    instalments: list[list[int]] = field(default_factory=list)

    def set_aside(self, category: int, cents: int, months: int) -> None:
        """Keep a sum to be spent evenly over some months."""
        if cents:
            self.instalments.append([category, cents, months])

    def pay(self, salary: int) -> int:
        """What the grant can pay of a salary now; the centre advances the rest."""
        paid = rules.paid_by_fund(self.salaries, salary)
        self.salaries -= paid
        self.advanced += salary - paid
        return paid

    def receive_salaries(self, cents: int) -> int:
        """Take money for salaries.

        Returns:
            What of it goes back to the centre at once, for what it advanced.
        """
        self.salaries += cents
        repaid = rules.repaid_advance(self.advanced, self.salaries)
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
        kind: row of its kind, or of being without one; -1 where the plan does not say.
        delivered_share: what it delivers of what was promised.
        delivers: it gives what it promised, now.
        lost: it is lost, and no other has been found.
        moving: the centre is on its way to other rooms, and nobody works.
    """

    kind: int
    delivered_share: float
    delivers: bool = True
    lost: bool = False
    moving: bool = False


@dataclass
class LiquidityState:
    """How the centre stands with those who wait for its money, and why.

    Attributes:
        arrears: bills not paid, the oldest first: [month, cents].
        arrived: rows of the tranches that have come.
        borrowed: what a bank had lent at the last month end, overdraft included, in cents.
        surplus: income less costs since the first day, in cents, at each month end.
        late_since: month in which bills were first paid late, in this spell, or `NEVER`.
        cause: why they were, a `Cause`.
        dormant_since: month at whose end the centre became dormant, or `NEVER`.
        alone_months: how long it has been dormant without a host that carries it.
        short_time: people whom the centre pays work fewer hours.
        asked: a bank and donors have been asked to lend, and have decided.
        refused: the bank will not lend.
        advances: donors advance.
        requests: how often they have been asked.
    """

    arrears: list[list[int]] = field(default_factory=list)
    arrived: set[int] = field(default_factory=set)
    borrowed: int = 0
    surplus: list[int] = field(default_factory=list)
    late_since: int = NEVER
    cause: int = 0
    dormant_since: int = NEVER
    alone_months: int = 0
    short_time: bool = False
    asked: bool = False
    refused: bool = False
    advances: bool = False
    requests: int = 0

    @classmethod
    def at_first(cls, inputs: Inputs) -> "LiquidityState":
        """How the centre stands on the first day: bills may be overdue."""
        overdue = rules.cents(inputs.opening.payables)
        if overdue == 0:
            return cls()
        late = [[-inputs.opening.late_months, overdue]]
        return cls(arrears=late, late_since=0, cause=Cause.LATE_AT_FIRST)

    @property
    def dormant(self) -> bool:
        """Whether the centre sleeps."""
        return self.dormant_since != NEVER


@dataclass
class Gains:
    """What served clients gain now: options in use, and what they save a year.

    Attributes:
        usual_year: what a client usually saves in a year, after work that finds options.
        expected_year: what clients expect to save.
        willing_ratio: what they are willing to pay for such work, of what the usual is worth.
        capital_year: what options that need capital save one in the mean, if it can pay for them.
        options: implemented and still in use.
        saved_year: what they save in a year.
    """

    usual_year: float
    expected_year: float
    willing_ratio: float
    capital_year: float
    options: int = 0
    saved_year: float = 0.0

    def add(self, options: int, saved_year: float) -> None:
        """Let options come into use, or fall out of it."""
        self.options += options
        self.saved_year += saved_year


@dataclass
class Earnings:
    """What the director knows of income from work, in cents by month.

    Attributes:
        lines: invoiced for each service, its ministry's part included, and to members.
        direct_costs: paid for materials, travel, outside experts and a counterpart.
        contracts: received and invoiced for contracts, less their own costs.
        due: what contracts in hand are still to bring, in the month in which it is expected.
        own_costs: what they are still to cost, by the month in which it is planned.
        paid: invoices that were paid, since the first day.
    """

    lines: list[list[int]]
    direct_costs: list[int]
    contracts: list[int]
    due: list[int]
    own_costs: list[int]
    paid: int = 0

    @classmethod
    def none_yet(cls, services: int, months: int) -> "Earnings":
        """Nothing has been earned; contracts may go on after the last month."""
        seen = months + rules.AHEAD + 1
        lines = [[0] * months for _ in range(services + 1)]
        return cls(lines, [0] * months, [0] * months, [0] * seen, [0] * seen)

    def earn(self, line: int, month: int, cents: int) -> None:
        """Something is invoiced."""
        self.lines[line][month] += cents


def lately(amounts: list[int], month: int, months: int) -> int:
    """Sum of some months, the last of them `month`."""
    return sum(amounts[_last(months, month)])


class Review(NamedTuple):
    """What the director sees at a review: sums since the first day.

    Attributes:
        spent_cents: operating expenditure, depreciation and bad debts included.
        own_income_cents: income but for the programme's grants and earmarked money.
        worked_months: months worked by the people of the role that is hired.
        people_months: months they were there.
    """

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
        price_factors: what rewriting has made of the prices of each service, and of members' fee.
        proposed: those of the plan as it was rewritten, until the board has decided on it.
        proposed_share: and its share of time for the mission.
        decided: month in which the board decides.
        rewritten: month in which the plan was last rewritten.
        lowest_cents: lowest cash of the forecast, once there is one.
        is_short: cash is forecast to be short soon.
        is_short_for_good: and not to come back within the year.
        spending_level: running costs that the forecast allows, to those planned.
        useful_level: the same, above which people need no more.
        experts: month, and days of outside experts booked in it.
        ministry: calendar year of the plan, and what the ministry granted in it, in cents.
        mission_share: share of the staff's time that is planned for the mission.
        further: how much was offered for the mission beyond what the services offer.
        reviews: what was seen on the first day, and at each review.
    """

    price_factors: list[float]
    proposed: list[float] | None = None
    proposed_share: float = 0.0
    decided: int = 0
    rewritten: int = 0
    lowest_cents: int = rules.MOST_CENTS
    is_short: bool = False
    is_short_for_good: bool = False
    spending_level: float = 1.0
    useful_level: float = inf
    experts: tuple[int, float] = (0, 0.0)
    ministry: tuple[int, int] = (0, 0)
    mission_share: float = 0.0
    further: int = 0
    reviews: list[Review] = field(default_factory=lambda: [Review()])

    def lately(self, months: int) -> tuple[Review, int]:
        """What happened in the last months, and of how many months that is."""
        months = min(months, len(self.reviews) - 1)
        return self.reviews[-1].since(self.reviews[-1 - months]), months


@dataclass(frozen=True)
class Centre:
    """The parts of one run, by what they are for.

    Attributes:
        inputs: the plan as tables, uncertain parameters drawn.
        names: what its rows are called.
        streams: this replication's randomness.
        world: what surrounds the centre: prices, exchange rate, recessions, donors, the host.
        clock: the simulation's clock.
        ledger: the books.
        counts: counts of what happened.
        market: awareness, credibility, rivals, policy climate.
        teams: the people of each role, for whom engagements queue.
        funds: earmarked money, by grant.
        ability: what it has made the centre able to do.
        host: how the host stands.
        liquidity: how the centre stands with its creditors.
        gains: what served clients gain.
        earnings: what work has brought, and contracts in hand will bring.
        direction: the director's standing decisions.
        say: a callback for what happens, in words, or None without a trace.
    """

    inputs: Inputs
    names: Names
    streams: Streams
    world: World
    clock: Clock
    ledger: Ledger
    counts: Counts
    market: MarketState
    teams: list[Team]
    funds: list[Fund]
    ability: AbilityState
    host: HostState
    liquidity: LiquidityState
    gains: Gains
    earnings: Earnings
    direction: Direction
    say: Callable[[str], None] | None = None

    def count(self, row: int, number: int = 1) -> None:
        """Count something that happened this month.

        Raises:
            RunError: it is more than can be counted.
        """
        if self.ledger.closed:
            return
        counts, month = self.counts.rows[row], self.ledger.month
        counts[month] += number
        if counts[month] > MOST_COUNTED:
            raise RunError(Fault.COUNT)

    def count_parts(self, row: int, amount: float) -> int:
        """Count the whole units of what comes in parts, and keep the rest for the next time.

        Returns:
            The units counted now.

        Raises:
            RunError: they are more than can be counted.
        """
        total = self.counts.rest[row] + amount
        if not total <= MOST_COUNTED:
            raise RunError(Fault.COUNT)
        whole = floor(total)
        self.counts.rest[row] = total - whole
        self.count(row, whole)
        return whole

    def count_time(self, row: int, days: float, *, mission: bool) -> None:
        """Count working days of own staff, as hours."""
        if self.ledger.closed:
            return
        hours, month = rules.hours(days), self.ledger.month
        self.count(row, hours)
        self.counts.all_hours[month] += hours
        if mission:
            self.counts.mission_hours[month] += hours

    def charges(self, service: Service | None = None) -> bool:
        """Whether the centre has made its name, and charges: for a service, or at all."""
        terms = self.inputs.market if service is None else service
        return self.ledger.month >= terms.charge_from_month

    def review(self, row: int) -> Review:
        """What the director sees now, of money and of the people of a team."""
        balances, team = self.ledger.balances, self.teams[row]
        spent = sum(balances[account] for account in OPERATING_EXPENSES)
        own = sum(balances[account] for account in OWN_INCOME) + sum(balances[Account.FEES :])
        there = self.direction.reviews[-1].people_months + team.present()
        return Review(spent, -own, team.worked_months(), there)

    def cash_cents(self) -> int:
        """Unrestricted cash now."""
        return self.ledger.balances[Account.CASH]

    def year(self) -> int:
        """The calendar year of the month that is open, counted from that of the start."""
        return rules.year_of(self.inputs.horizon.start_month, self.ledger.month)

    def book_experts(self, waiting: int, days: float) -> bool:
        """Book outside experts for some days, if enough wait and this month's cap allows."""
        terms, (month, booked) = self.inputs.overflow, self.direction.experts
        booked = booked if month == self.ledger.month else 0.0
        if not rules.overflows(waiting, terms.above_waiting, booked, days, terms.days_month):
            return False
        self.direction.experts = (self.ledger.month, booked + days)
        return True

    def host_trust(self, *, public: bool) -> float:
        """How far public bodies, or firms, trust the house that the centre is in: 1 on average."""
        if self.host.kind == NONE:
            return 1.0
        kind = self.inputs.host_kinds[self.host.kind]
        return kind.government_trust if public else kind.industry_trust

    def claim_from_ministry(self, cents: int) -> int:
        """What the ministry's budget of the year still has for a claim, in cents."""
        budget = rules.cents(self.inputs.ministry.budget_year * self.host_trust(public=True))
        budget = rules.share_cents(budget, self.market.public_left(public=True))
        year, claimed = self.direction.ministry
        claimed = claimed if year == self.year() else 0
        granted = rules.ministry_cents(cents, budget, claimed)
        self.direction.ministry = (self.year(), claimed + granted)
        return granted

    def mission_hours(self, months: int) -> tuple[int, int]:
        """Staff hours of the last months: for the mission, and in all."""
        lately = _last(months, self.ledger.month)
        return sum(self.counts.mission_hours[lately]), sum(self.counts.all_hours[lately])
