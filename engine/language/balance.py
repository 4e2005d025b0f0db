"""The balance of a ladder: which way it counts, where it begins, and between which ends it stays.

Points are always counted against the shop here: `points` of a violation are more than 0, those that
a shop earns back are fewer. Whether they raise the balance or lower it is the balance's affair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """How a ladder counts. Without a `ceiling` there is no upper end."""

    down: bool = False
    start: int = 0
    floor: int = 0
    ceiling: int | None = None

    @property
    def is_sum(self) -> bool:
        """Whether points against the shop never meet an end, so that their order is no matter."""
        return not self.down and self.ceiling is None

    def moved(self, total: int, points: int) -> int:
        """The balance after points against the shop; an end that it meets, it does not pass."""
        after = max(total - points if self.down else total + points, self.floor)
        return after if self.ceiling is None else min(after, self.ceiling)

    def after(self, points: Iterable[int]) -> int:
        """The balance after several points, in their order, from the start."""
        total = self.start
        for one in points:
            total = self.moved(total, one)
        return total

    def change(self, points: int) -> int:
        """By how much points against the shop move the balance where no end is met."""
        return -points if self.down else points

    def depth(self, total: int) -> int:
        """How far a balance has gone against the shop: more is worse, whichever way it counts."""
        return -total if self.down else total
