"""`ncpcsim trace`: replay one run and print what happened."""

import click

from ncpcsim_cli.console import RUNS_FAILED, console, refuse
from ncpcsim_cli.options import load_or_refuse, parameters_option, plan_argument, seed_option


@click.command("trace")
@plan_argument
@click.option(
    "--replication",
    type=click.IntRange(0, 2**63),
    default=0,
    show_default=True,
    help="Number of the run within its batch, from 0.",
)
@seed_option
@parameters_option
@click.option("--quiet", is_flag=True, help="Only the closing balances, not the events.")
def command(
    plan: str,
    replication: int,
    seed: int,
    parameters: str,
    quiet: bool,  # noqa: FBT001
) -> None:
    """Replay one run of PLAN: its events, postings and closing balances.

    The run is the same as row REPLICATION of a batch with the same plan and seed. Times are months
    after its first day. A posting reads: amount, account debited < account credited.
    """
    from ncpcsim.experiment.run import run_once
    from ncpcsim_cli.replay import show_run

    def say(time: float, what: str) -> None:
        click.echo(f"{time:9.3f}  {what}")

    loaded = load_or_refuse(plan, parameters)
    try:
        drawn, record = run_once(loaded, seed, replication, None if quiet else say)
    except OSError:
        raise  # the reader of the output is gone; click leaves quietly
    except Exception as error:  # noqa: BLE001  a run that fails is reported, never a traceback
        refuse(f"run {replication}: {type(error).__name__}: {error}", code=RUNS_FAILED)
    show_run(console(), loaded, drawn, record)
