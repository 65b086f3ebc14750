"""What is no plan is refused: no TOML, too large, nested too deeply, no file."""

from pathlib import Path

import pytest

from ncpcsim.plan.files import MAX_BYTES, MAX_DEPTH, read_file
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.problems import PlanError
from tests.bad_plans import assert_found, errors_of, written


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b'a = 1\nb = 2\nc = "\xff"\n', 3, "not UTF-8, expected a UTF-8 text"),
        (b"\xff\xfea\x00", 1, "not UTF-8, expected a UTF-8 text"),
        (b"a = 1\n# caf\xe9\n", 2, "not UTF-8, expected a UTF-8 text"),
        (b"a = 1\n\nb = \n", 3, "not valid TOML (Invalid value)"),
        (b"a = 1\na = 2\n", 2, "not valid TOML (Cannot overwrite a value)"),
        (b"[a]\n[b]\n[a]\n", 3, "not valid TOML (Cannot declare a twice)"),
        (b"a = 1\n\n\nb = [1,\n", 5, "not valid TOML ("),
        (b'a = """\n\n', 3, "not valid TOML ("),
        (b"\n\nstart = 1996-02-30\n", 3, "not valid TOML (Invalid date or datetime)"),
        (b"a = 1\n\x00\n", 2, "not valid TOML ("),
        (b"a = 1\rb = 2\n", 1, "not valid TOML ("),
        (b"\xef\xbb\xbfa = 1\n", 1, "not valid TOML ("),
        (b"a = " + 5000 * b"[" + 5000 * b"]", 1, "nested too deeply, expected a plan"),
        (b"a = " + 5000 * b"{a=" + b"1" + 5000 * b"}", 1, "nested too deeply, expected a plan"),
        pytest.param(
            b"[" + b".".join(3000 * [b"a"]) + b"]",
            1,
            "nested too deeply",
            id="deep header",
        ),
        pytest.param(
            b".".join(3000 * [b"a"]) + b" = 1",
            1,
            "nested too deeply",
            id="deep dotted key",
        ),
    ],
)
def test_what_is_no_toml_is_named_with_its_line(
    data: bytes, line: int, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "p.toml"
    file.write_bytes(data)
    assert_found(errors_of(file), [f"p.toml:{line}: plan: {said}"])


def test_tables_lie_as_deep_as_is_allowed_and_no_deeper(tmp_path: Path) -> None:
    deepest = ".".join(MAX_DEPTH * ["a"])
    assert read_file(written(tmp_path, f"{deepest} = 1\n")).tree.keys() == {"a"}
    file = written(tmp_path, f"{deepest}.a = 1\n")
    assert_found(errors_of(file), ["p.toml:1: plan: nested too deeply, expected a plan"])


def test_an_integer_of_more_digits_than_are_read_is_refused(tmp_path: Path) -> None:
    (line,) = errors_of(written(tmp_path, f"a = 1{5000 * '0'}\n"))
    assert line.startswith("p.toml:1: ")


def test_a_file_over_a_megabyte_is_refused_and_one_of_a_megabyte_taken(tmp_path: Path) -> None:
    text = 'extends = "generic"\n'
    file = written(tmp_path, text + "#" * (MAX_BYTES - len(text)))
    assert file.stat().st_size == MAX_BYTES == 1_000_000
    assert load_plan(file).hash == load_plan("generic").hash
    with file.open("a") as stream:
        stream.write("#")
    wanted = ["p.toml:1: plan: larger than 1 MB, expected a plan of at most 1 MB"]
    assert_found(errors_of(file), wanted)


@pytest.mark.parametrize(
    "name",
    [
        "gone.toml",
        ".",
        "sub",
        "p.toml/under",
        pytest.param(
            "a" * 300,
            id="a name longer than file systems take",
        ),
    ],
)
def test_what_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    written(tmp_path, "")
    (tmp_path / "sub").mkdir()
    with pytest.raises(PlanError) as caught:
        load_plan(tmp_path / name)
    (line,) = caught.value.lines
    said = "is a folder" if name in (".", "sub") else "no such file"
    expected = f"{tmp_path / name}:1: plan: {said}, expected the path of a plan or one of "
    assert line.startswith(expected)
