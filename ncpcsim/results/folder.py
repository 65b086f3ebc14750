"""The folder of a batch: a manifest that names every part, and the parts beside it.

The manifest is written first and never changes; parts come one by one, each whole or not at all.
So a batch that was cut short is known by the parts that are missing, and goes on with them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncpcsim.plan.variants import Batch
from ncpcsim.results import merge_patch
from ncpcsim.results.manifest import FORMAT, MANIFEST, drawn, provenance, stated
from ncpcsim.results.parts import (
    BLANK,
    UNSEALED,
    Part,
    clear,
    damage,
    is_sealed,
    literal,
    parquet,
    quoted,
    seal,
    written,
)
from ncpcsim.results.store import StoreError, check_free

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

RUNS, PATHS = "runs", "paths"
"""The tables of a folder, and the folders of their parts."""
_SAID = ("format", "version", "commit", "seed", "lucks_per_draw")
"""What a manifest says that each part repeats."""


class DamageError(StoreError):
    """A folder of which something is missing or broken; `lines` names every file."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))


class QueryError(ValueError):
    """A query that DuckDB refuses, in one line."""


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
        folder = cls(path, described(batch, chunk_runs, engine, keep_paths=keep_paths))
        try:
            path.mkdir(parents=True, exist_ok=True)
            _empty(path)
            # The old manifest's place is taken at once: killed here, there is one or the other.
            text = json.dumps({**folder.manifest, "seal": BLANK}, indent=1, ensure_ascii=False)
            with written(path / MANIFEST) as work:
                work.write_bytes(seal(text.encode()))
            folder.prepare()
        except OSError as error:
            raise StoreError(f"{path}: cannot be written ({error.strerror})") from None
        return folder

    def prepare(self) -> None:
        """Make room for parts: folders for each table, without what a killed process left."""
        for name in self.tables:
            (self.path / name).mkdir(exist_ok=True)
            clear(self.path / name)

    def refuse_another(self, batch: Batch, *, keep_paths: bool) -> None:
        """Refuse to go on with a batch that is not the one begun here.

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
        return whose | which | {key: str(self.manifest[key]) for key in _SAID}

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

    @contextmanager
    def connect(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """A database of views on the parts: `runs`, `variants` and, if kept, `paths`; no writing.

        Raises:
            DamageError: a part is missing or broken.
        """
        import duckdb
        import pandas as pd

        lines = self.damaged()
        if lines:
            raise DamageError(lines)
        with duckdb.connect() as connection:
            settings = pd.DataFrame(
                {
                    "variant": list(self.variants),
                    "settings": [json.dumps(v["settings"]) for v in self.manifest["variants"]],
                }
            )
            connection.register("settings", settings)
            connection.execute("CREATE TABLE variants AS SELECT * FROM settings")
            connection.unregister("settings")
            files = {RUNS: [p.file for p in self.parts], PATHS: [*map(self.beside, self.parts)]}
            for table in self.tables:
                connection.execute(f"CREATE VIEW {table} AS FROM {parquet(files[table])}")
            # A path is looked at twice: as it is written, and with its patterns resolved.
            folders = [self.path.absolute() / table for table in self.tables]
            names = {name for folder in folders for name in (str(folder), literal(folder))}
            allowed = ", ".join(quoted(f"{name}/") for name in sorted(names))
            connection.execute(f"SET allowed_directories = [{allowed}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection

    def query(self, sql: str) -> "pd.DataFrame":
        """The answer to one SELECT over the views of `connect`.

        Raises:
            DamageError: a part is missing or broken.
            QueryError: it is no single SELECT, or DuckDB refuses it.
        """
        import duckdb

        text = sql.encode(errors="replace").decode()  # what a terminal sends may be no Unicode
        with self.connect() as connection:
            try:
                statements = connection.extract_statements(text)
                if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
                    raise QueryError("expected one SELECT; results are only read")
                found: pd.DataFrame = connection.execute(statements[0]).df()
            except duckdb.Error as error:
                raise QueryError(" ".join(str(error).split())) from None
        return found

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


def described(batch: Batch, chunk_runs: int, engine: str, *, keep_paths: bool) -> dict[str, Any]:
    """The manifest of a batch; it holds no time or place, so equal batches have equal ones."""
    base = batch.variants[0].plan
    return {
        "format": FORMAT,
        "kind": "batch",
        **provenance(),
        "engine": engine,
        "seed": batch.seed,
        "runs": batch.runs,
        "lucks_per_draw": batch.lucks_per_draw,
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
            said = ["nothing" if name is None else repr(name) for name in names]
            yield f"variant {index} is {said[0]} there and {said[1]} here"
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
        raise StoreError(f"{path}: no results here, expected the folder of a batch") from None
    except OSError as error:
        raise StoreError(f"{file}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise DamageError([f"{file}: is cut short or damaged ({error})"]) from None
    if not isinstance(content, dict) or "format" not in content:
        raise StoreError(f"{file}: is no manifest of this program")
    return content


def _refuse_kind(path: Path, content: Mapping[str, Any]) -> None:
    if content.get("kind") != "batch":
        what = f"holds a {content.get('kind')}, expected the folder of a batch"
        raise StoreError(f"{path}: {what}")


def _refuse_taken(path: Path, *, force: bool) -> None:
    """Refuse a folder that is not free, or, with `force`, holds anything but a batch."""
    if not (path / MANIFEST).exists():
        clear(path, MANIFEST)
    elif not force:
        what = "holds the results of a batch; --resume goes on with it, --force replaces it"
        raise StoreError(f"{path}: {what}")
    else:
        with suppress(DamageError):  # cut short, it is replaced all the same
            _refuse_kind(path, _manifest(path))
    check_free(path, force=force)


def _empty(path: Path) -> None:
    """Remove the parts of an earlier batch, and nothing that is not ours."""
    for folder in (path / RUNS, path / PATHS):
        clear(folder)
        for file in folder.glob("[0-9]*.[0-9]*.parquet"):
            file.unlink()
        with suppress(OSError):  # not there, or somebody keeps other files in it
            folder.rmdir()
