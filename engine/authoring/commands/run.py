"""`revlex run`: events in, decisions and appeals out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ...language.program import Program
from ...records.decision import encode
from ..running import run_batch
from .options import EXISTING, FOLDER, key_option, style_option
from .packs import compiled
from .saying import Exit, colour, fail


@click.command()
@click.argument("pack", type=EXISTING)
@click.option(
    "--events",
    "inputs",
    multiple=True,
    metavar="PATH",
    help="JSON lines, CSV or Parquet, plain or .gz; `-` is standard input. Several are "
    "merged by time. With --mapping: the folder of the exports.",
)
@click.option("--mapping", type=EXISTING, help="A mapping from somebody's export to events.")
@click.option("--out", type=FOLDER, help="The folder to write to.")
@click.option(
    "--ledger",
    metavar="FILE|URL",
    help="Instead of --out: the ledger to write to, a file or postgresql://…; "
    "goes on where the last run stopped.",
)
@key_option
@click.option(
    "--redact",
    multiple=True,
    type=click.Choice(["texts", "names"]),
    help="When a ledger is begun: withhold people's words from decisions, drop buyers' names.",
)
@click.option("--region", help="The region of shops whose events name none.")
@click.option("--until", help="Let time pass to here at the end, such as 2025-08-01T00:00:00Z.")
@click.option("--sort", is_flag=True, help="Put the events in order first (needs memory for all).")
@click.option("--measures", is_flag=True, help="Write measures.jsonl: every value a check saw.")
@click.option("--strict", is_flag=True, help="Exit with 1 if an event was quarantined.")
@style_option("json", shows="the summary")
def run(pack: Path, **options: Any) -> None:
    """Evaluate events under the policy in PACK, and write decisions and appeals.

    \b
    revlex run my-policy --events reviews.jsonl --out results
    zcat reviews.jsonl.gz | revlex run my-policy --events - --out results
    revlex run rules/marketplace/olist --mapping rules/marketplace/olist/mapping.yaml \\
        --events data/olist --out results
    revlex run my-policy --events reviews.jsonl --ledger decisions.db
    """
    program = compiled(pack)
    style, strict = options.pop("style"), options.pop("strict")
    ledger = options.pop("ledger")
    if ledger is not None:
        quarantined, as_json, as_text = _into_ledger(pack, program, ledger, options)
    elif options["out"] is None:
        fail("it is not said where to write to", "add `--out FOLDER` or `--ledger FILE`")
    else:
        if options.pop("redact"):
            fail("`--redact` is for ledgers", "add `--ledger FILE`, or leave it out")
        outcome = run_batch(program, **options, progress=sys.stderr.isatty())
        quarantined = bool(outcome.summary.quarantined)
        as_json, as_text = outcome.as_json(), outcome.as_text(colour=colour())
    click.echo(as_json if style == "json" else as_text, nl=False)
    sys.exit(Exit.FINDINGS if strict and quarantined else Exit.FINE)


_NOT_INTO_LEDGER = ("out", "sort", "measures")
"""Options that a ledger has no use for."""


def _into_ledger(
    pack: Path, program: Program, ledger: str, options: dict[str, Any]
) -> tuple[bool, str, str]:
    """Run into a ledger: whether anything was quarantined, and the summary as JSON and text."""
    from ..ledger_runs import record_run, recorded_as_text  # noqa: PLC0415  # slow, and seldom

    for name in _NOT_INTO_LEDGER:
        if options.pop(name):
            fail(f"`--ledger` and `--{name}` do not go together", f"leave out `--{name}`")
    shown = sys.stderr.isatty()
    recorded = record_run(pack, program, ledger=ledger, **options, progress=shown)
    text = recorded_as_text(recorded, colour=colour())
    return bool(recorded.quarantined), encode(recorded).decode() + "\n", text
