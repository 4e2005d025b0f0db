"""`revlex retain`: what was kept long enough goes from a ledger."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import msgspec

from ...runtime.instants import from_datetime
from ..forgetting import erased_lines
from ..forgetting import retain as retain_ledger
from ..running import instant_of
from .options import key_option, ledger_argument, style_option
from .saying import say


@click.command()
@ledger_argument
@click.option("--texts", metavar="DAYS", help="Withhold older texts, such as 730d.")
@click.option("--events", metavar="DAYS", help="Drop older events.")
@click.option("--quarantine", metavar="DAYS", help="Drop older records of the quarantine.")
@click.option("--as-of", metavar="INSTANT", help="Count back from here; else from now.")
@click.option("--dry-run", is_flag=True, help="Only show what would come of it.")
@key_option
@style_option("json", shows="what was taken out")
def retain(
    ledger: str, key: bytes, as_of: str | None, *, dry_run: bool, style: str, **ages: str | None
) -> None:
    """Take out of a LEDGER what is older than it is to be kept; decisions and appeals stay.

    A nightly job says this. Each time that something is taken out is noted in the ledger.

    \b
    revlex retain decisions.db --texts 730d --events 1095d --quarantine 90d
    revlex retain decisions.db --texts 365d --as-of 2026-01-01T00:00:00Z --dry-run
    """
    asked = instant_of(as_of)
    at = from_datetime(datetime.now(UTC)) if asked is None else asked
    erased = retain_ledger(ledger, key, ages, at, dry_run=dry_run)
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(erased)).decode())
    else:
        say(erased_lines(erased, dry_run=dry_run))
