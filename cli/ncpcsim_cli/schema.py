"""`ncpcsim schema`: JSON Schema for editors."""

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a plan file.

    Editors with TOML support use it to complete keys and show each field's meaning:
    write it to plan.schema.json and put "#:schema ./plan.schema.json" on a plan's first line.
    """
    import json

    from ncpcsim.plan.jsonschema import plan_jsonschema

    click.echo(json.dumps(plan_jsonschema(), indent=2))
