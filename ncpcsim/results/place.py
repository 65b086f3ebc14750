"""What may lie in a folder of results, and whether such a folder may be written to."""

from pathlib import Path

from ncpcsim.results.errors import StoreError

MANIFEST = "manifest.json"
RUNS, PATHS = "runs", "paths"
"""The tables of a folder, and the folders of their parts."""
MONTHLY, STATEMENTS, ACTIVITIES = "monthly.parquet", "statements.csv", "activities.csv"
PICTURES = ("cash.png", "coverage.png", "income.png")
_OURS = (MANIFEST, MONTHLY, STATEMENTS, ACTIVITIES, *PICTURES)
_PART = "[0-9]*.[0-9]*.parquet"


def check_free(out: Path, *, force: bool) -> None:
    """Refuse a folder that results must not take the place of; see `StoreError`."""
    if not out.exists():
        return
    if Path.cwd().is_relative_to(out.resolve()):
        raise StoreError(f"{out}: is the working folder, expected another")
    if not out.is_dir():
        raise StoreError(f"{out}: is a file, expected a folder or nothing there")
    if not (out / MANIFEST).exists():
        if any(out.iterdir()):
            raise StoreError(f"{out}: holds other files, expected an empty folder or none")
        return
    if not force:
        raise StoreError(f"{out}: holds results; --force replaces them")


def refuse_others_files(out: Path) -> None:
    """Refuse a folder of results that holds files of others: they are not ours to remove."""
    for file in others_files(out) if out.exists() else ():
        what = f"holds {file.relative_to(out)}, which this program did not write"
        raise StoreError(f"{out}: {what}, expected results alone")


def others_files(folder: Path) -> list[Path]:
    """What lies in a folder of results that this program did not write."""
    return [
        file
        for file in sorted(folder.rglob("*"))
        if not (file.is_dir() and file.name in (RUNS, PATHS) and file.parent == folder)
        and not (file.parent == folder and file.name in _OURS)
        and not (file.parent.parent == folder and file.match(f"*/{_PART}"))
    ]


def empty(folder: Path) -> None:
    """Remove what this program wrote to a folder of results, but the manifest."""
    others = {folder / MANIFEST, *others_files(folder)}
    for file in sorted(folder.rglob("*"), reverse=True):  # what lies in a folder before it
        if file not in others:
            if not file.is_dir():
                file.unlink()
            elif not any(file.iterdir()):
                file.rmdir()


def literal(name: str | Path) -> str:
    """A path of which no character is taken for a pattern."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(name))
