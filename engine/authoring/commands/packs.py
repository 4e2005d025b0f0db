"""The program of a pack, for commands that run one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ...language.compiler import compile_policy
from ...language.program import Program
from ...language.render_text import render_text
from .saying import Exit, colour


def compiled(path: Path) -> Program:
    """The program of a pack; a pack with errors ends the command with them."""
    program, report = compile_policy(path)
    if program is None:
        click.echo(render_text(report, colour=colour(sys.stderr)), err=True)
        sys.exit(Exit.FINDINGS)
    return program
