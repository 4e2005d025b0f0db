"""`revlex test`: the examples of packs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..testing import test_packs
from .options import EXISTING, style_option
from .saying import Exit, colour


@click.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING)
@style_option("json", shows="the results")
def test(paths: tuple[Path, ...], style: str) -> None:
    """Run the examples (`cases.yaml`) of the packs in PATHS.

    \b
    revlex test my-policy
    revlex test rules --format json
    """
    outcome = test_packs(paths)
    click.echo(outcome.as_json() if style == "json" else outcome.as_text(colour=colour()), nl=False)
    sys.exit(Exit.FINE if outcome.passed else Exit.FINDINGS)
