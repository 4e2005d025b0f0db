"""Local clocks, and the hours at which people shop, work and deliver.

Times are whole seconds since 1970-01-01T00:00:00Z.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import accumulate
from typing import Final

from ...language.zones import zone
from .chance import Chance

MINUTE: Final = 60
HOUR: Final = 3_600
DAY: Final = 86_400

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_A_DAY: Final = 24
_HOURS_TO_MONDAY: Final = 72
"""1970 began on a Thursday, three days after a Monday."""


class Clock:
    """What the clocks of one time zone show, if its offsets are whole hours."""

    def __init__(self, name: str) -> None:
        """Take the name of a zone that exists; its data is read when it is needed."""
        self._name = name
        self._offsets: dict[int, int] = {}
        self._epochs: dict[int, datetime] = {}

    def offset(self, at: int) -> int:
        """By how many seconds the clock is ahead of UTC; the same all through an hour."""
        hour = at // HOUR
        known = self._offsets.get(hour)
        if known is None:
            known = self._offsets[hour] = self._ask(hour * HOUR)
        return known

    def _ask(self, at: int) -> int:
        local = (_EPOCH + timedelta(seconds=at)).astimezone(zone(self._name))
        return (local.utcoffset() or timedelta()) // timedelta(seconds=1)

    def moment(self, at: int) -> datetime:
        """A time as the clock shows it."""
        offset = self.offset(at)
        epoch = self._epochs.get(offset)
        if epoch is None:
            place = timezone(timedelta(seconds=offset)) if offset else UTC
            epoch = self._epochs[offset] = _EPOCH.replace(tzinfo=place)
        return epoch + timedelta(seconds=at + offset)

    def hour_of_week(self, at: int) -> int:
        """From 0, the hour after Monday's midnight, to 167."""
        return ((at + self.offset(at)) // HOUR + _HOURS_TO_MONDAY) % 168


class Rhythm:
    """How busy each hour of a week is, from 0 for never."""

    def __init__(self, hours: Sequence[int], days: Sequence[int]) -> None:
        """Take 24 weights for the hours of a day and 7 for the days from Monday on."""
        self.weights = tuple(hour * day for day in days for hour in hours)
        self._most = max(self.weights)
        self._sums = list(accumulate((*self.weights, *self.weights[:_A_DAY]), initial=0))

    def settle(self, at: int, clock: Clock, chance: Chance) -> int:
        """A time that is likely for this rhythm: one that is given, or one of the next 24 hours."""
        hour = clock.hour_of_week(at)
        if chance.below(self._most) < self.weights[hour]:
            return at
        first, end = self._sums[hour + 1], self._sums[hour + 1 + _A_DAY]
        found = bisect_right(self._sums, first + chance.below(end - first)) - 1
        return at - at % HOUR + (found - hour) * HOUR + chance.below(HOUR)


SHOPPING: Final = Rhythm(
    (7, 4, 2, 2, 2, 4, 9, 18, 28, 36, 42, 46, 55, 48, 42, 40, 40, 42, 48, 62, 84, 92, 70, 32),
    (95, 90, 92, 98, 110, 132, 126),
)
"""Orders and reviews: most in the evening, more at weekends."""

OFFICE: Final = Rhythm(
    (1, 0, 0, 0, 0, 0, 1, 4, 20, 60, 70, 65, 35, 50, 70, 70, 60, 45, 20, 12, 10, 8, 5, 2),
    (110, 100, 100, 100, 95, 40, 12),
)
"""Shops and the platform's staff: working days, with somebody there on Saturday."""

DELIVERING: Final = Rhythm(
    (0, 0, 0, 0, 0, 0, 1, 6, 40, 70, 80, 75, 60, 55, 65, 70, 65, 50, 30, 15, 6, 1, 0, 0),
    (115, 105, 100, 100, 100, 80, 18),
)
"""Parcels at the door."""
