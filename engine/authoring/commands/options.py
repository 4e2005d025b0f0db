"""Arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ...ledger.privacy.keys import read_key

EXISTING = click.Path(path_type=Path, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


def _key(_context: click.Context, _parameter: click.Parameter, file: Path | None) -> bytes:
    """The key in a file; empty where none is named."""
    return b"" if file is None else read_key(file)


key_option = click.option(
    "--key-file",
    "key",
    type=click.Path(path_type=Path),
    envvar="REVLEX_KEY_FILE",
    callback=_key,
    help="The file with the key of your deployment; else REVLEX_KEY_FILE names it.",
)

ledger_argument = click.argument("ledger", metavar="FILE|URL")

evidence_dir_option = click.option(
    "--evidence-dir",
    metavar="FOLDER",
    help="Where files are kept; left out: beside the ledger, or $REVLEX_EVIDENCE_DIR on a server.",
)


def style_option(*styles: str, shows: str = "it") -> Callable[[Any], Any]:
    """`--format`: `text` unless another style is asked for."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(["text", *styles]),
        default="text",
        help=f"How to show {shows}.",
    )
