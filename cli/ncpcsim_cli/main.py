"""The `ncpcsim` command: names its subcommands and loads only the one that is asked for."""

from importlib import import_module

import click

from ncpcsim_cli.console import INTERRUPTED, refuse

COMMANDS = {
    "run": "Simulate a plan many times and answer: will the centre last?",
    "compare": "Set plans side by side with the same random streams.",
    "sensitivity": "Show what each number of a plan moves, and whether the right way.",
    "batch": "Run many variants of a plan into a folder.",
    "results": "List and summarise a batch's variants.",
    "query": "Ask a batch's results in SQL.",
    "calibrate": "Learn from published accounts, and validate what was learned.",
    "trace": "Replay one run of a plan and print everything that happened in it.",
    "check": "Set a plan's results against what the book's centres report.",
    "declaration": "Show what a plan does for the Declaration's six principles, step by step.",
    "engine": "Say which engines simulate here; write the one for a browser.",
    "selftest": "Compare both engines on this machine, to the cent.",
    "plans": "List the shipped plans and the question each answers.",
    "init": "Write a commented plan of your own to fill in.",
    "validate": "Check plans and name every error in them at once.",
    "schema": "Print the JSON Schema of a plan, for editors.",
    "accounts": "Show the published accounts and whether they add up.",
    "evidence": "Show where a plan's numbers come from, and what each fact is used for.",
}


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own name, imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order a new user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command, or None if no command has that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"ncpcsim_cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; Ctrl-C ends it in a line, wherever it falls."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            refuse("stopped", code=INTERRUPTED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing any of them: help must be instant."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: ncpcsim run hungary",
)
@click.version_option(package_name="ncpcsim", prog_name="ncpcsim")
def main() -> None:
    """Simulate a Cleaner Production Centre's funding window and what comes after it.

    A plan says what a centre is: its grants, host, posts, services, prices and clients. Plans are
    named (`ncpcsim plans` lists those shipped) or are files of your own (`ncpcsim init`).
    """
