"""A folder of results: a manifest that names every part, and the parts next to it.

One format for all: the runs of one plan are a batch of one variant. The manifest of a batch is
written first and never changes; parts come one by one, each whole or not at all. So a batch that
was interrupted is known by the parts that are missing, and is resumed with them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ncpcsim.plan.variants import Batch
from ncpcsim.results import merge_patch
from ncpcsim.results.errors import DamageError, QueryError, StoreError
from ncpcsim.results.manifest import FORMAT, drawn, provenance, stated
from ncpcsim.results.parts import (
    UNSEALED,
    Part,
    clear,
    damage,
    is_sealed,
    parquet,
    sealed_json,
    write_parquet,
    written,
)
from ncpcsim.results.place import MANIFEST, PATHS, RUNS, check_free, empty
from ncpcsim.results.query import read_only
from ncpcsim.results.table import Table

if TYPE_CHECKING:
    import pandas as pd

KIND = "results"
_REPEATED = ("format", "version", "commit", "seed", "replications_per_draw")
"""What a manifest says that each part repeats."""


@dataclass(frozen=True)
class Folder:
    """A batch's results on disk.

    Attributes:
        path: where they lie.
        manifest: what was asked for, of which program.
    """

    path: Path
    manifest: Mapping[str, Any]

    @classmethod
    def open(cls, path: Path) -> "Folder":
        """A folder of results.

        Raises:
            StoreError: it is none, its manifest is broken, or is of another format.
        """
        file, content = path / MANIFEST, _manifest(path)
        if content["format"] != FORMAT:
            raise StoreError(f"{file}: format is {content['format']}, expected {FORMAT}")
        _refuse_kind(path, content)
        if not is_sealed(file.read_bytes()):
            raise DamageError([f"{file}: {UNSEALED}"])
        return cls(path, content)

    @classmethod
    def begin(
        cls,
        path: Path,
        batch: Batch,
        chunk_runs: int,
        engine: str,
        *,
        keep_paths: bool,
        force: bool,
    ) -> "Folder":
        """An empty folder for a batch.

        Raises:
            StoreError: it holds something, or cannot be written.
        """
        _refuse_taken(path, force=force)
        folder = cls.describe(path, batch, chunk_runs, engine, keep_paths=keep_paths)
        try:
            path.mkdir(parents=True, exist_ok=True)
            for name in (RUNS, PATHS):
                clear(path / name)
            empty(path)
            # The old manifest's place is taken at once: killed here, there is one or the other.
            folder.write()
            folder.prepare()
        except OSError as error:
            raise StoreError(f"{path}: cannot be written ({error.strerror})") from None
        return folder

    @classmethod
    def describe(
        cls, path: Path, batch: Batch, chunk_runs: int, engine: str, *, keep_paths: bool
    ) -> "Folder":
        """What a folder for a batch will be; nothing is written yet."""
        return cls(path, described(batch, chunk_runs, engine, keep_paths=keep_paths))

    def write(self) -> None:
        """Write the manifest, sealed."""
        with written(self.path / MANIFEST) as work:
            work.write_bytes(sealed_json(self.manifest))

    def store(self, part: Part, table: Table, paths: "Mapping[str, Any] | None" = None) -> None:
        """Write a part.

        Args:
            part: which.
            table: its runs.
            paths: what their accounts moved by, if that is kept: columns of equal length.
        """
        # What there truly is, so that a chunk of other runs is found out.
        first = int(table.replications[0]) if len(table) else part.first
        about = self.about(replace(part, first=first, runs=len(table)))
        variant = self.variants[part.variant]
        if paths is not None:
            rows = len(paths["replication"])
            named = {"variant": np.full(rows, variant, object), **paths}
            write_parquet(named, self.beside(part), about)
        # Last: a part that is there says that its paths are.
        named = {"variant": np.full(len(table), variant, object), **table.whole()}
        write_parquet(named, part.file, about)

    def prepare(self) -> None:
        """Make room for parts: folders for each table, without what a killed process left."""
        for name in self.tables:
            (self.path / name).mkdir(exist_ok=True)
            clear(self.path / name)

    def refuse_another(self, batch: Batch, *, keep_paths: bool) -> None:
        """Refuse to resume a batch that is not the one begun here.

        Raises:
            StoreError: it is another; the message says how.
        """
        chunk_runs, engine = self.manifest["chunk_runs"], self.manifest["engine"]
        ours = described(batch, chunk_runs, engine, keep_paths=keep_paths)
        for what in _differences(self.manifest, ours):
            raise StoreError(f"{self.path}: holds another batch: {what}")

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables there are: one row a run, and, if asked for, one a run, account and month."""
        return (RUNS, PATHS) if self.manifest["paths"] else (RUNS,)

    @cached_property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants, the base plan's first."""
        return tuple(variant["name"] for variant in self.manifest["variants"])

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every part that the manifest names, in order."""
        return tuple(
            Part(self.path / RUNS / name, variant, first, runs)
            for name, variant, first, runs in self.manifest["parts"]
        )

    def beside(self, part: Part) -> Path:
        """Where a part's monthly paths lie."""
        return self.path / PATHS / part.file.name

    def about(self, part: Part) -> dict[str, str]:
        """What a part says of itself, so that it is not taken for another batch's."""
        variant = self.manifest["variants"][part.variant]
        whose = {"variant": variant["name"], "plan": variant["plan"]["sha256"]}
        which = {"first": str(part.first), "runs": str(part.runs)}
        return whose | which | {key: str(self.manifest[key]) for key in _REPEATED}

    def missing(self) -> tuple[Part, ...]:
        """The parts that are not there whole."""
        return tuple(part for part, line in self._examined() if line)

    def damaged(self) -> list[str]:
        """What is wrong with each file that is not whole, in the manifest's order."""
        return [line for _, line in self._examined() if line]

    def _examined(self) -> Iterator[tuple[Part, str | None]]:
        """Each part, and what is wrong with its first file that is not whole."""
        import duckdb

        with duckdb.connect() as connection:
            for part in self.parts:
                files = [self.path / table / part.file.name for table in self.tables]
                found = ((file, damage(connection, file, self.about(part))) for file in files)
                yield part, next((f"{file}: {what}" for file, what in found if what), None)

    def query(self, sql: str) -> "pd.DataFrame":
        """The answer to one SELECT over the tables `runs`, `variants` and, if kept, `paths`.

        Raises:
            DamageError: a part is missing or broken.
            QueryError: it is anything but a SELECT, or DuckDB refuses it.
        """
        import pandas as pd

        lines = self.damaged()
        if lines:
            raise DamageError(lines)
        settings = [json.dumps(variant["settings"]) for variant in self.manifest["variants"]]
        variants = pd.DataFrame({"variant": list(self.variants), "settings": settings})
        files = {RUNS: [p.file for p in self.parts], PATHS: [*map(self.beside, self.parts)]}
        sources = {table: parquet(files[table]) for table in self.tables}
        return read_only(sql, sources, {"variants": variants})

    def frame(self, columns: str = "*") -> "pd.DataFrame":
        """The rows of all variants, in the manifest's order.

        Args:
            columns: the columns wanted, as in a SELECT.

        Raises:
            DamageError: a part is missing or broken.
        """
        try:
            table = self.query(f"SELECT variant, replication, {columns} FROM runs")
        except QueryError as error:
            raise DamageError([f"{self.path}: cannot be read ({error})"]) from None
        table["variant"] = table["variant"].astype("category")
        table["variant"] = table["variant"].cat.set_categories(list(self.variants))
        return table.sort_values(["variant", "replication"], ignore_index=True)

    def tables_of_runs(self, columns: str = "* EXCLUDE (variant, replication)") -> dict[str, Table]:
        """The runs of each variant as arrays; see `frame`."""
        rows = self.frame(columns)
        names = rows.pop("variant")
        return {name: Table.of(rows[names == name]) for name in self.variants}


def described(batch: Batch, chunk_runs: int, engine: str, *, keep_paths: bool) -> dict[str, Any]:
    """The manifest of a batch; it holds no time or place, so equal batches have equal ones."""
    base = batch.variants[0].plan
    return {
        "format": FORMAT,
        "kind": KIND,
        **provenance(),
        "engine": engine,
        "currency": base.currency,
        "seed": batch.seed,
        "runs": batch.runs,
        "replications_per_draw": batch.replications_per_draw,
        "parameters": drawn(base),
        "paths": keep_paths,
        "chunk_runs": chunk_runs,
        "variants": [
            {
                "name": variant.name,
                "settings": dict(variant.settings),
                "plan": stated(variant.plan)
                if index == 0
                else {
                    "name": variant.plan.name,
                    "sha256": variant.plan.hash,
                    "differs": merge_patch.difference(
                        json.loads(base.as_json()), json.loads(variant.plan.as_json())
                    ),
                },
            }
            for index, variant in enumerate(batch.variants)
        ],
        "parts": [
            [f"{index:05d}.{first:09d}.parquet", index, first, min(chunk_runs, batch.runs - first)]
            for index in range(len(batch.variants))
            for first in range(0, batch.runs, chunk_runs)
        ],
    }


def _differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    """What two manifests say otherwise: of the whole batch first, then variant by variant."""
    whole = here.keys() - {"variants", "parts"}
    yield from merge_patch.changes(*({k: m[k] for k in m if k in whole} for m in (there, here)))
    for index, pair in enumerate(zip_longest(there["variants"], here["variants"])):
        names = [variant["name"] if variant else None for variant in pair]
        if names[0] != names[1]:
            shown = ["nothing" if name is None else repr(name) for name in names]
            yield f"variant {index} is {shown[0]} there and {shown[1]} here"
        else:
            plans = (_plan(m["variants"], index) for m in (there, here))
            yield from (f"of variant {names[0]!r}, {line}" for line in merge_patch.changes(*plans))


def _plan(variants: Sequence[Mapping[str, Any]], index: int) -> dict[str, Any]:
    """A variant's plan as a manifest holds it: the first one's, and what differs from it."""
    base: dict[str, Any] = variants[0]["plan"]["resolved"]
    return merge_patch.patched(base, variants[index]["plan"]["differs"]) if index else base


def _manifest(path: Path) -> dict[str, Any]:
    """What stands in a folder's manifest, of whatever kind and format."""
    file = path / MANIFEST
    try:
        content = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(
            f"{path}: no results here, expected the folder of a run or a batch"
        ) from None
    except OSError as error:
        raise StoreError(f"{file}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise DamageError([f"{file}: is truncated or damaged ({error})"]) from None
    if not isinstance(content, dict) or "format" not in content:
        raise StoreError(f"{file}: is no manifest of this program")
    return content


def _refuse_kind(path: Path, content: Mapping[str, Any]) -> None:
    if content.get("kind") != KIND:
        what = f"holds a {content.get('kind')}, expected a folder of results"
        raise StoreError(f"{path}: {what}")


def _refuse_taken(path: Path, *, force: bool) -> None:
    """Refuse a folder that is not free, or, with `force`, holds anything but a batch."""
    if not (path / MANIFEST).exists():
        clear(path, MANIFEST)
    elif not force:
        what = "holds results; --resume continues a batch, --force replaces it"
        raise StoreError(f"{path}: {what}")
    else:
        refuse_other_kinds(path)
    check_free(path, force=force)


def refuse_other_kinds(path: Path) -> None:
    """Refuse a folder whose manifest is of anything but results."""
    with suppress(DamageError):  # truncated, it is replaced all the same
        _refuse_kind(path, _manifest(path))
