"""What is shipped, what inheritance means, and where plans are found."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ncpcsim.plan.fields import kind_of, model_at, unit_of
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.plan.problems import KeyPath, dotted
from ncpcsim.plan.quantity import Fixed
from tests.plan_files import SHIPPED, plan_of


def leaves(node: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value of a plan's tree: what is no section and no list."""
    if isinstance(node, dict) and not {"value", "distribution"} & node.keys():
        for key, child in node.items():
            yield from leaves(child, (*path, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from leaves(child, (*path, index))
    else:
        yield path, node


def fields_of(path: KeyPath) -> Any:
    model = model_at(path[:-1])
    return model.model_fields.get(str(path[-1])) if model else None


# What is shipped.


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_plan_loads_and_asks_a_question(name: str) -> None:
    plan = load_plan(name)
    assert plan.name == name
    assert plan.numbers.question.endswith("?")
    assert plan.uncertain


def test_there_is_an_average_centre_and_the_two_published_ones() -> None:
    assert {"czech", "generic", "hungary"} <= set(SHIPPED)
    assert len(SHIPPED) >= 10
    questions = {load_plan(name).numbers.question for name in SHIPPED}
    assert len(questions) == len(SHIPPED)


def test_generic_states_the_origin_of_every_number() -> None:
    raw = tomllib.loads(shipped_plans()["generic"].read_text())
    bare = []
    numbers = 0
    for path, node in leaves(raw):
        if isinstance(node, str | date | bool):
            continue
        numbers += 1
        if not (isinstance(node, dict) and ("source" in node) != (node.get("assumption") is True)):
            bare.append(dotted(path))
    assert numbers > 150
    assert bare == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_has_its_fields_unit(name: str) -> None:
    for path, quantity in load_plan(name).quantities.items():
        keys: KeyPath = tuple(
            int(part) if part.isdigit() else part for part in re.findall(r"\w+", path)
        )
        field = fields_of(keys)
        kind = kind_of(field)
        assert kind, path
        assert quantity.unit == unit_of(field) or (kind == "lever" and quantity.unit is None), path


@pytest.mark.parametrize("name", SHIPPED)
def test_the_numbers_are_the_medians(name: str) -> None:
    plan = load_plan(name)
    for path, quantity in plan.quantities.items():
        node: Any = plan.numbers.model_dump()
        for key in re.findall(r"\w+", path):
            node = node[int(key) if key.isdigit() else key]
        assert node == quantity.quantile(0.5), path


# What inheritance means.

OWN = """\
extends = "generic"
title = "Centre of my own"
question = "Is fifteen lines enough?"
start = 2003-07-01
without = ["posts.deputy"]

[posts.technical]
people = 3

[services.training.clients.sme]
price = 950

[market]
charge_from_month = 2004-01-01
word_of_mouth_clients = { value = 2, unit = "clients", assumption = true }
"""


def test_a_plan_of_fifteen_lines_is_enough(tmp_path: Path, generic: Plan) -> None:
    assert len(OWN.splitlines()) == 15
    plan = plan_of(tmp_path, OWN)
    mine, theirs = plan.numbers, generic.numbers
    assert (plan.name, mine.title) == ("mine", "Centre of my own")
    assert mine.start == date(2003, 7, 1)
    assert set(mine.posts) == set(theirs.posts) - {"deputy"}
    assert mine.posts["technical"].people == 3
    assert mine.posts["technical"].salary_month == theirs.posts["technical"].salary_month
    assert mine.services["training"].clients["sme"].price == 950
    assert (
        mine.services["training"].clients["large"] == theirs.services["training"].clients["large"]
    )
    assert mine.market.charge_from_month == 6
    assert mine.market.word_of_mouth_clients == 2
    assert "market.word_of_mouth_clients" in generic.uncertain
    assert set(generic.uncertain) - set(plan.uncertain) == {"market.word_of_mouth_clients"}
    unchanged = {"title", "question", "start", "posts", "services", "market"}
    assert mine.model_dump(exclude=unchanged) == theirs.model_dump(exclude=unchanged)


def test_a_table_that_states_a_number_is_replaced_whole(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        'extends = "generic"\n[host]\ndelay_months = '
        '{ distribution = "uniform", low = 1, high = 2, unit = "months", source = "me" }\n',
    )
    assert plan.tree["host"]["delay_months"] == {
        "distribution": "uniform",
        "low": 1,
        "high": 2,
        "unit": "months",
        "source": "me",
    }
    assert plan.quantities["host.delay_months"].origin == "me"


def test_a_number_replaces_a_table_and_a_table_a_number(tmp_path: Path) -> None:
    parent = 'extends = "generic"\n[opening]\ncash = 3\n[costs]\nequipment = 5\n'
    plan_of(tmp_path, parent, "parent.toml")
    plan = plan_of(
        tmp_path,
        'extends = "parent.toml"\n[opening]\ncash = { value = 4, source = "me" }\n',
    )
    assert plan.numbers.opening.cash == 4
    assert plan.numbers.costs.equipment == 5
    assert plan.quantities["opening.cash"] == Fixed(value=4, source="me")
    assert "costs.equipment" not in plan.quantities


def test_lists_are_replaced_not_joined(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        'extends = "czech"\n[grants.programme_direct]\ntranches = [{ month = 3, amount = 7 }]\n',
    )
    (tranche,) = plan.numbers.grants["programme_direct"].tranches
    assert (tranche.month, tranche.amount) == (3, 7)


def test_what_is_dropped_can_be_stated_anew(tmp_path: Path, generic: Plan) -> None:
    grant = """\
extends = "generic"
without = ["programme", "grants", "services.investment_proposal.follows", "host", "posts"]
[posts.boss]
role = "technical"
people = 1
salary_month = 1
payer = "centre"
then = "centre"
from_month = 0
[grants.mine]
giver = "other"
terms = "discretionary"
from_month = 0
until_month = 12
tranches = []
delay_months = { value = 0, unit = "months", assumption = true }
spend_months = 12
"""
    plan = plan_of(tmp_path, grant)
    assert list(plan.numbers.grants) == ["mine"]
    assert list(plan.numbers.posts) == ["boss"]
    assert plan.numbers.host is None
    assert generic.numbers.services["investment_proposal"].follows is not None
    assert plan.numbers.services["investment_proposal"].follows is None
    assert not {"without", "extends"} & plan.tree.keys()


def test_a_child_may_state_what_its_parent_dropped(tmp_path: Path) -> None:
    plan_of(tmp_path, 'extends = "generic"\nwithout = ["posts.support"]\n', "parent.toml")
    plan = plan_of(
        tmp_path,
        'extends = "parent.toml"\n[posts.support]\nrole = "support"\npeople = 7\n'
        'salary_month = 1\npayer = "centre"\nthen = "ends"\nfrom_month = 0\n',
    )
    assert plan.numbers.posts["support"].people == 7


@pytest.mark.parametrize("name", ["value", "distribution"])
def test_a_section_may_have_any_name(name: str, tmp_path: Path, generic: Plan) -> None:
    plan = plan_of(
        tmp_path,
        f'extends = "generic"\n[posts.{name}]\nrole = "support"\npeople = 7\n'
        'salary_month = 1\npayer = "centre"\nthen = "ends"\nfrom_month = 0\n',
    )
    assert list(plan.numbers.posts) == [*generic.numbers.posts, name]


def test_dates_are_months_after_the_start(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        'extends = "generic"\nstart = 1997-04-01\n[costs]\nfrom_month = 1997-04-01\n'
        "equipment_month = 1999-03-01\n[posts.support]\nfrom_month = 1997-12-01\n"
        "until_month = 1998-01-01\n",
    )
    assert plan.numbers.costs.from_month == 0
    assert plan.numbers.costs.equipment_month == 23
    assert (
        plan.numbers.posts["support"].from_month,
        plan.numbers.posts["support"].until_month,
    ) == (
        8,
        9,
    )


def test_dates_follow_the_start_of_the_plan_that_inherits_them(tmp_path: Path) -> None:
    parent = 'extends = "generic"\n[costs]\nequipment_month = 1997-01-01\n'
    assert plan_of(tmp_path, parent, "parent.toml").numbers.costs.equipment_month == 12
    child = plan_of(tmp_path, 'extends = "parent.toml"\nstart = 1995-01-01\n')
    assert child.numbers.costs.equipment_month == 24


# Where plans are found.


def test_a_shipped_name_and_a_path_mean_the_same() -> None:
    by_path = load_plan(shipped_plans()["hungary"])
    assert by_path == load_plan("hungary") == load_plan(str(shipped_plans()["hungary"]))


def test_a_relative_path_starts_at_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "p.toml").write_text('extends = "generic"\ntitle = "Here"\n')
    monkeypatch.chdir(tmp_path)
    assert load_plan("sub/p.toml").numbers.title == "Here"


def test_a_parents_path_starts_at_the_childs_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "root.toml").write_text('extends = "generic"\ntitle = "Root"\n')
    (tmp_path / "a" / "mid.toml").write_text('extends = "../root.toml"\n')
    (tmp_path / "a" / "b" / "leaf.toml").write_text('extends = "../mid.toml"\n')
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert load_plan("../a/b/leaf.toml").numbers.title == "Root"
    absolute = f'extends = "{tmp_path}/root.toml"\n'
    assert plan_of(tmp_path / "elsewhere", absolute).numbers.title == "Root"
