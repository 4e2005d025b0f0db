"""E675 to E679: thresholds and actions whose parts do not go together."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic, Label
from ..source import Span
from .shape import nearest, shorten


def unknown_ending(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E678: an action until an event that there is not, or that says nothing of anything."""
    names = sorted(known)
    return Diagnostic(
        "E678",
        f"no action ends with `{shorten(name)}`",
        span,
        help=nearest(name, names) or "name an event about an entity, such as `complaint.closed`",
    )


def unlinked_ending(name: str, about: str, scope: str, span: Span) -> Diagnostic:
    """E678: an action until an event that is never about what the action falls on."""
    return Diagnostic(
        "E678",
        f"`{shorten(name)}` is about a {about}, which belongs to no {scope}",
        span,
        help=f"name an event about a {scope} or about something that belongs to one",
    )


def no_number(name: str, type_: str, span: Span) -> Diagnostic:
    """E679: a cap that is a part of something that is no number."""
    return Diagnostic(
        "E679",
        f"`{shorten(name)}` is a {type_}, and a cap is a part of a number",
        span,
        help="name a measure that counts, such as `count(order) / 7`",
    )


def whose_threshold(span: Span) -> Diagnostic:
    """E675: a threshold that does not say whose bands it has."""
    return Diagnostic(
        "E675",
        "nothing says whose bands these are",
        span,
        help="add `measure:`, or `per: shop` for a threshold whose bands have conditions only",
    )


def subject_twice(span: Span) -> Diagnostic:
    """E675: a threshold with a measure and a subject of its own."""
    return Diagnostic(
        "E675",
        "whose bands these are is said by the measure already",
        span,
        help="leave `per:` out",
    )


def range_without_measure(span: Span) -> Diagnostic:
    """E676: a range where there is no value."""
    return Diagnostic(
        "E676",
        "a range needs a measure, and this threshold has none",
        span,
        help="add `measure:`, or write a condition, such as `when rate > 1%`",
    )


def key_without_measure(name: str, span: Span) -> Diagnostic:
    """E676: a way to leave a band, or a least sample, where there is no value."""
    return Diagnostic(
        "E676",
        f"`{name}` needs a measure, and this threshold has none",
        span,
        help="say it in the conditions of the bands",
    )


def measure_without_range(span: Span) -> Diagnostic:
    """E676: a measure whose values lie in no band."""
    return Diagnostic(
        "E676",
        "no band has a range, so that nothing looks at the measure",
        span,
        help="give the bands ranges, or write `per:` instead of `measure:` and one `otherwise`",
    )


def no_otherwise(span: Span) -> Diagnostic:
    """E677: conditions that leave subjects without a band."""
    return Diagnostic(
        "E677",
        "without a measure, one band has to be for all that meet no condition",
        span,
        help="add a band that says `otherwise`",
    )


def second_otherwise(span: Span, first: Span) -> Diagnostic:
    """E677: two bands for all the others."""
    return Diagnostic(
        "E677",
        "only one band can be for all that meet no condition",
        span,
        help="write a condition, such as `when rate > 1%`",
        labels=(Label(first, "this one is"),),
    )


def otherwise_with_measure(span: Span) -> Diagnostic:
    """E677: a band for all the others where every value has a band."""
    return Diagnostic(
        "E677",
        "with a measure, every value lies in a range, and nothing is left for `otherwise`",
        span,
        help="write a range, such as `below 1%`, or a condition",
    )
