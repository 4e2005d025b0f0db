"""`revlex explain`: why a decision was made."""

from __future__ import annotations

import click

from ..lookup import find_decision
from .options import style_option


@click.command()
@click.argument("out_dir", metavar="OUT_DIR|LEDGER")
@click.argument("decision_id")
@style_option("json", shows="the decision")
def explain(out_dir: str, decision_id: str, style: str) -> None:
    """Show why a decision in OUT_DIR, or in a LEDGER, was made.

    DECISION_ID may be the beginning of an id, as long as only one decision has it.

    \b
    revlex explain results 3kdsel6uf5
    """
    found = find_decision(out_dir, decision_id)
    click.echo(found.as_json() if style == "json" else found.as_text(), nl=False)
