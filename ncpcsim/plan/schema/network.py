"""Regional centres and members that spread the word together with the centre."""

from pydantic import Field

from ncpcsim.plan.quantity import Frozen, lever, uncertain
from ncpcsim.plan.schema.common import Month


class NetworkPart(Frozen):
    """Units of one kind, such as regional centres or towns with a representative.

    They tell clients of the centre at their own cost. The centre is their secretariat.
    """

    from_month: Month = lever("months", "month or date from which they work", ge=0)
    number: int = lever("units", "how many they are", ge=0, le=1000)
    role: str = Field(description="the role of the staff who are the secretariat", min_length=1)
    priority: int = lever("rank", "who goes first when staff are short: lower first", ge=0, le=9)
    staff_days_month: float = uncertain(
        "days/month/unit", "staff days that the secretariat takes for each", ge=0
    )
    cost_month: float = lever(
        "money/month/unit", "what the secretariat spends for each (overhead)", ge=0
    )
    reaches_year: float = uncertain(
        "clients/year/unit", "potential clients whom each tells of the centre", ge=0
    )
    rivals: float = uncertain(
        "people/unit", "people of each who offer what the centre sells, and keep enquiries", ge=0
    )
