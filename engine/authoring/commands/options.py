"""Arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

EXISTING = click.Path(path_type=Path, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)

ledger_argument = click.argument("ledger", metavar="FILE|URL")


def style_option(*styles: str, shows: str = "it") -> Callable[[Any], Any]:
    """`--format`: `text` unless another style is asked for."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(["text", *styles]),
        default="text",
        help=f"How to show {shows}.",
    )
