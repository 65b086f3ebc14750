"""Who advises the centre, and who decides with its director."""

from pydantic import Field

from ncpcsim.plan.quantity import Frozen, Share, lever, uncertain


class AdvisoryBoard(Frozen):
    """Well-known people of government, industry and science who speak for the centre.

    They neither decide nor agree. Too many are difficult to manage, and are heard less.
    """

    members: int = lever("people", "how many sit on it", ge=1, le=1000)
    meetings_year: float = lever("1/year", "how often it meets, evenly spaced", gt=0, le=12)
    meeting_days: float | None = lever(
        "days/meeting",
        "of those who lead, that a meeting and what it asks for take; none if not stated",
        default=None,
        ge=0,
        le=10,
    )
    manageable_members: float = uncertain(
        "people", "how many a board may have before each one more is heard less", ge=1
    )
    credibility_gain: Share = uncertain(
        "share", "part of the way to full credibility that a member brings between two meetings"
    )
    members_tell: float = uncertain(
        "clients", "possible clients whom a member tells of the centre between two meetings", ge=0
    )


class ExecutiveBoard(Frozen):
    """Those who approve posts and the yearly plan, and look after the centre's money."""

    members: int = lever("people", "how many sit on it", ge=1, le=1000)
    meetings_year: float = lever("1/year", "how often it meets, evenly spaced", gt=0, le=12)
    meeting_days: float | None = lever(
        "days/meeting",
        "of those who lead, that a meeting and what it asks for take; none if not stated",
        default=None,
        ge=0,
        le=10,
    )
    agreeing_members: float = uncertain(
        "people", "among how many a decision takes one meeting; twice as many take two", ge=1
    )
    reserve_asked_months: float = lever(
        "months",
        "the centre's own costs that it asks the lowest forecast cash to carry, if the director "
        "asks for less",
        ge=0,
    )


class Boards(Frozen):
    """The centre's boards; it may have either, both or none."""

    advisory: AdvisoryBoard | None = Field(default=None, description="one that advises")
    executive: ExecutiveBoard | None = Field(default=None, description="one that decides")
