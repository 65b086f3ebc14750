"""What the pictures show: the numbers that are drawn, each of its own account, ratio or source."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.text import Text

from ncpcsim.accounting.ledger import INCOME, account_names
from ncpcsim.measures.coverage import COVERAGES
from ncpcsim.plan.load import load_plan
from ncpcsim.report.pictures import (
    BLUE,
    GREEN,
    RED,
    SOURCES,
    cash_picture,
    coverage_picture,
    income_picture,
)
from ncpcsim.results.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NUMBERS = load_plan("hungary").numbers
"""Seven years from January 1997."""
YEARS, MONTHS = range(1997, 2004), 84
NAMES = account_names(NUMBERS.services)
LEVELS = {"p05": -2.0, "p25": -1.0, "p50": 0.0, "p75": 1.0, "p95": 2.0}


def axes_of(figure: "Figure") -> "Axes":
    (axes,) = figure.axes
    return axes


def monthly() -> pd.DataFrame:
    """Balances and flows that differ between accounts, months and percentiles."""
    rows: list[dict[str, Any]] = []
    for number, name in enumerate(NAMES):
        for month in range(MONTHS):
            middle = 1000.0 * number + 10 * month
            about = {"account": name, "month": month, "year": 1997 + month // 12}
            balances = {f"balance_{q}": middle + step for q, step in LEVELS.items()}
            rows.append({**about, **balances, "net_mean": -float(number)})
    return pd.DataFrame(rows)


def test_cash_is_drawn_and_nothing_else() -> None:
    axes = axes_of(cash_picture(NUMBERS, monthly(), 7))
    expected = [(1000 * NAMES.index("cash") + 10 * month) / 1000 for month in range(MONTHS)]
    (median,) = [line for line in axes.get_lines() if line.get_label() == "median"]
    assert np.asarray(median.get_ydata()).tolist() == pytest.approx(expected)
    # At the ends of the months: the first on the first of February 1997.
    time = [1997 + (month + 1) / 12 for month in range(MONTHS)]
    assert np.asarray(median.get_xdata()).tolist() == pytest.approx(time)


@pytest.mark.parametrize(("label", "step"), [("9 of 10 runs", 2), ("half of the runs", 1)])
def test_bands_lie_around_the_median(label: str, step: int) -> None:
    axes = axes_of(cash_picture(NUMBERS, monthly(), 7))
    (band,) = [
        each
        for each in axes.collections
        if isinstance(each, PolyCollection) and each.get_label() == label
    ]
    corners = np.asarray(band.get_paths()[0].vertices)
    first = 1000 * NAMES.index("cash")
    assert np.min(corners[:, 1]) == pytest.approx((first - step) / 1000)
    assert np.max(corners[:, 1]) == pytest.approx((first + 10 * (MONTHS - 1) + step) / 1000)


def test_the_credit_line_is_the_plans() -> None:
    axes = axes_of(cash_picture(NUMBERS, monthly(), 7))
    (line,) = [line for line in axes.get_lines() if line.get_label() == "credit line"]
    credit = -NUMBERS.liquidity.credit_line / 1000
    assert np.asarray(line.get_ydata()).tolist() == [credit, credit]


def runs_of(ratios: dict[str, float], runs: int = 21) -> Table:
    """Runs whose coverage is spread evenly around a ratio, a tenth a year higher."""
    spread = np.linspace(-0.2, 0.2, runs)
    columns = {
        f"coverage.{name}.{year}": ratio + 0.1 * (year - YEARS[0]) + spread
        for name, ratio in ratios.items()
        for year in YEARS
    }
    return Table(np.arange(runs), np.arange(runs), {}, columns)


def test_each_ratio_has_its_own_line_and_bars() -> None:
    ratios = dict(zip(COVERAGES, (0.3, 0.5, 0.9), strict=True))
    axes = axes_of(coverage_picture(NUMBERS, runs_of(ratios)))
    drawn = {line.get_color(): line for line in axes.get_lines() if line.get_marker() == "o"}
    for name, colour in zip(COVERAGES, (BLUE, GREEN, RED), strict=True):
        expected = [100 * (ratios[name] + 0.1 * i) for i in range(len(YEARS))]
        assert np.asarray(drawn[colour].get_ydata()).tolist() == pytest.approx(expected)
    bars = [each for each in axes.collections if isinstance(each, LineCollection)]
    segments = [np.asarray(segment) for each in bars for segment in each.get_segments()]
    heights = sorted({round(float(np.ptp(segment[:, 1])), 6) for segment in segments})
    assert heights == pytest.approx([36.0])  # from the 5th to the 95th percentile of 40 points


def test_income_is_stacked_by_source_and_year() -> None:
    table = monthly()
    total = pd.DataFrame(
        {
            "layout": "hungary",
            "line": "Revenues",
            "year": list(YEARS),
            "p05": 1000.0,
            "p95": 9_000_000.0,
        }
    )
    axes = axes_of(income_picture(NUMBERS, table, total, 7))
    for label, (begins, _) in SOURCES.items():
        numbers = [n for n, name in enumerate(NAMES) if name.startswith(begins)]
        expected = 12 * sum(numbers) / 1000
        containers = [c for c in axes.containers if c.get_label() == label]
        assert len(containers) == 1, label
        heights = [patch.get_height() for patch in containers[0]]
        assert heights == pytest.approx([expected] * len(YEARS)), label
    assert "total, 5th to 95th percentile" in axes.get_legend_handles_labels()[1]


def test_each_source_of_income_is_in_one_bar() -> None:
    names = account_names(["assessment", "training"])
    income = [names[account] for account in INCOME] + ["fees_assessment", "fees_training"]
    for name in names:
        bars = [label for label, (begins, _) in SOURCES.items() if name.startswith(begins)]
        assert len(bars) == (name in income), name


def test_bars_differ_in_colour() -> None:
    assert len({colour for _, colour in SOURCES.values()}) == len(SOURCES)


@pytest.mark.parametrize("title", ["Our centre", " ".join(6 * ["Institute of Technology"])])
def test_a_title_stays_within_the_picture(title: str) -> None:
    figure = cash_picture(NUMBERS.model_copy(update={"title": title}), monthly(), 7)
    figure.canvas.draw()
    axes = axes_of(figure)
    titles = [each for each in axes.get_children() if isinstance(each, Text) and each.get_text()]
    (shown,) = [each for each in titles if each.get_text().startswith(title[:10])]
    assert " ".join(shown.get_text().split()) == f"{title.strip()}: cash at month end"
    assert shown.get_window_extent().x1 <= figure.bbox.x1


def test_thousands_are_set_apart_on_the_axis_of_amounts() -> None:
    axes = axes_of(cash_picture(NUMBERS, monthly(), 7))
    assert axes.yaxis.get_major_formatter()(80_000) == "80,000"
    assert axes.yaxis.get_major_formatter()(0.5) == "0.5"
