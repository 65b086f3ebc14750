"""`ncpcsim declaration`: what a plan does for the International Declaration's principles."""

from typing import TYPE_CHECKING

import click

from ncpcsim_cli import work
from ncpcsim_cli.console import RUNS_FAILED, console, refuse
from ncpcsim_cli.options import load_or_refuse, parameters_option, plan_argument, seed_option

if TYPE_CHECKING:
    from ncpcsim.answers.declared import Activity

_CALLED = {
    "awareness_education_training": "Awareness, education, training",
    "research_development": "Research and development",
}
"""Principles whose name, near the Declaration's own, is more than the plan's words."""


@click.command("declaration")
@plan_argument
@click.option(
    "-n", "--runs", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Runs."
)
@seed_option
@parameters_option
@work.workers_option
@work.engine_option
def command(plan: str, runs: int, seed: int, parameters: str, workers: int, engine: str) -> None:
    """Show what PLAN delivers under the six principles of the International Declaration.

    Activities are laid out on the five steps of the Declaration's horizon: what the plan offers in
    each, and what was done, a mean over the runs. What clients ask for is done but not planned.
    """
    from rich.table import Table
    from rich.text import Text

    from ncpcsim.answers.declared import RunFailedError, declared, steps

    loaded = load_or_refuse(plan, parameters)
    engine = work.engine_or_refuse(engine)
    try:
        found = work.do(
            loaded.name,
            runs,
            lambda report: declared(
                loaded, runs, seed, workers=workers, engine=engine, progress=report
            ),
        )
    except RunFailedError as error:
        refuse(str(error), code=RUNS_FAILED)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Principle and activity")
    spans = steps(loaded)
    for number, (first, last) in enumerate(spans, 1):
        table.add_column(f"Step {number}\nmonths {first}-{last}", justify="right")
    for principle, activities in found.items():
        table.add_row(Text(_CALLED.get(principle, _words(principle)), style="bold"))
        for activity in activities:
            kind = " (mission)" if activity.mission else ""
            shown = _cells(activity, len(spans))
            table.add_row(f"  {_words(activity.service).lower()}{kind}", *shown)
        if not activities:
            table.add_row("  nothing in this plan")
    screen = console()
    heading = f"{loaded.numbers.title}: {runs} runs, {work.engine_label(engine)}"
    screen.print(heading, style="bold", highlight=False)
    screen.print(table, highlight=False)
    screen.print("\nDone, mean of the runs / planned (-: only as clients ask).", highlight=False)


def _cells(activity: "Activity", reached: int) -> list[str]:
    """Done over planned, for each step that the run reaches."""
    offered = bool(activity.planned.any())
    means = activity.done.mean(axis=0)
    plans = [f"{number:.0f}" if offered else "-" for number in activity.planned]
    return [f"{means[step]:.1f} / {plans[step]}" for step in range(reached)]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
