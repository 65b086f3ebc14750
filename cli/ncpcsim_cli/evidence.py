"""`ncpcsim evidence`: from a plan's numbers to the facts behind them, and back."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING

import click

from ncpcsim_cli.console import console, refuse
from ncpcsim_cli.options import load_or_refuse

if TYPE_CHECKING:
    from ncpcsim.plan.load import Plan
    from ncpcsim.published.evidence import Evidence, Stated

    Uses = Mapping[str, Mapping[str, tuple[str, ...]]]

_WIDTH = 100
_LABEL = 10


@click.command(
    "evidence",
    epilog="For example: ncpcsim evidence market, ncpcsim evidence fig5.events.czech, "
    "ncpcsim evidence grants --plan hungary",
)
@click.argument("subject", metavar="[FIELD | ID]", required=False)
@click.option(
    "--plan",
    "name",
    metavar="PLAN",
    default="generic",
    show_default=True,
    help="The plan whose fields are meant: a shipped name or a file.",
)
def command(subject: str | None, name: str) -> None:
    """Show where a plan's numbers come from, and what each fact is used for.

    Facts are taken from five published texts, and some figures from panels of other small
    bodies; a plan's `source` names them by their ids. Without an argument, every fact is listed.
    FIELD is a field of the plan or the beginning of its name; it is shown with its value and the
    facts behind it. ID is a fact or the beginning of its name; it is shown with everything that
    uses it.

    How a fact is used: a plan's number is the fact or computed from it (input), or a distribution
    that it shaped (prior); results of runs are compared with it (check), or fitted to it (fit); a
    plan is built that way, and no run is compared with it (structure); or it is not used, and why
    not (unused). Where several hold, the first is shown.
    """
    from ncpcsim.published.evidence import EvidenceError, load_evidence, stated_numbers, users

    plan = load_or_refuse(name)
    plans = _plans(plan)
    try:
        table = load_evidence()
    except (EvidenceError, OSError) as error:
        refuse(str(error))
    uses = users(plans)
    numbers = stated_numbers(plan)
    fields = [number for number in numbers if _below(number.path, subject)]
    facts = [fact for fact in table if _below(fact.id, subject)]
    if subject is None:
        _show_all(table, uses, [each.name for each in plans])
        click.echo(_kinds(table))
    elif not fields and not facts:
        refuse(_unknown(subject, plan.name, plans, table))
    else:
        known = {fact.id: fact for fact in table}
        for number in fields:
            _print(_field_lines(number, known))
        for fact in facts:
            _print(_fact_lines(fact, uses, [each.name for each in plans]))
    click.echo(_summary(plan.name, numbers))


def _plans(plan: "Plan") -> "list[Plan]":
    """The shipped plans and the one that was asked for."""
    from ncpcsim.plan.files import shipped_plans

    shipped = [load_or_refuse(name) for name in shipped_plans()]
    return shipped if any(plan.hash == other.hash for other in shipped) else [*shipped, plan]


def _below(name: str, subject: str | None) -> bool:
    """Whether `subject` is a name or its beginning, up to a dot or an index."""
    return subject is not None and (
        name == subject or name.startswith((f"{subject}.", f"{subject}["))
    )


def _show_all(table: "Iterable[Evidence]", uses: "Uses", plans: list[str]) -> None:
    """Every fact, text by text and place by place, with how and how often it is used."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from ncpcsim.published.evidence import TEXTS

    screen = console()
    for text, of_text in groupby(table, key=lambda fact: fact.text):
        grid = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
        grid.add_column("", no_wrap=True)
        grid.add_column("")
        grid.add_column("value", justify="right", no_wrap=True)
        grid.add_column("how", no_wrap=True)
        grid.add_column("uses", justify="right", no_wrap=True)
        for place, facts in groupby(of_text, key=lambda fact: fact.place):
            grid.add_row(Text(place, style="bold"))
            for fact in facts:
                count = str(len(_used_by(fact, uses, plans)))
                cells = (f"  {fact.id}", fact.fact, _quantity(fact), fact.how, count)
                grid.add_row(*map(Text, cells))
        screen.print(Text(f"{text} {TEXTS[text]}", style="bold underline"), grid, "")


def _field_lines(number: "Stated", known: "Mapping[str, Evidence]") -> Iterator[str]:
    """A number of the plan and where it comes from."""
    from ncpcsim.published.evidence import cited

    yield f"{number.path} = {_value(number)} ({number.kind})"
    names = cited(number.source) if number.source else ()
    if not all(name in known for name in names):
        yield _labelled("source", f"{number.source} (names facts that are not in the table)")
    for fact in (known[name] for name in names if name in known):
        yield _labelled("source", f"{fact.id}: {_fact_text(fact)}")
        yield _labelled("", f"{_place(fact)}; {fact.how}")
    if not names:
        origin = "assumption" if number.origin == "assumed" else "none, a bare lever"
        yield _labelled("source", origin)
    note = None if isinstance(number.value, int | float | date) else number.value.note
    if note:
        yield _labelled("note", note)


def _fact_lines(fact: "Evidence", uses: "Uses", plans: list[str]) -> Iterator[str]:
    """A fact and everything that uses it."""
    yield fact.id
    yield _labelled("fact", _fact_text(fact))
    yield _labelled("from", _place(fact))
    yield _labelled("how", fact.how)
    nothing = f"nothing: {fact.why_not}" if fact.why_not else "nothing"
    for index, use in enumerate(_used_by(fact, uses, plans) or [nothing]):
        yield _labelled("" if index else "used by", use)


def _used_by(fact: "Evidence", uses: "Uses", plans: list[str]) -> list[str]:
    """Each use of a fact: fields with the plans that have them, then tests and checks."""
    having: dict[str, list[str]] = {}
    for plan, paths in uses.get(fact.id, {}).items():
        for path in paths:
            having.setdefault(path, []).append(plan)
    fields = [f"{path} ({_named(names, plans)})" for path, names in having.items()]
    return [*fields, *fact.used_by]


def _named(names: list[str], plans: list[str]) -> str:
    """The names, or those that are missing where they are fewer."""
    missing = [plan for plan in plans if plan not in names]
    if len(names) <= len(missing):
        return ", ".join(names)
    return f"all plans but {' and '.join(missing)}" if missing else "all plans"


def _kinds(table: "Iterable[Evidence]") -> str:
    """How many facts are used for what."""
    from ncpcsim.published.evidence import HOW

    counts = Counter(fact.how for fact in table)
    lines = [f"{counts.total()} facts:"]
    lines += [f"  {counts[how]:>4}  {how.ljust(_LABEL)} {meaning}" for how, meaning in HOW.items()]
    return "\n".join([*lines, ""])


def _summary(name: str, numbers: "Iterable[Stated]") -> str:
    counts = Counter(number.origin for number in numbers)
    return (
        f"Plan {name}: {counts.total()} numbers, {counts['sourced']} sourced, "
        f"{counts['assumed']} assumed, {counts['bare lever']} bare levers."
    )


def _unknown(subject: str, name: str, plans: "Iterable[Plan]", table: "Iterable[Evidence]") -> str:
    """What to say of a subject that is neither a field nor a fact."""
    from ncpcsim.published.evidence import stated_numbers

    paths = {plan.name: [number.path for number in stated_numbers(plan)] for plan in plans}
    elsewhere = [plan for plan in paths if any(_below(path, subject) for path in paths[plan])]
    if elsewhere:
        return (
            f"{subject}: no field of {name}, but one of {' and '.join(elsewhere)}: "
            f"try --plan {elsewhere[0]}"
        )
    known = list(dict.fromkeys([*paths[name], *(fact.id for fact in table)]))
    within = [one for one in known if subject in one]
    close = list(dict.fromkeys([*within, *get_close_matches(subject, known, n=3)]))[:3]
    expected = (
        f"did you mean {' or '.join(close)}?" if close else "`ncpcsim evidence` lists the facts"
    )
    return f"{subject}: neither a field of {name} nor a fact; {expected}"


def _print(lines: Iterator[str]) -> None:
    click.echo(click.style(_folded(next(lines), "", " " * _LABEL), bold=True))
    for line in lines:
        click.echo(line)
    click.echo()


def _labelled(label: str, text: str) -> str:
    """A text under its label, folded next to it."""
    return _folded(text, f"  {label}".ljust(_LABEL), " " * (_LABEL + 2))


def _folded(text: str, first: str, rest: str) -> str:
    """A text in lines of at most a hundred columns; a name is never broken."""
    return fill(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _fact_text(fact: "Evidence") -> str:
    return fact.fact if fact.value is None else f"{fact.fact}: {_quantity(fact)}"


def _quantity(fact: "Evidence") -> str:
    return "" if fact.value is None else f"{fact.value:,} {fact.unit}"


def _place(fact: "Evidence") -> str:
    from ncpcsim.published.evidence import TEXTS

    return f"{fact.text} {TEXTS[fact.text]}, {fact.place}"


def _value(number: "Stated") -> str:
    """A number's value or distribution, with its unit; a date has none."""
    from ncpcsim.plan.quantity import Fixed, Provenance

    if isinstance(number.value, date):
        return str(number.value)
    if isinstance(number.value, int | float):
        return f"{number.value} {number.unit}"
    if isinstance(number.value, Fixed):
        return f"{number.value.value} {number.unit}"
    own = number.value.model_dump(exclude={*Provenance.model_fields, "distribution"})
    shape = ", ".join(f"{key} {value:g}" for key, value in own.items())
    return f"{number.value.distribution}, {shape} {number.unit}"
