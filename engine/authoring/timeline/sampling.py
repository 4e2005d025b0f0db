"""Values over time, kept in a bounded number of pieces however many looks there were."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from .model import Sample, Stretch
from .periods import period_of

MOST_SAMPLES: Final = 400
"""A stretch is cut into so many pieces; of each the last value is kept, and how far they went.

Each of its periods is cut by itself, so that the last value of a period is exact. There are never
more periods than this.
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What one check saw: the value, if there was enough to tell, and how large the sample was."""

    at: int
    threshold: str
    measure: str | None
    subject: str
    value: Fraction | None
    unit: str
    size: int | None


@dataclass(slots=True)
class Sampler:
    """Collects the looks of one threshold at one subject."""

    stretch: Stretch
    begins: list[int]
    unit: str = ""
    measure: str | None = None
    looks: int = 0
    _pieces: dict[tuple[int, int], Sample] = field(default_factory=dict)

    def add(self, look: Look) -> None:
        """Take a look; those from outside the stretch are left out."""
        if not self.stretch.holds(look.at):
            return
        self.looks += 1
        if look.measure is None:
            return
        self.measure = look.measure
        if look.value is not None:
            self.unit = look.unit
        piece = self._piece(look.at)
        before = self._pieces.get(piece)
        self._pieces[piece] = Sample(
            look.at,
            look.value,
            _least(before, look.value),
            _greatest(before, look.value),
            look.size,
        )

    def _piece(self, at: int) -> tuple[int, int]:
        """The period that an instant is in, and the piece of it."""
        period, each = max(period_of(self.begins, at), 0), MOST_SAMPLES // len(self.begins)
        later = period + 1 < len(self.begins)
        end = self.begins[period + 1] if later else self.stretch.end + 1
        start = self.begins[period]
        return period, max(at - start, 0) * each // (end - start)

    def samples(self) -> tuple[Sample, ...]:
        """What was seen, in the order of time."""
        return tuple(self._pieces[piece] for piece in sorted(self._pieces))


def _least(before: Sample | None, value: Fraction | None) -> Fraction | None:
    known = [one for one in (before.low if before else None, value) if one is not None]
    return min(known, default=None)


def _greatest(before: Sample | None, value: Fraction | None) -> Fraction | None:
    known = [one for one in (before.high if before else None, value) if one is not None]
    return max(known, default=None)
