"""Small problems of calibration, for tests."""

from typing import Any

from ncpcsim.accounting.ledger import Account
from ncpcsim.accounting.statements import StatementLine
from ncpcsim.calibrate.problem import FitProblem
from ncpcsim.calibrate.targets import OPEN, Target
from ncpcsim.plan.load import load_plan
from ncpcsim.published.accounts import Accounts
from tests.plans import bare_plan


def money_target(name: str, published: float = 10_000, **changes: Any) -> Target:
    """A fitted cell in dollars, rounded to a thousand."""
    said: dict[str, Any] = {"precision": 1000, "fitted": True, "year": 1996, **changes}
    return Target(name=name, line=name, unit="money", published=published, **said)


def a_problem(targets: tuple[Target, ...], parameters: int, centre: str = "ours") -> FitProblem:
    """A problem of some cells and the first uncertain parameters of `generic`."""
    plan = load_plan("generic")
    return FitProblem(
        centre=centre,
        plan=plan,
        accounts=Accounts(centre, (), ()),
        lines=(),
        targets=targets,
        shared=tuple(plan.uncertain)[:parameters],
        own=(),
        bear_months=plan.numbers.liquidity.creditors_bear_months,
    )


TRAVEL, PREMISES = "costs.travel_month", "costs.premises_month"
SPREAD = 0.1
"""Of the logarithms of both parameters."""


def two_parameters(travel: float, premises: float) -> FitProblem:
    """A centre whose accounts follow from two numbers, without any randomness.

    In each of three years it spends twelve months' travel, of 200 USD in the median, and twelve
    months' premises, of 50. The travel is printed and fitted; the premises are printed for the last
    year and compared with only. A count of nothing is fitted too, of which nothing can be learned.
    """

    def drawn(median: float) -> dict[str, Any]:
        said = {"unit": "money/month", "assumption": True}
        return {"distribution": "lognormal", "median": median, "sigma": SPREAD, **said}

    plan = bare_plan(
        {
            "horizon.judged_month": 36,
            "opening.cash": 100_000,
            TRAVEL: drawn(200),
            PREMISES: drawn(50),
        }
    )
    years = (2000, 2001, 2002)
    return FitProblem(
        centre="ours",
        plan=plan,
        accounts=Accounts("ours", (), ()),
        lines=(
            StatementLine("expenditure", "Travel", 1, (Account.TRAVEL,)),
            StatementLine("expenditure", "Premises", 1, (Account.PREMISES,)),
        ),
        targets=(
            *(
                Target(f"Travel {year}", "Travel", year, "usd", travel, 100, fitted=True)
                for year in years
            ),
            Target(
                *("Premises 2002", "Premises", 2002, "usd", premises, 100),
                fitted=False,
                why="given",
            ),
            Target("people_reached", "people_reached", None, "people", 0, 1, fitted=True),
            Target(OPEN, OPEN, None, "share", 1, 0, fitted=False, why="known"),
        ),
        shared=(),
        own=(TRAVEL, PREMISES),
        bear_months=plan.numbers.liquidity.creditors_bear_months,
    )
