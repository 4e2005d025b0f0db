"""E690 and what follows: ladders that count in a way that makes no sense, and what they count."""

from __future__ import annotations

from collections.abc import Iterable

from ..balance import Balance
from ..diagnostics import Diagnostic
from ..source import Span
from .shape import listed, nearest, shorten


def begins_outside(balance: Balance, span: Span) -> Diagnostic:
    """E690: a balance that begins beyond its own ends."""
    return Diagnostic(
        "E690",
        f"the balance begins at {balance.start}, which is not within {balance.floor} to"
        f" {balance.ceiling}",
        span,
        help="let it begin between its ends, or move the ends",
    )


def never_moves(end: int, span: Span) -> Diagnostic:
    """E690: a balance whose ends are one number."""
    return Diagnostic(
        "E690",
        f"the balance can only be {end}",
        span,
        help="write two different ends, such as `within 0 to 1000`",
    )


def never_ends(terminal: int, lowest: int, highest: int | None, span: Span) -> Diagnostic:
    """E690: a terminal value where the balance cannot come to."""
    return Diagnostic(
        "E690",
        f"the balance never comes to {terminal}, where it is to end",
        span,
        help=f"write a terminal value {_range(lowest, highest)}",
    )


def step_outside(at: int, lowest: int, highest: int | None, span: Span) -> Diagnostic:
    """E611: a milestone where the balance cannot come to."""
    return Diagnostic(
        "E611",
        f"nobody can reach the step at {at}",
        span,
        help=f"the balance comes to milestones {_range(lowest, highest)}",
    )


def earns_nothing(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E692: not an event that can bring points back."""
    names = sorted(known)
    return Diagnostic(
        "E692",
        f"`{shorten(name)}` cannot bring points back",
        span,
        help=nearest(name, names) or f"the events are {listed(names)}",
    )


def resets_whenever(span: Span) -> Diagnostic:
    """E691: a reset that no clock decides."""
    return Diagnostic(
        "E691",
        "a ladder is reset at a time, and `on change` is none",
        span,
        help="write when, such as `quarterly` or `monthly on day 1`",
    )


def no_pick(severities: Iterable[str], span: Span) -> Diagnostic:
    """E693: points by severity that leave severities out."""
    return Diagnostic(
        "E693",
        f"there are no points for {listed(severities)}",
        span,
        help="add them, or `else:` with the points of all others",
    )


def remedies_nothing(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E692: not an event that can remedy anything."""
    names = sorted(known)
    return Diagnostic(
        "E692",
        f"`{shorten(name)}` cannot remedy anything",
        span,
        help=nearest(name, names) or f"the events are {listed(names)}",
    )


def no_cure(text: str, span: Span) -> Diagnostic:
    """E694: not what a remedy can do."""
    return Diagnostic(
        "E694",
        f"`{shorten(text)}` is not what a remedy can do",
        span,
        help="write `void points`, `lower points by 4`, `lift actions` or `shorten to 7d`",
    )


def remedies_twice(span: Span) -> Diagnostic:
    """E694: a remedy that takes away what it softens."""
    return Diagnostic(
        "E694",
        "a remedy cannot take something away and soften it as well",
        span,
        help="keep one of the two",
    )


def _range(lowest: int, highest: int | None) -> str:
    return f"from {lowest} on" if highest is None else f"from {lowest} to {highest}"
