"""A bad plan gives every error at once, each with its file, its line and its key."""

import re
from pathlib import Path

import pytest

from ncpcsim.plan.schema import Numbers
from tests.bad_plan_cases import CASES
from tests.bad_plans import TABLE, Case, assert_found, errors_of, written

OF_THE_PROGRAM = re.compile(
    r"datetime|dictionary|instance|NoneType|\bNone\b|\bTrue\b|\bFalse\b|tuple"
)
"""Words of the program, which no error speaks of to a plan's author."""


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name) for case in TABLE],
)
def test_errors_are_named_with_line_and_key(case: Case, tmp_path: Path) -> None:
    assert case.errors
    found = errors_of(written(tmp_path, case.text))
    assert_found(found, case.errors)
    assert [line for line in found if OF_THE_PROGRAM.search(line)] == []


def test_every_case_is_run() -> None:
    assert len(TABLE) == CASES.count("\n=== ") == len({case.name for case in TABLE})


def test_all_errors_come_at_once_sorted_by_line(tmp_path: Path) -> None:
    text = """\
extends = "generic"
without = ["nobody"]
start = 1996-02-02
colour = "green"

[opening]
cash = -1

[market]
decision_months = 3
climate_effect = { distribution = "uniform", low = -1, high = 2, unit = "share", source = "x" }

[posts.support]
payer = "nobody"
from_month = 6
until_month = 5

[grants.programme_direct]
support_cost_share = "1"

[grants.programme_direct.earmarks]
salaries = 0.9

[services.training]
role = "wizard"
clients.sme.price = nan
"""
    assert_found(
        errors_of(written(tmp_path, text)),
        [
            "p.toml:2: without[0]: 'nobody' is not inherited",
            "p.toml:3: start: is 1996-02-02, expected the first day of a month",
            "p.toml:4: colour: unknown key",
            "p.toml:7: opening.cash: is -1",
            "p.toml:10: market.decision_months: is a bare number",
            "p.toml:11: market.climate_effect: can be as low as -1",
            "p.toml:14: posts.support.payer: 'nobody' is not there",
            "p.toml:16: posts.support.until_month: dates out of order",
            "p.toml:19: grants.programme_direct.support_cost_share: is '1', expected a valid",
            "p.toml:21: grants.programme_direct.earmarks: shares sum to",
            "p.toml:25: services.training.role: 'wizard' is not there",
            "p.toml:26: services.training.clients.sme.price: is nan",
        ],
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "without = []\n"])
def test_an_empty_plan_lacks_everything(text: str, tmp_path: Path) -> None:
    lines = errors_of(written(tmp_path, text))
    assert all(line.startswith("p.toml:1: ") for line in lines)
    missing = [line.split(": ")[1] for line in lines if ": is missing, expected" in line]
    required = [key for key, field in Numbers.model_fields.items() if field.is_required()]
    assert missing == required
    assert len(required) > 10


def test_a_line_break_of_two_characters_counts_once(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_bytes(b'extends = "generic"\r\n\r\n[opening]\r\ncash = -1\r\n')
    assert_found(errors_of(file), ["p.toml:4: opening.cash: is -1"])


def test_letters_of_several_bytes_do_not_move_lines(tmp_path: Path) -> None:
    text = 'extends = "generic"\ntitle = "Středisko čistší produkce 中心"\nopening.cash = -1\n'
    assert_found(errors_of(written(tmp_path, text)), ["p.toml:3: opening.cash: is -1"])


def test_a_missing_section_is_called_by_its_name(tmp_path: Path) -> None:
    lines = errors_of(written(tmp_path, 'title = "Mine"\n'))
    assert "p.toml:1: horizon: is missing, expected a [horizon] section" in lines
    assert not [line for line in lines if line.endswith("expected a value")]
