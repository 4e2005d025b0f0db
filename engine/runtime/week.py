"""Parts of the week: whether the clock of a zone shows a day and a time among some.

The clock on the wall decides, so that a time which daylight saving skips is never shown and one
that it repeats is shown twice.
"""

from __future__ import annotations

from typing import Final

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
