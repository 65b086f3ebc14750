"""Posteriors on disk: draws with weights in Parquet, and a manifest; and back as an ensemble."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ncpcsim.calibrate.design import values_at
from ncpcsim.calibrate.fit import Posterior
from ncpcsim.experiment.posterior import DRAWS, FORMAT, WEIGHT
from ncpcsim.model import MODEL
from ncpcsim.plan.ensemble import distribution_of
from ncpcsim.results.manifest import provenance
from ncpcsim.results.parts import sealed_json, write_parquet, written
from ncpcsim.results.place import MANIFEST

if TYPE_CHECKING:
    import pandas as pd

UNLEARNED = 0.1
"""A parameter whose variance shrinks by less than this part of it is driven by its prior."""


@dataclass(frozen=True)
class Lesson:
    """What was learned of one parameter, in standard normal scores of its prior.

    Attributes:
        name: its path, after CENTRE: where it is a centre's own.
        mean: of the posterior; the prior's is 0.
        sd: of the posterior; the prior's is 1.
        low: 5th percentile of the posterior, in the parameter's unit.
        median: median.
        high: 95th percentile.
        prior_low: 5th percentile of the prior.
        prior_high: 95th percentile of the prior.
    """

    name: str
    mean: float
    sd: float
    low: float
    median: float
    high: float
    prior_low: float
    prior_high: float

    @property
    def contraction(self) -> float:
        """Part of the prior's variance that is gone; below 0 if it grew."""
        return 1 - self.sd * self.sd

    @property
    def prior_driven(self) -> bool:
        """Whether hardly anything was learned of it from the accounts."""
        return self.contraction < UNLEARNED and abs(self.mean) < UNLEARNED**0.5


def learned(posterior: Posterior) -> list[Lesson]:
    """What was learned of each parameter, in the order of the posterior's columns."""
    found = []
    for problem in posterior.problems:
        scores = posterior.of(problem)
        values = list(values_at(problem, scores).values())
        for column, (name, prior) in enumerate(
            zip(problem.parameters, problem.priors, strict=True)
        ):
            low, median, high = np.quantile(values[column], (0.05, 0.5, 0.95)).tolist()
            found.append(
                Lesson(
                    name=name,
                    mean=float(scores[:, column].mean()),
                    sd=float(scores[:, column].std(ddof=1)),
                    low=low,
                    median=median,
                    high=high,
                    prior_low=prior.quantile(0.05),
                    prior_high=prior.quantile(0.95),
                )
            )
    by_name = {one.name: one for one in found}
    return [by_name[name] for name in posterior.parameters]


def table_of(posterior: Posterior) -> "pd.DataFrame":
    """The draws in the parameters' own units, one column a parameter, and their weights."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for problem in posterior.problems:
        values = values_at(problem, posterior.of(problem)).values()
        columns |= dict(zip(problem.parameters, values, strict=True))
    table = pd.DataFrame({name: columns[name] for name in posterior.parameters})
    table.insert(0, WEIGHT, 1 / len(table))
    return table


def write_posterior(posterior: Posterior, folder: Path, about: Mapping[str, Any]) -> None:
    """Keep a posterior in a folder, manifest last.

    Args:
        posterior: what to keep.
        folder: where.
        about: how it was made: runs, seed, steps.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_parquet(table_of(posterior), folder / DRAWS)
    digest = hashlib.sha256((folder / DRAWS).read_bytes()).hexdigest()
    priors = {
        name: distribution_of(prior)
        for problem in posterior.problems
        for name, prior in zip(problem.parameters, problem.priors, strict=True)
    }
    manifest = {
        "format": FORMAT,
        "kind": "posterior",
        "model": MODEL,
        **provenance(),
        "name": "+".join(problem.centre for problem in posterior.problems),
        "draws_sha256": digest,
        "centres": {
            problem.centre: {
                "plan_sha256": problem.plan.hash,
                "fitted": {t.name: t.published for t in problem.targets if t.fitted},
            }
            for problem in posterior.problems
        },
        **about,
        "draws": len(posterior.scores),
        "effective_draws": round(posterior.effective),
        "acceptance": round(posterior.acceptance, 3),
        "parameters": {
            one.name: {
                "prior": priors[one.name],
                "contraction": round(one.contraction, 3),
                "prior_driven": one.prior_driven,
            }
            for one in learned(posterior)
        },
    }
    with written(folder / MANIFEST) as work:
        work.write_bytes(sealed_json(manifest))
