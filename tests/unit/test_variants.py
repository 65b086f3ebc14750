"""Batch files: what they are read as, and what is wrong with bad ones, line by line."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.problems import PlanError, steps
from ncpcsim.plan.variants import MAX_VARIANTS, Batch, Variant, read_batch
from ncpcsim_cli.batch import EXAMPLE

SHORT = """\
extends = "hungary"
[horizon]
judged_month = 7
"""
SHAPE = re.compile(r"[^\n]+:\d+: [^\n]+: [^\n]+")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a short base plan."""
    (tmp_path / "short.toml").write_text(SHORT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str, head: str = 'base = "short.toml"\n') -> Batch:
    Path("mixes.toml").write_text(head + text)
    return read_batch("mixes.toml")


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
def test_runs_seed_and_lucks_are_read() -> None:
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


DESIGN = """
seed = {seed}
[design]
points = {points}
method = "{method}"
[design.over]
"costs.equipment_month" = [6, 9]
"costs.travel_month" = [100, 300]
"host.delivered_share" = "prior"
"""


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


# What is refused. Each case is what follows `base = "short.toml"`. A comment `#! KEY: TEXT` says
# that an error names this line and KEY, and says what begins with TEXT; there are no others.

CASES = """
=== an unknown key
grd = 3  #! grd: unknown key, did you mean 'grid'?
=== an unknown key of a design
[design]
points = 2
pionts = 3  #! design.pionts: unknown key, did you mean 'points'?
[design.over]
"costs.travel_month" = [1, 2]
=== another unknown key of a design
[design]
points = 2
zzz = 3  #! design.zzz: unknown key, expected one of points, method, over
[design.over]
"costs.travel_month" = [1, 2]
=== wrong types, all at once
runs = "many"  #! runs: is 'many', expected a valid integer
seed = 1.5  #! seed: is 1.5, expected a valid integer
replications_per_draw = true  #! replications_per_draw: is true, expected a valid integer
=== numbers out of bounds
runs = 0  #! runs: is 0, expected greater than or equal to 1
seed = -1  #! seed: is -1, expected greater than or equal to 0
replications_per_draw = 0  #! replications_per_draw: is 0, expected greater than or equal to 1
=== a seed too large
seed = 18446744073709551616  #! seed: is 18446744073709551616, expected less than or equal to
=== a number for the variants
variants = 3  #! variants: is 3, expected a section
=== a number for a variant
[variants]
a = 3  #! variants.a: is 3, expected a section
=== a number for a design
design = 3  #! design: is 3, expected a section
=== a number for a list
[grid]
title = "a"  #! grid.title: is 'a', expected a list
=== an empty list
[grid]
title = []  #! grid.title: is a list, expected a value; List should have at least 1 item
=== a table for a value
[grid]
title = [{ a = 1 }]  #! grid.title[0]: is a table, expected a finite number, a date, text, true or f
=== no number for a value
[grid]
"costs.travel_month" = [1, nan]  #! grid.costs.travel_month[1]: is nan, expected a finite
=== an infinite value
[grid]
"costs.travel_month" = [inf]  #! grid.costs.travel_month[0]: is inf, expected a finite n
=== dates that are none of a plan's
[grid]
"costs.from_month" = [1997-01-02]  #! grid.costs.from_month: is 1997-01-02, expected the first day
=== dates with a time of day
[grid]
"costs.from_month" = [1997-01-01T00:00:00]  #! grid.costs.from_month: is 1997-01-01T00:00:00, expec
=== a time of day
[grid]
"start" = [12:00:00]  #! grid.start[0]: is datetime.time(12, 0), expected a finite number, a date, t
=== a date for a number
[grid]
"posts.technical.people" = [1997-01-01]  #! grid.posts.technical.people: is 1997-01-01, expected a v
=== a range of dates
[design]
points = 2
[design.over]
"costs.from_month" = [1997-01-01, 1998-01-01]  #! design.over.costs.from_month: is a list, expected
=== a path without quotes
[grid]
costs.travel_month = [1]  #! grid.costs: is a table, expected a list
=== unknown paths
[grid]
"costs.trvel" = [1]  #! grid.costs.trvel: is no number or text of the base plan, expected a path suc
"a..b" = [1]  #! grid.a..b: is no number or text of the base plan
"costs.travel_month[0]" = [1]  #! grid.costs.travel_month[0]: is no number or text of the ba
"grants.unido_direct.tranches[99].amount" = [1]  #! grid.grants.unido_direct.tranches[99].amount
"posts.nobody.people" = [1]  #! grid.posts.nobody.people: is no number or text of the base plan
=== a section for a path
[grid]
"costs" = [1]  #! grid.costs: is 1, expected a section
=== an unknown path of a design
[design]
points = 2
[design.over]
"costs.trvel" = [1, 2]  #! design.over.costs.trvel: is no number or text of the base plan
=== a bad value of a path
[grid]
"posts.technical.people" = [1, 2]
"costs.travel_month" = [100, -1]  #! grid.costs.travel_month: is -1, expected greater than o
=== text for a number of a path
[grid]
"costs.travel_month" = ["x"]  #! grid.costs.travel_month: is 'x', expected a valid number
=== a fraction of people
[grid]
"posts.technical.people" = [1.5]  #! grid.posts.technical.people: is 1.5, expected a valid integer
=== a value twice
[grid]
title = ["a", "b", "a"]  #! grid.title: is ['a', 'b', 'a'], expected each value once
"costs.travel_month" = [1, 1.0]  #! grid.costs.travel_month: is [1, 1.0], expected each valu
=== errors of variants at their own lines
[variants.a]
[variants.a.costs]
travel_month_us = 1  #! variants.a.costs.travel_month_us: unknown key, did you mean 'travel_month
[variants.b.costs]
travel_month = -1  #! variants.b.costs.travel_month: is -1, expected greater than or equal t
[variants.c]
without = ["nobody"]  #! variants.c.without[0]: 'nobody' is not inherited, expected a key that is
=== a variant that extends something
[variants.a]
extends = "generic"  #! variants.a.extends: is not for variants, which all extend the base
=== a variant called base
[variants.base]  #! variants.base: 'base' is the name of another variant, too
title = "a"
=== a variant called like a point of the design
[variants."point 2"]
[design]
points = 2
[design.over]  #! design.over: 'point 2' is the name of another variant, too
"costs.travel_month" = [1, 2]
=== a variant called like one of the grid
[variants."title=a"]
[grid]  #! grid: 'title=a' is the name of another variant, too
title = ["a"]
=== names that cannot be printed
[variants."a\\nb"]  #! variants.a\\nb: 'a\\nb' is no name, expected one that can be printed
[variants." "]  #! variants. : ' ' is no name, expected one that can be printed
=== points that are no power of two
[design]
points = 12  #! design.points: is 12, expected a power of two for sobol, such as 16
method = "sobol"
[design.over]
"costs.travel_month" = [1, 2]
=== an unknown method
[design]
points = 2
method = "random"  #! design.method: is 'random', expected 'latin_hypercube' or 'sobol'
[design.over]
"costs.travel_month" = [1, 2]
=== no points
[design]
points = 0  #! design.points: is 0, expected greater than or equal to 1
[design.over]
"costs.travel_month" = [1, 2]
=== nothing to design
[design]  #! design.over: is missing, expected
points = 2
=== the prior of a lever
[design]
points = 2
[design.over]
"opening.cash" = "prior"  #! design.over.opening.cash: is "prior", but it has no
=== a word that is no range
[design]
points = 2
[design.over]
"host.delivered_share" = "piror"  #! design.over.host.delivered_share: is 'piror', expected "prior"
=== ranges that are none
[design]
points = 2
[design.over]
"costs.travel_month" = [2, 1]  #! design.over.costs.travel_month: is a list, expected "prior
"costs.overhead_month" = [1, 1]  #! design.over.costs.overhead_month: is a list, expected "p
"costs.premises_month" = [1, 2, 3]  #! design.over.costs.premises_month: is a list, expected
"costs.materials_month" = [nan, 1]  #! design.over.costs.materials_month: is a list, expecte
"costs.equipment" = [1, inf]  #! design.over.costs.equipment: is a list, expected "prior" or
=== a range beyond the number's bounds
[design]
points = 2
[design.over]
"costs.travel_month" = [-9, 1]  #! design.over.costs.travel_month: is [-9, 1], expected with
"host.delivered_share" = [0.5, 1.5]  #! design.over.host.delivered_share: is [0.5, 1.5], expected wi
=== a range of text
[design]
points = 2
[design.over]
title = [1, 2]  #! design.over.title: is no number, expected a number of the plan
"""


def cases() -> list[tuple[str, str]]:
    found = []
    for case in CASES.split("\n=== ")[1:]:
        title, _, text = case.partition("\n")
        found.append((title, text))
    return found


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", [pytest.param(text, id=title) for title, text in cases()])
def test_a_bad_batch_file_is_refused_line_by_line(text: str) -> None:
    expected = []
    for number, line in enumerate(text.splitlines(), 2):
        _, *message = line.split("#! ")
        expected += [f"mixes.toml:{number}: {what}" for what in message]
    assert expected
    plain = re.sub(r"  #! .*", "", text)
    with pytest.raises(PlanError) as refusal:
        read(plain)
    lines = refusal.value.lines
    assert len(lines) == len(expected), lines
    for line, start in zip(lines, expected, strict=True):
        assert line.startswith(start), lines
        assert SHAPE.fullmatch(line)
        assert "expected" in line or "did you mean" in line


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mixes.toml:1: base: is missing, expected"),
        ("base = 3", "mixes.toml:1: base: is 3, expected a valid string"),
        ('runs = 1\nbase = "no"', "mixes.toml:2: base: 'no': no such file, expected the path of a"),
        ('base = "."', "mixes.toml:1: base: '.': is a folder, expected the path of a plan"),
        ('base = "bad.toml"', "bad.toml:2: costs.travel_month: is -1, expected greater than"),
        ('base = "torn.toml"', "torn.toml:2: plan: not valid TOML ("),
        ('base = "circle.toml"', "circle.toml:1: extends: circular: "),
        ('base = "mixes.toml"', "mixes.toml:1: title: is missing, expected"),
        ('base = "short.toml"\nruns = ', "mixes.toml:2: plan: not valid TOML ("),
        ("base = \x00", "mixes.toml:1: plan: not valid TOML ("),
    ],
)
def test_a_bad_base_is_refused(text: str, message: str) -> None:
    Path("bad.toml").write_text('extends = "short.toml"\ncosts.travel_month = -1\n')
    Path("torn.toml").write_text("a = 1\n[costs\n")
    Path("circle.toml").write_text('extends = "circle.toml"\n')
    with pytest.raises(PlanError) as refusal:
        read(text, head="")
    assert refusal.value.lines[0].startswith(message), refusal.value.lines
    assert all(SHAPE.fullmatch(line) for line in refusal.value.lines)


@pytest.mark.usefixtures("folder")
def test_a_problem_that_shows_in_the_base_names_the_variant_that_makes_it_one() -> None:
    with pytest.raises(PlanError) as refusal:
        read('[variants.alone]\nwithout = ["host"]\n')
    hungary = re.escape(str(shipped_plans()["hungary"]))
    message = (
        rf"{hungary}:\d+: posts\.support\.payer: 'host' is not there, .* \(in variant 'alone'\)"
    )
    assert any(re.fullmatch(message, line) for line in refusal.value.lines), refusal.value.lines


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere.toml", "No such file or directory"),
        (".", "Is a directory"),
        ("x" * 300, "File name too long"),
        ("short.toml/below", "Not a directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(name: str, reason: str) -> None:
    with pytest.raises(PlanError) as refusal:
        read_batch(name)
    assert refusal.value.lines == (f"{name}:1: plan: cannot be read ({reason})",)


@pytest.mark.usefixtures("folder")
def test_too_many_variants_are_refused_before_any_is_made() -> None:
    values = ", ".join(str(i) for i in range(101))
    text = f'[grid]\n"costs.travel_month" = [{values}]\n"costs.equipment" = [{values}]\n'
    with pytest.raises(PlanError) as refusal:
        read(text)
    message = f"mixes.toml:2: grid: makes 10,202 variants, expected at most {MAX_VARIANTS:,}"
    assert refusal.value.lines == (message,)
    with pytest.raises(PlanError) as refusal:
        read(DESIGN.format(seed=1, points=MAX_VARIANTS, method="latin_hypercube"))
    assert "makes 10,001 variants" in refusal.value.lines[0]


@pytest.mark.parametrize(
    "changes",
    [{"variants": ()}, {"runs": 0}, {"replications_per_draw": 0}, {"variants": "twice"}],
)
def test_a_batch_made_in_code_is_checked_too(changes: dict[str, object]) -> None:
    variant = Variant("base", load_plan("hungary"))
    if changes.get("variants") == "twice":
        changes = {"variants": (variant, variant)}
    with pytest.raises(ValueError, match="expected"):
        Batch(**{"variants": (variant,), **changes})  # type: ignore[arg-type]


KEYS = st.sampled_from(["runs", "seed", "grid", "design", "variants", "base", "grid.title", "x"])
VALUES = st.sampled_from(
    ["1", "-1", '"a"', "[1]", '["a"]', "[[1]]", "true", "1979-05-27", "nan", "{}", "{a = 1}"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(KEYS, VALUES), max_size=4), st.sampled_from(["", 'base = "hungary"\n']))
def test_no_file_whatever_ends_in_anything_but_a_batch_or_lines(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], head: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text(head + "".join(f"{key} = {value}\n" for key, value in pairs))
    try:
        lines: tuple[str, ...] = () if read_batch(file).variants else ("nothing",)
    except PlanError as error:
        lines = error.lines or ("nothing",)
    assert all(SHAPE.fullmatch(line) for line in lines)
