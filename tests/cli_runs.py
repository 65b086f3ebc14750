"""What tests of the run command share."""

from pathlib import Path

import duckdb
import pandas as pd
from click.testing import CliRunner, Result

from ncpcsim_cli.main import main

FILES = {"manifest.json", "runs", "monthly.parquet", "statements.csv"}


FILES |= {"activities.csv", "cash.png", "coverage.png", "income.png"}


SHORT = """\
extends = "hungary"
title = "A short centre"
[horizon]
judged_month = 24
"""


RUNS, SEED = 8, 3


def ncpcsim_run(*arguments: str | Path) -> Result:
    """Run the command in this process, on one worker unless told otherwise."""
    words = [str(argument) for argument in arguments]
    if words[0] == "run" and "--workers" not in words:
        words += ["--workers", "1"]
    result = CliRunner().invoke(main, words)
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def table(file: Path) -> pd.DataFrame:
    """A Parquet file as any reader sees it."""
    with duckdb.connect() as connection:
        found: pd.DataFrame = connection.read_parquet(str(file)).df()
    return found


def rows_of(folder: Path) -> pd.DataFrame:
    """The rows of a run's folder, part by part, as any reader sees them."""
    parts = [table(file) for file in sorted((folder / "runs").iterdir())]
    whole = pd.concat(parts, ignore_index=True)
    assert len(set(whole.pop("variant"))) == 1
    return whole


def month(number: int) -> str:
    """A month of a run that begins in January 1997."""
    return f"{pd.Timestamp('1997-01-01') + pd.DateOffset(months=int(number)):%B %Y}"
