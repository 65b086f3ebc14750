"""The two examples of docs/extending.md are run as they stand there."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.run import run_once
from ncpcsim.model.fields import Key
from ncpcsim.model.record import Record
from ncpcsim.model.streams import Candidate, Streams, candidates, stream_key
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.reference import assembly, demand

DOCUMENT = Path(__file__).parents[2] / "docs" / "extending.md"
SEED = 1
RUNS = range(4)
GALA = "charity gala"
UNENDING = """
extends = "generic"
title = "An average centre that nobody closes"
question = "What does a gala add when nothing else changes?"
without = ["management"]

[thresholds]
credit_line = 1e9
"""
"""Money then changes neither what the director does nor when the run ends."""


def blocks(language: str) -> list[str]:
    fence = rf"^```{language}\n(.*?)^```$"
    return re.findall(fence, DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    (service,) = blocks("toml")
    file = tmp_path_factory.mktemp("plan") / "water.toml"
    file.write_text(service, encoding="utf-8")
    return load_plan(file)


def test_a_service_is_added_by_a_plan_and_earns_fees(audits: Plan) -> None:
    assert audits.numbers.services.keys() - load_plan("generic").numbers.services.keys() == {
        "water_audit"
    }
    earned = [-net(run_once(audits, SEED, run)[1], "fees_water_audit").sum() for run in RUNS]
    assert max(earned) > 0
    assert min(earned) >= 0


@pytest.mark.parametrize("run", RUNS)
def test_the_new_service_leaves_all_other_draws_as_they_were(
    audits: Plan, run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    generic = load_plan("generic")
    drawn = draw_parameters(generic, SEED, run)
    assert drawn.items() <= draw_parameters(audits, SEED, run).items()
    met: list[dict[Key, list[tuple[float, list[float]]]]] = []

    def recorded(
        streams: Streams, key: Key, rate_month: float, months: float, width: int
    ) -> Iterator[Candidate]:
        kept = met[-1].setdefault(key, [])
        for candidate in candidates(streams, key, rate_month, months, width):
            kept.append((candidate.time, candidate.row.tolist()))
            yield candidate

    monkeypatch.setattr(demand, "candidates", recorded)
    records = []
    for plan in (generic, audits):
        met.append({})
        records.append(run_once(plan, SEED, run)[1])
    without, with_audits = met
    assert with_audits.keys() - without.keys() == {
        stream_key("enquiry.water_audit.large"),
        stream_key("enquiry.water_audit.public"),
    }
    compared = 0
    for stream, before in without.items():
        # A centre that closes earlier meets fewer of them.
        both = min(len(before), len(with_audits[stream]))
        assert before[:both] == with_audits[stream][:both], stream
        compared += both
    assert compared > 100
    _same_until_the_first_audit(*records)


def _same_until_the_first_audit(without: Record, with_audits: Record) -> None:
    asked = with_audits.counts[with_audits.counted.index("water_audit.asked")]
    quiet = int(np.argmax(asked > 0)) if asked.any() else with_audits.months
    assert quiet > 0
    for row, name in enumerate(without.counted):
        other = with_audits.counts[with_audits.counted.index(name)]
        assert without.counts[row][:quiet].tolist() == other[:quiet].tolist(), name
    for name in without.accounts:
        assert net(without, name)[:quiet].tolist() == net(with_audits, name)[:quiet].tolist(), name


@pytest.fixture
def fundraising() -> ModuleType:
    source, _ = blocks("python")
    module = ModuleType("ncpcsim.reference.fundraising")
    exec(source, module.__dict__)  # noqa: S102  the document is ours
    return module


def test_the_families_in_the_document_are_those_of_the_program_and_one_more() -> None:
    _, line = blocks("python")
    names = re.findall(r"\w+", line.removeprefix("FAMILIES"))
    assert names == [*assembly.FAMILIES, "fundraising"]
    # Where the program has it, too, a family is one line.
    assert assembly.__file__
    written = Path(assembly.__file__).read_text(encoding="utf-8").splitlines()
    for name in assembly.FAMILIES:
        assert written.count(f'    "{name}",') == 1


@pytest.mark.parametrize("run", RUNS)
def test_a_source_of_money_adds_what_it_posts_and_nothing_else(
    run: int, fundraising: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "unending.toml"
    file.write_text(UNENDING)
    plan = load_plan(file)
    _, before = run_once(plan, SEED, run)
    monkeypatch.setitem(sys.modules, fundraising.__name__, fundraising)
    monkeypatch.setattr(assembly, "FAMILIES", (*assembly.FAMILIES, "fundraising"))
    told: list[str] = []
    _, after = run_once(plan, SEED, run, lambda _, what: told.append(what))

    posted = [round(100 * usd) for usd in galas(told)]
    assert len(posted) == plan.numbers.months // 12
    assert min(posted) > 0
    for record in (before, after):
        assert sum(record.closing_cents().values()) == 0
        assert not record.net_cents.sum(axis=0).any()
    assert before.closed_month is None
    difference = after.net_cents - before.net_cents
    assert -difference[Account.OTHER_SUPPORT].sum() == sum(posted)
    assert difference[Account.CASH].sum() == sum(posted)
    changed = set(np.flatnonzero(difference.any(axis=1)).tolist())
    assert changed == {Account.CASH, Account.OTHER_SUPPORT}
    assert before.counts.tolist() == after.counts.tolist()


def galas(told: list[str]) -> list[float]:
    """The amounts of the postings that a trace names as the gala's."""
    lines = (line for line in told if line.endswith(f"({GALA})"))
    return [float(line.split()[0].replace(",", "")) for line in lines]


def net(record: Record, account: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    row: np.ndarray[tuple[int], np.dtype[np.int64]] = record.net_cents[
        record.accounts.index(account)
    ]
    return row
