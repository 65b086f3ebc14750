"""The engine for a browser gives what the native one gives."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock

from ncpcsim.compiled import wasm
from ncpcsim.compiled.build import HERE, WASM, source_hash
from ncpcsim.compiled.library import EngineError, load
from ncpcsim.compiled.memory import memory
from ncpcsim.compiled.run import cells_of
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.experiment.tables import tables_for
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import load_plan

wasmtime = pytest.importorskip("wasmtime")
pytest.importorskip("ziglang")
RUNS = 12
PAGE = 65536


@pytest.fixture(scope="session")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine for a browser, built once for all who test."""
    folder = tmp_path_factory.getbasetemp().parent
    file = folder / f"{source_hash()[:12]}.wasm"
    with FileLock(f"{file}.lock"):
        if not file.exists():
            wasm.write(file)
    return file


class Browser:
    """What a page does: puts arrays into the module's memory, and calls it."""

    def __init__(self, module: Path) -> None:
        engine = wasmtime.Engine()
        compiled = wasmtime.Module.from_file(engine, str(module))
        assert list(compiled.imports) == []
        self.store = wasmtime.Store(engine)
        self.exports: Any = wasmtime.Instance(self.store, compiled, []).exports(self.store)
        self.memory = self.exports["memory"]
        self.end: int = self.exports["__heap_base"].value(self.store)

    def put(self, array: "np.ndarray[Any, Any]") -> int:
        place: int = (self.end + 63) // 64 * 64
        self.end = place + array.nbytes
        missing = self.end - self.memory.data_len(self.store)
        if missing > 0:
            self.memory.grow(self.store, -(-missing // PAGE))
        self.memory.write(self.store, array.tobytes(), place)
        return place

    def call(self, name: str, *arguments: int) -> None:
        self.exports[name](self.store, *arguments)


@pytest.mark.parametrize("name", list(shipped_plans()))
def test_rows_are_the_native_ones(name: str, module: Path) -> None:
    plan = with_parameters(load_plan(name))
    tables, runs = tables_for(plan), np.arange(RUNS, dtype=np.uint64)
    values = draw_matrix(plan, 1, range(RUNS), load())
    words, columns = cells_of(tables, tuple(plan.uncertain))
    block = memory(tables)
    browser = Browser(module)
    results = np.zeros((RUNS, block.result_words), np.int64)
    place = browser.put(results)
    browser.call(
        "ncpcsim_simulate",
        browser.put(block.words),
        browser.put(block.directory),
        1,
        RUNS,
        browser.put(runs),
        len(words),
        browser.put(words),
        browser.put(columns),
        values.shape[1],
        browser.put(values),
        block.first_result,
        block.result_words,
        place,
    )
    data = browser.memory.read(browser.store, place, place + results.nbytes)
    found = np.frombuffer(data, np.int64).reshape(results.shape)
    native = memory(tables)
    load().simulate(
        native.words, native.directory, 1, runs, words, columns, values, block.first_result, results
    )
    assert np.array_equal(found, results)
    assert results.any(axis=1).all()


def test_a_stale_one_is_refused_and_a_missing_one_says_what_builds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wasm, "HERE", tmp_path)
    with pytest.raises(EngineError, match=r"gcc alone makes none.*`ncpcsim engine --wasm FILE`"):
        wasm.packaged()
    (tmp_path / WASM).write_bytes(b"made from " + source_hash().encode())
    assert wasm.packaged().startswith(b"made from")
    (tmp_path / WASM).write_bytes(b"made from another text")
    with pytest.raises(EngineError, match="was made from another text"):
        wasm.packaged()
    assert HERE.name == "compiled"
