"""A batch's variants, one line each."""

from dataclasses import dataclass

from ncpcsim.answers.sustainability import Band, band
from ncpcsim.experiment.precision import estimate
from ncpcsim.measures.catalogue import MEASURES
from ncpcsim.measures.intervals import Interval
from ncpcsim.results.folder import Folder

_COLUMNS = "draw, error, sustained, self_sufficient, judgement, lowest_cash_cents"


@dataclass(frozen=True)
class VariantSummary:
    """One variant.

    Attributes:
        variant: its name.
        runs: good ones.
        failed: numbers of those that ended in an error; they are left out of the rest.
        sustained: with its 95 % interval.
        self_sufficient: likewise.
        dormant: likewise.
        closed: likewise.
        lowest_cash: 5th, 50th and 95th percentile over runs.
        first_error: of the first run that failed.
    """

    variant: str
    runs: int
    failed: tuple[int, ...]
    sustained: Interval
    self_sufficient: Interval
    dormant: Interval
    closed: Interval
    lowest_cash: Band
    first_error: str | None


def summary(folder: Folder) -> list[VariantSummary]:
    """Every variant of a batch, in the manifest's order.

    Raises:
        DamageError: a part is missing or broken.
    """
    table = folder.frame(_COLUMNS)
    lines = []
    for variant, rows in table.groupby("variant", observed=False, sort=False):
        failed = rows[rows["error"].notna()]
        good = rows[rows["error"].isna()]
        lines.append(
            VariantSummary(
                variant=str(variant),
                runs=len(good),
                failed=tuple(failed["replication"].tolist()),
                sustained=estimate(MEASURES["sustained"], good),
                self_sufficient=estimate(MEASURES["self_sufficient"], good),
                dormant=estimate(MEASURES["dormant"], good),
                closed=estimate(MEASURES["closed"], good),
                lowest_cash=band(good["lowest_cash_cents"] / 100),
                first_error=None if failed.empty else failed["error"].iloc[0],
            )
        )
    order = {name: place for place, name in enumerate(folder.variants)}
    return sorted(lines, key=lambda line: order[line.variant])
