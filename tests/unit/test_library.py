"""The library is the one made from the texts as they are, and threads may share it."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
import pytest

from ncpcsim.compiled import build, library, memory, run
from ncpcsim.compiled.library import EngineError, Library, load
from ncpcsim.compiled.memory import SMALLEST
from ncpcsim.compiled.run import simulate
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.tables import tables_for
from ncpcsim.faults import WORDS, Fault, RunError
from ncpcsim.plan.load import load_plan
from tests.generated_plans import generated
from tests.plans import bare_plan, earmarks, grant, service

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
    for file in ("rules/chance.py", "model/world.py", "compiled/entry.c", "translate/kinds.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("as it was")
    monkeypatch.setattr(build, "PACKAGE", tmp_path)
    hashes = {build.source_hash.__wrapped__()}
    for file in ("rules/chance.py", "model/world.py", "compiled/entry.c", "translate/kinds.py"):
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


@pytest.mark.parametrize("place", range(8))
def test_simulation_refuses_an_array_of_another_kind(place: int) -> None:
    whole, unsigned, real = np.zeros(2, np.int64), np.zeros(2, np.uint64), np.zeros((1, 1))
    results = np.zeros((1, 1), np.int64)
    given: list[Any] = [whole, whole, 1, unsigned, whole, whole, real, 0, results]
    at = [number for number, each in enumerate(given) if isinstance(each, np.ndarray)]
    if place < len(at):
        given[at[place]] = given[at[place]].astype(np.int32)
    else:
        given[-1] = np.zeros((2, 2), np.int64).T[:1]
    with pytest.raises(TypeError, match="expected a contiguous one of"):
        load().simulate(*given)


def test_runs_do_not_depend_on_their_order_their_company_or_the_thread() -> None:
    plan = load_plan("generic")
    tables, paths = tables_for(plan), tuple(plan.uncertain)
    values = draw_matrix(plan, 1, range(12), load())
    whole = simulate(tables, 1, range(12), paths, values).words
    backwards = simulate(tables, 1, range(11, -1, -1), paths, values[::-1]).words
    assert np.array_equal(backwards[::-1], whole)
    for size in (1, 5, 12):
        parts = [
            simulate(
                tables, 1, range(first, min(first + size, 12)), paths, values[first : first + size]
            )
            for first in range(0, 12, size)
        ]
        assert np.array_equal(np.concatenate([part.words for part in parts]), whole)

    def alone(run: int) -> list[int]:
        words: list[int] = (
            simulate(tables, 1, [run], paths, values[run : run + 1]).words[0].tolist()
        )
        return words

    with ThreadPoolExecutor(4) as pool:
        assert np.array_equal(list(pool.map(alone, range(12))), whole)


CLIENTS = {"firms": {"asks_year": 600, "price": 0, "willingness": 1}}
CROWD = {"services.visit": service(staff_days=5, clients=CLIENTS)}


def test_two_threads_run_other_plans_at_once() -> None:
    plans = [load_plan("hungary"), bare_plan(CROWD), load_plan("donor_gap")]
    alone = [simulate(tables_for(plan), 3, range(6)).words for plan in plans]
    with ThreadPoolExecutor(3) as pool:
        for _ in range(3):
            found = pool.map(lambda plan: simulate(tables_for(plan), 3, range(6)).words, plans)
            assert all(map(np.array_equal, found, alone))


def test_memory_grows_for_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = bare_plan(CROWD)
    found = simulate(tables_for(crowd), 1, [0, 1])
    asked = [found.record(run).counts[0].sum() for run in (0, 1)]
    assert min(asked) > 2 * SMALLEST
    # With room from the start, the same to the last word.
    monkeypatch.setattr(run, "memory", partial(memory.memory, capacity=64 * SMALLEST))
    roomy = simulate(tables_for(crowd), 1, [0, 1])
    assert np.array_equal(roomy.words, found.words)
    monkeypatch.undo()
    monkeypatch.setattr(run, "LARGEST", SMALLEST)
    short = simulate(tables_for(crowd), 1, [0, 1])
    assert short.faults[0] in (Fault.CALENDAR, Fault.QUEUE, Fault.JOBS)


ASKED = "services.visit.clients.firms.asks_year"
TAUGHT = {"participants": 1e9, "attended_days": 1e9}
UNKNOWN = {"segments.firms.aware_at_start": 0}
SLUMPS = dict.fromkeys(("inflation_year", "price_follow_share", "recession_demand"), 0.0)
SLUMPS |= {"recessions_year": 1.0, "recession_months": 0.01}
CUTS = {"cuts_year": 1.0, "cut_months": 0.01, "left_share": 1, "delay_ratio": 1}
SHIFTS = "segments.firms.shifts"
EARMARKED = grant({0: 1000, 1: 1000}, terms="earmarked", spend_months=9)
EARMARKED |= {"earmarks": earmarks(travel=0.5, equipment=0.5)}
FAULTS: list[tuple[Fault, dict[str, Any], dict[str, float], dict[str, int]]] = [
    (Fault.MONEY, {"posts.expert.salary_month": 1e12, "posts.expert.people": 1000}, {}, {}),
    (Fault.COUNT, {"services.visit": service(offered_year=12, **TAUGHT)}, {}, {}),
    (Fault.STREAM, {"services.visit": service(clients=CLIENTS), **UNKNOWN}, {ASKED: 1e9}, {}),
    (Fault.RECESSIONS, {"economy": SLUMPS}, {"economy.recessions_year": 1e4}, {}),
    (Fault.CUTS, {"public_budget": CUTS}, {"public_budget.cuts_year": 1e4}, {}),
    (Fault.SHIFTS, {SHIFTS: {"shifts_year": 1, "sigma": 0}}, {f"{SHIFTS}.shifts_year": 1e4}, {}),
    (Fault.CALENDAR, CROWD, {}, {"calendar": 4}),
    (Fault.QUEUE, CROWD, {}, {"requests": 5}),
    (Fault.JOBS, CROWD, {}, {"job": 5, "free_jobs": 5}),
    (Fault.INSTALMENTS, {"grants.programme": EARMARKED}, {}, {"instalments": 3}),
]
"""What stops a run: a plan, numbers that no plan may have, and tables with fewer rows."""


@pytest.mark.parametrize(("fault", "changes", "values", "rows"), FAULTS)
def test_what_stops_a_run_is_said_in_its_words(
    fault: Fault,
    changes: dict[str, Any],
    values: dict[str, float],
    rows: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    all_rows = memory._rows
    monkeypatch.setattr(memory, "_rows", lambda *given: {**all_rows(*given), **rows})
    monkeypatch.setattr(run, "LARGEST", SMALLEST)
    drawn = np.array([list(values.values())], np.float64)
    found = simulate(tables_for(bare_plan(changes)), 1, [0], tuple(values), drawn)
    assert found.faults[0] == fault
    with pytest.raises(RunError) as stopped:
        found.record(0)
    assert (stopped.value.fault, str(stopped.value)) == (fault, WORDS[fault])


def test_everything_that_stops_a_run_is_shown() -> None:
    assert {fault for fault, *_ in FAULTS} == set(WORDS) == set(Fault) - {Fault.NONE}


def test_a_stopped_run_leaves_those_after_it_as_they_are() -> None:
    tables = tables_for(bare_plan({"posts.expert.salary_month": 10}))
    salary = ("posts.expert.salary_month",)
    values = np.array([[10.0], [1e15], [10.0]])
    found = simulate(tables, 1, [4, 4, 4], salary, values)
    assert found.faults.tolist() == [Fault.NONE, Fault.MONEY, Fault.NONE]
    assert np.array_equal(found.words[0], found.words[2])


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
