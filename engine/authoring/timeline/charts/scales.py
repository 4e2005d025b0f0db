"""Scales: from instants and values to places, and where their lines stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from ....records.values import DURATION, INTEGER, PERCENT
from ....runtime.instants import DAY, to_datetime
from ..model import Stretch
from ..periods import cut

LEFT: Final = 230
"""What stands left of every plot: what it shows."""

PLOT: Final = 690
RIGHT: Final = 160
WIDTH: Final = LEFT + PLOT + RIGHT

_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_MOST_TICKS: Final = 12
_HOURS_UP_TO: Final = 2 * DAY
_PARTS: Final = 4
_LENGTHS: Final = (60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400)
_SECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of a scale: where it stands, and what it says."""

    place: Fraction
    says: str


@dataclass(frozen=True, slots=True)
class Times:
    """The scale of time, the same for all charts of a page."""

    stretch: Stretch

    def place(self, instant: int) -> Fraction:
        """Where an instant stands; one from outside stands at the edge."""
        start, end = self.stretch.start, self.stretch.end
        inside = min(max(instant, start), end)
        return LEFT + Fraction(PLOT * (inside - start), max(end - start, 1))

    def ticks(self) -> list[Tick]:
        """The beginnings of days, weeks, months or years."""
        length = self.stretch.end - self.stretch.start
        if length <= _HOURS_UP_TO:
            marks = [self.stretch.start + length * part // _PARTS for part in range(_PARTS + 1)]
            return [Tick(self.place(at), self._moment(at)) for at in dict.fromkeys(marks)]
        marks = [at for at in self._marks(length // DAY + 1) if self.stretch.holds(at)]
        return [Tick(self.place(at), self._name(at, length)) for at in marks]

    def _marks(self, days: int) -> list[int]:
        if days <= _MOST_TICKS:
            return cut(self.stretch, "day")
        if days <= _MOST_TICKS * 7:
            return cut(self.stretch, "week")
        if days <= _MOST_TICKS * 92:
            every = -(-days // (_MOST_TICKS * 31))
            begins = cut(self.stretch, "month")
            return [at for at in begins if (self._local(at).month - 1) % every == 0]
        years = _nice(Fraction(days, 366 * _MOST_TICKS))
        begins = cut(self.stretch, "year")
        return [at for at in begins if self._local(at).year % max(int(years), 1) == 0]

    def _local(self, at: int) -> datetime:
        return to_datetime(at, self.stretch.clock)

    def _name(self, at: int, length: int) -> str:
        local = self._local(at)
        if length // DAY + 1 <= _MOST_TICKS * 7:
            return f"{local.day} {_MONTHS[local.month - 1]}"
        if length // DAY + 1 > _MOST_TICKS * 92:
            return f"{local.year}"
        month = _MONTHS[local.month - 1]
        return f"{month} {local.year}" if local.month == 1 else month

    def _moment(self, at: int) -> str:
        local = self._local(at)
        return f"{local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"


@dataclass(frozen=True, slots=True)
class Values:
    """The scale of a chart's values, upwards."""

    low: Fraction
    high: Fraction
    top: int
    height: int
    step: Fraction

    def place(self, value: Fraction | int) -> Fraction:
        """Where a value stands; one from outside stands at the edge."""
        inside = min(max(Fraction(value), self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return self.top + self.height - share * self.height

    @property
    def lines(self) -> list[Fraction]:
        """The values that have a line."""
        first, last = self.low / self.step, self.high / self.step
        return [
            self.step * n for n in range(-(-first.numerator // first.denominator), int(last) + 1)
        ]


def values_for(known: Sequence[Fraction], unit: str, top: int, height: int) -> Values:
    """A scale for some values.

    It begins at 0 where some are below or it is about shares, and where that flattens nothing.
    """
    low, high = min(known, default=Fraction(0)), max([*known, Fraction(0)])
    if unit in (PERCENT, INTEGER) or low * 2 < high:
        low = min(low, Fraction(0))
    if low == high:
        high = low + (Fraction(1, 10) if unit == PERCENT else 1)
    step = _step((high - low) / _PARTS, unit)
    floor = step * (low // step)
    ceiling = step * -(-high // step)
    return Values(floor, ceiling, top, height, step)


def _step(least: Fraction, unit: str) -> Fraction:
    if unit == DURATION:
        fitting = (Fraction(one * _SECOND) for one in _LENGTHS if one * _SECOND >= least)
        return next(fitting, _nice(least / DAY) * DAY)
    return _nice(least)


def _nice(least: Fraction) -> Fraction:
    """The least of 1, 2, 5, 10, 20, … (and of their tenths and so on) that is not below."""
    power = Fraction(1)
    while power > least:
        power /= 10
    while power * 10 <= least:
        power *= 10
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least)
