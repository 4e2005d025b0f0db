"""`revlex explain-code`: the page of a code."""

from __future__ import annotations

import click

from ...language.codes import page, page_text


@click.command("explain-code")
@click.argument("code")
def explain_code(code: str) -> None:
    """Explain an error code, with an example that has the mistake and one that does not.

    \b
    revlex explain-code E301
    revlex explain-code single-equals
    """
    click.echo(page_text(page(code)), nl=False)
