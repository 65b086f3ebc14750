"""The first runs of the shipped plans, pinned: a change of results must be meant.

After a change that is meant to move results (of the model, or of a plan's numbers), renew the pins
and read what moved before committing it:

    NCPCSIM_RENEW=1 pytest tests/regression/test_pinned_runs.py
    git diff tests/regression/pinned_runs.json
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.experiment.run import run_once
from ncpcsim.plan.load import load_plan

PINS = Path(__file__).with_name("pinned_runs.json")
PLANS = ("generic", "hungary", "czech")
SEED = 1
REPLICATIONS = 3
RENEW = os.environ.get("NCPCSIM_RENEW") == "1"


def found(name: str) -> dict[str, Any]:
    plan = load_plan(name)
    return {"plan": plan.hash, "runs": [_run(name, r) for r in range(REPLICATIONS)]}


def _run(name: str, replication: int) -> dict[str, Any]:
    """A run in numbers that a reader can weigh, and a checksum of all the others."""
    _, record = run_once(load_plan(name), SEED, replication)
    done = record.counted.index("assessment.done")
    cents = record.net_cents.astype("<i8").tobytes()
    return {
        "closed_month": record.closed_month,
        "closing_cash_cents": record.closing_cents()["cash"],
        "fees_cents": -int(record.net_cents[Account.FEES :].sum()),
        "assessments_done": int(record.counts[done].sum()),
        "net_cents_sha256": hashlib.sha256(cents).hexdigest(),
    }


def pinned() -> dict[str, Any]:
    pins: dict[str, Any] = json.loads(PINS.read_text(encoding="utf-8"))
    return pins


def test_three_runs_of_every_plan_are_pinned() -> None:
    if RENEW:
        pins = {name: found(name) for name in PLANS}
        PINS.write_text(json.dumps(pins, indent=1) + "\n", encoding="utf-8")
    assert tuple(pinned()) == PLANS
    assert all(len(pins["runs"]) == REPLICATIONS for pins in pinned().values())


@pytest.mark.skipif(RENEW, reason="the pins are being renewed")
@pytest.mark.parametrize("name", PLANS)
def test_runs_are_as_pinned(name: str) -> None:
    pins, now = pinned()[name], found(name)
    # The plan's hash is no result: it may change with a remark. It tells where to look.
    edited = "the plan was edited" if pins["plan"] != now["plan"] else "the plan is as it was"
    assert now["runs"] == pins["runs"], f"{edited}; this file's text says how to renew the pins"
