"""What somebody who wrote invalid YAML most likely did.

A parser says where it could not go on, which is seldom where the slip is, and in words of its own.
Only the broad kind of the failure is taken from its words, in which both parsers of PyYAML agree;
the slip is then looked for in the text. For each kind there are a few guesses, the more special
ones first, and the first that has an answer wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ..diagnostics import Diagnostic
from ..messages import reading
from ..messages import slips as say
from ..source import Source, Span
from .lines import Line, Lines
from .traps import FOREIGN_BLANKS

_FARTHEST_BACK = 20_000
"""Characters before a failure in which a quote that was closed too late is looked for."""

_FOREIGN = re.compile(rf"(?:^[ -]*|[:-] *)(?P<blank>[{FOREIGN_BLANKS}]+)")
_QUOTED = re.compile(
    r"""(?:(?<=[\s\[{,])|\A)(?:"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')""",
    re.DOTALL,
)
_ENTRY_INSIDE = re.compile(r"[\r\n][ \t]*(?:- |[\w.-]+:(?=\s))")
_GLUED = re.compile(r"(?P<dash>-)[^\s-]|(?:- +)*[\w.-]*\w(?P<colon>:)[^\s:/]")
_COMMENT = re.compile(r"[ \t](?P<comment>#[^\r\n]*)")
_ESCAPE = re.compile(r'\\(?:x[^\r\n"]{0,2}|u[^\r\n"]{0,4}|U[^\r\n"]{0,8}|.)?')
_MARK = re.compile(r"\*[0-9A-Za-z_-]+|&[^\s,\[\]{}]+|!\S*")
_WORD = re.compile(r"\S*")
_CLOSING = frozenset("]}")
_QUOTES = frozenset("\"'")
_DOCUMENT_END = "..."
_RESERVED = frozenset("%@`*&!?")


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a parser gave up.

    `words` is what it said, `at` where it stood, `opened` where the thing began that it was reading
    (`at` if it was not inside one), `since` where the last thing began that it has read, and
    `bracket` where the innermost open bracket is, if there is one.
    """

    source: Source
    lines: Lines
    words: str
    at: int
    opened: int
    since: int
    bracket: int | None

    @property
    def text(self) -> str:
        """The text of the file."""
        return self.source.text

    @property
    def line(self) -> Line:
        """The line in which the parser stood."""
        return self.lines.all[self.lines.index(self.at)]

    @property
    def line_before(self) -> Line | None:
        """The line with text before it."""
        return self.lines.before(self.lines.index(self.at))

    @property
    def begins_line(self) -> bool:
        """Whether the parser stood at the first character of a line."""
        return self.at == self.line.text_start

    @property
    def before(self) -> str:
        """The character before that place, blanks left out; nothing at the start of a line."""
        return self.text[self.line.start : self.at].rstrip()[-1:]

    @property
    def char(self) -> str:
        """The character before which the parser stood; nothing at the end of the file."""
        return self.text[self.at : self.at + 1]

    def span(self, start: int, end: int | None = None) -> Span:
        """A place in the file, of one character if it is not said where it ends."""
        end = start + 1 if end is None else end
        return Span(self.source, start, max(start, min(end, len(self.text))))


Guess: TypeAlias = Callable[[Failure], Diagnostic | None]


def explain(failure: Failure) -> Diagnostic:
    """The slip behind a failure, in a policy owner's words."""
    kind = next((kind for kind in _GUESSES if kind in failure.words), "")
    for guess in (_foreign_blank, *_GUESSES.get(kind, ())):
        if (slip := guess(failure)) is not None:
            return slip
    return say.syntax(failure.span(failure.at))


# ------------------------------------------------------------------ guesses for any failure


def _foreign_blank(failure: Failure) -> Diagnostic | None:
    for line in (failure.line_before, failure.line):
        match = _FOREIGN.search(failure.text[line.start : line.end]) if line else None
        if line and match:
            start, end = match.span("blank")
            return say.foreign_blank(failure.span(line.start + start, line.start + end))
    return None


def _late_quote(failure: Failure) -> Diagnostic | None:
    """A quote that was closed by the opening one of a later value, keys and all."""
    noticed = failure.opened if "quoted scalar" in failure.words else failure.at
    first = max(failure.since, noticed - _FARTHEST_BACK)
    for match in _QUOTED.finditer(failure.text, first, noticed):
        rest = failure.text[match.end() : noticed]
        if _ENTRY_INSIDE.search(match[0]) and "\n" not in rest and "\r" not in rest:
            start, end = match.span()
            return say.unclosed_quote(failure.span(start), failure.span(end - 1))
    return None


def _glued(failure: Failure, line: Line | None) -> Diagnostic | None:
    """`-item`, or `key:value` without any other colon."""
    match = _GLUED.match(failure.text, line.text_start, line.end) if line else None
    if line is None or match is None or (match["colon"] and line.is_key):
        return None
    sign = match.lastgroup or ""
    return say.missing_blank(failure.span(*match.span(sign)), match[sign])


def _split_by_comment(failure: Failure) -> Diagnostic | None:
    line, before = failure.line, failure.line_before
    if line.is_entry or before is None or line.column <= before.column:
        return None
    match = _COMMENT.search(failure.text, before.value, before.end)
    if match is None:
        return None
    text = failure.span(line.text_start, line.end)
    return say.comment_in_text(failure.span(*match.span("comment")), text)


def _stray_bracket(failure: Failure) -> Diagnostic | None:
    if failure.char not in _CLOSING:
        return None
    opened = None if failure.bracket is None else failure.span(failure.bracket)
    return say.stray_bracket(failure.span(failure.at), opened)


def _after_value(failure: Failure) -> Diagnostic | None:
    """Something on the line behind a value that has ended."""
    sign = failure.before
    if failure.begins_line or sign not in _QUOTES | _CLOSING:
        return None
    brace = failure.text.rfind("{", failure.line.start, failure.at)
    if sign == "}" and brace >= 0:
        return say.brace_starts_value(failure.span(brace))
    return say.text_after_value(failure.span(failure.at), sign)


# ------------------------------------------------------------------ guesses for one kind


def _first_character(failure: Failure) -> Diagnostic | None:
    if failure.char == "\t":
        return say.tab_indentation(failure.span(failure.at))
    return say.reserved_start(failure.span(failure.at)) if failure.char.strip() else None


def _first_mark(failure: Failure) -> Diagnostic | None:
    return say.reserved_start(failure.span(failure.opened))


def _quote(failure: Failure) -> Diagnostic | None:
    if "stream" in failure.words or "document" in failure.words:
        return say.unclosed_quote(failure.span(failure.opened))
    start = failure.text.rfind("\\", failure.opened, failure.at + 1)
    match = _ESCAPE.match(failure.text, start)
    return say.unknown_escape(failure.span(*match.span())) if match else None


def _block_mark(failure: Failure) -> Diagnostic | None:
    return say.block_mark(failure.span(failure.opened))


def _tag(failure: Failure) -> Diagnostic | None:
    match = _WORD.match(failure.text, failure.opened)
    return reading.tag(failure.span(*match.span())) if match else None


def _directive(failure: Failure) -> Diagnostic | None:
    line = failure.lines.all[failure.lines.index(failure.opened)]
    return reading.directive(failure.span(line.start, line.end))


def _colon(failure: Failure) -> Diagnostic | None:
    line = failure.line
    if not re.search(r":\s", failure.text[line.start : failure.at]):
        return _first_colon(failure)
    if failure.text[line.value] == "{":
        return say.brace_starts_value(failure.span(line.value))
    return _after_value(failure) or say.nested_colon(failure.span(failure.at))


def _first_colon(failure: Failure) -> Diagnostic | None:
    """A line that would be fine alone: what is above it does not let it be a key."""
    before = failure.line_before
    if before is None:
        return None
    if slip := _glued(failure, before):
        return slip
    if not before.is_entry:
        return say.no_colon(failure.span(before.text_start, before.end))
    return say.indentation(
        failure.span(failure.line.text_start, failure.at),
        "this line is indented more than the one above, which has its value already",
    )


def _no_colon(failure: Failure) -> Diagnostic | None:
    line = failure.lines.all[failure.lines.index(failure.opened)]
    end = max(line.end, failure.opened + 1)
    return _glued(failure, line) or say.no_colon(failure.span(failure.opened, end))


def _unclosed_bracket(failure: Failure) -> Diagnostic | None:
    """The end of the file, or a line that is no deeper than the one with the bracket."""
    start = failure.opened if failure.bracket is None else failure.bracket
    bracket = failure.span(start)
    if failure.at >= len(failure.text):
        return say.unclosed_bracket(bracket)
    opened, line = failure.lines.all[failure.lines.index(start)], failure.line
    if line.start > opened.start and line.is_entry and line.column <= opened.inner:
        return say.unclosed_bracket(bracket, failure.span(line.text_start, line.end))
    return None


def _comma(failure: Failure) -> Diagnostic | None:
    if failure.char == ",":
        found = "there is nothing before this comma"
    else:
        found = "a comma is missing before this, or the text needs quotes"
    return say.comma(failure.span(failure.at), found)


def _dash(failure: Failure) -> Diagnostic | None:
    if failure.char != "-":
        return None
    if failure.bracket is not None:
        found = "items after dashes cannot stand inside brackets"
    else:
        found = "a list with dashes cannot start behind something else in its line"
    return say.dash(failure.span(failure.at), found)


def _glued_in_brackets(failure: Failure) -> Diagnostic | None:
    """`{TH:[allow]}`: what follows the colon does not let it be part of a text."""
    colon = failure.text.find(":", failure.opened)
    return say.missing_blank(failure.span(colon), ":")


def _no_key(failure: Failure) -> Diagnostic | None:
    """A colon with nothing before it."""
    if failure.char != ":" or failure.text[failure.line.start : failure.at].strip(" -"):
        return None
    return reading.key_not_text(failure.span(failure.at), "empty")


def _after_mark(failure: Failure) -> Diagnostic | None:
    """What follows a mark is not the slip: the mark was not meant as one."""
    match = _MARK.match(failure.text, failure.since, failure.at)
    if match is None:
        return None
    message = {"*": reading.alias, "&": reading.anchor, "!": reading.tag}[match[0][0]]
    return message(failure.span(*match.span()))


def _second_document(failure: Failure) -> Diagnostic | None:
    before = failure.line_before
    if before and failure.text[before.start : before.end].rstrip() == _DOCUMENT_END:
        return reading.several_documents(failure.span(failure.line.start, failure.line.end))
    return None


def _indentation(failure: Failure) -> Diagnostic | None:
    line = failure.line
    if not failure.begins_line:
        return None
    opened = failure.lines.all[failure.lines.index(failure.opened)]
    level = failure.opened < failure.at and failure.opened - opened.start == line.column
    if level and line.is_item:
        found = "an item of a list stands where only keys can stand"
    elif level and line.is_key:
        found = "a key stands where only items of a list can stand"
    else:
        found = "nothing above is indented like this line"
    return say.indentation(failure.span(failure.at, line.end), found)


def _glued_here(failure: Failure) -> Diagnostic | None:
    return _glued(failure, failure.line) if failure.begins_line else None


_IN_BRACKETS = (_late_quote, _after_mark, _stray_bracket, _unclosed_bracket, _after_value, _comma)
_IN_LINES = (
    _late_quote,
    _after_mark,
    _stray_bracket,
    _after_value,
    _second_document,
    _split_by_comment,
    _glued_here,
    _no_key,
    _indentation,
)
_GUESSES: dict[str, tuple[Guess, ...]] = {
    "tab character": (_first_character,),
    "cannot start any token": (_first_character,),
    "quoted scalar": (_late_quote, _quote),
    "block scalar": (_block_mark,),
    "found unexpected ':'": (_glued_in_brackets,),
    "an alias": (_first_mark,),
    "an anchor": (_first_mark,),
    "tag": (_tag,),
    "directive": (_directive,),
    "incompatible YAML": (_directive,),
    "mapping values": (_late_quote, _colon),
    "mapping keys": (_first_character,),
    "sequence entries": (_dash,),
    "could not find expected ':'": (_late_quote, _split_by_comment, _no_colon),
    "flow sequence": _IN_BRACKETS,
    "flow mapping": _IN_BRACKETS,
    "flow node": (_stray_bracket, _unclosed_bracket, _dash, _comma),
    "block node": (_stray_bracket, _first_character),
    "block mapping": _IN_LINES,
    "block collection": _IN_LINES,
    "document start": _IN_LINES,
}
"""What to try for each kind of failure, known by some of the parser's words, in this order."""
