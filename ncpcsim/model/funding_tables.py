"""Rows of a plan's tables that say who gives money, for what, and when."""

from typing import Any

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.counts import OfContract
from ncpcsim.model.fields import NONE, Earmark
from ncpcsim.model.writer import At, Writer
from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.schema import Agreement, Contract, Grant

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


def funding(tables: Writer) -> None:
    """Donors and their grants."""
    agreed = tables.numbers.agreements
    for name, donor in tables.numbers.donors.items():
        given = [
            agreed[each].from_month
            for each, grant in tables.numbers.grants.items()
            if _donor(tables, grant) == name
        ]
        tables.add(
            "donors",
            donor,
            ("donors", name),
            first_month=min(given, default=0),
            early_end_stream=tables.key(f"donor.{name}.early_end"),
            suspension_stream=tables.key(f"donor.{name}.suspension"),
        )
    for name, grant in tables.numbers.grants.items():
        _grant(tables, name, grant, agreed[name])


def _donor(tables: Writer, grant: Grant) -> str | None:
    """Who gives a grant: the programme's donor, if it is a share of its support."""
    programme = tables.numbers.programme
    if programme is not None and grant.programme_share is not None:
        return programme.donor
    return grant.donor


def _grant(tables: Writer, name: str, grant: Grant, agreed: Agreement) -> None:
    """One grant."""
    path, programme = ("grants", name), grant.giver == "programme"
    extension = grant.extension if agreed.extends else None
    first = len(tables.rows["tranches"])
    _tranches(tables, name, grant, agreed)
    donor, shared = _donor(tables, grant), grant.programme_share
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
        from_month=agreed.from_month,
        until_month=agreed.until_month,
        donor=NONE if donor is None else tables.donors.index(donor),
        scheduled=At(agreed.scheduled_at, agreed.scheduled) if agreed.scheduled_at else 0.0,
        part=1.0 if shared is None else At((*path, "programme_share"), shared),
        income=_GRANT_INCOME[grant.giver],
        earmarked_income=Account.PROGRAMME_EARMARKED if programme else Account.OTHER_EARMARKED,
        first_tranche=first,
        tranches=len(agreed.instalments),
        source=tables.givers.index(name),
        stream=tables.key(f"grant.{name}"),
        order=tables.order(f"grant.{name}"),
        extension_stream=tables.key(f"grant.{name}.extension"),
        extension_order=tables.order(f"grant.{name}.extension"),
        **terms,
    )


def _tranches(tables: Writer, name: str, grant: Grant, agreed: Agreement) -> None:
    """The rows of a grant's tranches, and of what extends it."""
    row, path, due = tables.grants.index(name), ("grants", name), agreed.instalments
    for number, one in enumerate(due):
        listed = grant.tranches[number] if grant.tranches else None
        where = (*path, "tranches", number)
        tables.add(
            "tranches",
            grant=row,
            number=number,
            month=one.month,
            amount=At((*where, "amount"), one.amount) if listed else 0.0,
            before=one.before,
            upto=one.upto,
        )
        own = listed.earmarks if listed else None
        _earmarks(tables, grant, own, where if own else path)
    if grant.extension and agreed.extends:
        tables.add(
            "tranches",
            grant=row,
            number=len(due),
            month=agreed.until_month,
            amount=At((*path, "extension", "amount"), grant.extension.amount),
            before=0.0,
            upto=0.0,
        )
        _earmarks(tables, grant, None, path)


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
