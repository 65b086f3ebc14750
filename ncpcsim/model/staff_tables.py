"""Rows of a plan's tables that say who works at the centre."""

import math
from collections.abc import Iterator
from typing import Any

from ncpcsim.model.fields import NONE, Payer
from ncpcsim.model.writer import At, Writer, all_of
from ncpcsim.plan.problems import KeyPath
from ncpcsim.plan.schema import Consultants, Post, TrainingAbroad


def people(tables: Writer) -> None:
    """Teams and their positions."""
    everyone = list(_places(tables))
    rank = {name: i for i, name in enumerate(sorted(name for _, name, *_ in everyone))}
    for team, role in enumerate(tables.roles):
        first = len(tables.rows["positions"])
        for theirs, name, person, post, path in everyone:
            if theirs == role:
                _position(tables, team, name, person, post, path, rank[name])
        held = len(tables.rows["positions"]) - first
        tables.add("teams", first_position=first, positions=held)


def _places(tables: Writer) -> Iterator[tuple[str, str, int, Post | None, KeyPath]]:
    """Role, name, number among its post's, post and path of every place for a person."""
    for name, post in tables.numbers.posts.items():
        for person in range(post.people):
            yield post.role, f"{name}.{person}", person, post, ("posts", name)
    terms = tables.numbers.management
    for number in range(terms.most_hired) if terms else ():
        yield terms.hires_role, f"hired.{number}", number, None, ("management",)  # type: ignore[union-attr]


def leadership(tables: Writer) -> None:
    """What those who lead, and the office, do."""
    terms = tables.numbers.leadership
    alone = {"unknown_share": 1.0, "respect_months": 1.0}
    tables.add(
        "leadership",
        terms,
        ("leadership",),
        team=tables.roles.index(terms.role) if terms else NONE,
        office=tables.roles.index(terms.office_role) if terms else NONE,
        **({} if terms else alone),
    )


def boards(tables: Writer) -> None:
    """Who advises and who decides."""
    both = tables.numbers.boards
    tables.add(
        "advisory",
        both.advisory if both else None,
        ("boards", "advisory"),
        order=tables.order("boards.advisory"),
    )
    tables.add("executive", both.executive if both else None, ("boards", "executive"))


def ability(tables: Writer) -> None:
    """What earmarked money buys of training abroad and of consultants."""
    terms = tables.numbers.ability
    parts: dict[str, Any] = {}
    for name, kind in (("training", TrainingAbroad), ("consultants", Consultants)):
        part = getattr(terms, name, None)
        none = dict.fromkeys(kind.model_fields, 0.0)
        stated = all_of(part, ("ability", name)) if part else {}
        parts |= none | {key: at for key, at in stated.items() if at.value is not None}
    tables.add("ability", **parts)


def _position(
    tables: Writer, team: int, name: str, person: int, post: Post | None, path: KeyPath, rank: int
) -> None:
    """One position, filled at first or by somebody hired later."""
    terms = tables.numbers.management
    if post is None:
        assert terms is not None  # noqa: S101  who may be hired has somebody who hires
        salary = At((*path, "hire_salary_month"), terms.hire_salary_month)
        respected: At | float = 0.0
        payer, ends, begins, until = int(Payer.CENTRE), False, math.inf, math.inf
        since = begins
    else:
        salary = At((*path, "salary_month"), post.salary_month)
        respected = 0.0 if post.respected is None else At((*path, "respected"), post.respected)
        ends, (begins, since) = post.then == "ends", _begins(tables, path[-1], post, person)
        until = math.inf if post.until_month is None else float(post.until_month)
        payer = {"centre": int(Payer.CENTRE), "host": int(Payer.HOST)}.get(
            post.payer, tables.grants.index(post.payer) if post.payer in tables.grants else NONE
        )
    who = name.rpartition(".")[0]
    tables.positions.append(name)
    tables.add(
        "positions",
        team=team,
        payer=payer,
        then_ends=ends,
        from_month=begins,
        until_month=until,
        since=since,
        salary_month=salary,
        respected=respected,
        hired=post is None,
        person=person,
        name_rank=rank,
        seconded_stream=tables.key(f"host.seconds.{who}"),
        turnover_stream=tables.key(f"turnover.{name}"),
        late_stream=tables.key(f"turnover.late.{name}"),
        order=tables.order(f"position.{name}"),
        turnover_order=tables.order(f"turnover.{name}"),
        late_order=tables.order(f"turnover.late.{name}"),
        hire_order=tables.order(f"hire.{name}"),
        let_go_order=tables.order(f"let_go.{name}"),
        default_order=tables.order(f"host.default.{name}"),
        loss_order=tables.order(f"host.loss.{name}"),
        move_order=tables.order(f"host.move.{name}"),
    )


def _begins(tables: Writer, name: Any, post: Post, person: int) -> tuple[float, float]:
    """When a place of a post is filled first, and when whoever fills it came to the work.

    Places that stand vacant on the first day are the last of their post.
    """
    begins, first = float(post.from_month), float(tables.numbers.elapsed_months)
    held = tables.numbers.opening.posts.get(name)
    if held is None:
        return max(begins, first), begins
    if held.vacant_until_month is not None and person >= post.people - (held.vacant or 0):
        return float(held.vacant_until_month), float(held.vacant_until_month)
    came = begins if held.experience_months is None else first - held.experience_months
    return max(begins, first), came
