"""The lists of docs/audit.md: `python docs/audit.py FILE...`, files of `ncpcsim sensitivity --out`.

Writes what the audits of plans found between the marks of the document.
"""

import csv
import json
import sys
from fnmatch import fnmatchcase
from pathlib import Path

from ncpcsim.answers.audit import FAMILIES, Finding, from_dict, judged
from ncpcsim.answers.signs import expected, load_signs

DOCUMENT = Path(__file__).with_name("audit.md")
BEGIN, END = "<!-- found: written by docs/audit.py -->", "<!-- end of found -->"
CAUSES = Path(__file__).parents[1] / "calibration" / "causes.csv"
"""What in the model makes numbers move the wrong way, or nothing: the first row that fits."""
IN_POINTS = ("sustained", "open", "mission")


def main() -> None:
    """Write the lists of the files that are named."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    lists = "\n\n".join(section(Path(name)) for name in sys.argv[1:])
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{lists}\n\n{END}{after}", encoding="utf-8")


def section(file: Path) -> str:
    """What one audit found."""
    first, *lines = file.read_text(encoding="utf-8").splitlines()
    about = json.loads(first)
    found = judged([from_dict(json.loads(line)) for line in lines], load_signs())
    wrong = [row for each in found for row in contradictions(each)]
    inert = [each for each in found if each.effect.moves_nothing]
    # Totals are of every move; a list has a number once.
    survival = [each.verdict("survival") for each in found if each.effect.gaps]
    counts = ", ".join(
        f"{survival.count(v)} {v}" for v in ("agrees", "contradicts", "cannot tell", "no claim")
    )
    summary = (
        f"{len(found):,} moves, {about['runs']:,} pairs of runs each, seed {about['seed']}, "
        f"parameters {about['parameters']}, model {about['model']}. On survival: {counts}. "
        f"Not allowed by the plan: {sum(bool(each.effect.refused) for each in found)}."
    )
    return "\n".join(
        [
            f"### `{about['plan']}`",
            "",
            summary,
            "",
            "| the wrong way | move | difference | stated | source | cause |",
            "|---|---|---|---|---|---|",
            *wrong,
            "",
            "| moves no amount and no count | moves | why |",
            "|---|---|---|",
            *grouped(inert),
            "",
            "| moves only other amounts or counts | moves | stated |",
            "|---|---|---|",
            *grouped([each for each in found if is_elsewhere(each)]),
        ]
    )


def contradictions(each: Finding) -> list[str]:
    """A row for each measure that moves the wrong way."""
    rows = []
    for name, verdict in each.verdicts.items():
        if verdict == "contradicts":
            times = 100 if name in IN_POINTS else 1
            mean, half = each.intervals[name].estimate, each.intervals[name].half_width
            signs = each.expected.signs
            stated = signs["survival" if name in FAMILIES["survival"] else name]
            difference = f"{name} {times * mean:+,.1f} ± {times * half:,.1f}"
            cells = (f"`{each.effect.path}`", each.effect.move, difference, stated)
            rows.append(
                f"| {' | '.join(cells)} | {each.expected.source} | {cause(cells[0][1:-1])} |"
            )
    return rows


def cause(path: str) -> str:
    """What in the model brings it about, as far as known."""
    with CAUSES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return next((row["cause"] for row in rows if fnmatchcase(path, row["keys"])), "")


def is_elsewhere(each: Finding) -> bool:
    """Whether books differ, and no measure does."""
    gaps = each.effect.gaps
    return bool(gaps) and not each.effect.same_books and all(g.is_none for g in gaps.values())


def grouped(found: list[Finding]) -> list[str]:
    """A row for each number, with its moves."""
    moves: dict[str, list[str]] = {}
    for each in found:
        moves.setdefault(each.effect.path, []).append(each.effect.move)
    rows = []
    for path, names in moves.items():
        row = expected(load_signs(), path, names[0])
        claimed = [f"{what} {sign}" for what, sign in row.signs.items() if sign not in "?0"]
        why = f"{row.source}: {row.reason}"
        told = f"**not expected** ({', '.join(claimed)}; {why})" if claimed else why
        told += f"; cause: {cause(path)}" if cause(path) else ""
        rows.append(f"| `{path}` | {', '.join(names)} | {told} |")
    return rows


if __name__ == "__main__":
    main()
