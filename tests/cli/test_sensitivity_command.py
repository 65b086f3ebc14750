"""`ncpcsim sensitivity --audit`: what it prints, writes and refuses."""

import csv
import json
from pathlib import Path

from click.testing import CliRunner, Result

from ncpcsim_cli.main import main
from tests.cli.test_json_documents import told

FEW = ("generic", "--audit", "-n", "12", "--workers", "1")


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["sensitivity", *arguments])


def test_without_audit_it_says_what_it_offers() -> None:
    result = asked("generic")
    assert result.exit_code == 0
    assert "--audit" in result.stdout


def test_numbers_are_told_with_sign_source_and_verdict(tmp_path: Path) -> None:
    table = tmp_path / "audit.csv"
    result = asked(*FEW, "--only", "market.*_month*", "--csv", str(table))
    assert result.exit_code == 0, result.output
    assert "market.awareness_fade_month  [fees -" in result.stdout
    assert "003 Awareness-Raising" in result.stdout
    assert "On survival, of " in result.stdout
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert {row["verdict"] for row in rows} <= {"agrees", "contradicts", "cannot tell", "no claim"}
    assert {row["measure"] for row in rows} >= {"fees", "income", "cash", "sustained", "open"}


def test_what_moves_nothing_is_listed_with_its_reason() -> None:
    result = asked(*FEW, "--only", "services.technical_information.clients.*.willingness")
    _, _, tail = result.stdout.partition("Move nothing:")
    assert "clients.sme.willingness" in tail
    assert "the service is free" in tail


def test_the_document_has_the_keys_that_are_documented(tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    arguments = (*FEW, "--only", "opening.cash", "--out", str(out), "--json")
    first = asked(*arguments)
    document = json.loads(first.stdout)
    assert set(document) == {"command", "version", *told("sensitivity")}
    assert set(document["findings"][0]) == told("sensitivity, findings")
    # What is kept is not simulated again, and gives the same answer.
    assert asked(*arguments).stdout == first.stdout
    other = asked(*arguments, "--seed", "2")
    assert other.exit_code == 2
    assert "of another audit: seed is 1, expected 2" in other.stderr


def test_what_cannot_be_done_is_refused_in_a_line() -> None:
    for arguments, what in (
        ((*FEW, "--only", "nothing.of.it"), "fits no number"),
        (("nowhere", "--audit"), "nowhere"),
    ):
        result = asked(*arguments)
        assert result.exit_code == 2
        assert what in result.stderr
