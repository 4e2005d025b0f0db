"""`revlex history`: the timeline of a shop."""

from __future__ import annotations

import sys
from typing import Any

import click

from ...language.display import visible
from ..exporting.targets import check_targets, writing_to
from ..timeline.as_json import as_json
from ..timeline.as_text import as_text
from ..timeline.choosing import MOST_ENTRIES
from ..timeline.opening import history_of
from ..timeline.survey import Asked
from .options import style_option
from .saying import fail


@click.command()
@click.argument("source", metavar="LEDGER|OUT_DIR")
@click.argument("shop")
@click.option("--from", "since", metavar="WHEN", help="Begin with this day or time.")
@click.option("--to", "until", metavar="WHEN", help="End with this day or time.")
@click.option(
    "--most",
    type=click.IntRange(0, 100_000),
    default=MOST_ENTRIES,
    show_default=True,
    metavar="N",
    help="So many decisions are listed; of more, those that matter less and the older are not.",
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    help="Write one page with charts instead; `-` is standard output.",
)
@style_option("json", shows="the history")
def history(source: str, shop: str, page: str | None, style: str, **asked: Any) -> None:
    """Show what happened to a SHOP: reviews, measures, points, actions, appeals, decisions.

    Of a LEDGER, the events are evaluated once more, to see what each check saw. The OUT_DIR of a
    run has no reviews, and values of measures only if it was run with `--measures`. Days are those
    of the shop's own clock.

    \b
    revlex history decisions.db s1
    revlex history decisions.db s1 --from 2025-07-01 --to 2025-07-31
    revlex history results s1 --format json
    revlex history decisions.db s1 --html s1.html
    """
    if page is not None and style != "text":
        fail("`--html` and `--format` do not go together", "leave out one of them")
    check_targets(source, page)
    found = history_of(source, shop, Asked(**asked), progress=sys.stderr.isatty())
    if page is not None:
        from ..timeline.page import as_page  # noqa: PLC0415  # slow, and seldom

        with writing_to(page) as file:
            file.write(as_page(found).encode())
        click.echo(f"history of {visible(shop)} written to {visible(page)}", err=True)
        return
    click.echo(as_json(found) if style == "json" else as_text(found), nl=style == "json")
