"""Reviews by stars, and decisions, counted by the day, week, month or year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from .model import STARS, Calendar, Row, Stretch
from .periods import cut, period_of, unit_for
from .sources import ReviewEvent

_GONE: Final = frozenset({"review.hidden", "review.removed", "review.struck", "review.deleted"})


@dataclass(slots=True)
class Reviews:
    """Counts what happens in each period of a stretch."""

    stretch: Stretch
    unit: str = ""
    begins: list[int] = field(default_factory=list)
    _stars: list[list[int]] = field(default_factory=list)
    _decisions: list[int] = field(default_factory=list)
    _changed: int = 0
    _gone: int = 0

    def __post_init__(self) -> None:
        """Lay out the periods."""
        self.unit = unit_for(self.stretch)
        self.begins = cut(self.stretch, self.unit)
        self._stars = [[0] * len(STARS) for _ in self.begins]
        self._decisions = [0] * len(self.begins)

    def take(self, event: ReviewEvent) -> None:
        """Count what happened to a review."""
        if not self.stretch.holds(event.at):
            return
        period = period_of(self.begins, event.at)
        if event.type == "review.posted" and event.stars is not None and period >= 0:
            self._stars[period][event.stars - 1] += 1
        self._changed += event.type == "review.edited"
        self._gone += event.type in _GONE

    def decided(self, at: int) -> None:
        """Count a decision."""
        period = period_of(self.begins, at)
        if self.stretch.holds(at) and period >= 0:
            self._decisions[period] += 1

    def calendar(self, *, known: bool) -> Calendar:
        """What was counted; `known` says whether reviews could be seen at all."""
        rows = tuple(
            Row(begin, tuple(stars), decisions)
            for begin, stars, decisions in zip(
                self.begins, self._stars, self._decisions, strict=True
            )
        )
        return Calendar(self.unit, rows, known, self._changed, self._gone)
