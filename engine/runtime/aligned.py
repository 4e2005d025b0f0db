"""Pieces of the calendar that begin on a day of their own: weeks, months, quarters, years.

Days are numbers as in `date.toordinal`. Weeks begin on monday, quarters in January, April, July and
October.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, date
from typing import Final

from ..language.syntax import CalendarUnit
from .instants import OutOfCalendar

_DAYS: Final[Mapping[CalendarUnit, int]] = {CalendarUnit.DAY: 1, CalendarUnit.WEEK: 7}
_MONTHS: Final[Mapping[CalendarUnit, int]] = {
    CalendarUnit.MONTH: 1,
    CalendarUnit.QUARTER: 3,
    CalendarUnit.YEAR: 12,
}
_YEAR: Final = 12


def first_day(unit: CalendarUnit, day: int, away: int = 0) -> int:
    """The first day of the unit that a day lies in, or of the one so many units `away` from it.

    Raises:
        OutOfCalendar: That is before the year 1 or after 9999.
    """
    if unit in _DAYS:
        size = _DAYS[unit]
        return day - (day - 1) % size + away * size  # day 1 was a Monday
    inside, size = date.fromordinal(day), _MONTHS[unit]
    months = (inside.year * _YEAR + inside.month - 1) // size + away
    year, month = divmod(months * size, _YEAR)
    if not MINYEAR <= year <= MAXYEAR:
        raise OutOfCalendar("the date is outside the years 1 to 9999")
    return date(year, month + 1, 1).toordinal()
