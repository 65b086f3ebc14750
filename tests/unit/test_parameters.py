"""Forecasts draw from what was learned, and from the plan where it says otherwise."""

import json
from collections.abc import Mapping
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.posterior import (
    DRAWS,
    PosteriorError,
    load_posterior,
    shipped,
    with_parameters,
)
from ncpcsim.plan.ensemble import Ensemble
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.plan.problems import PlanError
from ncpcsim.results.manifest import drawn

GENERIC = load_plan("generic")
PATH = "market.word_of_mouth_clients"
OTHER = "turnover.leaves_year"
OWN = "segments.large.potential_clients"


def values(plan: Plan) -> Mapping[str, object]:
    """The parameters that a plan draws from an ensemble."""
    return plan.ensemble.values if plan.ensemble else {}


def learned_of(plan: Plan) -> Mapping[str, object]:
    """The parameters of a plan that the shipped posterior knows."""
    return values(with_parameters(plan))


def test_an_ensemble_takes_the_place_of_priors_and_of_nothing_else() -> None:
    two = Ensemble("two", {PATH: np.array([1.0, 2.0]), "no.such": np.array([3.0, 4.0])})
    changed = GENERIC.drawn_from(two)
    assert draw_parameters(changed, 1, 1)[PATH] == 2.0
    before, after = draw_parameters(GENERIC, 1, 1), draw_parameters(changed, 1, 1)
    assert {k for k in before if before[k] != after[k]} == {PATH}
    assert "no.such" not in after


def test_rows_are_picked_by_weight() -> None:
    heavy = Ensemble("heavy", {PATH: np.array([1.0, 2.0])}, np.array([0.9, 0.1]))
    weighed = GENERIC.drawn_from(heavy)
    ones = [draw_parameters(weighed, 1, n)[PATH] == 1.0 for n in range(2000)]
    assert np.mean(ones) == pytest.approx(0.9, abs=0.02)


def test_plans_meet_the_same_row_in_the_same_draw() -> None:
    plans = [with_parameters(load_plan(name)) for name in ("generic", "tapered", "sme_only")]
    for draw in range(20):
        assert len({draw_parameters(plan, 1, draw)[PATH] for plan in plans}) == 1


def test_values_of_a_row_go_together() -> None:
    plan = with_parameters(GENERIC)
    learned = load_posterior(shipped())
    rows = set(zip(learned.columns[PATH], learned.columns["learning.months"], strict=True))
    for draw in range(20):
        values = draw_parameters(plan, 1, draw)
        assert (values[PATH], values["learning.months"]) in rows


def test_a_parameter_stated_otherwise_is_drawn_as_stated() -> None:
    low = {
        "distribution": "uniform",
        "low": 5,
        "high": 6,
        "unit": GENERIC.quantities[PATH].unit,
        "assumption": True,
    }
    plan = GENERIC.variant({PATH: low})
    assert PATH in learned_of(GENERIC)
    for made in (with_parameters(plan), with_parameters(GENERIC).variant({PATH: low})):
        assert PATH not in values(made)
        assert 5 <= draw_parameters(made, 1, 0)[PATH] <= 6
    held = {"value": 3, "unit": GENERIC.quantities[PATH].unit, "assumption": True}
    assert PATH not in draw_parameters(with_parameters(GENERIC.variant({PATH: held})), 1, 0)


def test_what_is_a_centres_own_is_learned_for_that_centre_only(tmp_path: Path) -> None:
    assert OWN in learned_of(load_plan("hungary"))
    assert OWN not in learned_of(GENERIC)
    ours = tmp_path / "ours.toml"
    ours.write_text('extends = "hungary"\n', encoding="utf-8")
    assert OWN in learned_of(load_plan(ours))


def test_the_prior_is_the_plans_own() -> None:
    plan = with_parameters(with_parameters(GENERIC), "prior")
    assert plan.ensemble is None
    assert draw_parameters(plan, 1, 3) == draw_parameters(GENERIC, 1, 3)


def test_a_point_is_one_value_for_each() -> None:
    plan = with_parameters(load_plan("hungary"), "point")
    first, second = (draw_parameters(plan, 1, draw) for draw in (0, 1))
    assert first == second
    assert first.keys() == plan.uncertain.keys()
    assert first[OTHER] == plan.uncertain[OTHER].quantile(0.5)
    column = load_posterior(shipped()).columns[PATH]
    assert first[PATH] == pytest.approx(np.median(column), rel=0.02)


def test_plans_of_one_hash_may_draw_differently_and_say_so() -> None:
    assert with_parameters(GENERIC).hash == GENERIC.hash
    assert drawn(with_parameters(GENERIC)).startswith("posterior hungary+czech ")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(copytree(shipped(), tmp_path / "mine"))


def test_a_folder_of_ones_own_serves_as_well(copied: Path) -> None:
    mine, theirs = with_parameters(GENERIC, copied), with_parameters(GENERIC)
    assert draw_parameters(mine, 1, 4) == draw_parameters(theirs, 1, 4)


def test_damage_is_found_and_reported(copied: Path) -> None:
    content = bytearray((copied / DRAWS).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / DRAWS).write_bytes(bytes(content))
    with pytest.raises(PosteriorError, match=r"draws\.parquet: is damaged"):
        load_posterior(copied)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 99}, "format is 99, expected 2"),
        ({"kind": "batch"}, "is not the manifest of a posterior"),
    ],
)
def test_another_kind_of_folder_is_refused(
    copied: Path, change: dict[str, object], says: str
) -> None:
    manifest = copied / "manifest.json"
    changed = json.loads(manifest.read_text(encoding="utf-8")) | change
    manifest.write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(PosteriorError, match=says):
        load_posterior(copied)


def test_a_changed_prior_is_found_out(copied: Path) -> None:
    """Unseen, its draws would no longer take the place of the plans' own statements."""
    manifest = copied / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    changed = text.replace('"high": ', '"high": 1', 1)
    assert changed != text
    manifest.write_text(changed, encoding="utf-8")
    with pytest.raises(PosteriorError, match=r"manifest\.json: is truncated or damaged"):
        load_posterior(copied)


def test_a_missing_posterior_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PosteriorError, match="no posterior here"):
        with_parameters(GENERIC, tmp_path)


def test_every_learned_parameter_still_has_the_prior_it_was_learned_from() -> None:
    """A prior changed after the fit would silently not be replaced: the fit must be made again."""
    learned = load_posterior(shipped())
    for name in learned.columns:
        centre, _, path = name.rpartition(":")
        plan = load_plan(centre or "generic")
        assert path in learned_of(plan), name


def test_what_learned_nothing_is_marked_in_the_plans() -> None:
    learned = json.loads((shipped() / "manifest.json").read_text(encoding="utf-8"))["parameters"]
    for name, one in learned.items():
        centre, _, path = name.rpartition(":")
        stated = load_plan(centre or "generic").quantities[path]
        assert stated.prior_driven == one["prior_driven"], name


def test_a_draw_outside_the_bounds_of_its_field_is_refused_once_and_for_all() -> None:
    plan = load_plan("generic")
    path = "host.delivered_share"
    for values in ([0.5, 1.2], [-0.1, 0.5]):
        outside = Ensemble("posterior of nobody", {path: np.array(values)})
        with pytest.raises(PlanError, match=f"{path}: is drawn as .*, expected within"):
            plan.drawn_from(outside)
    assert plan.drawn_from(Ensemble("fine", {path: np.array([0.0, 1.0])})).ensemble is not None
    scale = Ensemble("posterior of nobody", {"competition.trained_scale": np.array([0.0, 5.0])})
    with pytest.raises(PlanError, match="trained_scale: is drawn as 0"):
        plan.drawn_from(scale)
