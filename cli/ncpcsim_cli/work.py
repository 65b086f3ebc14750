"""Long work from the command line: progress, Ctrl-C, and one line when it cannot be done."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ncpcsim_cli.console import INTERRUPTED, RUNS_FAILED, refuse
from ncpcsim_cli.options import usable_cores

if TYPE_CHECKING:
    from ncpcsim.plan.load import Plan
    from ncpcsim.results.table import Table

Report = Callable[[int], None]
T = TypeVar("T")

workers_option: Callable[[Any], Any] = click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    default=usable_cores,
    show_default="all cores",
    help="Threads to use, or processes for SimPy; the numbers do not depend on it.",
)
engine_option: Callable[[Any], Any] = click.option(
    "--engine",
    type=click.Choice(["auto", "compiled", "reference"]),
    default="auto",
    envvar="NCPCSIM_ENGINE",
    show_envvar=True,
    show_default=True,
    help="What simulates: the compiled engine, SimPy as the reference, or the compiled one where "
    "there is one. Both give the same numbers.",
)
cluster_option: Callable[[Any], Any] = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="A Dask scheduler whose workers to use instead, such as tcp://10.0.0.5:8786.",
)


def engine_or_refuse(wanted: str) -> str:
    """The engine that simulates; a line says why if it is not the compiled one where it could be.

    Args:
        wanted: "auto", "compiled" or "reference".
    """
    from ncpcsim.compiled.library import EngineError
    from ncpcsim.experiment.engines import choose

    try:
        found = choose(wanted)
    except EngineError as error:
        refuse(f"--engine: {error}")
    if found.instead:
        click.echo(found.instead, err=True)
    return found.name


def engine_label(name: str) -> str:
    """Which engine simulated, for an answer."""
    return "compiled engine" if name == "compiled" else "SimPy, the reference engine"


def do(
    name: str,
    runs: int,
    work: Callable[[Report], T],
    *,
    out: Path | None = None,
    stopped: str = "stopped; nothing was written",
) -> T:
    """Do long work with a progress bar; leave the program with one line if it cannot be done.

    Args:
        name: what is simulated.
        runs: how many there will be at most.
        work: what to do; it is given a callback for finished runs.
        out: where results go, if anywhere.
        stopped: what to say after Ctrl-C.
    """
    from ncpcsim.compiled.library import EngineError
    from ncpcsim.experiment.cluster import ClusterError
    from ncpcsim.experiment.executor import WorkerDiedError
    from ncpcsim.model.writer import CollisionError
    from ncpcsim.results.errors import DamageError, StoreError

    try:
        with stoppable() as check, progress(f"Simulating {name}", runs) as advance:

            def report(done: int) -> None:
                check()
                advance(done)

            return work(report)
    except DamageError as error:
        refuse(*error.lines, code=RUNS_FAILED)
    except (StoreError, ClusterError, CollisionError, EngineError) as error:
        refuse(str(error))
    except WorkerDiedError as error:
        refuse(f"{name}: {error}", code=RUNS_FAILED)
    except OSError as error:
        refuse(f"{out or name}: cannot be written ({error.strerror})", code=RUNS_FAILED)
    except KeyboardInterrupt:
        refuse(stopped, code=INTERRUPTED)


def simulate(
    plan: "Plan",
    runs: int,
    *,
    seed: int,
    workers: int,
    cluster: str | None = None,
    engine: str = "auto",
    detail: bool = False,
) -> "Table":
    """Simulate one plan with a progress bar, and keep its runs in memory."""
    from ncpcsim.experiment import replications

    return do(
        plan.name,
        runs,
        lambda report: replications.run_table(
            plan,
            runs,
            seed=seed,
            workers=workers,
            cluster=cluster,
            engine=engine,
            detail=detail,
            progress=report,
        ),
    )


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
