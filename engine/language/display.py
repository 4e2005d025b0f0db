"""How text that somebody else wrote is shown on a terminal: what is drawn, and how wide.

Nothing that comes from a policy may steer the terminal, hide, or reorder what is read: every
character that has no shape of its own (controls, format characters such as bidirectional overrides,
blanks other than the usual one, line separators, characters without an assignment) is shown by its
number, `<U+001B>`. What remains has a width in columns, so that a mark can stand right under it.

Widths follow the usual rules of terminals: East Asian wide and fullwidth characters take two
columns, combining marks none, everything else one. A terminal that draws joined emoji or scripts
that run from right to left in its own way may still disagree.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

WIDTH = 100
"""The most columns that an excerpt of a line takes, the signs for what was cut off not counted."""

_AFTER = 60
"""The columns that an excerpt of a long line grants what follows its place before it looks back."""

_TAB = "    "
"""A tab, wherever it stands: stops would depend on a part of the line that may be cut off."""

_MOST_MARKS = 8
"""A character is drawn with this many combining marks; more are shown by their numbers."""

_REACH = (WIDTH + 1) * (_MOST_MARKS + 1)
"""No excerpt can need more characters than this on either side of its place."""

_CUT = "…"
_MARKS = frozenset({"Mn", "Me"})
_SHAPELESS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_LOOKS_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_JOINING_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))


@dataclass(frozen=True, slots=True)
class Cell:
    """What is drawn as one thing: a character and the marks that combine with it.

    `start` is the index of the character in its text, `shown` what is drawn for it, and `width` the
    columns that this takes, at least one.
    """

    start: int
    shown: str
    width: int


@dataclass(frozen=True)
class Excerpt:
    """The part of a line that is shown, as cells from left to right, and the length of the line.

    The signs for what was cut off are cells too, so that a mark that begins or ends there has a
    place to stand.
    """

    cells: Sequence[Cell]
    length: int
    is_whole: bool

    @property
    def text(self) -> str:
        """What is drawn."""
        return "".join(cell.shown for cell in self.cells)

    @cached_property
    def _edges(self) -> list[int]:
        edges = [0]
        for cell in self.cells:
            edges.append(edges[-1] + cell.width)
        return edges

    def columns(self, start: int, end: int) -> range:
        """The columns, from 0, under which a mark for the characters `start` to `end` stands.

        A mark covers whole cells and is never empty: an empty range is marked at the cell that
        holds `start`, or right after the last cell at the end of the line.
        """
        left = self._cell_at(start)
        if left == len(self.cells):
            return range(self._edges[left], self._edges[left] + 1)
        right = max(left, self._cell_at(min(end, self.length) - 1))
        return range(self._edges[left], self._edges[right + 1])

    def _cell_at(self, index: int) -> int:
        return _cell_at(self.cells, index) if index < self.length else len(self.cells)


def visible(text: str) -> str:
    """A text with everything that cannot be seen, line ends too, shown by its number."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(cell.shown for cell in _cells(text, 0, len(text)))


def excerpt(line: str, at: int) -> Excerpt:
    """A line, or as much of it around the character `at` as fits in `WIDTH` columns."""
    length = len(line)
    first, last = max(0, at - _REACH), min(length, at + _REACH)
    cells = _cells(line, first, last)
    if last - first == length and _fitting(cells, WIDTH)[0] == len(cells):
        return Excerpt(cells, length, is_whole=True)
    window = _window(cells, _cell_at(cells, at) if at < length else len(cells))
    stop = cells[window.stop].start if window.stop < len(cells) else last
    shown = list(cells[window.start : window.stop])
    if cells[window.start].start > 0:
        shown.insert(0, Cell(0, _CUT, 1))
    if stop < length:
        shown.append(Cell(stop, _CUT, 1))
    return Excerpt(shown, length, is_whole=False)


def _window(cells: Sequence[Cell], centre: int) -> slice:
    """The cells around one that fit in `WIDTH` columns; one side gets the room the other leaves."""
    after, before = cells[centre:], cells[:centre][::-1]
    _, used = _fitting(after, _AFTER)
    left, used = _fitting(before, WIDTH - used)
    right, _ = _fitting(after, WIDTH - used)
    return slice(centre - left, centre + right)


def _fitting(cells: Iterable[Cell], room: int) -> tuple[int, int]:
    """How many cells from the first on fit in so many columns, and the columns they take."""
    count = used = 0
    for cell in cells:
        if used + cell.width > room:
            break
        count, used = count + 1, used + cell.width
    return count, used


def _cell_at(cells: Sequence[Cell], index: int) -> int:
    return bisect_right(cells, index, key=lambda cell: cell.start) - 1


def _cells(text: str, first: int, last: int) -> list[Cell]:
    """The characters `first` to `last` (exclusive) of a text as they are drawn."""
    cells: list[Cell] = []
    room = 0
    for index in range(first, last):
        char = text[index]
        width = _width(char)
        if width == 0 and room:
            base = cells[-1]
            cells[-1] = Cell(base.start, base.shown + char, base.width)
            room -= 1
        elif width:
            cells.append(Cell(index, char, width))
            room = _MOST_MARKS
        else:
            shown = _TAB if char == "\t" else f"<U+{ord(char):04X}>"
            cells.append(Cell(index, shown, len(shown)))
            room = 0
    return cells


@lru_cache(maxsize=4096)
def _width(char: str) -> int | None:
    """The columns of a character: 0 for one that combines, nothing for one without a shape."""
    if char == " ":
        return 1
    category = unicodedata.category(char)
    if category in _SHAPELESS or char in _LOOKS_BLANK:
        return None
    if category in _MARKS or any(ord(char) in jamo for jamo in _JOINING_JAMO):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
