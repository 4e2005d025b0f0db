"""Things of which several may have one name, each for regions and dates of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar


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


@dataclass(frozen=True, slots=True)
class Varied(Mapping[str, T]):
    """Variants by name, in the author's order; of two of a name no two speak at once.

    As a mapping it gives the first variant of each name.
    """

    variants: Mapping[str, tuple[T, ...]]

    @classmethod
    def of(cls, items: Iterable[T]) -> Varied[T]:
        """The items by their names."""
        found: dict[str, tuple[T, ...]] = {}
        for item in items:
            found[item.name] = (*found.get(item.name, ()), item)
        return cls(found)

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
        """The variant that speaks in a region at an instant, or else the nearest.

        That is the last that spoke there before; else the next one there; else the first.
        """
        several = self.variants[name]
        return several[0] if len(several) == 1 else nearest(several, region, instant)


def nearest(several: Iterable[T], region: str, instant: int) -> T:
    """Of some variants the one that speaks in a region at an instant, or else the nearest."""
    return min(several, key=lambda one: _distance(one, region, instant))


def _distance(item: Speaking, region: str, instant: int) -> tuple[bool, int, int]:
    """How far a variant is from speaking: elsewhere, after or before its time, and by how much."""
    elsewhere = bool(item.regions) and region not in item.regions
    start, end = item.effective.start, item.effective.end
    if end is not None and end <= instant:
        return elsewhere, 1, instant - end
    if start is not None and instant < start:
        return elsewhere, 2, start - instant
    return elsewhere, 0, 0
