"""What money earmarked for consultants, training and equipment brings, besides being spent."""

from pydantic import Field

from ncpcsim.plan.quantity import Frozen, Share, uncertain


class TrainingAbroad(Frozen):
    """What earmarked travel money buys: training abroad and study tours.

    Those who go gain experience, and the centre learns what `needs_training` of a service asks for.
    """

    abroad_month_cost: float = uncertain(
        "money/person/month", "a person's month abroad, at the prices of the first day", gt=0
    )
    abroad_worth_months: float = uncertain(
        "months", "months of experience at home that a month abroad is worth, besides", ge=0
    )
    services_months: float = uncertain(
        "person-months",
        "abroad after which the centre can serve all but a fraction 1/e of those who need somebody "
        "trained",
        gt=0,
    )
    counterpart_worth_months: float | None = uncertain(
        "person-months/month",
        "abroad that the support of a counterpart institution is worth to these services, for as "
        "long as it fits (see [learning]); nothing if not stated",
        default=None,
        ge=0,
    )


class Consultants(Frozen):
    """What earmarked money for sub-contractors buys: consultants who work with the staff."""

    day_rate: float = uncertain(
        "money/day", "a consultant's day, at the prices of the first day", gt=0
    )
    carried_share: Share = uncertain(
        "share", "of the days of a project that consultants carry, at most"
    )
    beside_speed: float = uncertain(
        "ratio", "how many times faster somebody learns who always works beside one", ge=1
    )


class Ability(Frozen):
    """What earmarked money makes the centre able to do. Without a part, it is spent and gone."""

    training: TrainingAbroad | None = Field(default=None, description="training abroad")
    consultants: Consultants | None = Field(
        default=None, description="consultants paid with earmarked money"
    )


class Kits(Frozen):
    """Measuring kits: options are found with what earmarked and own money buys of equipment."""

    kits_cost: float = uncertain(
        "money",
        "spent on equipment, at the prices of the first day, with which all but a fraction 1/e of "
        "what is missed without is found",
        gt=0,
    )
    unmeasured_share: Share = uncertain("share", "of options, found without any measuring kit")
