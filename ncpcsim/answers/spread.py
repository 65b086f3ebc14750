"""How much of a forecast's spread is what we do not know, and how much nobody can know."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ncpcsim.measures.catalogue import Measure

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Spread:
    """A measure's spread over runs, split in two.

    Attributes:
        sd: standard deviation over all runs, in the measure's unit.
        parameters_share: of the variance, what goes with the draw of the uncertain parameters.
        luck_share: the rest: between runs of one draw.
        draws: draws with two runs or more.
    """

    sd: float
    parameters_share: float
    luck_share: float
    draws: int


def spread(measure: Measure, table: "pd.DataFrame") -> Spread | None:
    """Split a measure's variance into parameters and luck: a one-way analysis of variance.

    The draws are the groups and the runs of a draw differ in luck alone (Searle, Casella and
    McCulloch 1992, "Variance components": the analysis-of-variance estimator for groups of unequal
    size). An estimate below zero is reported as zero.

    Args:
        measure: what.
        table: a batch's rows.

    Returns:
        The split; nothing where fewer than two draws have two runs, or no two runs differ.
    """
    good = table[table["error"].isna()]
    values, draws = measure.values(good), good["draw"].to_numpy()
    known = ~np.isnan(values)
    values, (_, group, sizes) = (
        values[known],
        np.unique(draws[known], return_inverse=True, return_counts=True),
    )
    runs, groups = len(values), len(sizes)
    if groups < 2 or runs == groups or np.ptp(values) == 0:
        return None
    means = np.bincount(group, values) / sizes
    within = float(((values - means[group]) ** 2).sum()) / (runs - groups)
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (groups - 1)
    size = (runs - float((sizes**2).sum()) / runs) / (groups - 1)
    parameters = max((between - within) / size, 0.0)
    whole = parameters + within
    return Spread(
        sd=float(values.std(ddof=1)),
        parameters_share=parameters / whole,
        luck_share=within / whole,
        draws=int((sizes > 1).sum()),
    )
