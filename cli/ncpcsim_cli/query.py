"""`ncpcsim query`: SQL over a batch's results."""

from pathlib import Path

import click

from ncpcsim_cli.console import console, refuse
from ncpcsim_cli.results import open_or_refuse, read_or_refuse

TABLES = """\
\b
Tables:
  runs      a row a run: variant, replication, draw, error, sustained, closing_cash_cents ...
  variants  a row a variant: variant, settings (JSON)
  paths     of a batch with --paths: variant, replication, account, month, net_cents
\b
Examples:
  ncpcsim query DIR "SELECT variant, avg(sustained::INT) FROM runs GROUP BY variant"
  ncpcsim query DIR "DESCRIBE runs"
  ncpcsim query DIR "FROM variants" --csv"""


@click.command("query", epilog=TABLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("sql")
@click.option("--csv", is_flag=True, help="Print comma-separated values, all rows.")
def command(folder: Path, sql: str, csv: bool) -> None:  # noqa: FBT001
    """Query the results in DIR with one SELECT statement, in DuckDB's SQL; they are only read."""
    from ncpcsim.results.errors import QueryError

    opened = open_or_refuse(folder)
    try:
        table = read_or_refuse(lambda: opened.query(sql))
    except QueryError as error:
        refuse(f"query: {error}")
    if csv:
        click.echo(table.to_csv(index=False), nl=False)
        return
    most = 200
    screen = console()
    if len(table):
        screen.print(table.head(most).to_string(index=False), highlight=False, soft_wrap=True)
    more = len(table) - most
    rows = "1 row" if len(table) == 1 else f"{len(table):,} rows"
    screen.print(rows + (f", {more:,} not shown" if more > 0 else ""))
