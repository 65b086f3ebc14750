"""Parquet files written whole or not at all, and found out when they are damaged."""

import errno
import hashlib
import json
import os
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ncpcsim.results.place import literal

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_MARK, _DIGITS = b"sha256:", 64
BLANK = _MARK.decode() + _DIGITS * "-"
"""What a file holds in the place of its own checksum while that is computed."""
UNSEALED = "is truncated or damaged (its checksum does not match)"


@dataclass(frozen=True)
class Part:
    """One task's rows as a file that a manifest names.

    Attributes:
        file: where it lies, or will.
        variant: whose rows it holds, by place among the batch's variants.
        first: number of the first replication.
        runs: how many.
    """

    file: Path
    variant: int
    first: int
    runs: int


def write_parquet(
    table: "pd.DataFrame | Mapping[str, Any]",
    file: Path,
    about: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write a table as sealed zstd Parquet under a temporary name, then give it its own.

    Args:
        table: what to write: a frame, or arrays by column, masked where a value is missing.
        file: its place; a file already there is replaced.
        about: what the file says of itself, for `damage` to read.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    import duckdb

    try:
        with _uninterrupted(), written(file) as work, _one_thread() as connection:
            # Statistics of what happens to be there must not decide how columns are written.
            connection.execute("SET disabled_optimizers = 'statistics_propagation'")
            connection.register("rows", table)
            metadata = {**about, "seal": BLANK}.items()
            pairs = ", ".join(f"{key}: {quoted(value)}" for key, value in metadata)
            connection.execute(
                f"COPY rows TO {quoted(str(work))} "
                f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{pairs}}})"
            )
            work.write_bytes(seal(work.read_bytes()))
    except duckdb.Error as error:
        raise OSError(errno.EIO, _first_line(error), str(file)) from None


def _one_thread() -> "duckdb.DuckDBPyConnection":
    """A database that keeps rows in order, and takes less processor time over many columns."""
    import duckdb

    return duckdb.connect(config={"threads": 1})


@contextmanager
def written(file: Path) -> Iterator[Path]:
    """A temporary name to write a file under; it gets its own when the `with` block has ended well.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    work = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield work
        with work.open("rb") as whole:
            os.fsync(whole.fileno())
        work.replace(file)
    finally:
        work.unlink(missing_ok=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back to the end of the `with` block: DuckDB would make a fault of it."""
    if threading.current_thread() is not threading.main_thread():
        yield  # no other thread is ever interrupted
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held:
            signal.raise_signal(signal.SIGINT)


def seal(content: bytes) -> bytes:
    """What is about to be written, with its own SHA-256 in the place of the last `BLANK` in it."""
    before, _, after = content.rpartition(BLANK.encode())
    return before + _MARK + hashlib.sha256(content).hexdigest().encode() + after


def sealed_json(content: Mapping[str, Any]) -> bytes:
    """A manifest as JSON, sealed."""
    text = json.dumps({**content, "seal": BLANK}, indent=1, ensure_ascii=False) + "\n"
    return seal(text.encode())


def is_sealed(content: bytes) -> bool:
    """Whether these are, to the last byte, what `seal` gave."""
    before, _, after = content.rpartition(_MARK)
    return seal(before + BLANK.encode() + after[_DIGITS:]) == content


def clear(folder: Path, name: str = "*.parquet") -> None:
    """Remove what writers of such files, killed while writing, have left in a folder."""
    for file in folder.glob(f".{name}.*[0-9]"):
        file.unlink()


def damage(
    connection: "duckdb.DuckDBPyConnection", file: Path, about: Mapping[str, str]
) -> str | None:
    """What is wrong with a file, or None if it is whole and what it should be.

    Args:
        connection: any connection to DuckDB.
        file: what to look at.
        about: what the file should say of itself.
    """
    import duckdb

    try:
        if not is_sealed(file.read_bytes()):
            return UNSEALED
        stored = connection.execute(
            f"SELECT decode(key), decode(value) FROM parquet_kv_metadata({quoted(literal(file))})"
        ).fetchall()
    except FileNotFoundError:
        return "is missing"
    except (duckdb.Error, OSError) as error:
        return f"cannot be read ({_first_line(error)})"
    for key, value in about.items():
        if dict(stored).get(key) != value:
            return f"says {key} {dict(stored).get(key)}, expected {value}"
    return None


def parquet(files: Iterable[Path]) -> str:
    """SQL that reads some Parquet files as one table, in order."""
    names = ", ".join(quoted(literal(file)) for file in files)
    return f"read_parquet([{names}], union_by_name = true)"


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
