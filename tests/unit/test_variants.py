"""What is read from a batch file."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ncpcsim.plan.load import load_plan
from ncpcsim.plan.problems import steps
from ncpcsim.plan.variants import Batch, Variant, read_batch
from ncpcsim_cli.batch import EXAMPLE
from tests.batch_files import DESIGN, read


def by_name(batch: Batch) -> dict[str, Variant]:
    return {variant.name: variant for variant in batch.variants}


# What is read.


@pytest.mark.usefixtures("folder")
def test_a_batch_is_its_base_at_least() -> None:
    batch = read("")
    assert (batch.runs, batch.seed, batch.replications_per_draw) == (500, 1, 1)
    assert [variant.name for variant in batch.variants] == ["base"]
    assert batch.variants[0].plan.hash == load_plan("short.toml").hash


@pytest.mark.usefixtures("folder")
def test_runs_seed_and_replications_are_read() -> None:
    batch = read("runs = 7\nseed = 0\nreplications_per_draw = 3\n")
    assert (batch.runs, batch.seed, batch.replications_per_draw) == (7, 0, 3)


def test_a_base_lies_next_to_its_batch_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "mixes.toml").write_text('base = "short.toml"')
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert read_batch("../mixes.toml").variants[0].plan.hash == load_plan("../short.toml").hash


@pytest.mark.usefixtures("folder")
def test_a_variant_is_the_plan_that_extends_the_base() -> None:
    changes = """\
without = ["posts.technical_later", "host.trouble"]
[costs]
travel_month = 175
[posts.technical]
people = 3
"""
    Path("own.toml").write_text(f'extends = "short.toml"\n{changes}')
    batch = read("[variants.own]\n" + changes.replace("\n[", "\n[variants.own."))
    own = by_name(batch)["own"]
    assert own.plan.hash == load_plan("own.toml").hash
    assert own.plan.name == "own"
    assert own.settings == {}
    assert "technical_later" not in own.plan.numbers.posts
    assert "technical_later" in batch.variants[0].plan.numbers.posts


@pytest.mark.usefixtures("folder")
def test_a_grid_has_every_combination_in_order() -> None:
    batch = read("""
[grid]
"costs.equipment_month" = [1, 2]
"posts.technical.people" = [1, 2, 3]
""")
    names = [f"equipment_month={m}, people={p}" for m in (1, 2) for p in (1, 2, 3)]
    assert [variant.name for variant in batch.variants] == ["base", *names]
    for variant in batch.variants[1:]:
        numbers = variant.plan.numbers
        months, people = numbers.costs.equipment_month, numbers.posts["technical"].people
        assert variant.name == f"equipment_month={months}, people={people}"
        assert variant.settings == {
            "costs.equipment_month": months,
            "posts.technical.people": people,
        }


@pytest.mark.usefixtures("folder")
def test_paths_that_end_alike_are_told_apart_in_names() -> None:
    batch = read("""
[grid]
"posts.technical.people" = [1]
"posts.support.people" = [2]
""")
    assert batch.variants[1].name == "posts.technical.people=1, posts.support.people=2"


@pytest.mark.usefixtures("folder")
def test_a_grid_sets_text_uncertain_numbers_and_items_of_lists() -> None:
    path = "grants.unido_direct.tranches[0].amount"
    before = load_plan("short.toml")
    batch = read(f"""
[grid]
title = ["Ours"]
"host.delivered_share" = [0.5]
"{path}" = [123]
""")
    plan = batch.variants[1].plan
    assert plan.numbers.title == "Ours"
    assert plan.numbers.host is not None
    assert plan.numbers.host.delivered_share == 0.5
    assert "host.delivered_share" in before.uncertain
    assert "host.delivered_share" not in plan.uncertain
    assert plan.numbers.grants["unido_direct"].tranches[0].amount == 123
    others = set(before.uncertain) - {"host.delivered_share"}
    assert set(plan.uncertain) == others


@pytest.mark.usefixtures("folder")
def test_a_grid_sets_dates() -> None:
    """The base states the month in full, with unit and source; a date stands alone."""
    batch = read("""
[grid]
start = [1996-01-01, 1997-01-01]
"costs.from_month" = [1, 1997-03-01]
""")
    found = {
        v.name: (v.plan.numbers.start, v.plan.numbers.costs.from_month) for v in batch.variants
    }
    early, late = date(1996, 1, 1), date(1997, 1, 1)
    assert found == {
        "base": (late, 12),
        "start=1996-01-01, from_month=1": (early, 1),
        "start=1996-01-01, from_month=1997-03-01": (early, 14),
        "start=1997-01-01, from_month=1": (late, 1),
        "start=1997-01-01, from_month=1997-03-01": (late, 2),
    }
    dates = {"start": "1997-01-01", "costs.from_month": "1997-03-01"}
    assert batch.variants[-1].settings == dates  # text, as a manifest keeps it


def test_a_path_is_taken_apart() -> None:
    path = ("grants", "main", "tranches", 10, "amount")
    assert steps("grants.main.tranches[10].amount") == path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("method", "points"), [("latin_hypercube", 12), ("sobol", 16)])
def test_a_design_fills_its_ranges_evenly(method: str, points: int) -> None:
    batch = read(DESIGN.format(seed=1, points=points, method=method))
    base, *found = batch.variants
    assert [variant.name for variant in found] == [f"point {i + 1}" for i in range(points)]
    months = [variant.settings["costs.equipment_month"] for variant in found]
    assert all(isinstance(month, int) for month in months)
    assert set(months) == {6, 7, 8, 9}
    # One point in each of as many equal strata: of the range, and of the distribution.
    travel = np.array([float(variant.settings["costs.travel_month"]) for variant in found])
    assert sorted(((travel - 100) / 200 * points).astype(int)) == list(range(points))
    shares = np.sort([float(variant.settings["host.delivered_share"]) for variant in found])
    prior = base.plan.uncertain["host.delivered_share"]
    edges = [prior.quantile(min(max(i / points, 1e-12), 1 - 1e-12)) for i in range(points + 1)]
    assert all(a <= x <= b for a, x, b in zip(edges, shares, edges[1:], strict=False))
    for variant in found:
        numbers = variant.plan.numbers
        assert numbers.host is not None
        assert variant.settings == {
            "costs.equipment_month": numbers.costs.equipment_month,
            "costs.travel_month": numbers.costs.travel_month,
            "host.delivered_share": numbers.host.delivered_share,
        }


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_the_seed_gives_the_points(method: str) -> None:
    points = {
        seed: [v.settings for v in read(DESIGN.format(seed=seed, points=8, method=method)).variants]
        for seed in (0, 1, 2)
    }
    again = read(DESIGN.format(seed=1, points=8, method=method))
    assert [variant.settings for variant in again.variants] == points[1]
    assert points[0] != points[1] != points[2]


def test_the_example_in_the_help_is_a_batch(folder: Path) -> None:
    text = EXAMPLE.partition("mixes.toml:\n")[2].replace("points = 32", "points = 2")
    (folder / "mixes.toml").write_text(text)
    names = [variant.name for variant in read_batch("mixes.toml").variants]
    assert names[:4] == [
        "base",
        "no_members",
        "months=36",
        "months=60",
    ]
    assert names[4:] == ["point 1", "point 2"]
