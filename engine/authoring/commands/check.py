"""`revlex check`: what is wrong with policies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from ...language.compiler import compile_policy
from ...language.diagnostics import Report
from ..finding import find_packs
from .options import EXISTING, style_option
from .saying import VERSION, Exit, colour


@click.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING)
@style_option("json", "sarif", shows="what was found")
@click.option("--strict", is_flag=True, help="Warnings count: exit with 3 if there are any.")
def check(paths: tuple[Path, ...], style: str, strict: bool) -> None:  # noqa: FBT001  # Click's way
    """Report everything that is wrong with the policies in PATHS.

    A path is a file, or a folder; every folder below it that holds policy files is one policy.

    \b
    revlex check my-policy
    revlex check rules --strict
    revlex check my-policy --format sarif > findings.sarif
    """
    report = Report()
    for pack in find_packs(paths):
        report.merge(compile_policy(pack)[1])
    click.echo(_render(style)(report), nl=False)
    sys.exit(_exit_of(report, strict=strict))


def _render(style: str) -> Callable[[Report], str]:
    if style == "json":
        from ...language.render_json import render_json  # noqa: PLC0415  # only if wanted

        return render_json
    if style == "sarif":
        from ...language.render_sarif import render_sarif  # noqa: PLC0415  # only if wanted

        return lambda report: render_sarif(report, version=VERSION)
    from ...language.render_text import render_text  # noqa: PLC0415  # only if wanted

    return lambda report: render_text(report, colour=colour())


def _exit_of(report: Report, *, strict: bool) -> Exit:
    if report.has_errors:
        return Exit.FINDINGS
    return Exit.WARNINGS if strict and len(report) else Exit.FINE
