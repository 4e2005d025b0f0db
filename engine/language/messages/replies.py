"""E426 to E430, W739 to W741: what is wrong with the texts that a shop answers with by itself."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic
from ..source import Span
from .shape import listed, shorten


def no_reply(span: Span) -> Diagnostic:
    """E426: an entry is picked where nothing is drafted."""
    return Diagnostic(
        "E426",
        "`pick` chooses words for a drafted reply, and here is none",
        span,
        help="use it in the `templates` of `reply_drafts`",
    )


def no_list(lists: Iterable[str], span: Span) -> Diagnostic:
    """E427: something else than one list to pick from."""
    known = list(lists)
    has = f"the lists are {listed(known)}" if known else "add one under `lists:`"
    return Diagnostic("E427", "`pick` takes the name of one list", span, help=has)


def no_words(name: str, span: Span) -> Diagnostic:
    """E428: a list without words in the language of the template."""
    return Diagnostic(
        "E428",
        f"`{shorten(name)}` has no words in the language of this template",
        span,
        help="add them to the list under the template's language, or do not divide the list",
    )


def forced(span: Span) -> Diagnostic:
    """W739: a draft that answers unhappy buyers unseen, as its author wants."""
    return Diagnostic(
        "W739",
        "this draft may post an answer to 1 or 2 stars without anybody having read it",
        span,
        help="write `mode: approve`, unless this is meant",
    )


def forced_in_vain(span: Span) -> Diagnostic:
    """W740: a draft that would be allowed without being forced."""
    return Diagnostic(
        "W740",
        "`forced` does nothing here, as no 1 or 2 stars are answered unseen",
        span,
        help="remove `forced`",
    )
