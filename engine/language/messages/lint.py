"""W72x: what makes sense by itself and yet is probably not what was meant."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Label
from ..source import Span
from .shape import shorten


def no_least_sample(name: str, span: Span) -> Diagnostic:
    """W720: a threshold over a rate of very few."""
    return Diagnostic(
        "W720",
        f"a single review can move `{name}` across a band, as it has no least sample",
        span,
        help="add `at_least:` to the measure, such as `at_least: 30`",
    )


def no_reason(span: Span) -> Diagnostic:
    """W721: something adverse without a reason."""
    return Diagnostic(
        "W721",
        "this works against the shop and gives no reason",
        span,
        help="add `because:` with a sentence for the seller",
    )


def no_appeal(kind: str, span: Span) -> Diagnostic:
    """W722: something adverse without an appeal."""
    return Diagnostic(
        "W722",
        "this works against the shop and cannot be appealed",
        span,
        help=f"add an appeal `against: [{kind}]` under `appeals:`",
    )


def unused(kind: str, name: str, span: Span) -> Diagnostic:
    """W723: a name that nothing uses."""
    return Diagnostic(
        "W723", f"nothing uses the {kind} `{shorten(name)}`", span, help="use it or remove it"
    )


def always_holds(span: Span) -> Diagnostic:
    """W724: a condition that everything meets."""
    return Diagnostic(
        "W724", "this always holds", span, help="leave the condition out, or correct it"
    )


def unreachable(span: Span, earlier: Span) -> Diagnostic:
    """W725: an entry that an earlier first match hides."""
    return Diagnostic(
        "W725",
        "nothing gets here, as an earlier entry takes it all",
        span,
        help="put it before the other, or remove it",
        labels=(Label(earlier, "this one takes it"),),
    )


def covered_word(word: str, by: str | None, span: Span, other: Span) -> Diagnostic:
    """W726: a word of a list that another covers, or that stands there twice (`by` is `None`)."""
    contained = f"adds nothing, as whatever contains it contains `{shorten(by or '')}` too"
    return Diagnostic(
        "W726",
        f"`{shorten(word)}` {contained if by else 'stands in the list already'}",
        span,
        help=f"remove `{shorten(word)}`",
        labels=(Label(other, "this one covers it" if by else "it is here"),),
    )


def impossible_word(word: str, span: Span) -> Diagnostic:
    """W727: a word of a list that no text contains."""
    return Diagnostic(
        "W727",
        f"no text can contain `{shorten(word)}`, of which nothing can be seen",
        span,
        help="write a word that can be seen",
    )


def never_entered(name: str, span: Span, taker: Span) -> Diagnostic:
    """W735: a band that nothing gets into."""
    return Diagnostic(
        "W735",
        f"nothing gets into `{shorten(name)}`, as an earlier condition holds wherever this does",
        span,
        help="put it before the other, or remove it",
        labels=(Label(taker, "this one takes it"),),
    )


def never_left(name: str, span: Span) -> Diagnostic:
    """W736: an action until a band is left that the threshold keeps for good."""
    return Diagnostic(
        "W736",
        f"`{shorten(name)}` is never left, so that nothing ever recovers from it",
        span,
        help="write a length of time or `permanently`, or let the threshold move both ways",
    )


def never_in_force(span: Span) -> Diagnostic:
    """W728: an entry whose dates lie outside the policy's."""
    return Diagnostic(
        "W728",
        "this never applies, as the policy is not in force then",
        span,
        help="correct the dates, or remove the entry",
    )
