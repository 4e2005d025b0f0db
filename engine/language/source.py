"""Texts, places in them, and expressions cut out of them.

All offsets count characters (not bytes) of the decoded text, from 0; lines and columns, which are
for people, count from 1.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

_LINE_END = re.compile(r"\r\n?|\n")


class Source:
    """The text of one file and its name as messages show it.

    A leading byte order mark is not part of `text`: editors do not count it as a column.
    """

    def __init__(self, name: str, text: str, *, place: str | None = None) -> None:
        """Keep `text` without its byte order mark.

        `place` is what records call the file; its name without its folder if nothing is given.
        """
        self.name = name
        self.text = text.removeprefix("\ufeff")
        self._place = place

    @classmethod
    def read(cls, path: Path, name: str | None = None) -> Source:
        """Read a UTF-8 file, keeping its line ends as they are.

        Raises:
            OSError: the file cannot be read.
            UnicodeDecodeError: the file is not UTF-8.
        """
        return cls(name or str(path), path.read_bytes().decode("utf-8"))

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    @cached_property
    def base_name(self) -> str:
        """The name as records keep it: the same wherever a pack lies.

        It has no folder, unless the file belongs to another pack than the one that is compiled.
        """
        return PurePath(self.name).name if self._place is None else self._place

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column, each from 1, of a character offset."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, numbered from 1, without its line end."""
        starts = self._line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` to `end` (exclusive) of a source."""

    source: Source = field(compare=False)
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line of the first character, from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column of the first character, from 1."""
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        """The characters that the span covers, as they stand in the file."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of another in the same source."""
        return Span(self.source, self.start, max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Embedded:
    r"""The value of a YAML scalar, and where each of its characters stands in the file.

    Character `i` of `text` was written as the characters `starts[i]` to `ends[i]` of the source:
    one character in a plain scalar, several for an escape such as `\u00e9`, a line break with its
    indentation for a folded blank. Places take no part in equality.
    """

    text: str
    span: Span = field(compare=False)
    starts: Sequence[int] = field(repr=False, compare=False)
    ends: Sequence[int] = field(repr=False, compare=False)

    def at(self, start: int, end: int) -> Span:
        """The place in the file of the characters `start` to `end` (exclusive) of the value.

        An empty range, as at the end of the text, is the place right after what precedes it.
        """
        if start < end:
            return Span(self.span.source, self.starts[start], self.ends[end - 1])
        if start > 0:
            after = self.ends[start - 1]
            return Span(self.span.source, after, after)
        first = self.starts[0] if self.text else self.span.start
        return Span(self.span.source, first, first)

    def part(self, start: int, end: int) -> Embedded:
        """A piece of the value that keeps its places."""
        return Embedded(
            self.text[start:end], self.at(start, end), self.starts[start:end], self.ends[start:end]
        )


def embed(text: str, name: str = "<text>") -> Embedded:
    """A text that stands alone, as on a command line or in a test, with trivial places."""
    source = Source(name, text)
    size = len(source.text)
    return Embedded(source.text, Span(source, 0, size), range(size), range(1, size + 1))
