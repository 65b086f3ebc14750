"""`ncpcsim init`: a plan to start from."""

import os
from pathlib import Path

import click

from ncpcsim_cli.console import refuse
from ncpcsim_cli.options import load_or_refuse


@click.command("init")
@click.argument("file", metavar="NEW.toml", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "base",
    default="generic",
    show_default=True,
    help="The plan to inherit from: a shipped name or a file.",
)
def command(file: Path, base: str) -> None:
    """Write NEW.toml, a plan with every field as a comment: its meaning, unit and inherited value.

    The new plan is valid as it is; change only the lines in which your centre differs.
    """
    from ncpcsim.plan.files import shipped_plans
    from ncpcsim.plan.write import commented_plan

    if file.suffix != ".toml":
        refuse(f"{file}: not a plan's name, expected one that ends in .toml")
    parent = load_or_refuse(base)
    named = base
    if base not in shipped_plans():
        named = os.path.relpath(base, file.parent)
        if named in shipped_plans():
            named = os.path.join(os.curdir, named)  # noqa: PTH118  a Path would drop the dot
    title = file.stem.replace("_", " ").replace("-", " ").strip().capitalize() or "My centre"
    text = commented_plan(parent, named, title)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        refuse(f"{file}: exists already, expected a new file's name")
    except OSError as error:
        refuse(f"{file}: cannot be written ({error.strerror})")
    click.echo(f"Wrote {file}, which extends {named}. Next: ncpcsim run {file}")
