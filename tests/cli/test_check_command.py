"""`ncpcsim check` as a director reads it: plain words, every row, its interval and its distance."""

import re
from functools import cache

import pytest
from click.testing import CliRunner, Result

from ncpcsim.answers.book import CHECKS
from ncpcsim_cli.check import _figure
from ncpcsim_cli.main import main


@cache
def checked(plan: str) -> Result:
    return CliRunner().invoke(main, ["check", plan, "-n", "24", "--workers", "1"])


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("plan", ["generic", "czech"])
def test_every_row_is_shown_within_a_hundred_columns(plan: str) -> None:
    result = checked(plan)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    shown = [line for line in lines if re.search(r"  (yes|NO|cannot tell|-) *$", line)]
    # The Czech centre has no host, and its money came as it came.
    others = () if plan == "generic" else ("host_failure_delays", "eight_listed")
    applying = [one for one in CHECKS if one.name not in others]
    assert len(shown) == len(applying)
    for one, line in zip(applying, shown, strict=True):
        # A long claim goes on in the next line.
        assert line.startswith(one.claim[:25]), one.name
    agreeing, not_so = (sum(line.rstrip().endswith(x) for line in shown) for x in ("yes", "NO"))
    said = f"Of {len(shown)} rows, agree with the book: {agreeing}; disagree: {not_so}; cannot tell"
    assert said in flat(result.stdout)
    assert "95 % confidence" in flat(result.stdout)


def test_a_row_shows_what_is_reported_what_is_found_and_how_far_off() -> None:
    rows = [line.rstrip() for line in checked("generic").stdout.splitlines() if "  " in line]
    (fees,) = {line for line in rows if line.startswith("Fees in the first year, USD")}
    assert re.search(r" 0 to 2,800 +[\d,]+ \([\d,]+ to [\d,]+\)", fees)
    for line in rows:
        if line.endswith("NO"):
            # Reported, found with its interval, and the distance before the verdict.
            assert re.search(r"(\)|not yet) +([\d.,]+|not yet) +NO$", line), line
        if line.endswith("yes"):
            assert re.search(r"\) +yes$", line), line


@pytest.mark.parametrize(
    ("x", "unit", "shown"),
    [
        (float("nan"), "usd", "-"),
        (float("inf"), "months", "not yet"),
        (0.204, "share", "20.4"),
        (0.5, "share", "50"),
        (1234.5, "usd", "1,234"),
        (0.4, "months", "0.4"),
        (263.8, "people", "264"),
    ],
)
def test_figures_have_as_many_digits_as_say_something(x: float, unit: str, shown: str) -> None:
    assert _figure(x, unit) == shown


def test_a_plan_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(main, ["check", "nowhere"])
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
