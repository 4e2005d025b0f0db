"""E820 to E824, W750 to W752: what is wrong with what sellers are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..diagnostics import Diagnostic
from ..source import Span
from .shape import listed, shorten


def says_nothing_of(
    name: str, kinds: Sequence[str], known: Iterable[str], span: Span
) -> Diagnostic:
    """E820: a variable of another kind of notice; `kinds` are those of this one without it."""
    several = " or ".join(f"`{kind}`" for kind in kinds)
    return Diagnostic(
        "E820",
        f"a notice for {several} has no `{shorten(name)}`",
        span,
        help=f"write a notice of its own, or say {', '.join(f'`{one}`' for one in known)}",
    )


def beyond_the_decision(what: str, span: Span) -> Diagnostic:
    """E821: something that the record of a decision does not hold."""
    return Diagnostic(
        "E821",
        f"a notice says what was decided, and cannot read `{shorten(what)}`",
        span,
        help="let the rule say it in its `because`, and write `{because}` here",
    )


def no_language(text: str, meant: str | None, span: Span) -> Diagnostic:
    """E822: not the tag of a language."""
    guess = None if meant is None else f"did you mean `{meant}`?"
    return Diagnostic(
        "E822",
        f"`{shorten(text)}` is no language",
        span,
        help=guess or "write a language tag in small letters, such as `en`, `th` or `pt-BR`",
    )


def no_subject(missing: Iterable[str], span: Span) -> Diagnostic:
    """E823: a notice whose subject lacks languages of its text, or the other way round."""
    return Diagnostic(
        "E823",
        f"the notice has a subject or a text in {listed(missing)}, and not both",
        span,
        help="give both the same languages",
    )


def too_much(what: str, most: int, span: Span) -> Diagnostic:
    """E824: a text that is too long, or has too many slots."""
    return Diagnostic(
        "E824",
        f"the text of a notice has at most {most:,} {what}",
        span,
        help="say less, or name the page where the rest stands",
    )


def lacks_languages(missing: Iterable[str], span: Span) -> Diagnostic:
    """W750: a notice without a language that others have."""
    return Diagnostic(
        "W750",
        f"this notice is not there in {listed(missing)}, which other notices are in",
        span,
        help="add the languages, or a text under `else`",
    )


def unannounced(kind: str, names: Iterable[str], span: Span) -> Diagnostic:
    """W751: something that sellers are told of in the built-in words only."""
    return Diagnostic(
        "W751",
        f"no notice announces the {kind} {listed(names)}",
        span,
        help=f"add a notice `for: {kind}`; until then sellers get plain English",
    )


def word_lacks(word: str, missing: Iterable[str], span: Span) -> Diagnostic:
    """W752: a word without a language that notices are in."""
    return Diagnostic(
        "W752",
        f"`{shorten(word)}` has no word in {listed(missing)}, which notices are in",
        span,
        help="add it",
    )
