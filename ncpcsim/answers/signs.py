"""Which way each number of a plan should move the centre: signs that were stated beforehand.

`calibration/signs.csv` was written before any audit was run. A row holds a pattern of plan paths
(and of moves), a sign for each measure, where it comes from, and why. A sign is of a number that is
raised, or of a section that is there; in a row of one move other than "off", of that very move. Of
the rows that fit, the one of the most steps counts, and of these the longest.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ncpcsim.data import data_folder

SIGNED = ("fees", "income", "cash", "survival", "mission", "assessments")
"""What a row states a sign of; `survival` is that of `sustained` and of `open`."""
NONE, NOTHING = "?", "0"
FIELDS = ("keys", "move", *SIGNED, "source", "reason")


class SignsError(ValueError):
    """The file is no table of signs; the message names file, line and what was expected."""


@dataclass(frozen=True)
class Expected:
    """What should happen when numbers are raised.

    Attributes:
        keys: pattern of the dotted paths that it is about.
        move: pattern of the moves.
        signs: by name of `SIGNED`: "+", "-", "0" for nothing, "?" where nothing is claimed.
        source: the place of the book, "accounting", "identity", "model" and a section of
            docs/model.md, or "assumption".
        reason: in words.
    """

    keys: str
    move: str
    signs: Mapping[str, str]
    source: str
    reason: str

    @property
    def is_inert(self) -> bool:
        """Whether nothing is expected to move."""
        return all(sign == NOTHING for sign in self.signs.values())


UNSTATED = Expected("*", "*", dict.fromkeys(SIGNED, NONE), "none stated", "no row of signs.csv")


def load_signs(path: Path | None = None) -> tuple[Expected, ...]:
    """The signs of a file, or the shipped ones.

    Raises:
        SignsError: the file is no table of signs.
    """
    file = path or data_folder("calibration") / "signs.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        if tuple(rows.fieldnames or ()) != FIELDS:
            raise SignsError(f"{file}:1: expected the columns {','.join(FIELDS)}")
        return tuple(_row(row, f"{file}:{rows.line_num}") for row in rows)


def _row(row: Mapping[str, str], where: str) -> Expected:
    signs = {name: row[name] for name in SIGNED}
    for name, sign in signs.items():
        if sign not in ("+", "-", NOTHING, NONE):
            raise SignsError(f"{where}: {name} is {sign!r}, expected +, -, 0 or ?")
    for name in ("keys", "move", "source", "reason"):
        if not row[name]:
            raise SignsError(f"{where}: {name} is empty, expected text")
    return Expected(row["keys"], row["move"], signs, row["source"], row["reason"])


def expected(signs: Sequence[Expected], path: str, move: str) -> Expected:
    """What a move of a number should do: the row that fits it most closely."""
    fitting = (r for r in signs if fnmatchcase(path, r.keys) and fnmatchcase(move, r.move))
    return max(fitting, key=_closeness, default=UNSTATED)


def _closeness(row: Expected) -> tuple[int, int, int]:
    return row.keys.count("."), len(row.keys), len(row.move)
