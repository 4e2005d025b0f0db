"""`revlex notice`: what a seller is told of a decision."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from ..lookup import find_decision
from ..telling.as_text import notice_text
from ..telling.tellers import telling
from .options import style_option

POLICY = click.Path(path_type=Path, exists=True)


@click.command()
@click.argument("source", metavar="LEDGER|OUT_DIR")
@click.argument("decision_id")
@click.option("--policy", type=POLICY, metavar="PACK", help="The pack that OUT_DIR was run with.")
@click.option(
    "--language", metavar="TAG", help="Another language than the shop's, such as `en` or `th`."
)
@style_option("json", shows="the notice")
def notice(
    source: str, decision_id: str, policy: Path | None, language: str | None, style: str
) -> None:
    """Show what the seller is told of a decision, in the words of its policy.

    DECISION_ID may be the beginning of an id, as long as only one decision has it.

    \b
    revlex notice decisions.db 3kdsel6uf5
    revlex notice results 3kdsel6uf5 --policy my-policy --language th
    """
    decision = find_decision(source, decision_id).decision
    with telling(source, policy, language) as teller:
        made = teller.notice(decision)
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(made)).decode())
    else:
        click.echo(notice_text(made), nl=False)
