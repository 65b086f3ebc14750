"""`ncpcsim evidence` leads from a plan's numbers to facts, and from facts to all that uses them."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import ncpcsim.published.evidence as library
from ncpcsim.plan.files import shipped_plans
from ncpcsim.plan.load import load_plan
from ncpcsim.published.evidence import (
    HOW,
    EvidenceError,
    cited,
    load_evidence,
    stated_numbers,
    users,
)
from ncpcsim_cli import evidence as module
from ncpcsim_cli.main import main

GENERIC = load_plan("generic")


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["evidence", *arguments])
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.output


def refused(*arguments: str) -> str:
    """The one line that is printed when the arguments cannot be answered."""
    result = CliRunner().invoke(main, ["evidence", *arguments])
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


def flat(text: str) -> str:
    """The text with every run of white space as one space, so that folding does not matter."""
    return re.sub(r"\s+", " ", text)


def blocks(text: str) -> dict[str, str]:
    """What is said of each field or fact, by its first word, without the summary."""
    *parts, summary = text.rstrip("\n").split("\n\n")
    assert summary.startswith("Plan ")
    return {part.split()[0]: flat(part) for part in parts}


def mine(tmp_path: Path, text: str) -> str:
    file = tmp_path / "mine.toml"
    file.write_text(f'extends = "generic"\n{text}')
    return str(file)


# The list.


def test_every_fact_is_listed_under_its_text_and_place() -> None:
    text = shown()
    for fact in load_evidence():
        row = re.search(rf"^  {re.escape(fact.id)} .*", text, re.MULTILINE)
        assert row, fact.id
        before = text[: row.start()]
        assert re.findall(r"^(\d{3}|S\d) ", before, re.MULTILINE)[-1] == fact.text
        places = re.findall(r"^(\S.*?) +$", before, re.MULTILINE)
        assert places[-1] == fact.place


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("fig11.tenders.1998", "34,000 usd input 1"),
        ("fig11.fees.1998", "28,000 usd check 4"),
        ("china.relapse.after", "6 months input 2"),
        ("fig5.people.china", "15,580 people check 1"),
        ("fig11.balance.2000", "2,000 usd fit 1"),
        ("fig8.czech", "structure 1"),
        ("china.provinces", "20 provinces unused 0"),
    ],
)
def test_a_fact_is_listed_with_its_value_how_and_number_of_uses(name: str, end: str) -> None:
    (row,) = (flat(line).strip() for line in shown().splitlines() if f" {name} " in line)
    assert row.startswith(name)
    assert row.endswith(end)


def test_a_pipe_gets_a_hundred_columns_and_no_colour() -> None:
    for text in (shown(), shown("services"), shown("fig5"), shown("savings")):
        assert max(map(len, text.splitlines())) <= 100
        assert "\x1b" not in text


def test_a_terminal_gets_bold_headings() -> None:
    result = CliRunner().invoke(main, ["evidence", "programme"], color=True)
    assert result.output.startswith("\x1b[1mprogramme.months = 60 months")


# From a field to facts.


def test_a_sourced_field_shows_value_and_facts() -> None:
    (said,) = blocks(shown("market.charge_from_month")).values()
    assert said.startswith("market.charge_from_month = 12 months (lever) source funding.first_")
    assert ": 1 years 003 Changing Production Patterns (UNEP and UNIDO), Funding; input" in said


def test_every_fact_behind_a_field_is_shown_in_full() -> None:
    facts = {fact.id: fact for fact in load_evidence()}
    found = blocks(shown("savings"))
    for path, said in found.items():
        source = GENERIC.quantities[path].source
        named = cited(source) if source else ()
        assert tuple(re.findall(r" source (\S+\.\S+): ", said)) == named
        for fact in (facts[name] for name in named):
            whole = f" source {fact.id}: {fact.fact}: {fact.value:,} {fact.unit} {fact.text} "
            assert whole in said
            assert f", {fact.place}; {fact.how}" in said.partition(whole)[2]
    assert len(found) > 20


@pytest.mark.parametrize(
    ("subject", "plan", "words"),
    [
        (
            "market.word_of_mouth_clients",
            "generic",
            "= triangular, low 0, mode 2.5, high 7 clients (uncertain) source assumption note of ",
        ),
        (
            "segments.sme.potential_clients",
            "generic",
            "= lognormal, median 3000, sigma 0.3 clients (uncertain) source assumption",
        ),
        ("staff.working_days_month", "generic", "= 18 days/month (constant) source assumption"),
        ("grants.unido_direct.from_month", "hungary", "= 1998-01-01 (lever) source none, a bare"),
        ("posts.director.people", "hungary", "= 1 people (lever) source none, a bare lever"),
        (
            "grants.unido_direct.tranches[0].amount",
            "hungary",
            "Fig. 11; input source fig11.salaries.1997: Hungary: salaries, 1997: 15,000 usd",
        ),
    ],
)
def test_a_field_shows_where_it_comes_from(subject: str, plan: str, words: str) -> None:
    (said,) = blocks(shown(subject, "--plan", plan)).values()
    assert said.startswith(f"{subject} = ")
    assert words in said


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("market", "market.charge_from_month"),
        ("grants", "grants.programme_direct.programme_share"),
    ],
)
def test_a_beginning_shows_all_fields_below(prefix: str, first: str) -> None:
    below = [n.path for n in stated_numbers(GENERIC) if n.path.startswith(f"{prefix}.")]
    assert list(blocks(shown(prefix))) == below
    assert below[0] == first


def test_a_list_is_a_beginning_too() -> None:
    found = blocks(shown("grants.programme_direct.tranches[1]", "--plan", "czech"))
    assert [path.rpartition(".")[2] for path in found] == ["month", "amount"]
    assert len(blocks(shown("grants.programme_direct.tranches", "--plan", "czech"))) == 10


def test_a_beginning_ends_with_a_whole_word() -> None:
    assert refused("marke").startswith("marke: neither a field of generic nor a fact")


# From a fact to its uses.


def test_a_fact_shows_itself_and_all_its_uses() -> None:
    (said,) = blocks(shown("fig10.wages.1998")).values()
    assert said.startswith(
        "fig10.wages.1998 fact Czech Republic: wages, 1998: 24,000 usd "
        "from 003 Changing Production Patterns (UNEP and UNIDO), Fig. 10 how input "
        "used by staff.social_security_share ("
    )
    (said,) = blocks(shown("hungary.sme")).values()
    assert said.endswith(" how check used by check:sme_alone")


def test_a_fact_that_is_not_used_shows_why_not() -> None:
    (said,) = blocks(shown("china.provinces")).values()
    assert " how unused used by nothing: a plan's country has no provinces; " in said


def test_the_list_ends_with_what_facts_are_used_for() -> None:
    said, table = flat(shown()), load_evidence()
    assert f" {len(table)} facts: " in said
    for how, meaning in HOW.items():
        number = sum(fact.how == how for fact in table)
        assert f" {number} {how} {meaning}" in said


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a"], "a"),
        (["a", "b"], "a, b"),
        (["a", "b", "c"], "all plans but d"),
        (["a", "b", "c", "d"], "all plans"),
    ],
)
def test_many_plans_are_named_by_those_that_are_missing(names: list[str], words: str) -> None:
    assert module._named(names, ["a", "b", "c", "d"]) == words


def test_the_way_back_leads_to_every_field_that_names_a_fact() -> None:
    by_fact = users([load_plan(name) for name in shipped_plans()])
    for beginning in ("fig11", "fig5", "funding"):
        for name, said in blocks(shown(beginning)).items():
            named = set(re.findall(r"(\S+) \(", said.partition(" used by ")[2]))
            paths = {path for found in by_fact.get(name, {}).values() for path in found}
            assert named == paths, name


def test_a_fact_names_the_plans_that_have_the_field() -> None:
    (said,) = blocks(shown("fig11.travel.1997")).values()
    assert "used by costs.travel_from_month (hungary)" in said


def test_a_word_that_begins_fields_and_facts_shows_both() -> None:
    found = blocks(shown("staff"))
    assert "staff.working_days_month" in found
    assert "used by check:staff_range" in found["staff.range.high"]


# A plan of one's own.


def test_a_plan_of_ones_own_counts_among_the_users(tmp_path: Path) -> None:
    name = mine(tmp_path, '[opening]\ncash = { value = 9, source = "hungary.sme" }\n')
    (said,) = blocks(shown("hungary.sme", "--plan", name)).values()
    assert "used by opening.cash (mine) check:sme_alone" in said
    assert "opening.cash" not in shown("hungary.sme")


def test_a_source_that_is_no_fact_is_shown_as_it_stands(tmp_path: Path) -> None:
    text = '[opening]\ncash = { value = 9, source = "bank statement, 3 May", note = "ours" }\n'
    (said,) = blocks(shown("opening", "--plan", mine(tmp_path, text))).values()
    assert said == (
        "opening.cash = 9 money (lever) source bank statement, 3 May "
        "(names facts that are not in the table) note ours"
    )


# The summary.


@pytest.mark.parametrize("arguments", [(), ("market",), ("china.relapse",)])
@pytest.mark.parametrize("plan", ["generic", "hungary"])
def test_the_last_line_counts_the_plans_numbers(arguments: tuple[str, ...], plan: str) -> None:
    numbers = stated_numbers(load_plan(plan))
    sourced, assumed, bare = (
        sum(number.origin == origin for number in numbers)
        for origin in ("sourced", "assumed", "bare lever")
    )
    assert min(sourced, assumed) > 0
    assert (bare > 0) == (plan == "hungary")
    assert shown(*arguments, "--plan", plan).splitlines()[-1] == (
        f"Plan {plan}: {len(numbers)} numbers, {sourced} sourced, {assumed} assumed, "
        f"{bare} bare levers."
    )


# Refusals.


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("charging", "did you mean costa_rica.charging?"),
        ("market.charge_form_month", "did you mean market.charge_from_month"),
        ("fig11.salaries.1979", "did you mean fig11.salaries.1999 or fig11.salaries.1998 or"),
        ("zzzzzz", "`ncpcsim evidence` lists the facts"),
    ],
)
def test_an_unknown_name_is_refused_with_close_ones(subject: str, line: str) -> None:
    said = refused(subject)
    assert said.startswith(f"{subject}: neither a field of generic nor a fact; ")
    assert line in said


def test_a_field_of_another_plan_is_pointed_out() -> None:
    assert refused("grants.unido_direct") == (
        "grants.unido_direct: no field of generic, but one of hungary: try --plan hungary"
    )


def test_an_unknown_plan_is_refused() -> None:
    assert refused("market", "--plan", "atlantis").startswith("atlantis:1: plan: no such file")


def test_a_table_that_cannot_be_read_ends_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise EvidenceError("evidence.csv, line 3: expected better")

    monkeypatch.setattr(library, "load_evidence", broken)
    assert refused() == "evidence.csv, line 3: expected better"


def test_help_names_the_command() -> None:
    result = CliRunner().invoke(main, ["-h"])
    assert "Show where a plan's numbers come from, and what each fact is used for." in flat(
        result.output
    )
