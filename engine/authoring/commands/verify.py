"""`revlex verify`: whether a ledger is what was written."""

from __future__ import annotations

import sys

import click

from ..ledger_runs import findings_as_json, findings_as_text, verified
from .options import ledger_argument, style_option
from .saying import Exit


@click.command()
@ledger_argument
@style_option("json", shows="what does not hold")
def verify(ledger: str, style: str) -> None:
    """Check that a LEDGER was not changed, and that its decisions follow from its events.

    \b
    revlex verify decisions.db
    revlex verify postgresql://revlex@localhost/revlex --format json
    """
    name, findings = verified(ledger)
    click.echo(findings_as_json(findings) if style == "json" else findings_as_text(name, findings))
    sys.exit(Exit.FINDINGS if findings else Exit.FINE)
