"""Plain scalars that are valid YAML and mean something else than they seem to.

Some are errors, because nobody can have meant them; the others are warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from ..messages import reading as say
from ..messages import slips
from ..source import Span

FOREIGN_BLANKS = "\xa0\u1680\u202f\u205f\u2060\u3000" + "".join(map(chr, range(0x2000, 0x200C)))
"""Characters that look like a blank or like nothing."""

_BOOLEAN_WORDS = frozenset({"yes", "no", "on", "off", "y", "n"})
_LONGEST_BOOLEAN_WORD = 3

_NUMBER_STARTS = frozenset("+-0123456789")
_CLOCK = re.compile(
    r"[-+]?(?:[1-9][0-9_]*(?::[0-5]?[0-9])+|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)"
)
_OLD_NUMBER = re.compile(
    r"[-+]?(?:0b[01_]+|0x(?=.*_)[0-9a-fA-F_]+|(?=.*_)[0-9][0-9_]*(?:\.[0-9_]*)?)"
)
"""Numbers of YAML 1.1 that are texts in 1.2."""

_COMMENT = re.compile(r"[ \t]+(?P<comment>#[^\r\n]*)")
_OPERAND_MISSING = re.compile(
    r"\S\s+(?:and|or|not|in|has|of|contains|matches|within|then|[=!<>]=|\?\?|[-+*/<>])\Z|[,(\[]\Z"
)
_NO_REMARK = re.compile(r"#(?:\{|\d)")
_NO_REMARK_ALONE = re.compile(r"#[\w{]")
_OPENERS, _CLOSERS = "([{", ")]}"

_NO_BLANK = re.compile(r"(?P<dash>-)[^\W\d]|[A-Za-z_][\w-]*(?P<colon>:)[^\s/:]")
_ITEM_LINE = re.compile(r"(?:\r\n?|\n)[ \t]*(?P<item>- [^\r\n]*)")


def plain_warnings(span: Span, value: str) -> Iterator[Diagnostic]:
    """What a plain scalar may be mistaken for elsewhere, and what may have been lost of it here."""
    if value[:1] in _NUMBER_STARTS:
        if _CLOCK.fullmatch(value):
            yield say.clock_number(span)
        elif _OLD_NUMBER.fullmatch(value):
            yield say.old_number(span)
    elif len(value) <= _LONGEST_BOOLEAN_WORD and value.lower() in _BOOLEAN_WORDS:
        yield say.boolean_word(span)
    if span.source.text[span.end : span.end + 1] in {" ", "\t"}:
        yield from _cut(span, value)


def plain_faults(span: Span, value: str) -> Iterator[Diagnostic]:
    """What a plain scalar cannot have been meant to be."""
    if not value.isascii():
        before = len(value) - len(value.lstrip(FOREIGN_BLANKS))
        after = len(value.rstrip(FOREIGN_BLANKS)) - len(value)
        if before:
            yield slips.foreign_blank(Span(span.source, span.start, span.start + before))
        if after:
            yield slips.foreign_blank(Span(span.source, span.end + after, span.end))


def lone_line_faults(span: Span) -> Iterator[Diagnostic]:
    """A plain text on a line below its key that was meant as a list or a group of keys."""
    match = _NO_BLANK.match(span.text)
    if match:
        sign = match.lastgroup or ""
        yield slips.missing_blank(_inside(span, match.span(sign)), match[sign])


def item_warnings(span: Span) -> Iterator[Diagnostic]:
    """A plain item of a list, whose further lines may have been meant as items too."""
    for match in _ITEM_LINE.finditer(span.text):
        yield say.swallowed_item(_inside(span, match.span("item")))


def _inside(span: Span, place: tuple[int, int]) -> Span:
    return Span(span.source, span.start + place[0], span.start + place[1])


def _cut(span: Span, value: str) -> Iterator[Diagnostic]:
    match = _COMMENT.match(span.source.text, span.end)
    if match and _looks_cut(value, match["comment"]):
        yield say.cut_by_comment(Span(span.source, *match.span("comment")), span)


def _looks_cut(value: str, comment: str) -> bool:
    """Whether the text before a comment needs more, or what follows the `#` is no remark."""
    if not value:
        return bool(_NO_REMARK_ALONE.match(comment))
    opened = sum(map(value.count, _OPENERS)) > sum(map(value.count, _CLOSERS))
    lacks = opened or value.count('"') % 2 == 1 or _OPERAND_MISSING.search(value)
    return bool(lacks or _NO_REMARK.match(comment))
