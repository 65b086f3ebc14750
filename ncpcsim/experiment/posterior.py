"""Which draws of the uncertain parameters a forecast uses: priors, a posterior, or one point."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ncpcsim.data import data_folder
from ncpcsim.model import MODEL
from ncpcsim.plan.ensemble import Ensemble, distribution_of
from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import PlanError
from ncpcsim.results.parts import UNSEALED, is_sealed
from ncpcsim.results.place import MANIFEST

PRIOR, POSTERIOR, POINT = "prior", "posterior", "point"
SHIPPED = "both"
"""The posterior that forecasts use: that of the Czech and the Hungarian accounts together."""
DRAWS = "draws.parquet"
WEIGHT = "weight"
FORMAT = 2
"""Version of the layout of a posterior's folder."""
_MEDIAN = 0.5


class PosteriorError(ValueError):
    """There is no posterior where one is expected, or it is damaged; the message names the file."""


class OtherModelError(PosteriorError):
    """A posterior was learned by another version of the model."""


@dataclass(frozen=True, eq=False)
class StoredPosterior:
    """A posterior as it lies on disk.

    Attributes:
        name: what results call it.
        columns: the draws, by the parameter's path, after CENTRE: where it is a centre's own.
        weights: of the draws.
        priors: the distribution that each parameter's draws replace.
    """

    name: str
    columns: Mapping[str, Any]
    weights: Any
    priors: Mapping[str, Mapping[str, Any]]


def with_parameters(plan: Plan, source: str | Path = POSTERIOR) -> Plan:
    """A plan whose uncertain parameters are drawn as `source` says.

    A posterior replaces the priors that it was learned from, and no others: a parameter that the
    plan states otherwise is drawn from the plan's own statement; one that is a centre's own only
    in plans that extend that centre's.

    Args:
        plan: the plan.
        source: "prior"; "posterior", the shipped one; "point", every parameter at the median of
            the shipped posterior or of its prior; or the folder of another posterior.

    Raises:
        PosteriorError: the folder holds none, a damaged one, or one of another version of the
            model; in place of the shipped one priors are used then.
    """
    if source == PRIOR:
        return plan.drawn_from(None)
    folder = None if source in (POSTERIOR, POINT) else Path(source)
    try:
        learned = load_posterior(folder or shipped())
    except OtherModelError:
        if source != POSTERIOR:
            raise
        return plan.drawn_from(None)  # and results say so
    ensemble = matched(plan, learned)
    if source == POINT:
        ensemble = _medians(plan, learned, ensemble)
    try:
        return plan.drawn_from(ensemble if ensemble.values else None)
    except PlanError as error:
        raise PosteriorError(error.lines[0]) from None


def shipped() -> Path:
    """The folder of the shipped posterior."""
    return data_folder("calibration") / "posteriors" / SHIPPED


def load_posterior(folder: Path) -> StoredPosterior:
    """The posterior in a folder.

    Raises:
        PosteriorError: there is none, or it is damaged.
    """
    import duckdb
    import numpy as np

    file = folder / DRAWS
    try:
        text = (folder / MANIFEST).read_bytes()
        content = file.read_bytes()
        manifest = json.loads(text)
    except OSError as error:
        what = f"no posterior here ({error.strerror}), expected {MANIFEST} and {DRAWS}"
        raise PosteriorError(f"{folder}: {what}") from None
    except ValueError as error:
        raise PosteriorError(f"{folder / MANIFEST}: is broken ({error})") from None
    if not isinstance(manifest, dict) or manifest.get("kind") != POSTERIOR:
        raise PosteriorError(f"{folder / MANIFEST}: is not the manifest of a posterior")
    if manifest.get("format") != FORMAT:
        what = f"format is {manifest.get('format')}, expected {FORMAT}"
        raise PosteriorError(f"{folder / MANIFEST}: {what}")
    if manifest.get("model") != MODEL:
        what = f"was learned by version {manifest.get('model', 1)} of the model"
        raise OtherModelError(f"{folder / MANIFEST}: {what}, expected {MODEL}: fit it again")
    if not is_sealed(text):
        raise PosteriorError(f"{folder / MANIFEST}: {UNSEALED}")
    if hashlib.sha256(content).hexdigest() != manifest["draws_sha256"]:
        raise PosteriorError(f"{file}: is damaged, its content is not what {MANIFEST} says")
    with duckdb.connect() as connection:
        # Not through pandas, which takes longer to import than a run of 500 to simulate.
        table = connection.read_parquet(str(file)).fetchnumpy()
    return StoredPosterior(
        name=f"{POSTERIOR} {manifest['name']} {manifest['draws_sha256'][:12]}",
        columns={name: np.asarray(table[name]) for name in table if name != WEIGHT},
        weights=np.asarray(table[WEIGHT]),
        priors={name: each["prior"] for name, each in manifest["parameters"].items()},
    )


def matched(plan: Plan, learned: StoredPosterior) -> Ensemble:
    """The draws of a posterior that take the place of a plan's own statements."""
    values = {}
    for name, column in learned.columns.items():
        centre, _, path = name.rpartition(":")
        stated = plan.uncertain.get(path)
        if centre and centre not in plan.lineage:
            continue
        if stated is not None and distribution_of(stated) == learned.priors[name]:
            values[path] = column
    return Ensemble(learned.name, values, learned.weights)


def _medians(plan: Plan, learned: StoredPosterior, ensemble: Ensemble) -> Ensemble:
    import numpy as np

    def median(path: str) -> float:
        if path not in ensemble.values:
            return plan.uncertain[path].quantile(_MEDIAN)
        column = ensemble.values[path]
        order = np.argsort(column)
        weights = np.cumsum(learned.weights[order])
        return float(column[order][weights.searchsorted(_MEDIAN * weights[-1])])

    values = {path: np.array([median(path)]) for path in plan.uncertain}
    return Ensemble(POINT, values, np.ones(1))
