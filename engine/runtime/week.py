"""Parts of the week, and the first moment of a kind after another, on the clock of a zone.

Whether a moment lies in a part of the week, the clock on the wall decides: a time that daylight
saving skips is never shown, and one that it repeats is shown twice. A moment that is looked for
comes when the clock first shows its time or a later one, as with scheduled checks.
"""

from __future__ import annotations

from typing import Final

from ..language.syntax import DayKind
from .calendar import Calendar
from .errors import OUT_OF_CALENDAR, EvaluationError
from .instants import DAY, MINUTE, OutOfCalendar

_WEEK: Final = 7
_FIRST_WEEKDAY: Final = 3
"""1 January 1970 was a Thursday; Monday is 0."""


def during(calendar: Calendar, instant: int, days: frozenset[int], start: int, end: int) -> bool:
    """Whether an instant lies in a part of the week.

    The part begins on each of `days` (0 is Monday) at `start` and goes on to `end`, which is not
    included; both are minutes from midnight. An end that is not later than the start is on the next
    day.

    Raises:
        EvaluationError: The clock would show a year before 1 or after 9999.
    """
    try:
        local = instant + calendar.offset_at(instant)
    except OutOfCalendar as error:
        raise EvaluationError(OUT_OF_CALENDAR) from error
    day, time = divmod(local, DAY)
    if start < end:
        return start * MINUTE <= time < end * MINUTE and _weekday(day) in days
    if time >= start * MINUTE:
        return _weekday(day) in days
    return time < end * MINUTE and _weekday(day - 1) in days


def _weekday(day: int) -> int:
    return (day + _FIRST_WEEKDAY) % _WEEK


def first_after(calendar: Calendar, anchor: int, day: int | DayKind, minute: int) -> int:
    """The first instant later than another at which a time of some day has come.

    `day` is a weekday (0 is Monday) or a kind of days, `minute` counts from midnight.

    Raises:
        EvaluationError: The calendar ends before it.
    """
    try:
        number = _coming(calendar, calendar.day_of(anchor), day)
        while (found := calendar.first_reading(number, minute)) <= anchor:
            number = _coming(calendar, number + 1, day)
    except OutOfCalendar as error:
        raise EvaluationError(OUT_OF_CALENDAR) from error
    return found


def _coming(calendar: Calendar, number: int, day: int | DayKind) -> int:
    """The first day of a kind that is not before the day with a number; day 1 was a Monday."""
    if isinstance(day, int):
        return number + (day - number + 1) % _WEEK
    return calendar.business_day_from(number) if day is DayKind.BUSINESS else number
