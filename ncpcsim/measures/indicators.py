"""What a run shows besides coverage: subsidy, reserve, reliance, mission, value for money.

Pure functions of what runs left, with a leading axis of runs; each over a run's last twelve open
months unless it says otherwise. A ratio whose denominator is zero is NaN.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from ncpcsim.accounting.ledger import INCOME, MEMO, OPERATIONAL, Account
from ncpcsim.measures.coverage import (
    TRAILING_MONTHS,
    between,
    full_expenditure_cents,
    full_incomes_cents,
    incomes_cents,
    last_year,
    operating_expenditure_cents,
    pass_through_cents,
    ratio,
)
from ncpcsim.measures.falls import falls
from ncpcsim.measures.judgement import PROGRAMME, reserve_cents
from ncpcsim.model.counts import RENEWED
from ncpcsim.model.record import Records
from ncpcsim.plan.schema import Contract, Numbers

_AWARENESS = ("awareness", "awareness_at_others")
_TRAINING = ("training", "assessment")
"""In the classroom and in plants."""
OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "events_held": tuple(f"{name}.done" for name in _AWARENESS),
    "people_reached": tuple(f"{name}.participants" for name in _AWARENESS),
    "people_trained": tuple(f"{name}.participants" for name in _TRAINING),
    "person_days_of_training": tuple(f"{name}.person_days" for name in _TRAINING),
    "plants_assessed": ("assessment.done",),
    "management_systems": ("management_system.done",),
    "finance_applications": ("investment_proposal.done",),
    "finance_accepted": ("investment_proposal.financed",),
    "institutions_won": ("training.institutions",),
    "assessors_at_work": tuple(f"{name}.assessors" for name in _TRAINING),
    "policy_papers": ("policy_advice.done",),
    "recommendations_adopted": ("policy_advice.adopted",),
    "client_savings": ("clients.savings",),
    "energy_saved_gj": ("clients.energy_gj",),
    "water_saved_t": ("clients.water_t",),
    "waste_avoided_t": ("clients.waste_t",),
    "water_pollutants_avoided_t": ("clients.water_pollutants_t",),
    "air_pollutants_avoided_t": ("clients.air_pollutants_t",),
    "greenhouse_gases_avoided_t": ("clients.greenhouse_gases_t",),
    "client_investment": ("clients.invested",),
    "client_loans": ("clients.borrowed",),
}
"""What adds up to each output of the whole run."""

_YEAR = TRAILING_MONTHS
_Amounts = NDArray[np.int64]
_Numbers = NDArray[np.float64]


def indicators(records: Records, numbers: Numbers) -> dict[str, _Numbers]:
    """All indicators by name, shape (runs,) each."""
    end = records.open_months
    income = incomes_cents(records)["programme_free"]
    costs = operating_expenditure_cents(records)
    spent = last_year(costs, end)
    covered = _covered(income, costs)
    full_costs = full_expenditure_cents(records)
    fully = _covered(full_incomes_cents(records)["programme_free"], full_costs)
    return {
        "subsidy_adjusted_coverage": _subsidy_adjusted(records, last_year(income, end), spent),
        "reserve_months": _reserve_months(records, spent),
        "largest_source_share": _largest_source(records),
        **_year_ahead(records, numbers),
        "passed_through_per_own": _passed_through(records),
        "mission_share": _mission_share(records, numbers),
        **falls(records, numbers),
        "first_covered_month": _first_covered(covered, end),
        "first_fully_covered_month": _first_covered(fully, end),
        "last_dependence_month": _last_dependence(fully, end),
        "client_savings_per_programme": _savings_per_programme(records),
        "programme_per_assessment": _programme_per_assessment(records, numbers),
        "net_present_value": _net_present_value(records, numbers),
        **{name: _output(records, counts) for name, counts in OUTPUTS.items()},
    }


def _subsidy_adjusted(records: Records, income: _Amounts, spent: _Amounts) -> _Numbers:
    """Programme-free income over expenditure with what is given in kind counted as a cost."""
    given = records.net_cents[:, list(MEMO)[1:]].sum(axis=1)
    return ratio(income, spent + last_year(given, records.open_months))


def _reserve_months(records: Records, spent: _Amounts) -> _Numbers:
    """Months of expenditure that cash and receivables, less debts, would cover."""
    return ratio(reserve_cents(records), spent / np.clip(records.open_months, 1, _YEAR))


def _largest_source(records: Records) -> _Numbers:
    """Share of all income from its largest source; clients are one, and so is the programme."""
    net, end = records.net_cents, records.open_months
    others = [a for a in INCOME if a not in (*PROGRAMME, *OPERATIONAL)]
    monthly = [
        net[:, Account.FEES :].sum(axis=1) + net[:, list(OPERATIONAL)].sum(axis=1),
        net[:, list(PROGRAMME)].sum(axis=1),
        *(net[:, account] for account in others),
    ]
    sources = -np.stack([last_year(series, end) for series in monthly])
    return ratio(sources.max(axis=0), sources.sum(axis=0))


def _year_ahead(records: Records, numbers: Numbers) -> dict[str, _Numbers]:
    """At the end of the funding window: income of the coming year over the past year's own costs.

    *Committed* are tranches still due and invoices not yet paid; with contracts, also what won ones
    still pay. *Hoped for* are clients, members and the host as in the past year, and extensions of
    agreements that end, at their chance; with contracts, also calls at theirs, those of newer
    centres among them, and contracts in hand that payers renew, once. Nobody hopes for what is
    committed: invoices not yet paid are of the past year.
    """
    end = np.minimum(numbers.programme_end or numbers.months, records.open_months)
    owed = between(records.net_cents[:, Account.RECEIVABLES], np.zeros_like(end), end)
    owed = owed + records.opening_cents[:, Account.RECEIVABLES]
    committed = 100 * _of_month(_tranches, end, numbers) + owed
    operational, net = incomes_cents(records)["fee"], records.net_cents
    repeated = operational + net[:, Account.NEWER_CENTRES] - net[:, Account.HOST_CASH]
    hoped = last_year(repeated, end) + 100 * _of_month(_extensions, end, numbers)
    in_hand = _contracts_in_hand_cents(records, numbers, end, _still_paid)
    in_hand += _in_hand_at_first_cents(numbers, end)
    renewed = _contracts_in_hand_cents(records, numbers, end, _renewed)
    bids = _of_month(_bids_cents, end, numbers)
    spent = last_year(operating_expenditure_cents(records), end)
    return {
        "committed_share": ratio(committed, spent),
        "committed_with_contracts_share": ratio(committed + in_hand, spent),
        "hoped_share": ratio(hoped, spent),
        "hoped_with_contracts_share": ratio(hoped + bids + renewed, spent),
    }


def _of_month(of: Callable[[Numbers, int], float], end: _Amounts, numbers: Numbers) -> _Numbers:
    """What a plan says of each run's month, counted from its start; most runs have the same."""
    months, run = np.unique(end + numbers.elapsed_months, return_inverse=True)
    return np.array([of(numbers, month) for month in months.tolist()], np.float64)[run]


def _tranches(numbers: Numbers, end: int) -> float:
    """What is still due in the year from a month on; sums are exact in any order of the plan."""
    return math.fsum(
        amount
        for agreed in numbers.agreements.values()
        for month, amount in agreed.amounts()
        if end <= month < end + _YEAR
    )


def _extensions(numbers: Numbers, end: int) -> float:
    """What agreements that end within the year may be extended by, at their chance."""
    agreed = numbers.agreements
    return math.fsum(
        grant.extension.probability * grant.extension.amount
        for name, grant in numbers.grants.items()
        if grant.extension
        and agreed[name].extends
        and end <= agreed[name].until_month < end + _YEAR
    )


def _bids_cents(numbers: Numbers, end: int) -> float:
    """What a year's bids bring, at plan prices; what one wins counts whole.

    A bid's chance is that of full credibility and no other funder.
    """
    return math.fsum(
        100
        * contract.calls_year
        * (min(max(end + _YEAR - contract.from_month, 0), _YEAR) / 12)
        * contract.win_probability
        * (1.0 if contract.eligible_probability is None else contract.eligible_probability)
        * (1 - _share_on_success(contract) * (1 - _success(contract)))
        * _mean(contract)
        for contract in numbers.contracts.values()
    )


def _contracts_in_hand_cents(
    records: Records, numbers: Numbers, end: _Amounts, part: Callable[[Contract], float]
) -> _Numbers:
    """A part of the amounts of contracts won or renewed and not finished, at plan prices."""
    # In the order of their names: a plan that states its contracts in another is the same plan.
    found = np.zeros(len(end))
    for name in sorted(numbers.contracts):
        contract = numbers.contracts[name]
        begun = np.maximum(end - contract.months, 0)
        won = between(_counted(records, f"{name}.won"), begun, end)
        if contract.renewal_probability is not None:
            won = won + between(_counted(records, f"{name}.{RENEWED}"), begun, end)
        found += 100 * won * part(contract) * _mean(contract)
    return found


def _in_hand_at_first_cents(numbers: Numbers, end: _Amounts) -> _Numbers:
    """What contracts that were in hand on the first day still pay."""
    found = np.zeros(len(end))
    for name in sorted(numbers.opening.contracts):
        hand = numbers.opening.contracts[name]
        found += 100 * hand.to_invoice * (end < hand.months_left)
    return found


def _still_paid(contract: Contract) -> float:
    """The part of a contract's amount that is paid after its work, succeed or not."""
    return max(1 - contract.advance_share - _share_on_success(contract), 0)


def _renewed(contract: Contract) -> float:
    """The chance that its payer commissions the same again."""
    return (contract.renewal_probability or 0.0) * _success(contract)


def _share_on_success(contract: Contract) -> float:
    return contract.on_success.share if contract.on_success else 0.0


def _success(contract: Contract) -> float:
    """The chance that its work succeeds."""
    return contract.on_success.probability if contract.on_success else 1.0


def _mean(contract: Contract) -> float:
    return contract.amount * math.exp(contract.amount_sigma * contract.amount_sigma / 2)


def _passed_through(records: Records) -> _Numbers:
    """What earmarked money paid for in the whole run, per unit of what own money paid for."""
    passed = pass_through_cents(records).sum(axis=-1)
    return ratio(passed, operating_expenditure_cents(records).sum(axis=-1))


def _output(records: Records, counts: tuple[str, ...]) -> _Numbers:
    """A count of the whole run; NaN where the plan has no such service."""
    there = [_counted(records, name) for name in counts if name in records.counted]
    if not there:
        return np.full(len(records.counts), math.nan)
    total: _Amounts = np.sum(there, axis=(0, -1))
    return total.astype(np.float64)


def _mission_share(records: Records, numbers: Numbers) -> _Numbers:
    """Share of staff hours spent on the mission."""
    end = records.open_months
    hours = {
        name: last_year(_counted(records, f"{name}.staff_hours"), end)
        for name in (*numbers.services, *numbers.contracts, *_network(numbers))
    }
    nobody = np.zeros(len(end), np.int64)
    of_mission = [hours[name] for name, service in numbers.services.items() if service.mission]
    of_mission += [hours[name] for name in _network(numbers)]
    of_mission += [hours[name] for name, contract in numbers.contracts.items() if contract.mission]
    return ratio(sum(of_mission, start=nobody), sum(hours.values(), start=nobody))


def _network(numbers: Numbers) -> list[str]:
    """The subjects that the secretariat of a network is counted under."""
    return [f"network.{part}" for part in numbers.network]


def _covered(income: _Amounts, spent: _Amounts) -> NDArray[np.bool_]:
    """Whether the trailing year to each month was covered, shape (runs, months)."""
    return _trailing_sums(income) >= _trailing_sums(spent)


def _last_dependence(covered: NDArray[np.bool_], end: _Amounts) -> _Numbers:
    """Last month whose trailing year the centre did not cover without the programme; -1 if none."""
    months = np.arange(covered.shape[-1])
    short = ~covered & (months < end[:, np.newaxis])
    last: _Amounts = np.where(short, months, -1).max(axis=-1)
    return last.astype(np.float64)


def _first_covered(covered: NDArray[np.bool_], end: _Amounts) -> _Numbers:
    """Months until a trailing year, a full one, was covered without the programme."""
    months = np.arange(covered.shape[-1])
    full = covered & (months >= _YEAR - 1) & (months < end[:, np.newaxis])
    return np.where(full.any(axis=-1), full.argmax(axis=-1) + 1.0, math.nan)


def _savings_per_programme(records: Records) -> _Numbers:
    """What clients saved in the whole run, per unit of the founding programme's money."""
    if "clients.savings" not in records.counted:
        return np.full(len(records.counts), math.nan)
    saved = _counted(records, "clients.savings").sum(axis=-1)
    return ratio(100 * saved, _programme_cents(records))


def _net_present_value(records: Records, numbers: Numbers) -> _Numbers:
    """Of all options implemented: what they save over some years, less what they cost."""
    savings = numbers.savings
    if savings is None or savings.npv_years is None:
        return np.full(len(records.counts), math.nan)
    years, rate = savings.npv_years, savings.npv_discount_year or 0.0
    worth = years if rate == 0 else (1 - (1 + rate) ** -years) / rate
    saved, invested = (
        _counted(records, f"clients.{what}").sum(axis=-1)
        for what in ("implemented_year", "invested")
    )
    value: _Numbers = worth * saved - invested
    return value


def _programme_per_assessment(records: Records, numbers: Numbers) -> _Numbers:
    """Programme money of the whole run per piece of work that finds options at a client."""
    finding = [name for name, service in numbers.services.items() if service.finds_options]
    zero = np.zeros(len(records.counts), np.int64)
    done = [_counted(records, f"{name}.done").sum(axis=-1) for name in finding]
    return ratio(_programme_cents(records) / 100, sum(done, start=zero))


def _programme_cents(records: Records) -> _Amounts:
    given: _Amounts = records.net_cents[:, list(PROGRAMME)].sum(axis=(1, 2))
    return -given


def _counted(records: Records, name: str) -> _Amounts:
    """What was counted by month, shape (runs, months)."""
    return records.counts[:, records.counted.index(name)]


def _trailing_sums(series: _Amounts) -> _Amounts:
    """Sums of the twelve months to each month, shape (runs, months)."""
    total = np.cumsum(series, axis=-1)
    sums = total.copy()
    sums[:, _YEAR:] -= total[:, :-_YEAR]
    return sums
