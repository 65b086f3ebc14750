"""The evidence table: facts taken from published texts, and what each of them is used for.

Five texts are of Cleaner Production Centres. Figures from outside them, of other bodies that live
on fees and grants, have a source of their own, and a caution: rich countries, and no body that one
foreign donor began.

Which plan fields use a fact is read from the plans themselves, whose `source` names it; the table
states only the uses that no plan can show, such as a test or a check of the model.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ncpcsim.data import data_folder
from ncpcsim.plan.fields import field_at, kind_of, unit_of
from ncpcsim.plan.load import Plan
from ncpcsim.plan.problems import KeyPath, dotted
from ncpcsim.plan.quantity import Quantity, is_quantity

TEXTS = {
    "000": "Implementation Guidelines for Facilitating Organisations (UNEP)",
    "001": "International Declaration on Cleaner Production (UNEP)",
    "002": "Cleaner Production strategy (UNIDO)",
    "003": "Changing Production Patterns (UNEP and UNIDO)",
    "004": "UNIDO Programme on Cleaner Industrial Production (1995)",
    "S1": "Form 990 returns of small US bodies that live on fees and gifts (lecy/fiscal-health)",
    "S2": "Charities of England and Wales (DiarmuidM/longitudinal-data-analysis)",
}
"""What facts are taken from: the five texts by number, and panels of other bodies, by S and one."""

FIELDS = ("id", "text", "place", "fact", "value", "unit", "used_by", "how")
HOW: dict[str, str] = {
    "input": "a number of a plan is the fact, or computed from it",
    "prior": "it shaped a distribution of a plan",
    "check": "results of runs are compared with it, by `ncpcsim check` or a test",
    "fit": "`ncpcsim calibrate` fits runs to it",
    "structure": "a plan is built that way; no run is compared with it",
    "unused": "not used, and the reason why not",
}
"""What a fact is used for; the first that holds."""
SEPARATOR = ", "
_NOTHING = "nothing: "
"""How the reason why a fact is not used begins, in place of its uses."""

StatedOrigin = Literal["sourced", "assumed", "bare lever"]


class EvidenceError(ValueError):
    """The file is no evidence table; the message names file, line and what was expected."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact.

    Attributes:
        id: what a plan's `source` calls it.
        text: the text it is taken from, one of `TEXTS`.
        place: the text's figure or section.
        fact: what the text says, or what `value` counts.
        value: the number, if the fact is one.
        unit: of `value`; empty without one.
        used_by: uses that no plan shows: tests, and checks as `check:` and a name
            (`ncpcsim.answers.check.CHECKS`).
        how: what it is used for, one of `HOW`.
        why_not: why it is not used, if so.
    """

    id: str
    text: str
    place: str
    fact: str
    value: int | float | None
    unit: str
    used_by: tuple[str, ...]
    how: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A number as a plan states it.

    Attributes:
        path: where it stands in the plan.
        kind: lever, uncertain or constant.
        unit: the unit of its field.
        value: a statement of its origin, or the bare number or date of a lever.
    """

    path: str
    kind: str
    unit: str
    value: Quantity | int | float | date

    @property
    def source(self) -> str | None:
        """Where the plan says it comes from, if it names a source."""
        return None if isinstance(self.value, int | float | date) else self.value.source

    @property
    def origin(self) -> StatedOrigin:
        """Whether it has a source, is an assumption, or was simply decided."""
        if isinstance(self.value, int | float | date):
            return "bare lever"
        return "sourced" if self.value.source else "assumed"


def load_evidence() -> tuple[Evidence, ...]:
    """The shipped evidence table, in its own order.

    Raises:
        EvidenceError: it breaks the form `parse_evidence` expects.
    """
    return read_evidence(data_folder("calibration") / "evidence.csv")


def read_evidence(path: Path) -> tuple[Evidence, ...]:
    """The evidence table in the CSV file at `path`.

    Raises:
        EvidenceError: the file breaks the form `parse_evidence` expects, or is not UTF-8.
        OSError: the file cannot be opened.
    """
    # A spreadsheet may put a byte order mark before the header: utf-8-sig reads past it.
    with path.open(encoding="utf-8-sig", newline="") as rows:
        try:
            return parse_evidence(rows, str(path))
        except UnicodeDecodeError as error:
            raise EvidenceError(f"{path}: expected text in UTF-8 ({error.reason})") from error


def parse_evidence(rows: Iterable[str], file: str = "<text>") -> tuple[Evidence, ...]:
    """The evidence in CSV `rows` with the columns `FIELDS`, one row a fact.

    Args:
        rows: the lines of the CSV text, header first.
        file: how errors name the text.

    Raises:
        EvidenceError: a row breaks the form, or an id stands twice.
    """
    table: dict[str, Evidence] = {}
    reader = csv.reader(rows, strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != FIELDS:
            raise EvidenceError(
                f"{file}, line 1: expected the columns {','.join(FIELDS)}, "
                f"found {','.join(header) or 'nothing'}"
            )
        for row in filter(None, reader):
            where = f"{file}, line {reader.line_num}"
            fact = _fact(row, where)
            if fact.id in table:
                raise EvidenceError(f"{where}: expected one row for {fact.id}, found a second")
            table[fact.id] = fact
    except csv.Error as error:
        raise EvidenceError(
            f"{file}, line {reader.line_num}: expected comma-separated values ({error})"
        ) from error
    return tuple(table.values())


def cited(source: str) -> tuple[str, ...]:
    """The ids that a `source` names; a plan of one's own may say something else there."""
    return tuple(source.split(SEPARATOR))


def stated_numbers(plan: Plan) -> tuple[Stated, ...]:
    """Every number of a plan in the plan's order, with what it says of its origin."""
    return tuple(_stated(plan.tree, plan.quantities))


def users(plans: Iterable[Plan]) -> dict[str, dict[str, tuple[str, ...]]]:
    """The fields whose source names each fact: by id, then by the plan's name.

    An inherited field counts for every plan that has it. What a source names need not be in the
    evidence table.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for plan in plans:
        for path, quantity in plan.quantities.items():
            for name in cited(quantity.source) if quantity.source else ():
                fields = found.setdefault(name, {})
                fields[plan.name] = (*fields.get(plan.name, ()), path)
    return found


def _fact(row: list[str], where: str) -> Evidence:
    """One row as a fact, or an error that names the first field at fault."""
    if len(row) != len(FIELDS):
        raise EvidenceError(f"{where}: expected {len(FIELDS)} fields, found {len(row)}")
    name, text, place, fact, value, unit, used_by, how = row
    words = (r"\S(.*\S)?", "words, without spaces around them")
    uses = (
        (rf"{_NOTHING}{words[0]}", "'nothing: ' and why not")
        if how == "unused"
        else (r"([^\s,]+(, [^\s,]+)*)?", "names joined by a comma and a space")
    )
    checks = (
        ("id", name, r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+", "lower case parts joined by dots"),
        ("text", text, "|".join(TEXTS), " or ".join(TEXTS)),
        ("place", place, *words),
        ("fact", fact, *words),
        ("value", value, r"(-?[0-9]+(\.[0-9]+)?)?", "a number, or nothing"),
        ("unit", unit, words[0] if value else "", "a unit with a value, and only there"),
        ("used_by", used_by, *uses),
        ("how", how, "|".join(HOW), " or ".join(HOW)),
    )
    for field, found, pattern, expected in checks:
        if not re.fullmatch(pattern, found):
            raise EvidenceError(f"{where}: expected {expected} as {field}, found {found!r}")
    return Evidence(
        id=name,
        text=text,
        place=place,
        fact=fact,
        value=_number(value),
        unit=unit,
        used_by=() if how == "unused" else tuple(filter(None, used_by.split(SEPARATOR))),
        how=how,
        why_not=used_by.removeprefix(_NOTHING) if how == "unused" else "",
    )


def _number(text: str) -> int | float | None:
    if not text:
        return None
    return float(text) if "." in text else int(text)


def _stated(node: Any, quantities: Mapping[str, Quantity], path: KeyPath = ()) -> Iterator[Stated]:
    field = field_at(path)
    kind = kind_of(field)
    if kind and not isinstance(node, Mapping | list):
        yield Stated(dotted(path), kind, unit_of(field) or "", node)
    elif kind and is_quantity(node):
        yield Stated(dotted(path), kind, unit_of(field) or "", quantities[dotted(path)])
    elif isinstance(node, Mapping):
        for key, below in node.items():
            yield from _stated(below, quantities, (*path, key))
    elif isinstance(node, list):
        for index, below in enumerate(node):
            yield from _stated(below, quantities, (*path, index))
