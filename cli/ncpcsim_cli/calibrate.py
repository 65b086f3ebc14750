"""`ncpcsim calibrate`: learn from published accounts, and validate what was learned."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ncpcsim_cli import work
from ncpcsim_cli.console import BAD_INPUT, RUNS_FAILED, console, refuse
from ncpcsim_cli.options import load_or_refuse, seed_option

if TYPE_CHECKING:
    from ncpcsim.calibrate.fit import Posterior
    from ncpcsim.calibrate.problem import FitProblem

_SHOWN = 15
T = TypeVar("T")


EXAMPLES = """\
\b
Examples:
  ncpcsim calibrate both --out fit
  ncpcsim calibrate both --out fit --report
  ncpcsim calibrate --accounts ours.csv --plan ours.toml --out fit_ours
  ncpcsim run ours.toml --parameters fit_ours/posterior"""


@click.command("calibrate", epilog=EXAMPLES)
@click.argument("centres", type=click.Choice(["hungary", "czech", "both"]), required=False)
@click.option("--out", type=click.Path(path_type=Path), help="The folder for runs and posterior.")
@click.option(
    "--runs",
    type=click.IntRange(64, 2**20),
    default=4096,
    show_default=True,
    help="Runs of each centre's design; a power of two.",
)
@click.option(
    "--steps",
    type=click.IntRange(200, 1_000_000),
    default=12_000,
    show_default=True,
    help="Steps of each of the sampler's walkers.",
)
@seed_option
@work.workers_option
@work.engine_option
@click.option("--priors", is_flag=True, help="List what is learned, from which priors, and stop.")
@click.option("--report", is_flag=True, help="Validate the calibration, into --out/report.")
@click.option(
    "--recoveries",
    type=click.IntRange(2, 10_000),
    default=60,
    show_default=True,
    help="For --report: repetitions of recovering known parameters.",
)
@click.option(
    "--accounts", type=click.Path(path_type=Path), help="Accounts of a centre of your own (CSV)."
)
@click.option("--plan", "plan_name", metavar="PLAN", help="The plan of that centre.")
def command(
    centres: str | None,
    out: Path | None,
    runs: int,
    steps: int,
    seed: int,
    workers: int,
    engine: str,
    priors: bool,  # noqa: FBT001
    report: bool,  # noqa: FBT001
    recoveries: int,
    accounts: Path | None,
    plan_name: str | None,
) -> None:
    """Learn uncertain parameters from the accounts of the Czech and Hungarian centres, or yours.

    Runs the model at points spread over the priors, fits a response surface to what it gives, and
    samples the posterior of the parameters given the printed accounts. What was given is an input;
    fees, costs and activity are met as far as they are printed. With --out, Ctrl-C loses no
    finished run: the same command resumes.
    """
    problems = _problems(centres, accounts, plan_name)
    if priors:
        _show_priors(problems)
        return
    if report and out is None:
        refuse("--report: needs a folder for its files, expected --out too")
    if runs & (runs - 1):
        refuse(f"--runs: is {runs}, expected a power of two, such as 4096")
    from ncpcsim.calibrate.posterior import write_posterior
    from ncpcsim.calibrate.study import least_runs, prepare

    least = max(least_runs(problem) for problem in problems)
    if runs < least:
        refuse(f"--runs: is {runs}, expected at least {least} for so many parameters")
    engine = work.engine_or_refuse(engine)
    name = " and ".join(problem.centre for problem in problems)
    study, designs = _work(
        f"the design of {name}",
        runs * len(problems),
        lambda report: prepare(
            problems,
            runs=runs,
            seed=seed,
            steps=steps,
            folder=out,
            workers=workers,
            engine=engine,
            report=lambda _what, done, _whole: report(done),
        ),
        out,
    )
    posterior = _work(
        f"the sampler's {steps:,} steps",
        steps,
        lambda report: study.posterior(progress=report),
        out,
    )
    _show_learned(posterior)
    console().print(f"Simulated by: {work.engine_label(engine)}.", highlight=False)
    if out is not None:
        about = {"seed": seed, "runs": runs, "steps": steps}
        write_posterior(posterior, out / "posterior", about)
        console().print(f"\nThe posterior is in {out / 'posterior'}", soft_wrap=True)
    if report and out is not None:
        from ncpcsim.answers.calibration import assess
        from ncpcsim.experiment.posterior import with_parameters
        from ncpcsim.plan.load import load_plan
        from ncpcsim.report.calibration import write_report

        outside = None
        if accounts is None:
            outside = with_parameters(load_plan("generic"), out / "posterior")
        stage = _Stages()
        validation = _work(
            "the assessment",
            0,
            lambda _told: assess(
                study,
                posterior,
                designs,
                recoveries=recoveries,
                outside=outside,
                workers=workers,
                report=stage,
            ),
            out,
        )
        file = write_report(out / "report", validation)
        console().print(f"The report is {file}", soft_wrap=True)


class _Stages:
    """Says on standard error which stage of the assessment has begun, and how far it is."""

    def __init__(self) -> None:
        self._stage, self._done = "", 0

    def __call__(self, what: str, done: int, whole: int) -> None:  # noqa: ARG002
        if what != self._stage:
            self._stage, self._done = what, 0
            click.echo(f"{what} ...", err=True)
        self._done += done


def _work(what: str, whole: int, task: Callable[[Callable[[int], None]], T], out: Path | None) -> T:
    from ncpcsim.calibrate.design import DesignFailedError

    stopped = f"stopped; the same command resumes {out}" if out else "stopped"
    try:
        return work.do(what, whole, task, out=out, stopped=stopped)
    except DesignFailedError as error:
        refuse(str(error), code=RUNS_FAILED)


def _problems(
    centres: str | None, accounts: Path | None, plan_name: str | None
) -> "list[FitProblem]":
    from ncpcsim.calibrate.problem import CENTRES, published_problem

    if accounts is None and plan_name is None:
        chosen = CENTRES if centres in (None, "both") else (centres,)
        return [published_problem(name) for name in chosen if name]
    if centres is not None:
        refuse(f"{centres}: is a published centre, expected it or --accounts with --plan")
    if accounts is None or plan_name is None:
        refuse("--accounts: goes with --plan, expected both")
    return [_own_problem(accounts, plan_name)]


def _own_problem(file: Path, plan_name: str) -> "FitProblem":
    from ncpcsim.calibrate.chart import lines_of
    from ncpcsim.calibrate.problem import ProblemError, problem
    from ncpcsim.published.accounts import AccountsError, read_accounts
    from ncpcsim.published.reconcile import Verdict, identities

    plan = load_or_refuse(plan_name)
    try:
        accounts = read_accounts(file)
        lines = lines_of(plan, accounts, file)
        made = problem(plan, accounts, lines, plan.name)
    except (AccountsError, ProblemError) as error:
        refuse(*str(error).splitlines(), code=BAD_INPUT)
    except OSError as error:
        refuse(f"{file}:1: accounts: cannot be read ({error.strerror})")
    found = identities(accounts)
    failing = [one for one in found if one.verdict is Verdict.FAILS]
    screen = console()
    screen.print(
        f"{file}: {len(found) - len(failing)} of {len(found)} sums add up as printed.",
        highlight=False,
        soft_wrap=True,
    )
    for one in failing:
        screen.print(
            f"  {one.formula}, {one.column}: comes to {one.computed:,}, printed {one.printed:,}",
            highlight=False,
        )
    return made


def _show_priors(problems: "Sequence[FitProblem]") -> None:
    from ncpcsim.calibrate.fit import all_parameters
    from ncpcsim.plan.ensemble import distribution_of

    rows = {
        name: (prior, problem)
        for problem in problems
        for name, prior in zip(problem.parameters, problem.priors, strict=True)
    }
    from ncpcsim.calibrate.problem import learned_from

    sources = learned_from()
    for name in all_parameters(problems):
        prior, _ = rows[name]
        about = distribution_of(prior)
        kind = about.pop("distribution")
        numbers = ", ".join(f"{key} {value:g}" for key, value in about.items())
        click.echo(f"{name}")
        origin = f"{prior.origin}: {prior.note}" if prior.note else prior.origin
        click.echo(f"    {kind}: {numbers} {prior.unit or ''}  [{origin}]")
        click.echo(f"    {sources[name.rpartition(':')[2]]}")
    cells = sum(int(problem.fitted.sum()) for problem in problems)
    click.echo(f"\n{len(rows)} parameters, to be learned from {cells} printed cells.")


def _show_learned(posterior: "Posterior") -> None:
    from rich.table import Table

    from ncpcsim.calibrate.posterior import learned

    found = sorted(learned(posterior), key=lambda one: -one.contraction)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Best learned", overflow="fold")
    for title in ("Prior, 5 to 95 %", "Posterior", "Variance gone"):
        table.add_column(title, justify="right", no_wrap=True)
    for one in found[:_SHOWN]:
        table.add_row(
            one.name,
            f"{one.prior_low:.3g} to {one.prior_high:.3g}",
            f"{one.low:.3g} to {one.high:.3g}",
            f"{one.contraction:.0%}",
        )
    screen = console()
    screen.print(table, highlight=False)
    driven = sum(one.prior_driven for one in found)
    screen.print(
        f"\n{len(found)} parameters; {driven} of them stay where their priors put them. "
        f"{posterior.effective:,.0f} effective draws.",
        highlight=False,
    )
