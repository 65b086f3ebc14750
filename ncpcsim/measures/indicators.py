"""What a run says beside coverage: subsidy, reserve, reliance, mission, value for money.

Pure functions of a run's record, each over its last twelve open months unless it says otherwise. A
ratio whose denominator is zero is NaN.
"""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import INCOME, MEMO, OPERATIONAL, Account
from ncpcsim.measures import coverage
from ncpcsim.model.inputs import amounts_due
from ncpcsim.model.record import Record
from ncpcsim.plan.schema import Numbers

_AWARENESS = ("awareness", "awareness_at_others")
OUTPUTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "events_held": ("events", tuple(f"{name}.done" for name in _AWARENESS)),
    "people_reached": ("people", tuple(f"{name}.participants" for name in _AWARENESS)),
    "people_trained": ("people", ("training.participants",)),
    "person_days_of_training": ("person-days", ("training.person_days",)),
    "plants_assessed": ("plants", ("assessment.done",)),
    "management_systems": ("plants", ("management_system.done",)),
    "finance_applications": ("applications", ("investment_proposal.done",)),
    "finance_accepted": ("applications", ("investment_proposal.financed",)),
    "institutions_won": ("institutions", ("training.institutions",)),
    "assessors_at_work": ("people", ("training.assessors",)),
    "policy_papers": ("papers", ("policy_advice.done",)),
    "recommendations_adopted": ("recommendations", ("policy_advice.adopted",)),
    "client_savings_usd": ("usd", ("clients.savings_usd",)),
    "energy_saved_gj": ("GJ", ("clients.energy_gj",)),
    "water_saved_t": ("t", ("clients.water_t",)),
    "waste_avoided_t": ("t", ("clients.waste_t",)),
}
"""What a centre reports of its work (003, Figures 5 and 4): unit, and what adds up to it."""
UNITS: Mapping[str, str] = {
    "subsidy_adjusted_coverage": "ratio",
    "reserve_months": "months",
    "largest_source_share": "share",
    "committed_share": "share",
    "committed_with_contracts_share": "share",
    "hoped_share": "share",
    "hoped_with_contracts_share": "share",
    "passed_through_per_own_usd": "usd/usd",
    "mission_share": "share",
    "first_covered_month": "months",
    "last_dependence_month": "months",
    "client_savings_per_programme_usd": "usd/usd",
    "programme_usd_per_assessment": "usd",
    **{name: unit for name, (unit, _) in OUTPUTS.items()},
}
"""The indicators and their units, in the order of reports; the outputs of the whole run last."""

_PROGRAMME = (Account.PROGRAMME_DISCRETIONARY, Account.PROGRAMME_EARMARKED)
_LIQUID = (Account.CASH, Account.RECEIVABLES)
_YEAR = coverage.TRAILING_MONTHS


def indicators(record: Record, numbers: Numbers) -> dict[str, float]:
    """All indicators of a run, by name."""
    last = slice(max(coverage.open_months_of(record) - _YEAR, 0), coverage.open_months_of(record))
    spent = int(coverage.operating_expenditure_cents(record)[last].sum())
    return {
        "subsidy_adjusted_coverage": _subsidy_adjusted(record, last, spent),
        "reserve_months": _reserve_months(record, last, spent),
        "largest_source_share": _largest_source(record, last),
        **_year_ahead(record, numbers),
        "passed_through_per_own_usd": _passed_through(record),
        "mission_share": _mission_share(record, numbers, last),
        "first_covered_month": _first_covered(record),
        "last_dependence_month": _last_dependence(record),
        "client_savings_per_programme_usd": _savings_per_programme(record),
        "programme_usd_per_assessment": _programme_per_assessment(record, numbers),
        **{name: _output(record, counts) for name, (_, counts) in OUTPUTS.items()},
    }


def _subsidy_adjusted(record: Record, last: slice, spent: int) -> float:
    """Programme-free income over expenditure with what is given in kind counted as a cost."""
    income = int(coverage.incomes_cents(record)["programme_free"][last].sum())
    in_kind = int(record.net_cents[list(MEMO)[1:], last].sum())
    return _ratio(income, spent + in_kind)


def _reserve_months(record: Record, last: slice, spent: int) -> float:
    """Months of expenditure that cash and receivables would carry."""
    closing = record.closing_cents()
    liquid = sum(closing[record.accounts[account]] for account in _LIQUID)
    return _ratio(liquid, spent / max(last.stop - last.start, 1))


def _largest_source(record: Record, last: slice) -> float:
    """Share of all income from its largest source; clients are one, and so is the programme."""
    net = record.net_cents[:, last]
    fees = -int(net[Account.FEES :].sum()) - int(net[list(OPERATIONAL)].sum())
    programme = -int(net[list(_PROGRAMME)].sum())
    others = [a for a in INCOME if a not in (*_PROGRAMME, *OPERATIONAL)]
    sources = [fees, programme, *(-int(net[account].sum()) for account in others)]
    return _ratio(max(sources), sum(sources))


def _year_ahead(record: Record, numbers: Numbers) -> dict[str, float]:
    """At the end of the funding window: income of the coming year over the past year's own costs.

    *Committed* are tranches still due and invoices not yet paid; with contracts, also what won ones
    still pay. *Hoped for* are clients, members and the host as in the past year, and extensions of
    agreements that end, at their chance; with contracts, also calls at theirs, those of newer
    centres among them. Nobody hopes for what is committed: invoices not yet paid are of the past
    year.
    """
    end = min(numbers.horizon.funding_window_months, coverage.open_months_of(record))
    coming, past = range(end, end + _YEAR), slice(max(end - _YEAR, 0), end)
    tranches_usd = math.fsum(
        usd
        for grant in numbers.grants.values()
        for month, usd in amounts_due(grant)
        if month in coming
    )
    committed = 100 * tranches_usd + int(record.net_cents[Account.RECEIVABLES, :end].sum())
    operational, net = coverage.incomes_cents(record)["fee"], record.net_cents
    repeated = operational + net[Account.NEWER_CENTRES] - net[Account.HOST_CASH]
    extensions_usd = math.fsum(
        grant.extension.probability * grant.extension.amount_usd
        for grant in numbers.grants.values()
        if grant.extension and grant.until_month in coming
    )
    hoped = int(repeated[past].sum()) + 100 * extensions_usd
    in_hand, bids = _contracts_cents(record, numbers, end)
    spent = int(coverage.operating_expenditure_cents(record)[past].sum())
    return {
        "committed_share": _ratio(committed, spent),
        "committed_with_contracts_share": _ratio(committed + in_hand, spent),
        "hoped_share": _ratio(hoped, spent),
        "hoped_with_contracts_share": _ratio(hoped + bids, spent),
    }


def _contracts_cents(record: Record, numbers: Numbers, end: int) -> tuple[float, float]:
    """Expected income of a year from contracts, at plan prices: won and unfinished, and from bids.

    A bid's chance is that of full standing and no other funder; what it wins counts whole.
    """
    in_hand, bids = [], []
    for name, contract in numbers.contracts.items():
        spread = contract.amount_sigma
        mean_usd = contract.amount_usd * math.exp(spread * spread / 2)
        won = int(_counted(record, f"{name}.won")[max(end - contract.months, 0) : end].sum())
        in_hand.append(100 * won * (1 - contract.advance_share) * mean_usd)
        years = min(max(end + _YEAR - contract.from_month, 0), _YEAR) / 12
        bids.append(100 * contract.calls_year * years * contract.win_probability * mean_usd)
    # Exact sums: a plan that names its contracts in another order is the same plan.
    return math.fsum(in_hand), math.fsum(bids)


def _passed_through(record: Record) -> float:
    """What earmarked money paid for in the whole run, per dollar that the centre's own paid for."""
    passed = int(coverage.pass_through_cents(record).sum())
    return _ratio(passed, int(coverage.operating_expenditure_cents(record).sum()))


def _output(record: Record, counts: tuple[str, ...]) -> float:
    """A count of the whole run; nothing where the plan has no such service."""
    there = [name for name in counts if name in record.counted]
    return float(sum(_counted(record, name).sum() for name in there)) if there else math.nan


def _mission_share(record: Record, numbers: Numbers, last: slice) -> float:
    """Share of staff hours spent on the mission."""
    hours = {
        name: int(_counted(record, f"{name}.staff_hours")[last].sum()) for name in numbers.services
    }
    mission = sum(hours[name] for name, service in numbers.services.items() if service.mission)
    on_contracts = sum(
        int(_counted(record, f"{name}.staff_hours")[last].sum()) for name in numbers.contracts
    )
    return _ratio(mission, sum(hours.values()) + on_contracts)


def _last_dependence(record: Record) -> float:
    """Last month whose trailing year the centre did not cover without the programme; -1 if none."""
    open_months = coverage.open_months_of(record)
    income = coverage.incomes_cents(record)["programme_free"][:open_months]
    spent = coverage.operating_expenditure_cents(record)[:open_months]
    short = np.flatnonzero(_trailing_sums(income) < _trailing_sums(spent))
    return float(short[-1]) if len(short) else -1.0


def _first_covered(record: Record) -> float:
    """First month whose trailing year, a full one, the centre covered without the programme."""
    open_months = coverage.open_months_of(record)
    income = coverage.incomes_cents(record)["programme_free"][:open_months]
    spent = coverage.operating_expenditure_cents(record)[:open_months]
    enough = (_trailing_sums(income) >= _trailing_sums(spent))[_YEAR - 1 :]
    return float(np.argmax(enough)) + _YEAR if enough.any() else math.nan


def _savings_per_programme(record: Record) -> float:
    """What clients saved in the whole run, per dollar of the founding programme."""
    if "clients.savings_usd" not in record.counted:
        return math.nan
    saved_usd = int(_counted(record, "clients.savings_usd").sum())
    return _ratio(100 * saved_usd, _programme_cents(record))


def _programme_per_assessment(record: Record, numbers: Numbers) -> float:
    """Programme money of the whole run per piece of work that finds options at a client."""
    finding = [name for name, service in numbers.services.items() if service.finds_options]
    done = sum(int(_counted(record, f"{name}.done").sum()) for name in finding)
    return _ratio(_programme_cents(record) / 100, done)


def _programme_cents(record: Record) -> int:
    return -int(record.net_cents[list(_PROGRAMME)].sum())


def _counted(record: Record, name: str) -> NDArray[np.int64]:
    row: NDArray[np.int64] = record.counts[record.counted.index(name)]
    return row


def _trailing_sums(series: NDArray[np.int64]) -> NDArray[np.int64]:
    total = np.cumsum(series)
    before = np.concatenate([np.zeros(_YEAR, dtype=np.int64), total[:-_YEAR]])[: len(total)]
    sums: NDArray[np.int64] = total - before
    return sums


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan
