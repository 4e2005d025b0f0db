"""What can be wrong with roll-ups and windows: E523 to E529, W733."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic
from ..source import Span
from .names import listed


def too_much_for_rollup(owner: str, span: Span) -> Diagnostic:
    """`count(review for shop)`."""
    return Diagnostic(
        "E523",
        f"too much belongs to a {owner} to look at all of it each time",
        span,
        help=f"count it in a measure, `per: {owner}`, with its window",
    )


def not_linked(kind: str, owner: str, owners: Iterable[str], span: Span) -> Diagnostic:
    """`count(chat for order)`."""
    known = listed(owners)
    return Diagnostic(
        "E524",
        f"no {kind} belongs to any {owner}" if kind != owner else f"no {kind} belongs to itself",
        span,
        help=f"`{kind}` belongs to {known}" if known else f"count `{kind}` in a measure",
    )


def dated_rollup(operator: str, span: Span) -> Diagnostic:
    """`count(review for order dated review.posted_at)`."""
    return Diagnostic(
        "E525",
        f"`{operator}` with `for` has no window, so that nothing has to be dated",
        span,
        help="leave `dated` out; only `first` and `latest` put things in order",
    )


def only_in_rollups(operator: str, span: Span) -> Diagnostic:
    """`first(review.stars of review)`."""
    return Diagnostic(
        "E526",
        f"`{operator}` needs to know of what",
        span,
        help=f"say whose, as in `{operator}(review.stars of review for order)`",
    )


def no_rollup_here(operator: str, span: Span) -> Diagnostic:
    """`count(review for order) > 1` in the `require` of a threshold."""
    return Diagnostic(
        "E527",
        f"`{operator}` with `for` cannot be read here",
        span,
        help="use it in rules, drafts and `classify`, or within what a measure counts: "
        "`count(order where count(review for order) > 1)`",
    )


def cannot_choose(span: Span) -> Diagnostic:
    """`over: 30d if share(negative of review) > 1% else 90d`."""
    return Diagnostic(
        "E528",
        "this cannot tell which window it is",
        span,
        help="count something over the first one, such as `count(order) >= 400`",
    )


def too_many_windows(most: int, span: Span) -> Diagnostic:
    """`over: 1d if … else 2d if … else 3d if … else 4d if … else 5d`."""
    return Diagnostic(
        "E529",
        f"a measure chooses among {most} windows at most",
        span,
        help="leave some out",
    )


def same_window(span: Span) -> Diagnostic:
    """`over: 30d if count(order) >= 400 else 30d`."""
    return Diagnostic(
        "W733",
        "this window stands here twice, so that the count between makes no difference",
        span,
        help="write another length, or the window alone",
    )
