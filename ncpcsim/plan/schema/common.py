"""Types that several sections of a plan share."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo

from ncpcsim.plan.frozen import FrozenDict

Giver = Literal["programme", "domestic_public", "corporate", "other"]
Principle = Literal[
    "leadership",
    "awareness_education_training",
    "integration",
    "research_development",
    "communication",
    "implementation",
]
"""The six principles of the International Declaration on Cleaner Production (000)."""
STEPS = 5
"""Steps of the Declaration's implementation horizon (000)."""
Offered = Annotated[float, Field(ge=0, le=1000)]
Shape = Literal["even", "front_loaded", "tapered"]
Variability = Literal["fixed", "exponential", "lognormal"]


def _months_after_start(value: object, info: ValidationInfo) -> object:
    """A calendar date stands for the number of months from the plan's start."""
    if not isinstance(value, date):
        return value
    if isinstance(value, datetime):
        raise ValueError("expected a date without a time of day")
    start = (info.context or {}).get("start")
    if not isinstance(start, date):
        raise ValueError("a date can only be placed once the plan's `start` is right")
    if value.day != 1:
        raise ValueError("expected the first day of a month")
    return (value.year - start.year) * 12 + value.month - start.month


Month = Annotated[int, BeforeValidator(_months_after_start)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Chart = Annotated[
    dict[str, Annotated[tuple[str, ...], Field(strict=False)]], AfterValidator(FrozenDict)
]
"""Lines of a centre's published accounts, and the model's accounts that make up each."""
_Section = TypeVar("_Section")
Named = Annotated[dict[Name, _Section], AfterValidator(FrozenDict)]
"""Sections by name."""
