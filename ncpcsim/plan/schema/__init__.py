"""Every field a plan has: name, unit, bounds, meaning, and whether it is decided, unknown or known.

The models hold plain numbers, one value each; what a plan *file* states with a number (its
distribution, its source) is kept by `ncpcsim.plan.load.Plan`. There are no default values here:
the shipped plan `generic` states them all, with their sources.
"""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from ncpcsim.plan.quantity import Frozen
from ncpcsim.plan.schema.ability import Ability, Consultants, Kits, TrainingAbroad
from ncpcsim.plan.schema.agreements import (
    Agreement,
    agreements,
    last_programme_month,
    programme_end,
)
from ncpcsim.plan.schema.boards import AdvisoryBoard, Boards, ExecutiveBoard
from ncpcsim.plan.schema.clients import (
    Competition,
    Credibility,
    Declaration,
    Demand,
    Demonstrated,
    Demonstrations,
    Follows,
    Market,
    Membership,
    OptionCategory,
    PolicyEvent,
    Savings,
    SavingsExpected,
    Segment,
    Service,
    Shifts,
)
from ncpcsim.plan.schema.common import Chart, Named
from ncpcsim.plan.schema.funding import (
    AnotherHost,
    Contract,
    Donor,
    Earmarks,
    Extension,
    FreeProgramme,
    Grant,
    Host,
    HostKind,
    HostTrouble,
    MidTermReview,
    Ministry,
    OnSuccess,
    Programme,
    PublicBudget,
    Schedule,
    SecondPhase,
    Tranche,
)
from ncpcsim.plan.schema.liquidity import Liquidity
from ncpcsim.plan.schema.money import DOLLARS, Currency, CurrencyRate, DollarRate, DollarRates
from ncpcsim.plan.schema.network import NetworkPart
from ncpcsim.plan.schema.opening import (
    Opening,
    OpeningContract,
    OpeningEquipment,
    OpeningGrant,
    OpeningPost,
    OpeningSegment,
    OpeningSource,
    Payables,
    Receivables,
)
from ncpcsim.plan.schema.people import (
    Leadership,
    Learning,
    Management,
    Overflow,
    Post,
    Staff,
    Turnover,
)
from ncpcsim.plan.schema.setting import Costs, Economy, Exchange, Horizon, Needs, Thresholds

__all__ = [
    "Ability",
    "AdvisoryBoard",
    "Agreement",
    "AnotherHost",
    "Boards",
    "Competition",
    "Consultants",
    "Contract",
    "Costs",
    "Credibility",
    "CurrencyRate",
    "Declaration",
    "Demand",
    "Demonstrated",
    "Demonstrations",
    "DollarRate",
    "Donor",
    "Earmarks",
    "Economy",
    "Exchange",
    "ExecutiveBoard",
    "Extension",
    "Follows",
    "FreeProgramme",
    "Grant",
    "Horizon",
    "Host",
    "HostKind",
    "HostTrouble",
    "Kits",
    "Leadership",
    "Learning",
    "Liquidity",
    "Management",
    "Market",
    "Membership",
    "MidTermReview",
    "Ministry",
    "Needs",
    "NetworkPart",
    "Numbers",
    "OnSuccess",
    "Opening",
    "OpeningContract",
    "OpeningEquipment",
    "OpeningGrant",
    "OpeningPost",
    "OpeningSegment",
    "OpeningSource",
    "OptionCategory",
    "Overflow",
    "Payables",
    "PolicyEvent",
    "Post",
    "Programme",
    "PublicBudget",
    "Receivables",
    "Savings",
    "SavingsExpected",
    "Schedule",
    "SecondPhase",
    "Segment",
    "Service",
    "Shifts",
    "Staff",
    "Thresholds",
    "TrainingAbroad",
    "Tranche",
    "Turnover",
]


def _first_of_month(value: date) -> date:
    if value.day != 1:
        raise ValueError("expected the first day of a month")
    return value


class Numbers(Frozen):
    """Every number of a plan, one value each: what a run of the model is given."""

    title: str = Field(description="the centre's name", min_length=1)
    question: str = Field(description="the question the plan answers", min_length=1)
    start: Annotated[date, AfterValidator(_first_of_month)] = Field(
        description="first day of the plan, the first of a month"
    )
    currency: Currency = Field(
        default=DOLLARS, description="currency of every amount of the plan (ISO 4217)"
    )
    currency_rate: CurrencyRate | None = Field(
        default=None, description="for a plan that extends one of another currency"
    )
    rates_to_usd: DollarRates = Field(
        default={},
        description="for a plan in another currency: what a US dollar was worth, by year; the "
        "book's figures, which are in dollars, are compared with those of the same year",
    )
    horizon: Horizon
    thresholds: Thresholds
    liquidity: Liquidity
    opening: Opening
    host: Host | None = Field(
        default=None, description="the host institution; a centre may have none"
    )
    host_kinds: Named[HostKind] = Field(
        default={}, description="kinds of host institution, and who trusts them"
    )
    ministry: Ministry | None = Field(default=None, description="a ministry that pays")
    public_budget: PublicBudget | None = Field(
        default=None, description="cuts of the public budget"
    )
    contracts: Named[Contract] = Field(
        default={}, description="tenders and projects the centre bids for"
    )
    economy: Economy | None = Field(default=None, description="inflation, business cycle")
    exchange: Exchange | None = Field(default=None, description="worth of foreign money")
    staff: Staff
    learning: Learning | None = Field(default=None, description="how staff learn")
    ability: Ability | None = Field(
        default=None, description="what earmarked money makes the centre able to do"
    )
    turnover: Turnover | None = Field(default=None, description="how staff leave")
    overflow: Overflow | None = Field(default=None, description="outside experts for the overflow")
    leadership: Leadership | None = Field(
        default=None, description="what those who lead, and the office, do"
    )
    boards: Boards | None = Field(default=None, description="who advises, and who decides")
    management: Management | None = Field(default=None, description="the director's rules")
    posts: Named[Post] = Field(description="who works at the centre and who pays them")
    costs: Costs
    programme: Programme | None = Field(
        default=None, description="the founding programme's support, shared out among grants"
    )
    donors: Named[Donor] = Field(default={}, description="who may suspend or end its grants")
    grants: Named[Grant] = Field(description="money given: programme and other")
    market: Market
    competition: Competition | None = Field(default=None, description="rivals")
    network: Named[NetworkPart] = Field(
        default={}, description="regional centres and members that spread the word"
    )
    credibility: Credibility | None = Field(default=None, description="credibility with funders")
    membership: Membership | None = Field(default=None, description="clients as members")
    savings: Savings | None = Field(default=None, description="what clients gain")
    events: Named[PolicyEvent] = Field(default={}, description="events of policy")
    declaration: Declaration | None = Field(
        default=None, description="five steps on which mission activities are laid out"
    )
    demonstrations: Demonstrations | None = Field(
        default=None, description="first projects that show what the work brings"
    )
    segments: Named[Segment] = Field(description="groups of potential clients")
    services: Named[Service] = Field(description="what the centre does")
    accounts: Chart = Field(
        default={},
        description="chart of accounts, for calibration: by line of the centre's published "
        "accounts, the model's accounts that make it up",
    )

    @property
    def elapsed_months(self) -> int:
        """Months of the plan that are past when the run begins."""
        return self.opening.as_of or 0

    @property
    def first_day(self) -> date:
        """The first day of the run; months of a run are counted from it."""
        months = self.start.month - 1 + self.elapsed_months
        return date(self.start.year + months // 12, months % 12 + 1, 1)

    @property
    def agreements(self) -> dict[str, Agreement]:
        """Every grant as agreed, by name; months are those of the plan."""
        return agreements(self.programme, self.grants)

    @property
    def programme_end(self) -> int:
        """The month of the run in which the programme's money ends as agreed; 0 without any."""
        return max(programme_end(self.programme, self.grants) - self.elapsed_months, 0)

    @property
    def months(self) -> int:
        """Length of the run in months: to the end of the follow-up, or of the month judged."""
        last = self.horizon.judged_month
        if last is None:
            paying = last_programme_month(self.programme, self.grants)
            last = paying + self.horizon.follow_up_months
        return last - self.elapsed_months
