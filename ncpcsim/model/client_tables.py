"""Rows of a plan's tables that say what clients ask for, and what they are offered."""

from typing import Any

from ncpcsim.accounting.ledger import Account
from ncpcsim.model.counts import OfClients, teaching
from ncpcsim.model.fields import NONE, Origin, Variability
from ncpcsim.model.writer import NEVER, At, Writer, all_of
from ncpcsim.plan.schema import Kits, Segment, Service


def clients(tables: Writer) -> None:
    """Segments, savings and services, and the streams of engagements."""
    numbers = tables.numbers
    for name, segment in numbers.segments.items():
        _segment(tables, name, segment)
    _membership(tables)
    _savings(tables)
    categories = numbers.savings.categories if numbers.savings else {}
    for name in sorted(categories):
        tables.add(
            "categories",
            categories[name],
            ("savings", "categories", name),
            counts=tables.row(f"options.{name}", "found"),
        )
    for name, service in numbers.services.items():
        _service(tables, name, service)
        _demands(tables, name, service)
    _demonstrations(tables)
    _sources(tables)


def _segment(tables: Writer, name: str, segment: Segment) -> None:
    """One segment."""
    path = ("segments", name)
    none = {"shifts_year": 0.0, "sigma": 0.0}
    shifts = all_of(segment.shifts, (*path, "shifts")) if segment.shifts else none
    stated = segment.attendance_share
    attend = -1.0 if stated is None else At((*path, "attendance_share"), stated)
    terms = {**shifts, "attendance_share": attend}
    known = tables.numbers.opening.segments.get(name)
    if known is not None:
        terms["aware_at_start"] = At(("opening", "segments", name, "aware"), known.aware)
    stream = tables.key(f"segment.{name}.shifts")
    tables.add("segments", segment, path, shifts_stream=stream, **terms)


def _membership(tables: Writer) -> None:
    """The terms of membership: any fee is paid where the plan states no willingness."""
    terms, path = tables.numbers.membership, ("membership",)
    stated = terms.willingness if terms else None
    tables.add(
        "membership",
        terms,
        path,
        willingness=float(NEVER) if stated is None else At((*path, "willingness"), stated),
        counts=tables.row("members", "joined"),
    )


def _savings(tables: Writer) -> None:
    """What assessments bring, and what clients expect of them."""
    savings, path = tables.numbers.savings, ("savings",)
    level = savings.utility_prices if savings else None
    ratio = savings.saving_ratio if savings else None
    expected = savings.expected if savings else None
    kits = savings.kits if savings else None
    none = dict.fromkeys(("usual_year", "elasticity", "report_share"), 0.0)
    tables.add(
        "savings",
        savings,
        path,
        present=savings is not None,
        counts=tables.row("clients", OfClients.KEPT.name.lower()),
        saving_ratio=1.0 if ratio is None else At((*path, "saving_ratio"), ratio),
        utility_prices=1.0 if level is None else At((*path, "utility_prices"), level),
        **(all_of(expected, (*path, "expected")) if expected else none),
        **(all_of(kits, (*path, "kits")) if kits else dict.fromkeys(Kits.model_fields, 0.0)),
    )


def _demonstrations(tables: Writer) -> None:
    """First projects, and how many at firms of each segment."""
    terms, path = tables.numbers.demonstrations, ("demonstrations",)
    scale = {} if terms else {"selection_scale_days": 1.0}
    tables.add("demonstrations", terms, path, **scale)
    for name in tables.segments:
        firms = terms.segments.get(name) if terms else None
        tables.add("demonstrated", firms, (*path, "segments", name))


def _service(tables: Writer, name: str, service: Service) -> None:
    """One service."""
    path, charged = ("services", name), service.charge_from_month
    taught = name in teaching(tables.numbers)
    rates = service.offered_by_step or ()
    contact = service.contact_share
    tables.add(
        "services",
        service,
        path,
        team=tables.roles.index(service.role),
        variability=Variability[service.variability.upper()],
        charge_from_month=tables.numbers.market.charge_from_month if charged is None else charged,
        contact_share=1.0 if contact is None else At((*path, "contact_share"), contact),
        fees=Account.FEES + tables.services.index(name),
        counts=tables.row(name, "asked"),
        teaching=tables.row(name, "person_days") if taught else NONE,
        first_step=len(tables.rows["offered"]),
        steps=len(rates) or 1,
    )
    for rate in rates or (At((*path, "offered_year"), service.offered_year),):
        tables.add_number("offered", rate)


def _demands(tables: Writer, name: str, service: Service) -> None:
    """What every segment asks: 0 of those that do not."""
    for segment in tables.segments:
        demand = service.clients.get(segment)
        path = ("services", name, "clients", segment)
        unpaid = {} if tables.numbers.ministry else {"ministry_pays": 0.0}
        tables.add("demands", demand, path, **unpaid)


def _sources(tables: Writer) -> None:
    """Streams of engagements: those that come by themselves first, then what follows them."""
    services = tables.numbers.services
    for name, service in services.items():
        if service.offered_by_step or service.offered_year:
            _source(tables, Origin.OFFER, name, None, f"offer.{name}", NONE, 0, ())
    found = [
        (Origin.ENQUIRY, name, segment, f"enquiry.{name}.{segment}", NONE)
        for name, service in services.items()
        for segment in service.clients
    ]
    shown = tables.numbers.demonstrations
    if shown is not None:
        found += [
            (
                Origin.DEMONSTRATION,
                shown.service,
                name,
                f"demonstration.{shown.service}.{name}",
                NONE,
            )
            for name in shown.segments
        ]
    offers = len(tables.rows["sources"])
    index = 0
    while index < len(found):
        origin, name, segment, stream, finder = found[index]
        after = [
            (
                Origin.FOLLOW_ON,
                other,
                segment,
                f"{other}.after.{stream}",
                offers + index if service.follows.lacks_capital else NONE,
            )
            for other, service in services.items()
            if service.follows and service.follows.service == name and segment in service.clients
        ]
        first = offers + len(found)
        found += after
        _source(tables, origin, name, segment, stream, finder, first, after)
        index += 1


def _source(
    tables: Writer,
    origin: Origin,
    name: str,
    segment: str | None,
    stream: str,
    finder: int,
    first: int,
    after: Any,
) -> None:
    """One stream of engagements."""
    service = tables.services.index(name)
    column = NONE if segment is None else tables.segments.index(segment)
    follows = tables.numbers.services[name].follows
    streams = (
        *("assessors", "institutions", "finance", "joining", "membership", "fee", "options"),
        "means",
    )
    tables.add(
        "sources",
        origin=origin,
        service=service,
        segment=column,
        demand=NONE if segment is None else service * len(tables.segments) + column,
        probability=At(("services", name, "follows", "probability"), follows.probability)
        if follows and origin is Origin.FOLLOW_ON
        else 0.0,
        first_follow_on=first,
        follow_ons=len(after),
        finder=finder,
        stream=tables.key(stream),
        ministry_stream=tables.key(f"{stream}.ministry"),
        order=tables.order(stream),
        membership_order=tables.order(f"{stream}.membership"),
        relapse_order=tables.order(f"{stream}.relapse"),
        success_order=tables.order(f"{stream}.success"),
        capital_order=tables.order(f"{stream}.capital"),
        ministry_order=tables.order(f"{stream}.ministry"),
        **{f"{what}_stream": tables.key(f"{stream}.{what}") for what in streams},
    )
