"""What a centre has come to in the month in which it is judged: exactly one of five.

A ratio over what a centre happens to spend does not measure survival, so the judgement asks first
whether it lives, then whether the programme still pays, and only then whether its income carries
its full cost, or its reserve the deficit.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account
from ncpcsim.measures.coverage import (
    between,
    full_expenditure_cents,
    full_incomes_cents,
    last_year,
)
from ncpcsim.model.ending import State
from ncpcsim.model.record import Records
from ncpcsim.plan.schema import Thresholds

PROGRAMME = (Account.PROGRAMME_DISCRETIONARY, Account.PROGRAMME_EARMARKED)
_RESERVE = (
    Account.CASH,
    Account.RECEIVABLES,
    Account.PAYABLES,
    Account.LOANS,
    Account.HOST_LOAN,
    Account.DONOR_ADVANCES,
)


class Judgement(IntEnum):
    """What a centre has come to."""

    SUSTAINED = 0
    FUNDED = 1
    NOT_COVERING = 2
    DORMANT = 3
    CLOSED = 4


@dataclass(frozen=True, eq=False)
class Judged:
    """Runs as they are judged, shape (runs,) each.

    Attributes:
        judgement: a `Judgement`.
        self_sufficient: sustained from fees alone.
    """

    judgement: NDArray[np.int64]
    self_sufficient: NDArray[np.bool_]


def judge(records: Records, thresholds: Thresholds) -> Judged:
    """Judge runs at their end.

    *Sustained*: active, no programme money received or spent in the last `sustained_months`, and
    programme-free income that covers enough of full cost over them, or a reserve (cash and
    receivables less all debts) that carries another year like the last.
    """
    state = records.states()[:, -1]
    end = np.full(len(state), records.months)
    first = np.maximum(end - thresholds.sustained_months, 0)
    programme = -records.net_cents[:, list(PROGRAMME)].sum(axis=1)
    funded = between(programme, first, end) > 0
    spent = full_expenditure_cents(records)
    active = (state == State.ACTIVE) & (between(spent, first, end) > 0)

    def carries(income: NDArray[np.int64]) -> NDArray[np.bool_]:
        over = between(income, first, end)
        enough = over >= thresholds.sustained_coverage * between(spent, first, end)
        deficit = last_year(spent, end) - last_year(income, end)
        return enough | (reserve_cents(records) >= deficit)

    incomes = full_incomes_cents(records)
    alone = active & ~funded
    covered = carries(incomes["programme_free"])
    fees = between(incomes["fee"], first, end)
    by_fees = fees >= thresholds.sustained_coverage * between(spent, first, end)
    judgement = np.select(
        [state == State.CLOSED, state == State.DORMANT, alone & covered, funded],
        [Judgement.CLOSED, Judgement.DORMANT, Judgement.SUSTAINED, Judgement.FUNDED],
        Judgement.NOT_COVERING,
    )
    return Judged(judgement.astype(np.int64), alone & by_fees)


def reserve_cents(records: Records) -> NDArray[np.int64]:
    """Cash and receivables at the end, less bills not paid and loans, shape (runs,)."""
    found: NDArray[np.int64] = records.closing_cents()[:, list(_RESERVE)].sum(axis=1)
    return found
