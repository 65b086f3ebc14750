"""Rows of a plan's tables that say who gives money, for what, and when."""

from typing import Any

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.counts import RENEWED, OfContract
from ncpcsim.model.fields import NONE, Earmark
from ncpcsim.model.writer import At, Writer, all_of
from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.schema import Agreement, Contract, Grant, MidTermReview
from ncpcsim.plan.schema.agreements import SECOND

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

_SURE: dict[str, Any] = {
    "success_share": 0.0,
    "success_probability": 1.0,
    "programme_segment": NONE,
    "programme_months": 0.0,
    "programme_share": 0.0,
}
"""A contract of which nothing hangs on success, and that is no part of a free programme."""


def funding(tables: Writer) -> None:
    """Donors and their grants."""
    agreed, review = tables.numbers.agreements, _review(tables)
    tables.add(
        "review",
        review,
        ("programme", "review"),
        present=review is not None,
        stream=tables.key("programme.review"),
        order=tables.order("programme.review"),
    )
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
            # Who is there on the first day has not left before it.
            first_month=max(min(given, default=0), tables.numbers.elapsed_months),
            early_end_stream=tables.key(f"donor.{name}.early_end"),
            suspension_stream=tables.key(f"donor.{name}.suspension"),
        )
    for name, grant in tables.numbers.grants.items():
        _grant(tables, name, grant, agreed[name])


def _review(tables: Writer) -> MidTermReview | None:
    """The donor's review, if it is to come; the plan states what a past one left."""
    programme = tables.numbers.programme
    review = programme.review if programme else None
    return None if review is None or tables.is_past(review.month) else review


def _is_reviewed(tables: Writer, grant: Grant) -> tuple[bool, bool]:
    """Whether a review decides on the rest of a grant, and whether on all of a second phase."""
    review = _review(tables)
    if review is None or grant.programme_share is None:
        return False, False
    second = grant.phase == SECOND
    return not second or review.second_phase_probability is not None, second


def _donor(tables: Writer, grant: Grant) -> str | None:
    """Who gives a grant: the programme's donor, if it is a share of its support."""
    programme = tables.numbers.programme
    if programme is not None and grant.programme_share is not None:
        return programme.donor
    return grant.donor


def _grant(tables: Writer, name: str, grant: Grant, agreed: Agreement) -> None:
    """One grant."""
    path, programme = ("grants", name), grant.giver == "programme"
    over = tables.is_past(agreed.until_month)
    extension = grant.extension if agreed.extends and not over else None
    first = len(tables.rows["tranches"])
    listed = _tranches(tables, name, grant, agreed)
    if extension:
        amount = At((*path, "extension", "amount"), extension.amount)
        number = len(agreed.instalments)
        _of_its_own(tables, name, grant, number=number, month=agreed.until_month, amount=amount)
    unspent = _unspent(tables, name, grant)
    donor, shared = _donor(tables, grant), grant.programme_share
    reviewed, second = _is_reviewed(tables, grant)
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
        reviewed=reviewed,
        second=reviewed and second,
        earmarked=grant.terms == "earmarked",
        from_month=agreed.from_month,
        until_month=agreed.until_month,
        donor=NONE if donor is None else tables.donors.index(donor),
        scheduled=At(agreed.scheduled_at, agreed.scheduled) if agreed.scheduled_at else 0.0,
        part=1.0 if shared is None else At((*path, "programme_share"), shared),
        income=_GRANT_INCOME[grant.giver],
        earmarked_income=Account.PROGRAMME_EARMARKED if programme else Account.OTHER_EARMARKED,
        first_tranche=first,
        tranches=listed,
        source=tables.givers.index(name),
        stream=tables.key(f"grant.{name}"),
        order=tables.order(f"grant.{name}"),
        extension_stream=tables.key(f"grant.{name}.extension"),
        extension_order=tables.order(f"grant.{name}.extension"),
        **unspent,
        **terms,
    )


def _tranches(tables: Writer, name: str, grant: Grant, agreed: Agreement) -> int:
    """The rows of a grant's tranches that are not past; how many they are."""
    row, path, due = tables.grants.index(name), ("grants", name), agreed.instalments
    first = len(tables.rows["tranches"])
    for number, one in enumerate(due):
        if tables.is_past(one.month):
            continue
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
    stands = tables.numbers.opening.grants.get(name)
    if stands is not None and stands.owed is not None:
        # Before the first day, and before the agreement's end: whoever leaves later still owes it.
        month = min(tables.numbers.elapsed_months, agreed.until_month) - 1
        amount = At(("opening", "grants", name, "owed"), stands.owed)
        _of_its_own(tables, name, grant, number=len(due) + 1, month=month, amount=amount)
    return len(tables.rows["tranches"]) - first


def _of_its_own(
    tables: Writer, name: str, grant: Grant, *, number: int, month: int, amount: At
) -> None:
    """The row of money that no tranche of the agreement states, earmarked as the grant is."""
    row = tables.grants.index(name)
    tables.add(
        "tranches", grant=row, number=number, month=month, amount=amount, before=0.0, upto=0.0
    )
    _earmarks(tables, grant, None, ("grants", name))


def _unspent(tables: Writer, name: str, grant: Grant) -> dict[str, Any]:
    """What of a grant has come and is not spent on the first day: its row, and for how long."""
    stands = tables.numbers.opening.grants.get(name)
    if stands is None or stands.unspent is None:
        return {"unspent_row": NONE, "unspent_months": 0}
    row, months = len(tables.rows["tranches"]), stands.unspent_months or grant.spend_months
    amount = At(("opening", "grants", name, "unspent"), stands.unspent)
    _of_its_own(tables, name, grant, number=NONE, month=0, amount=amount)
    return {"unspent_row": row, "unspent_months": months}


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
        calls: dict[str, Any] = {"in_hand": False, "to_invoice": 0.0, "to_spend": 0.0}
        if contract.eligible_probability is None:
            calls["eligible_probability"] = 1.0
        if programme := contract.programme:
            calls["programme_segment"] = tables.segments.index(programme.segment)
            for what in ("months", "share"):
                at = At(("contracts", name, "programme", what), getattr(programme, what))
                calls[f"programme_{what}"] = at
        if success := contract.on_success:
            for what, at in all_of(success, ("contracts", name, "on_success")).items():
                calls[f"success_{what}"] = at
        _contract(tables, name, contract, f"contract.{name}", {**_SURE, **calls})
    for name, hand in tables.numbers.opening.contracts.items():
        path = ("opening", "contracts", name)
        terms = {
            **_SURE,
            **all_of(hand, path),
            "in_hand": True,
            "months": hand.months_left,
            "calls_year": 0.0,
            "overhead_share": 0.0,
            "renewal_probability": 0.0,
            "eligible_probability": 1.0,
            "decision_months": 0.0,
        }
        del terms["kind"], terms["months_left"]
        kind = tables.numbers.contracts[hand.kind]
        _contract(tables, hand.kind, kind, f"opening.contract.{name}", terms)


def _contract(
    tables: Writer, kind: str, contract: Contract, stream: str, terms: dict[str, Any]
) -> None:
    """One kind of contract, or one of the kind that is in hand; `terms` of its own."""
    tables.contracts.append(stream.rpartition(".")[2])
    tables.add(
        "contracts",
        contract,
        ("contracts", kind),
        team=tables.roles.index(contract.role),
        income=_CONTRACT_INCOME[contract.giver],
        source=tables.givers.index(kind),
        public=contract.giver == "domestic_public",
        corporate=contract.giver == "corporate",
        counts=tables.row(kind, OfContract.BIDS.name.lower()),
        renewed=tables.row(kind, RENEWED),
        stream=tables.key(stream),
        renewal_stream=tables.key(f"{stream}.renewal"),
        country_stream=tables.key(f"{stream}.country"),
        order=tables.order(stream),
        costs_order=tables.order(f"{stream}.costs"),
        **terms,
    )
