"""The catalogue of measures names each once, and every reader has it from there."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from ncpcsim.measures.catalogue import MEASURES, Measure
from ncpcsim.measures.columns import column_types
from ncpcsim.measures.judgement import Judgement
from ncpcsim.plan.load import load_plan

DOCS = Path(__file__).parents[2] / "docs"
EACH = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)


def test_names_labels_and_columns_are_told_apart() -> None:
    for what in ("name", "label"):
        values = [getattr(measure, what) for measure in MEASURES.values()]
        assert len(set(values)) == len(values)
    columns = [(measure.column, measure.equals) for measure in MEASURES.values()]
    assert len(set(columns)) == len(columns)


@EACH
def test_each_stands_in_the_table_of_runs(measure: Measure) -> None:
    assert measure.column in column_types(load_plan("generic").numbers)


@EACH
def test_each_has_a_definition_and_a_formula(measure: Measure) -> None:
    assert measure.definition.endswith(".")
    assert len(measure.formula) > 5
    assert not measure.formula.endswith(".")


def test_values_are_in_the_unit_of_the_measure() -> None:
    table = {
        "lowest_cash_cents": np.array([-12345, 0]),
        "judgement": np.array([Judgement.DORMANT, Judgement.CLOSED]),
        "indicator.reserve_months": np.array([np.nan, 2.5]),
    }
    assert MEASURES["lowest_cash"].values(table).tolist() == [-123.45, 0]
    assert MEASURES["closed"].values(table).tolist() == [0, 1]
    assert MEASURES["reserve_months"].values(table)[1] == 2.5


def test_the_document_is_the_catalogue() -> None:
    text = runpy.run_path(str(DOCS / "measures.py"))["text"]()
    assert (DOCS / "measures.md").read_text(encoding="utf-8") == text
