"""`ncpcsim selftest`: do both engines give the same on this machine?"""

from functools import partial

import click

from ncpcsim_cli import work
from ncpcsim_cli.console import RUNS_FAILED, console, refuse
from ncpcsim_cli.options import load_or_refuse, seed_option


@click.command("selftest")
@click.argument("plans", metavar="[PLAN...]", nargs=-1)
@click.option(
    "-n",
    "--runs",
    type=click.IntRange(1, 100_000),
    default=10,
    show_default=True,
    help="Runs of each plan.",
)
@seed_option
def command(plans: tuple[str, ...], runs: int, seed: int) -> None:
    """Run PLANs, or all that are shipped, through both engines and compare every cent and count.

    The compiled engine calls this machine's mathematics library. A difference is possible where
    that is another than the one Python calls; then use `--engine reference`.
    """
    from rich.table import Table

    from ncpcsim.compiled.library import EngineError, load
    from ncpcsim.experiment.selftest import compare_plan
    from ncpcsim.plan.files import shipped_plans

    try:
        load()
    except EngineError as error:
        refuse(f"there is nothing to compare: {error}", code=RUNS_FAILED)
    loaded = [load_or_refuse(name, "posterior") for name in plans or shipped_plans()]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Plan")
    for title in ("Runs", "Equal", "Paid late"):
        table.add_column(title, justify="right")
    lines = []
    for plan in loaded:
        found = work.do(plan.name, runs, partial(compare_plan, plan, seed, runs))
        cells = (found.runs, found.equal, found.paid_late)
        table.add_row(plan.name, *(f"{number:,}" for number in cells))
        if found.first_difference:
            lines.append(f"{plan.name}: {found.first_difference}")
    console().print(table, highlight=False)
    if lines:
        refuse("the engines differ", *lines, code=RUNS_FAILED)
    console().print("\nBoth engines give the same, to the cent.", highlight=False)
