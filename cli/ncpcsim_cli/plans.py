"""`ncpcsim plans`: what is shipped."""

import click

from ncpcsim_cli.console import console
from ncpcsim_cli.options import load_or_refuse


@click.command("plans")
def command() -> None:
    """List the shipped plans and the question each answers."""
    from rich.table import Table

    from ncpcsim.plan.files import shipped_plans

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Plan", "Centre", "Starts", "Window", "Question"):
        table.add_column(title, no_wrap=title in ("Plan", "Starts", "Window"))
    for name in shipped_plans():
        numbers = load_or_refuse(name).numbers
        window = f"{numbers.programme_end} + {numbers.months - numbers.programme_end}"
        table.add_row(name, numbers.title, f"{numbers.first_day:%Y-%m}", window, numbers.question)
    screen = console()
    screen.print(table)
    screen.print(
        "\nWindow: months of programme money as agreed + months watched after it.\n"
        "ncpcsim run NAME simulates one; ncpcsim init NEW.toml --from NAME starts your own.",
        highlight=False,
    )
