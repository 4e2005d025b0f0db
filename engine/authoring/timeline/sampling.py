"""Values over time, kept in a bounded number of pieces however many looks there were."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from .model import Sample

MOST_SAMPLES: Final = 240
"""A stretch is cut into so many pieces; of each the last value is kept, and how far they went."""


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

    start: int
    end: int
    unit: str = ""
    measure: str | None = None
    looks: int = 0
    _pieces: dict[int, Sample] = field(default_factory=dict)

    def add(self, look: Look) -> None:
        """Take a look; those from outside the stretch are left out."""
        if not self.start <= look.at <= self.end:
            return
        self.looks += 1
        if look.measure is None:
            return
        self.measure = look.measure
        if look.value is not None:
            self.unit = look.unit
        piece = (look.at - self.start) * MOST_SAMPLES // (self.end - self.start + 1)
        before = self._pieces.get(piece)
        self._pieces[piece] = Sample(
            look.at,
            look.value,
            _least(before, look.value),
            _greatest(before, look.value),
            look.size,
        )

    def samples(self) -> tuple[Sample, ...]:
        """What was seen, in the order of time."""
        return tuple(self._pieces[piece] for piece in sorted(self._pieces))


def _least(before: Sample | None, value: Fraction | None) -> Fraction | None:
    known = [one for one in (before.low if before else None, value) if one is not None]
    return min(known, default=None)


def _greatest(before: Sample | None, value: Fraction | None) -> Fraction | None:
    known = [one for one in (before.high if before else None, value) if one is not None]
    return max(known, default=None)
