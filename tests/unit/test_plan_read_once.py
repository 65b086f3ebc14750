"""A text that was read before is not parsed again, and nothing else is remembered of it."""

from pathlib import Path
from typing import Any

import pytest

from ncpcsim.plan.files import read_file, shipped_plans
from ncpcsim.plan.load import load_plan
from tests.bad_plans import assert_found, errors_of, written

CASH = 'extends = "generic"\n[opening]\ncash = '


def test_what_is_done_to_a_tree_is_not_seen_by_who_reads_the_file_again() -> None:
    file = shipped_plans()["generic"]
    tree: Any = read_file(file).tree
    before = dict(tree["opening"]), list(tree["grants"]["programme_direct"]["earmarks"])
    tree["opening"]["cash"] = "spoilt"
    tree["grants"]["programme_direct"]["earmarks"].clear()
    again = read_file(file).tree
    assert (again["opening"], list(again["grants"]["programme_direct"]["earmarks"])) == before
    assert before[1]


def test_a_file_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    for amount in (1, 2, 1):
        file = written(tmp_path, f"{CASH}{amount}\n")
        assert load_plan(file).numbers.opening.cash == amount


def test_a_parent_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    child = written(tmp_path, 'extends = "parent.toml"\n')
    for amount in (1, 2):
        written(tmp_path, f"{CASH}{amount}\n", "parent.toml")
        assert load_plan(child).numbers.opening.cash == amount


def test_lines_are_those_of_the_text_as_it_is(tmp_path: Path) -> None:
    for blank in (0, 3, 1):
        file = written(tmp_path, "\n" * blank + f"{CASH}-1\n")
        assert_found(errors_of(file), [f"p.toml:{blank + 3}: opening.cash: is -1"])


def test_two_files_of_one_text_are_named_each_by_its_own_name(tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        file = written(tmp_path, f"{CASH}-1\n", name)
        assert_found(errors_of(file), [f"{name}:3: opening.cash: is -1"])


@pytest.mark.parametrize("text", ["[opening\n", f"a = 1{5000 * '0'}\n"])
def test_a_text_that_is_no_toml_is_refused_again(text: str, tmp_path: Path) -> None:
    file = written(tmp_path, text)
    assert errors_of(file) == errors_of(file)
