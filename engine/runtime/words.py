"""Words and phrases found in texts, at word borders where the script has them.

All words of a matcher are found in one pass over the text, however many they are. The time is
linear in the text and in how many of the words end at one place of it (`a`, `ba`, `cba`).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ahocorasick_rs import AhoCorasick

from .folding import fold
from .scripts import delimit, is_bordered

_WINDOW: Final = 1 << 14
"""Characters searched at a time, so that a long text of hits cannot fill the memory with them."""

_FEW: Final = 16
"""So many places are looked at one by one before the whole text is prepared for the search."""

_Hit = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A word that was found: its index, and from where to where (exclusive) in the folded text."""

    word: int
    start: int
    end: int


class WordMatcher:
    """Finds words and phrases in folded texts.

    Words are given as written and compared folded, so that `Gift  Card` finds "gift card". A word
    that folds to nothing is never found.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        indexes: dict[str, list[int]] = {}
        for index, word in enumerate(map(fold, self.words)):
            if word:
                indexes.setdefault(word, []).append(index)
        self._indexes = tuple(indexes.values())
        self._masks = tuple(sum(1 << index for index in group) for group in self._indexes)
        self._longest = max(map(len, indexes), default=0)
        self._automaton = AhoCorasick(list(indexes), store_patterns=False)

    def mask(self, folded: str) -> int:
        """The words that a folded text contains: bit `i` is set for the word with index `i`."""
        hits = self._hits(folded)
        if not hits:
            return 0
        mask = 0
        for pattern, start, end in hits:
            bits = self._masks[pattern]
            if mask & bits != bits and is_bordered(folded, start, end):
                mask |= bits
        return mask

    def find(self, folded: str) -> frozenset[int]:
        """The indexes of the words that a folded text contains."""
        return frozenset(found.word for found in self.places(folded))

    def places(self, folded: str) -> tuple[Found, ...]:
        """Each word that a folded text contains, where it stands first, in the order of words."""
        first: dict[int, tuple[int, int]] = {}
        for pattern, start, end in self._hits(folded):
            if pattern not in first and is_bordered(folded, start, end):
                first[pattern] = (start, end)
        found = (
            Found(index, start, end)
            for pattern, (start, end) in first.items()
            for index in self._indexes[pattern]
        )
        return tuple(sorted(found, key=lambda each: each.word))

    def _hits(self, folded: str) -> Iterable[_Hit]:
        """Every place where a word stands, bordered or not, as pattern, start and end."""
        if len(folded) > _WINDOW:
            return self._hits_by_window(folded)
        return self._automaton.find_matches_as_indexes(folded, overlapping=True)

    def _hits_by_window(self, folded: str) -> Iterator[_Hit]:
        """The same in windows that overlap by the longest word; some hits come twice."""
        for origin in range(0, len(folded), _WINDOW):
            window = folded[origin : origin + _WINDOW + self._longest]
            for pattern, start, end in self._automaton.find_matches_as_indexes(
                window, overlapping=True
            ):
                yield pattern, origin + start, origin + end


def contains(folded: str, word: str) -> bool:
    """Whether a folded text contains a folded word: what a matcher for that word alone would say.

    For a few words this is quicker than a matcher.
    """
    start = folded.find(word) if word else -1
    for _ in range(_FEW):
        if start < 0:
            return False
        if is_bordered(folded, start, start + len(word)):
            return True
        start = folded.find(word, start + 1)
    return delimit(word) in delimit(folded)


@functools.lru_cache(maxsize=1_024)
def matcher(words: tuple[str, ...]) -> WordMatcher:
    """The matcher for some words, made once."""
    return WordMatcher(words)
