"""The folder of one plan's runs: written next to its place, then moved there whole.

Nobody else writes to the folder meanwhile (a lock next to it says so), what stands there is never
removed unless this program wrote it, and the place is taken by one rename, which fails where
something has appeared in it.
"""

import logging
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import filelock

from ncpcsim.model.record import Records
from ncpcsim.plan.variants import Batch
from ncpcsim.results.errors import StoreError
from ncpcsim.results.folder import Folder, refuse_other_kinds
from ncpcsim.results.parts import write_parquet
from ncpcsim.results.place import (
    ACTIVITIES,
    MANIFEST,
    MONTHLY,
    RUNS,
    STATEMENTS,
    check_free,
    empty,
    literal,
    refuse_others_files,
)
from ncpcsim.results.summaries import Paths, Summaries
from ncpcsim.results.table import Table, joined

PART_RUNS = 5000
"""Runs a part."""
_WORK, _OLD = "part", "old"
_SCRATCH = "scratch"
_OURS = re.compile("[0-9a-f]{12}")
"""The middle of the names that `_beside` makes."""
_log = logging.getLogger(__name__)

Draw = Callable[[Path, Table, Summaries], None]
"""Draws the pictures of a run into a folder."""


class Store:
    """Results on their way to a folder.

    Leaving the `with` block before `publish` has run leaves nothing behind.
    """

    def __init__(self, out: Path, asked: Batch, engine: str, lock: filelock.BaseFileLock) -> None:
        self.out, self.work = out, _beside(out, _WORK)
        self._asked, self._engine, self._lock = asked, engine, lock
        self._replaces = False
        self._waiting: list[Table] = []
        self._runs = 0
        self._new_folders: list[Path] = []
        self._paths = Paths(self.work / _SCRATCH, asked.variants[0].plan.numbers)
        # Until it is known how many runs there are: their parts are named alike.
        self._folder = self._described(asked)

    @classmethod
    def create(cls, out: Path, asked: Batch, *, engine: str, force: bool) -> "Store":
        """Prepare a folder for results, and keep others from it.

        Args:
            out: the folder; a link to one stays a link.
            asked: one plan, and how it is run.
            engine: which simulates.
            force: replace results that are there.

        Raises:
            StoreError: `out` holds results and `force` is not set, holds something else, is being
                written to, or cannot be written.
        """
        _refuse(out, force=force)
        given, out = out, out.resolve()
        above = [folder for folder in out.parents if not folder.exists()]
        lock = filelock.FileLock(out.with_name(f".{out.name}.lock"), timeout=0)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            # A lock that cannot be written waits for ever: this says why at once.
            with tempfile.TemporaryFile(dir=out.parent):
                lock.acquire()
        except filelock.Timeout:
            raise StoreError(f"{given}: another run is writing to it") from None
        except OSError as error:
            raise StoreError(f"{given}: cannot be written ({error.strerror})") from None
        store = cls(out, asked, engine, lock)
        store._new_folders, store._replaces = above, force
        try:
            _refuse(given, force=force)  # again: another run may have ended before the lock was had
            store._clear_leftovers()
            (store.work / RUNS).mkdir(parents=True)
        except (OSError, StoreError) as error:
            store._unlock()
            if isinstance(error, StoreError):
                raise
            raise StoreError(f"{given}: cannot be written ({error.strerror})") from None
        return store

    def _described(self, asked: Batch) -> Folder:
        return Folder.describe(self.work, asked, PART_RUNS, self._engine, keep_paths=False)

    def _clear_leftovers(self) -> None:
        """Remove what runs that were killed have left; nobody else can be at work here."""
        for folder in sorted(self.out.parent.glob(f".{literal(self.out.name)}.*.{_WORK}")):
            if _OURS.fullmatch(folder.name.rsplit(".", 2)[1]):
                shutil.rmtree(folder)
                _log.warning("%s: left by a run that was killed; removed", folder.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        self._unlock()
        if not self.out.exists():
            for folder in self._new_folders:
                folder.rmdir()

    def add(self, table: Table, records: Records | None) -> None:
        """Take one chunk; rows go to disk by the part, so that memory stays as it is."""
        self._waiting.append(table)
        if records is not None:
            self._paths.add(records)
        while sum(map(len, self._waiting)) >= PART_RUNS:
            self._flush()

    def finish(self, table: Table, draw: Draw | None = None) -> None:
        """Write what is left, the tables over all runs, and the manifest last.

        Args:
            table: all runs, with what answers need.
            draw: draws the pictures.
        """
        while self._waiting:
            self._flush()
        if self._paths.runs:
            found = self._paths.summaries()
            write_parquet(found.monthly, self.work / MONTHLY)
            for name, summary in ((STATEMENTS, found.statements), (ACTIVITIES, found.activities)):
                summary.to_csv(self.work / name, index=False, float_format="%.2f")
            if draw:
                draw(self.work, table, found)
        shutil.rmtree(self.work / _SCRATCH, ignore_errors=True)
        self._described(replace(self._asked, runs=self._runs)).write()

    def publish(self) -> None:
        """Move the finished folder to its place.

        Raises:
            StoreError: something has appeared there; the results stay next to it, under the name
                that the message gives.
        """
        old = _beside(self.out, _OLD)
        try:
            if self._replaces and self.out.exists() and any(self.out.iterdir()):
                refuse_others_files(self.out)
                self.out.rename(old)
            # Fails where there is anything but an empty folder.
            self.work.rename(self.out)
        except (OSError, StoreError) as error:
            kept = _beside(self.out, "results")
            self.work.rename(kept)
            what = error.strerror if isinstance(error, OSError) else "it holds files of others now"
            before = f", those before in {old}" if old.exists() else ""
            raise StoreError(f"{self.out}: {what}; the results are in {kept}{before}") from None
        if old.exists():
            empty(old)
            (old / MANIFEST).unlink(missing_ok=True)
            if any(old.iterdir()):  # put there in the last moment
                _log.warning("%s: holds files that lay in %s", old, self.out)
            else:
                old.rmdir()

    def _flush(self) -> None:
        """Put a part on disk."""
        whole = joined(self._waiting)
        part, rest = whole.rows(0, PART_RUNS), whole.rows(PART_RUNS, len(whole))
        self._waiting = [rest] if len(rest) else []
        self._folder.store(self._folder.parts[self._runs // PART_RUNS], part)
        self._runs += len(part)

    def _unlock(self) -> None:
        # Removed while it is held: whoever comes next makes a lock of its own.
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()


def _refuse(out: Path, *, force: bool) -> None:
    """Refuse a folder that results must not take the place of."""
    check_free(out, force=force)
    if (out / MANIFEST).exists():
        refuse_other_kinds(out)
        refuse_others_files(out)


def _beside(out: Path, what: str) -> Path:
    """A name next to a folder that nobody else has."""
    return out.with_name(f".{out.name}.{uuid4().hex[:12]}.{what}")
