"""`revlex erase`: the texts and the name of a buyer go from a ledger."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import msgspec

from ...runtime.instants import from_datetime
from ..forgetting import erase as erase_buyer
from ..forgetting import erased_lines
from .options import key_option, ledger_argument, style_option
from .saying import say


@click.command()
@ledger_argument
@click.option(
    "--buyer", metavar="ID", required=True, help="The id of the buyer, as events have it."
)
@click.option("--dry-run", is_flag=True, help="Only show what would come of it.")
@key_option
@style_option("json", shows="what was taken out")
def erase(ledger: str, buyer: str, key: bytes, *, dry_run: bool, style: str) -> None:
    """Take the texts and the name of a buyer out of a LEDGER, for good.

    The chains of decisions hold as before, and `verify` evaluates what comes after.

    \b
    revlex erase decisions.db --buyer ann-1 --dry-run
    revlex erase decisions.db --buyer ann-1 --key-file revlex.key
    """
    now = from_datetime(datetime.now(UTC))
    erased = erase_buyer(ledger, key, buyer, now, dry_run=dry_run)
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(erased)).decode())
    else:
        say(erased_lines(erased, dry_run=dry_run))
