"""In which money a plan states its amounts, and what that money is worth in another."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from ncpcsim.plan.frozen import FrozenDict
from ncpcsim.plan.quantity import Frozen, constant

DOLLARS = "USD"
"""The currency of a plan that names none, and of every figure of the book."""
_CODE = re.compile("[A-Z]{3}")


def is_currency(code: object) -> bool:
    """Whether something has the form of a currency's code in ISO 4217."""
    return isinstance(code, str) and bool(_CODE.fullmatch(code))


def _code(value: str) -> str:
    if not is_currency(value):
        raise ValueError("expected the three capital letters of a currency, such as USD or HUF")
    return value


Currency = Annotated[str, AfterValidator(_code)]
"""A currency by its code in ISO 4217."""


class CurrencyRate(Frozen):
    """What the extended plan's money is worth, where that plan is in another currency.

    Every amount that is inherited is multiplied by it, once, when the plan is loaded.
    """

    of: Currency = Field(description="the currency of the extended plan")
    units: float = constant(
        "units/unit", "units of this plan's currency for one unit of the extended plan's", gt=0
    )


class DollarRate(Frozen):
    """What a US dollar was worth in one year."""

    units: float = constant("units/USD", "units of the plan's currency for one US dollar", gt=0)


YearKey = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
DollarRates = Annotated[dict[YearKey, DollarRate], AfterValidator(FrozenDict)]
"""What a US dollar was worth, by year."""
