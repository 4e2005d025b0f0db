"""E230 to E239: what is wrong with a policy's additions to the catalog."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic
from ..source import Span
from .shape import listed, nearest, shorten


def bad_type(notation: str, span: Span) -> Diagnostic:
    """E230: a field whose type cannot be read."""
    return Diagnostic(
        "E230",
        f"`{shorten(notation)}` is no type of a field",
        span,
        help="write such as `text`, `optional decimal`, `integer 1 to 5`, `one of a | b = a`",
    )


def bad_name(name: str, what: str, help_: str, span: Span) -> Diagnostic:
    """E231: a name that a kind, field or event cannot have."""
    return Diagnostic("E231", f"`{shorten(name)}` cannot be the name of {what}", span, help=help_)


def unknown(name: str, what: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E232: a kind or field that there is not, or not there."""
    names = list(known)
    has = f"write one of {listed(names)}" if names else f"there is no {what} here, so remove it"
    return Diagnostic(
        "E232", f"there is no {what} `{shorten(name)}` here", span, help=nearest(name, names) or has
    )


def bad_key(message: str, help_: str, span: Span) -> Diagnostic:
    """E233: a field that says which thing is meant, and cannot."""
    return Diagnostic("E233", message, span, help=help_)


def mismatch(field: str, found: str, wanted: str, span: Span) -> Diagnostic:
    """E234: a field that would get a value of another type."""
    return Diagnostic(
        "E234",
        f"`{shorten(field)}` is {wanted}, and here stands {found}",
        span,
        help=f"give it the same type, {wanted}, with the same bounds",
    )


def unset(event: str, fields: Iterable[str], span: Span) -> Diagnostic:
    """E235: an event that makes a thing without all that it always has."""
    return Diagnostic(
        "E235",
        f"`{shorten(event)}` may be the first to speak of it, and leaves out {listed(fields)}",
        span,
        help="let the event need these fields, write `entity: known`, or make the fields optional",
    )


def no_change(message: str, help_: str, span: Span) -> Diagnostic:
    """E236: something that would change what there is already."""
    return Diagnostic("E236", message, span, help=help_)


def too_many(what: str, most: int, span: Span) -> Diagnostic:
    """E239: more than anybody needs."""
    return Diagnostic(
        "E239", f"here are more than {most} {what}", span, help="leave out what no rule reads"
    )
