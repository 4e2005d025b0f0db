"""What can be wrong with calendars and with questions about events: E420 to E425, E530 to E535."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..diagnostics import Diagnostic, did_you_mean
from ..source import Span
from .shape import listed, shorten


def no_field_of_event(about: str, span: Span) -> Diagnostic:
    """`was(order.flag)` in a rule on reviews, `was(review.stars + 1)`."""
    return Diagnostic(
        "E530",
        f"`was` takes one field of the `{about}` that the event is about",
        span,
        help=f"name a field of it, as in `was({about}.status)`",
    )


def few_conditions(count: int, span: Span) -> Diagnostic:
    """`how_many(negative)`."""
    return Diagnostic(
        "E532",
        f"`how_many` takes two conditions or more, and here {_number(count)} given",
        span,
        help="put commas between the conditions: `how_many(a, b, c) >= 2`",
    )


def wrong_lists(count: int, most: int, span: Span) -> Diagnostic:
    """`in_one_sentence(review.text, offers)`; the text is no list."""
    return Diagnostic(
        "E533",
        f"`in_one_sentence` takes a text and 2 to {most} lists, and here {_number(count)} given",
        span,
        help="for a single list write `text contains any of list`"
        if count == 1
        else "write the text first, then a list for each thing that has to be in the sentence",
    )


def _number(count: int) -> str:
    return {0: "none is", 1: "one is"}.get(count, f"{count} are")


def no_event(span: Span) -> Diagnostic:
    """`was(review.stars)` in a measure or a threshold."""
    return Diagnostic(
        "E531",
        "there is no event here before which anything was",
        span,
        help="use `was` in rules on events and in drafts",
    )


# ------------------------------------------------------------------- calendars


def two_calendars(span: Span) -> Diagnostic:
    """`calendar` beside `calendars: {else: ...}`."""
    return Diagnostic(
        "E420",
        "`calendar` and `else` both speak for the regions without a calendar of their own",
        span,
        help="keep one of the two",
    )


def no_calendar(regions: Iterable[str], span: Span) -> Diagnostic:
    """`calendars: {TH: ...}` in a policy for TH and VN."""
    return Diagnostic(
        "E421",
        f"there is no calendar for {listed(regions)}",
        span,
        help="add it, or `else` for all others",
    )


def endless_weekend(span: Span) -> Diagnostic:
    """`calendar: {weekend: [monday, ..., sunday]}`."""
    return Diagnostic(
        "E422",
        "a weekend of seven days leaves no business day",
        span,
        help="leave out the days on which business is done",
    )


# -------------------------------------------------------------- declared periods


def unknown_period(kind: str, kinds: Sequence[str], span: Span) -> Diagnostic:
    """`declared(now, "stirke")`."""
    return Diagnostic(
        "E423",
        f"there is no kind of period `{shorten(kind)}`",
        span,
        help=did_you_mean(kind, kinds) or f"the kinds are {listed(kinds)}",
    )


def nothing_declared(span: Span) -> Diagnostic:
    """`declared()`."""
    return Diagnostic(
        "E534",
        "`declared` takes a point in time, and perhaps kinds of periods",
        span,
        help='write `declared(review.posted_at)` or `declared(review.posted_at, "strike")`',
    )
