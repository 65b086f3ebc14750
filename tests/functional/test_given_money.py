"""What published accounts show as given is given once: no tender of the model stands beside it."""

from functools import cache

import numpy as np
import pytest

from ncpcsim.accounting.ledger import Account
from ncpcsim.experiment.run import run_once
from ncpcsim.model.record import Record
from ncpcsim.plan.load import load_plan

RUNS = range(8)
ACCOUNTS_END = 48
"""Months of the Hungarian plan for which accounts are published."""


@cache
def record(plan: str, replication: int) -> Record:
    return run_once(load_plan(plan), 3, replication)[1]


def money_given(plan: str, giver: str) -> float:
    grants = load_plan(plan).numbers.grants.values()
    return sum(t.amount for g in grants if g.giver == giver for t in g.tranches or ())


def received(of: Record, account: Account, until: int | None = None) -> float:
    return -float(of.net_cents[account, :until].sum()) / 100


@pytest.mark.parametrize(
    ("account", "giver"),
    [(Account.DOMESTIC_PUBLIC, "domestic_public"), (Account.CORPORATE_SUPPORT, "corporate")],
)
def test_hungary_receives_what_the_figure_shows_and_no_more(account: Account, giver: str) -> None:
    most = money_given("hungary", giver)
    amounts = [received(record("hungary", r), account, ACCOUNTS_END) for r in RUNS]
    assert max(amounts) == most
    assert received(record("hungary", 0), Account.INTERNATIONAL_PROJECTS, ACCOUNTS_END) == 0


def test_hungary_bids_again_when_the_accounts_are_over() -> None:
    after = [record("hungary", r) for r in RUNS]
    bids = np.sum([of.counts[of.counted.index("domestic_tender.bids")] for of in after], axis=0)
    assert not bids[:ACCOUNTS_END].any()
    assert bids[ACCOUNTS_END:].any()


def test_the_czech_public_contributions_are_those_given() -> None:
    amounts = [received(record("czech", r), Account.DOMESTIC_PUBLIC) for r in RUNS]
    assert max(amounts) == money_given("czech", "domestic_public")
