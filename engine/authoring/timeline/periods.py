"""Days, weeks, months or years of a stretch of time, by the clock of the shop."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from ...runtime.instants import DAY, InvalidInstant, from_datetime, to_datetime
from .model import Stretch

_MOST_DAYS: Final = 35
_MOST_WEEKS: Final = 60
_MOST_MONTHS: Final = 60
_MOST_YEARS: Final = 400
"""So many periods there are at most."""


def unit_for(stretch: Stretch) -> str:
    """The unit that makes a readable number of periods."""
    days = (stretch.end - stretch.start) // DAY + 1
    if days <= _MOST_DAYS:
        return "day"
    if days <= _MOST_WEEKS * 7:
        return "week"
    return "month" if days <= _MOST_MONTHS * 31 else "year"


def cut(stretch: Stretch, unit: str) -> list[int]:
    """The instants at which the periods of a stretch begin, the first at or before its start.

    Of a stretch of many centuries, the last ones.
    """
    day = _FIRST[unit](to_datetime(stretch.end, stretch.clock).date())
    found = [_midnight(day, stretch)]
    while found[-1] > stretch.start and len(found) < _MOST_YEARS and day > date.min:
        day = _FIRST[unit](day - timedelta(days=1))
        found.append(_midnight(day, stretch))
    return found[::-1]


def period_of(begins: list[int], instant: int) -> int:
    """The number of the period that an instant is in; -1 for one before them all."""
    return bisect_right(begins, instant) - 1


def _midnight(day: date, stretch: Stretch) -> int:
    """When a day begins; at the edge of the calendar, when the stretch does."""
    try:
        return from_datetime(datetime.combine(day, time(), stretch.clock))
    except (InvalidInstant, OverflowError):
        return stretch.start


def _monday(day: date) -> date:
    return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))


_FIRST: Final[Mapping[str, Callable[[date], date]]] = {
    "day": lambda day: day,
    "week": _monday,
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}


def day_text(instant: int, stretch: Stretch) -> str:
    """A day, by the clock of the shop."""
    return to_datetime(instant, stretch.clock).date().isoformat()
