"""Any key of a whole plan may be wrong, and any mutation of one loads or is a plan's error."""

import re
import tomllib
from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpcsim.plan.files import merge
from ncpcsim.plan.frozen import thaw
from ncpcsim.plan.load import build, load_plan
from ncpcsim.plan.problems import Layer, PlanError
from tests.bad_plans import GENERIC, SHAPE, errors_of, written

PAIR = re.compile(r"(?P<key>[a-z_]+) = (?P<value>.*)")
BOOLEAN = ("foreign", "public", "mission", "project", "finds_options", "lacks_capital")
REFERENCES = ("role", "service")
"""Keys whose value is looked up before it is validated."""


class Key(NamedTuple):
    """A key of the shipped plan `generic` that stands on a line of its own."""

    at: int
    section: str
    name: str


def keys() -> list[Key]:
    found, section = [], ""
    for index, line in enumerate(GENERIC.splitlines()):
        pair = PAIR.fullmatch(line)
        if line.startswith("["):
            section = line.strip("[]")
        elif pair:
            found.append(Key(index, section, pair["key"]))
    return found


KEYS = keys()
TREE = tomllib.loads(GENERIC)
WRONG = ["true", "{ }", "[[]]", "1e400"]
AT_ONCE = 16
"""Files among which the keys are dealt to be wrong together."""


def wrong_with(value: str) -> list[Key]:
    """The keys for which a value is wrong."""
    return [
        key
        for key in KEYS
        if not (key.name in BOOLEAN and value == "true") and (key.name, value) != ("clients", "{ }")
    ]


def with_values(indices: Iterable[int], value: str) -> str:
    """The shipped plan `generic` with another value in some lines; later lines stay in place."""
    lines = GENERIC.splitlines()
    for index in indices:
        upto = index + 1 if not lines[index].endswith("[") else lines.index("]", index) + 1
        key = lines[index].partition(" = ")[0]
        lines[index:upto] = [f"{key} = {value}", *[""] * (upto - index - 1)]
    return "\n".join(lines)


def assert_named(key: Key, found: list[str]) -> None:
    place = re.compile(
        rf"p\.toml:{key.at + 1}: {re.escape(f'{key.section}.'.lstrip('.'))}{key.name}(\[0\])?: "
    )
    assert any(place.match(error) for error in found), (key, found)


def test_all_keys_are_found() -> None:
    assert len(KEYS) == len({(key.section, key.name) for key in KEYS}) > 500
    assert all(len(wrong_with(value)) > 500 for value in WRONG)


@pytest.mark.parametrize(
    "value", ["true", *(pytest.param(value, marks=pytest.mark.slow) for value in WRONG[1:])]
)
def test_every_key_of_a_whole_plan_is_named_when_its_value_alone_is_wrong(value: str) -> None:
    """All that loading does but for reading the text.

    Its lines stay as they are, except where the right value takes several of them.
    """
    wrong = tomllib.loads(f"value = {value}")["value"]
    for key in wrong_with(value):
        tree = thaw(TREE)
        section = reduce(dict.__getitem__, key.section.split(".") if key.section else [], tree)
        assert key.name in section
        section[key.name] = wrong
        several = GENERIC.splitlines()[key.at].endswith("[")
        text = with_values([key.at], value) if several else GENERIC
        layers = [Layer(Path("p.toml"), text, tree)]
        plan, problems = merge(layers)
        with pytest.raises(PlanError) as caught:
            build(plan, "p", problems, layers)
        assert_named(key, list(caught.value.lines))


@pytest.mark.parametrize("value", WRONG)
def test_every_key_of_a_file_is_named_when_many_values_are_wrong(
    value: str, tmp_path: Path
) -> None:
    chosen = wrong_with(value)
    for first in range(AT_ONCE):
        dealt = chosen[first::AT_ONCE]
        found = errors_of(written(tmp_path, with_values([key.at for key in dealt], value)))
        for key in dealt:
            assert_named(key, found)


@pytest.mark.slow
@pytest.mark.parametrize("value", WRONG)
def test_every_key_of_a_file_is_named_when_its_value_alone_is_wrong(
    value: str, tmp_path: Path
) -> None:
    for key in wrong_with(value):
        assert_named(key, errors_of(written(tmp_path, with_values([key.at], value))))


@pytest.mark.parametrize("value", ["{ }", "[[]]"])
@pytest.mark.parametrize("key", REFERENCES)
def test_a_reference_that_is_no_text_is_named(key: str, value: str, tmp_path: Path) -> None:
    index = next(i for i, x in enumerate(GENERIC.splitlines()) if x.startswith(f"{key} = "))
    found = errors_of(written(tmp_path, with_values([index], value)))
    assert any(error.startswith(f"p.toml:{index + 1}: ") for error in found)


_VALUES = st.sampled_from(
    [
        *("true", '"x"', "-1", "nan", "1e9", "0", "1.5", "1997-03-01", "1997-03-02", "1900-01-01"),
        *("07:30:00", "1e308", '"""', "[", "{ value = 2 }", '{ value = "", unit = 3 }', '"centre"'),
        '{ distribution = "normal", mean = 1, sd = 1e308, unit = "months", source = "x" }',
    ]
)
_COLLECTIONS = st.sampled_from(["[]", "{ }", "[[]]", "[{ }]", "{ a = { b = [1] } }", '["x"]'])
_NEW_KEYS = st.sampled_from(["value", "distribution", "a.b", '""', "'é'", "until_month"])


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """The shipped plan `generic`, changed in some places."""
    lines = GENERIC.splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        pair = PAIR.fullmatch(lines[at])
        match draw(st.sampled_from(["delete", "repeat", "move", "value", "key", "text"])):
            case "delete":
                del lines[at]
            case "repeat":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "value" if pair:
                simple = pair["key"] == "start"
                value = draw(_VALUES if simple else _VALUES | _COLLECTIONS)
                lines[at] = f"{pair['key']} = {value}"
            case "key" if pair:
                lines[at] = f"{draw(_NEW_KEYS)} = {pair['value']}"
            case _:
                lines[at] += draw(st.text(st.characters(codec="utf-8"), max_size=5))
    data = "\n".join(lines).encode()
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.binary(min_size=1, max_size=4)) + data[at:]
    return data


@given(mutations())
@settings(max_examples=300, deadline=None)
def test_any_mutation_loads_or_is_a_plan_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "mutated.toml"
    file.write_bytes(data)
    lines: tuple[str, ...] | None = None
    try:
        load_plan(file)
    except PlanError as error:
        lines = error.lines
    if lines is not None:
        assert lines
        assert all(SHAPE.fullmatch(line) for line in lines), lines
        numbers = [int(line.removeprefix(f"{file}:").split(":")[0]) for line in lines]
        assert numbers == sorted(numbers)


def test_mutations_are_of_every_kind(tmp_path: Path) -> None:
    """Some still load, some are no TOML, some are bad plans: the test above sees them all."""
    outcomes = set()

    @given(mutations())
    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    def look(data: bytes) -> None:
        file = tmp_path / "p.toml"
        file.write_bytes(data)
        try:
            load_plan(file)
        except PlanError as error:
            outcomes.add("no TOML" if "not valid TOML" in str(error) else "no plan")
        else:
            outcomes.add("a plan")

    look()
    assert outcomes == {"a plan", "no TOML", "no plan"}
