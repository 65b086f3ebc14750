"""Who works at the centre."""

from typing import Literal

from pydantic import Field

from ncpcsim.plan.quantity import Frozen, Share, constant, lever, uncertain
from ncpcsim.plan.schema.common import Month


class Staff(Frozen):
    """Terms of work that hold for everyone."""

    working_days_month: float = constant("days/month", "days worked in a month", gt=0, le=31)
    social_security_share: float = lever(
        "share of salary", "the employer's social security on top of a salary the centre pays", ge=0
    )
    outside_day_rate: float = lever("money/day", "fee of an outside expert for a day's work", ge=0)


class Learning(Frozen):
    """Newcomers, and a new centre, work more slowly. Without this section they do not."""

    months: float = uncertain("months", "time constant of learning", gt=0)
    productivity_at_start: float = uncertain(
        "share", "work done in a day on the first day, of that of a trained person", gt=0, le=1
    )
    counterpart_until_month: Month = lever(
        "months", "month or date until which a counterpart institution supports the centre", ge=0
    )
    counterpart_speed: float = uncertain(
        "ratio", "how many times faster staff learn with the counterpart's support", ge=1
    )
    counterpart_cost_month: float | None = lever(
        "money/month",
        "what the counterpart costs, at the prices of the first day: paid with earmarked money for "
        "sub-contractors, and by the centre where that is not enough; nothing if not stated",
        default=None,
        ge=0,
    )
    counterpart_fits_months: float | None = uncertain(
        "months",
        "from the plan's start, for which the counterpart has what the centre needs; for good if "
        "not stated",
        default=None,
        ge=0,
    )


class Turnover(Frozen):
    """People leave, and are replaced. Without this section they stay."""

    leaves_year: float = uncertain("1/year", "rate at which a person leaves", ge=0, le=12)
    recruit_months: float = uncertain("months", "time until the post is filled again", ge=0)
    leaves_year_late: float | None = uncertain(
        "1/year",
        "rate at which a person whom the centre pays leaves besides, while bills are paid late",
        default=None,
        ge=0,
        le=12,
    )


class GivingUp(Frozen):
    """Posts of the role that the centre pays are given up before cash is short for good.

    One by one, those hired beyond them first, and none whose work earns more than it costs. They
    are filled again when the forecast keeps the reserve. A post that would begin at such a time
    waits. Without this section posts are kept whatever the forecast.
    """

    fewest_people: int = lever("people", "but keep so many people of the role", ge=0)


class Spending(Frozen):
    """Spending follows the forecast: running costs such that its lowest cash is the reserve.

    Equipment waits until cash is there and forecast to stay.
    """

    least_share: Share = lever("share", "of planned running costs, at least")
    most_share: float = lever("ratio", "to planned running costs, at most", ge=1, le=10)


class Management(Frozen):
    """The director as a policy: what is forecast each month, and what is done about it.

    The forecast of the next twelve months' cash is made from agreements, invoices, contracts in
    hand, the trend of each line of fees, posts and prices: what is known, and nothing else.
    """

    reserve_months: float = lever(
        "months", "the centre's own costs that its lowest forecast cash is to carry", ge=0
    )
    cut_ahead_months: int = lever(
        "months",
        "cut posts when cash is forecast to be short so far ahead and to stay so for the year; "
        "skip free work and bid for all calls when it is forecast to be short within them",
        ge=1,
        le=12,
    )
    hoped_share: Share = lever(
        "share", "of last year's income from contracts that is counted on beyond those in hand"
    )
    bid_up_to_waiting: int | None = lever(
        "engagements",
        "bid for calls while at most so many wait for staff; for all of them if not stated",
        default=None,
        ge=0,
    )

    hires_role: str = Field(description="the role that is hired and let go", min_length=1)
    hire_above_waiting: int = lever(
        "engagements",
        "hire when more than so many wait for staff, and the forecast keeps the reserve",
        ge=0,
    )
    most_hired: int = lever("people", "people hired beyond the posts, at most", ge=0, le=100)
    hire_salary_month: float = lever("money/month/person", "salary of a hired person", ge=0)
    recruit_months: int = lever("months", "from the decision to the first day", ge=0)
    let_go_below_utilisation: Share = lever(
        "share", "let one go when the people of the role were at work for less of their time"
    )
    notice_months: int = lever("months", "from the decision to the last day", ge=0)
    board_delay_months: int = lever(
        "months", "time that approval of a post takes, beside an executive board's meetings", ge=0
    )
    short_time_share: float | None = lever(
        "share",
        "of their time that the people whom the centre pays work, and are paid, while bills are "
        "paid late; all of it if not stated",
        default=None,
        gt=0,
        le=1,
    )
    mission_floor_share: Share = lever(
        "share",
        "free work is not skipped below this share of the staff's time of the last twelve months; "
        "under it, mission work goes first in the queue for staff",
    )
    more_mission_days: float | None = lever(
        "days/month",
        "staff days of further free work for the mission that the director adds in a month to what "
        "the services offer, at most, while the mission has less than its floor; left out, none",
        default=None,
        ge=0,
        le=1000,
    )
    mission_step: Share = lever(
        "share",
        "change of that share at the yearly rewriting: up after a year whose own income met its "
        "costs, down to the floor after another",
    )
    reprice_step: Share = lever("share", "change of a service's prices when the plan is rewritten")
    reprice_up_above: Share = lever("share", "raise them when more proposals were accepted")
    reprice_down_below: Share = lever("share", "lower them when fewer were accepted")
    giving_up: GivingUp | None = Field(
        default=None, description="posts that are given up before cash is short"
    )
    spending: Spending | None = Field(
        default=None, description="running costs that follow the forecast"
    )


class Leadership(Frozen):
    """Those who lead write bids and proposals, meet ministries, and give the centre its name.

    Without this section the other roles do all that, and proposals and the office take no time.
    """

    role: str = Field(description="the role that leads the centre", min_length=1)
    direction_share: float = uncertain(
        "share", "of one person's time that directing the centre takes, before all else", ge=0, lt=1
    )
    office_role: str = Field(description="the role that runs the office", min_length=1)
    office_share: float = uncertain(
        "share",
        "of their time that all others lose to the office while nobody of its role is there",
        ge=0,
        lt=1,
    )
    unknown_share: Share = uncertain(
        "share",
        "of the trust of funders, governments and clients, what is left while nobody leads whom "
        "they respect: of credibility, of the chance that advice is adopted, and of the price "
        "that clients accept",
    )
    respect_months: float = uncertain(
        "months", "time constant in which whoever leads comes to be respected", gt=0
    )


class Overflow(Frozen):
    """Outside experts take work when staff are short. Without this section they do not."""

    above_waiting: int = lever("engagements", "when more than so many wait for staff", ge=0)
    days_month: float = lever("days/month", "cap on their days in a month", ge=0)


class Post(Frozen):
    """One or more people with the same work, pay and payer."""

    role: str = Field(
        description="what they do; services name the role that does them", min_length=1
    )
    people: int = lever("people", "how many hold this post", ge=1, le=1000)
    salary_month: float = lever("money/month/person", "salary of one person", ge=0)
    payer: str = Field(
        description='who pays at first: "centre", "host" (in kind) or an earmarked grant',
        min_length=1,
    )
    then: Literal["centre", "ends"] = Field(
        description="when a grant that pays runs out: the centre takes the post over, or it ends"
    )
    from_month: Month = lever("months", "month or date in which the post begins", ge=0)
    until_month: Month | None = lever(
        "months", "month or date in which it ends, if it does", ge=0, default=None
    )
    respected: Share | None = lever(
        "share",
        "how far whoever comes to this post is respected by government and industry already, if "
        "the post leads; not at all if not stated",
        default=None,
    )
