"""`revlex init`: a policy to begin with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ...language.schema import policy_schema
from ..starter import write_starter
from .options import FOLDER


@click.command()
@click.argument("folder", type=FOLDER)
def init(folder: Path) -> None:
    """Write a small, commented policy with its examples into FOLDER.

    \b
    revlex init my-policy
    """
    for path in write_starter(folder, json.dumps(policy_schema(), indent=1) + "\n"):
        click.echo(f"wrote {path}")
    click.echo(f"next: revlex check {folder}")
