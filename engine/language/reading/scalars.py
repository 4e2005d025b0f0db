"""Where each character of a YAML scalar stands in its file.

The parser tells a scalar's value and where its presentation starts and ends, not how the one became
the other. This module reads the presentation again by the rules of its style and writes down, for
every character of the value, the characters of the file that stand for it: itself in most cases, an
escape, a doubled quote, or the line break and indentation that were folded into one blank.

Most scalars stand in the file as they are. Their places are `range` objects and cost nothing.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

WHITE = " \t"

_BREAK = re.compile(r"\r\n?|\n")
_PLAIN = re.compile(r"(?P<white>[ \t\r\n]+)")
_SINGLE = re.compile(r"(?P<white>[ \t\r\n]+)|(?P<doubled>'')")
_DOUBLE = re.compile(
    r"(?P<white>[ \t\r\n]+)"
    r"|(?P<joined>\\(?:\r\n?|\n)[ \t\r\n]*)"
    r"|(?P<hex>\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}))"
    r"|(?P<escape>\\.)"
)
_HEADER = re.compile(r"[|>](?P<indicators>[-+1-9]*)[^\r\n]*(?:\r\n?|\n|\Z)")
_LINE = re.compile(r"(?P<indent> *)(?P<content>[^\r\n]*)(?P<end>\r\n?|\n|\Z)")

_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
"""What `\\` and a character stand for; a character that is not here stands for itself."""


class Spelling(NamedTuple):
    """A value, where each of its characters stands (see `Embedded`), and where the scalar ends."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    end: int


class _Writer:
    """A value in the making: pieces of text, and the places of their characters."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces: list[str] = []
        self.starts = array("L")
        self.ends = array("L")

    def copy(self, start: int, end: int) -> None:
        """Characters that stand for themselves."""
        self.pieces.append(self.source[start:end])
        self.starts.extend(range(start, end))
        self.ends.extend(range(start + 1, end + 1))

    def put(self, char: str, start: int, end: int) -> None:
        """One character that is written as several."""
        self.pieces.append(char)
        self.starts.append(start)
        self.ends.append(end)

    def breaks(self, spans: Sequence[tuple[int, int]]) -> None:
        """Line breaks, however the file ends its lines."""
        for start, end in spans:
            self.put("\n", start, end)

    def spelling(self, end: int) -> Spelling:
        """What was written."""
        return Spelling("".join(self.pieces), self.starts, self.ends, end)


def spell(source: str, start: int, end: int, style: str, indent: int) -> Spelling:
    """Read the presentation of a scalar.

    Args:
        source: the text of the file.
        start: the place of the scalar's first character: a quote, `|`, `>`, or of the text itself.
        end: the place after its last character; a block scalar finds its own end.
        style: one of ``' " | >``, or empty for a plain scalar.
        indent: the column, from 0, of the collection around a block scalar, or -1.
    """
    return _STYLES[style](source, start, end, indent)


def spell_as_it_stands(value: str, start: int, end: int, style: str) -> Spelling:
    """The places of a scalar whose value stands in the file character by character."""
    first = start + 1 if style else start
    past = first + len(value)
    return Spelling(value, range(first, past), range(first + 1, past + 1), end)


def spell_as_a_whole(value: str, start: int, end: int) -> Spelling:
    """Places for a scalar that cannot be told apart: each character is somewhere in it."""
    size = len(value)
    return Spelling(value, array("L", [start]) * size, array("L", [end]) * size, end)


# ------------------------------------------------------------------ plain and quoted


def _plain(source: str, start: int, end: int, _indent: int) -> Spelling:
    return _flow(source, start, end, _PLAIN).spelling(end)


def _single(source: str, start: int, end: int, _indent: int) -> Spelling:
    return _flow(source, start + 1, end - 1, _SINGLE).spelling(end)


def _double(source: str, start: int, end: int, _indent: int) -> Spelling:
    return _flow(source, start + 1, end - 1, _DOUBLE).spelling(end)


def _flow(source: str, start: int, end: int, marks: re.Pattern[str]) -> _Writer:
    writer = _Writer(source)
    at = start
    for match in marks.finditer(source, start, end):
        writer.copy(at, match.start())
        _MARKS[match.lastgroup or ""](writer, match)
        at = match.end()
    writer.copy(at, end)
    return writer


def _white(writer: _Writer, match: re.Match[str]) -> None:
    """One line break is a blank, further ones are themselves, blanks within a line too."""
    start, end = match.span()
    breaks = [found.span() for found in _BREAK.finditer(writer.source, start, end)]
    if not breaks:
        writer.copy(start, end)
    elif len(breaks) == 1:
        writer.put(" ", start, end)
    else:
        writer.breaks(breaks[1:])


def _joined(writer: _Writer, match: re.Match[str]) -> None:
    """The escaped line break is nothing, empty lines after it are themselves."""
    breaks = [found.span() for found in _BREAK.finditer(writer.source, *match.span())]
    writer.breaks(breaks[1:])


def _doubled(writer: _Writer, match: re.Match[str]) -> None:
    writer.put("'", *match.span())


def _hex(writer: _Writer, match: re.Match[str]) -> None:
    writer.put(chr(int(match[0].lstrip("\\xuU"), 16)), *match.span())


def _escape(writer: _Writer, match: re.Match[str]) -> None:
    char = match[0][1]
    writer.put(_ESCAPES.get(char, char), *match.span())


_MARKS: dict[str, Callable[[_Writer, re.Match[str]], None]] = {
    "white": _white,
    "joined": _joined,
    "doubled": _doubled,
    "hex": _hex,
    "escape": _escape,
}


# ------------------------------------------------------------------ block scalars


def _literal(source: str, start: int, _end: int, indent: int) -> Spelling:
    return _block(source, start, indent, folded=False)


def _folded(source: str, start: int, _end: int, indent: int) -> Spelling:
    return _block(source, start, indent, folded=True)


def _block(source: str, start: int, indent: int, *, folded: bool) -> Spelling:
    header = _HEADER.match(source, start)
    if header is None:  # pragma: no cover - the parser has accepted the header
        return Spelling("", (), (), start)
    indicators = header["indicators"]
    digit = indicators.strip("+-")
    margin = max(indent, 0) + int(digit) if digit else _margin(source, header.end(), indent)
    block = _Block(_Writer(source), margin, folded=folded)
    block.end = start + 1 + len(indicators)
    for line in _lines(source, header.end()):
        if not block.take(line):
            break
    return block.finish(indicators)


def _lines(source: str, at: int) -> Iterator[re.Match[str]]:
    while at < len(source) and (line := _LINE.match(source, at)):
        yield line
        at = line.end()


def _margin(source: str, at: int, indent: int) -> int:
    """The indentation of the first line with text, or of a deeper empty line before it."""
    deepest = max(indent + 1, 1)
    for line in _lines(source, at):
        deepest = max(deepest, len(line["indent"]))
        if line["content"]:
            break
    return deepest


class _Block:
    """A block scalar line by line.

    The break at the end of a line is written when the next line of text is known: only then is it
    clear whether it stays, becomes a blank, or ends the scalar.
    """

    def __init__(self, writer: _Writer, margin: int, *, folded: bool) -> None:
        self.writer = writer
        self.margin = margin
        self.end = 0
        self._folded = folded
        self._pending: list[tuple[int, int]] = []
        self._started = False
        self._joins = False

    def take(self, line: re.Match[str]) -> bool:
        """Read a line; false if the scalar ended before it."""
        spaces = len(line["indent"])
        if spaces <= self.margin and not line["content"]:
            self._pending += self._break_of(line)
            return True
        if spaces < self.margin:
            return False
        self._text(line)
        return True

    def finish(self, indicators: str) -> Spelling:
        """Keep one line break at the end, with the indicator `-` none, with `+` all."""
        if "+" in indicators:
            self.writer.breaks(self._pending)
        elif "-" not in indicators and self._started:
            self.writer.breaks(self._pending[:1])
        return self.writer.spelling(self.end)

    def _text(self, line: re.Match[str]) -> None:
        start, self.end = line.start() + self.margin, line.end("content")
        plain = self.writer.source[start] not in WHITE
        if self._folded and self._joins and plain:
            self._fold(start)
        else:
            self.writer.breaks(self._pending)
        self.writer.copy(start, self.end)
        self._started, self._joins = True, plain
        self._pending = self._break_of(line)

    def _fold(self, start: int) -> None:
        first, *others = self._pending
        if others:
            self.writer.breaks(others)
        else:
            self.writer.put(" ", first[0], start)

    @staticmethod
    def _break_of(line: re.Match[str]) -> list[tuple[int, int]]:
        return [line.span("end")] if line["end"] else []


_STYLES: dict[str, Callable[[str, int, int, int], Spelling]] = {
    "": _plain,
    "'": _single,
    '"': _double,
    "|": _literal,
    ">": _folded,
}
