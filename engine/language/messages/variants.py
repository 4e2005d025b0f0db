"""E670 to E674, W730 and W731: what is wrong with variants and versions."""

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


def too_many_variants(kind: str, name: str, most: int, span: Span) -> Diagnostic:
    """E674: more variants of a name than anybody could follow."""
    return Diagnostic(
        "E674",
        f"there are more than {most:,} variants of the {kind} `{shorten(name)}`",
        span,
        help="name several regions in one variant, or look values up in a table",
    )


def too_soon(period: str, days: int, span: Span) -> Diagnostic:
    """E673: a version that applies too soon after it was made known."""
    known = f"only {days} {'day' if days == 1 else 'days'}" if days > 0 else "no day"
    return Diagnostic(
        "E673",
        f"this is announced {known} before it applies, and `notice_period` is `{shorten(period)}`",
        span,
        help="announce it earlier, or let it apply later",
    )


def not_announced(period: str, span: Span) -> Diagnostic:
    """W730: a version of which nothing says when it was made known."""
    return Diagnostic(
        "W730",
        f"nothing says when this was announced, and `notice_period` is `{shorten(period)}`",
        span,
        help="add `announced:` with the day",
    )


def silent_day(name: str, day: str, span: Span) -> Diagnostic:
    """W731: a single day between two variants on which none speaks."""
    return Diagnostic(
        "W731",
        f"on {day} no variant of `{shorten(name)}` speaks; "
        "`until` is the first day on which it does not apply",
        span,
        help="write the day on which the next one begins",
    )
