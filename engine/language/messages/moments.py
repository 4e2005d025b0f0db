"""What can be wrong with parts of the week and with moments that are looked for: E344 to E349."""

from __future__ import annotations

from ..diagnostics import Diagnostic
from ..source import Span


def during_needs_part(span: Span) -> Diagnostic:
    """`review.posted_at during office_hours`."""
    return Diagnostic(
        "E344",
        "`during` needs days, or hours, or both",
        span,
        help="write `during 09:00 to 21:00`, `during saturday to sunday`, or "
        "`during monday to friday 09:00 to 18:00`",
    )


def first_needs_moment(span: Span) -> Diagnostic:
    """`first noon after review.posted_at`, `first monday 12:00 after review.posted_at`."""
    return Diagnostic(
        "E345",
        "`first` needs a day or a time of the day, and then `after`",
        span,
        help="write `first 12:00 after review.posted_at`, `first monday at 12:00 after` or "
        "`first business day after`",
    )
