"""`ncpcsim batch`: run many variants of a plan into a folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ncpcsim_cli import work
from ncpcsim_cli.console import RUNS_FAILED, console, refuse
from ncpcsim_cli.options import parameters_option

if TYPE_CHECKING:
    from ncpcsim.plan.variants import Batch

EXAMPLE = """\
\b
A batch file, mixes.toml:
  base = "generic"                     # a plan's name or path
  runs = 500                           # of each variant; also seed, replications_per_draw
  [variants.no_members]                # like a plan that extends the base
  without = ["membership"]
  [grid]                               # all combinations, by plan path
  "programme.months" = [36, 60]
  [design]                             # points spread evenly over ranges
  points = 32
  method = "sobol"                     # or "latin_hypercube"
  [design.over]
  "host.delivered_share" = "prior"     # as the plan's own distribution has it
  "costs.overhead_month" = [100, 900]"""


@click.command("batch", epilog=EXAMPLE)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The folder for the results.")
@parameters_option
@work.workers_option
@work.cluster_option
@work.engine_option
@click.option("--resume", is_flag=True, help="Resume a batch that was interrupted.")
@click.option("--force", is_flag=True, help="Replace the results of an earlier batch in --out.")
@click.option("--paths", is_flag=True, help="Keep every account's months of every run, too.")
@click.option("--dry-run", is_flag=True, help="Only say what it would do and take.")
def command(
    file: Path,
    out: Path | None,
    parameters: str,
    workers: int,
    cluster: str | None,
    engine: str,
    resume: bool,  # noqa: FBT001
    force: bool,  # noqa: FBT001
    paths: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
) -> None:
    """Run every variant of a batch FILE with the same random streams.

    Ctrl-C stops it between two parts; --resume continues from there. Then `ncpcsim results DIR`,
    `ncpcsim compare DIR` and `ncpcsim query DIR "SELECT ..."` read what it wrote.
    """
    plans = _read(file, parameters)
    engine = work.engine_or_refuse(engine)
    if dry_run:
        _say_what_it_takes(plans, workers, engine, paths=paths)
        return
    if out is None:
        refuse("--out: is missing, expected a folder for the results (or --dry-run)")
    if resume and force:
        refuse("--force: replaces what --resume would continue, expected one of them")
    from ncpcsim.answers.summary import summary
    from ncpcsim.experiment.batch import batch
    from ncpcsim_cli.results import failure_lines, read_or_refuse, show_summary

    stopped = f"stopped; --resume continues {out}"
    folder = work.do(
        file.stem,
        plans.runs * len(plans.variants),
        lambda report: batch(
            plans,
            out,
            parameters=None,
            workers=workers,
            cluster=cluster,
            engine=engine,
            paths=paths,
            resume=resume,
            force=force,
            progress=report,
        ),
        out=out,
        stopped=stopped,
    )
    lines = read_or_refuse(lambda: summary(folder), stopped)
    show_summary(console(), lines, folder.manifest["currency"])
    simulated_by = work.engine_label(folder.manifest["engine"])
    console().print(f"\nSimulated by: {simulated_by}.\nResults are in {out}", soft_wrap=True)
    failed = failure_lines(lines)
    if failed:
        refuse(*failed, code=RUNS_FAILED)


def _read(file: Path, parameters: str) -> "Batch":
    from ncpcsim.experiment.batch import with_batch_parameters
    from ncpcsim.experiment.posterior import PosteriorError
    from ncpcsim.plan.problems import PlanError
    from ncpcsim.plan.variants import read_batch

    try:
        return with_batch_parameters(read_batch(file), parameters)
    except PlanError as error:
        refuse(*error.lines)
    except PosteriorError as error:
        refuse(f"--parameters: {error}")


def _say_what_it_takes(plans: "Batch", workers: int, engine: str, *, paths: bool) -> None:
    from ncpcsim.experiment.trial import TRIAL_RUNS, TRIAL_VARIANTS, estimate

    most_shown = 50
    screen = console()
    for variant in plans.variants[:most_shown]:
        settings = "".join(f"  {key} = {value}" for key, value in variant.settings.items())
        stated = settings if variant.name.startswith("point ") else ""
        screen.print(f"{variant.name}{stated}", highlight=False, soft_wrap=True)
    more = len(plans.variants) - most_shown
    if more > 0:
        screen.print(f"and {more:,} more", highlight=False)
    found = work.do(
        "some of them",
        TRIAL_RUNS * TRIAL_VARIANTS,
        lambda report: estimate(plans, workers, paths=paths, engine=engine, progress=report),
    )
    screen.print(
        f"\n{len(plans.variants):,} variants of {plans.runs:,} runs: {found.runs:,} runs in "
        f"{found.parts:,} parts; about {_duration(found.seconds)} on {workers} "
        f"{'core' if workers == 1 else 'cores'}, {found.megabytes:,.1f} MB on disk.\n"
        "Nothing was written.",
        highlight=False,
        soft_wrap=True,
    )


def _duration(seconds: float) -> str:
    hour, minute = 3600, 60
    if seconds >= 2 * hour:
        return f"{seconds / hour:,.0f} hours"
    return (
        f"{seconds / minute:,.0f} minutes" if seconds >= 2 * minute else f"{seconds:,.0f} seconds"
    )
