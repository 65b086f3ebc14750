"""A Dask cluster as an executor: the extra `cluster`."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ncpcsim.experiment.executor import MOST_DEATHS, Pool, WorkerDiedError
from ncpcsim.results.manifest import commit

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 10


class ClusterError(RuntimeError):
    """A cluster that cannot be used, or was lost."""


@contextmanager
def open_cluster(address: str) -> Iterator[Pool]:
    """The workers that a Dask scheduler has.

    Args:
        address: the scheduler's, such as tcp://10.0.0.5:8786.

    Raises:
        ClusterError: `distributed` is not installed, nothing answers at the address, there are no
            workers, they run another version of this program, or the scheduler was lost.
        WorkerDiedError: out of the block, when a task's workers died.
    """
    try:
        from distributed import CancelledError, Client
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise ClusterError('needs Dask, expected: pip install "ncpcsim[cluster]"') from None
    # What the library logs of a lost connection is repeated in one line by the error.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    _reach(address)
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"{address}: no Dask scheduler answers ({error})") from None
    try:
        ahead = 2 * _threads(client, address)
        yield Pool(client.get_executor(pure=False, retries=MOST_DEATHS), ahead)
    except KilledWorker as error:
        raise WorkerDiedError(f"workers of the cluster died over it ({error})") from None
    except (CancelledError, CommClosedError) as error:
        raise ClusterError(f"{address}: the scheduler was lost ({error})") from None
    finally:
        client.close(timeout=CONNECT_SECONDS)


def _reach(address: str) -> None:
    """Check first that the scheduler answers: a client reports only much later if it does not."""
    try:
        parts = urlsplit(address)
        if not parts.hostname or not parts.port:
            raise ClusterError(f"{address}: no Dask scheduler's address, expected tcp://HOST:PORT")
        socket.create_connection((parts.hostname, parts.port), CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        raise ClusterError(f"{address}: no Dask scheduler answers ({error})") from None


def _threads(client: "Client", address: str) -> int:
    """Threads of all workers, once they are known to run this very program."""
    found = client.run(origin)
    if not found:
        raise ClusterError(f"{address}: the cluster has no workers, expected one or more")
    for worker, theirs in found.items():
        if theirs != origin():
            what = f"worker {worker} runs ncpcsim {theirs}, expected {origin()}"
            raise ClusterError(f"{address}: {what}")
    return sum(client.nthreads().values())


def origin() -> str:
    """The program's version and commit: what must agree for results to be the same."""
    return f"{version('ncpcsim')} ({commit() or 'no commit'})"
