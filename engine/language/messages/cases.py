"""E68x: cases that cannot be run."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic
from ..source import Span
from .shape import listed, nearest, shorten


def expects_nothing(span: Span) -> Diagnostic:
    """E680: a case that cannot fail."""
    return Diagnostic(
        "E680", "this case cannot fail", span, help="add `expect:`, `never:` or `end:`"
    )


def bad_event(message: str, span: Span) -> Diagnostic:
    """E681: an event of a case that is no event."""
    return Diagnostic("E681", f"this is no event: {message}", span, help="correct the event")


def bad_time(text: str, span: Span) -> Diagnostic:
    """E682: a time of a case that is none."""
    return Diagnostic(
        "E682",
        f"`{shorten(text)}` is not a time",
        span,
        help="write it with its offset, such as `2025-07-01T10:00:00+07:00`",
    )


def bad_pattern(name: str, span: Span, help_: str) -> Diagnostic:
    """E683: an expectation that no decision could meet."""
    return Diagnostic("E683", f"decisions have nothing called `{shorten(name)}`", span, help=help_)


def bad_ending(name: str, span: Span, help_: str) -> Diagnostic:
    """E683: what must hold at the end, of something that the policy does not have."""
    return Diagnostic("E683", f"the policy has nothing called `{shorten(name)}`", span, help=help_)


def too_many(most: int, span: Span) -> Diagnostic:
    """E684: a line that stands for too many events."""
    return Diagnostic(
        "E684", "this line stands for too many events", span, help=f"repeat at most {most} times"
    )


def no_such_region(region: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E685: a shop in a region that the policy does not have."""
    names = list(known)
    return Diagnostic(
        "E685",
        f"the policy has no region `{shorten(region)}`",
        span,
        help=nearest(region, names) or f"write one of {listed(names)}",
    )
