"""Lines from blocks of bytes, whatever their length, in bounded memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Final

from ..event_types import MAX_LINE

_CUT: Final = MAX_LINE + 1
_BOM: Final = b"\xef\xbb\xbf"


class Watched:
    """Blocks of bytes that tell when the last of them has been asked for and read.

    While lines are split lazily, only the last line that has no end comes when they are `over`.
    """

    def __init__(self, blocks: Iterable[bytes]) -> None:
        """Hand on some blocks."""
        self._blocks = blocks
        self.over = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._blocks
        self.over = True


def split_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Every line without its `\n`, the same ones wherever the blocks were cut.

    Of a line that is longer than any event may be, the first `MAX_LINE + 1` bytes remain, so that
    whoever reads it sees that it is too long. A byte order mark at the very beginning is left out.
    A last line without an end counts, an empty one does not.
    """
    return itertools.chain.from_iterable(_by_block(blocks))


def _by_block(blocks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines that end in each block, and last the one that does not end."""
    rest = b""
    for block in _without_mark(blocks):
        first, *others = block.split(b"\n")
        if len(rest) < _CUT:
            rest += first[: _CUT - len(rest)]
        if not others:
            continue
        last = others.pop()[:_CUT]
        yield [rest, *(others if len(block) < _CUT else [line[:_CUT] for line in others])]
        rest = last
    if rest:
        yield [rest]


def _without_mark(blocks: Iterable[bytes]) -> Iterator[bytes]:
    remaining = iter(blocks)
    head = b""
    for block in remaining:
        head += block
        if len(head) >= len(_BOM):
            break
    yield head.removeprefix(_BOM)
    yield from remaining
