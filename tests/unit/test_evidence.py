"""The evidence table: how it is read, what it holds, and the plans that use it."""

import csv
import re
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from ncpcsim.answers.book import CHECKS
from ncpcsim.data import data_folder
from ncpcsim.published.accounts import load_accounts
from ncpcsim.published.evidence import (
    FIELDS,
    HOW,
    TEXTS,
    Evidence,
    EvidenceError,
    cited,
    parse_evidence,
    read_evidence,
    stated_numbers,
)
from tests.evidence import COUNTRIES, FACTS, LINES, PLANS, USERS, fact

ROOT = Path(__file__).parents[2]


HEADER = ",".join(FIELDS)


GOOD = "host.rent,003,Funding,the host pays the rent,12,months,check:one,input"


def parsed(*rows: str) -> tuple[Evidence, ...]:
    return parse_evidence([f"{row}\n" for row in (HEADER, *rows)], "mine.csv")


# Reading.


def test_a_row_is_read_into_its_fields() -> None:
    (found,) = parsed(GOOD)
    assert found == Evidence(
        "host.rent",
        "003",
        "Funding",
        "the host pays the rent",
        12,
        "months",
        ("check:one",),
        "input",
    )


def test_a_fact_may_have_no_number_and_several_uses() -> None:
    (found,) = parsed('a.b,004,para. 2,"words, words",,,"check:one, tests/x.py::test_y",check')
    assert (found.fact, found.value, found.unit) == ("words, words", None, "")
    assert found.used_by == ("check:one", "tests/x.py::test_y")


def test_a_fact_that_is_not_used_says_why() -> None:
    (found,) = parsed('a.b,003,Funding,words,3,towns,"nothing: no towns, no maps",unused')
    assert (found.used_by, found.why_not) == ((), "no towns, no maps")


def test_numbers_keep_whether_they_are_whole() -> None:
    whole, part = parsed(GOOD, GOOD.replace("rent,", "share,").replace(",12,", ",-0.5,"))
    assert (whole.value, type(whole.value)) == (12, int)
    assert part.value == -0.5


@pytest.mark.parametrize(
    ("rows", "line", "expected"),
    [
        ((GOOD, GOOD), 3, "expected one row for host.rent, found a second"),
        ((GOOD + ",more",), 2, "expected 8 fields, found 9"),
        ((GOOD.replace("host.rent", "Host.rent"),), 2, "joined by dots as id, found 'Host.rent'"),
        ((GOOD.replace("host.rent", "rent"),), 2, "joined by dots as id, found 'rent'"),
        (
            (GOOD.replace(",003,", ",005,"),),
            2,
            "000 or 001 or 002 or 003 or 004 or S1 or S2 as text",
        ),
        ((GOOD.replace("Funding", ""),), 2, "as place, found ''"),
        ((GOOD.replace("Funding", " Funding"),), 2, "as place, found ' Funding'"),
        ((GOOD.replace("the host pays the rent", ""),), 2, "as fact, found ''"),
        ((GOOD.replace(",12,", ",a year,"),), 2, "a number, or nothing as value, found 'a year'"),
        ((GOOD.replace(",12,", ",nan,"),), 2, "a number, or nothing as value, found 'nan'"),
        ((GOOD.replace(",12,", ",,"),), 2, "a unit with a value, and only there as unit"),
        ((GOOD.replace("months", ""),), 2, "a unit with a value, and only there as unit"),
        ((GOOD.replace("check:one", "check one"),), 2, "as used_by, found 'check one'"),
        ((GOOD.replace(",input", ",guess"),), 2, "structure or unused as how, found 'guess'"),
        ((GOOD.replace(",input", ",unused"),), 2, "'nothing: ' and why not as used_by"),
        (('a.b,003,"unclosed',), 2, "expected comma-separated values"),
    ],
)
def test_a_bad_row_is_refused_with_file_and_line(
    rows: tuple[str, ...], line: int, expected: str
) -> None:
    with pytest.raises(EvidenceError) as caught:
        parsed(*rows)
    assert str(caught.value).startswith(f"mine.csv, line {line}: ")
    assert expected in str(caught.value)


@pytest.mark.parametrize(("text", "found"), [("", "nothing"), ("id,text\n", "id,text")])
def test_other_columns_are_refused(text: str, found: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        parse_evidence(text.splitlines(keepends=True), "mine.csv")
    assert str(caught.value) == f"mine.csv, line 1: expected the columns {HEADER}, found {found}"


def test_a_file_may_begin_with_a_byte_order_mark_but_must_be_utf8(tmp_path: Path) -> None:
    file = tmp_path / "evidence.csv"
    file.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8-sig")
    assert read_evidence(file) == parsed(GOOD)
    file.write_bytes(f"{HEADER}\n{GOOD}\n".replace("rent", "r\xe9nt").encode("latin-1"))
    with pytest.raises(EvidenceError, match="expected text in UTF-8"):
        read_evidence(file)


# The shipped table, and the plans that use it.


def test_the_shipped_table_is_wide_and_keeps_each_place_together() -> None:
    assert len(FACTS) >= 60
    places = [place for place, _ in groupby((f.text, f.place) for f in FACTS.values())]
    assert len(places) == len(set(places))
    assert all(first[0] <= second[0] for first, second in pairwise(places))
    assert {text for text, _ in places} <= set(TEXTS)
    assert {f.how for f in FACTS.values()} == set(HOW)


@pytest.mark.parametrize("name", PLANS)
def test_every_source_of_a_shipped_plan_names_facts(name: str) -> None:
    unknown = {
        path: quantity.source
        for path, quantity in PLANS[name].quantities.items()
        if quantity.source and not set(cited(quantity.source)) <= set(FACTS)
    }
    assert unknown == {}


def test_every_fact_is_used_or_says_why_not() -> None:
    for found in FACTS.values():
        used = bool(found.used_by) or found.id in USERS
        assert used != (len(found.why_not.split()) > 3), found.id


FITTED = "tests/unit/test_calibration_problem.py::"
"""Tests that a fact is a number which the fit meets."""
SIMULATE = re.compile(
    r"^from ncpcsim\S* import .*\b(run|run_once|run_chunk|run_table)\b", re.MULTILINE
)


def runs_the_model(use: str) -> bool:
    """Whether a use compares results of runs: a check does, and a test beside those of runs."""
    if use.startswith("check:"):
        return True
    file = use.partition("::")[0]
    folder = file.removeprefix("tests/").partition("/")[0]
    return folder in ("functional", "statistical") and bool(
        SIMULATE.search((ROOT / file).read_text())
    )


def kind_of_use(found: Evidence) -> set[str]:
    """What a fact may be called, from its uses."""
    if found.id in USERS:
        drawn = any(
            path in PLANS[plan].uncertain
            for plan, paths in USERS[found.id].items()
            for path in paths
        )
        return {"input", "prior"} if drawn else {"input"}
    if any(map(runs_the_model, found.used_by)):
        return {"check"}
    if any(use.startswith(FITTED) for use in found.used_by):
        return {"fit"}
    return {"structure"} if found.used_by else {"unused"}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_is_called_what_its_uses_make_it(name: str) -> None:
    assert FACTS[name].how in kind_of_use(FACTS[name])


def test_a_check_without_a_run_is_none() -> None:
    plans_only = "tests/unit/test_evidence_computed.py::test_the_plans_agree_with_the_book"
    assert not runs_the_model(plans_only)
    assert runs_the_model("check:five_years")
    named = {use for found in FACTS.values() for use in found.used_by if "statistical" in use}
    assert named
    assert all(map(runs_the_model, named))


def test_the_uses_named_in_the_table_exist() -> None:
    for found in FACTS.values():
        for use in found.used_by:
            if not use.startswith("check:"):
                file, _, name = use.partition("::")
                assert f"\ndef {name}(" in (ROOT / file).read_text(), found.id


def test_the_table_names_the_checks_that_compare_with_a_fact_and_no_others() -> None:
    named = {
        (use.removeprefix("check:"), found.id)
        for found in FACTS.values()
        for use in found.used_by
        if use.startswith("check:")
    }
    assert named == {(check.name, fact) for check in CHECKS for fact in check.facts}
    assert all(check.facts for check in CHECKS)
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_a_check_computes_what_would_agree_from_all_its_numbers_and_from_no_others() -> None:
    for check in CHECKS:
        numbers = {name: fact(name) for name in check.facts if FACTS[name].value is not None}
        low, high = check.reported(numbers)
        assert low < high, check.name


def test_no_fact_is_called_what_a_plan_calls_a_field() -> None:
    paths = {number.path for plan in PLANS.values() for number in stated_numbers(plan)}
    assert paths & set(FACTS) == set()


INDICATORS = {
    "energy": "Quantity of energy saved",
    "water": "Quantity of water saved",
    "waste": "Quantity of solid waste reduced",
    "water_pollutants": "Quantity of water pollutants reduced",
    "air_pollutants": "Quantity of air pollutants reduced",
    "greenhouse_gases": "Quantity of greenhouse gases reduced",
    "npv": "Sum of the NPV",
    "people": "People who participated",
    "events": "Awareness-raising activities organised",
    "trained": "Persons receiving training",
    "person_days": "Person-days of training",
    "institutions": "Universities, consulting companies and other national institutions",
    "assessors": "Cleaner Production Assessors",
    "assessments": "Plants submitted to in-depth",
    "systems": "Plants which have implanted EMS",
    "applications": "Applications for investment funding",
    "accepted": "N° of submitted projects",
    "papers": "Policy papers prepared",
    "recommendations": "Recommendations in the policy papers",
}


CATEGORIES = {
    "housekeeping": "Good housekeeping",
    "inputs": "Input material change",
    "control": "Better process control",
    "recycling": "On-site recovery & reuse of waste (recycling)",
    "equipment": "Equipment/hardware modifications/replacement",
    "technology": "Change of process technology",
    "by_products": "Production of useful by-products",
    "product": "Product modification",
    "total": "Total",
}


def rows_of(name: str) -> list[dict[str, str]]:
    with (data_folder("calibration") / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def joined(figure: str) -> list[tuple[Evidence, list[str]]]:
    """The facts called after a figure, each with the other parts of its id."""
    return [(f, f.id.split(".")[1:]) for f in FACTS.values() if f.id.startswith(f"{figure}.")]


def test_facts_of_a_figure_are_called_after_it() -> None:
    for found in FACTS.values():
        figure = found.id.partition(".")[0]
        if figure.startswith("fig"):
            assert found.place == f"Fig. {figure.removeprefix('fig')}"


@pytest.mark.parametrize(("figure", "name"), [("fig10", "czech"), ("fig11", "hungary")])
def test_accounts_are_quoted_as_published(figure: str, name: str) -> None:
    lines = {line.name: line for line in load_accounts(name).lines}
    facts = joined(figure)
    assert len(facts) >= 6
    for found, (line, year) in facts:
        cell = lines[LINES[figure][line]].cell(year)
        assert (found.value, found.unit) == (cell.amount, "usd"), found.id
        assert year in found.fact


@pytest.mark.parametrize(("figure", "name"), [("fig4", "impacts"), ("fig5", "activity")])
def test_impacts_and_activity_are_quoted_as_published(figure: str, name: str) -> None:
    table = rows_of(name)
    facts = [(f, parts) for f, parts in joined(figure) if parts[0] != "years"]
    assert len(facts) >= 6
    for found, (indicator, country) in facts:
        (row,) = (
            row
            for row in table
            if row["country"] == COUNTRIES[country]
            and row["indicator"].startswith(INDICATORS[indicator])
        )
        assert str(found.value) == row["value"], found.id
        assert {COUNTRIES[country], row["period"]} <= set(re.split(", |: ", found.fact))


@pytest.mark.parametrize("country", COUNTRIES)
def test_years_are_those_of_the_periods(country: str) -> None:
    (period,) = {r["period"] for r in rows_of("activity") if r["country"] == COUNTRIES[country]}
    first, last = period.split("-")
    assert fact(f"fig5.years.{country}") == int(first[:2] + last) - int(first) + 1
    assert period in FACTS[f"fig5.years.{country}"].fact


def test_options_are_quoted_as_published() -> None:
    printed = {
        (row["category"], row["stage"]): int(row["value"])
        for row in rows_of("options")
        if row["unit"] == "options"
    }
    facts = {(CATEGORIES[key], stage): f.value for f, (key, stage) in joined("fig12")}
    assert facts == printed


def test_sums_over_facts_hold() -> None:
    kinds = ("sample.sme", "sample.large", "sample.non_industrial")
    assert sum(map(fact, kinds)) == fact("sample.enterprises")
    assert fact("hungary.accounts") == len(load_accounts("hungary").years)
