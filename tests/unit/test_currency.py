"""A plan is in one currency, and what it inherits in another is converted once."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ncpcsim.plan.currency import converted
from ncpcsim.plan.fields import field_at, unit_of
from ncpcsim.plan.frozen import thaw
from ncpcsim.plan.load import Plan, load_plan, plan_from_tree
from ncpcsim.plan.problems import KeyPath, Layer, PlanError
from ncpcsim.plan.quantity import DISTRIBUTIONS, IN_UNIT, Provenance, is_money, is_quantity, unit_in
from ncpcsim.plan.variants import Batch, Variant, read_batch

GENERIC = load_plan("generic")
RATE = """
[currency_rate]
of = "USD"
units = { value = 200, unit = "units/unit", source = "mean of 1998" }
"""


def plan_of(folder: Path, text: str, name: str = "ours", extends: str = "generic") -> Plan:
    file = folder / f"{name}.toml"
    file.write_text(f'extends = "{extends}"\n{text}', encoding="utf-8")
    return load_plan(file)


def refused(folder: Path, text: str, extends: str = "generic") -> list[str]:
    with pytest.raises(PlanError) as error:
        plan_of(folder, text, extends=extends)
    return [line.removeprefix(f"{folder}/") for line in error.value.lines]


@pytest.fixture
def forints(tmp_path: Path) -> Plan:
    return plan_of(tmp_path, f'currency = "HUF"\n{RATE}', "forints")


def numbers(tree: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str, float]]:
    """Every number of a plan: its path, what it is of its statement, and itself."""
    if is_quantity(tree):
        for key, node in tree.items():
            if isinstance(node, int | float) and not isinstance(node, bool):
                yield path, key, node
    elif isinstance(tree, Mapping):
        for key, node in tree.items():
            yield from numbers(node, (*path, key))
    elif isinstance(tree, list):
        for index, node in enumerate(tree):
            yield from numbers(node, (*path, index))
    elif isinstance(tree, int | float) and not isinstance(tree, bool):
        yield path, "value", tree


def test_a_plan_that_names_no_currency_is_in_dollars() -> None:
    tree = {key: node for key, node in GENERIC.tree.items() if key != "currency"}
    assert plan_from_tree(tree, "ours").currency == "USD"


def test_the_average_centre_states_its_currency() -> None:
    assert GENERIC.tree["currency"] == "USD"


@pytest.mark.parametrize("code", ['"huf"', '"FORINT"', '"HU1"', '""', '" HUF"', "3"])
def test_a_currency_is_three_capital_letters(tmp_path: Path, code: str) -> None:
    (line,) = refused(tmp_path, f"currency = {code}\n")
    assert line.startswith("ours.toml:2: currency: is ")
    assert "expected" in line


def test_every_inherited_amount_is_converted_and_nothing_else(forints: Plan) -> None:
    inherited = {(path, key): x for path, key, x in numbers(GENERIC.tree)}
    found = {(path, key): x for path, key, x in numbers(forints.tree) if path[0] != "currency_rate"}
    assert found.keys() == inherited.keys()
    for (path, key), x in inherited.items():
        money = is_money(unit_of(field_at(path))) and key != "sigma"
        assert found[path, key] == (200 * x if money else x), path


def test_the_programme_s_support_is_converted(forints: Plan) -> None:
    month, amount = forints.numbers.agreements["programme_direct"].amounts()[0]
    assert (month, round(amount)) == (0, round(200 * 0.664 * 77_900))


def test_the_spread_of_logarithms_is_in_no_currency(forints: Plan) -> None:
    path = "services.training.clients.sme.willingness"
    dollars, ours = GENERIC.uncertain[path].model_dump(), forints.uncertain[path].model_dump()
    assert ours["median"] == 200 * dollars["median"]
    assert ours["sigma"] == dollars["sigma"]


def test_every_parameter_of_a_distribution_is_in_the_unit_or_a_spread_of_logarithms() -> None:
    remarks = {*Provenance.model_fields, "distribution"}
    for model in DISTRIBUTIONS.values():
        assert model.model_fields.keys() - remarks <= {*IN_UNIT, "sigma"}


@pytest.mark.parametrize(
    ("stated", "keys"),
    [
        ({"distribution": "uniform", "low": 1, "high": 3}, {"low", "high"}),
        ({"distribution": "triangular", "low": 1, "mode": 2, "high": 3}, {"low", "mode", "high"}),
        ({"distribution": "normal", "mean": 9, "sd": 1}, {"mean", "sd"}),
        ({"distribution": "lognormal", "median": 2, "sigma": 0.5}, {"median"}),
        ({"value": 2}, {"value"}),
    ],
)
def test_every_parameter_in_money_is_converted(stated: dict[str, Any], keys: set[str]) -> None:
    ours = Layer(Path("ours.toml"), "", tomllib.loads(f'currency = "HUF"\n{RATE}'))
    tree, problems = converted({"opening": {"cash": stated}}, ours)
    after = tree["opening"]["cash"]
    assert not problems
    assert {key for key in stated if after[key] != stated[key]} == keys
    assert all(after[key] == 200 * stated[key] for key in keys)


def test_amounts_of_the_plan_itself_are_not_converted(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f'currency = "HUF"\n[opening]\ncash = 5\n{RATE}')
    assert plan.numbers.opening.cash == 5
    assert plan.numbers.liquidity.credit_line == 200 * GENERIC.numbers.liquidity.credit_line


def test_a_plan_that_extends_one_in_its_currency_converts_nothing_again(
    tmp_path: Path, forints: Plan
) -> None:
    for text in ("", 'currency = "HUF"\n'):
        plan = plan_of(tmp_path, text, extends="forints.toml")
        assert plan.tree == forints.tree
        assert plan.currency == "HUF"


def test_a_plan_as_resolved_is_not_converted_again(forints: Plan) -> None:
    resolved = plan_from_tree(thaw(forints.tree), "again")
    assert resolved.tree == forints.tree
    assert forints.variant({"opening.cash": 7}).numbers.thresholds == forints.numbers.thresholds


def test_a_chain_of_currencies_is_converted_step_by_step(tmp_path: Path, forints: Plan) -> None:
    rate = RATE.replace('"USD"', '"HUF"').replace("200", "0.5")
    plan = plan_of(tmp_path, f'currency = "EUR"\n{rate}', extends="forints.toml")
    line = "liquidity.credit_line"
    assert plan.quantities[line].quantile(0.5) == forints.quantities[line].quantile(0.5) / 2
    assert plan.numbers.currency_rate is not None
    assert plan.numbers.currency_rate.of == "HUF"


def test_another_currency_without_a_rate_is_refused_at_its_key(tmp_path: Path) -> None:
    (line,) = refused(tmp_path, 'title = "Ours"\ncurrency = "HUF"\n')
    what = "is 'HUF', but the extended plan's is 'USD', expected a [currency_rate] section"
    assert line == f"ours.toml:3: currency: {what} that converts its amounts"


def test_an_inherited_rate_does_not_serve_for_another_currency(
    tmp_path: Path, forints: Plan
) -> None:
    (line,) = refused(tmp_path, 'currency = "EUR"\n', extends=f"{forints.name}.toml")
    assert line.startswith("ours.toml:2: currency: is 'EUR', but the extended plan's is 'HUF'")


def test_a_rate_to_another_currency_than_the_extended_plans_is_refused(tmp_path: Path) -> None:
    text = f'currency = "HUF"\n{RATE}'.replace("USD", "EUR")
    what = "is 'EUR', expected 'USD', the extended plan's currency"
    assert refused(tmp_path, text) == [f"ours.toml:5: currency_rate.of: {what}"]


@pytest.mark.parametrize(
    ("rate", "key"),
    [
        ("currency_rate = 200", "currency_rate"),
        ('[currency_rate]\nof = "USD"', "currency_rate.units"),
        ('[currency_rate]\nof = "USD"\nunits = 200', "currency_rate.units"),
        (RATE.replace(', source = "mean of 1998"', ""), "currency_rate.units"),
        (RATE.replace("200", "0"), "currency_rate.units"),
        (RATE.replace("200", "-1"), "currency_rate.units"),
        (RATE.replace("200", "inf"), "currency_rate.units.value"),
        (RATE.replace("200", "true"), "currency_rate.units.value"),
        (RATE.replace('of = "USD"\n', ""), "currency_rate.of"),
    ],
)
def test_a_rate_states_what_it_is_of_how_much_and_where_it_comes_from(
    tmp_path: Path, rate: str, key: str
) -> None:
    (line,) = refused(tmp_path, f'currency = "HUF"\n{rate}\n')
    assert f": {key}: " in line
    assert "expected" in line


@pytest.mark.parametrize("text", [RATE, f'currency = "USD"\n{RATE}'])
def test_a_rate_that_converts_nothing_is_refused(tmp_path: Path, text: str) -> None:
    (line,) = refused(tmp_path, text)
    assert ": currency_rate: converts nothing, expected it only where `currency`" in line


def test_rates_to_the_dollar_are_not_inherited_across_currencies(tmp_path: Path) -> None:
    yearly = '[rates_to_usd.1998]\nunits = { value = 214, unit = "units/USD", assumption = true }\n'
    plan_of(tmp_path, f'currency = "HUF"\n{RATE}{yearly}', "forints")
    same = plan_of(tmp_path, "", extends="forints.toml")
    assert same.numbers.rates_to_usd["1998"].units == 214
    rate = RATE.replace('"USD"', '"HUF"')
    other = plan_of(tmp_path, f'currency = "EUR"\n{rate}', extends="forints.toml")
    assert not other.numbers.rates_to_usd


@pytest.mark.parametrize("year", ["98", "year", "19980"])
def test_rates_to_the_dollar_are_by_year(tmp_path: Path, year: str) -> None:
    units = 'units = { value = 214, unit = "units/USD", assumption = true }'
    lines = refused(tmp_path, f"[rates_to_usd.{year}]\n{units}\n")
    assert all(f"rates_to_usd.{year}" in line for line in lines)


@pytest.mark.parametrize("path", ["currency", "currency_rate", "currency_rate.units"])
def test_a_variant_does_not_rename_its_amounts(path: str, forints: Plan) -> None:
    with pytest.raises(PlanError, match=f"{path}: would rename amounts and convert none"):
        forints.variant({path: "EUR"})


def batch_of(folder: Path, text: str) -> list[str]:
    file = folder / "batch.toml"
    file.write_text(f'base = "generic"\n{text}', encoding="utf-8")
    with pytest.raises(PlanError) as error:
        read_batch(file)
    return [line.removeprefix(f"{folder}/") for line in error.value.lines]


def test_a_grid_does_not_rename_its_amounts(tmp_path: Path) -> None:
    (line,) = batch_of(tmp_path, '[grid]\ncurrency = ["USD", "HUF"]\n')
    assert line.startswith("batch.toml:3: grid.currency: would rename amounts and convert none")


def test_a_batch_is_in_one_currency(tmp_path: Path, forints: Plan) -> None:
    own = RATE.replace("[currency_rate]", "[variants.ours.currency_rate]")
    (line,) = batch_of(tmp_path, f'[variants.ours]\ncurrency = "HUF"\n{own}')
    assert line == (
        "batch.toml:3: variants.ours.currency: is 'HUF', expected 'USD' as in the base: amounts "
        "are compared"
    )
    with pytest.raises(ValueError, match="variants are in HUF and USD, expected one currency"):
        Batch((Variant("a", GENERIC), Variant("b", forints)))


def test_units_are_read_in_the_currency() -> None:
    assert unit_in("money/month", "HUF") == "HUF/month"
    assert unit_in("money/money", "HUF") == "HUF/HUF"
    assert unit_in("months", "HUF") == "months"


def test_a_plan_as_resolved_states_the_rate_and_its_source(forints: Plan) -> None:
    stated = json.loads(forints.as_json())
    assert stated["currency"] == "HUF"
    assert stated["currency_rate"]["units"]["source"] == "mean of 1998"
