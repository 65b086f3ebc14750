"""What something brings: a plan's runs less those without it, in pairs with common numbers."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ncpcsim.answers.found import Runs
from ncpcsim.measures.intervals import Interval, mean_interval, ratio_interval

if TYPE_CHECKING:
    import pandas as pd

    Amount = Callable[[pd.DataFrame], pd.Series[float]]

_AWARENESS = ("awareness", "awareness_at_others")
_CONTRACTS = ("domestic_public", "corporate_support", "international_projects", "newer_centres")
_ENERGY = "energy_audit"
_MOST_CONTESTED, _LEAST_CONTESTED = "management_system", "assessment"


def word_of_mouth(runs: Runs) -> Interval | None:
    """Fees that word of mouth brings, over those that the centre's own events bring."""
    events = [name for name in _AWARENESS if name in runs.numbers.services]
    if not runs.numbers.market.word_of_mouth_clients or not events:
        return None
    silent = runs.variant({"market.word_of_mouth_clients": _none("clients")}, "no word of mouth")
    reached = {f"services.{name}.reaches_clients": _none("clients/engagement") for name in events}
    unheard = runs.variant(reached, "events reach nobody")
    told, heard = (_lost(runs, without, _fees) for without in (silent, unheard))
    both = told.index.intersection(heard.index)
    return ratio_interval(told[both], heard[both])


def trained_rivals(runs: Runs) -> Interval | None:
    """Part of the fees without competitors whom it trained that a centre loses to them."""
    training = [name for name, one in runs.numbers.services.items() if one.rivals_share]
    if not training:
        return None
    alone = {f"services.{name}.rivals_share": _none("share") for name in training}
    without = runs.variant(alone, "no trained rivals")
    return ratio_interval(*_aligned(-_lost(runs, without, _fees), _fees(_by_run(without))))


def consultants(runs: Runs) -> Interval | None:
    """Part of management systems sold that rivals take, less the part of assessments."""
    services = runs.numbers.services
    contested = [name for name, one in services.items() if one.contested_share]
    if not {_MOST_CONTESTED, _LEAST_CONTESTED} <= set(services) or _MOST_CONTESTED not in contested:
        return None
    alone = {f"services.{name}.contested_share": _none("share") for name in contested}
    without = runs.variant(alone, "no consultants")
    parts = {
        name: -_lost(runs, without, _done(name)) / _done(name)(_by_run(without)).mean()
        for name in (_MOST_CONTESTED, _LEAST_CONTESTED)
    }
    return mean_interval(parts[_MOST_CONTESTED] - parts[_LEAST_CONTESTED])


def energy_audits(runs: Runs) -> Interval | None:
    """Share of runs sustained, less the share where nobody asks for energy audits."""
    service = runs.numbers.services.get(_ENERGY)
    if service is None or not service.clients:
        return None
    without = runs.variant({f"services.{_ENERGY}.clients": {}}, "no energy audits")
    return mean_interval(_lost(runs, without, lambda table: table["sustained"].astype("float64")))


def leverage(runs: Runs) -> Interval | None:
    """Part of the money of contracts that is lost where no payer heeds what others pay."""
    levered = [name for name, one in runs.numbers.contracts.items() if one.leverage]
    if not levered:
        return None
    changes = {f"contracts.{name}.leverage": _none("share") for name in levered}
    return _part(runs, runs.variant(changes, "no leverage"), _contracts)


def known_director(runs: Runs) -> Interval | None:
    """Part of fees and of contracts' money that is lost where nobody knew the centre at first."""
    credibility = runs.numbers.credibility
    if credibility is None or not credibility.at_start:
        return None
    unknown = runs.variant({"credibility.at_start": _none("share")}, "an unknown director")
    return _part(runs, unknown, lambda table: _fees(table) + _contracts(table))


def _none(unit: str) -> Mapping[str, Any]:
    return {"value": 0, "unit": unit, "assumption": True}


def _part(runs: Runs, without: Runs, amount: "Amount") -> Interval:
    """What is lost without something, as part of what the plan's runs have."""
    return ratio_interval(*_aligned(_lost(runs, without, amount), amount(_by_run(runs))))


def _lost(runs: Runs, without: Runs, amount: "Amount") -> "pd.Series[float]":
    """By replication, what the plan's run has more than the same run without something."""
    return amount(_by_run(runs)).sub(amount(_by_run(without))).dropna()


def _aligned(
    part: "pd.Series[float]", whole: "pd.Series[float]"
) -> "tuple[pd.Series[float], pd.Series[float]]":
    return part, whole[part.index]


def _by_run(runs: Runs) -> "pd.DataFrame":
    return runs.table.set_index("replication")


def _fees(table: "pd.DataFrame") -> "pd.Series[float]":
    """What clients and members paid over the whole run, in the plan's money."""
    names = [name for name in table.columns if name.startswith("closing_cents.fees_")]
    return -table[[*names, "closing_cents.membership"]].sum(axis=1).astype("float64") / 100


def _contracts(table: "pd.DataFrame") -> "pd.Series[float]":
    """What contracts and supporters paid over the whole run, in the plan's money."""
    names = [f"closing_cents.{name}" for name in _CONTRACTS]
    return -table[names].sum(axis=1).astype("float64") / 100


def _done(service: str) -> "Amount":
    return lambda table: table[f"total.{service}.done"].astype("float64")
