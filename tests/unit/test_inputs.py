"""A plan becomes tables once; a draw fills cells, and gives the tables of the drawn plan."""

import math
import re
from collections.abc import Mapping
from random import Random
from typing import Any, get_type_hints
from unittest.mock import patch

import numpy as np
import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.parameters import draw_matrix
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.model import writer
from ncpcsim.model.fields import NONE, Inputs, Key, Payer
from ncpcsim.model.inputs import Tables, tables_of_plan
from ncpcsim.model.tables import columns, month_columns, tables_of, view
from ncpcsim.model.writer import NEVER, CollisionError
from ncpcsim.plan.fields import bounds_of, field_at, may_vary
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
        again = tables_of_plan(plan.at(values))
        assert np.array_equal(tables.filled(values), again.words)
        assert again.places == tables.places


@pytest.mark.parametrize("name", ["hungary", "ministry_pays", "czech"])
def test_every_number_that_may_vary_has_its_cells(name: str) -> None:
    plan = load_plan(name)
    tables = tables_of_plan(plan.numbers)
    found = [path for path in places(dict(plan.tree)) if may_vary(field_at(path))]
    assert len(found) > 300
    assert {dotted(path) for path in found} - tables.cells.keys() <= NOT_SIMULATED
    # Those that sum to 1 cannot be moved alone.
    alone = [path for path in found if not {"earmarks", "programme_share"} & set(path)]
    for path in Random(name).sample(alone, 40):
        field = field_at(path)
        assert field is not None
        value = max(0.5 * stated_value(dict(plan.tree), path), bounds_of(field)[0])
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


@pytest.mark.parametrize("name", list(shipped_plans()))
def test_every_cell_has_the_number_that_stands_at_its_path(name: str) -> None:
    numbers = load_plan(name).numbers
    tables = tables_of_plan(numbers)
    stated = by_word(tables)
    assert len(tables.cells) > 100
    for path, cells in tables.cells.items():
        for cell in cells:
            assert stated[cell] == number_at(numbers, path), path


def by_word(tables: Tables) -> list[float]:
    """Every word as the number that it is."""
    found: list[float] = []
    for span in tables.places.values():
        for row in view(tables.words, span).tolist():
            found += row if isinstance(row, tuple) else [row]
    return found


def number_at(numbers: Any, path: str) -> Any:
    """The number at a dotted path of a plan; what is not stated there stands above it, or is 0."""
    found = numbers
    for key in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(found, Mapping):
            found = found[key]
        elif isinstance(found, tuple):
            found = found[int(key)]
        else:
            found = getattr(found, key)
    return 0 if found is None else found


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
            assert position.salary_month == post.salary_month
            payers = {"centre": Payer.CENTRE, "host": Payer.HOST}
            grants = list(numbers.grants)
            wanted = payers.get(post.payer, grants.index(post.payer) if post.payer in grants else 0)
            assert position.payer == wanted


def test_what_a_plan_leaves_out_is_the_number_that_does_nothing() -> None:
    row = tables_of_plan(bare_plan().numbers).inputs
    assert row.learning[:2] == (1.0, 1.0)
    assert row.turnover == (0.0, 0.0, 0.0)
    assert row.liquidity.refused_probability == 0
    assert (row.liquidity.advanced_share, row.liquidity.advance_probability) == (0, 0)
    assert row.exchange[:2] == (0.0, 0.0)
    assert row.economy[:5] == (0.0,) * 5
    assert row.credibility == (1.0, 0.0, 0.0, 0.0, 0.0)
    assert row.competition == (0.0, 0.0, 1.0)
    assert row.overflow == (NEVER, -1.0)
    assert row.ministry == (0.0, 0.0)
    assert row.membership == (0.0, NEVER, 0.0, 0.0, NONE)
    assert (row.savings.present, row.savings.counts) == (False, NONE)
    none: dict[str, float] = {
        "kind": NONE,
        "kind_alone": NONE,
        "available_share": 1,
        "most_people": math.inf,
    }
    stated = [name for name in row.host._fields if not name.endswith(("_stream", "_order"))]
    assert all(getattr(row.host, name) == none.get(name, 0) for name in stated)
    assert row.declaration.step_months == 1
    assert row.counters[3:] == (NONE, NONE, NONE)
    director = row.management
    assert (director.present, director.team) == (False, NONE)
    assert (director.plans_posts, director.fewest_people) == (False, 0)
    assert director.short_time_share == 1
    assert (director.bid_up_to_waiting, director.least_share, director.most_share) == (NEVER, 1, 1)
    (visit,) = row.services
    assert (visit.mission, visit.project, visit.teaching) == (False, False, NONE)
    assert (visit.contested_share, visit.attended_days, visit.cycle_exposure) == (0.0, 0.0, 0.0)
    (asked,) = row.demands
    assert asked[3:] == (0.0, 0.0, 0.0)
    assert row.offered == [0.0]
    (held,) = row.positions
    assert (held.payer, held.until_month, held.hired) == (Payer.CENTRE, math.inf, False)
    assert [line.memo for line in row.lines if line.account == Account.TRAVEL] == [NONE]
    assert all(not getattr(row, name) for name in ("categories", "donors", "grants", "contracts"))


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


@pytest.mark.parametrize("name", ["generic", "hungary"])
def test_a_service_more_leaves_all_other_rows_their_keys_and_orders(name: str) -> None:
    plan = load_plan(name)
    services = plan.tree["services"]
    copied = (
        dict(services["training"])
        if "training" in services
        else dict(next(iter(services.values())))
    )
    copied.pop("follows", None)
    more = plan.variant({"services": {"an_audit_more": copied, **services}})
    one, two = tables_of_plan(plan.numbers).inputs, tables_of_plan(more.numbers).inputs
    assert len(two.services) == len(one.services) + 1
    for table, (kind, single) in tables_of(Inputs).items():
        hints = get_type_hints(kind) if kind not in (int, float) else {}
        fields = [each for each in hints if hints[each] is Key or each.endswith("order")]
        before, after = (
            [tuple(getattr(row, each) for each in fields) for row in rows]
            for rows in ([i] if single else i for i in (getattr(one, table), getattr(two, table)))
        )
        rows = iter(after)
        assert all(row in rows for row in before), f"{table}: rows were changed or stand otherwise"


@pytest.mark.parametrize("named", ["order", "stream_key"])
def test_names_that_have_the_same_number_are_refused(named: str) -> None:
    true, numbers = getattr(writer, named), load_plan("generic").numbers
    # Two names alone: nobody sees from the plan which they are.
    with (
        patch.object(writer, named, lambda name: true(name.replace("default", "loss"))),
        pytest.raises(
            CollisionError, match=r"'host\.default.* and 'host\.loss.* have the same number"
        ),
    ):
        tables_of_plan(numbers)


def test_a_matrix_has_the_draws_one_by_one() -> None:
    plan = with_parameters(load_plan("generic"))
    matrix = draw_matrix(plan, 5, [3, 0, 2**40])
    assert matrix.shape == (3, len(plan.uncertain))
    for row, draw in zip(matrix.tolist(), (3, 0, 2**40), strict=True):
        assert dict(zip(plan.uncertain, row, strict=True)) == draw_parameters(plan, 5, draw)


MONTHS = re.compile(r"month|(from|until|first|charge_from|counterpart_until)_month")
"""What fields are called that say in which month of the plan something is."""


def test_every_month_of_the_plan_is_counted_from_the_run_s_first_day() -> None:
    rows = {
        table: kind for table, (kind, _) in tables_of(Inputs).items() if kind not in (int, float)
    }
    named = {
        (t, name) for t, kind in rows.items() for name in columns(kind) if MONTHS.fullmatch(name)
    }
    shifted = {(t, name) for t, kind in rows.items() for name in month_columns(kind)}
    assert len(named) > 12
    assert shifted == named | {("positions", "since")}
