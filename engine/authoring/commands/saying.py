"""How commands speak: text, colour where it is wanted, and the exit status."""

from __future__ import annotations

import enum
import os
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

import click

from ...language.display import visible

VERSION = "0.1.0"


class Exit(enum.IntEnum):
    """What the shell is told."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    WARNINGS = 3
    STOPPED = 130
    """What shells say of a command that was interrupted."""


def colour(stream: Any = None) -> bool:
    """Whether a stream is a terminal that wants colour."""
    stream = stream or sys.stdout
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR")


def fail(message: str, help_: str | None = None) -> NoReturn:
    """Say what is wrong with the command and end."""
    click.echo(f"revlex: {message}" + (f"\n  = help: {help_}" if help_ else ""), err=True)
    sys.exit(Exit.USAGE)


def say(lines: Iterable[str]) -> None:
    """Print lines; nothing that people have written in them can steer a terminal."""
    for line in lines:
        click.echo(visible(line))
