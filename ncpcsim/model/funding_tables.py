"""Rows of a plan's tables that say who gives money, for what, and when."""

from typing import Any

from ncpcsim import rules
from ncpcsim.accounting.ledger import Account
from ncpcsim.model.counts import OfContract
from ncpcsim.model.fields import NONE, Earmark
from ncpcsim.model.writer import At, Writer
from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.schema import Contract, Grant

_GRANT_INCOME = {
    "programme": Account.PROGRAMME_DISCRETIONARY,
    "domestic_public": Account.DOMESTIC_PUBLIC,
    "corporate": Account.CORPORATE_SUPPORT,
    "other": Account.OTHER_SUPPORT,
}
_CONTRACT_INCOME = {
    "domestic_public": Account.DOMESTIC_PUBLIC,
    "international": Account.INTERNATIONAL_PROJECTS,
    "corporate": Account.CORPORATE_SUPPORT,
    "newer_centres": Account.NEWER_CENTRES,
}
_SHAPES = {"even": rules.EVEN, "front_loaded": rules.FRONT_LOADED, "tapered": rules.TAPERED}


def funding(tables: Writer) -> None:
    """Donors and their grants."""
    for name, donor in tables.numbers.donors.items():
        agreements = [g.from_month for g in tables.numbers.grants.values() if g.donor == name]
        tables.add(
            "donors",
            donor,
            ("donors", name),
            first_month=min(agreements, default=0),
            early_end_stream=tables.key(f"donor.{name}.early_end"),
            suspension_stream=tables.key(f"donor.{name}.suspension"),
        )
    for name, grant in tables.numbers.grants.items():
        _grant(tables, name, grant)


def _grant(tables: Writer, name: str, grant: Grant) -> None:
    """One grant."""
    path, programme = ("grants", name), grant.giver == "programme"
    schedule, extension = grant.schedule, grant.extension
    first = len(tables.rows["tranches"])
    number = _tranches(tables, name, grant)
    terms: dict[str, Any] = {
        f"extension_{what}": At((*path, "extension", what), getattr(extension, what))
        if extension
        else 0
        for what in ("credibility", "probability", "months")
    }
    tables.add(
        "grants",
        grant,
        path,
        programme=programme,
        earmarked=grant.terms == "earmarked",
        donor=NONE if grant.donor is None else tables.donors.index(grant.donor),
        scheduled=At((*path, "schedule", "total"), schedule.total) if schedule else 0.0,
        income=_GRANT_INCOME[grant.giver],
        earmarked_income=Account.PROGRAMME_EARMARKED if programme else Account.OTHER_EARMARKED,
        first_tranche=first,
        tranches=number,
        source=tables.givers.index(name),
        stream=tables.key(f"grant.{name}"),
        order=tables.order(f"grant.{name}"),
        extension_stream=tables.key(f"grant.{name}.extension"),
        extension_order=tables.order(f"grant.{name}.extension"),
        **terms,
    )


def _tranches(tables: Writer, name: str, grant: Grant) -> int:
    """The rows of a grant's tranches, and of what extends it; how many tranches there are."""
    row, path, due = tables.grants.index(name), ("grants", name), tranches_due(grant)
    for number, (month, share) in enumerate(due):
        listed = grant.tranches[number] if grant.tranches else None
        where = (*path, "tranches", number)
        tables.add(
            "tranches",
            grant=row,
            number=number,
            month=month,
            amount=At((*where, "amount"), listed.amount) if listed else 0.0,
            share=share,
        )
        own = listed.earmarks if listed else None
        _earmarks(tables, grant, own, where if own else path)
    if grant.extension:
        tables.add(
            "tranches",
            grant=row,
            number=len(due),
            month=grant.until_month,
            amount=At((*path, "extension", "amount"), grant.extension.amount),
            share=0.0,
        )
        _earmarks(tables, grant, None, path)
    return len(due)


def _earmarks(tables: Writer, grant: Grant, own: Any, path: KeyPath) -> None:
    """What a grant is earmarked for."""
    stated = own or grant.earmarks
    for category in Earmark:
        name = category.name.lower()
        share = None if stated is None else getattr(stated, name)
        where = (*path, "earmarks", name)
        tables.add_number("earmarks", -1.0 if share is None else At(where, share))


def contracts(tables: Writer) -> None:
    """All kinds of contracts."""
    for name, contract in tables.numbers.contracts.items():
        _contract(tables, name, contract)


def _contract(tables: Writer, name: str, contract: Contract) -> None:
    """One kind of contract."""
    tables.add(
        "contracts",
        contract,
        ("contracts", name),
        team=tables.roles.index(contract.role),
        income=_CONTRACT_INCOME[contract.giver],
        source=tables.givers.index(name),
        counts=tables.row(name, OfContract.BIDS.name.lower()),
        stream=tables.key(f"contract.{name}"),
        order=tables.order(f"contract.{name}"),
        costs_order=tables.order(f"contract.{name}.costs"),
    )


def tranches_due(grant: Grant) -> list[tuple[int, float]]:
    """The tranches agreed: month, and share of the schedule's total; a share of 0 if listed."""
    schedule = grant.schedule
    if schedule is None:
        return [(tranche.month, 0.0) for tranche in grant.tranches]
    months = range(grant.from_month, grant.until_month, schedule.every_months)
    shape = _SHAPES[schedule.shape]
    return [(m, rules.tranche_share(i, len(months), shape)) for i, m in enumerate(months)]


def amounts_due(grant: Grant) -> list[tuple[int, float]]:
    """The tranches agreed: month and amount in USD."""
    if grant.schedule is None:
        return [(tranche.month, tranche.amount) for tranche in grant.tranches]
    total = grant.schedule.total
    return [(month, total * share) for month, share in tranches_due(grant)]
