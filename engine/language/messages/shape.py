"""E2xx: what does not have the shape of a policy file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from ..diagnostics import Diagnostic, Label, did_you_mean
from ..display import visible
from ..document import Mapping, Node, Scalar
from ..source import Span

_SHOWN = 40
_MOST_LISTED = 8
_MOST_COMPARED = 600
_LONGEST_COMPARED = 80


def _found(node: Node) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Scalar):
        shown = shorten(node.text.text)
        return "nothing" if node.value is None else f"`{shown}`" if shown else "an empty text"
    return "a list"


def _start(node: Node) -> Span:
    """The place of a scalar, or the first character of what has parts."""
    span = node.span
    return span if isinstance(node, Scalar) else Span(span.source, span.start, span.start + 1)


def shorten(text: str) -> str:
    """At most a few words of a text, on one line."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Help that names the nearest word; few and short ones, so that no policy makes this slow."""
    if len(name) > _LONGEST_COMPARED:
        return None
    short = (word for word in known if len(word) <= _LONGEST_COMPARED)
    return did_you_mean(name, islice(short, _MOST_COMPARED))


def listed(names: Iterable[str]) -> str:
    """Some names in their order, each in backticks, with a mark where there are more."""
    shown = [f"`{shorten(name)}`" for name in islice(names, _MOST_LISTED + 1)]
    return ", ".join(shown if len(shown) <= _MOST_LISTED else [*shown[:_MOST_LISTED], "…"])


def wrong_shape(wanted: str, node: Node) -> Diagnostic:
    """E201: something else is wanted here."""
    return Diagnostic("E201", f"here stands {_found(node)}", _start(node), help=f"write {wanted}")


def no_list(wanted: str, node: Node) -> Diagnostic:
    """E201: an entry without the brackets of a list."""
    if not isinstance(node, Scalar):
        return wrong_shape(wanted, node)
    help_ = f"put it into a list: `[{shorten(node.text.text)}]`"
    return Diagnostic("E201", f"here stands {_found(node)}", _start(node), help=help_)


def unknown_key(name: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E202: a key that nothing reads."""
    names = list(known)
    guess = nearest(name, names)
    return Diagnostic(
        "E202",
        f"there is no key `{shorten(name)}` here",
        span,
        help=guess or f"the keys are {', '.join(f'`{one}`' for one in names)}",
    )


def missing_key(name: str, doc: str, span: Span) -> Diagnostic:
    """E203: a key that is needed."""
    return Diagnostic("E203", f"the key `{name}` is missing", span, help=f"add `{name}:`, {doc}")


def bad_name(name: str, span: Span) -> Diagnostic:
    """E204: not a name."""
    return Diagnostic(
        "E204",
        f"`{shorten(name)}` is not a name",
        span,
        help="write lower-case letters and digits, joined by `-` or `_`, beginning with a letter",
    )


def unquoted(text: str, span: Span) -> Diagnostic:
    """E205: a number where a text is meant."""
    return Diagnostic(
        "E205",
        f"`{shorten(text)}` is read as a number or as true or false, and a text is wanted",
        span,
        help=f'put it in quotes: `"{shorten(text)}"`',
    )


def out_of_bounds(value: int, low: int, high: int, span: Span) -> Diagnostic:
    """E206: a number that is too small or too large."""
    return Diagnostic(
        "E206",
        f"`{shorten(str(value))}` is out of bounds",
        span,
        help=f"write a number from {low:,} to {high:,}",
    )


def unknown_word(word: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E207: not one of the few words that may stand here."""
    words = list(known)
    return Diagnostic(
        "E207",
        f"`{shorten(word)}` is not possible here",
        span,
        help=nearest(word, words) or f"write {'one of ' * (len(words) > 1)}{listed(words)}",
    )


def without_entries(wanted: str, node: Node) -> Diagnostic:
    """E208: an empty list or mapping where something is needed."""
    return Diagnostic(
        "E208", f"here stands {_found(node)} without entries", _start(node), help=f"write {wanted}"
    )


def same_name(kind: str, name: str, span: Span, first: Span) -> Diagnostic:
    """E209: two things of one kind with one name."""
    return Diagnostic(
        "E209",
        f"there are two {kind} with the name `{shorten(name)}`",
        span,
        help="give each a name of its own",
        labels=(Label(first, "the first is here"),),
    )


def header(found: int, span: Span) -> Diagnostic:
    """E210: a pack has one file that names the policy."""
    if found:
        return Diagnostic(
            "E210",
            "the policy is named in two files",
            span,
            help="keep `policy:`, `title:`, `version:` and the like in one file of the pack",
        )
    return Diagnostic(
        "E210",
        "no file of the pack names the policy",
        span,
        help="begin one file with `policy:`, a name for it",
    )


def unknown_region(region: str, known: Iterable[str], span: Span) -> Diagnostic:
    """E211: a region that the policy does not name."""
    names = list(known)
    regions = f"the regions are {listed(names)}" if names else "write a region, such as `TH`"
    return Diagnostic(
        "E211",
        f"the policy has no region `{shorten(region)}`",
        span,
        help=nearest(region, names) or regions,
    )


def bad_date(text: str, span: Span) -> Diagnostic:
    """E212: not a date."""
    return Diagnostic(
        "E212",
        f"`{shorten(text)}` is not a date",
        span,
        help="write year, month and day, such as `2025-06-17`; the years are 1900 to 2199",
    )


def unknown_zone(text: str, meant: str | None, known: Iterable[str], span: Span) -> Diagnostic:
    """E213: not a time zone; `meant` is the one that is spelt nearly so, if there is one."""
    guess = f"did you mean `{meant}`?" if meant else nearest(text, known)
    return Diagnostic(
        "E213",
        f"there is no time zone `{shorten(text)}`",
        span,
        help=guess or "write an IANA name such as `Asia/Bangkok`",
    )


def empty_pack(span: Span) -> Diagnostic:
    """E214: nothing to read."""
    return Diagnostic(
        "E214",
        "there is no policy file here",
        span,
        help="name a folder with `.yaml` files, or make one with `revlex init`",
    )
