"""What no single field can check: references between sections, dates in order, shares that sum.

The checks read the merged tree before it is validated, so that their findings come together with
all others; they pass over whatever has the wrong shape, which validation reports.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from ncpcsim.plan.finance_checks import finance_problems
from ncpcsim.plan.opening_checks import opening_problems
from ncpcsim.plan.problems import KeyPath, Problem
from ncpcsim.plan.programme_checks import programme_problems
from ncpcsim.plan.quantity import is_number
from ncpcsim.plan.tree import known_name, month_of, number, section, table

_SHARES_SUM_WITHIN = 1e-9
_PAYERS = ("centre", "host")
_SPENT_SHARES = ("subcontractors_share", "travel_share")


def check(tree: dict[str, Any]) -> Iterator[Problem]:
    """Every problem of references, order and sums in a merged tree."""
    yield from _references(tree)
    yield from _housed(tree)
    yield from _staffed(tree)
    yield from _without_effect(tree)
    yield from _demonstrated(tree)
    yield from _attendance(tree)
    yield from programme_problems(tree)
    yield from opening_problems(tree)
    for name, grant in section(tree, "grants"):
        if name in _PAYERS:
            yield Problem(("grants", name), "is a payer's name, expected another")
        yield from _agreement(("grants", name), grant, tree)
        donors = [donor for donor, _ in section(tree, "donors")]
        yield from known_name(
            ("grants", name, "donor"), grant.get("donor"), donors, "one of `donors`"
        )
    for name, post in section(tree, "posts"):
        yield from _in_order(("posts", name), post, tree)


def _references(tree: dict[str, Any]) -> Iterator[Problem]:
    named = (post.get("role") for _, post in section(tree, "posts"))
    roles = sorted({role for role in named if isinstance(role, str)})
    segments = [name for name, _ in section(tree, "segments")]
    services = [name for name, _ in section(tree, "services")]
    for name, service in section(tree, "services"):
        path = ("services", name)
        if "offered_by_step" in service and "declaration" not in tree:
            what = "needs the length of a step, expected a [declaration] section"
            yield Problem((*path, "offered_by_step"), what)
        yield from _needed(path, service)
        yield from known_name((*path, "role"), service.get("role"), roles, "the role of a post")
        for segment in table(service, "clients"):
            yield from known_name((*path, "clients", segment), segment, segments, "a segment")
        follows = table(service, "follows")
        if "service" in follows:
            others = [other for other in services if other != name]
            where = (*path, "follows", "service")
            yield from known_name(where, follows["service"], others, "another service")
    yield from _contracts(tree, roles, segments)
    for name, part in section(tree, "network"):
        role = part.get("role")
        yield from known_name(("network", name, "role"), role, roles, "the role of a post")
    for key in ("role", "office_role"):
        yield from _perhaps_held(key, table(tree, "leadership").get(key), roles)
    hires = table(tree, "management").get("hires_role")
    yield from known_name(("management", "hires_role"), hires, roles, "the role of a post")
    earmarked = [
        name for name, grant in section(tree, "grants") if grant.get("terms") == "earmarked"
    ]
    yield from _circular_follows(tree)
    yield from finance_problems(tree)
    payers = ["centre", *(["host"] if "host" in tree else []), *earmarked]
    for name, post in section(tree, "posts"):
        yield from known_name(("posts", name, "payer"), post.get("payer"), payers, "a payer")


def _housed(tree: dict[str, Any]) -> Iterator[Problem]:
    """A host is of a kind that is stated, where any is; "none" is of centres without a host."""
    kinds = [name for name, _ in section(tree, "host_kinds")]
    if kinds:
        known = [name for name in kinds if name != "none"]
        kind = table(tree, "host").get("kind")
        yield from known_name(("host", "kind"), kind, known, "one of `host_kinds`")
    if "hosts" in table(table(tree, "host_kinds"), "none"):
        yield Problem(("host_kinds", "none", "hosts"), "are of no host, expected no such number")


def _contracts(tree: dict[str, Any], roles: list[str], segments: list[str]) -> Iterator[Problem]:
    """Names that kinds of contract have, or refer to, and shares of their amounts."""
    services = table(tree, "services")
    for name, contract in section(tree, "contracts"):
        if name in services:
            yield Problem(
                ("contracts", name), f"is a service's name, expected another than {name!r}"
            )
        role = contract.get("role")
        yield from known_name(("contracts", name, "role"), role, roles, "the role of a post")
        yield from _shares(("contracts", name), contract)
        if "segment" in (programme := table(contract, "programme")):
            where = ("contracts", name, "programme", "segment")
            yield from known_name(where, programme["segment"], segments, "a segment")


def _shares(path: KeyPath, contract: dict[str, Any]) -> Iterator[Problem]:
    """Shares of a contract's amount, and of what is spent of it, that are more than the whole."""
    spent = [number(contract.get(f"{what}_share")) or 0 for what in ("subcontractors", "travel")]
    if sum(spent) > 1:
        what = f"subcontractors_share and travel_share sum to {sum(spent):g}, expected at most 1"
        yield Problem((*path, "travel_share"), what)
    on_success = number(table(contract, "on_success").get("share")) or 0
    paid = (number(contract.get("advance_share")) or 0) + on_success
    if paid > 1:
        what = f"advance_share and this sum to {paid:g}, expected at most 1"
        yield Problem((*path, "on_success", "share"), what)


def _attendance(tree: dict[str, Any]) -> Iterator[Problem]:
    """Segments that are more than all of those who attend."""
    total = 0.0
    for name, segment in section(tree, "segments"):
        total += (share := _most(segment.get("attendance_share")))
        if share > 0 and total > 1 + _SHARES_SUM_WITHIN:
            what = f"and those above can sum to {total:g}, expected at most 1"
            yield Problem(("segments", name, "attendance_share"), what)


def _most(value: Any) -> float:
    """The most that a share can be: its value, or the end of its range; 0 if it has neither."""
    stated = value.get("high") if isinstance(value, dict) and "high" in value else number(value)
    return float(stated) if is_number(stated) else 0.0


def _perhaps_held(key: str, role: Any, roles: list[str]) -> Iterator[Problem]:
    """A role that the posts hold, or that nobody holds: but none that is nearly one of them."""
    if isinstance(role, str) and role not in roles:
        for meant in get_close_matches(role, roles, 1, 0.75):
            yield Problem(("leadership", key), f"{role!r} is no post's role, expected {meant!r}")


def _needed(path: KeyPath, service: dict[str, Any]) -> Iterator[Problem]:
    """What keys of a service say nothing without."""
    if service.get("finds_options") is True and service.get("project") is not True:
        what = "are found in a project at one client, expected `project = true`"
        yield Problem((*path, "finds_options"), what)
    for share in ("institutions_share", "rivals_share"):
        if share in service and "assessors_share" not in service:
            yield Problem((*path, share), "is of assessors, expected `assessors_share` too")


def _without_effect(tree: dict[str, Any]) -> Iterator[Problem]:
    """Numbers that move nothing without a section."""
    if "leadership" in tree:
        yield from _unled(tree)
        return
    for kind, key in (("posts", "respected"), ("services", "proposal_days")):
        for name, stated in section(tree, kind):
            if key in stated:
                what = "moves nothing here, expected a [leadership] section"
                yield Problem((kind, name, key), what)
    for name, board in section(tree, "boards"):
        if "meeting_days" in board:
            what = "moves nothing here, expected a [leadership] section"
            yield Problem(("boards", name, "meeting_days"), what)


def _unled(tree: dict[str, Any]) -> Iterator[Problem]:
    """Respect of posts that do not lead."""
    role = table(tree, "leadership").get("role")
    for name, post in section(tree, "posts"):
        if "respected" in post and post.get("role") != role:
            what = f"moves nothing here, expected a post whose role is {role!r}"
            yield Problem(("posts", name, "respected"), what)


def _demonstrated(tree: dict[str, Any]) -> Iterator[Problem]:
    """Demonstrations are projects of a service, at firms of segments that there are."""
    path, stated = ("demonstrations",), table(tree, "demonstrations")
    yield from _in_order(path, stated, tree)
    services = dict(section(tree, "services"))
    projects = [name for name, service in services.items() if service.get("project") is True]
    name = stated.get("service")
    if services:
        what = "a service with `project = true`"
        yield from known_name((*path, "service"), name, projects, what)
    segments = table(tree, "segments")
    for segment in table(stated, "segments") if segments else ():
        yield from known_name((*path, "segments", segment), segment, segments, "a segment")


def _circular_follows(tree: dict[str, Any]) -> Iterator[Problem]:
    """A service that in the end follows itself would be asked for without end."""
    services = section(tree, "services")
    follows = {name: table(service, "follows").get("service") for name, service in services}
    after = {name: parent for name, parent in follows.items() if isinstance(parent, str)}
    for name in after:
        chain = [name]
        while (following := after.get(chain[-1])) in after and following not in chain:
            chain.append(following)
        if following == name and len(chain) > 1:
            what = f"circular: {' after '.join([*chain, name])}, expected an order"
            yield Problem(("services", name, "follows", "service"), what)


def _staffed(tree: dict[str, Any]) -> Iterator[Problem]:
    if not table(tree, "services"):
        yield Problem(("services",), "the centre offers nothing, expected at least one service")
    if not table(tree, "posts"):
        yield Problem(("posts",), "the centre has nobody, expected at least one post")


def _agreement(path: KeyPath, grant: dict[str, Any], tree: dict[str, Any]) -> Iterator[Problem]:
    yield from _earmarks(path, grant)
    if "programme_share" in grant:
        return  # the programme states the rest
    yield from _in_order(path, grant, tree)
    if ("tranches" in grant) == ("schedule" in grant):
        yield Problem(path, "expected either `tranches` or a `schedule`")
    for key, what in (("from_month", "begins"), ("until_month", "ends")):
        if key not in grant:
            missing = f"is missing, expected the month in which the agreement {what}"
            yield Problem((*path, key), missing, missing=True)
    yield from _tranches(path, grant, tree)


def _tranches(path: KeyPath, grant: dict[str, Any], tree: dict[str, Any]) -> Iterator[Problem]:
    """Tranches that are listed: in order, within the agreement, earmarked whole."""
    begin, end = (month_of(grant.get(key), tree) for key in ("from_month", "until_month"))
    before, listed = begin, grant.get("tranches")
    for index, tranche in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(tranche, dict):
            continue
        where = (*path, "tranches", index)
        if "earmarks" in tranche:
            yield from _earmarks(where, {"terms": grant.get("terms"), **tranche})
        month = month_of(tranche.get("month"), tree)
        if month is None:
            continue
        if before is not None and month < before:
            what = f"month {month} is out of order, expected {before} or later"
            yield Problem((*where, "month"), what)
        elif end is not None and month >= end:
            what = f"month {month} is after the agreement, expected before {end}"
            yield Problem((*where, "month"), what)
        before = month


def _earmarks(path: KeyPath, grant: dict[str, Any]) -> Iterator[Problem]:
    where = (*path, "earmarks")
    terms, stated = grant.get("terms"), "earmarks" in grant
    if terms == "discretionary" and stated:
        yield Problem(where, "discretionary money has none, expected no such table")
    if terms == "earmarked" and not stated:
        yield Problem(where, "is missing, expected the share that each category may spend")
    shares = [number(share) for share in table(grant, "earmarks").values()]
    if stated and all(share is not None for share in shares):
        total = sum(shares)
        if not abs(total - 1) <= _SHARES_SUM_WITHIN:
            yield Problem(where, f"shares sum to {total:g}, expected 1")


def _in_order(path: KeyPath, section: dict[str, Any], tree: dict[str, Any]) -> Iterator[Problem]:
    begin, end = (month_of(section.get(key), tree) for key in ("from_month", "until_month"))
    if begin is not None and end is not None and end <= begin:
        what = f"dates out of order: ends in month {end}, expected later than {begin}"
        yield Problem((*path, "until_month"), what)
