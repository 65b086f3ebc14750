"""`ncpcsim run`: simulate a plan many times and answer."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ncpcsim_cli.console import RUNS_FAILED, console, refuse
from ncpcsim_cli.options import load_or_refuse, plan_argument, seed_option, usable_cores

if TYPE_CHECKING:
    import pandas as pd

    from ncpcsim.plan.load import Plan


@click.command("run")
@plan_argument
@click.option(
    "-n",
    "--runs",
    type=click.IntRange(1, 10_000_000),
    default=500,
    show_default=True,
    help="How many times to simulate; more runs narrow the intervals.",
)
@seed_option
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    default=usable_cores,
    show_default="all cores",
    help="Processes to use; the numbers do not depend on it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A folder for tables, pictures and a manifest; without it nothing is written.",
)
@click.option("--force", is_flag=True, help="Replace the results of an earlier batch in --out.")
def command(plan: str, runs: int, seed: int, workers: int, out: Path | None, force: bool) -> None:  # noqa: FBT001
    r"""Simulate PLAN many times and say whether the centre lasts.

    PLAN is the name of a shipped plan (see `ncpcsim plans`) or a file.

    \b
    Examples:
      ncpcsim run hungary
      ncpcsim run my_centre.toml -n 2000 --out results/my_centre
    """
    loaded = load_or_refuse(plan)
    table = simulate(loaded, runs, seed, workers, out=out, force=force)
    failures = table[table["error"].notna()]
    if len(failures) < len(table):
        from ncpcsim.answers.sustainability import answer
        from ncpcsim_cli.sustainability import show_answer

        show_answer(console(), loaded.numbers, answer(loaded.numbers, table))
        if out is not None:
            console().print(f"\nTables, pictures and the manifest are in {out}", soft_wrap=True)
    if len(failures):
        refuse(*_failure_lines(failures, len(table)), code=RUNS_FAILED)


def simulate(
    plan: "Plan",
    runs: int,
    seed: int,
    workers: int,
    *,
    out: Path | None = None,
    force: bool = False,
    detail: bool = False,
) -> "pd.DataFrame":
    """Run a batch with progress; leave the program with one line if it cannot be done."""
    from ncpcsim.experiment.batch import run_batch
    from ncpcsim.experiment.executor import WorkerDiedError
    from ncpcsim.experiment.store import StoreError

    try:
        with stoppable() as check, progress(f"Simulating {plan.name}", runs) as advance:

            def report(done: int) -> None:
                check()
                advance(done)

            return run_batch(
                plan,
                runs,
                seed=seed,
                workers=workers,
                out=out,
                force=force,
                detail=detail,
                progress=report,
            )
    except StoreError as error:
        refuse(str(error))
    except WorkerDiedError as error:
        refuse(f"{plan.name}: {error}", code=RUNS_FAILED)
    except OSError as error:
        refuse(f"{out or plan.name}: cannot be written ({error.strerror})", code=RUNS_FAILED)
    except KeyboardInterrupt:
        refuse("stopped; nothing was written", code=130)


def _failure_lines(failures: "pd.DataFrame", runs: int) -> list[str]:
    shown = failures.head(5)
    lines = [
        f"run {number}: {error}"
        for number, error in zip(shown["replication"], shown["error"], strict=True)
    ]
    more = len(failures) - len(shown)
    return [f"{len(failures)} of {runs} runs failed", *lines, *([f"and {more} more"] * (more > 0))]


@contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Hold an interrupt back until it is asked for, between two chunks of runs.

    Raised anywhere, it may fall into a library that swallows it, or that takes it for a fault.
    """
    stopped = False

    def hold(*_: object) -> None:
        nonlocal stopped
        stopped = True

    def check() -> None:
        if stopped:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, hold)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress(what: str, runs: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, or silence where that is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    if not bar.console.is_terminal:
        yield lambda _: None
        return
    with bar:
        task = bar.add_task(what, total=runs)
        yield lambda done: bar.advance(task, done)
