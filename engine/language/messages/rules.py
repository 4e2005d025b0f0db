"""E695 to E699, W739 to W741: rules on events, holds and drafts that do not make sense."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Label
from ..source import Span


def several_kinds(first: str, second: str, span: Span, other: Span) -> Diagnostic:
    """E695: a rule on events about different things, none of which its condition could read."""
    return Diagnostic(
        "E695",
        f"one event is about `{first}`, another about `{second}`",
        span,
        help=f"make a second rule for the events about `{second}`",
        labels=(Label(other, f"this one is about `{first}`"),),
    )
