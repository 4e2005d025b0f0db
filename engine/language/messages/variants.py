"""E670 to E674 and W730: what is wrong with variants and versions."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Label
from ..source import Span
from .shape import shorten


def variants_meet(kind: str, name: str, span: Span, first: Span) -> Diagnostic:
    """E670: two variants that would speak at once."""
    return Diagnostic(
        "E670",
        f"two variants of the {kind} `{shorten(name)}` speak in one region at one time",
        span,
        help="give them `regions` or `effective` dates that have nothing in common",
        labels=(Label(first, "the other is here"),),
    )


def variants_differ(kind: str, name: str, what: str, span: Span, first: Span) -> Diagnostic:
    """E671, E672: variants that are not the same kind of thing."""
    return Diagnostic(
        "E671" if kind == "measure" else "E672",
        f"the variants of the {kind} `{shorten(name)}` differ in {what}",
        span,
        help=f"give all of them the same {what}, or this one a name of its own",
        labels=(Label(first, "the first is here"),),
    )
