"""Numbers, dates and words as people write them are named with what a plan takes."""

from pathlib import Path

import pytest

from tests.bad_plans import assert_found, errors_of, written


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("50%", "0.5"),
        ("12.5 %", "0.125"),
        ("-3%", "-0.03"),
        ("1,500", "1500"),
        ("1,500,000.25", "1500000.25"),
        ("1 500", "1500"),
        ("0,05", "0.05"),
        ("3800,5", "3800.5"),
        ("2004-07", "2004-07-01"),
        ("True", "true"),
        ("a lot", '"a lot", in quotes'),
        ("1,500  # a line of credit", "1500"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_bare_value_that_is_no_toml_is_named_with_its_key(
    value: str, wanted: str, end: str, tmp_path: Path
) -> None:
    text = end.join(
        ['extends = "generic"', "[host]", "[ liquidity ]", f"credit_line = {value}", ""]
    )
    said = f"liquidity.credit_line: is {value.partition('  #')[0]}, expected {wanted}"
    assert errors_of(written(tmp_path, text)) == [f"p.toml:4: {said}"]


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("liquidity.credit_line", "1,500", "1500 (money)"),
        ("liquidity.bridged_share", "50%", "0.5 (share)"),
        ("start", "2004-07", "2004-07-01"),
        ("market.charge_from_month", "2004-07", "2004-07-01 (months)"),
    ],
)
def test_a_quoted_value_is_named_with_the_one_meant(
    key: str, value: str, wanted: str, tmp_path: Path
) -> None:
    text = f'extends = "generic"\n{key} = "{value}"\n'
    assert errors_of(written(tmp_path, text)) == [
        f"p.toml:2: {key}: is {value!r}, expected {wanted}"
    ]


@pytest.mark.parametrize(
    "value", ["1,2,3", "5 people", "1.500,00", "%", "12-2004", "a, b", "x = 1", "\u2028a", "a" * 41]
)
def test_what_is_like_no_value_is_told_as_no_toml(value: str, tmp_path: Path) -> None:
    file = written(tmp_path, f"start = {value}\n")
    assert_found(errors_of(file), ["p.toml:1: plan: not valid TOML ("])


def test_a_byte_order_mark_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, '\ufeffextends = "generic"\n')
    said = "not valid TOML (it begins with a byte order mark), expected TOML 1.0"
    assert errors_of(file) == [f"p.toml:1: plan: {said}"]
