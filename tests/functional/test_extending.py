"""docs/extending.md: every place it names exists, and what it adds works as it stands there."""

import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

import ncpcsim
from ncpcsim.experiment.draws import draw_parameters
from ncpcsim.experiment.run import run_once
from ncpcsim.model.record import Record
from ncpcsim.model.streams import Streams, one, stream_key
from ncpcsim.plan.load import Plan, load_plan

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
SEED = 1
RUNS = range(4)
ROOMS = "plan|model|rules|reference|compiled|accounting|measures|answers"
PLACE = re.compile(rf"`((?:{ROOMS})/\S+\.py): (\w+)`")
BLOCK = re.compile(
    r'^```(?:python|text) (new|in)=(\S+)(?: (before|after)="([^\n]*)")?\n(.*?)^```$',
    re.MULTILINE | re.DOTALL,
)
GALA = {"amount": 3000.0, "sigma": 0.4}
IN_THE_COPY = """
import hashlib, json, sys
from ncpcsim.experiment.run import run_once
from ncpcsim.experiment.selftest import compare_plan
from ncpcsim.plan.load import load_plan

plain = load_plan("generic")
unit = {"assumption": True}
gala = plain.variant({
    "fundraising": {
        "gala_amount": {"value": 3000.0, "unit": "money", **unit},
        "gala_sigma": {"value": 0.4, "unit": "log units", **unit},
    },
    "economy.inflation_year": {"value": 0, "unit": "share/year", **unit},
})
none = gala.variant({"fundraising.gala_amount": {"value": 0, "unit": "money", **unit}})
found = compare_plan(gala, 1, 12)
posted = []
for run in range(4):
    (with_, without) = (run_once(plan, 1, run)[1] for plan in (gala, none))
    row = with_.accounts.index("other_support")
    last = min(x.months if x.closed_month is None else x.closed_month for x in (with_, without))
    posted.append([
        int(without.net_cents[row, m] - with_.net_cents[row, m]) for m in range(11, last, 12)
    ])
books = [run_once(plain, 1, run)[1].net_cents.tobytes() for run in range(4)]
digest = [hashlib.sha256(cents).hexdigest() for cents in books]
print(json.dumps({"runs": found.runs, "equal": found.equal, "first": found.first_difference,
                  "posted": posted, "digest": digest}))
"""


def test_every_place_that_is_named_exists() -> None:
    found = PLACE.findall(DOCUMENT)
    assert len(found) > 30
    for file, name in found:
        text = (ROOT / "ncpcsim" / file).read_text(encoding="utf-8")
        assert re.search(rf"^(def|class) {name}\b", text, re.MULTILINE), f"{file}: {name}"


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    (service,) = re.findall(r"^```toml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
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
def test_the_new_service_leaves_all_other_draws_as_they_were(audits: Plan, run: int) -> None:
    generic = load_plan("generic")
    assert draw_parameters(generic, SEED, run).items() <= draw_parameters(audits, SEED, run).items()
    without, with_audits = (run_once(plan, SEED, run)[1] for plan in (generic, audits))
    asked = with_audits.counts[with_audits.counted.index("water_audit.asked")]
    quiet = int(np.argmax(asked > 0)) if asked.any() else with_audits.months
    assert quiet > 0
    for row, name in enumerate(without.counted):
        other = with_audits.counts[with_audits.counted.index(name)]
        assert without.counts[row][:quiet].tolist() == other[:quiet].tolist(), name
    for name in without.accounts:
        assert net(without, name)[:quiet].tolist() == net(with_audits, name)[:quiet].tolist(), name


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program says once the document's mechanism is in a copy of it."""
    copy = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__", "_engine*")
    for folder in ("ncpcsim", "cli", "scenarios", "calibration"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)  # a checkout, which builds its own library
    blocks = BLOCK.findall(DOCUMENT)
    assert len(blocks) == 15
    for how, file, where, mark, text in blocks:
        if how == "new":
            assert not (copy / file).exists()
            (copy / file).write_text(text, encoding="utf-8")
        else:
            _insert(copy / file, where, mark.replace('\\"', '"'), text)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy), str(copy / "cli")])}
    done = subprocess.run(
        [sys.executable, "-c", IN_THE_COPY],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=copy,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _insert(file: Path, where: str, mark: str, text: str) -> None:
    """Put lines before or after the first line that begins as is said."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(i for i, line in enumerate(lines) if line.startswith(mark))
    lines.insert(place + (where == "after"), text)
    file.write_text("".join(lines), encoding="utf-8")


def test_both_engines_give_the_same_with_the_new_mechanism(extended: dict[str, Any]) -> None:
    assert extended["first"] is None
    assert extended["equal"] == extended["runs"] == 12


def test_its_amounts_are_those_summed_by_hand(extended: dict[str, Any]) -> None:
    key, number = stream_key("fundraising.gala"), 0
    for run, posted in zip(RUNS, extended["posted"], strict=True):
        for index, cents in enumerate(posted):
            z = NormalDist().inv_cdf(one(Streams(SEED, run), key, index))
            # What else is other support differs where the gala's money changed what was won.
            expected = math.floor(100 * GALA["amount"] * math.exp(GALA["sigma"] * z) + 0.5)
            number += cents == expected
    assert number > 20


def test_a_plan_without_it_gives_what_it_gave_before(extended: dict[str, Any]) -> None:
    import hashlib

    assert Path(ncpcsim.__file__).is_relative_to(ROOT)
    plain = load_plan("generic")
    for run, digest in zip(RUNS, extended["digest"], strict=True):
        cents = run_once(plain, SEED, run)[1].net_cents.tobytes()
        assert hashlib.sha256(cents).hexdigest() == digest


def net(record: Record, account: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    row: np.ndarray[tuple[int], np.dtype[np.int64]] = record.net_cents[
        record.accounts.index(account)
    ]
    return row
