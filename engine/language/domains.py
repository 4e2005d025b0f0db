"""Sets of values that something may have: intervals of numbers, and sets of words.

Both can be intersected and asked whether anything is left. That is all that the analysis of
conditions needs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction

Bound = tuple[int, int | Fraction, int]
"""An end of an interval; bounds are in the order of the numbers.

Its parts are whether it is infinite (-1, 1) or not (0), the number, and whether the interval ends
right before (-1), at (0) or right after (1) that number.
"""

LOWEST: Bound = (-1, 0, 0)
HIGHEST: Bound = (1, 0, 0)

_Interval = tuple[Bound, Bound]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A set of numbers: intervals that do not touch, in ascending order, both ends included."""

    intervals: tuple[_Interval, ...]

    def meet(self, other: Domain) -> Numbers:
        """What both sets have."""
        assert isinstance(other, Numbers)  # noqa: S101  # one thing has one kind of values
        mine, theirs, found = list(self.intervals), list(other.intervals), []
        left = right = 0
        while left < len(mine) and right < len(theirs):
            low = max(mine[left][0], theirs[right][0])
            high = min(mine[left][1], theirs[right][1])
            if low <= high:
                found.append((low, high))
            if mine[left][1] <= theirs[right][1]:
                left += 1
            else:
                right += 1
        return Numbers(tuple(found))

    @property
    def is_empty(self) -> bool:
        """Whether no number is left."""
        return not self.intervals

    @property
    def size(self) -> int:
        """How much work the set makes."""
        return len(self.intervals)


@dataclass(frozen=True, slots=True)
class Words:
    """A set of words, or with `inverted` all words but these."""

    members: frozenset[Hashable]
    inverted: bool = False

    def meet(self, other: Domain) -> Words:
        """What both sets have."""
        assert isinstance(other, Words)  # noqa: S101  # one thing has one kind of values
        if self.inverted and other.inverted:
            return Words(self.members | other.members, inverted=True)
        if self.inverted:
            return Words(other.members - self.members)
        if other.inverted:
            return Words(self.members - other.members)
        return Words(self.members & other.members)

    @property
    def is_empty(self) -> bool:
        """Whether no word is left."""
        return not self.inverted and not self.members

    @property
    def size(self) -> int:
        """How much work the set makes."""
        return len(self.members)


Domain = Numbers | Words

ALL_NUMBERS = Numbers(((LOWEST, HIGHEST),))
ALL_WORDS = Words(frozenset(), inverted=True)
TRUE = Words(frozenset({True}))


def at(number: int | Fraction) -> Bound:
    """The end of an interval that includes a number."""
    return (0, number, 0)


def below(number: int | Fraction, *, whole: bool) -> Bound:
    """The end of an interval up to a number that it does not include."""
    return (0, number - 1, 0) if whole else (0, number, -1)


def above(number: int | Fraction, *, whole: bool) -> Bound:
    """The start of an interval from a number that it does not include."""
    return (0, number + 1, 0) if whole else (0, number, 1)


def between(low: int | Fraction | None, high: int | Fraction | None) -> Numbers:
    """All numbers from one to another, both included; `None` where there is no end."""
    start = LOWEST if low is None else at(low)
    end = HIGHEST if high is None else at(high)
    return Numbers(((start, end),) if start <= end else ())


def only(numbers: Iterable[int | Fraction]) -> Numbers:
    """These numbers."""
    return Numbers(tuple((at(number), at(number)) for number in sorted(set(numbers))))


def all_but(numbers: Iterable[int | Fraction], *, whole: bool) -> Numbers:
    """All other numbers."""
    start, found = LOWEST, []
    for number in sorted(set(numbers)):
        end = below(number, whole=whole)
        if start <= end:
            found.append((start, end))
        start = above(number, whole=whole)
    return Numbers((*found, (start, HIGHEST)))
