"""The calendar of a policy: windows, deadlines and opening hours in its zone.

A length of time is a duration, which no calendar changes, or a period, which counts on one. A
window looks back from "now" and ends with it; a deadline looks forward from its anchor.

=================== ============================== ===============================================
length              window at `t`                  deadline from `a`
=================== ============================== ===============================================
`30d`               `(t - 30d, t]`                 `[a, a + 30d]`
`30 calendar days`  today and the 29 days before   day 0 is the day of `a`, to the end of day 30
`2 calendar weeks`  as `14 calendar days`          as `14 calendar days`
`1 calendar months` from the day after the same    to the end of the same day next month
                    day last month
`5 business days`   from the 5th business day      to the end of the 5th business day after
                    back, today included           the day of `a`
=================== ============================== ===============================================

A window may also be a piece of the calendar: `this calendar month` is from its first instant to
`t`, `last calendar month` all of the month before.

`counting.py` says what happens with days that a month or a business week does not have, `days.py`
with those of which daylight saving cuts a piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ..language.program import CalendarSpec, Length, Stretch
from ..language.syntax import Aligned, Hours, Unit
from .aligned import first_day
from .counting import BusinessDays, Counting, Months, PlainDays
from .days import LocalDays
from .instants import DAY, MINUTE

SATURDAY_AND_SUNDAY: Final = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Window:
    """The instants that a measure looks back on: from `start` to `end`, which is included."""

    start: int
    start_included: bool
    end: int

    def __contains__(self, instant: int) -> bool:
        """Whether an entity of that date counts."""
        if self.start_included:
            return self.start <= instant <= self.end
        return self.start < instant <= self.end


@dataclass(frozen=True, slots=True)
class Calendar(LocalDays):
    """The days of a zone, and which of them are business days.

    `weekend` has weekdays from 0, Monday, to 6; `holidays` are local dates. Two calendars of the
    same zone, weekend and holidays are equal.

    Raises:
        UnknownZone: there is no such zone.
        ValueError: a weekend of seven days, or of days that are none.
    """

    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    holidays: frozenset[date] = frozenset()
    _countings: Mapping[Unit, Counting] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        LocalDays.__post_init__(self)
        countings = {
            Unit.CALENDAR_DAYS: PlainDays(1),
            Unit.CALENDAR_WEEKS: PlainDays(7),
            Unit.CALENDAR_MONTHS: Months(),
            Unit.BUSINESS_DAYS: BusinessDays(self.weekend, self.holidays),
        }
        object.__setattr__(self, "_countings", countings)

    @classmethod
    def of(cls, zone: str, spec: CalendarSpec) -> Calendar:
        """The calendar of a policy in one of its zones."""
        return cls(zone, spec.weekend, frozenset(map(date.fromordinal, spec.holidays)))

    def closed_on(self, days: Iterable[int]) -> Calendar:
        """The same calendar with further holidays; it shares what is known of the zone's days."""
        closed = Calendar(
            self.zone, self.weekend, self.holidays | frozenset(map(date.fromordinal, days))
        )
        for shared in ("_starts", "_blocks"):
            object.__setattr__(closed, shared, getattr(self, shared))
        return closed

    def window_start(self, instant: int, length: Stretch) -> Window:
        """The window of that length as of an instant, which it ends with unless it is a past one.

        Raises:
            OutOfCalendar: it begins before the calendar does.
        """
        if isinstance(length, Aligned):
            return self._aligned(instant, length)
        if isinstance(length, int):
            return Window(instant - length, start_included=False, end=instant)
        first = self._countings[length.unit].first(self.day_of(instant), length.count)
        return Window(self.day_start(first), start_included=True, end=instant)

    def _aligned(self, instant: int, length: Aligned) -> Window:
        day = self.day_of(instant)
        begin = self.day_start(first_day(length.unit, day))
        if not length.last:
            return Window(begin, start_included=True, end=instant)
        before = self.day_start(first_day(length.unit, day, -1))
        return Window(before, start_included=True, end=begin - 1)

    def window_enter(self, instant: int, length: Stretch) -> int:
        """The first instant whose window of that length holds an entity of this date.

        Raises:
            OutOfCalendar: that is after the end of the calendar.
        """
        if isinstance(length, Aligned) and length.last:
            return self.day_start(first_day(length.unit, self.day_of(instant), 1))
        return instant

    def window_leave(self, instant: int, length: Stretch) -> int:
        """The first instant whose window of that length no longer holds an entity of this date.

        At every `now`, the entity is inside `window_start(now, length)` just if
        `window_enter(instant, length) <= now < window_leave(instant, length)`.

        Raises:
            OutOfCalendar: that is after the end of the calendar.
        """
        if isinstance(length, Aligned):
            later = first_day(length.unit, self.day_of(instant), 1 + length.last)
            return self.day_start(later)
        if isinstance(length, int):
            return instant + length
        leave = self._countings[length.unit].leave(self.day_of(instant), length.count)
        return self.day_start(leave)

    def deadline(self, anchor: int, length: Length) -> int:
        """The first instant that is too late.

        Raises:
            OutOfCalendar: that is after the end of the calendar.
        """
        if isinstance(length, int):
            return anchor + length + 1
        last = self._countings[length.unit].last(self.day_of(anchor), length.count)
        return self.day_start(last + 1)

    def business_day_from(self, day: int) -> int:
        """The first business day that is not before a day."""
        return self._countings[Unit.BUSINESS_DAYS].last(day - 1, 1)

    def within(self, value: int, length: Length, anchor: int) -> bool:
        """Whether `value` is not before `anchor` and not after the deadline counted from there.

        Raises:
            OutOfCalendar: the deadline is after the end of the calendar.
        """
        return anchor <= value < self.deadline(anchor, length)

    def next_opening(self, instant: int, hours: Hours) -> int:
        """The first instant, from this one on, at which the clock is inside the hours.

        Hours that end before they start go on past midnight; hours that end when they start never
        close. If daylight saving skips the opening, hours begin after the gap; if it skips all of
        them, they begin on the next day; if it repeats a time, the clock is inside twice.

        Raises:
            OutOfCalendar: that is after the end of the calendar.
        """
        while True:
            offset = self.offset_at(instant)
            opening = instant + _until_open((instant + offset) % DAY, hours)
            if self.offset_at(opening) == offset:
                return opening
            instant = self.change_between(instant, opening)


def _until_open(time: int, hours: Hours) -> int:
    """How many microseconds after a time of day the hours are open, on a clock that is not set."""
    start, end = hours.start * MINUTE, hours.end * MINUTE
    is_open = start <= time < end if start < end else time >= start or time < end
    return 0 if is_open else (start - time) % DAY
