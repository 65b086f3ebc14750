"""The three pictures of a batch: cash, coverage, income."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ncpcsim.answers.sustainability import band
from ncpcsim.measures import coverage
from ncpcsim.plan.schema import Numbers
from ncpcsim.results.summaries import Summaries
from ncpcsim.results.table import Table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart by readers with colour-blindness, and in print.
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, RED, YELLOW, GREY = "#56B4E9", "#D55E00", "#F0E442", "#777777"

_COVERAGE_STYLE = {
    "fee": ("fee coverage: fees / own expenditure", BLUE),
    "domestic": ("domestic coverage: fees, public, corporate, host", GREEN),
    "programme_free": ("programme-free coverage: all but the programme", RED),
}
SOURCES = {
    "Programme, earmarked": (("programme_earmarked",), ORANGE),
    "Programme, discretionary": (("programme_discretionary",), YELLOW),
    "Domestic public money": (("domestic_public",), GREEN),
    "Companies": (("corporate_support",), PINK),
    "Host's cash and others": (("host_cash", "other_support", "other_earmarked"), SKY),
    "International projects": (("international_projects",), RED),
    "Fees, membership, newer centres": (("fees_", "membership", "newer_centres"), BLUE),
}
"""The bars of `income.png`, from below: how their accounts begin, and their colour."""
_THOUSAND = 1000
_BEHIND_TEXT = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
_TITLE_CHARACTERS = 75
"""About as many as the picture is wide."""


def draw_pictures(
    folder: Path,
    numbers: Numbers,
    table: Table,
    summaries: Summaries,
) -> None:
    """Draw a batch's pictures into a folder: `cash.png`, `coverage.png`, `income.png`.

    Args:
        folder: where they go.
        numbers: the plan, for its dates and title.
        table: the runs.
        summaries: tables over the first of them.
    """
    runs, monthly = summaries.runs, summaries.monthly
    cash_picture(numbers, monthly, runs).savefig(folder / "cash.png")
    coverage_picture(numbers, table).savefig(folder / "coverage.png")
    income_picture(numbers, monthly, summaries.statements, runs).savefig(folder / "income.png")


def _canvas(title: str, runs: int) -> "tuple[Figure, Axes]":
    # Not pyplot: figures of its own need no display and no closing.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5.2), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(rect=(0, 0.04, 1, 0.96))  # type: ignore[call-arg]  # room for the footnotes
    axes = figure.subplots()
    lines = textwrap.fill(title, _TITLE_CHARACTERS)
    axes.set_title(lines, loc="left", fontsize=12, fontweight="bold", parse_math=False)
    axes.yaxis.set_major_formatter("{x:,.10g}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    _footnote(figure, f"{runs} simulated runs", right=True)
    return figure, axes


def cash_picture(numbers: Numbers, monthly: "pd.DataFrame", runs: int) -> "Figure":
    """Unrestricted cash at each month end: median, half and nine tenths of the runs."""
    figure, axes = _canvas(f"{numbers.title}: cash at month end", runs)
    cash = monthly[monthly["account"] == "cash"]
    time = _decimal_year(numbers, cash["month"].to_numpy() + 1)
    level = {
        q: cash[f"balance_{q}"].to_numpy() / _THOUSAND for q in ("p05", "p25", "p50", "p75", "p95")
    }
    axes.fill_between(
        time, level["p05"], level["p95"], color=BLUE, alpha=0.18, linewidth=0, label="9 of 10 runs"
    )
    axes.fill_between(
        time,
        level["p25"],
        level["p75"],
        color=BLUE,
        alpha=0.32,
        linewidth=0,
        label="half of the runs",
    )
    axes.plot(time, level["p50"], color=BLUE, linewidth=2, label="median")
    axes.axhline(0, color="black", linewidth=0.8)
    credit = -numbers.liquidity.credit_line / _THOUSAND
    axes.axhline(credit, color=RED, linewidth=1, linestyle=":", label="credit line")
    _mark_programme_end(numbers, axes)
    axes.set_ylabel(f"unrestricted cash, thousand {numbers.currency}")
    axes.margins(x=0)
    _year_ticks(numbers, axes)
    axes.legend(loc="upper left", frameon=False, fontsize=9, ncols=2)
    _footnote(figure, "A centre that closed stays at the cash it closed with.")
    return figure


def coverage_picture(numbers: Numbers, table: Table) -> "Figure":
    """The coverage ratios by year: median, 5th and 95th percentile."""
    runs = int(table.finished.sum())
    figure, axes = _canvas(f"{numbers.title}: how much of its expenditure it earns", runs)
    years = np.array(coverage.years(numbers))
    highest = numbers.thresholds.sustained_coverage
    for offset, (name, (label, colour)) in zip(
        (-0.12, 0.0, 0.12), _COVERAGE_STYLE.items(), strict=True
    ):
        bands = [band(table[f"coverage.{name}.{year}"]) for year in years]
        low, middle, high = (100 * np.array(level) for level in zip(*bands, strict=True))
        bars = np.vstack([middle - low, high - middle])
        axes.errorbar(
            years + offset,
            middle,
            yerr=bars,
            fmt="o-",
            color=colour,
            label=label,
            markersize=5,
            linewidth=1.8,
            elinewidth=1.2,
            capsize=3,
        )
        highest = max(highest, float(np.nanmax(high, initial=0)) / 100)
    goal = 100 * numbers.thresholds.sustained_coverage
    axes.axhline(goal, color="black", linewidth=0.8, linestyle="--")
    axes.annotate(
        f"{goal:.0f} %: threshold",
        (years[0] - 0.4, goal),
        xytext=(0, 3),
        textcoords="offset points",
        fontsize=9,
        bbox=_BEHIND_TEXT,
    )
    # Bars stand at the year itself, so the first of January lies half a bar to the left.
    _mark_programme_end(numbers, axes, shift=-0.5)
    axes.set_xticks(years)
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    axes.set_ylim(0, min(110 * highest, 400) + 35)
    axes.set_ylabel("% of own expenditure (median; bars 5th to 95th percentile)")
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    _footnote(
        figure,
        "Each year: runs in which the centre still spent money of its own. "
        "Threshold: of full cost, for a centre to be sustained.",
    )
    return figure


def income_picture(
    numbers: Numbers, monthly: "pd.DataFrame", statements: "pd.DataFrame", runs: int
) -> "Figure":
    """Income by source and year, a mean over the runs, and the spread of the whole."""
    figure, axes = _canvas(f"{numbers.title}: income by source", runs)
    years = np.array(coverage.years(numbers))
    bottom = np.zeros(len(years))
    for label, (accounts, colour) in SOURCES.items():
        chosen = monthly[monthly["account"].str.startswith(accounts)]
        mean = (
            -chosen.groupby("year")["net_mean"].sum().reindex(years, fill_value=0).to_numpy()
            / _THOUSAND
        )
        if mean.any():
            axes.bar(years, mean, 0.7, bottom=bottom, color=colour, label=label)
        bottom += mean
    total = statements[(statements["layout"] == "hungary") & (statements["line"] == "Revenues")]
    low, high = (total[f"{q}"].to_numpy() / _THOUSAND for q in ("p05", "p95"))
    bars = np.clip(np.vstack([bottom - low, high - bottom]), 0, None)
    axes.errorbar(
        years,
        bottom,
        yerr=bars,
        fmt="none",
        ecolor="black",
        elinewidth=1,
        capsize=4,
        label="total, 5th to 95th percentile",
    )
    axes.set_xticks(years)
    axes.set_ylabel(f"thousand {numbers.currency} a year (mean of the runs)")
    axes.set_ylim(0, 1.3 * float(max(high.max(), bottom.max(), 1)))
    axes.legend(loc="upper left", frameon=False, fontsize=9, ncols=2)
    return figure


def _footnote(figure: "Figure", text: str, *, right: bool = False) -> None:
    side = {"x": 0.995, "ha": "right"} if right else {"x": 0.01, "ha": "left"}
    figure.text(y=0.01, s=text, fontsize=8, color=GREY, **side)  # type: ignore[arg-type]


def _decimal_year(
    numbers: Numbers, months: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return numbers.first_day.year + (numbers.first_day.month - 1 + months) / 12


def _year_ticks(numbers: Numbers, axes: "Axes") -> None:
    years = coverage.years(numbers)
    axes.set_xticks([*years, years[-1] + 1])
    axes.set_xlabel("year (ticks at the first of January)")


def _mark_programme_end(numbers: Numbers, axes: "Axes", shift: float = 0.0) -> None:
    if not 0 < numbers.programme_end <= numbers.months:
        return
    months = np.array([numbers.programme_end])
    end = float(_decimal_year(numbers, months)[0]) + shift
    axes.axvline(end, color=ORANGE, linewidth=1.5)
    axes.annotate(
        "programme\nmoney ends",
        (end, 0.98),
        xycoords=("data", "axes fraction"),
        xytext=(5, 0),
        textcoords="offset points",
        va="top",
        fontsize=9,
        bbox=_BEHIND_TEXT,
    )
