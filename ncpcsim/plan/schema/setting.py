"""When, how long, at which costs: what surrounds the centre."""

from pydantic import Field

from ncpcsim.plan.quantity import Frozen, Share, lever, uncertain
from ncpcsim.plan.schema.common import Month


class Horizon(Frozen):
    """How long the centre is watched: for some months after the programme's money has ended.

    How long the programme pays is stated by the agreements alone (`Numbers.months`).
    """

    follow_up_months: int = lever(
        "months",
        "from the last month in which the programme may pay, extensions included, to the end",
        ge=0,
        le=1200,
    )
    judged_month: Month | None = lever(
        "months",
        "month or date with which the run ends and the centre is judged, in place of that; plans "
        "that are compared are judged at the latest of theirs",
        default=None,
        ge=1,
        le=2400,
    )


class Thresholds(Frozen):
    """When a centre counts as sustained."""

    sustained_coverage: float = lever(
        "ratio",
        "programme-free coverage of full cost that counts as living on its own",
        ge=0,
    )
    sustained_months: int = lever(
        "months",
        "last months over which that is judged, and in which no programme money may come",
        ge=1,
        le=1200,
    )


class Needs(Frozen):
    """What people need of materials, travel, overhead and the rest to do their work, at any place.

    Without this section running costs buy nothing that the work depends on.
    """

    person_month: float = uncertain(
        "money/month/person",
        "running costs but the rent that the work of one person needs, at first-day prices, "
        "whoever bears them",
        ge=0,
    )
    lost_share: float = uncertain(
        "share", "of their time that people lose where nothing of it is spent", ge=0, lt=1
    )


class Costs(Frozen):
    """Running costs that do not depend on the work done."""

    from_month: Month = lever("months", "month or date in which the running costs begin", ge=0)
    premises_month: float = lever(
        "money/month", "rent and utilities at market value; a host may bear a share", ge=0
    )
    materials_month: float = lever(
        "money/month", "materials and energy; a host may bear a share", ge=0
    )
    travel_month: float = lever("money/month", "travel that belongs to no single service", ge=0)
    travel_from_month: Month | None = lever(
        "months", "month or date in which that begins, if not with the rest", default=None, ge=0
    )
    overhead_month: float = lever(
        "money/month", "telephone, supplies, accounts, audit; a host may bear a share", ge=0
    )
    miscellaneous_month: float = lever("money/month", "everything else", ge=0)
    yearly_spread: float | None = uncertain(
        "log units",
        "how far a year's materials, travel, overhead and miscellaneous stray from what is stated, "
        "each line by itself (lognormal, right on average)",
        default=None,
        ge=0,
        le=3,
    )
    needs: Needs | None = Field(
        default=None, description="what of these costs the work of people depends on"
    )
    equipment: float = lever("money", "equipment the centre buys with its own money", ge=0)
    equipment_month: Month = lever("months", "month or date in which it is bought", ge=0)
    equipment_life_months: int = lever("months", "over which it is depreciated", ge=1)


class Exchange(Frozen):
    """What money of `foreign` grants is worth at home. Without this section it never changes."""

    drift_year: float = uncertain(
        "log units/year", "trend of what a foreign grant is worth at home", ge=-2, le=2
    )
    volatility_year: float = uncertain(
        "log units", "spread of that worth after a year (random walk by month)", ge=0, le=2
    )


class Economy(Frozen):
    """Inflation and business cycle. Without this section money keeps its value."""

    inflation_year: float = uncertain("share/year", "rise of prices and pay", gt=-0.5, le=10)
    price_follow_share: Share = lever("share", "part of inflation that the centre's prices follow")
    recessions_year: float = uncertain("1/year", "how often a recession begins", ge=0, le=12)
    recession_months: float = uncertain("months", "mean length of a recession (exponential)", gt=0)
    recession_demand: Share = uncertain(
        "share", "demand that is left in a recession, of a service fully exposed to it"
    )
