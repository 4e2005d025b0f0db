"""`revlex adopt`: a ledger goes on under another version of its policy."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from ..adopting import adopt as adopt_policy
from ..adopting import adopted_lines
from .options import EXISTING, key_option, ledger_argument, style_option
from .packs import compiled
from .saying import say


@click.command()
@ledger_argument
@click.argument("pack", type=EXISTING)
@click.option("--dry-run", is_flag=True, help="Only look whether it could; nothing is written.")
@key_option
@style_option("json", shows="what came of it")
def adopt(ledger: str, pack: Path, key: bytes, *, dry_run: bool, style: str) -> None:
    """Let a LEDGER go on under the version of its policy in PACK.

    What was decided stays; what is still in use has to be in the new version.

    \b
    revlex adopt decisions.db my-policy --dry-run
    revlex adopt decisions.db my-policy
    """
    program, shown = compiled(pack), sys.stderr.isatty()
    adopted = adopt_policy(ledger, pack, program, key, dry_run=dry_run, progress=shown)
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(adopted)).decode())
    else:
        say(adopted_lines(adopted))
