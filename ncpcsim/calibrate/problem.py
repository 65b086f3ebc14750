"""What a fit is about: the centre's plan as it was, the parameters to learn, the cells to meet."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import Account
from ncpcsim.accounting.statements import LAYOUTS, StatementLine, line_cents
from ncpcsim.calibrate.targets import LEFT_OUT, OPEN, Target, of_accounts, of_activity
from ncpcsim.data import data_folder
from ncpcsim.measures.coverage import by_year, fiscal_years
from ncpcsim.measures.indicators import OUTPUTS
from ncpcsim.model.record import Records
from ncpcsim.plan.load import Plan, load_plan
from ncpcsim.plan.quantity import Quantity
from ncpcsim.published.accounts import Accounts, load_accounts
from ncpcsim.published.activity import load_activity

CENTRES = ("hungary", "czech")
"""The centres whose accounts are published; their plans have the same names."""
AVERAGE = "generic"
_FOR_EVER_MONTHS = 1e6


class ProblemError(ValueError):
    """Accounts and plan do not go together; the message says which and how."""


@dataclass(frozen=True)
class FitProblem:
    """A centre to be fitted.

    Attributes:
        centre: its name.
        plan: its plan as the fit runs it: to the end of the accounts, never closed.
        accounts: as printed.
        lines: the lines of their layout.
        targets: the cells, fitted ones and others.
        shared: paths of the parameters it shares with other centres.
        own: paths of its own.
        bear_months: how long creditors would have waited.
        doubted: lines that are at fault where they do not make up the line above them.
    """

    centre: str
    plan: Plan
    accounts: Accounts
    lines: tuple[StatementLine, ...]
    targets: tuple[Target, ...]
    shared: tuple[str, ...]
    own: tuple[str, ...]
    bear_months: float
    doubted: frozenset[str] = frozenset()

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of all that is learned: shared ones by their path, own ones as CENTRE:PATH.

        What centres could share is a centre's own where its plan states another prior for it than
        the average centre's.
        """
        average = load_plan(AVERAGE)
        return (
            *(p if self.plan.states_as(average, p) else f"{self.centre}:{p}" for p in self.shared),
            *(f"{self.centre}:{path}" for path in self.own),
        )

    @cached_property
    def priors(self) -> tuple[Quantity, ...]:
        """What the plan states of each, in the same order."""
        return tuple(self.plan.uncertain[path] for path in (*self.shared, *self.own))

    @cached_property
    def fitted(self) -> NDArray[np.bool_]:
        """Which targets are fitted, shape (targets,)."""
        return np.array([target.fitted for target in self.targets])

    def read(self, values: Mapping[str, float], precision: Mapping[str, float]) -> "FitProblem":
        """The same, with some cells read in another way: their sums may then come out, or not.

        Parts that were doubted stay so, for a reading is a doubt of others.
        """
        accounts = self.accounts.reading(values)
        cells = of_accounts(accounts, self.lines, self.doubted)
        again = {target.name: target for target in cells if target.line not in self.doubted}
        targets = (
            replace(
                again.get(target.name, target),
                precision=precision.get(target.name, target.precision),
                fitted=target.fitted,
                why=target.why,
            )
            for target in self.targets
        )
        return replace(self, accounts=accounts, targets=tuple(targets))

    def without(self, *dropped: str) -> "FitProblem":
        """The same, with some cells no longer fitted, by name, line or year."""
        return replace(
            self,
            targets=tuple(
                replace(target, fitted=False, why=LEFT_OUT)
                if target.fitted and {target.name, target.line, str(target.year)} & set(dropped)
                else target
                for target in self.targets
            ),
        )

    def outcomes(self, records: Records) -> NDArray[np.float64]:
        """What runs give for each target, in its own unit, shape (runs, targets)."""
        numbers = self.plan.numbers
        year_of = fiscal_years(numbers.first_day, numbers.months)
        years = {int(year): i for i, year in enumerate(np.unique(year_of))}
        yearly = by_year(records.net_cents, year_of)
        cents = {line.name: line_cents(yearly, line) for line in self.lines}

        def column(target: Target) -> NDArray[np.float64]:
            if target.line == OPEN:
                return self._stays_open(records)
            if target.year is None:
                return _counted(records, target.line)
            amounts: NDArray[np.float64] = cents[target.line][:, years[target.year]] / 100
            return amounts

        return np.stack([column(t) for t in self.targets], axis=-1)

    def _stays_open(self, records: Records) -> NDArray[np.float64]:
        """Whether no centre's creditors had to wait for longer than they bear, shape (runs,)."""
        late = np.cumsum(records.net_cents[:, Account.PAYABLES], axis=-1) < 0
        longest = spell = np.zeros(len(late), np.int64)
        for month in late.T:
            spell = np.where(month, spell + 1, 0)
            longest = np.maximum(longest, spell)
        return (longest <= self.bear_months).astype(np.float64)


def _counted(records: Records, output: str) -> NDArray[np.float64]:
    """A count of the whole of each run; 0 where the plan has no such service."""
    rows = [records.counted.index(n) for n in OUTPUTS[output] if n in records.counted]
    total: NDArray[np.int64] = records.counts[:, rows].sum(axis=(1, 2))
    return total.astype(np.float64)


@cache
def settings() -> Mapping[str, Any]:
    """What `calibration/fit.toml` says: what is learned, and from what."""
    return tomllib.loads((data_folder("calibration") / "fit.toml").read_text(encoding="utf-8"))


def learned_from() -> dict[str, str]:
    """What can be learned, by path, and from which cells."""
    fit_settings = settings()
    alone = [path for paths in fit_settings["only"].values() for path in paths.items()]
    return {**fit_settings["shared"], **fit_settings["own"], **dict(alone)}


def published_problem(centre: str) -> FitProblem:
    """The problem of a centre whose accounts are published, with what `fit.toml` states of it."""
    fit_settings = settings()
    activity = fit_settings["activity"].get(centre)
    counts = load_activity(activity["country"]) if activity else ()
    return problem(
        load_plan(centre),
        load_accounts(centre),
        LAYOUTS[centre],
        centre,
        counts=tuple(of_activity(counts, activity["counts"])) if activity else (),
        only=fit_settings["only"].get(centre, {}),
        doubted=frozenset(fit_settings["doubted"].get(centre, {})),
    )


def problem(
    plan: Plan,
    accounts: Accounts,
    lines: Sequence[StatementLine],
    centre: str,
    *,
    counts: tuple[Target, ...] = (),
    only: Collection[str] = (),
    doubted: frozenset[str] = frozenset(),
) -> FitProblem:
    """A centre's problem: its parameters are those of `fit.toml` that its plan does not fix.

    Args:
        plan: the centre's.
        accounts: as printed.
        lines: the lines of their layout, in the same order.
        centre: its name.
        counts: what is known of its activity.
        only: paths of parameters of this centre alone.
        doubted: lines that are at fault where they do not make up the line above them.

    Raises:
        ProblemError: the accounts begin before the plan, or the plan leaves nothing to learn.
    """
    fit_settings = settings()
    own = (*fit_settings["own"], *only)
    last = max(int(year) for year in accounts.years)
    first = min(int(year) for year in accounts.years)
    begins = plan.numbers.first_day
    if first < begins.year:
        what = f"begin in {first}, expected no year before the plan's start, {begins}"
        raise ProblemError(f"{plan.name}: accounts: {what}")
    if not any(path in plan.uncertain for path in (*fit_settings["shared"], *own)):
        what = "states none of the parameters to learn as a distribution, expected some"
        raise ProblemError(f"{plan.name}: plan: {what} (see ncpcsim calibrate --priors)")
    return FitProblem(
        centre=centre,
        plan=as_it_was(plan, last),
        accounts=accounts,
        lines=tuple(lines),
        targets=(
            *of_accounts(accounts, lines, doubted),
            *counts,
            Target(OPEN, OPEN, None, "share", 1.0, 0.0, fitted=False, why="known"),
        ),
        shared=tuple(path for path in fit_settings["shared"] if path in plan.uncertain),
        own=tuple(path for path in own if path in plan.uncertain),
        bear_months=plan.numbers.liquidity.creditors_bear_months,
        doubted=doubted,
    )


def as_it_was(plan: Plan, last_year: int) -> Plan:
    """A plan run to the end of a year, whatever its cash: the centre is known to have lived."""
    numbers = plan.numbers
    months = 12 * (last_year + 1 - numbers.start.year) - (numbers.start.month - 1)
    return plan.variant(
        {
            "liquidity.creditors_bear_months": {
                "value": _FOR_EVER_MONTHS,
                "unit": "months",
                "assumption": True,
            },
            "horizon.judged_month": months,
        }
    )
