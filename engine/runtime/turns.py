"""Which variant of a threshold has its turn, and when turns change, in one region.

What a threshold finds changes without anything having happened when another variant of it, or of a
measure that it reads, begins to speak. Each such instant is a border; between two of them lies an
era.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..language.program import Item, Measure, Status
from ..language.varied import InTurn, in_turn


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of all thresholds in a region; each is called by the number of its first variant.

    `variants` and `borders` are of those only that have several, or any.
    """

    variants: Mapping[int, InTurn[int]]
    borders: Mapping[str, tuple[int, ...]]

    def at(self, number: int, now: int) -> int:
        """The number of the variant that has the turn at an instant, or had it last."""
        variants = self.variants.get(number)
        return number if variants is None else variants.at(now)

    def era(self, name: str, now: int) -> int:
        """Between which borders of a threshold an instant lies."""
        return bisect.bisect_right(self.borders.get(name, ()), now)

    def next_border(self, name: str, now: int) -> int | None:
        """The first border of a threshold after an instant."""
        borders = self.borders.get(name, ())
        after = bisect.bisect_right(borders, now)
        return borders[after] if after < len(borders) else None


def turns_of(
    thresholds: Sequence[Item],
    reads: Sequence[Iterable[str]],
    bounded: Mapping[str, Sequence[Measure]],
    region: str,
) -> Turns:
    """The turns in a region.

    Args:
        thresholds: All variants of all thresholds.
        reads: The names of all measures that each of them reads, directly or not.
        bounded: The variants of measures that do not speak everywhere and always, by name.
        region: The region.
    """
    by_name: dict[str, list[int]] = {}
    for number, threshold in enumerate(thresholds):
        by_name.setdefault(threshold.name, []).append(number)
    variants, borders = dict[int, InTurn[int]](), dict[str, tuple[int, ...]]()
    for name, numbers in by_name.items():
        here = tuple(one for one in numbers if _has_turns(thresholds[one], region))
        items: list[Item] = [thresholds[one] for one in here] if len(numbers) > 1 else []
        if len(numbers) > 1:
            pairs = [(thresholds[one], one) for one in here or numbers]
            variants[numbers[0]] = in_turn(pairs, region)
        measures = dict.fromkeys(each for number in numbers for each in reads[number])
        items += [one for each in measures for one in bounded.get(each, ())]
        if found := sorted(set(_borders(items, region))):
            borders[name] = tuple(found)
    return Turns(variants, borders)


def _has_turns(item: Item, region: str) -> bool:
    return item.status is not Status.DISABLED and _is_for(item, region)


def _is_for(item: Item, region: str) -> bool:
    return not item.regions or region in item.regions


def _borders(items: Iterable[Item], region: str) -> Iterator[int]:
    for item in items:
        if _is_for(item, region):
            ends = (item.effective.start, item.effective.end)
            yield from (end for end in ends if end is not None)
