"""Options that need capital: who pays for them, when they save, summed by hand."""

from typing import Any

import pytest

from tests.full_centre import SAVINGS, asked_for, bare
from tests.market import shifted
from tests.plans import by_month, counted, run, service

MONTHS = 36
CATEGORY = "savings.categories.housekeeping"
CAPITAL: dict[str, Any] = {
    "services.visit": service(
        project=True, finds_options=True, clients=asked_for(2, 0, success_fee_share=0.1)
    ),
    "savings": {**SAVINGS, "options_mean": 4, "relapse_probability": 1},
    f"{CATEGORY}.capital_share": 1,
    "savings.capital_payback_years": 2,
    "savings.capital_after_months": 5,
    "horizon.judged_month": MONTHS,
}
"""Every option saves 1,200 USD a year, costs 2,400 and needs capital; whoever can, relapses."""
OWN: dict[str, Any] = {**CAPITAL, "segments.firms.own_means_share": 1}
LOAN: dict[str, Any] = {
    **CAPITAL,
    "services.loan": service(
        project=True,
        finance_probability=1,
        follows={"service": "visit", "probability": 1, "lacks_capital": True},
        clients=asked_for(0, 0, success_fee_share=0.05),
    ),
}


def check_invested(changes: dict[str, Any], share: float, borrowed: int) -> None:
    """All that needs capital is in use five months later, for good, and brings a share."""
    record = run(bare(changes))
    found = counted(record, "options.housekeeping.found")
    used = shifted(found, 5)
    assert counted(record, "options.housekeeping.implemented") == used
    in_use = [sum(used[: month + 1]) for month in range(MONTHS)]
    assert counted(record, "clients.savings") == [100 * n for n in in_use]
    assert counted(record, "clients.implemented_year") == [1200 * n for n in used]
    assert counted(record, "clients.invested") == [2400 * n for n in used]
    assert counted(record, "clients.borrowed") == [borrowed * n for n in used]
    assert sum(counted(record, "clients.relapsed")) == 0
    fees = [
        a + b
        for a, b in zip(
            by_month(record, "fees_visit"),
            by_month(record, "fees_loan") if "services.loan" in changes else [0] * MONTHS,
            strict=True,
        )
    ]
    assert fees == [-round(share * 1200_00) * n for n in shifted(found, 17)]


def test_whoever_has_means_invests_and_saves_later() -> None:
    check_invested(OWN, 0.1, 0)


def test_a_fund_pays_in_the_place_of_means() -> None:
    check_invested({**CAPITAL, "savings.fund_share": 1}, 0.1, 0)


def test_a_loan_that_the_centre_finds_pays_too_and_is_borrowed() -> None:
    check_invested(LOAN, 0.05, 2400)


@pytest.mark.parametrize(
    "changes", [CAPITAL, {**LOAN, "services.loan.finance_probability": 0}], ids=["none", "refused"]
)
def test_without_capital_nothing_is_implemented(changes: dict[str, Any]) -> None:
    record = run(bare(changes))
    assert sum(counted(record, "options.housekeeping.found")) > 0
    for what in ("options.housekeeping.implemented", "clients.savings", "clients.invested"):
        assert sum(counted(record, what)) == 0


def test_only_clients_who_lack_capital_ask_for_a_loan() -> None:
    lacking = run(bare(LOAN))
    # Every visit that finds an option; one in 55 finds none.
    visits = sum(counted(lacking, "visit.done"))
    assert 0.85 * visits < sum(counted(lacking, "loan.asked")) <= visits
    for changes in ({"segments.firms.own_means_share": 1}, {"savings.options_mean": 0}):
        assert sum(counted(run(bare({**LOAN, **changes})), "loan.asked")) == 0


def test_what_needs_no_capital_is_implemented_at_once_and_costs_its_payback() -> None:
    record = run(
        bare({**CAPITAL, f"{CATEGORY}.capital_share": 0, f"{CATEGORY}.payback_years": 0.5})
    )
    found = counted(record, "options.housekeeping.found")
    assert counted(record, "options.housekeeping.implemented") == found
    assert counted(record, "clients.invested") == [600 * n for n in found]
    assert sum(counted(record, "clients.borrowed")) == 0


def test_nobody_owes_a_share_of_what_was_found_before_the_centre_charged() -> None:
    record = run(bare({**OWN, "market.charge_from_month": 6}))
    found = counted(record, "options.housekeeping.found")
    assert sum(found[:6]) > 0
    owed = [0] * 6 + found[6:]
    assert by_month(record, "fees_visit") == [-120_00 * n for n in shifted(owed, 17)]


def test_an_option_is_implemented_once_at_once_or_later() -> None:
    record = run(bare({**OWN, f"{CATEGORY}.capital_share": 0.5, "savings.relapse_probability": 0}))
    found = counted(record, "options.housekeeping.found")
    implemented = counted(record, "options.housekeeping.implemented")
    # All that was found five months before the end, and half of what was found since.
    assert sum(found[:31]) < sum(implemented) < sum(found)
    assert sum(implemented) == pytest.approx(sum(found[:31]) + sum(found[31:]) / 2, rel=0.05)
    invested = sum(counted(record, "clients.invested"))
    assert invested / 2400 == pytest.approx(sum(found[:31]) / 2, rel=0.2)
