"""The runs a fit learns from: parameters spread evenly over their priors, results kept in parts."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ncpcsim.calibrate.problem import FitProblem
from ncpcsim.experiment.engines import AUTO, COMPILED, chosen
from ncpcsim.experiment.executor import open_pool, run_tasks
from ncpcsim.experiment.replications import Progress
from ncpcsim.experiment.run import Chunk, Task, run_chunk
from ncpcsim.plan.ensemble import Ensemble, distribution_of
from ncpcsim.plan.load import Plan
from ncpcsim.results.errors import StoreError
from ncpcsim.results.manifest import provenance
from ncpcsim.results.merge_patch import changes
from ncpcsim.results.parts import Part, clear, damage, write_parquet, written
from ncpcsim.results.place import MANIFEST

FORMAT = 1
"""Version of the layout of a folder of design runs."""
PART_RUNS = 64
STRETCH = 1.25
"""The design reaches further than the priors, so that wider ones can be asked about: its points are
the prior's standard normal scores times this."""


class DesignFailedError(RuntimeError):
    """A run of the design ended in an error."""


@dataclass(frozen=True)
class Design:
    """Points in the space of a problem's parameters, and what the model gives there.

    A point is made of the standard normal scores of the parameters: a score of 0 is the prior's
    median, one of 1 its 84th percentile. One run is made at each point, with random numbers of
    its own; what is not learned is drawn from its prior.

    Attributes:
        problem: whose parameters.
        runs: number of points, a power of two.
        seed: the random seed.
    """

    problem: FitProblem
    runs: int
    seed: int

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """The points, shape (runs, parameters): a scrambled Sobol sequence (Owen 1998)."""
        from scipy.stats import norm, qmc

        dimensions = len(self.problem.parameters)
        points = qmc.Sobol(dimensions, rng=np.random.default_rng(self.seed)).random(self.runs)
        inside = np.clip(points, 1e-9, 1 - 1e-9)
        scores: NDArray[np.float64] = STRETCH * norm.ppf(inside)
        return scores

    def run(
        self,
        folder: Path | None = None,
        *,
        workers: int = 1,
        executor: Executor | None = None,
        engine: str = AUTO,
        progress: Progress | None = None,
    ) -> NDArray[np.float64]:
        """Simulate every point; those whose results lie whole in the folder are read from there.

        Returns:
            What each run gives for each target, shape (runs, targets).

        Raises:
            StoreError: the folder holds other runs.
            DesignFailedError: a run failed.
        """
        return outcomes_of(
            self.problem,
            Ensemble("design", values_at(self.problem, self.scores)),
            self.runs,
            self.seed,
            folder,
            workers=workers,
            executor=executor,
            engine=engine,
            progress=progress,
        )


def values_at(problem: FitProblem, scores: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """The values of a problem's parameters at some scores of shape (draws, parameters), by path."""
    from scipy.stats import norm

    chances = np.clip(norm.cdf(scores), 1e-12, 1 - 1e-12).T
    paths = (*problem.shared, *problem.own)
    return {
        path: np.array([prior.quantile(u) for u in column.tolist()])
        for path, prior, column in zip(paths, problem.priors, chances, strict=True)
    }


def outcomes_of(
    problem: FitProblem,
    ensemble: Ensemble,
    runs: int,
    seed: int,
    folder: Path | None = None,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    engine: str = AUTO,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """What runs with the draws of an ensemble give for a problem's targets, kept in a folder.

    Args:
        problem: the centre.
        ensemble: run n has its row n, if it has no weights.
        runs: how many.
        seed: the random seed.
        folder: where parts of the results are kept; those found whole are not run again.
        workers: processes to use.
        executor: an executor to use in their place.
        engine: which simulates.
        progress: a callback for the number of runs done or found.

    Returns:
        Shape (runs, targets).

    Raises:
        StoreError: the folder holds other runs.
        DesignFailedError: a run failed.
    """
    plan = problem.plan.drawn_from(ensemble)
    parts = [
        Part((folder or Path()) / f"{first:06d}.parquet", 0, first, min(PART_RUNS, runs - first))
        for first in range(0, runs, PART_RUNS)
    ]
    kept: dict[int, NDArray[np.float64]] = {}
    about: dict[str, str] = {}
    if folder:
        about = _begin(folder, problem, ensemble, runs, seed)
        kept = dict(_found(parts, about))
        if progress:
            progress(sum(len(rows) for rows in kept.values()))
    missing = [part for part in parts if part.first not in kept]
    name = chosen(engine)
    tasks = (
        Task(plan, seed, part.first, part.runs, keep_records=True, engine=name) for part in missing
    )
    with open_pool(workers, executor=executor, threads=name == COMPILED) as pool:
        for part, chunk in zip(missing, run_tasks(pool, run_chunk, tasks), strict=True):
            kept[part.first] = _results(problem, chunk)
            if folder:
                _keep(part, kept[part.first], about)
            if progress:
                progress(part.runs)
    return np.concatenate([kept[part.first] for part in parts])


def _results(problem: FitProblem, chunk: Chunk) -> NDArray[np.float64]:
    for number, error in chunk.table.errors.items():
        raise DesignFailedError(f"run {number} of {problem.centre}: {error}")
    assert chunk.records is not None  # noqa: S101  asked for, and no run failed
    return problem.outcomes(chunk.records)


def _begin(
    folder: Path, problem: FitProblem, ensemble: Ensemble, runs: int, seed: int
) -> dict[str, str]:
    """Make a folder ready for parts, or refuse one that holds other runs."""
    digest = hashlib.sha256()
    for path, column in ensemble.values.items():
        digest.update(path.encode() + column.tobytes())
    manifest = {
        "format": FORMAT,
        "kind": "design",
        "program": provenance()["version"],
        "centre": problem.centre,
        "runs": runs,
        "seed": seed,
        "plan": _numbers_hash(problem.plan),
        "targets": [target.name for target in problem.targets],
        "points": digest.hexdigest(),
    }
    file = folder / MANIFEST
    if file.exists():
        try:
            there = json.loads(file.read_text())
        except ValueError as error:
            raise StoreError(f"{file}: is truncated or damaged ({error})") from None
        for what in changes({key: there[key] for key in manifest if key in there}, manifest):
            raise StoreError(f"{folder}: holds other runs: {what}")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        with written(file) as work:
            work.write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
    clear(folder)
    return {"points": str(manifest["points"])}


def _numbers_hash(plan: Plan) -> str:
    """SHA-256 of all that a run of the plan depends on: a remark in it changes no run."""
    drawn = {path: distribution_of(quantity) for path, quantity in plan.uncertain.items()}
    text = plan.numbers.model_dump_json() + json.dumps(drawn, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _found(parts: list[Part], about: dict[str, str]) -> Iterator[tuple[int, NDArray[np.float64]]]:
    import duckdb

    with duckdb.connect() as connection:
        for part in parts:
            if damage(connection, part.file, _about(about, part)) is None:
                table = connection.read_parquet(str(part.file)).df().sort_values("replication")
                yield part.first, table.drop(columns="replication").to_numpy(dtype=np.float64)


def _keep(part: Part, results: NDArray[np.float64], about: dict[str, str]) -> None:
    numbers = np.arange(part.first, part.first + part.runs)
    columns = {f"target_{i}": column for i, column in enumerate(results.T)}
    write_parquet({"replication": numbers, **columns}, part.file, _about(about, part))


def _about(about: dict[str, str], part: Part) -> dict[str, str]:
    return {**about, "first": str(part.first), "runs": str(part.runs)}
