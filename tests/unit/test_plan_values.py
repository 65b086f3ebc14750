"""Plans are frozen, changed into new ones, and hold values and distributions."""

import json
import math
import pickle
import re
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from ncpcsim.experiment.replications import run_table
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import Plan, load_plan, plan_from_tree
from ncpcsim.plan.problems import PlanError
from ncpcsim.plan.quantity import Fixed, LogNormal, Normal, Quantity, Triangular, Uniform
from ncpcsim.report import run as simulated
from tests.plan_files import SHIPPED, plan_of

# Frozen, and changed into new plans.


def test_nothing_of_a_plan_can_be_assigned(generic: Plan) -> None:
    with pytest.raises(FrozenInstanceError):
        generic.name = "other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del generic.numbers
    with pytest.raises(ValidationError, match="frozen"):
        generic.numbers.title = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        generic.numbers.services["training"].clients["sme"].price = 1  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        generic.quantities["host.delay_months"].unit = "years"  # type: ignore[misc]


@pytest.mark.parametrize("what", ["tree", "posts", "quantities", "section"])
def test_nothing_can_be_put_into_a_plan(what: str) -> None:
    plan = load_plan("generic")
    holder: Any = {
        "tree": plan.tree,
        "posts": plan.numbers.posts,
        "quantities": plan.quantities,
        "section": plan.tree["opening"],
    }[what]
    with pytest.raises(TypeError):
        holder["new"] = 1


def test_a_variant_is_new_and_leaves_the_plan_as_it_was(generic: Plan) -> None:
    before = generic.as_json()
    variant = generic.variant(
        {
            "services.training.clients.sme.price": 1234,
            "host.delay_months": {"value": 5, "unit": "months", "assumption": True},
            "title": "Dearer",
        },
        name="dear",
    )
    assert (variant.name, variant.numbers.title) == ("dear", "Dearer")
    assert variant.numbers.services["training"].clients["sme"].price == 1234
    assert variant.numbers.host is not None
    assert variant.numbers.host.delay_months == 5
    assert "host.delay_months" not in variant.uncertain
    assert generic.as_json() == before
    assert generic == load_plan("generic")
    assert variant.variant({}, name="dear") == variant


def test_a_variant_keeps_nothing_of_the_changes_it_was_given(generic: Plan) -> None:
    change = {"value": 5, "unit": "months", "assumption": True}
    variant = generic.variant({"host.delay_months": change})
    before = variant.as_json()
    change["value"] = 6
    assert variant.as_json() == before


def test_a_variant_has_its_plans_name_unless_told() -> None:
    assert load_plan("czech").variant({"title": "x"}).name == "czech"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("opening.cash", -1, "generic:1: opening.cash: is -1, expected greater than or"),
        ("host.delay_months", 3, "generic:1: host.delay_months: is a bare number, expected its or"),
        ("no.such.key", 3, "generic:1: no: unknown key, expected one of title"),
        ("services.training.prize", 3, "generic:1: services.training.prize: unknown key"),
        pytest.param(
            "title.short",
            "x",
            "generic:1: title",
        ),
    ],
)
def test_a_variant_that_is_no_plan_is_refused(
    path: str, value: object, said: str, generic: Plan
) -> None:
    with pytest.raises(PlanError) as caught:
        generic.variant({path: value})
    (line,) = caught.value.lines
    assert line.startswith(said)


def test_equal_plans_have_equal_hashes_and_other_plans_others(generic: Plan) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", generic.hash)
    assert generic.hash == load_plan("generic").hash
    variants = [
        generic.variant({"opening.cash": {"value": 1, "assumption": True}}),
        generic.variant({"opening.cash": {"value": 2, "assumption": True}}),
        generic.variant({"opening.cash": {"value": 2, "source": "me"}}),
        generic.variant({"title": "x"}),
        generic.variant({"start": date(1997, 1, 1)}),
        *(load_plan(name) for name in SHIPPED),
    ]
    assert len({plan.hash for plan in variants}) == len(variants)


def test_the_hash_is_of_the_plan_as_resolved(tmp_path: Path, generic: Plan) -> None:
    same = plan_of(tmp_path, '# a comment\nextends = "generic"\n', "other_name.toml")
    assert same.hash == generic.hash
    assert json.loads(same.as_json())["start"] == generic.numbers.start.isoformat()
    whole = shipped_plans()["generic"].read_text().replace("\n\n", "\n\n# another comment\n\n")
    assert plan_of(tmp_path, whole).hash == generic.hash


def reversed_order(node: Any) -> Any:
    """A tree with the keys of every table in the opposite order."""
    if isinstance(node, dict):
        return {key: reversed_order(child) for key, child in reversed(node.items())}
    return [reversed_order(child) for child in node] if isinstance(node, list) else node


@pytest.mark.parametrize("name", SHIPPED)
def test_a_plan_in_another_order_is_the_same_plan(name: str) -> None:
    plan = load_plan(name)
    again = plan_from_tree(reversed_order(dict(plan.tree)), name)
    assert list(again.tree) == list(plan.tree)[::-1]
    assert again.hash == plan.hash
    assert simulated.run(again, 5).equals(simulated.run(plan, 5))
    one, other = (run_table(each, 5, detail=True).frame() for each in (plan, again))
    assert set(other) == set(one)
    assert other[list(one)].equals(one)


@pytest.mark.parametrize("name", SHIPPED)
def test_plans_travel_between_processes(name: str) -> None:
    plan = load_plan(name)
    used = plan.at({})  # what has been looked up travels too
    copy = pickle.loads(pickle.dumps(plan))  # noqa: S301
    assert copy == plan
    assert (copy.hash, copy.at({})) == (plan.hash, used)


def test_a_plan_error_travels_between_processes() -> None:
    error = PlanError(["a:1: b: is wrong", "a:2: c: is wrong"])
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (copy.lines, str(copy)) == (error.lines, str(error))


# Values in place of medians.


def test_values_take_the_place_of_medians(generic: Plan) -> None:
    at = generic.at({"host.delay_months": 4.5, "services.training.clients.sme.willingness": 800.0})
    assert at.host is not None
    assert at.host.delay_months == 4.5
    assert at.services["training"].clients["sme"].willingness == 800
    changed = at.model_dump()
    changed["host"]["delay_months"] = generic.quantities["host.delay_months"].quantile(0.5)
    changed["services"]["training"]["clients"]["sme"]["willingness"] = generic.quantities[
        "services.training.clients.sme.willingness"
    ].quantile(0.5)
    assert changed == generic.numbers.model_dump()
    assert generic.at({}) == generic.numbers == load_plan("generic").numbers


def test_a_value_in_a_list_is_found(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        'extends = "czech"\n[grants.programme_direct]\ntranches = [{ month = 0, '
        "amount = 1 }, { month = 1, amount = { value = 2, assumption = true } }]\n",
    )
    at = plan.at({"grants.programme_direct.tranches[1].amount": 9})
    assert [t.amount for t in at.grants["programme_direct"].tranches] == [1, 9]


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ({"host.delay_months": -0.5}, ["host.delay_months: is -0.5, expected greater than or eq"]),
        ({"host.delivered_share": 1.5}, ["host.delivered_share: is 1.5, expected less than or eq"]),
        ({"host.delay_months": float("nan")}, ["host.delay_months: is nan, expected a finite nu"]),
        (
            {"host.delay_months": float("inf"), "market.climate_effect": -1.0},
            ["host.delay_months: is inf, expected", "market.climate_effect: is -1.0, expected"],
        ),
    ],
)
def test_values_out_of_bounds_are_refused_together(
    values: dict[str, float], lines: list[str], generic: Plan
) -> None:
    with pytest.raises(PlanError) as caught:
        generic.at(values)
    for line, want in zip(caught.value.lines, lines, strict=True):
        assert line.startswith(want)


def test_a_value_of_no_number_is_refused(generic: Plan) -> None:
    with pytest.raises(KeyError):
        generic.at({"host.no_such_number": 1.0})


# Distributions.

_FINITE = st.floats(-1e6, 1e6, allow_nan=False)


_WIDTH = st.floats(1e-3, 1e6)


_PROBABILITY = st.floats(2.0**-53, 1 - 2.0**-53)


@st.composite
def distributions(draw: st.DrawFn) -> tuple[Quantity, Any]:
    """A distribution of a plan, and the same of scipy."""
    low, width = draw(_FINITE), draw(_WIDTH)
    match draw(st.sampled_from(["uniform", "triangular", "normal", "lognormal"])):
        case "uniform":
            return (
                Uniform(distribution="uniform", low=low, high=low + width, source="x"),
                stats.uniform(low, width),
            )
        case "triangular":
            share = draw(st.floats(0, 1))
            mode = min(low + share * width, low + width)
            return (
                Triangular(
                    distribution="triangular", low=low, mode=mode, high=low + width, source="x"
                ),
                stats.triang(min((mode - low) / width, 1.0), low, width),
            )
        case "normal":
            return (
                Normal(distribution="normal", mean=low, sd=width, source="x"),
                stats.norm(low, width),
            )
        case _:
            sigma = draw(st.floats(1e-3, 3))
            return (
                LogNormal(distribution="lognormal", median=width, sigma=sigma, source="x"),
                stats.lognorm(sigma, scale=width),
            )


@given(distributions(), _PROBABILITY)
def test_quantiles_are_scipys(pair: tuple[Quantity, Any], u: float) -> None:
    ours, theirs = pair
    low, high = ours.support()
    scale = high - low if low > float("-inf") and high < float("inf") else theirs.std()
    assert ours.quantile(u) == pytest.approx(theirs.ppf(u), rel=1e-6, abs=1e-6 * min(scale, 1e6))


@given(distributions(), _PROBABILITY, _PROBABILITY)
def test_quantiles_rise_and_stay_inside(pair: tuple[Quantity, Any], u: float, v: float) -> None:
    quantity, _ = pair
    low, high = quantity.support()
    lower, upper = quantity.quantile(min(u, v)), quantity.quantile(max(u, v))
    # Sums of large and small numbers round.
    slack = 1e-12 * max(abs(x) for x in (low, high, lower, upper, 1.0) if math.isfinite(x))
    assert low - slack <= lower <= upper + slack
    assert upper <= high + slack


@pytest.mark.parametrize(
    ("quantity", "u", "value"),
    [
        (Fixed(value=3, source="x"), 0.2, 3),
        (Uniform(distribution="uniform", low=2, high=6, source="x"), 0.25, 3),
        (Uniform(distribution="uniform", low=2, high=2, source="x"), 0.25, 2),
        (Triangular(distribution="triangular", low=0, mode=1, high=2, source="x"), 0.5, 1),
        (Triangular(distribution="triangular", low=0, mode=1, high=2, source="x"), 0.125, 0.5),
        (Triangular(distribution="triangular", low=0, mode=0, high=1, source="x"), 0.75, 0.5),
        (Triangular(distribution="triangular", low=0, mode=1, high=1, source="x"), 0.25, 0.5),
        (Triangular(distribution="triangular", low=4, mode=4, high=4, source="x"), 0.9, 4),
        (Normal(distribution="normal", mean=5, sd=2, source="x"), 0.5, 5),
        (LogNormal(distribution="lognormal", median=7, sigma=1, source="x"), 0.5, 7),
    ],
)
def test_quantiles_done_by_hand(quantity: Quantity, u: float, value: float) -> None:
    assert quantity.quantile(u) == pytest.approx(value)


def test_a_tree_makes_the_plan_that_its_file_makes(generic: Plan) -> None:
    tree = json.loads(json.dumps(dict(generic.tree), default=date.isoformat))
    tree["start"] = generic.numbers.start
    again = plan_from_tree(tree, "generic")
    assert again == generic


def test_a_plan_is_sent_without_what_is_worked_out_on_demand() -> None:
    """One thread may work it out while another pickles the plan, whose dictionary must not grow."""
    plan = load_plan("hungary")
    bare = len(pickle.dumps(plan))
    assert plan.hash
    assert plan.uncertain
    assert plan.at({}) == plan.numbers
    assert len(pickle.dumps(plan)) == bare
    sent = pickle.loads(pickle.dumps(plan))  # noqa: S301  our own
    assert (sent.hash, sent.uncertain, sent.numbers) == (plan.hash, plan.uncertain, plan.numbers)
