"""`ncpcsim declaration`: what was delivered is reported under its principle and step."""

from typing import get_args

import numpy as np
import pytest
from click.testing import CliRunner

from ncpcsim.answers.declared import declared, steps
from ncpcsim.experiment.posterior import with_parameters
from ncpcsim.experiment.run import run_once
from ncpcsim.measures.declaration import delivered, planned, serving
from ncpcsim.plan.load import load_plan
from ncpcsim.plan.schema.common import Principle
from ncpcsim_cli.main import main
from tests.simulations import failing, put_in_place


def test_every_activity_stands_under_its_principle_with_what_was_done() -> None:
    plan = with_parameters(load_plan("five_steps"))
    found = declared(plan, 2, 5)
    assert tuple(found) == get_args(Principle)
    runs = [delivered(run_once(plan, 5, r)[1], plan.numbers) for r in range(2)]
    names, plans = serving(plan.numbers), planned(plan.numbers)
    under = {(a.service, p): a for p, activities in found.items() for a in activities}
    assert {service for service, _ in under} == set(names)
    for (name, principle), activity in under.items():
        row = names.index(name)
        assert plan.numbers.services[name].principle == principle
        assert activity.mission == plan.numbers.services[name].mission
        assert np.array_equal(activity.done, [run[row] for run in runs])
        assert np.array_equal(activity.planned, plans[row])
    done = {name: under[name, plan.numbers.services[name].principle or ""].done for name in names}
    assert sum(map(np.sum, done.values())) > 100


def test_steps_follow_one_another_to_the_end_of_the_run() -> None:
    # Five of a year each, the last one going on to the end of nine years.
    assert steps(load_plan("five_steps")) == [(0, 11), (12, 23), (24, 35), (36, 47), (48, 107)]


def test_no_runs_deliver_nothing() -> None:
    with pytest.raises(ValueError, match="expected 1 or more"):
        declared(load_plan("generic"), 0, 1)


def test_the_report_is_by_principle_and_step_within_a_hundred_columns() -> None:
    result = CliRunner().invoke(main, ["declaration", "five_steps", "-n", "3"])
    assert result.exit_code == 0, result.output
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert max(map(len, lines)) <= 100
    heads = [
        "Leadership",
        "Awareness, education, training",
        "Integration",
        "Research and development",
        "Communication",
        "Implementation",
    ]
    assert [line for line in lines if line in heads] == heads
    (awareness,) = [line for line in lines if line.startswith("  awareness (mission)")]
    assert [cell.split()[0] for cell in awareness.split("/ ")[1:]] == ["24", "20", "16", "12", "60"]
    (training,) = [line for line in lines if line.startswith("  training")]
    assert training.count("/ -") == 5
    assert sum("nothing in this plan" in line for line in lines) == sum(
        not activities for activities in declared(load_plan("five_steps"), 1, 1).values()
    )


def test_a_run_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_place(monkeypatch, failing({0}, ValueError("no")))
    result = CliRunner().invoke(main, ["declaration", "five_steps", "-n", "3", "--workers", "1"])
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "run 0: ValueError: no\n"


def test_any_number_of_workers_reports_the_same() -> None:
    plan = with_parameters(load_plan("five_steps"))
    one, two = (declared(plan, 30, 5, workers=workers) for workers in (1, 2))
    for principle, activities in one.items():
        for mine, theirs in zip(activities, two[principle], strict=True):
            assert mine.service == theirs.service
            assert np.array_equal(mine.done, theirs.done)
