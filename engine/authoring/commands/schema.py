"""`revlex schema`: the shapes of what goes in and comes out."""

from __future__ import annotations

import json

import click

from ..schemas import schema_of


@click.command()
@click.argument("what", type=click.Choice(["policy", "event", "decision", "appeal", "mapping"]))
def schema(what: str) -> None:
    """Print the JSON Schema of policy files, events, decisions, appeals or mappings.

    \b
    revlex schema policy > policy.schema.json
    """
    click.echo(json.dumps(schema_of(what), indent=2, ensure_ascii=False))
