"""E220 to E229: what is wrong where a pack extends another."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import Diagnostic, Label
from ..source import Span
from .shape import listed, nearest, shorten


def not_relative(path: str, span: Span) -> Diagnostic:
    """E220: a path that is not relative."""
    return Diagnostic(
        "E220",
        f"`{shorten(path)}` is no relative path",
        span,
        help="write the way from this pack to the other, with `/`, such as `../sea`",
    )


def no_pack(path: str, span: Span, *, in_memory: bool) -> Diagnostic:
    """E221: no pack lies where one should."""
    return Diagnostic(
        "E221",
        f"there is no pack `{shorten(path)}` to extend",
        span,
        help="this policy was not read from a file; give the files of the other pack with it"
        if in_memory
        else "write the way from this pack's folder to a folder with `.yaml` files",
    )


def circle(path: str, span: Span) -> Diagnostic:
    """E222: packs that extend each other."""
    return Diagnostic(
        "E222",
        f"`{shorten(path)}` extends this pack, so each would wait for the other",
        span,
        help="put what both need into a pack of its own, and extend that",
    )


def too_many_layers(most: int, span: Span) -> Diagnostic:
    """E223: too many packs upon each other."""
    return Diagnostic(
        "E223",
        f"more than {most} packs lie upon each other here",
        span,
        help="extend a pack that lies deeper, or merge two",
    )


def nothing_to_override(span: Span) -> Diagnostic:
    """E224: overriding without another pack."""
    return Diagnostic(
        "E224",
        "there is nothing to override, since no other pack is extended",
        span,
        help="add `extend:` with the way to the other pack, or change the entry where it stands",
    )


def nothing_of_that_name(
    kind: str, name: str, known: Iterable[str], other: str | None, span: Span
) -> Diagnostic:
    """E225: an override of something that the other pack does not have.

    `other` is another kind that has the name.
    """
    names = list(known)
    has = f"there is {listed(names)}" if names else f"the other pack has no {kind} at all"
    if other is not None:
        has = f"it is a {other}: write `{other}: {shorten(name)}`"
    return Diagnostic(
        "E225",
        f"the pack that is extended has no {kind} `{shorten(name)}`",
        span,
        help=has if other else nearest(name, names) or has,
    )


def names_not_one(kinds: Iterable[str], found: int, span: Span) -> Diagnostic:
    """E226: an override of nothing, or of several things."""
    return Diagnostic(
        "E226",
        "this names several things" if found else "this does not say what it overrides",
        span,
        help="write one entry for each thing"
        if found
        else f"begin with one of {', '.join(f'`{kind}:`' for kind in kinds)} and its name",
    )


def does_not_one(found: int, span: Span) -> Diagnostic:
    """E226: an override that does nothing, or takes away what it changes."""
    return Diagnostic(
        "E226",
        "what is disabled cannot be changed too" if found else "this changes nothing",
        span,
        help="keep either `disable` or the rest"
        if found
        else "add `disable: true`, `replace:` or `append:`",
    )


def both_ways(name: str, span: Span) -> Diagnostic:
    """E226: a key that is replaced and made longer at once."""
    return Diagnostic(
        "E226",
        f"`{shorten(name)}` is replaced and made longer at once",
        span,
        help="write all of it under `replace`",
    )


def overridden_twice(kind: str, name: str, span: Span, first: Span) -> Diagnostic:
    """E227: two overrides of one thing."""
    return Diagnostic(
        "E227",
        f"the {kind} `{shorten(name)}` is overridden twice",
        span,
        help="put both into one entry; it may have `replace` and `append`",
        labels=(Label(first, "the first is here"),),
    )


def not_so(problem: str, span: Span, fix: str) -> Diagnostic:
    """E228: something that cannot be replaced or made longer in this way."""
    return Diagnostic("E228", problem, span, help=fix)


def region_beyond(region: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E229: a region that the extended pack does not have."""
    names = list(known)
    return Diagnostic(
        "E229",
        f"the pack that is extended has no region `{shorten(region)}`",
        span,
        help=nearest(region, names) or f"it has {listed(names)}; add the region there",
    )


def already_there(kind: str, name: str, span: Span, first: Span) -> Diagnostic:
    """E209: an entry that the extended pack has already."""
    return Diagnostic(
        "E209",
        f"the pack that is extended has {kind} with the name `{shorten(name)}` too",
        span,
        help="change it under `override:`, or give this one a name of its own",
        labels=(Label(first, "the first is here"),),
    )
