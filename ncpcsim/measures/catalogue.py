"""What a batch's rows say in one number a run: the measures that plans are compared by."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ncpcsim.model.record import OPEN
from ncpcsim.rules import CENTS_PER_USD


class Columns(Protocol):
    """Columns of runs that finished, by name."""

    def __getitem__(self, column: str) -> NDArray[Any]: ...


@dataclass(frozen=True)
class Measure:
    """One number a run.

    Attributes:
        name: what the command line calls it.
        label: what a reader calls it.
        column: where it stands in a batch's table.
        unit: "share" for what happens or not, "USD", "months" or "ratio".
        less_is_better: whether a centre is better off with less of it.
    """

    name: str
    label: str
    column: str
    unit: str
    less_is_better: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it is one or zero in a run, and a share over runs."""
        return self.unit == "share"

    def values(self, table: Columns) -> NDArray[np.float64]:
        """One number for each run that finished, in the measure's unit; NaN where it has none."""
        numbers = table[self.column]
        if self.name == "insolvent":
            numbers = numbers != OPEN
        found: NDArray[np.float64] = numbers.astype(np.float64)
        return found / CENTS_PER_USD if self.unit == "USD" else found


_ALL = (
    Measure("sustained", "sustained", "sustained", "share"),
    Measure("self_sufficient", "commercially self-sufficient", "self_sufficient", "share"),
    Measure(
        "insolvent", "insolvent before the end", "insolvent_month", "share", less_is_better=True
    ),
    Measure("lowest_cash", "lowest cash", "lowest_cash_cents", "USD"),
    Measure("closing_cash", "closing cash", "closing_cash_cents", "USD"),
    Measure("fee_coverage", "fee coverage", "coverage.fee", "ratio"),
    Measure("domestic_coverage", "domestic coverage", "coverage.domestic", "ratio"),
    Measure(
        "programme_free_coverage", "programme-free coverage", "coverage.programme_free", "ratio"
    ),
    Measure("reserve", "months of reserve", "indicator.reserve_months", "months"),
    Measure("mission_share", "staff time for the mission", "indicator.mission_share", "ratio"),
)
MEASURES = {measure.name: measure for measure in _ALL}
