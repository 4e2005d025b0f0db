"""E695 to E699: rules on events, holds, and names of cases that do not make sense."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic, Label
from ..source import Span
from .shape import nearest, shorten


def several_kinds(first: str, second: str, span: Span, other: Span) -> Diagnostic:
    """E695: a rule on events about different things, none of which its condition could read."""
    return Diagnostic(
        "E695",
        f"one event is about `{first}`, another about `{second}`",
        span,
        help=f"make a second rule for the events about `{second}`",
        labels=(Label(other, f"this one is about `{first}`"),),
    )


def never_held(span: Span) -> Diagnostic:
    """E696: a length for holds in a rule that holds nothing."""
    return Diagnostic(
        "E696",
        "no verdict of this rule is `hold`",
        span,
        help="write `verdict: hold` or `otherwise: hold`, or remove `hold_for` and `then`",
    )


def refused_too_late(event: str, span: Span) -> Diagnostic:
    """E697: a change that would have to be undone after others may have followed."""
    return Diagnostic(
        "E697",
        f"what `{event}` changes cannot be undone later",
        span,
        help="write `then: allow`, or let the rule refuse at once",
    )


def held_too_long(days: int, span: Span) -> Diagnostic:
    """E698: a hold that outlasts what it is on."""
    return Diagnostic(
        "E698",
        f"the hold is longer than the {days} days that anything is remembered",
        span,
        help="shorten it, or lengthen `retention:`",
    )


def no_such_case(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E699: an entry that names a case which nobody has written."""
    names = list(known)
    return Diagnostic(
        "E699",
        f"there is no case `{shorten(name)}`",
        span,
        help=nearest(name, names) or "write it in `cases.yaml`, or remove the name",
    )
