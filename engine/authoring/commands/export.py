"""`revlex export`: records for other systems."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, get_args

import click

from ...language.display import visible
from ...records.appeal import State
from ...records.decision import Kind, Mode
from ..exporting.asked import BATCHES, FLAGS, JSONL, PARQUET, Asked, Exported, wanted_from
from ..exporting.exports import EXPORTS, make_export
from ..exporting.targets import STANDARD_OUTPUT
from ..progress import progress_bar
from .saying import Exit, say

PACK: Final = click.Path(path_type=Path, exists=True)
_FILTERS: Final = ("shops", "rules", "kinds", "modes", "states", "regions")


def _filter(name: str, says: str, words: Any = None) -> Callable[[Any], Any]:
    kind = None if words is None else click.Choice(get_args(words))
    flag = FLAGS[name]
    word = flag.removeprefix("--").upper()
    return click.option(flag, name, multiple=True, type=kind, metavar=word, help=says)


@click.command()
@click.argument("what", type=click.Choice(list(EXPORTS)))
@click.argument("source", metavar="LEDGER|OUT_DIR")
@_filter("shops", "Only of this shop. Filters may be repeated.")
@_filter("rules", "Only by this rule, threshold, action, …")
@_filter("kinds", "Only decisions of this kind: verdict, action, …", Kind)
@_filter("modes", "Only decisions of this mode: live, shadow, …", Mode)
@_filter("states", "Only appeals in this state: filed, final, …", State)
@_filter("regions", "Only of shops in this region.")
@click.option(
    "--from", "since", metavar="TIME", help="Only from then on, such as 2025-08-01T00:00:00Z."
)
@click.option("--to", "before", metavar="TIME", help="Only before then.")
@click.option(
    "--format",
    "style",
    type=click.Choice([JSONL, PARQUET, BATCHES]),
    default=JSONL,
    help="JSON lines, a table with flat columns, or (dsa) the bodies of calls.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="For dsa: what the platform says of its statements.",
)
@click.option("--all-regions", is_flag=True, help="For dsa: also shops outside of the EEA.")
@click.option("--problems", metavar="FILE", help="For dsa: write all that does not fit there.")
@click.option(
    "--out",
    default=STANDARD_OUTPUT,
    metavar="FILE",
    help="The file to write to, instead of printing.",
)
@click.option("--policy", type=PACK, metavar="PACK", help="For an OUT_DIR: what it was run with.")
@click.option(
    "--language", metavar="TAG", help="For notices: another language than each shop's own."
)
def export(what: str, source: str, **options: Any) -> None:
    """Write decisions, appeals, notices or EU statements of reasons for other systems.

    \b
    revlex export decisions decisions.db --kind action --from 2025-08-01T00:00:00Z
    revlex export appeals results --state under_review
    revlex export notices decisions.db --language en --out notices.jsonl
    revlex export decisions decisions.db --format parquet --out decisions.parquet
    revlex export dsa decisions.db --config dsa.yaml --out statements.jsonl
    """
    style, out = options.pop("style"), options.pop("out")
    given = dict(options)
    filters = {name: options.pop(name) for name in _FILTERS}
    wanted = wanted_from(filters, options.pop("since"), options.pop("before"))
    with progress_bar(shown=_has_room(out), total=None, of="records") as bar:
        asked = Asked(
            what=what, wanted=wanted, style=style, out=out, on_record=bar.on_event, **options
        )
        exported = make_export(source, asked, given)
    if out != STANDARD_OUTPUT:
        say([f"{exported.what} written to {out}: {exported.written:,}"])
    _tell(exported)
    sys.exit(Exit.FINDINGS if exported.refused else Exit.FINE)


def _tell(exported: Exported) -> None:
    """Say what could not be exported, and what may be meant otherwise."""
    for note in exported.notes:
        click.echo(f"revlex: {visible(note)}", err=True)
    for sentence in exported.told:
        click.echo(sentence, err=True)
    if exported.refused:
        left = f"{exported.refused:,} could not be exported; `--problems FILE` keeps all reasons"
        click.echo(f"revlex: {left}", err=True)


def _has_room(out: str) -> bool:
    """Whether a bar is seen and in nobody's way."""
    return sys.stderr.isatty() and (out != STANDARD_OUTPUT or not sys.stdout.isatty())
