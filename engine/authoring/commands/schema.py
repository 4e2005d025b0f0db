"""`revlex schema`: the shapes of what goes in and comes out."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..schemas import SCHEMAS, event_schema, schema_of
from .options import EXISTING
from .packs import compiled
from .saying import fail


@click.command()
@click.argument("what", type=click.Choice(list(SCHEMAS)))
@click.option("--pack", type=EXISTING, help="A policy: its own types of events are there as well.")
def schema(what: str, pack: Path | None) -> None:
    """Print the JSON Schema of policies, events, records, mappings or statements.

    \b
    revlex schema policy > policy.schema.json
    revlex schema event --pack my-policy
    """
    if pack is None:
        found = schema_of(what)
    elif what == "event":
        found = event_schema(compiled(pack).catalog)
    else:
        fail(f"`--pack` says nothing about `{what}`", "leave it out, or ask for `event`")
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
