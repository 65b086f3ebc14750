"""How much of a forecast's spread is parameter uncertainty, and how much is randomness."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ncpcsim.measures.catalogue import Measure
from ncpcsim.results.table import Table, as_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Spread:
    """A measure's spread over runs, split in two.

    Attributes:
        sd: standard deviation over all runs, in the measure's unit.
        parameters_share: of the variance, what goes with the draw of the uncertain parameters.
        randomness_share: the rest: between runs of one draw.
        draws: draws with two runs or more.
    """

    sd: float
    parameters_share: float
    randomness_share: float
    draws: int


def spread(measure: Measure, table: "Table | pd.DataFrame") -> Spread | None:
    """Split a measure's variance into parameters and randomness: a one-way analysis of variance.

    The draws are the groups and the runs of a draw differ in randomness alone (Searle, Casella
    and McCulloch 1992, "Variance components": the analysis-of-variance estimator for groups of
    unequal size). An estimate below zero is reported as zero.

    Args:
        measure: what.
        table: a batch's rows.

    Returns:
        The split; None where fewer than two draws have two runs, or no two runs differ.
    """
    finished = as_table(table)
    values, draws = measure.values(finished), finished.finished_draws
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
        randomness_share=within / whole,
        draws=int((sizes > 1).sum()),
    )
