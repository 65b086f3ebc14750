"""Running until an interval is narrow enough."""

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ncpcsim.measures.catalogue import Measure, measure_of
from ncpcsim.measures.intervals import Interval, mean_interval, share_of
from ncpcsim.plan.schema.money import DOLLARS
from ncpcsim.results.table import Table, as_table

if TYPE_CHECKING:
    import pandas as pd

BLOCK_RUNS = 100
"""Precision is judged at multiples of this many runs, and nowhere else: the answer must not depend
on what happened to be finished."""
CAP_RUNS = 100_000
"""Most runs, unless the user says otherwise."""
_TARGET = re.compile(r"(?P<number>[0-9.]+(e[+-]?[0-9]+)?)\s*(?P<code>[a-z]{3})?", re.IGNORECASE)


@dataclass(frozen=True)
class Until:
    """A precision to reach.

    Attributes:
        measure: whose mean is to be known.
        half_width: of its 95 % interval, in the measure's unit; an amount, never relative to the
            mean, which would be reached at once by a mean far from zero and never by one near it.
    """

    measure: Measure
    half_width: float

    @classmethod
    def parse(cls, text: str, measure: str | None = None, currency: str = DOLLARS) -> "Until":
        """A precision as written on the command line.

        Args:
            text: `0.01` for a probability or ratio, `500USD` for money, `2` for months.
            measure: a name of `MEASURES`; "sustained" if left out, "lowest_cash" for money.
            currency: the plan's; an amount in another one is refused.

        Raises:
            ValueError: the text is no precision, or is in another unit than the measure.
        """
        found = _TARGET.fullmatch(text.strip())
        half_width = _number(found["number"]) if found else math.nan
        amount = f"500{currency}"
        if found is None or not 0 < half_width < math.inf:
            raise ValueError(f"is {text!r}, expected 0.01 for a probability, {amount} for money")
        code = found["code"]
        if code and code.upper() != currency:
            raise ValueError(f"is {text!r}, but the plan is in {currency}, expected {amount}")
        name = measure or ("lowest_cash" if code else "sustained")
        chosen = measure_of(name)
        if bool(code) != chosen.is_money:
            unit, example = chosen.unit_in(currency), amount if chosen.is_money else "0.01"
            raise ValueError(f"is {text!r}, but {name} is in {unit}, expected {example}")
        if chosen.is_share and half_width >= 0.5:
            what = f"expected less than 0.5 for a probability, {amount} for money"
            raise ValueError(f"is {text!r}, {what}")
        return cls(chosen, half_width)

    def reached(self, table: "Table | pd.DataFrame") -> Interval:
        """The interval that the runs so far give; NaN with too few of them."""
        return estimate(self.measure, table)

    def enough(self, table: "Table | pd.DataFrame") -> bool:
        """Whether the interval is narrow enough."""
        return self.reached(table).half_width <= self.half_width


def estimate(measure: Measure, table: "Table | pd.DataFrame") -> Interval:
    """The mean of a measure over the runs that finished, with its 95 % interval.

    Runs that share a draw of the parameters are alike: they are worth fewer runs than there are.
    """
    runs = as_table(table)
    values = measure.values(runs)
    known = ~np.isnan(values)
    values, draws = values[known], runs.finished_draws[known]
    return share_of(values, draws) if measure.is_share else mean_interval(values, draws)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
