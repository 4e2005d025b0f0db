"""`revlex map`: events from somebody's export."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..running import map_export
from .options import EXISTING, FILE
from .packs import compiled


@click.command("map")
@click.argument("mapping", type=EXISTING)
@click.option(
    "--data",
    type=EXISTING,
    default=None,
    help="The folder of the exports; left out: the mapping's own.",
)
@click.option(
    "--out",
    type=FILE,
    default=None,
    help="The file to write; left out: standard output.",
)
@click.option(
    "--quarantine",
    type=FILE,
    default=None,
    help="Where to write the rows that are no events.",
)
@click.option("--pack", type=EXISTING, help="A policy that adds types of events, if it has any.")
def map_(
    mapping: Path, data: Path | None, out: Path | None, quarantine: Path | None, pack: Path | None
) -> None:
    """Turn somebody's export into events, one JSON object a line, in order of time.

    \b
    revlex map rules/marketplace/olist/mapping.yaml --data data/olist --out events.jsonl
    """
    catalog = None if pack is None else compiled(pack).catalog
    shown = sys.stderr.isatty()
    text = map_export(mapping, data, out, quarantine, progress=shown, catalog=catalog)
    click.echo(text, err=True)
