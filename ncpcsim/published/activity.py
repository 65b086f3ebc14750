"""Published counts of what centres did (003, Figure 5)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from ncpcsim.data import data_folder


@dataclass(frozen=True)
class Count:
    """One count: what was counted, in its own words, and how many."""

    indicator: str
    unit: str
    value: int


def load_activity(country: str) -> Iterator[Count]:
    """The counts of a country's centre, in the order of the figure."""
    file = data_folder("calibration") / "activity.csv"
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["country"] == country:
                yield Count(row["indicator"], row["unit"], int(row["value"]))
