"""A plan becomes tables once; a draw fills cells, and gives the tables of the drawn plan."""

from random import Random
from unittest.mock import patch

import numpy as np
import pytest

from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.model import inputs
from ncpcsim.model.fields import NONE, Payer
from ncpcsim.model.inputs import CollisionError, tables_of_plan
from ncpcsim.plan.fields import field_at, may_vary
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.problems import dotted
from tests.generated_plans import KINDS, generated, places, stated_value
from tests.plans import bare_plan, changed, service

NOT_SIMULATED = {"thresholds.sustained_coverage"}
"""What is judged after the run."""


@pytest.mark.parametrize("name", list(shipped_plans()))
def test_filling_cells_gives_the_tables_of_the_drawn_plan(name: str) -> None:
    plan = with_parameters(load_plan(name))
    tables = tables_of_plan(plan.numbers)
    for draw in range(4):
        values = draw_parameters(plan, 7, draw)
        assert values.keys() - tables.cells.keys() <= NOT_SIMULATED
        anew = tables_of_plan(plan.at(values))
        assert np.array_equal(tables.filled(values), anew.words)
        assert anew.places == tables.places


@pytest.mark.parametrize("name", ["hungary", "ministry_pays", "czech"])
def test_every_number_that_may_vary_has_its_cells(name: str) -> None:
    plan = load_plan(name)
    tables = tables_of_plan(plan.numbers)
    found = [path for path in places(dict(plan.tree)) if may_vary(field_at(path))]
    assert len(found) > 300
    assert {dotted(path) for path in found} - tables.cells.keys() <= NOT_SIMULATED
    alone = [path for path in found if "earmarks" not in path]  # those sum to 1
    for path in Random(name).sample(alone, 40):
        value = 0.5 * stated_value(dict(plan.tree), path)
        other = changed(plan, {dotted(path): value})
        assert np.array_equal(
            tables.filled({dotted(path): value}), tables_of_plan(other.numbers).words
        ), path


@pytest.mark.parametrize("kind", KINDS)
def test_so_it_is_for_plans_of_every_kind(kind: str) -> None:
    for number in range(6):
        plan = generated(kind, number)
        tables = tables_of_plan(plan.numbers)
        values = draw_parameters(plan, 3, number)
        assert np.array_equal(tables.filled(values), tables_of_plan(plan.at(values)).words)


def test_a_row_has_the_plan_s_numbers_under_their_names() -> None:
    numbers = load_plan("hungary").numbers
    tables = tables_of_plan(numbers)
    found = dict(zip(tables.names.services, tables.inputs.services, strict=True))
    for name, stated in numbers.services.items():
        row = found[name]
        assert row.staff_days == stated.staff_days
        assert row.outside_share == stated.outside_share
        assert row.mission == stated.mission
        assert row.attended_days == (stated.attended_days or 0)
    held = dict(zip(tables.names.positions, tables.inputs.positions, strict=True))
    for name, post in numbers.posts.items():
        for person in range(post.people):
            position = held[f"{name}.{person}"]
            assert position.salary_month_usd == post.salary_month_usd
            payers = {"centre": Payer.CENTRE, "host": Payer.HOST}
            grants = list(numbers.grants)
            wanted = payers.get(post.payer, grants.index(post.payer) if post.payer in grants else 0)
            assert position.payer == wanted


def test_what_a_plan_leaves_out_is_the_number_that_does_nothing() -> None:
    row = tables_of_plan(bare_plan().numbers).inputs
    assert row.learning.productivity_at_start == 1
    assert row.credibility.at_start == 1
    assert row.management.most_share == row.management.least_share == 1
    assert row.overflow.days_month < 0
    assert row.host.delivered_share == row.membership.joins_probability == 0
    assert row.counters.hired == NONE


def test_a_service_more_leaves_keys_and_orders_as_they_were() -> None:
    plan = bare_plan()
    more = changed(plan, {"services": {"audit": service(), **plan.tree["services"]}})
    one, two = tables_of_plan(plan.numbers), tables_of_plan(more.numbers)
    visits = two.inputs.sources[-1]
    assert two.names.services == ("audit", "visit")
    (visit,) = one.inputs.sources
    keys = [name for name in visit._fields if name.endswith(("stream", "order"))]
    assert len(keys) > 10
    assert all(getattr(visit, key) == getattr(visits, key) for key in keys)


def test_names_that_have_the_same_number_are_refused() -> None:
    with (
        patch.object(inputs, "order", lambda _: 5),
        pytest.raises(CollisionError, match="have the same number: rename one of them"),
    ):
        tables_of_plan(load_plan("generic").numbers)


def test_a_matrix_has_the_draws_one_by_one() -> None:
    plan = with_parameters(load_plan("generic"))
    matrix = draw_matrix(plan, 5, [3, 0, 2**40])
    assert matrix.shape == (3, len(plan.uncertain))
    for row, draw in zip(matrix.tolist(), (3, 0, 2**40), strict=True):
        assert dict(zip(plan.uncertain, row, strict=True)) == draw_parameters(plan, 5, draw)
