"""`ncpcsim run`: simulate a plan many times and answer."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ncpcsim_cli import work
from ncpcsim_cli.console import RUNS_FAILED, console, refuse
from ncpcsim_cli.documents import json_option, of_errors, of_plan, of_precision, show_document
from ncpcsim_cli.options import (
    load_or_refuse,
    parameters_label,
    parameters_option,
    plan_argument,
    seed_option,
)

if TYPE_CHECKING:
    from ncpcsim.experiment.precision import Until
    from ncpcsim.plan.load import Plan
    from ncpcsim.results.table import Table

DEFAULT_RUNS = 500
EXAMPLES = """\
\b
Examples:
  ncpcsim run hungary
  ncpcsim run my_centre.toml -n 2000 --out results/my_centre
  ncpcsim run hungary --until 0.01
  ncpcsim run hungary --until 2500USD --measure closing_cash"""


@click.command("run", epilog=EXAMPLES)
@plan_argument
@click.option(
    "-n",
    "--runs",
    type=click.IntRange(1, 10_000_000),
    show_default="500; with --until at most 100,000",
    help="How many times to simulate; more runs narrow the intervals.",
)
@click.option(
    "--until",
    metavar="HALF-WIDTH",
    help="Run until the 95 % interval is this narrow: 0.01 for a probability, 500USD for money, "
    "in the plan's currency.",
)
@click.option(
    "--measure",
    metavar="NAME",
    help="What --until is about: sustained (default), lowest_cash (default for money), "
    "self_sufficient, closed, closing_cash, fee_coverage and others.",
)
@click.option(
    "--replications-per-draw",
    type=click.IntRange(1, 1_000_000),
    default=1,
    show_default=True,
    help="Runs that share one draw of the uncertain parameters; from 2 on, the answer says how "
    "much of the spread is randomness.",
)
@seed_option
@parameters_option
@work.workers_option
@work.cluster_option
@work.engine_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A folder for tables, pictures and a manifest; without it nothing is written.",
)
@click.option("--force", is_flag=True, help="Replace the results of an earlier run in --out.")
@json_option
def command(
    plan: str,
    runs: int | None,
    until: str | None,
    measure: str | None,
    replications_per_draw: int,
    seed: int,
    parameters: str,
    workers: int,
    cluster: str | None,
    engine: str,
    out: Path | None,
    force: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """Simulate PLAN many times and say whether the centre lasts.

    PLAN is the name of a shipped plan (see `ncpcsim plans`) or a file.
    """
    _refuse_measure(until, measure)
    loaded = load_or_refuse(plan, parameters)
    target = _until(until, measure, loaded)
    engine = work.engine_or_refuse(engine)
    from ncpcsim.experiment import replications
    from ncpcsim.experiment.precision import CAP_RUNS
    from ncpcsim.report.run import draw_run

    most = runs or (CAP_RUNS if target else DEFAULT_RUNS)
    table = work.do(
        loaded.name,
        most,
        lambda report: replications.run_table(
            loaded,
            most,
            seed=seed,
            replications_per_draw=replications_per_draw,
            until=target,
            workers=workers,
            cluster=cluster,
            engine=engine,
            out=out,
            force=force,
            draw=partial(draw_run, loaded.numbers) if out else None,
            progress=report,
        ),
        out=out,
    )
    if as_json:
        show_document("run", _document(loaded, table, engine, seed, replications_per_draw, target))
    elif len(table.errors) < len(table):
        from ncpcsim.answers.sustainability import answer
        from ncpcsim_cli.spread import show_precision, show_spread
        from ncpcsim_cli.sustainability import show_answer

        found = answer(loaded.numbers, table)
        show_answer(console(), loaded.numbers, found, work.engine_label(engine))
        console().print(parameters_label(loaded), highlight=False)
        if target:
            show_precision(console(), loaded.currency, target, table, most)
        if replications_per_draw > 1:
            show_spread(console(), loaded.currency, table)
        if out is not None:
            console().print(f"\nTables, pictures and the manifest are in {out}", soft_wrap=True)
    if table.errors:
        refuse(*_failure_lines(table.errors, len(table)), code=RUNS_FAILED)


def _document(
    plan: "Plan",
    table: "Table",
    engine: str,
    seed: int,
    replications_per_draw: int,
    target: "Until | None",
) -> dict[str, Any]:
    from ncpcsim.answers.spread import spread
    from ncpcsim.answers.sustainability import answer
    from ncpcsim.measures.catalogue import MAIN

    finished = len(table.errors) < len(table)
    splits = {
        measure.name: split
        for measure in MAIN
        if finished and replications_per_draw > 1 and (split := spread(measure, table))
    }
    return {
        **of_plan(plan, engine, seed),
        "replications_per_draw": replications_per_draw,
        "runs": len(table),
        "errors": of_errors(table.errors),
        "answer": answer(plan.numbers, table) if finished else None,
        "precision": of_precision(target, target.reached(table)) if target else None,
        "spread": splits,
    }


def _refuse_measure(text: str | None, measure: str | None) -> None:
    from ncpcsim_cli.options import measure_or_refuse

    if measure is not None and text is None:
        refuse("--measure: needs --until, expected both or neither")
    if measure is not None:
        measure_or_refuse(measure)


def _until(text: str | None, measure: str | None, plan: "Plan") -> "Until | None":
    if text is None:
        return None
    from ncpcsim.experiment.precision import Until

    try:
        return Until.parse(text, measure, plan.currency)
    except ValueError as error:
        refuse(f"--until: {error}")


def _failure_lines(errors: Mapping[int, str], runs: int) -> list[str]:
    shown = list(errors.items())[:5]
    lines = [f"run {number}: {error}" for number, error in shown]
    more = len(errors) - len(shown)
    return [f"{len(errors)} of {runs} runs failed", *lines, *([f"and {more} more"] * (more > 0))]
