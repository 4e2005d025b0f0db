"""The lines of a file that is not valid YAML, as far as they tell what they were meant to be."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_LINE = re.compile(
    r"(?P<indent> *)"
    r"(?:(?P<dashes>(?:-[ \t]+)*-(?:[ \t]+|(?=[\r\n])|\Z))|)"
    r"(?P<key>(?:[\w.-]+|\"[^\"\r\n]*\"|'[^'\r\n]*')[ ]*:(?=\s|\Z))?"
    r"(?P<rest>[^\r\n]*)(?P<end>\r\n?|\n|\Z)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its places in the file: where it begins, its text, its key, and where it ends.

    `column` is that of its first character that is not a blank, `inner` that of the first one after
    the `-` of list items, both from 0. `value` is the place of what follows the first key.
    """

    start: int
    column: int
    inner: int
    value: int
    end: int
    is_item: bool
    is_key: bool
    is_empty: bool

    @property
    def text_start(self) -> int:
        """The place of the first character that is not a blank."""
        return self.start + self.column

    @property
    def is_entry(self) -> bool:
        """Whether the line begins a list item or has a key."""
        return self.is_item or self.is_key


class Lines:
    """All lines of a text."""

    def __init__(self, text: str) -> None:
        """Cut a text into lines."""
        self.text = text
        self.all: list[Line] = []
        at = 0
        while at < len(text) and (match := _LINE.match(text, at)):
            self.all.append(_line(match))
            at = match.end()
        self._starts = [line.start for line in self.all]

    def index(self, at: int) -> int:
        """The number, from 0, of the line with a character; the last for the end of the text."""
        return max(bisect_right(self._starts, at) - 1, 0)

    def start(self, index: int) -> int:
        """The place where a line begins; the end of the text for the line after the last."""
        return self._starts[index] if index < len(self._starts) else len(self.text)

    def before(self, index: int) -> Line | None:
        """The nearest line before another that has more than a comment, if there is one."""
        return next((line for line in reversed(self.all[:index]) if not line.is_empty), None)

    def chunk_end(self, index: int) -> int:
        """The number of the line after the list or group of keys that begins in a line."""
        first = self.all[index]
        for number in range(index + 1, len(self.all)):
            if _ends(first, self.all[number]):
                return number
        return len(self.all)

    def restart(self, index: int, column: int) -> int | None:
        """The number of the first line from `index` on with an entry that is not deeper."""
        for number in range(index, len(self.all)):
            line = self.all[number]
            if line.is_entry and line.column <= column:
                return number
        return None


def _ends(first: Line, line: Line) -> bool:
    if line.is_empty or line.column > first.column:
        return False
    return line.column < first.column or (first.is_item and not line.is_item)


def _line(match: re.Match[str]) -> Line:
    column = len(match["indent"])
    rest = match["rest"]
    is_item, is_key = match["dashes"] is not None, match["key"] is not None
    return Line(
        start=match.start(),
        column=column,
        inner=column + len(match["dashes"] or ""),
        value=match.end("rest") - len(rest.lstrip()),
        end=match.end("rest"),
        is_item=is_item,
        is_key=is_key,
        is_empty=not (is_item or is_key) and (not rest.strip() or rest.lstrip().startswith("#")),
    )
