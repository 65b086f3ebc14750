"""Where the centre stands on the day on which the run begins."""

from pydantic import Field

from ncpcsim.plan.quantity import Frozen, Share, lever, uncertain
from ncpcsim.plan.schema.common import Month, Named


class Receivables(Frozen):
    """Invoices that clients have not paid yet: so many, of equal amounts."""

    amount: float = lever("money", "what all of them come to", ge=0)
    invoices: int = lever("invoices", "how many they are; each comes by itself", ge=1, le=1000)
    delay_months: float = uncertain(
        "months", "mean time from that day until one is paid (exponential)", ge=0
    )
    bad_debt_probability: Share = uncertain(
        "probability", "chance that one is never paid, and is written off in its time"
    )


class Payables(Frozen):
    """Bills that are overdue; they are paid before others, as cash allows."""

    amount: float = lever("money", "what all of them come to", ge=0)
    late_months: int = lever("months", "how long the oldest is overdue", ge=0, le=1200)


class OpeningEquipment(Frozen):
    """Equipment bought before, as it stands in the books."""

    net_value: float = lever("money", "its price, less depreciation so far", ge=0)
    months_left: int = lever("months", "over which the rest is depreciated", ge=1, le=1200)


class OpeningGrant(Frozen):
    """Where an agreement stands: what is unspent, and what has not come."""

    unspent: float | None = lever(
        "money",
        "earmarked money that has come and is not spent; it is spent as the earmarks say",
        default=None,
        ge=0,
    )
    unspent_months: int | None = lever(
        "months",
        "over which it is spent evenly, salaries apart, if not over the grant's `spend_months`",
        default=None,
        ge=1,
    )
    owed: float | None = lever(
        "money",
        "tranches due before that day and still to come, as agreed; late as the others are",
        default=None,
        ge=0,
    )


class OpeningSegment(Frozen):
    """How a group of potential clients stands to the centre."""

    aware: Share = uncertain("share", "share that knows of the centre on that day")


class OpeningPost(Frozen):
    """How a post is held."""

    experience_months: int | None = lever(
        "months",
        "since its people came to such work, if not since the post began",
        default=None,
        ge=0,
    )
    vacant: int | None = lever("people", "places of it that are empty", default=None, ge=1)
    vacant_until_month: Month | None = lever(
        "months", "month or date in which somebody new comes to these", default=None, ge=0
    )


class OpeningSource(Frozen):
    """A source of money that recommends the centre to others."""

    months_ago: int = lever("months", "when it last gave", ge=0, le=24)


class OpeningContract(Frozen):
    """A contract in hand."""

    kind: str = Field(description="what kind it is, one of `contracts`", min_length=1)
    to_invoice: float = lever("money", "what is still to be invoiced, at its end", ge=0)
    to_spend: float = lever(
        "money",
        "what is still to be spent of it on subcontractors, travel and equipment, evenly and in "
        "the shares of its kind",
        ge=0,
    )
    months_left: int = lever("months", "until its end", ge=1, le=1200)
    staff_days: float = lever("days", "staff days still to be worked", ge=0)


class Opening(Frozen):
    """What the centre starts with: on the plan's first day, or in the middle of its life.

    With `as_of` the plan stays as it was signed, and the run begins on that day: what is dated
    before it is past. Money is then that of the day.
    """

    as_of: Month | None = lever(
        "months", "month or date on whose first day the run begins, if not the start", default=None
    )
    cash: float = lever("money", "cash on the first day", ge=0)
    receivables: Receivables | None = Field(default=None, description="invoices not paid yet")
    payables: Payables | None = Field(default=None, description="bills overdue")
    equipment: OpeningEquipment | None = Field(default=None, description="equipment in use")
    net_fees_month: float | None = lever(
        "money/month",
        "fees invoiced in a month lately less the materials, travel and outside experts of that "
        "work: what the director expects until the run has half a year of its own",
        default=None,
        ge=0,
    )
    credibility: Share | None = uncertain(
        "share", "credibility on that day, in place of that at the start", default=None
    )
    climate: Share | None = uncertain("share", "policy climate on that day", default=None)
    trained: float | None = uncertain(
        "people",
        "people whom the centre had trained and who offer its services themselves",
        default=None,
        ge=0,
    )
    abroad_months: float | None = lever(
        "person-months", "its people were trained abroad, so far", default=None, ge=0
    )
    kits: float | None = lever(
        "money", "spent on measuring kits so far, or what the host's are worth", default=None, ge=0
    )
    grants: Named[OpeningGrant] = Field(default={}, description="agreements under way, by grant")
    segments: Named[OpeningSegment] = Field(default={}, description="awareness, by segment")
    posts: Named[OpeningPost] = Field(default={}, description="those who hold a post, by post")
    sources: Named[OpeningSource] = Field(
        default={}, description="who gave money lately, by grant or kind of contract"
    )
    contracts: Named[OpeningContract] = Field(default={}, description="contracts in hand")
