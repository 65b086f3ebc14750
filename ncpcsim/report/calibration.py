"""The report of a calibration: tables in Markdown and CSV, and pictures."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ncpcsim.answers.calibration import Opinion, Validation
from ncpcsim.answers.check import Row
from ncpcsim.calibrate.posterior import Lesson, learned
from ncpcsim.calibrate.recovery import LEVELS, Recovery
from ncpcsim.calibrate.validation import CellFit, Scored, Shift, correlations
from ncpcsim.report.pictures import BLUE, GREY, ORANGE, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def write_report(folder: Path, validation: Validation) -> Path:
    """Write `report.md`, its pictures and its tables into a folder; the report's place."""
    folder.mkdir(parents=True, exist_ok=True)
    found = learned(validation.posterior)
    for problem in validation.study.problems:
        mine = [cell for cell in validation.cells if cell.centre == problem.centre]
        _draw_cells(
            folder / f"fit_{problem.centre}.png", problem.centre, mine, problem.plan.currency
        )
    _draw_learned(folder / "learned.png", found)
    _draw_scores(folder / "prediction.png", validation.scores, validation.currency)
    _write_csv(folder, validation, found)
    file = folder / "report.md"
    file.write_text("\n".join(_text(validation, found)) + "\n", encoding="utf-8")
    return file


# Text.


def _text(validation: Validation, found: Sequence[Lesson]) -> Iterable[str]:
    study = validation.study
    names = " and ".join(problem.centre for problem in study.problems)
    yield f"# Calibration on the accounts of {names}\n"
    yield (
        f"Written by `ncpcsim calibrate --report`, seed {study.seed}, {study.runs:,} runs of each "
        f"centre's design; {len(study.parameters)} parameters, "
        f"{sum(int(p.fitted.sum()) for p in study.problems)} printed cells; "
        f"{validation.posterior.effective:,.0f} effective draws, "
        f"{validation.posterior.acceptance:.0%} of proposals accepted.\n"
    )
    yield from _recovery(validation.recovery)
    yield from _cells(validation)
    yield from _scores(validation.scores, validation.currency)
    yield from _identifiability(validation, found)
    yield from _sensitivity(validation.shifts)
    yield from _outside(validation.outside)
    yield from _opinions(validation.opinions)
    yield "\n## What it took\n"
    yield from _table(
        ("stage", "simulator runs", "minutes"),
        [(stage, f"{runs:,}", f"{s / 60:.1f}") for stage, (runs, s) in validation.took.items()],
    )


def _recovery(recovery: Recovery) -> Iterable[str]:
    yield "## 1. Can it learn at all?\n"
    yield (
        f"{recovery.repetitions} times, parameters were drawn from their priors, the simulator "
        "made accounts of them, these were rounded as in print, made wrong where print contradicts "
        "itself, and fitted. An interval should "
        "hold the truth as often as it says.\n"
    )
    rows = []
    for index, level in enumerate(LEVELS):
        share, error = recovery.coverage(index)
        rows.append((f"{level:.0%}", f"{share:.1%}", f"{1.96 * error:.1%}"))
    yield from _table(("interval", "held the truth", "95 % margin"), rows)
    mean = recovery.contraction.mean(axis=0)
    order = np.argsort(-mean)[:12]
    yield "\nThe parameters that such accounts teach most of:\n"
    yield from _table(
        ("parameter", "part of the prior's variance that goes", "error left, of the prior's"),
        [
            (f"`{recovery.parameters[i]}`", f"{mean[i]:.0%}", f"{recovery.miss[i]:.0%}")
            for i in order
        ],
    )


def _cells(validation: Validation) -> Iterable[str]:
    yield "\n## 2. Does the fitted model agree with the printed cells?\n"
    rows = []
    for name, chosen in (
        ("fitted", [c for c in validation.cells if c.target.fitted and c.target.otherwise is None]),
        (
            "fitted, of which other cells say something else",
            [c for c in validation.cells if c.target.fitted and c.target.otherwise is not None],
        ),
        ("not fitted", [c for c in validation.cells if not c.target.fitted]),
    ):
        if chosen:
            inside = [np.mean([c.inside(level) for c in chosen]) for level in LEVELS]
            rows.append((name, str(len(chosen)), *(f"{share:.0%}" for share in inside)))
    yield from _table(
        ("cells", "number", "inside the 50 % band", "inside the 90 % band"),
        [("expected", "", "50 %", "90 %"), *rows],
    )
    outside = [c for c in validation.cells if not c.inside(LEVELS[1])]
    yield "\nOutside the 90 % band:\n" if outside else "\nNone lies outside the 90 % band.\n"
    if outside:
        yield from _table(
            ("cell", "printed", "5 %", "50 %", "95 %", ""),
            [
                (
                    f"{c.centre}: {c.target.name}",
                    f"{c.target.published:,.0f}",
                    *(f"{c.quantiles[i]:,.0f}" for i in (0, 2, 4)),
                    c.target.why or "fitted",
                )
                for c in outside
            ],
        )
    yield ""
    for problem in validation.study.problems:
        yield f"![{problem.centre}: printed and modelled](fit_{problem.centre}.png)"


def _scores(scores: Sequence[Scored], currency: str) -> Iterable[str]:
    yield "\n## 3. Does it predict what it has not seen?\n"
    yield (
        f"Mean continuous ranked probability score in {currency} (less is better) and mean "
        "logarithmic score (more is better) of the lines of fees and costs; the best of each in "
        "bold. Of a centre never seen, no baseline can predict anything.\n"
    )
    rows = []
    for case in dict.fromkeys(one.case for one in scores):
        mine = [one for one in scores if one.case == case]
        best_crps, best_log = min(o.crps for o in mine), max(o.log for o in mine)
        rows += [
            (
                case,
                one.by,
                str(one.cells),
                _bold(f"{one.crps:,.0f}", best=one.crps == best_crps),
                _bold(f"{one.log:.2f}", best=one.log == best_log),
            )
            for one in mine
        ]
    yield from _table(("fitted: predicted", "by", "cells", f"CRPS, {currency}", "log score"), rows)
    yield "\n![scores of predictions](prediction.png)"


def _bold(text: str, *, best: bool) -> str:
    return f"**{text}**" if best else text


def _identifiability(validation: Validation, found: Sequence[Lesson]) -> Iterable[str]:
    yield "\n## 4. What is learned, and what is not?\n"
    driven = [one for one in found if one.prior_driven]
    yield (
        f"{len(found) - len(driven)} of {len(found)} parameters are learned in part; "
        f"{len(driven)} stay where their priors put them (less than a tenth of the variance goes, "
        "and the mean moves by less than a third of the standard deviation) and are marked "
        "`prior_driven` in the plans. In the parameters' own units, 5th to 95th percentile:\n"
    )
    rows = [
        (
            f"`{one.name}`",
            f"{one.prior_low:.3g} to {one.prior_high:.3g}",
            f"{one.median:.3g} ({one.low:.3g} to {one.high:.3g})",
            "prior-driven" if one.prior_driven else f"{one.contraction:.0%}",
        )
        for one in sorted(found, key=lambda one: -one.contraction)
    ]
    yield from _table(("parameter", "prior", "posterior", "variance gone"), rows)
    yield "\n![prior and posterior](learned.png)\n\nThose that only move together:\n"
    yield from _table(
        ("one", "other", "correlation"),
        [(f"`{a}`", f"`{b}`", f"{r:+.2f}") for a, b, r in correlations(validation.posterior)],
    )


def _sensitivity(shifts: Sequence[Shift]) -> Iterable[str]:
    yield "\n## 5. What if we had chosen otherwise?\n"
    yield (
        "Shift of the posterior's means, in posterior standard deviations: root mean square over "
        "all parameters, and of the one that moves most. The first row is another chain of the "
        "same fit: shifts of its size are the sampler's noise.\n"
    )
    yield from _table(
        ("choice", "shift", "moves most", "by", "spreads"),
        [
            (
                one.choice,
                f"{one.mean_shift:.2f}",
                f"`{one.most}`",
                f"{one.most_shift:+.1f}",
                f"{one.sd_ratio:.2f}",
            )
            for one in shifts
        ],
    )


def _outside(rows: Sequence[Row]) -> Iterable[str]:
    yield "\n## 6. Does it agree with what no fit has seen?\n"
    yield "`ncpcsim check generic`, its shared parameters from this posterior:\n"
    yield from _table(
        ("compared with the book", "unit", "reported", "found", "agrees"),
        [
            (
                row.check.claim,
                row.check.unit,
                f"{row.low:,.3g} to {row.high:,.3g}",
                f"{row.found.estimate:,.3g} ({row.found.low:,.3g} to {row.found.high:,.3g})",
                "yes" if row.holds else "NO",
            )
            for row in rows
        ],
    )


def _opinions(opinions: dict[str, list[Opinion]]) -> Iterable[str]:
    yield "\n## 7. A check by ABC\n"
    yield (
        "Each centre by itself: the emulator's posterior and that of approximate Bayesian "
        "computation (ABC) on the same runs, in standard normal scores of the priors. Shown are "
        "the parameters that either moves by half a standard deviation or narrows by a third.\n"
    )
    for centre, rows in opinions.items():
        shown = [r for r in rows if max(abs(r[1]), abs(r[3])) > 0.5 or min(r[2], r[4]) < 2 / 3]
        yield f"\n{centre}:\n"
        yield from _table(
            ("parameter", "emulator: mean", "spread", "ABC: mean", "spread"),
            [
                (f"`{n}`", f"{a:+.2f}", f"{b:.2f}", f"{c:+.2f}", f"{d:.2f}")
                for n, a, b, c, d in shown
            ],
        )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


# Pictures.


def _draw_cells(file: Path, centre: str, cells: Sequence[CellFit], currency: str) -> None:
    """Each line over the years: printed dots on the model's 50 and 90 % bands; counts by name."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    lines = list(dict.fromkeys(c.target.line for c in cells if c.target.year and c.target.fitted))
    counts = [c for c in cells if c.target.year is None and c.target.fitted]
    panels = len(lines) + bool(counts)
    columns = 4
    rows = -(-panels // columns)
    figure = Figure(figsize=(13, 2.9 * rows + 0.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(
        f"{centre.capitalize()}: printed (dots) and modelled (50 and 90 % bands)", fontsize=12
    )
    all_axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, line in zip(all_axes, lines, strict=False):
        mine = [c for c in cells if c.target.line == line and c.target.year]
        for c in mine:
            _band(axes, float(c.target.year or 0), c, 1e-3)
        axes.set_title(line, fontsize=9, loc="left")
        years = [c.target.year or 0 for c in mine]
        axes.set_xticks(years)
        axes.set_xlim(min(years) - 0.6, max(years) + 0.6)
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
        axes.set_ylabel(f"thousand {currency}", fontsize=8)
    if counts:
        axes = all_axes[len(lines)]
        for place, c in enumerate(counts):
            _band(axes, float(place), c, 1.0)
        axes.set_yscale("symlog", linthresh=10)
        axes.set_ylim(bottom=0)
        names = [c.target.name.replace("_", " ") for c in counts]
        axes.set_xticks(range(len(counts)), names, rotation=40, ha="right", fontsize=7)
        axes.set_title("Activity, all years", fontsize=9, loc="left")
        axes.set_ylabel("number", fontsize=8)
    for axes in all_axes[panels:]:
        axes.set_visible(False)
    for axes in all_axes[:panels]:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(axis="y", labelsize=8)
    figure.savefig(file)


def _band(axes: "Axes", x: float, cell: CellFit, scale: float) -> None:
    low, q1, middle, q3, high = (scale * q for q in cell.quantiles)
    axes.plot([x, x], [low, high], color=BLUE, alpha=0.35, linewidth=7, solid_capstyle="butt")
    axes.plot([x, x], [q1, q3], color=BLUE, alpha=0.8, linewidth=7, solid_capstyle="butt")
    axes.plot([x - 0.12, x + 0.12], [middle, middle], color="white", linewidth=1.2)
    colour = ORANGE if cell.inside(LEVELS[1]) else RED
    axes.plot(x, scale * cell.target.published, "o", color=colour, markeredgecolor="black")


def _draw_learned(file: Path, found: Sequence[Lesson]) -> None:
    """Posterior means and 90 % intervals in scores of the priors, the best learned first."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    order = sorted(found, key=lambda one: one.contraction)
    figure = Figure(figsize=(9, 1.2 + 0.17 * len(order)), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.axvspan(-1.645, 1.645, color="#eeeeee", zorder=0)
    for y, one in enumerate(order):
        colour = GREY if one.prior_driven else BLUE
        axes.plot(
            [one.mean - 1.645 * one.sd, one.mean + 1.645 * one.sd], [y, y], color=colour, lw=2
        )
        axes.plot(one.mean, y, "o", color=colour, markersize=4)
    axes.set_yticks(range(len(order)), [one.name for one in order], fontsize=6)
    axes.set_ylim(-1, len(order))
    axes.axvline(0, color=ORANGE, linewidth=1)
    axes.set_xlabel("standard deviations of the prior from its median; shaded: the prior's 90 %")
    axes.set_title("What was learned (grey: hardly anything), 90 % intervals", fontsize=10)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.savefig(file)


def _draw_scores(file: Path, scores: Sequence[Scored], currency: str) -> None:
    """Mean CRPS by case, of the model, its prior and the baselines."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    cases = list(dict.fromkeys(one.case for one in scores))
    colours = dict(
        zip(
            dict.fromkeys(one.by for one in scores),
            (BLUE, "#a6c8e0", ORANGE, "#E8C26A", GREY),
            strict=False,
        )
    )
    figure = Figure(figsize=(9, 1.4 + 0.75 * len(cases)), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for place, case in enumerate(cases):
        mine = [one for one in scores if one.case == case]
        for i, one in enumerate(mine):
            y = place + 0.15 * (i - (len(mine) - 1) / 2)
            label = one.by if one.by not in axes.get_legend_handles_labels()[1] else None
            axes.barh(y, one.crps / 1000, height=0.14, color=colours[one.by], label=label)
    axes.set_yticks(range(len(cases)), cases, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel(f"mean CRPS, thousand {currency} (shorter is better)")
    axes.set_title("Predictions of years and centres left out", fontsize=10, loc="left")
    axes.legend(fontsize=8, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file)


# Tables.


def _write_csv(folder: Path, validation: Validation, found: Sequence[Lesson]) -> None:
    import pandas as pd

    tables = {
        "cells": pd.DataFrame(
            {
                "centre": c.centre,
                "cell": c.target.name,
                "unit": c.target.unit,
                "printed": c.target.published,
                "precision": c.target.precision,
                "otherwise": c.target.otherwise,
                "fitted": c.target.fitted,
                "why_not": c.target.why,
                **dict(zip(("p05", "p25", "p50", "p75", "p95"), c.quantiles, strict=True)),
                "inside_50": c.inside(LEVELS[0]),
                "inside_90": c.inside(LEVELS[1]),
            }
            for c in validation.cells
        ),
        "parameters": pd.DataFrame(
            {**one.__dict__, "contraction": one.contraction, "prior_driven": one.prior_driven}
            for one in found
        ),
        "scores": pd.DataFrame(one.__dict__ for one in validation.scores),
        "sensitivity": pd.DataFrame(one.__dict__ for one in validation.shifts),
    }
    for name, table in tables.items():
        table.round(6).to_csv(folder / f"{name}.csv", index=False)
