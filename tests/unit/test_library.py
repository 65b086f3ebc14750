"""The library is the one made from the texts as they are, and threads may share it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest

from ncpcsim.compiled import build, library, run
from ncpcsim.compiled.library import EngineError, Library, load
from ncpcsim.compiled.memory import SMALLEST
from ncpcsim.compiled.run import simulate
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.tables import tables_for
from ncpcsim.model.faults import Fault
from ncpcsim.plan.load import load_plan
from tests.generated_plans import generated
from tests.plans import bare_plan, service

HASH = "0" * 64


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package in a folder of its own, whose texts have another hash than the library here."""
    folder = tmp_path / "ncpcsim" / "compiled"
    folder.mkdir(parents=True)
    copyfile(build.HERE / build.library_name(), folder / build.library_name())
    monkeypatch.setattr(library, "HERE", folder)
    monkeypatch.setattr(library, "source_hash", lambda: HASH)
    monkeypatch.setattr(library, "library_name", lambda: f"_engine_{HASH[:12]}.so")
    return folder


def test_the_library_names_the_texts_it_was_made_from() -> None:
    assert load().source() == build.source_hash()
    assert build.source_hash()[:12] in build.library_name()


def test_a_changed_rule_has_another_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in ("rules.py", "model/world.py", "compiled/entry.c", "translate/kinds.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("as it was")
    monkeypatch.setattr(build, "PACKAGE", tmp_path)
    hashes = {build.source_hash.__wrapped__()}
    for file in ("rules.py", "model/world.py", "compiled/entry.c", "translate/kinds.py"):
        (tmp_path / file).write_text("changed")
        hashes.add(build.source_hash.__wrapped__())
    assert len(hashes) == 5


def test_a_stale_library_is_refused_where_it_was_installed(elsewhere: Path) -> None:
    with pytest.raises(EngineError, match="was made from another text, expected to be installed"):
        load()
    for file in elsewhere.glob("_engine_*"):
        file.unlink()
    with pytest.raises(EngineError, match="was not built at installation"):
        load()


def test_a_stale_library_is_built_anew_in_a_checkout(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere.parents[1] / "pyproject.toml").touch()
    made: list[str] = []

    def built(folder: Path) -> None:
        made.append(f"_engine_{HASH[:12]}.so")
        copyfile(build.HERE / build.library_name(), folder / made[-1])

    monkeypatch.setattr(library, "build_anew", built)
    monkeypatch.setattr(library, "source_hash", build.source_hash)
    assert load().source() == build.source_hash()
    assert made == [f"_engine_{HASH[:12]}.so"]
    # The one of the text before is gone, so that it is never taken for this one.
    assert [file.name for file in elsewhere.glob("_engine_*.so")] == made


def test_a_library_that_says_another_hash_is_refused(elsewhere: Path) -> None:
    copyfile(build.HERE / build.library_name(), elsewhere / f"_engine_{HASH[:12]}.so")
    with pytest.raises(EngineError, match="was made from another text"):
        load()


def test_a_library_of_texts_changed_meanwhile_is_not_taken(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere.parents[1] / "pyproject.toml").touch()
    monkeypatch.setattr(library, "build_anew", lambda _: None)
    with pytest.raises(EngineError, match="have changed since this program was started"):
        load()


def test_a_file_that_is_no_library_is_refused(elsewhere: Path) -> None:
    (elsewhere / f"_engine_{HASH[:12]}.so").write_bytes(b"no library")
    with pytest.raises(EngineError, match="cannot be loaded"):
        load()


def test_arrays_of_another_kind_are_refused() -> None:
    whole, real = np.zeros(1, np.int64), np.zeros((1, 3))
    with pytest.raises(TypeError, match="array of int64, expected a contiguous one of uint64"):
        load().draw(1, whole, whole.astype(np.uint64), whole, real)  # type: ignore[arg-type]
    keys = np.zeros(4, np.uint64)[::2]
    with pytest.raises(TypeError, match="expected a contiguous one"):
        load().draw(1, keys, keys, np.zeros(2, np.int64), np.zeros((2, 3)))


def test_runs_do_not_depend_on_their_order_their_company_or_the_thread() -> None:
    plan = load_plan("generic")
    tables, paths = tables_for(plan), tuple(plan.uncertain)
    values = draw_matrix(plan, 1, range(12), load())
    whole = simulate(tables, 1, range(12), paths, values).words
    backwards = simulate(tables, 1, range(11, -1, -1), paths, values[::-1]).words
    assert np.array_equal(backwards[::-1], whole)

    def alone(run: int) -> list[int]:
        words: list[int] = (
            simulate(tables, 1, [run], paths, values[run : run + 1]).words[0].tolist()
        )
        return words

    with ThreadPoolExecutor(4) as pool:
        assert np.array_equal(list(pool.map(alone, range(12))), whole)


def test_memory_grows_for_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = {"firms": {"asks_year": 600, "price_usd": 0, "willingness_usd": 1}}
    crowd = bare_plan({"services.visit": service(staff_days=5, clients=clients)})
    found = simulate(tables_for(crowd), 1, [0, 1])
    asked = [found.record(run).counts[0].sum() for run in (0, 1)]
    assert min(asked) > 2 * SMALLEST
    monkeypatch.setattr(run, "LARGEST", SMALLEST)
    short = simulate(tables_for(crowd), 1, [0, 1])
    assert short.fault(0) in (Fault.CALENDAR, Fault.QUEUE, Fault.JOBS)


@pytest.mark.parametrize("number", range(3))
def test_a_library_with_checked_indices_finds_none_wrong(
    number: int, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path_factory.getbasetemp() / f"checked_{build.source_hash()[:12]}.so"
    if not file.exists():
        build.build(file, "-O1", checked=True)
    checked = Library(file)
    plan = generated("crowded", number)
    plain = simulate(tables_for(plan), 1, [0, 1]).words
    monkeypatch.setattr(run, "load", lambda: checked)
    assert np.array_equal(simulate(tables_for(plan), 1, [0, 1]).words, plain)
