"""`ncpcsim compare`: plans side by side with the same random streams."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource
from rich.console import Console
from rich.table import Table as Grid

from ncpcsim_cli import work
from ncpcsim_cli.console import RUNS_FAILED, console, refuse
from ncpcsim_cli.documents import json_option, of_difference, of_errors, of_plan, show_document
from ncpcsim_cli.options import load_or_refuse, measure_or_refuse, parameters_option, seed_option
from ncpcsim_cli.results import open_or_refuse, read_or_refuse, write_or_refuse
from ncpcsim_cli.spread import figure, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncpcsim.answers.comparison import Difference
    from ncpcsim.plan.load import Plan
    from ncpcsim.results.table import Table

    Tables = dict[str, Table]
    About = Mapping[str, object]

_SAME = ("currency", "seed", "replications_per_draw", "parameters")
"""What folders of results must have in common for their runs to be pairs."""
EXAMPLES = """\
\b
Examples:
  ncpcsim compare generic tapered front_loaded --picture differences.png
  ncpcsim compare mixes --measure sustained --measure lowest_cash
  ncpcsim compare results/lean results/rich"""


@click.command("compare", epilog=EXAMPLES)
@click.argument("plans", metavar="DIR... | PLAN PLAN...", nargs=-1, required=True)
@click.option(
    "-n",
    "--runs",
    type=click.IntRange(2, 10_000_000),
    default=500,
    show_default=True,
    help="Runs of each plan; a DIR has its own.",
)
@seed_option
@parameters_option
@work.workers_option
@work.cluster_option
@work.engine_option
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    help="What to compare; may be given several times: sustained, self_sufficient, closed, "
    "lowest_cash, closing_cash, programme_free_coverage, mission_share or another name of "
    "docs/measures.md.",
)
@click.option("--base", metavar="NAME", help="Compare with this variant of DIR, not with 'base'.")
@click.option("--picture", type=click.Path(path_type=Path), help="Draw the differences (PNG).")
@click.option("--csv", type=click.Path(path_type=Path), help="Write the differences as a table.")
@json_option
def command(
    plans: tuple[str, ...],
    runs: int,
    seed: int,
    parameters: str,
    workers: int,
    cluster: str | None,
    engine: str,
    measures: tuple[str, ...],
    base: str | None,
    picture: Path | None,
    csv: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Compare each plan with the first, run by run, with the same random streams.

    Give two or more plans, or folders of results: that of a batch, whose variants are then compared
    with its base, or those of runs with one seed. The difference of a pair of runs is due to the
    plans alone.
    """
    from ncpcsim.answers.comparison import DEFAULT_MEASURES, compare, table_of
    from ncpcsim.results.place import MANIFEST

    for name in measures:
        measure_or_refuse(name)
    if len(plans) == 1 or all((Path(plan) / MANIFEST).exists() for plan in plans):
        _refuse_simulating(plans[0])
        tables, about = _stored([Path(plan) for plan in plans], base)
    else:
        if base is not None:
            refuse("--base: chooses a variant of DIR, expected the base as the first PLAN")
        loaded, name = _loaded(plans, parameters), work.engine_or_refuse(engine)
        tables, about = _simulated(loaded, runs, seed, workers, cluster, name)
        if not as_json:
            console().print(f"Simulated by: {work.engine_label(name)}.\n", highlight=False)
    if len(tables) < 2:
        refuse(f"{plans[0]}: holds one variant, expected two or more to compare")
    found, currency = compare(tables, measures or DEFAULT_MEASURES), str(about["currency"])
    if as_json:
        failures = {name: of_errors(runs.errors) for name, runs in tables.items()}
        differences = [of_difference(each) for each in found]
        show_document("compare", {**about, "errors": failures, "differences": differences})
    else:
        _show(console(), found, currency)
    if csv is not None:
        write_or_refuse(csv, lambda file: table_of(found, currency).to_csv(file, index=False))
    if picture is not None:
        from ncpcsim.report.comparison import draw_comparison

        write_or_refuse(picture, lambda file: draw_comparison(file, found, currency))
    _refuse_failed(tables)


def _refuse_failed(tables: "Tables") -> None:
    failed = {name: len(runs.errors) for name, runs in tables.items()}
    lines = [f"{name}: {n} runs failed and were left out" for name, n in failed.items() if n]
    if lines:
        refuse(*lines, code=RUNS_FAILED)


def _refuse_simulating(path: str) -> None:
    """Options that would do nothing are refused, not passed over."""
    context = click.get_current_context()
    for name in ("runs", "seed", "workers", "cluster", "engine"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            refuse(f"--{name}: is for plans, but the runs of {path} are done, expected DIR alone")


def _stored(paths: "Sequence[Path]", base: str | None) -> "tuple[Tables, About]":
    """The variants that lie in some folders, the base first."""
    folders = [open_or_refuse(path) for path in paths]
    first, *others = folders
    for folder in others:
        for what in _SAME:
            this, expected = folder.manifest[what], first.manifest[what]
            if this != expected:
                refuse(f"{folder.path}: {what} is {this}, expected {expected} as in {first.path}")
    found: dict[str, Table] = {}
    for folder in folders:
        for name, runs in read_or_refuse(folder.tables_of_runs).items():
            # Two plans of one name are told apart by their folders.
            found[f"{folder.path.name}/{name}" if name in found else name] = runs
    if base is not None and base not in found:
        refuse(f"--base: is {base!r}, expected one of {', '.join(found)}")
    chosen = base or next(iter(found))
    about = {what: first.manifest[what] for what in ("engine", *_SAME)}
    return {chosen: found.pop(chosen), **found}, about


def _loaded(names: tuple[str, ...], parameters: str) -> "list[Plan]":
    from ncpcsim.plan.judged import judged_together

    plans = judged_together(load_or_refuse(name, parameters) for name in names)
    if len({plan.name for plan in plans}) < len(plans):
        refuse(f"{' '.join(names)}: names a plan twice, expected plans of different names")
    first, *others = plans
    for plan in others:
        if plan.currency != first.currency:
            what = f"currency is {plan.currency}, expected {first.currency} as in {first.name}"
            refuse(f"{plan.name}: {what}")
    return plans


def _simulated(
    plans: "list[Plan]", runs: int, seed: int, workers: int, cluster: str | None, engine: str
) -> "tuple[Tables, About]":
    found = {
        plan.name: work.simulate(
            plan, runs, seed=seed, workers=workers, cluster=cluster, engine=engine
        )
        for plan in plans
    }
    about = {
        "engine": engine,
        "currency": plans[0].currency,
        "seed": seed,
        "replications_per_draw": 1,
    }
    return found, {**about, "parameters": of_plan(plans[0], engine, seed)["parameters"]}


def _show(screen: Console, found: "list[Difference]", currency: str) -> None:
    for measure in dict.fromkeys(d.measure for d in found):
        rows = [d for d in found if d.measure == measure]
        table = Grid(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        table.add_column(f"{measure.label.capitalize()}, less {rows[0].base}", overflow="fold")
        for title in ("Mean (95 %)", "Median", "Better", "Worse", "Unpaired runs"):
            table.add_column(title, justify="right", no_wrap=True)
        for d in rows:
            table.add_row(
                d.name,
                shown(measure, d.mean, currency, signed=True),
                "" if measure.is_share else figure(measure, d.p50, signed=True),
                *(f"{100 * share.estimate:.0f} %" for share in (d.better, d.worse)),
                _runs(d),
            )
        screen.print(table, highlight=False)
        screen.print()
    screen.print(
        f"{max(d.pairs for d in found):,} pairs of runs with the same random streams. Better: how "
        "often a run is\nbetter than the base's; worse: the reverse. Unpaired runs: how many runs "
        "of each plan would give\nthe same precision without common random numbers.",
        highlight=False,
    )


def _runs(d: "Difference") -> str:
    if math.isnan(d.independent_runs):
        return "no difference"
    return f"{d.independent_runs:,.0f}"
