"""Every number of a plan moves something."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from ncpcsim.model.record import Record
from ncpcsim.plan import schema
from ncpcsim.plan.fields import bounds_of, field_at, is_model, kind_of, model_at
from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import KeyPath, PlanError, dotted
from tests.directions import SEED, generic
from tests.measured import outcome
from tests.plans import changed, run, unfunded

# ------------------------------------------------------------------ every number

NO_EFFECT = {
    "grants.*.from_month": "only bounds the dates of tranches, checked when a plan is loaded",
    "grants.programme_discretionary.spend_months": "only earmarked money is spent by instalments",
    "grants.programme_discretionary.extension.months": "it pays no post that would last longer",
    "services.*.cycle_exposure": "this centre's economy has no cycle",
    "services.*.clients.*.ministry_pays": "this centre's ministry pays for nobody",
    "services.technical_information.clients.*.willingness": "the service is free",
    "services.awareness*.charge_from_month": "the service is free",
    "services.policy_advice.charge_from_month": "the service is free",
    "services.technical_information.charge_from_month": "the service is free",
    "services.awareness*.contact_share": "it has no client",
    "services.policy_advice.contact_share": "it has no client",
    "services.*.needs_training": "this centre's plan says nothing of training abroad",
    "services.[!p]*.climate_gain": "only policy advice is adopted",
    "services.[!p]*.considered_year": "only policy advice is adopted",
    "services.publication.considered_year": "only policy advice is adopted",
    "services.publication.climate_gain": "only policy advice is adopted",
    "services.[!ai]*.clients.*.success_fee_share": "only assessments and loans save money",
    "services.investment_proposal.clients.*.participation_fee": "nobody takes part in it",
    "services.technical_information.clients.*.participation_fee": "nobody takes part in it",
    "services.publication.clients.*.participation_fee": "nobody takes part in it",
    "services.awareness*.contested_share": "nobody asks for it",
    "services.policy_advice.contested_share": "nobody asks for it",
    "services.investment_proposal.contested_share": "it is asked for by the centre's clients alone",
    "services.policy_advice.rivals_share": "nobody takes part in it",
    "services.policy_advice.institutions_share": "nobody takes part in it",
    "services.investment_proposal.rivals_share": "nobody takes part in it",
    "services.investment_proposal.institutions_share": "nobody takes part in it",
    "services.technical_information.rivals_share": "nobody takes part in it",
    "services.technical_information.institutions_share": "nobody takes part in it",
    "services.publication.rivals_share": "nobody takes part in it",
    "services.publication.institutions_share": "nobody takes part in it",
    "boards.executive.members": "this centre has no director who plans",
    "boards.executive.agreeing_members": "this centre has no director who plans",
    "boards.executive.reserve_asked_months": "this centre has no director who plans",
    "services.awareness*.proposal_days": "it has no client",
    "services.policy_advice.proposal_days": "it has no client",
    "services.technical_information.proposal_days": "the service is free",
    "host_kinds.government.hosts": "this centre's host is never lost",
    "host_kinds.[!g]*": "this centre's host is of government, and stays",
    "thresholds.sustained_coverage": "judges a run when it is over; shown to change the verdict",
    "savings.npv_*": "of a measure computed when a run is over",
    "liquidity.credit_line": "this centre's bank is endlessly patient; shown above",
    "liquidity.creditors_bear_months": "this centre's bank is endlessly patient; shown above",
}
"""Numbers that change nothing of the strained centre's runs, by pattern, and why."""


ABSENT = (
    *(schema.Ministry, schema.Schedule, schema.Extension, schema.PolicyEvent, schema.Declaration),
    *(schema.Economy, schema.Contract, schema.Membership, schema.Management, schema.Overflow),
    *(schema.Turnover, schema.Learning, schema.HostTrouble, schema.AnotherHost),
    *(schema.OnSuccess, schema.TrainingAbroad, schema.Consultants, schema.NetworkPart),
    schema.FreeProgramme,
    *(schema.Receivables, schema.Payables, schema.OpeningEquipment, schema.OpeningContract),
    *(schema.OpeningGrant, schema.OpeningSegment, schema.OpeningPost, schema.OpeningSource),
    *(schema.SecondPhase, schema.Tranche, schema.CurrencyRate, schema.DollarRate),
)
"""Sections that the strained centre does not have."""


@cache
def strained() -> Plan:
    """The average centre with less staff and longer work, so that priority and patience matter.

    Whoever leads is to make a name, and nobody runs the office at first.
    """
    changes = {
        "posts.technical.people": 1,
        "posts.technical_seconded.people": 1,
        "posts.support.from_month": 6,
        "posts.director.respected": 0.3,
        "services.assessment.staff_days": 40,
        "grants.programme_discretionary.extension.probability": 0.9,
    }
    return changed(generic(), changes)


def numeric_fields(section: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every number that the schema knows in a plan, with its value."""
    if isinstance(section, BaseModel):
        for key in type(section).model_fields:
            value = getattr(section, key)
            if kind_of(field_at((*path, key))):
                yield (*path, key), value
            else:
                yield from numeric_fields(value, (*path, key))
    elif isinstance(section, Mapping):
        for key, value in section.items():
            yield from numeric_fields(value, (*path, key))
    elif isinstance(section, tuple):
        for index, value in enumerate(section):
            yield from numeric_fields(value, (*path, index))


FIELDS = {dotted(path): (path, value) for path, value in numeric_fields(strained().numbers)}


REFUSED = ("opening.abroad_months", "posts.[!d]*.respected")
"""Numbers that are refused without a section that the strained centre leaves out, or of posts that
do not lead: all but the director's and the deputy's."""
ALONE = [name for name in FIELDS if any(fnmatch(name, pattern) for pattern in REFUSED)]


EXCEPTIONS = [name for name in FIELDS if any(fnmatch(name, pattern) for pattern in NO_EFFECT)]


FROM_NOTHING = {"asks_year": 0.2, "drift_year": 0.2, "kits": 20_000}
"""What a number of zero, or left out, is moved to, where 20 of its unit would be absurd."""


def moved(path: KeyPath, value: float | None) -> float:
    """Another value for a number, within its bounds and far enough away to be felt."""
    field = field_at(path)
    assert field is not None
    _, high = bounds_of(field)
    if value is None:
        return 1.0 if high == 1 else FROM_NOTHING.get(str(path[-1]), 20)
    if high == 1:
        return value / 2 if value > 0.5 else value + 0.4
    if path[-1] == "proposal_days":
        return 20  # less of it is not felt where clients ask seldom
    if path[-1] == "priority":
        return 9 - value
    if isinstance(value, int):
        return value + (3 if "tranches" in path else 12)
    return value / 4 if value else FROM_NOTHING.get(str(path[-1]), 20.0)


SECOND_PHASE = {
    "programme.second_phase": {"gap_months": 0, "months": 12, "amount_year": 20_000},
    "grants.later": {
        "giver": "programme",
        "terms": "discretionary",
        "programme_share": 1,
        "phase": 2,
        "delay_months": 0,
        "spend_months": 1,
    },
}


def compared(name: str) -> tuple[Plan, Plan]:
    """The strained centre, and the same with one number moved (and what must fit it)."""
    path, value = FIELDS[name]
    other = moved(path, value)
    if path[0] == "grants" and path[2] == "tranches":
        return strained(), changed(strained(), _tranche(path, other))
    if path[0] == "grants" and path[2] == "earmarks":
        return strained(), changed(strained(), _earmarks(path))
    if path[0] == "grants" and path[2] == "from_month":
        # An agreement cannot begin after its first tranche.
        key = f"grants.{path[1]}.tranches"
        without_first = changed(
            strained(), {key: strained().tree["grants"][path[1]]["tranches"][1:]}
        )
        return without_first, changed(without_first, {name: other})
    if path[-1] in ("rivals_share", "institutions_share") and value is None:
        # They are shares of assessors.
        key = f"services.{path[1]}.assessors_share"
        teaching = changed(strained(), {key: 0.9, f"services.{path[1]}.{path[-1]}": 0})
        return teaching, changed(teaching, {name: other})
    if path[-1] == "attendance_share":
        # All of them are at most 1.
        return strained(), changed(strained(), {name: (value or 0) / 4})
    if path == ("programme", "amount_total"):
        # Instead of what it is a year.
        terms = {k: v for k, v in strained().tree["programme"].items() if k != "amount_year"}
        total = changed(strained(), {"programme": {**terms, "amount_total": 300_000}})
        return total, changed(total, {name: 200_000})
    if path[-1] == "second_phase_probability":
        twice = changed(strained(), SECOND_PHASE)
        return twice, changed(twice, {name: 0.1})
    return strained(), changed(strained(), {name: other})


def _tranche(path: KeyPath, other: float) -> dict[str, Any]:
    _, grant, _, index, key = path
    tranches = [
        t.model_dump(exclude_defaults=True) for t in strained().numbers.grants[str(grant)].tranches
    ]
    tranches[int(index)][str(key)] = other
    return {f"grants.{grant}.tranches": tranches}


def _earmarks(path: KeyPath) -> dict[str, float]:
    """Move half of another category's money to this one; shares must sum to 1."""
    _, grant, _, category = path
    giving = "travel" if category != "travel" else "salaries"
    shares = dict(strained().numbers.grants[str(grant)].earmarks or {})
    half = shares[giving] / 2
    return {
        f"grants.{grant}.earmarks.{category}": (shares[str(category)] or 0) + half,
        f"grants.{grant}.earmarks.{giving}": half,
    }


def same(one: Record, two: Record) -> bool:
    return (
        np.array_equal(one.net_cents, two.net_cents)
        and np.array_equal(one.counts, two.counts)
        and np.array_equal(one.opening_cents, two.opening_cents)
    )


@cache
def base_run(replication: int) -> Record:
    return run(strained(), SEED, replication)


def felt(name: str) -> bool:
    """Whether moving a number changes any of ten runs."""
    base, other = compared(name)
    return not all(
        same(
            base_run(replication) if base is strained() else run(base, SEED, replication),
            run(other, SEED, replication),
        )
        for replication in range(10)
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FIELDS if name not in (*EXCEPTIONS, *ALONE)])
def test_every_number_changes_some_run(name: str) -> None:
    assert felt(name)


@pytest.mark.parametrize("name", ALONE)
def test_what_would_move_nothing_is_refused(name: str) -> None:
    with pytest.raises(PlanError, match="moves nothing here"):
        felt(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", EXCEPTIONS)
def test_every_exception_is_one(name: str) -> None:
    assert not felt(name)


def test_every_pattern_of_exceptions_is_of_use() -> None:
    assert all(any(fnmatch(name, pattern) for name in FIELDS) for pattern in NO_EFFECT)


def test_the_average_centre_has_every_number_of_the_schema() -> None:
    stated = {(model_at(path[:-1]), path[-1]) for path, _ in FIELDS.values()}
    known = {
        (section, key)
        for section in vars(schema).values()
        if is_model(section)
        for key, field in section.model_fields.items()
        if kind_of(field)
    }
    # What the average centre has not, no run of it can show; the mechanisms' own tests do.
    assert stated <= known
    lacking = {section for section, _ in known - stated}
    assert lacking <= set(ABSENT)


def test_the_coverage_asked_for_changes_the_verdict() -> None:
    plan = changed(unfunded(strained()), {"opening.cash": 1e6})
    record, thresholds = run(plan), plan.numbers.thresholds
    assert outcome(record, thresholds.model_copy(update={"sustained_coverage": 0})).self_sufficient
    asked = thresholds.model_copy(update={"sustained_coverage": 1e6})
    assert not outcome(record, asked).self_sufficient
    # Its reserve sustains it, whatever the coverage.
    assert outcome(record, asked).sustained
