"""`revlex export`: records for other systems."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, get_args

import click

from ...records.appeal import State
from ...records.decision import Kind, Mode
from ..exporting.asked import FLAGS, JSONL, PARQUET, Asked, wanted_from
from ..exporting.exports import EXPORTS, make_export
from ..exporting.targets import STANDARD_OUTPUT
from ..progress import progress_bar
from .saying import Exit, say

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
    type=click.Choice([JSONL, PARQUET]),
    default=JSONL,
    help="JSON lines, or a table with flat columns.",
)
@click.option(
    "--out",
    default=STANDARD_OUTPUT,
    metavar="FILE",
    help="The file to write to, instead of printing.",
)
def export(what: str, source: str, **options: Any) -> None:
    """Write decisions or appeals of a ledger, or of a run, for other systems.

    \b
    revlex export decisions decisions.db --kind action --from 2025-08-01T00:00:00Z
    revlex export appeals results --state under_review
    revlex export decisions decisions.db --format parquet --out decisions.parquet
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
    sys.exit(Exit.FINE)


def _has_room(out: str) -> bool:
    """Whether a bar is seen and in nobody's way."""
    return sys.stderr.isatty() and (out != STANDARD_OUTPUT or not sys.stdout.isatty())
