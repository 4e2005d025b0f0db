"""`revlex verify`: whether a ledger is what was written."""

from __future__ import annotations

import sys

import click

from ...ledger.verifying import Look
from ..verification import findings_as_json, findings_as_text, verified
from .options import evidence_dir_option, key_option, ledger_argument, style_option
from .saying import Exit


@click.command()
@ledger_argument
@click.option("--shop", metavar="SHOP", help="Look at this shop alone.")
@click.option(
    "--quick", is_flag=True, help="Check chains, balances and counts; evaluate no event once more."
)
@evidence_dir_option
@key_option
@style_option("json", shows="what does not hold")
def verify(ledger: str, key: bytes, *, quick: bool, style: str, **where: str | None) -> None:
    """Check that a LEDGER was not changed, and that all in it follows from its events.

    \b
    revlex verify decisions.db
    revlex verify decisions.db --shop s1
    revlex verify postgresql://revlex@localhost/revlex --quick --format json
    """
    shown = sys.stderr.isatty()
    look = Look(where["shop"], evaluate=not quick, evidence_dir=where["evidence_dir"])
    found = verified(ledger, key, look, progress=shown)
    click.echo(findings_as_json(found) if style == "json" else findings_as_text(found))
    sys.exit(Exit.FINDINGS if found.findings else Exit.FINE)
