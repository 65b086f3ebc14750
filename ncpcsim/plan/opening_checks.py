"""Whether what is stated of the first day agrees with the rest of the plan."""

from collections.abc import Iterator
from typing import Any

from ncpcsim.plan.problems import KeyPath, Problem, shown
from ncpcsim.plan.schema import Numbers
from ncpcsim.plan.tree import known_name, month_of, number, section, table

_NEEDED = {"credibility": "credibility", "trained": "competition"}
"""Sections without which a number of the opening would move nothing."""


def opening_problems(tree: dict[str, Any]) -> Iterator[Problem]:
    """Names that are not there, and what would say nothing, in a merged tree."""
    stands = table(tree, "opening")
    month = month_of(stands.get("as_of"), tree)
    if month is not None and month < 0:
        what = f"is {shown(stands['as_of'])}, before the plan's start"
        yield Problem(("opening", "as_of"), f"{what}, expected {tree.get('start')} or later")
    for key, needed in _NEEDED.items():
        if key in stands and needed not in tree:
            what = f"moves nothing here, expected a [{needed}] section"
            yield Problem(("opening", key), what)
    for key, part, needed in (
        ("abroad_months", "ability", "training"),
        ("kits", "savings", "kits"),
    ):
        if key in stands and needed not in table(tree, part):
            what = f"moves nothing here, expected a section [{part}.{needed}]"
            yield Problem(("opening", key), what)
    for key, what in (("grants", "a grant"), ("segments", "a segment"), ("posts", "a post")):
        for name in table(stands, key):
            yield from known_name(("opening", key, name), name, table(tree, key), what)
    yield from _grants(tree, stands)
    yield from _posts(tree, stands)
    yield from _sources(tree, stands)
    for name, hand in section(stands, "contracts"):
        path = ("opening", "contracts", name, "kind")
        kinds = table(tree, "contracts")
        yield from known_name(path, hand.get("kind"), kinds, "a kind of contract")


def _grants(tree: dict[str, Any], stands: dict[str, Any]) -> Iterator[Problem]:
    for name, held in section(stands, "grants"):
        path, grant = ("opening", "grants", name), table(table(tree, "grants"), name)
        if "unspent" in held and grant.get("terms") == "discretionary":
            what = "is of discretionary money, expected it in `opening.cash`"
            yield Problem((*path, "unspent"), what)
        if "unspent_months" in held and "unspent" not in held:
            yield Problem((*path, "unspent_months"), "is of `unspent`, expected that too")


def _posts(tree: dict[str, Any], stands: dict[str, Any]) -> Iterator[Problem]:
    for name, held in section(stands, "posts"):
        path, post = ("opening", "posts", name), table(table(tree, "posts"), name)
        if "experience_months" in held and "learning" not in tree:
            what = "moves nothing here, expected a [learning] section"
            yield Problem((*path, "experience_months"), what)
        if ("vacant" in held) != ("vacant_until_month" in held):
            yield Problem(path, "expected both `vacant` and `vacant_until_month`, or neither")
        vacant, people = number(held.get("vacant")), number(post.get("people"))
        if vacant is not None and people is not None and vacant > people:
            yield Problem((*path, "vacant"), f"is {vacant}, expected at most {people}, the people")


def _sources(tree: dict[str, Any], stands: dict[str, Any]) -> Iterator[Problem]:
    grants = dict(section(tree, "grants"))
    givers = [name for name, grant in grants.items() if grant.get("giver") != "programme"]
    givers += table(tree, "contracts")
    for name in table(stands, "sources"):
        what = "a kind of contract, or a grant that is not the programme's"
        yield from known_name(("opening", "sources", name), name, givers, what)


def opening_dates(numbers: Numbers) -> Iterator[Problem]:
    """What is stated of the first day, and does not hold on it."""
    first = numbers.elapsed_months
    if numbers.months < 1:
        end = numbers.months + first
        what = f"is in month {first}, but the run ends with month {end}, expected before that"
        yield Problem(("opening", "as_of"), what)
        return
    agreed = numbers.agreements
    for name, held in numbers.opening.grants.items():
        path: KeyPath = ("opening", "grants", name)
        begins, ends = agreed[name].from_month, agreed[name].until_month
        if begins > first:
            yield Problem(path, f"the agreement begins in month {begins}, after the first day")
        elif held.unspent is not None and 0 < ends <= first:
            what = f"the agreement is over, it ended in month {ends}: expected no restricted money"
            yield Problem((*path, "unspent"), what)
    for name, place in numbers.opening.posts.items():
        path, post = ("opening", "posts", name), numbers.posts[name]
        if post.from_month > first:
            yield Problem(path, f"the post begins in month {post.from_month}, after the first day")
        if post.until_month is not None and post.until_month <= first:
            yield Problem(path, f"the post ended in month {post.until_month}, before the first day")
        if place.vacant_until_month is not None and place.vacant_until_month <= first:
            what = (
                f"is month {place.vacant_until_month}, expected later than the first day, {first}"
            )
            yield Problem((*path, "vacant_until_month"), what)
