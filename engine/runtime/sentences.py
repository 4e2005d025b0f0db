"""The sentences of a text, and words that have to stand together in one of them.

A sentence ends with `!`, `?`, an ellipsis, their kin in other scripts, a line, or a full stop. A
full stop between two letters or digits, as in `4.5` or `shop.example`, ends none. Thai and its
neighbours have no sign for it: there a line is a sentence.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .folding import fold
from .words import Found, WordMatcher

_END: Final = re.compile(
    "[!?\u2026\u3002\uff01\uff1f\uff61\u0964\u061f\u06d4"  # the signs of many scripts
    "\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"  # line ends
    r"|[.\uff0e](?!\w)|(?<!\w)[.\uff0e]"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """From where to where (exclusive) each sentence of a text goes, without what ends it."""
    start = 0
    for end in _END.finditer(text):
        if end.start() > start:
            yield start, end.start()
        start = end.end()
    if start < len(text):
        yield start, len(text)


@dataclass(frozen=True, slots=True)
class Together:
    """A sentence that holds a word of each group, and the words of the groups that it holds.

    The sentence goes from `start` to `end` (exclusive) of the text; words are indexes into the
    words of all groups, each once, and their places those in the folded sentence.
    """

    start: int
    end: int
    found: tuple[Found, ...]


class SentenceMatcher:
    """Finds a sentence that holds a word of each of some groups."""

    def __init__(self, groups: tuple[tuple[str, ...], ...]) -> None:
        words = list(dict.fromkeys(word for group in groups for word in group))
        self._matcher = WordMatcher(words)
        places = {word: index for index, word in enumerate(words)}
        self._groups = tuple(sum(1 << places[word] for word in set(group)) for group in groups)

    def holds(self, text: str) -> bool:
        """Whether a text, as it was written, has such a sentence."""
        return self._first(text) is not None

    def find(self, text: str) -> Together | None:
        """The first such sentence of a text, as it was written."""
        first = self._first(text)
        if first is None:
            return None
        start, end = first
        return Together(start, end, self._matcher.places(fold(text[start:end])))

    def _first(self, text: str) -> tuple[int, int] | None:
        for start, end in sentences(text):
            mask = self._matcher.mask(fold(text[start:end]))
            if mask and all(mask & group for group in self._groups):
                return start, end
        return None


@functools.lru_cache(maxsize=256)
def sentence_matcher(groups: tuple[tuple[str, ...], ...]) -> SentenceMatcher:
    """The matcher for some groups, made once."""
    return SentenceMatcher(groups)
