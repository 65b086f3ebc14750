"""The compiled engine as a library, rebuilt where the texts it is made from have changed."""

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ncpcsim.compiled.build import HERE, BuildError, build_anew, library_name, source_hash

_ONE_AT_A_TIME = threading.Lock()


class EngineError(RuntimeError):
    """There is no compiled engine here; the message says why in one line."""


class Library:
    """The functions of the library, on numpy's arrays."""

    def __init__(self, file: Path) -> None:
        self._c = ctypes.CDLL(str(file))
        self._c.ncpcsim_source.restype = ctypes.c_char_p
        self._c.ncpcsim_draw.restype = self._c.ncpcsim_simulate.restype = None

    def source(self) -> str:
        """The hash of the text it was made from."""
        found: bytes = self._c.ncpcsim_source()
        return found.decode()

    def draw(
        self,
        seed: int,
        draws: NDArray[np.uint64],
        keys: NDArray[np.uint64],
        distributions: NDArray[np.int64],
        numbers: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Draw uncertain parameters.

        Args:
            seed: the random seed.
            draws: numbers of the draws, shape (draws,).
            keys: the stream of each parameter, shape (parameters,).
            distributions: which it has (`ncpcsim.rules.quantile`), shape (parameters,).
            numbers: what describes it, shape (parameters, 3).

        Returns:
            Values, shape (draws, parameters).
        """
        values = np.empty((len(draws), len(keys)))
        self._c.ncpcsim_draw(
            ctypes.c_uint64(seed),
            ctypes.c_int64(len(draws)),
            _address(draws, np.uint64),
            ctypes.c_int64(len(keys)),
            _address(keys, np.uint64),
            _address(distributions, np.int64),
            _address(numbers, np.float64),
            _address(values, np.float64),
        )
        return values

    def simulate(
        self,
        words: NDArray[np.int64],
        directory: NDArray[np.int64],
        seed: int,
        replications: NDArray[np.uint64],
        cell_words: NDArray[np.int64],
        cell_columns: NDArray[np.int64],
        values: NDArray[np.float64],
        first_result: int,
        results: NDArray[np.int64],
    ) -> None:
        """Run the centre once a replication; other threads go on meanwhile.

        Args:
            words: the memory to work in, as `directory` says; no other call may use it.
            directory: first word and rows of each table.
            seed: the random seed.
            replications: numbers of the replications, shape (runs,).
            cell_words: words that each run fills, shape (cells,).
            cell_columns: the column of `values` that goes into each, shape (cells,).
            values: what runs differ in, shape (runs, columns).
            first_result: the first word of the results.
            results: where they are put, shape (runs, words).
        """
        self._c.ncpcsim_simulate(
            _address(words, np.int64),
            _address(directory, np.int64),
            ctypes.c_uint64(seed),
            ctypes.c_int64(len(replications)),
            _address(replications, np.uint64),
            ctypes.c_int64(len(cell_words)),
            _address(cell_words, np.int64),
            _address(cell_columns, np.int64),
            ctypes.c_int64(values.shape[1]),
            _address(values, np.float64),
            ctypes.c_int64(first_result),
            ctypes.c_int64(results.shape[1]),
            _address(results, np.int64),
        )


def _address(array: NDArray[np.generic], kind: type) -> ctypes.c_void_p:
    """Where an array lies; refused if it is not what the library takes it for."""
    if array.dtype != kind or not array.flags.c_contiguous:
        raise TypeError(f"array of {array.dtype}, expected a contiguous one of {kind.__name__}")
    return ctypes.c_void_p(array.ctypes.data)


_LOADED: dict[Path, Library] = {}


def load() -> Library:
    """The library for the texts as they are now.

    In a checkout it is built where it is missing or was made from other texts.

    Raises:
        EngineError: there is none, and none can be built.
    """
    file = HERE / library_name()
    with _ONE_AT_A_TIME:
        if file not in _LOADED:
            if not file.exists():
                _build(file)
            _LOADED[file] = _opened(file)
        return _LOADED[file]


def _opened(file: Path) -> Library:
    try:
        library = Library(file)
        made_from = library.source()
    except (OSError, AttributeError) as error:
        raise EngineError(f"{file.name} cannot be loaded ({error})") from None
    if made_from != source_hash():
        raise EngineError(f"{file.name} was made from another text, expected to be installed anew")
    return library


def _build(file: Path) -> None:
    """Build the library in a checkout, once, whoever else needs it at the same time."""
    others = sorted(HERE.glob(f"_engine_*{file.suffix}"))
    if not (HERE.parents[1] / "pyproject.toml").exists():
        why = "was made from another text" if others else "was not built at installation"
        raise EngineError(f"the compiled engine {why}, expected to be installed anew")
    try:
        with _locked(HERE / "_engine.lock"):
            if not file.exists():
                build_anew(HERE)
                for other in others:
                    other.unlink(missing_ok=True)
    except BuildError as error:
        raise EngineError(f"the compiled engine cannot be built: {error}") from None
    except OSError as error:
        raise EngineError(f"the compiled engine cannot be built ({error.strerror})") from None
    if not file.exists():
        raise EngineError("the engine's texts have changed since this program was started")


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold a lock that other processes wait for, where the system has such locks."""
    with file.open("w") as opened:
        if os.name == "posix":
            import fcntl

            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
