"""`revlex advance`: time passes for all shops of a ledger."""

from __future__ import annotations

import sys

import click
import msgspec

from ..advancing import advance_ledger, advanced_lines
from .options import key_option, ledger_argument, style_option
from .saying import say


@click.command()
@ledger_argument
@click.option(
    "--to", required=True, metavar="INSTANT|now", help="Up to when, such as 2025-08-01T00:00:00Z."
)
@click.option("--future", is_flag=True, help="It may lie ahead of now.")
@key_option
@style_option("json", shows="what came of it")
def advance(ledger: str, to: str, key: bytes, *, future: bool, style: str) -> None:
    """Let time pass for all shops of a LEDGER: checks run, deadlines lapse, actions end.

    A nightly job says this after the events of the day. It can be broken off and said again.

    \b
    revlex advance decisions.db --to now
    revlex advance postgresql://revlex@localhost/revlex --to 2025-08-01T00:00:00+07:00
    """
    advanced = advance_ledger(ledger, to, key, future=future, progress=sys.stderr.isatty())
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(advanced)).decode())
    else:
        say(advanced_lines(advanced))
