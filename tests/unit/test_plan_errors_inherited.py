"""An error of a plan that is extended names that plan's file, and a broken chain hides none."""

import re
import tomllib
from pathlib import Path

import pytest

from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import load_plan
from tests.bad_plans import GENERIC, assert_found, errors_of, written

# Inherited errors.


def test_a_parents_error_names_the_parents_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    written(tmp_path, 'extends = "generic"\n\n[opening]\ncash = -1\n', "a/parent.toml")
    written(tmp_path, 'extends = "a/parent.toml"\n[market]\nclimate = 3\n', "b.toml")
    child = written(tmp_path, 'extends = "b.toml"\n[costs]\nrent = 3\nhire = 4\n', "c.toml")
    assert_found(
        errors_of(child),
        [
            "a/parent.toml:4: opening.cash: is -1",
            "b.toml:3: market.climate: unknown key",
            "c.toml:3: costs.rent: unknown key",
            "c.toml:4: costs.hire: unknown key",
        ],
    )


def test_a_reference_that_the_child_breaks_names_where_it_is_made(tmp_path: Path) -> None:
    file = written(tmp_path, 'extends = "generic"\nwithout = ["posts"]\n\n[posts]\n')
    found = errors_of(file)
    (own,) = [line for line in found if line.startswith("p.toml:")]
    assert own == "p.toml:4: posts: the centre has nobody, expected at least one post"
    generic = shipped_plans()["generic"]
    for service in tomllib.loads(GENERIC)["services"]:
        lines = GENERIC.splitlines()
        line = lines.index('role = "technical"', lines.index(f"[services.{service}]")) + 1
        said = "'technical' is not there, expected the role of a post: none is defined"
        assert f"{generic}:{line}: services.{service}.role: {said}" in found


def test_a_parents_error_is_gone_once_the_child_states_it_anew(tmp_path: Path) -> None:
    written(tmp_path, 'extends = "generic"\n[opening]\ncash = -1\n', "parent.toml")
    child = written(tmp_path, 'extends = "parent.toml"\n[opening]\ncash = 1\n')
    assert load_plan(child).numbers.opening.cash == 1


def test_the_childs_line_is_named_for_what_both_state(tmp_path: Path) -> None:
    written(tmp_path, 'extends = "generic"\n[opening]\ncash = -1\n', "parent.toml")
    child = written(tmp_path, 'extends = "parent.toml"\n\n\n[opening]\n\ncash = -2\n')
    assert_found(errors_of(child), ["p.toml:6: opening.cash: is -2"])


def test_a_parents_wrong_without_names_the_parent(tmp_path: Path) -> None:
    written(tmp_path, 'extends = "generic"\n\nwithout = ["nobody"]\n', "parent.toml")
    dropped = "services.investment_proposal.follows"
    child = written(tmp_path, f'extends = "parent.toml"\nwithout = ["{dropped}"]\n')
    assert_found(errors_of(child), ["parent.toml:3: without[0]: 'nobody' is not inherited"])


def test_what_the_child_dropped_is_missing_in_the_child(tmp_path: Path) -> None:
    (line,) = errors_of(written(tmp_path, 'extends = "generic"\nwithout = ["horizon"]\n'))
    assert re.match(r"p\.toml:\d: horizon: is missing, expected ", line)


# A chain that is broken.


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("extends = 3", "is 3, expected the name or path of a plan"),
        ("extends = true", "is true, expected the name or path of a plan"),
        ('extends = ["generic"]', "is a list, expected the name or path of a plan"),
        ("extends = { a = 1 }", "is a table, expected the name or path of a plan"),
        (
            'extends = "gone.toml"',
            "'gone.toml': no such file, expected the path of a plan or one of consulting",
        ),
        ('extends = ""', "'': no such file"),
        ('extends = "."', "'.': is a folder, expected the path of a plan or one of consulting"),
        ('extends = "a\\nb"', "'a\\nb': no such file"),
        ('extends = "a\\u0000b"', "'a\\x00b': no such file"),
        ('extends = "p.toml"', "circular: p -> p, expected a chain that ends"),
        ('extends = "./../here/p.toml"', "circular: p -> p, expected a chain that ends"),
        pytest.param(
            f'extends = "{"a" * 300}"',
            f"'{'a' * 300}': no such file",
            id="a name longer than file systems take",
        ),
        pytest.param(
            'extends = "a: b"',
            "'a: b': no such file",
            id="a name with a colon",
        ),
    ],
)
def test_a_wrong_parent_is_named_with_its_line(line: str, said: str, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    assert_found(errors_of(written(folder, f"# mine\n{line}\n")), [f"p.toml:2: extends: {said}"])


@pytest.mark.parametrize("parent", ["gone.toml", "p.toml", "broken.toml"])
def test_a_broken_chain_does_not_hide_what_is_wrong_in_the_file_itself(
    parent: str, tmp_path: Path
) -> None:
    written(tmp_path, "[opening\n", "broken.toml")
    text = """
without = ["host"]
start = 1996-02-02
colour = "green"

[opening]
cash = { value = 1 }

[market]
decision_months = 3

[posts.support]
payer = "somebody in the parent"
people = 0
"""
    first, *own = errors_of(written(tmp_path, f'extends = "{parent}"{text}'))
    assert "extends: " in first or first.startswith("broken.toml:1: plan: not valid TOML")
    # What the parent may have stated is neither missing nor wrong.
    assert_found(
        own,
        [
            "p.toml:3: start: is 1996-02-02, expected the first day of a month",
            "p.toml:4: colour: unknown key",
            "p.toml:7: opening.cash: is a table, expected either a `source`",
            "p.toml:10: market.decision_months: is a bare number",
            "p.toml:14: posts.support.people: is 0",
        ],
    )


def test_mutual_parents_are_a_circle(tmp_path: Path) -> None:
    a = written(tmp_path, 'extends = "b.toml"\n', "a.toml")
    written(tmp_path, '# one\n# two\nextends = "c.toml"\n', "b.toml")
    written(tmp_path, '# one\nextends = "b.toml"\n', "c.toml")
    wanted = ["c.toml:2: extends: circular: b -> c -> b, expected a chain that ends"]
    assert_found(errors_of(a), wanted)


def test_a_parents_wrong_parent_names_the_parents_file(tmp_path: Path) -> None:
    written(tmp_path, '# one\nextends = "gone.toml"\n', "parent.toml")
    child = written(tmp_path, 'extends = "parent.toml"\n')
    assert_found(errors_of(child), ["parent.toml:2: extends: 'gone.toml': no such file"])


def test_a_parent_that_is_no_toml_is_named(tmp_path: Path) -> None:
    written(tmp_path, "# one\n[opening\n", "parent.toml")
    child = written(tmp_path, 'extends = "parent.toml"\n')
    assert_found(errors_of(child), ["parent.toml:2: plan: not valid TOML"])
