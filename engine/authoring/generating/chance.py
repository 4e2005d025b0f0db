"""Chance in whole numbers: the same seed draws the same on every machine.

Only the raw bits of Python's generator are used, which are the same in all its versions. What is
made of them is made by integer arithmetic.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import isqrt
from random import Random
from typing import Final, Generic, TypeVar

T = TypeVar("T")

UNIT: Final = 1 << 32
"""One, for what `Chance.exponential` gives; also how many different draws there are."""


class Chance:
    """A source of draws."""

    __slots__ = ("_bits",)

    def __init__(self, seed: str) -> None:
        """Begin with a seed; other seeds give other draws."""
        random = Random(seed)  # noqa: S311  # these draws have to be repeated, not to be secret
        self._bits = random.getrandbits

    def below(self, end: int) -> int:
        """A number from 0 up to and without `end`, which is at most `UNIT`; all are as likely."""
        return self._bits(32) * end >> 32

    def between(self, first: int, last: int) -> int:
        """A number from `first` to `last`, both included."""
        return first + (self._bits(32) * (last - first + 1) >> 32)

    def happens(self, per_mille: int) -> bool:
        """Whether something happens that does so in so many of 1,000 cases."""
        return self._bits(32) * 1000 >> 32 < per_mille

    def pick(self, items: Sequence[T]) -> T:
        """One of some items."""
        return items[self._bits(32) * len(items) >> 32]

    def skewed(self, median: int, most: int) -> int:
        """A length of time that is often short and now and then long, but never above `most`.

        Half of them are below the median, a fifth above its double, one in 26 above its fivefold:
        the log-logistic distribution with the shape 2.
        """
        draw = self._bits(32) | 1
        root = isqrt((draw << 32) // (UNIT - draw))
        return min(median * root >> 16, most)

    def exponential(self) -> int:
        """A waiting time whose mean is `UNIT`, exactly as if by logarithms.

        Von Neumann's way: a run of ever smaller draws that begins at x has an odd length with the
        chance exp(-x).
        """
        bits, whole = self._bits, 0
        while True:
            first = last = bits(32)
            length = 1
            while (draw := bits(32)) < last:
                last = draw
                length += 1
            if length % 2:
                return whole + first
            whole += UNIT


class Weighted(Generic[T]):
    """Items of which some are drawn more often than others."""

    __slots__ = ("_items", "_sums", "_total")

    def __init__(self, weighted: Iterable[tuple[T, int]]) -> None:
        """Take pairs of an item and its weight; the weights add up to `UNIT` at most."""
        pairs = list(weighted)
        self._items = [item for item, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))
        self._total = self._sums[-1]

    def draw(self, chance: Chance) -> T:
        """One of the items."""
        return self._items[bisect_right(self._sums, chance.below(self._total))]


_LARGEST_WEIGHT: Final = 10_000_000


def by_rank(items: Sequence[T]) -> Weighted[T]:
    """Items of which the second is drawn half as often as the first, the third a third as often.

    That is Zipf's law, which sales of shops and of products follow closely.
    """
    return Weighted((item, _LARGEST_WEIGHT // rank) for rank, item in enumerate(items, start=1))
