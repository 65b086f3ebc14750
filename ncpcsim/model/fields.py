# ruff: noqa: F403, F405  the tables are one list, in several files by subject
"""The tables that a plan becomes, field by field: one list for both engines.

A row is a named tuple whose fields are numbers of eight bytes: `int`, `float`, `bool`, or `Key` (an
unsigned integer that names a stream of random numbers). `Inputs` says which tables there are: one
row where a plan has one such section, a list where it has several. A field that comes from the plan
has the plan's own name, so that `service.staff_days` is the plan's `services.NAME.staff_days`. What
a plan leaves out stands here as the number that has no effect.

Names become indices into other tables; -1 is no row. `order` fields place what falls on the same
instant (`ncpcsim.model.order`); a member's index is added to them.
"""

from typing import NamedTuple

from ncpcsim.model.centre_fields import *
from ncpcsim.model.client_fields import *
from ncpcsim.model.codes import *
from ncpcsim.model.funding_fields import *
from ncpcsim.model.staff_fields import *


class Inputs(NamedTuple):
    """All that a run is given, but for its randomness.

    `offered`: engagements offered a year, by service and step. `earmarks`: shares of each tranche
    by category, five a tranche; -1 where a grant does not state the category.
    `last_gave`: when each grant and then each kind of contract last gave money before the first
    day; -infinity if never.
    """

    horizon: Horizon
    liquidity: Liquidity
    opening: Opening
    staff: Staff
    learning: Learning
    ability: Ability
    turnover: Turnover
    overflow: Overflow
    leadership: Leadership
    advisory: AdvisoryBoard
    executive: ExecutiveBoard
    management: Management
    equipment: Equipment
    running_costs: RunningCosts
    exchange: Exchange
    economy: Economy
    market: Market
    competition: Competition
    credibility: Credibility
    membership: Membership
    savings: Savings
    demonstrations: Demonstrations
    ministry: Ministry
    review: MidTermReview
    public_budget: PublicBudget
    host: Host
    host_kinds: list[HostKind]
    declaration: Declaration
    counters: Counters
    closing: Closing
    lines: list[CostLine]
    categories: list[OptionCategory]
    segments: list[Segment]
    demonstrated: list[Demonstrated]
    services: list[Service]
    demands: list[Demand]
    sources: list[Source]
    offered: list[float]
    teams: list[Team]
    positions: list[Position]
    donors: list[Donor]
    grants: list[Grant]
    tranches: list[Tranche]
    earmarks: list[float]
    contracts: list[Contract]
    last_gave: list[float]
    events: list[PolicyEvent]
    network: list[NetworkPart]
