"""Pieces of the calendar as windows, against counting days one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import Aligned, CalendarUnit
from revlex.engine.runtime.aligned import first_day
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.instants import OutOfCalendar

SPAN = embed("this calendar month").span
DAY = 86_400_000_000
ZONES = ["Asia/Bangkok", "America/New_York", "America/Sao_Paulo", "Pacific/Apia"]


def begins(unit: CalendarUnit, day: date) -> bool:
    """Whether a piece of the calendar begins on a day."""
    return {
        CalendarUnit.DAY: True,
        CalendarUnit.WEEK: day.weekday() == 0,
        CalendarUnit.MONTH: day.day == 1,
        CalendarUnit.QUARTER: day.day == 1 and day.month in {1, 4, 7, 10},
        CalendarUnit.YEAR: day.day == day.month == 1,
    }[unit]


def counted_back(unit: CalendarUnit, day: date, times: int) -> date:
    """The beginning of the piece that a day lies in, or of one before."""
    while not begins(unit, day) or times:
        times -= begins(unit, day)
        day -= timedelta(days=1)
    return day


@given(st.sampled_from(CalendarUnit), st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_first_days(unit: CalendarUnit, day: date) -> None:
    here = first_day(unit, day.toordinal())
    assert date.fromordinal(here) == counted_back(unit, day, 0)
    assert date.fromordinal(first_day(unit, day.toordinal(), -1)) == counted_back(unit, day, 1)
    following = first_day(unit, day.toordinal(), 1)
    assert begins(unit, date.fromordinal(following))
    assert first_day(unit, following, -1) == here


@given(
    st.sampled_from(ZONES),
    st.sampled_from(CalendarUnit),
    st.sampled_from(["this", "last"]),
    st.integers(0, 9 * 366 * DAY),
    st.integers(-400, 400),
)
def test_in_and_out_agree_with_the_window(
    zone: str, unit: CalendarUnit, which: str, later: int, apart: int
) -> None:
    calendar = Calendar(zone)
    length = Aligned(unit, which == "last", span=SPAN)
    dated = 1_500_000_000_000_000 + later
    now = dated + apart * DAY // 2
    enter, leave = calendar.window_enter(dated, length), calendar.window_leave(dated, length)
    assert (dated in calendar.window_start(now, length)) == (enter <= now < leave)
    for border in (enter, leave):
        inside = [dated in calendar.window_start(border + shift, length) for shift in (-1, 0)]
        assert inside == [border == leave, border == enter] or border == dated


@pytest.mark.parametrize("unit", [CalendarUnit.MONTH, CalendarUnit.QUARTER, CalendarUnit.YEAR])
def test_the_ends_of_the_calendar(unit: CalendarUnit) -> None:
    with pytest.raises(OutOfCalendar):
        first_day(unit, date.min.toordinal(), -1)
    with pytest.raises(OutOfCalendar):
        first_day(unit, date.max.toordinal(), 1)
