"""Whether what is stated of the programme's support agrees with the grants that share it."""

from collections.abc import Iterator
from typing import Any

from ncpcsim.plan.problems import KeyPath, Problem
from ncpcsim.plan.tree import month_of, number, section, table

_SHARES_SUM_WITHIN = 1e-9
_OWN = ("from_month", "until_month", "tranches", "schedule", "donor")
_AMOUNTS = ("amount_year", "amount_total")
_SECOND = 2


def programme_problems(tree: dict[str, Any]) -> Iterator[Problem]:
    """Everything about the programme's support that no single field can check."""
    programme, grants = table(tree, "programme"), section(tree, "grants")
    sharing = [(name, grant) for name, grant in grants if "programme_share" in grant]
    for name, grant in sharing:
        yield from _shared(("grants", name), grant)
    donors = [name for name, _ in section(tree, "donors")]
    donor = programme.get("donor")
    if isinstance(donor, str) and donor not in donors:
        choices = ", ".join(sorted(donors)) or "none is defined"
        what = f"{donor!r} is not there, expected one of `donors`: {choices}"
        yield Problem(("programme", "donor"), what)
    if sharing:
        yield from _phases(tree, programme, sharing)
        yield from _review(tree, programme)
    elif "programme" in tree:
        yield from _dated(tree, programme, grants)
    yield from _long_enough(tree, grants)


def _shared(path: KeyPath, grant: dict[str, Any]) -> Iterator[Problem]:
    """A grant that takes a share of the support has no dates, amounts or donor of its own."""
    for key in _OWN:
        if key in grant:
            what = "is stated by [programme] for a grant with `programme_share`, expected no such"
            yield Problem((*path, key), f"{what} key")
    giver = grant.get("giver")
    if isinstance(giver, str) and giver != "programme":
        what = f"is {giver!r}, expected 'programme', whose support the grant shares"
        yield Problem((*path, "giver"), what)


def _phases(
    tree: dict[str, Any], programme: dict[str, Any], sharing: list[tuple[str, dict[str, Any]]]
) -> Iterator[Problem]:
    """The money of each phase is stated once, and shared out whole."""
    yield from _amount(("programme",), programme)
    for key in ("interval_months", "shape"):
        if "programme" in tree and key not in programme:
            what = "is missing, expected with the amounts of the support"
            yield Problem(("programme", key), what, missing=True)
    if "programme" not in tree:
        what = "is missing, expected the support that `programme_share` shares"
        yield Problem(("programme",), what, missing=True)
    second = table(programme, "second_phase")
    if second:
        yield from _amount(("programme", "second_phase"), second)
    for phase in (1, _SECOND):
        grants = [(name, grant) for name, grant in sharing if grant.get("phase", 1) == phase]
        if phase == _SECOND and grants and not second:
            where = ("grants", grants[0][0], "phase")
            yield Problem(where, "is 2, expected a [programme.second_phase]")
        elif grants or phase == 1 or second:
            yield from _whole(phase, grants)


def _review(tree: dict[str, Any], programme: dict[str, Any]) -> Iterator[Problem]:
    """What a review decides of a second phase."""
    key, review = "second_phase_probability", table(programme, "review")
    if key not in review:
        return
    second = table(programme, "second_phase")
    month, months, gap = map(
        number, (review.get("month"), programme.get("months"), second.get("gap_months"))
    )
    if month is not None and months is not None and gap is not None and month >= months + gap:
        what = f"is {month}, but the second phase begins in month {months + gap}"
        yield Problem(("programme", "review", "month"), f"{what}, expected a month before")
    if not second:
        what = "is the chance of a second phase, expected a [programme.second_phase]"
        yield Problem(("programme", "review", key), what)
    grants = dict(section(tree, "grants"))
    for name, post in section(tree, "posts"):
        payer = post.get("payer")
        if isinstance(payer, str) and grants.get(payer, {}).get("phase") == _SECOND:
            what = f"is {payer!r}, which the review may refuse, expected another payer"
            yield Problem(("posts", name, "payer"), what)


def _amount(path: KeyPath, stated: dict[str, Any]) -> Iterator[Problem]:
    if stated and sum(key in stated for key in _AMOUNTS) != 1:
        yield Problem(path, "expected either `amount_year` or `amount_total`")


def _whole(phase: int, grants: list[tuple[str, dict[str, Any]]]) -> Iterator[Problem]:
    shares = [number(grant.get("programme_share")) for _, grant in grants]
    if None in shares:
        return
    total = sum(shares)
    if abs(total - 1) > _SHARES_SUM_WITHIN:
        what = f"of phase {phase} sum to {total:g}, expected 1"
        where: KeyPath = ("programme",)
        if grants:
            where = ("grants", grants[-1][0], "programme_share")
        yield Problem(where, f"shares {what}")


def _dated(
    tree: dict[str, Any], programme: dict[str, Any], grants: list[tuple[str, dict[str, Any]]]
) -> Iterator[Problem]:
    """With dated agreements alone, `months` can end the support sooner, and no more."""
    for key in programme:
        if key != "months":
            what = "is for support that grants share, expected a grant with `programme_share`"
            yield Problem(("programme", key), what)
    months = number(programme.get("months"))
    given = [grant for _, grant in grants if grant.get("giver") == "programme"]
    ends = [month_of(grant.get("until_month"), tree) for grant in given]
    last = max((end for end in ends if end is not None), default=None)
    if last is None and months is not None:
        what = f"is {months}, but no agreement is the programme's, expected one"
        yield Problem(("programme", "months"), what)
    elif months is not None and last is not None and months > last:
        what = f"is {months}, but the programme's last agreement ends in month {last}"
        yield Problem(("programme", "months"), f"{what}, expected at most that")


def _long_enough(
    tree: dict[str, Any], grants: list[tuple[str, dict[str, Any]]]
) -> Iterator[Problem]:
    """A run lasts a month or more."""
    horizon = table(tree, "horizon")
    nothing = not any(grant.get("giver") == "programme" for _, grant in grants)
    if nothing and number(horizon.get("follow_up_months")) == 0 and "judged_month" not in horizon:
        what = "is 0 and no programme pays, expected 1 or more, or a `judged_month`"
        yield Problem(("horizon", "follow_up_months"), what)
