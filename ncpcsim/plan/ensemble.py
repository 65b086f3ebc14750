"""Joint draws of uncertain parameters that take the place of their priors."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ncpcsim.plan.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

_REMARKS = {"unit", "source", "assumption", "note", "prior_driven"}
"""What a statement holds besides its distribution."""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Draws of some of a plan's uncertain parameters, each a row of values that go together.

    Attributes:
        name: what results say they came from.
        values: the draws of each parameter, shape (draws,), by dotted path.
        weights: of the draws, shape (draws,), summing to 1; None if draw number n is row n.
    """

    name: str
    values: "Mapping[str, NDArray[np.float64]]"
    weights: "NDArray[np.float64] | None" = None

    @cached_property
    def draws(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.values.values()), ()))

    def row(self, draw: int, u: float) -> dict[str, float]:
        """The values of one draw.

        Args:
            draw: its number.
            u: uniform on (0, 1), picks a row by weight.
        """
        index = self.index(draw, u)
        return {path: float(column[index]) for path, column in self.values.items()}

    def index(self, draw: int, u: float) -> int:
        """Which row a draw is; its arguments are those of `row`."""
        if self.weights is None:
            return draw
        return min(int(self._cumulated.searchsorted(u)), self.draws - 1)

    @cached_property
    def _cumulated(self) -> "NDArray[np.float64]":
        import numpy as np

        return np.cumsum(np.ones(self.draws) if self.weights is None else self.weights)

    def only(self, paths: "set[str]") -> "Ensemble":
        """The same draws of some of the parameters."""
        kept = {path: column for path, column in self.values.items() if path in paths}
        return Ensemble(self.name, kept, self.weights)


def distribution_of(quantity: Quantity) -> dict[str, Any]:
    """A distribution by its name and numbers, without unit, source and remarks."""
    return quantity.model_dump(exclude=_REMARKS)
