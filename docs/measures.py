"""The list of docs/measures.md: `python docs/measures.py [--write]`."""

import sys
from pathlib import Path

from ncpcsim.measures.catalogue import (
    COVERAGES,
    FULL_COVERAGES,
    INDICATORS,
    OUTCOMES,
    OUTPUTS,
    Measure,
)

DOCUMENT = Path(__file__).with_name("measures.md")
GROUPS = {
    "Outcomes": OUTCOMES,
    "Coverage of own cost in the last twelve open months": COVERAGES,
    "Coverage of full cost in the last twelve open months": FULL_COVERAGES,
    "Indicators of the last twelve open months, unless stated otherwise": INDICATORS,
    "Outputs of the whole run": OUTPUTS,
}


def main() -> None:
    """Print the document, or write it."""
    if "--write" in sys.argv:
        DOCUMENT.write_text(text(), encoding="utf-8")
    else:
        print(text(), end="")


def text() -> str:
    """The document."""
    lines = [
        "# Measures",
        "",
        "What a run says in one number, made from",
        "[catalogue.py](../ncpcsim/measures/catalogue.py) by `python docs/measures.py --write`.",
        "The name is what `--measure` takes and what `--json` calls it; the column is where it",
        "stands in `runs` ([results.md](results.md); there money is in cents). A *share* is one or",
        "zero in a run; *money* is the plan's currency; *better* says which way a centre is better",
        "off.",
    ]
    for title, measures in GROUPS.items():
        lines += ["", f"## {title}", "", "| name | unit | better | what it is | formula | column |"]
        lines += ["|---|---|---|---|---|---|", *map(_row, measures)]
    return "\n".join(lines) + "\n"


def _row(measure: Measure) -> str:
    cells = (
        f"`{measure.name}`",
        measure.unit,
        measure.better or "-",
        measure.definition,
        measure.formula,
        f"`{measure.column}`",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
