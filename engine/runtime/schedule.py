"""When a threshold is checked next."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from ..language.syntax import Schedule, ScheduleKind
from .days import LAST_DAY, LocalDays
from .instants import OutOfCalendar

_QUARTER: Final = 3


def next_check(schedule: Schedule, days: LocalDays, after: int) -> int:
    """The first scheduled instant that is later than `after`.

    A check is due when the clock first shows its time or a later one: a local time that daylight
    saving skips is checked at the first instant after the gap, one that comes twice is checked the
    first time only. Day 31 of a shorter month is its last day.

    Raises:
        ValueError: the schedule is `on change`, which no clock decides.
        OutOfCalendar: the calendar ends before the next check.
    """
    if schedule.kind is ScheduleKind.ON_CHANGE:
        raise ValueError("a check on change has no scheduled time")
    is_due = _DUE[schedule.kind]
    for day in range(days.day_of(after), LAST_DAY + 1):
        if is_due(date.fromordinal(day), schedule):
            check = days.first_reading(day, schedule.minute)
            if check > after:
                return check
    raise OutOfCalendar("the calendar ends before the next check")


def _daily(_day: date, _schedule: Schedule) -> bool:
    return True


def _weekly(day: date, schedule: Schedule) -> bool:
    return day.weekday() == schedule.day


def _monthly(day: date, schedule: Schedule) -> bool:
    return day.day == min(schedule.day or 1, calendar.monthrange(day.year, day.month)[1])


def _quarterly(day: date, _schedule: Schedule) -> bool:
    return day.day == 1 and day.month % _QUARTER == 1


_DUE: Final[Mapping[ScheduleKind, Callable[[date, Schedule], bool]]] = {
    ScheduleKind.DAILY: _daily,
    ScheduleKind.WEEKLY: _weekly,
    ScheduleKind.MONTHLY: _monthly,
    ScheduleKind.QUARTERLY: _quarterly,
}
