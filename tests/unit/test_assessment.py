"""A fit is assessed and reported on, of a centre whose posterior follows by hand.

The centre of `two_parameters` spends 2,400 USD a year on travel in the median, times exp(0.1 z) at
a score z, and 2,700 are printed, rounded to a hundred, in each of three years. So the three say
that z is ln(2,700 / 2,400) / 0.1, each with the spread of rounding, 100 / sqrt(12) USD; the prior
draws it towards 0. Of the premises nothing is fitted: their posterior is their prior.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from ncpcsim.answers import calibration
from ncpcsim.answers.book import CHECKS
from ncpcsim.answers.calibration import Validation, assess
from ncpcsim.answers.found import MOST_PLANS
from ncpcsim.calibrate import recovery, validation
from ncpcsim.calibrate.scores import crps
from ncpcsim.calibrate.study import prepare
from ncpcsim.calibrate.validation import PREDICTIVE_RUNS, Scored, Shift
from ncpcsim.plan.load import load_plan
from ncpcsim.report.calibration import write_report
from tests.calibration import PREMISES, SPREAD, TRAVEL, two_parameters

PRINTED_USD, MEDIAN, PRECISION_USD, YEARS = 2700, 2400, 100, 3
FAR_USD = 9000
"""Printed for premises, of which the model has 600 in the median."""
RECOVERIES, OUTSIDE_RUNS, RUNS, STEPS = 4, 10, 256, 500
BY_MODEL, BY_PRIOR = validation.MODEL, validation.PRIOR
BASELINES = ("last year repeated", "straight line", "mean growth")

SAID = math.log(PRINTED_USD / MEDIAN) / SPREAD
ROUNDING = PRECISION_USD / math.sqrt(12) / PRINTED_USD / SPREAD
"""Of one printed amount, in scores of the prior."""


def posterior(prior_sd: float = 1.0) -> tuple[float, float]:
    """Mean and spread of the travel's score: a normal prior met by three normal readings."""
    known = YEARS / ROUNDING**2
    return SAID * known / (known + prior_sd**-2), (known + prior_sd**-2) ** -0.5


MEAN, SD = posterior()


@dataclass(frozen=True)
class Assessed:
    """The validation, and the progress that was reported: stage, done, and how much there is."""

    found: Validation
    told: list[tuple[str, int, int]]

    def scored(self, case: str) -> dict[str, Scored]:
        return {one.by: one for one in self.found.scores if one.case == case}

    def shift(self, choice: str) -> Shift:
        (shift,) = (one for one in self.found.shifts if one.choice == choice)
        return shift


@pytest.fixture(scope="module")
def assessed() -> Iterator[Assessed]:
    told: list[tuple[str, int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (validation, "PREDICTION_STEPS"),
            (calibration, "PREDICTION_STEPS"),
            (validation, "SENSITIVITY_STEPS"),
            (recovery, "RECOVERY_STEPS"),
        ):
            patch.setattr(module, name, STEPS)
        patch.setattr(calibration, "OUTSIDE_RUNS", OUTSIDE_RUNS)
        problem = two_parameters(PRINTED_USD, FAR_USD)
        study, designs = prepare([problem], runs=RUNS, seed=3, steps=3 * STEPS)
        found = assess(
            study,
            study.posterior(),
            designs,
            recoveries=RECOVERIES,
            outside=load_plan("generic"),
            report=lambda *what: told.append(what),
        )
        yield Assessed(found, told)


@pytest.fixture(scope="module")
def folder(assessed: Assessed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("report") / "in" / "here"
    assert write_report(where, assessed.found) == where / "report.md"
    return where


# What is assessed.


def test_the_posterior_is_that_of_rounded_amounts(assessed: Assessed) -> None:
    scores = assessed.found.posterior.scores
    assert assessed.found.posterior.parameters == (f"ours:{TRAVEL}", f"ours:{PREMISES}")
    assert scores.mean(axis=0) == pytest.approx([MEAN, 0], abs=0.15)
    assert scores[:, 0].mean() == pytest.approx(MEAN, abs=0.3 * SD)
    assert scores.std(axis=0) == pytest.approx([SD, 1], rel=0.15)


def test_every_cell_is_compared_with_runs_at_the_posterior(assessed: Assessed) -> None:
    cells = {cell.target.name: cell for cell in assessed.found.cells}
    assert list(cells) == [
        *("Travel 2000", "Travel 2001", "Travel 2002"),
        *("Premises 2002", "people_reached", "open"),
    ]
    expected = [MEDIAN * math.exp(SPREAD * (MEAN + SD * norm.ppf(p))) for p in (0.05, 0.5, 0.95)]
    for year in (2000, 2001, 2002):
        found = cells[f"Travel {year}"].quantiles
        assert [found[0], found[2], found[4]] == pytest.approx(expected, abs=10)
        assert cells[f"Travel {year}"].inside(0.9)
    premises = [600 * math.exp(SPREAD * norm.ppf(p)) for p in (0.05, 0.25, 0.5, 0.75, 0.95)]
    assert cells["Premises 2002"].quantiles == pytest.approx(premises, rel=0.03)
    assert not cells["Premises 2002"].inside(0.9)
    assert cells["Premises 2002"].rank == 1
    assert cells["people_reached"].quantiles == (0, 0, 0, 0, 0)
    assert cells["open"].quantiles == (1, 1, 1, 1, 1)


def test_known_parameters_are_found_again_to_within_rounding(assessed: Assessed) -> None:
    found = assessed.found.recovery
    assert found.repetitions == RECOVERIES
    assert found.contraction.shape == (RECOVERIES, 2)
    assert (found.contraction[:, 0] > 0.98).all()
    assert abs(found.contraction[:, 1].mean()) < 0.2
    # The three amounts are rounded alike: off by fifty dollars at most, of 1,800 at least.
    truth = np.random.default_rng(assessed.found.study.seed + 1).standard_normal((RECOVERIES, 2))
    off = PRECISION_USD / 2 / 1800 / SPREAD
    assert found.miss[0] <= off / math.sqrt((truth[:, 0] ** 2).mean())
    assert found.miss[1] == pytest.approx(1, abs=0.2)


def test_predictions_are_scored_as_by_hand(assessed: Assessed) -> None:
    two, one = "ours 2000: 2001-2002", "ours 2000-2001: 2002"
    assert list(dict.fromkeys(each.case for each in assessed.found.scores)) == [two, one]
    # Gneiting and Raftery 2007, eq. 5: of a normal at its mean, with the least spread of 500 USD.
    centred = 500 * (2 * norm.pdf(0) - 1 / math.sqrt(math.pi))
    for case, ahead in ((two, (1, 2)), (one, (1,))):
        scored = assessed.scored(case)
        assert list(scored) == [BY_MODEL, BY_PRIOR, *BASELINES]
        assert {each.cells for each in scored.values()} == {len(ahead)}
        for name in BASELINES:
            expected = centred * np.mean([math.sqrt(years) for years in ahead])
            assert scored[name].crps == pytest.approx(expected, rel=0.01)
        quantiles = norm.ppf((np.arange(2000) + 0.5) / 2000)
        prior = crps(MEDIAN * np.exp(SPREAD * quantiles), PRINTED_USD)
        assert scored[BY_PRIOR].crps == pytest.approx(prior, rel=0.1)
        # Known from one year or two, each with the spread of rounding.
        known = ROUNDING / math.sqrt(YEARS - len(ahead)) * SPREAD * PRINTED_USD
        by_model = known * (2 * norm.pdf(0) - 1 / math.sqrt(math.pi))
        assert scored[BY_MODEL].crps == pytest.approx(by_model, rel=0.35)
        assert scored[BY_MODEL].log > max(scored[name].log for name in (BY_PRIOR, *BASELINES))


def test_what_other_choices_move_is_as_by_hand(assessed: Assessed) -> None:
    travel = f"ours:{TRAVEL}"
    assert [one.choice for one in assessed.found.shifts] == [
        "another chain of the same",
        "priors half as wide",
        "priors half as wide again",
        "without ours's Travel",
        "without ours's people_reached",
    ]
    for choice in ("another chain of the same", "without ours's people_reached"):
        assert assessed.shift(choice).mean_shift < 0.3
        assert assessed.shift(choice).sd_ratio == pytest.approx(1, abs=0.15)
    for choice, width in (("priors half as wide", 0.5), ("priors half as wide again", 1.5)):
        spreads = (posterior(width)[1] / SD + width) / 2
        assert assessed.shift(choice).sd_ratio == pytest.approx(spreads, abs=0.15)
    # Without its only line, the travel goes back to its prior.
    without = assessed.shift("without ours's Travel")
    assert without.most == travel
    assert without.most_shift == pytest.approx(-MEAN / SD, rel=0.15)
    assert without.mean_shift == pytest.approx(MEAN / SD / math.sqrt(2), rel=0.15)
    assert without.sd_ratio == pytest.approx((1 / SD + 1) / 2, rel=0.15)


def test_two_ways_to_a_posterior_agree(assessed: Assessed) -> None:
    assert list(assessed.found.opinions) == ["ours"]
    travel, premises = assessed.found.opinions["ours"]
    assert (travel[0], premises[0]) == assessed.found.posterior.parameters
    assert travel[1] == pytest.approx(MEAN, abs=0.5 * SD)
    assert travel[2] == pytest.approx(SD, rel=0.25)
    # ABC takes the amounts as exact: the model has no randomness here.
    assert travel[3] == pytest.approx(SAID, abs=0.02)
    assert travel[4] < 0.05
    for mean, spread in (premises[1:3], premises[3:5]):
        assert mean == pytest.approx(0, abs=0.4)
        assert spread == pytest.approx(1, abs=0.25)


def test_the_book_is_asked_where_a_plan_is_given(assessed: Assessed) -> None:
    names = [row.name for row in assessed.found.outside]
    assert len(names) > 10
    assert names == [check.name for check in CHECKS if check.name in names]


def test_each_stage_tells_all_it_has_to_do_and_what_it_took(assessed: Assessed) -> None:
    took = {stage: runs for stage, (runs, _) in assessed.found.took.items()}
    assert took == {
        "recovery": RECOVERIES,
        "fit": PREDICTIVE_RUNS,
        "prediction": 2 * PREDICTIVE_RUNS * 2,
        "sensitivity": 0,
        "check by ABC": 0,
        "outside checks": MOST_PLANS * OUTSIDE_RUNS,
    }
    assert all(seconds > 0 for _, seconds in assessed.found.took.values())
    assert list(dict.fromkeys(stage for stage, _, _ in assessed.told)) == list(took)
    for stage in took:
        steps = [(done, whole) for name, done, whole in assessed.told if name == stage]
        assert steps[0][0] == 0
        assert {sum(done for done, _ in steps)} == {whole for _, whole in steps}


# What is reported.


def table(text: str, heading: str) -> list[list[str]]:
    """The rows of the table in a report that has such a first column, its head left out."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    return (folder / "report.md").read_text(encoding="utf-8")


def test_the_report_has_each_section_once_and_its_pictures(text: str, folder: Path) -> None:
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Calibration on the accounts of ours",
        "## 1. Can it learn at all?",
        "## 2. Does the fitted model agree with the printed cells?",
        "## 3. Does it predict what it has not seen?",
        "## 4. What is learned, and what is not?",
        "## 5. What if we had chosen otherwise?",
        "## 6. Does it agree with what no fit has seen?",
        "## 7. A check by ABC",
        "## What it took",
    ]
    for picture in ("fit_ours.png", "learned.png", "prediction.png"):
        assert f"({picture})" in text
        assert (folder / picture).read_bytes().startswith(b"\x89PNG")
    assert "seed 3, 256 runs of each centre's design; 2 parameters, 4 printed cells; " in text


def test_the_report_states_how_the_cells_agree(text: str) -> None:
    rows = table(text, "cells")
    assert rows[0] == ["expected", "", "50 %", "90 %"]
    # Three amounts in a band as wide as their rounding, and a count of nothing.
    assert rows[1] == ["fitted", "4", "100%", "100%"]
    assert rows[2] == ["not fitted", "2", "50%", "50%"]
    ((cell, printed, low, middle, high, why),) = table(text, "cell")
    assert (cell, printed, why) == ("ours: Premises 2002", "9,000", "given")
    assert [int(low), int(middle), int(high)] == pytest.approx([509, 600, 707], rel=0.03)


def test_the_report_states_what_is_learned(text: str) -> None:
    assert "1 of 2 parameters are learned in part; 1 stay where their priors put them" in text
    travel, premises = table(text, "parameter | prior")
    low, high = (200 * math.exp(SPREAD * norm.ppf(p)) for p in (0.05, 0.95))
    assert travel[:2] == [f"`ours:{TRAVEL}`", f"{low:.3g} to {high:.3g}"]
    assert travel[2].startswith("225 (")
    assert travel[3] == "100%"
    assert (premises[0], premises[3]) == (f"`ours:{PREMISES}`", "prior-driven")
    ((one, other, correlation),) = table(text, "one")
    assert {one, other} == {travel[0], premises[0]}
    assert abs(float(correlation)) < 0.2


def test_the_report_marks_the_best_prediction(text: str) -> None:
    rows = table(text, "fitted: predicted")
    assert len(rows) == 10
    for _, by, _, score, log in rows:
        assert (score.startswith("**"), log.startswith("**")) == 2 * (by == BY_MODEL,)
    assert [row[3] for row in rows if row[1] == "straight line"] == ["141", "117"]


def test_the_report_shows_of_abc_what_moves_or_narrows(text: str) -> None:
    opinion = table(text, "parameter | emulator: mean")
    assert [row[0] for row in opinion] == [f"`ours:{TRAVEL}`"]
    assert opinion[0][1::2] == ["+1.18", "+1.18"]


def test_the_report_leaves_out_of_abc_what_neither_moves_nor_narrows(
    tmp_path: Path, assessed: Assessed
) -> None:
    rows = {
        "as its prior": (0.4, 0.7, -0.4, 1.2),
        "moved by the emulator": (-0.6, 1.0, 0.0, 1.0),
        "moved by ABC": (0.0, 1.0, 0.6, 1.0),
        "narrowed by the emulator": (0.0, 0.6, 0.0, 1.0),
        "narrowed by ABC": (0.0, 1.0, 0.0, 0.6),
    }
    opinions = {"ours": [(name, *numbers) for name, numbers in rows.items()]}
    text = write_report(tmp_path, replace(assessed.found, opinions=opinions)).read_text("utf-8")
    shown = [row[0].strip("`") for row in table(text, "parameter | emulator: mean")]
    assert shown == list(rows)[1:]


def test_the_report_states_choices_checks_and_stages(text: str, assessed: Assessed) -> None:
    assert [row[0] for row in table(text, "choice")] == [s.choice for s in assessed.found.shifts]
    rows = table(text, "compared with the book")
    assert [row[0] for row in rows] == [row.check.claim for row in assessed.found.outside]
    assert [row[4] == "yes" for row in rows] == [row.holds for row in assessed.found.outside]
    assert [row[:2] for row in table(text, "stage")] == [
        *(["recovery", "4"], ["fit", "512"], ["prediction", "2,048"], ["sensitivity", "0"]),
        *(["check by ABC", "0"], ["outside checks", str(MOST_PLANS * OUTSIDE_RUNS)]),
    ]
    held = [row[1] for row in table(text, "interval")]
    found = assessed.found.recovery.inside
    assert held == [f"{100 * found[level].mean():.1f}%" for level in (0, 1)]


def test_the_tables_hold_what_the_report_is_made_of(folder: Path, assessed: Assessed) -> None:
    tables = {}
    for name in ("cells", "parameters", "scores", "sensitivity"):
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            tables[name] = list(csv.DictReader(file))
    cells = {row["cell"]: row for row in tables["cells"]}
    assert cells["Premises 2002"]["why_not"] == "given"
    assert (cells["Travel 2000"]["inside_90"], cells["Premises 2002"]["inside_90"]) == (
        *("True", "False"),
    )
    assert float(cells["Premises 2002"]["printed"]) == FAR_USD
    driven = {row["name"]: row["prior_driven"] for row in tables["parameters"]}
    assert driven == {f"ours:{TRAVEL}": "False", f"ours:{PREMISES}": "True"}
    assert [float(row["crps"]) for row in tables["scores"]] == pytest.approx(
        [one.crps for one in assessed.found.scores], abs=1e-6
    )
    assert [row["choice"] for row in tables["sensitivity"]] == [
        one.choice for one in assessed.found.shifts
    ]


def test_a_report_without_cells_outside_their_band_says_so(
    tmp_path: Path, assessed: Assessed
) -> None:
    inside = [cell for cell in assessed.found.cells if cell.inside(0.9)]
    file = write_report(tmp_path, replace(assessed.found, cells=inside, outside=[]))
    text = file.read_text(encoding="utf-8")
    assert "\nNone lies outside the 90 % band.\n" in text
    assert "Outside the 90 % band:" not in text
    assert table(text, "compared with the book") == []
