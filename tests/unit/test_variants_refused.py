"""What a batch file may not say."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.problems import PlanError
from ncpcsim.plan.variants import MAX_VARIANTS, Batch, Variant, read_batch
from tests.batch_files import DESIGN, read

SHAPE = re.compile(r"[^\n]+:\d+: [^\n]+: [^\n]+")


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
