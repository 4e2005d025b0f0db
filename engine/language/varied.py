"""Things of which several may have one name, each for regions and dates of its own."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Dated(Protocol):
    """From when on something applies, and until when; open where nothing is said."""

    @property
    def start(self) -> int | None:
        """The first instant."""
        ...

    @property
    def end(self) -> int | None:
        """The first instant after it."""
        ...


class Speaking(Protocol):
    """What has a name, and speaks in some regions at some times."""

    @property
    def name(self) -> str:
        """Its name, which other variants share."""
        ...

    @property
    def regions(self) -> frozenset[str]:
        """Where it speaks; empty for everywhere."""
        ...

    @property
    def effective(self) -> Dated:
        """When it speaks."""
        ...

    def applies(self, region: str, instant: int) -> bool:
        """Whether it speaks in a region at an instant."""
        ...


T = TypeVar("T", bound=Speaking)
Kind = TypeVar("Kind")
_EVER = -(1 << 63)
"""Before every instant."""


@dataclass(frozen=True, slots=True)
class InTurn(Generic[Kind]):
    """Things of which each has its turn from an instant on, in their order."""

    starts: tuple[int, ...]
    things: tuple[Kind, ...]

    def at(self, instant: int) -> Kind:
        """What has the turn at an instant, or had it last; before all turns, the first."""
        return self.things[max(bisect.bisect_right(self.starts, instant) - 1, 0)]


def in_turn(pairs: Iterable[tuple[Speaking, Kind]], region: str) -> InTurn[Kind]:
    """Things that belong to variants, in the order of these in a region.

    If none of the variants speaks there, the first one stands for all.
    """
    several = list(pairs)
    here = [pair for pair in several if not pair[0].regions or region in pair[0].regions]
    starts = [(_start(item), number) for number, (item, _) in enumerate(here or several[:1])]
    order = [number for _, number in sorted(starts)]
    found = here or several[:1]
    return InTurn(
        tuple(_start(found[number][0]) for number in order),
        tuple(found[number][1] for number in order),
    )


def _start(item: Speaking) -> int:
    start = item.effective.start
    return _EVER if start is None else start


@dataclass(frozen=True, slots=True)
class Varied(Mapping[str, T]):
    """Variants by name, in the author's order; of two of a name no two speak at once.

    As a mapping it gives the first variant of each name.
    """

    variants: Mapping[str, tuple[T, ...]]
    _turns: dict[tuple[str, str], InTurn[T]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, items: Iterable[T]) -> Varied[T]:
        """The items by their names."""
        found: dict[str, list[T]] = {}
        for item in items:
            found.setdefault(item.name, []).append(item)
        return cls({name: tuple(several) for name, several in found.items()})

    def __getitem__(self, name: str) -> T:
        return self.variants[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self.variants)

    def __len__(self) -> int:
        return len(self.variants)

    def every(self) -> Iterator[T]:
        """All variants of all names."""
        for several in self.variants.values():
            yield from several

    def at(self, name: str, region: str, instant: int) -> T:
        """The variant that speaks in a region at an instant, or else spoke there last.

        Where none has spoken yet that is the first that will; in other regions, the first of all.
        """
        several = self.variants[name]
        if len(several) == 1:
            return several[0]
        found = self._turns.get((name, region))
        if found is None:
            found = self._turns[name, region] = in_turn(((one, one) for one in several), region)
        return found.at(instant)
