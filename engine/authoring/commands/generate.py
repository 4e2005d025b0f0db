"""`revlex generate`: a stream to try things with."""

from __future__ import annotations

import sys
from typing import Any

import click

from ..generating.settings import settings_of
from ..generating.writing import Faults, format_of, write_stream


@click.command()
@click.option(
    "--events",
    required=True,
    type=int,
    metavar="N",
    help="How many to generate.",
)
@click.option(
    "--seed",
    type=int,
    metavar="N",
    default=1,
    show_default=True,
    help="Other seeds give other events.",
)
@click.option(
    "--out",
    required=True,
    metavar="PATH",
    help="A file that ends in .jsonl, .jsonl.gz or .parquet; `-` is standard output.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["jsonl", "jsonl.gz", "parquet"]),
    help="What to write; left out: what the name of the file tells.",
)
@click.option(
    "--shops",
    type=int,
    metavar="N",
    help="Left out: more for longer streams.",
)
@click.option(
    "--products",
    type=int,
    metavar="N",
    default=12,
    show_default=True,
    help="How many each shop sells.",
)
@click.option(
    "--days",
    type=int,
    metavar="N",
    default=90,
    show_default=True,
    help="How long the stream takes, roughly.",
)
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2025-01-01",
    show_default=True,
    metavar="DAY",
    help="The first day, in UTC.",
)
@click.option("--regions", metavar="MIX", help="Such as TH,VN or, with weights, TH=3,VN=1.")
@click.option(
    "--appeal-rule",
    "appeal_rules",
    multiple=True,
    metavar="RULE",
    help="A rule against which sellers appeal; without any, nobody appeals.",
)
@click.option(
    "--violation",
    "violations",
    multiple=True,
    metavar="NAME",
    help="A violation that staff record; without any, they record none.",
)
@click.option(
    "--duplicates",
    type=click.IntRange(0, 1000),
    metavar="N",
    default=0,
    help="Of 1,000 events, so many come twice.",
)
@click.option(
    "--bad-lines",
    type=click.IntRange(0, 1000),
    metavar="N",
    default=0,
    help="To 1,000 lines, so many are added that are no events.",
)
def generate(out: str, style: str | None, duplicates: int, bad_lines: int, **options: Any) -> None:
    """Make up a stream of reviews, orders, replies and the like, in order of time.

    The same options give the same events on every machine. Shops and people are made up; texts
    are in English, Thai, Vietnamese, Indonesian, Portuguese and Chinese.

    \b
    revlex generate --events 100000 --out stream.jsonl.gz
    revlex generate --events 1000 --seed 7 --regions TH,VN --out - | head
    revlex generate --events 50000 --days 30 --duplicates 5 --bad-lines 2 --out rough.jsonl
    revlex generate --events 20000 --appeal-rule no-rewards --out stream.parquet
    """
    options["start"] = options["start"].date()
    faults = Faults(duplicates=duplicates, bad_lines=bad_lines)
    settings, shown = settings_of(**options), sys.stderr.isatty()
    text = write_stream(settings, out, style or format_of(out), faults, progress=shown)
    click.echo(text, err=True)
