"""What can be wrong with what is asked about events and periods: E420 to E425, E530 to E535."""

from __future__ import annotations

from ..diagnostics import Diagnostic
from ..source import Span


def no_field_of_event(about: str, span: Span) -> Diagnostic:
    """`was(order.flag)` in a rule on reviews, `was(review.stars + 1)`."""
    return Diagnostic(
        "E530",
        f"`was` takes one field of the `{about}` that the event is about",
        span,
        help=f"name a field of it, as in `was({about}.status)`",
    )


def no_event(span: Span) -> Diagnostic:
    """`was(review.stars)` in a measure or a threshold."""
    return Diagnostic(
        "E531",
        "there is no event here before which anything was",
        span,
        help="use `was` in rules on events and in drafts",
    )
