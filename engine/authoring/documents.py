"""Markdown pages: their fenced blocks, and the parts that are made from code.

A part that is made stands between two comments, so that a page is text and tables in one file:

    <!-- made: limits -->
    ...
    <!-- end -->
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_FENCE = re.compile(
    r"^(?P<mark>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=mark)$", re.MULTILINE | re.DOTALL
)
_MADE = re.compile(
    r"(?P<begin><!-- made: (?P<name>[^\n]+?) -->\n).*?(?P<end><!-- end -->)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the words behind its opening fence, its text, and the line it begins on."""

    words: tuple[str, ...]
    text: str
    line: int
    start: int
    end: int

    @property
    def kind(self) -> str:
        """The first word of the fence: what the block holds."""
        return self.words[0] if self.words else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that are not blank."""
        return tuple(line for line in self.text.splitlines() if line.strip())


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order; offsets are those of the text between the fences."""
    for found in _FENCE.finditer(page):
        line = page.count("\n", 0, found.start("text")) + 1
        words = tuple(found["info"].split())
        yield Block(words, found["text"], line, found.start("text"), found.end("text"))


def with_blocks(page: str, change: Callable[[Block], str]) -> str:
    """The page with the text of each block as `change` gives it."""
    pieces, done = [], 0
    for block in blocks(page):
        pieces += [page[done : block.start], change(block)]
        done = block.end
    return "".join([*pieces, page[done:]])


def made_names(page: str) -> list[str]:
    """The names of the parts that are made, in order."""
    return [found["name"] for found in _MADE.finditer(page)]


def with_made(page: str, parts: Mapping[str, str]) -> str:
    """The page with its made parts as they are now.

    Raises:
        KeyError: The page asks for a part that there is not.
    """
    return _MADE.sub(lambda at: f"{at['begin']}\n{parts[at['name']]}\n{at['end']}", page)
