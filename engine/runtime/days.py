"""The local days of a time zone: where each begins, and to which an instant belongs.

A local clock can be set forward and back, even across midnight. Two definitions hold in every case
and agree with each other:

- A day begins at the first instant at which the clock shows that date or a later one. If midnight
  is skipped, that is the first instant after the gap; if midnight comes twice, the first of them.
- An instant belongs to the latest day that has begun.

So days follow each other without gap or overlap, and never run backwards. A day that a zone skipped
(Pacific/Apia, 2011-12-30) begins with the next one and holds no instant.

No zone has ever changed its offset twice within six days, so that two offsets at most occur in any
stretch of two days. The search for a change relies on that; a test asks the database.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from .instants import DAY, EPOCH_DAY, MINUTE, OutOfCalendar, offset_of, to_datetime
from .zones import zone

FIRST_DAY: Final = date.min.toordinal() + 2
LAST_DAY: Final = date.max.toordinal() - 2
"""The days that can be counted with. Near the ends of Python's dates an offset would leave them."""

_REMEMBERED: Final = 65_536
"""How many days are remembered: some 180 years, so that absurd dates cannot fill the memory."""


@dataclass(frozen=True, slots=True)
class LocalDays:
    """The days of one time zone, given by its IANA name.

    Days are numbers as in `date.toordinal`. Asking for one that was asked for before costs a look
    into a dictionary.

    Raises:
        UnknownZone: there is no such zone.
    """

    zone: str
    clock: ZoneInfo = field(init=False, repr=False, compare=False)
    _starts: dict[int, int] = field(init=False, repr=False, compare=False, default_factory=dict)
    _blocks: dict[int, tuple[int, int, int]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "clock", zone(self.zone))

    def __reduce__(self) -> tuple[type[LocalDays], tuple[Any, ...]]:
        """Travel between processes as what it was made from; a clock of `tzdata` cannot."""
        return type(self), tuple(getattr(self, each.name) for each in fields(self) if each.init)

    def day_of(self, instant: int) -> int:
        """The local day to which an instant belongs.

        Raises:
            OutOfCalendar: no calendar covers it.
        """
        try:
            day, next_start, second_start = self._blocks[instant // DAY]
        except KeyError:
            day, next_start, second_start = self._block(instant // DAY)
        if instant < next_start:
            return day
        return day + 1 if instant < second_start else day + 2

    def day_start(self, day: int) -> int:
        """The first instant of a local day.

        Raises:
            OutOfCalendar: no calendar covers it.
        """
        try:
            return self._starts[day]
        except KeyError:
            start = self.first_reading(day, 0)
        if len(self._starts) >= _REMEMBERED:
            self._starts.clear()
        self._starts[day] = start
        return start

    def _block(self, utc_day: int) -> tuple[int, int, int]:
        """For a day of UTC: a local day begun by its start, and where the next two begin.

        Offsets are shorter than a day. The local day before the one of the same date has therefore
        begun when the day of UTC does, and the second one after it only begins when that is over.
        """
        day = EPOCH_DAY + utc_day - 1
        block = (day, self.day_start(day + 1), self.day_start(day + 2))
        if len(self._blocks) >= _REMEMBERED:
            self._blocks.clear()
        self._blocks[utc_day] = block
        return block

    def first_reading(self, day: int, minute: int) -> int:
        """The first instant at which the clock shows that minute of that day or anything later.

        Raises:
            OutOfCalendar: no calendar covers it.
        """
        if not FIRST_DAY <= day <= LAST_DAY:
            raise OutOfCalendar(
                f"the calendar runs from {date.fromordinal(FIRST_DAY)} "
                f"to {date.fromordinal(LAST_DAY)} and does not cover the date"
            )
        reading = datetime.fromordinal(day).replace(tzinfo=self.clock) + timedelta(minutes=minute)
        utc = (day - EPOCH_DAY) * DAY + minute * MINUTE
        before, after = offset_of(reading), offset_of(reading.replace(fold=1))
        if before < after:  # the clock skips this reading: see PEP 495
            return self.change_between(utc - after, utc - before)
        return utc - before

    def change_between(self, start: int, end: int) -> int:
        """The first instant after `start` whose offset differs from that at `start`.

        `end` has to have another offset, and to be less than six days later.
        """
        before = self.offset_at(start)
        instants = range(start, end)
        return start + bisect.bisect_left(
            instants, 1, key=lambda instant: int(self.offset_at(instant) != before)
        )

    def offset_at(self, instant: int) -> int:
        """By how many microseconds the local clock is ahead of UTC at an instant.

        Raises:
            OutOfCalendar: the clock would show a year before 1 or after 9999.
        """
        return offset_of(to_datetime(instant, self.clock))

    def minute_of_day(self, instant: int) -> int:
        """The whole minutes that the clock shows since midnight, 0 to 1439.

        Raises:
            OutOfCalendar: the clock would show a year before 1 or after 9999.
        """
        return (instant + self.offset_at(instant)) % DAY // MINUTE
