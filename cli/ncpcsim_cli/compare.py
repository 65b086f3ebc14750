"""`ncpcsim compare`: plans side by side under the same luck."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource
from rich.console import Console
from rich.table import Table

from ncpcsim_cli import work
from ncpcsim_cli.console import RUNS_FAILED, console, refuse
from ncpcsim_cli.options import load_or_refuse, parameters_option, seed_option
from ncpcsim_cli.results import open_or_refuse, read_or_refuse, write_or_refuse
from ncpcsim_cli.spread import figure, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ncpcsim.answers.comparison import Difference
    from ncpcsim.plan.load import Plan

EXAMPLES = """\
\b
Examples:
  ncpcsim compare generic tapered front_loaded --picture differences.png
  ncpcsim compare mixes --measure sustained --measure lowest_cash"""


@click.command("compare", epilog=EXAMPLES)
@click.argument("plans", metavar="DIR | PLAN PLAN...", nargs=-1, required=True)
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
    help="What to compare, once or more often: sustained, self_sufficient, insolvent, lowest_cash, "
    "closing_cash, programme_free_coverage, fee_coverage, domestic_coverage, reserve, "
    "mission_share.",
)
@click.option("--base", metavar="NAME", help="Compare with this variant of DIR, not with 'base'.")
@click.option("--picture", type=click.Path(path_type=Path), help="Draw the differences (PNG).")
@click.option("--csv", type=click.Path(path_type=Path), help="Write the differences as a table.")
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
) -> None:
    """Compare each plan with the first, run by run, under the same luck.

    Give two or more plans, or the folder of a batch, whose variants are then compared with its
    base. The difference of a pair of runs is due to the plans alone.
    """
    from ncpcsim.answers.comparison import DEFAULT_MEASURES, compare, table_of
    from ncpcsim.measures.catalogue import MEASURES

    for name in measures:
        if name not in MEASURES:
            refuse(f"--measure: is {name!r}, expected one of {', '.join(MEASURES)}")
    if len(plans) == 1:
        _refuse_simulating(plans[0])
        tables = _stored(Path(plans[0]), base)
    else:
        if base is not None:
            refuse("--base: chooses a variant of DIR, expected the base as the first PLAN")
        tables = _simulated(_loaded(plans, parameters), runs, seed, workers, cluster, engine)
    if len(tables) < 2:
        refuse(f"{plans[0]}: holds one variant, expected two or more to compare")
    found = compare(tables, measures or DEFAULT_MEASURES)
    _show(console(), found)
    if csv is not None:
        write_or_refuse(csv, lambda file: table_of(found).to_csv(file, index=False))
    if picture is not None:
        from ncpcsim.report.comparison import draw_comparison

        write_or_refuse(picture, lambda file: draw_comparison(file, found))
    failed = {name: int(t["error"].notna().sum()) for name, t in tables.items()}
    lines = [f"{name}: {n} runs failed and were left out" for name, n in failed.items() if n]
    if lines:
        refuse(*lines, code=RUNS_FAILED)


def _refuse_simulating(path: str) -> None:
    """Options that would do nothing are refused, not passed over."""
    context = click.get_current_context()
    for name in ("runs", "seed", "workers", "cluster", "engine"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            refuse(f"--{name}: is for plans, but the runs of {path} are done, expected DIR alone")


def _stored(path: Path, base: str | None) -> "Mapping[str, pd.DataFrame]":
    folder = open_or_refuse(path)
    if base is not None and base not in folder.variants:
        refuse(f"--base: is {base!r}, expected one of {', '.join(folder.variants)}")
    first = base or folder.variants[0]
    names = [first, *(name for name in folder.variants if name != first)]

    def read() -> "pd.DataFrame":
        return folder.frame("* EXCLUDE (variant, replication)")

    table = read_or_refuse(read)
    return {name: table[table["variant"] == name] for name in names}


def _loaded(names: tuple[str, ...], parameters: str) -> "list[Plan]":
    plans = [load_or_refuse(name, parameters) for name in names]
    if len({plan.name for plan in plans}) < len(plans):
        refuse(f"{' '.join(names)}: names a plan twice, expected plans of different names")
    return plans


def _simulated(
    plans: "list[Plan]", runs: int, seed: int, workers: int, cluster: str | None, engine: str
) -> "Mapping[str, pd.DataFrame]":
    name = work.engine_or_refuse(engine)
    found = {
        plan.name: work.simulate(
            plan, runs, seed=seed, workers=workers, cluster=cluster, engine=name
        )
        for plan in plans
    }
    console().print(f"Simulated by: {work.said_of_engine(name)}.\n", highlight=False)
    return found


def _show(screen: Console, found: "list[Difference]") -> None:
    for measure in dict.fromkeys(d.measure for d in found):
        rows = [d for d in found if d.measure == measure]
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        table.add_column(f"{measure.label.capitalize()}, less {rows[0].base}", overflow="fold")
        for title in ("Mean (95 %)", "Median", "Better", "Worse", "Unpaired runs"):
            table.add_column(title, justify="right", no_wrap=True)
        for d in rows:
            table.add_row(
                d.name,
                shown(measure, d.mean, signed=True),
                "" if measure.is_share else figure(measure, d.p50, signed=True, unit=False),
                *(f"{100 * share.estimate:.0f} %" for share in (d.better, d.worse)),
                _runs(d),
            )
        screen.print(table, highlight=False)
        screen.print()
    screen.print(
        f"{max(d.pairs for d in found):,} pairs of runs. Better: how probably a run beats the "
        "base's of the same luck; worse: the reverse.\n"
        "Unpaired runs: as many of each plan, without common luck, "
        "would know the mean as well.",
        highlight=False,
    )


def _runs(d: "Difference") -> str:
    if math.isnan(d.independent_runs):
        return "no difference"
    return f"{d.independent_runs:,.0f}"
