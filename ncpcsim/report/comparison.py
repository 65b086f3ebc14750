"""The picture of a comparison: each plan's paired difference from the base."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ncpcsim.answers.comparison import Difference
from ncpcsim.measures.catalogue import Measure
from ncpcsim.report.pictures import BLUE, GREY, ORANGE

_SCALES = {
    "share": (100.0, "percentage points"),
    "ratio": (100.0, "percentage points"),
}
_MOST_ROWS = 60


def draw_comparison(file: Path, differences: Sequence[Difference], currency: str) -> None:
    """Draw paired differences, one panel a measure and one row a plan.

    The dot is the mean with its 95 % interval; the thin bar spans nine of ten runs, where runs can
    lie apart.

    Args:
        file: the picture's place.
        differences: as `compare` gives them.
        currency: the plans'.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(d.name for d in differences))[:_MOST_ROWS]
    measures = list(dict.fromkeys(d.measure for d in differences))
    height = 1.7 + 0.42 * len(names)
    figure = Figure(figsize=(2.4 + 3.1 * len(measures), height), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
    for axes, measure in zip(panels, measures, strict=True):
        scale, unit = _scale(measure, currency)
        rows = {d.name: d for d in differences if d.measure == measure}
        for y, name in enumerate(names):
            d = rows[name]
            if not measure.is_share:
                axes.plot(
                    [scale * d.p05, scale * d.p95], [y, y], color=GREY, linewidth=1.2, alpha=0.8
                )
            low, high = d.mean.estimate - d.mean.low, d.mean.high - d.mean.estimate
            bars = np.clip([[scale * low], [scale * high]], 0, None)
            axes.errorbar(
                scale * d.mean.estimate, y, xerr=bars, fmt="o", color=BLUE, capsize=3, linewidth=2.2
            )
        axes.axvline(0, color=ORANGE, linewidth=1.2)
        axes.set_title(measure.label.capitalize(), fontsize=10, loc="left")
        axes.set_xlabel(unit, fontsize=9)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.grid(axis="x", color="#dddddd", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", length=0)
    panels[0].set_yticks(range(len(names)), names, parse_math=False)
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    base, pairs = differences[0].base, max(d.pairs for d in differences)
    figure.suptitle(
        f"Difference from {base}, run by run with common random numbers",
        x=0.01,
        ha="left",
        fontsize=12,
        fontweight="bold",
        parse_math=False,
    )
    figure.supxlabel(
        f"{pairs} pairs of runs; dot: mean with its 95 % interval; thin line: nine of ten runs",
        fontsize=8,
        color=GREY,
        x=0.01,
        ha="left",
    )
    figure.savefig(file, format="png")


def _scale(measure: Measure, currency: str) -> tuple[float, str]:
    """What a measure is multiplied by on its axis, and what that is then in."""
    if measure.is_money:
        return 0.001, f"thousand {currency}"
    return _SCALES.get(measure.unit, (1.0, measure.unit_in(currency)))
