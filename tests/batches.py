"""A small batch, and the processes that run one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import ncpcsim
import ncpcsim_cli
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.plan.variants import Batch, Variant
from ncpcsim.results.folder import Folder

SOURCES = [str(Path(str(module.__file__)).parents[1]) for module in (ncpcsim, ncpcsim_cli)]
SHORT = """\
extends = "hungary"
[horizon]
judged_month = 7
[opening]
cash = 50000
[costs]
from_month = 0
travel_month = 150
"""
MIXES = """\
base = "{base}"
runs = {runs}
seed = 5
[variants.dear]
[variants.dear.costs]
travel_month = 400
[grid]
"posts.{post}.people" = [1, 3]
"""
"""A base, a variant and a grid: a batch file of any plan with that post."""
VARIANTS = ("base", "dear", "people=1", "people=3")
BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(SOURCES)}


def dotted(changes: Mapping[str, object]) -> dict[str, object]:
    """Changes by the paths that they mean: a double underscore stands for a dot."""
    return {path.replace("__", "."): value for path, value in changes.items()}


def batch_of(
    plans: Mapping[str, Plan], runs: int, seed: int = 5, replications_per_draw: int = 1
) -> Batch:
    """A batch of variants by name."""
    variants = tuple(Variant(name, plan) for name, plan in plans.items())
    return Batch(variants, runs, seed, replications_per_draw)


def short_plan(**changes: object) -> Plan:
    """Seven months of the Hungarian plan, with changes (`dotted`)."""
    short = {
        "horizon.judged_month": 7,
        "costs.from_month": 0,
        "costs.travel_month": 150,
    }
    return load_plan("hungary").variant({**short, **dotted(changes)})


def small_batch(runs: int = 20, seed: int = 5, replications_per_draw: int = 1) -> Batch:
    """Three variants."""
    plans = {
        "base": short_plan(),
        "dear": short_plan(costs__travel_month=400),
        "few": short_plan(posts__technical_seconded__people=1),
    }
    return batch_of(plans, runs, seed, replications_per_draw)


def part_bytes(folder: Folder) -> dict[str, bytes]:
    """Every file of a batch's folder, hidden ones too, by its path below the folder."""
    return {
        str(file.relative_to(folder.path)): file.read_bytes()
        for file in sorted(folder.path.rglob("*"))
        if file.is_file()
    }


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: its bytes and when they were written."""
    return {
        str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def write_batch_file(folder: Path, runs: int = 40) -> None:
    """Put short.toml and mixes.toml into a folder."""
    (folder / "short.toml").write_text(SHORT)
    (folder / "mixes.toml").write_text(
        MIXES.format(base="short.toml", runs=runs, post="technical_seconded")
    )


def started(
    folder: Path,
    *arguments: str,
    stdout: int = subprocess.PIPE,
    code: str = "from ncpcsim_cli.main import main; main(prog_name='ncpcsim')",
    env: Mapping[str, str] = MappingProxyType({}),
    start_new_session: bool = False,
) -> "subprocess.Popen[str]":
    """Start the command in a process of its own, in `folder`, with a bare environment."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={**BARE, **env},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=start_new_session,
    )


def workers_of(pid: int) -> list[int]:
    """The worker processes of a running command."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    found = {int(child) for file in threads for child in _read(file).split()}
    spawned = "multiprocessing.spawn"
    return [child for child in found if spawned in _read(Path(f"/proc/{child}/cmdline"))]


def _read(file: Path) -> str:
    """What the system says of a process; nothing of one that has gone meanwhile."""
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something, and fail if it does not come."""
    patience = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < patience, "waited in vain"
        time.sleep(0.01)


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and some workers, each a process on this machine: the address, workers' ids."""
    import json

    file = folder / "scheduler.json"
    quiet = {"DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}

    def start(module: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**BARE, **quiet},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    where = ("--scheduler-file", str(file), "--host", "127.0.0.1")
    processes = [start("dask_scheduler", *where, "--port", "0")]
    try:
        until(file.exists)
        alone = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        processes += [start("dask_worker", *where, *alone) for _ in range(workers)]
        address = json.loads(file.read_text())["address"]
        _await_workers(address, workers)
        yield address, [process.pid for process in processes[1:]]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def _await_workers(address: str, workers: int) -> None:
    from distributed import Client

    client = Client(address, set_as_default=False)
    try:
        client.wait_for_workers(workers, timeout=60)
    finally:
        client.close()
