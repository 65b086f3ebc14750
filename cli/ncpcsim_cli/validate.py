"""`ncpcsim validate`: every error of every plan at once."""

import click

from ncpcsim_cli.console import refuse


@click.command("validate")
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True)
def command(plans: tuple[str, ...]) -> None:
    """Check each PLAN and print every error as file:line: key: what is wrong, what was expected.

    Exit code 0 if all are valid, 2 if any is not.
    """
    from ncpcsim.plan.load import load_plan
    from ncpcsim.plan.problems import PlanError

    lines: list[str] = []
    for name in plans:
        try:
            plan = load_plan(name)
        except PlanError as error:
            lines += error.lines
        else:
            numbers = plan.numbers
            click.echo(
                f"{name}: valid; {len(numbers.services)} services, {len(numbers.posts)} posts, "
                f"{len(numbers.grants)} grants, {len(plan.uncertain)} uncertain parameters"
            )
    if lines:
        refuse(*lines)
