"""A number as a plan states it: a value or a distribution, its unit, and where it comes from.

Three kinds of number are kept apart (the fourth, randomness, is no part of a plan):

- a *lever* is decided by the plan's author or the donor, and may be a bare number; an amount that a
  centre of the past decided, and nobody knows any more, may have a distribution;
- an *uncertain* parameter is not known; it has a distribution (or a value held fixed);
- a *constant* is known well enough to have one value.

Uncertain parameters and constants always say where they come from: a `source`, or
`assumption = true`.
"""

import math
from typing import Annotated, Any, Literal, Self, TypeGuard

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ncpcsim import rules


class Frozen(BaseModel):
    """What every part of a plan shares: unknown keys, NaN and infinities refused, no changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


class Provenance(Frozen):
    """Unit and origin of a number.

    `prior_driven` marks a parameter of which the published accounts say nothing: a forecast rests
    on its prior (docs/calibration.md).
    """

    unit: str | None = None
    source: str | None = Field(default=None, min_length=1)
    assumption: bool = False
    note: str | None = None
    prior_driven: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.assumption == (self.source is not None):
            raise ValueError("expected either a `source` or `assumption = true`")
        return self

    @property
    def origin(self) -> str:
        """The source, or the word "assumption"."""
        return self.source or "assumption"


def is_number(node: object) -> TypeGuard[int | float]:
    """Whether a node of a plan's tree is a number: true and false are none."""
    return isinstance(node, int | float) and not isinstance(node, bool)


def _finite_number(value: object) -> int | float:
    if not is_number(value):
        raise ValueError("expected a valid number")
    if not math.isfinite(value):
        raise ValueError("expected a finite number")
    return value


class Fixed(Provenance):
    """One value, known or held."""

    value: Annotated[Any, AfterValidator(_finite_number)]
    distribution: Literal["fixed"] = "fixed"

    def quantile(self, u: float) -> float:  # noqa: ARG002
        """The value, whatever the probability `u`."""
        number: float = self.value
        return number

    def support(self) -> tuple[float, float]:
        """Smallest and largest value that can be drawn."""
        return self.value, self.value


class Uniform(Provenance):
    """Equally likely between `low` and `high`."""

    distribution: Literal["uniform"]
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.high:
            raise ValueError("expected low <= high")
        return self

    def quantile(self, u: float) -> float:
        """The value below which a draw falls with probability `u` in (0, 1)."""
        return rules.uniform_quantile(self.low, self.high, u)

    def support(self) -> tuple[float, float]:
        """Smallest and largest value that can be drawn."""
        return self.low, self.high


class Triangular(Provenance):
    """Between `low` and `high`, likeliest at `mode`: what an expert can usually say."""

    distribution: Literal["triangular"]
    low: float
    mode: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise ValueError("expected low <= mode <= high")
        return self

    def quantile(self, u: float) -> float:
        """The value below which a draw falls with probability `u` in (0, 1)."""
        return rules.triangular_quantile(self.low, self.mode, self.high, u)

    def support(self) -> tuple[float, float]:
        """Smallest and largest value that can be drawn."""
        return self.low, self.high


class Normal(Provenance):
    """Gaussian with mean `mean` and standard deviation `sd`: for numbers of either sign."""

    distribution: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)

    def quantile(self, u: float) -> float:
        """The value below which a draw falls with probability `u` in (0, 1)."""
        return self.mean + self.sd * rules.normal_quantile(u)

    def support(self) -> tuple[float, float]:
        """Smallest and largest value that can be drawn."""
        return -math.inf, math.inf


class LogNormal(Provenance):
    """Positive and skewed: the logarithm is normal with median `median` and spread `sigma`."""

    distribution: Literal["lognormal"]
    median: float = Field(gt=0)
    sigma: float = Field(gt=0)

    def quantile(self, u: float) -> float:
        """The value below which a draw falls with probability `u` in (0, 1)."""
        return rules.lognormal(self.median, self.sigma, u)

    def support(self) -> tuple[float, float]:
        """Smallest and largest value that can be drawn."""
        return 0.0, math.inf


Distribution = Uniform | Triangular | Normal | LogNormal
Quantity = Fixed | Distribution
DISTRIBUTIONS: dict[str, type[Quantity]] = {
    "fixed": Fixed,
    "uniform": Uniform,
    "triangular": Triangular,
    "normal": Normal,
    "lognormal": LogNormal,
}


def is_quantity(node: object) -> bool:
    """Whether a table of a plan file states one number rather than a section of the plan."""
    return isinstance(node, dict) and ("value" in node or "distribution" in node)


IN_UNIT = ("value", "low", "mode", "high", "mean", "sd", "median")
"""What a statement says in the unit of its number: all parameters but the spread of logarithms."""
MONEY = "money"
"""How units write the plan's currency, whichever it is."""


def is_money(unit: str | None) -> bool:
    """Whether a unit is that of an amount of money, such as "money/month"."""
    return unit is not None and unit.partition("/")[0] == MONEY


def unit_in(unit: str, currency: str) -> str:
    """A unit as readers of a plan in that currency know it: "HUF/month" for "money/month"."""
    return "/".join(currency if part == MONEY else part for part in unit.split("/"))


NumberKind = Literal["lever", "uncertain", "constant"]
MOST = 1e12
"""No number of a plan is larger, where its field does not say less: sums of what it makes stay
exact, and fit 64 bits."""
MOST_UNLIKELY = 2.0**-53
"""The least probability at which a distribution is asked for a value, and its distance from 1."""


def lever(unit: str, meaning: str, **bounds: Any) -> Any:
    """A field that the author or the donor decides; `bounds` as in `pydantic.Field`."""
    return _number("lever", unit, meaning, bounds)


def uncertain(unit: str, meaning: str, **bounds: Any) -> Any:
    """A field that nobody knows exactly; `bounds` as in `pydantic.Field`."""
    return _number("uncertain", unit, meaning, bounds)


def constant(unit: str, meaning: str, **bounds: Any) -> Any:
    """A field known well enough to have one value; `bounds` as in `pydantic.Field`."""
    return _number("constant", unit, meaning, bounds)


def _number(kind: NumberKind, unit: str, meaning: str, bounds: dict[str, Any]) -> Any:
    limits = bounds if {"le", "lt"} & bounds.keys() else bounds | {"le": MOST}
    return Field(description=meaning, json_schema_extra={"kind": kind, "unit": unit}, **limits)


Share = Annotated[float, Field(ge=0, le=1)]
