"""Counting days by the units of a period: plain days, months, business days.

Days are numbers as in `date.toordinal`. Each unit answers the same three questions about a count
of itself, and the first two always agree: for every `day` up to `today`, `first(today) <= day` just
if `today < leave(day)`.
"""

from __future__ import annotations

import bisect
import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date
from typing import Final, Protocol

from .instants import OutOfCalendar

_WEEK: Final = 7
_YEAR: Final = 12


class Counting(Protocol):
    """How one unit counts."""

    def first(self, day: int, count: int) -> int:
        """The first day of the window of that length whose last day is `day`."""

    def leave(self, day: int, count: int) -> int:
        """The first day whose window of that length no longer reaches back to `day`."""

    def last(self, day: int, count: int) -> int:
        """The last day on which a deadline of that length from `day` is met; `day` is day 0."""


@dataclass(frozen=True, slots=True)
class PlainDays:
    """Days as they come, one or seven at a time.

    The window of 30 calendar days is today and the 29 days before it.
    """

    size: int

    def first(self, day: int, count: int) -> int:
        """The first day of the window of `count` units that ends with `day`."""
        return day - count * self.size + 1

    def leave(self, day: int, count: int) -> int:
        """The first day whose window no longer reaches back to `day`."""
        return day + count * self.size

    def last(self, day: int, count: int) -> int:
        """The day `count` units after `day`."""
        return day + count * self.size


@dataclass(frozen=True, slots=True)
class Months:
    """Months of the calendar.

    The same day of the month, some months away, is the last day of a month that is too short: one
    month after 31 January is 28 or 29 February, as is one month before 31 March. The window of N
    months begins on the day after the same day N months ago, so that 28, 29, 30 and 31 March 2025
    all look back to 1 March for one month. The deadline is the same day N months on.
    """

    def first(self, day: int, count: int) -> int:
        """The day after the same day of the month, `count` months before `day`."""
        return _months_after(day, -count) + 1

    def leave(self, day: int, count: int) -> int:
        """The same day `count` months after `day`, or the first of the next month if there is none.

        Windows move on with the day of the month. In a month too short for that of `day`, none gets
        past it, and the first day of the following month does.
        """
        wanted = date.fromordinal(day).day
        last = _months_after(day, count)
        return last if date.fromordinal(last).day == wanted else last + 1

    def last(self, day: int, count: int) -> int:
        """The same day of the month, or the last day of a shorter one, `count` months after `day`.

        Raises:
            OutOfCalendar: that would be before the year 1 or after 9999.
        """
        return _months_after(day, count)


def _months_after(day: int, count: int) -> int:
    """The same day of the month `count` months later, or the last day of a shorter one."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * _YEAR + start.month - 1 + count, _YEAR)
    if not MINYEAR <= year <= MAXYEAR:
        raise OutOfCalendar("the date is outside the years 1 to 9999")
    longest = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, longest)).toordinal()


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """Days on which business is done: neither weekend (0 is Monday) nor holiday.

    The window of N business days begins on the Nth business day back from today, which counts if it
    is one; days off in between are inside. An entity dated on a day off therefore stays as long as
    one of the business day before. The deadline is the Nth business day after the anchor's day.

    Every business day has a rank, counted from the beginning of the calendar, and the answers are
    sums of ranks: they take the same time for 5 days and for 5 million.

    Raises:
        ValueError: a weekend of seven days, or of days that are none.
    """

    weekend: frozenset[int]
    holidays: frozenset[date]
    _working: Sequence[int] = field(init=False, repr=False, compare=False)
    _closed: Sequence[int] = field(init=False, repr=False, compare=False)
    _ranks: Sequence[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        working = tuple(weekday for weekday in range(_WEEK) if weekday not in self.weekend)
        if not working or not self.weekend <= set(range(_WEEK)):
            raise ValueError("a weekend is made of the weekdays 0 to 6 and leaves at least one")
        closed = tuple(day.toordinal() for day in sorted(self.holidays) if day.weekday() in working)
        object.__setattr__(self, "_working", working)
        object.__setattr__(self, "_closed", closed)
        ranks = tuple(self._weekdays_until(day) - index for index, day in enumerate(closed))
        object.__setattr__(self, "_ranks", ranks)

    def first(self, day: int, count: int) -> int:
        """The business day `count - 1` before the last one that is not after `day`."""
        return self._of_rank(self._rank(day) - count + 1)

    def leave(self, day: int, count: int) -> int:
        """The business day `count` after the last one that is not after `day`."""
        return self._of_rank(self._rank(day) + count)

    def last(self, day: int, count: int) -> int:
        """The `count`th business day after `day`, or `day` itself for none."""
        return self.leave(day, count) if count else day

    def _weekdays_until(self, day: int) -> int:
        """How many days up to this one are no weekend. Day 1 was a Monday."""
        weeks, rest = divmod(day, _WEEK)
        return weeks * len(self._working) + bisect.bisect_left(self._working, rest)

    def _rank(self, day: int) -> int:
        """How many business days there are up to this day."""
        return self._weekdays_until(day) - bisect.bisect_right(self._closed, day)

    def _of_rank(self, rank: int) -> int:
        """The business day of a rank; `_ranks` holds that of the next business day per holiday."""
        weekdays = rank + bisect.bisect_right(self._ranks, rank)
        weeks, rest = divmod(weekdays - 1, len(self._working))
        return weeks * _WEEK + self._working[rest] + 1
