"""Local days, compared with a clock that is read minute by minute."""

from __future__ import annotations

import copy
import pickle
import struct
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from revlex.engine.runtime import days as days_module
from revlex.engine.runtime.days import FIRST_DAY, LAST_DAY, LocalDays
from revlex.engine.runtime.instants import OutOfCalendar, parse_instant
from revlex.engine.runtime.zones import UnknownZone, zone, zone_names

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000
DAY = 1440 * MINUTE

# zones, and moments at which their clocks were set
CHANGES = [
    ("UTC", "2025-06-17T00:00:00Z"),
    ("Asia/Bangkok", "2025-06-16T17:00:00Z"),
    ("Asia/Ho_Chi_Minh", "1975-06-12T16:00:00Z"),
    ("Asia/Kathmandu", "1985-12-31T18:30:00Z"),
    ("America/New_York", "2025-03-09T07:00:00Z"),
    ("America/New_York", "2025-11-02T06:00:00Z"),
    ("America/Sao_Paulo", "2017-10-15T03:00:00Z"),  # 00:00 becomes 01:00
    ("America/Sao_Paulo", "2018-02-18T02:00:00Z"),  # 24:00 becomes 23:00
    ("Africa/Cairo", "2023-04-27T22:00:00Z"),
    ("Africa/Cairo", "2023-10-26T21:00:00Z"),
    ("Asia/Beirut", "2025-03-29T22:00:00Z"),
    ("Asia/Beirut", "2023-10-28T21:00:00Z"),
    ("Australia/Lord_Howe", "2024-04-06T15:00:00Z"),  # by half an hour
    ("Australia/Lord_Howe", "2024-10-05T15:30:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),  # 30 December is skipped
    ("Pacific/Kwajalein", "1993-08-21T12:00:00Z"),  # 21 August is skipped
    ("Pacific/Kwajalein", "1969-09-30T13:00:00Z"),  # 23 hours come twice
    ("America/St_Johns", "2006-10-29T02:31:00Z"),  # 00:01 becomes 23:01
    ("America/Havana", "2025-11-02T05:00:00Z"),  # 01:00 becomes 00:00
    ("Atlantic/Azores", "2025-03-30T01:00:00Z"),
    ("Europe/London", "2025-03-30T01:00:00Z"),
]
ZONES = sorted({name for name, _ in CHANGES})


def near_changes() -> st.SearchStrategy[tuple[str, int]]:
    def near(change: tuple[str, str], minutes: int, micros: int) -> tuple[str, int]:
        return change[0], parse_instant(change[1]) + minutes * MINUTE + micros

    return st.builds(
        near, st.sampled_from(CHANGES), st.integers(-3000, 3000), st.sampled_from([-1, 0, 1])
    )


def moments() -> st.SearchStrategy[tuple[str, int]]:
    """A zone and an instant: of any date from 1973 to 2099, or close to a change of the clock."""
    anywhen = st.integers(min_value=3 * 365 * DAY, max_value=130 * 365 * DAY)
    return st.one_of(st.tuples(st.sampled_from(ZONES), anywhen), near_changes())


def shown(name: str, instant: int) -> datetime:
    """What the clock of a zone shows."""
    return (EPOCH + timedelta(microseconds=instant)).astimezone(zone(name))


def latest_date(name: str, instant: int) -> date:
    """The latest date that the clock has shown so far, looking at it every minute."""
    minute = instant // MINUTE * MINUTE
    seen = [minute - back * MINUTE for back in range(2 * 1440)]
    return max(shown(name, each).date() for each in [*seen, instant])


def first_shown(name: str, wall: datetime) -> int:
    """The first instant at which the clock shows this or more, trying every minute."""
    instant = (wall.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1) - DAY
    while shown(name, instant).replace(tzinfo=None) < wall:
        instant += MINUTE
    return instant


@given(moments())
def test_the_day_is_the_latest_date_shown(moment: tuple[str, int]) -> None:
    name, instant = moment
    assert date.fromordinal(LocalDays(name).day_of(instant)) == latest_date(name, instant)


@given(moments())
def test_a_day_starts_when_its_date_is_first_shown(moment: tuple[str, int]) -> None:
    name, instant = moment
    day = shown(name, instant).date()
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- what a local clock shows
    assert LocalDays(name).day_start(day.toordinal()) == first_shown(name, midnight)


@given(moments(), st.integers(min_value=0, max_value=1439))
def test_a_minute_is_first_read_when_it_is_first_shown(
    moment: tuple[str, int], minute: int
) -> None:
    name, instant = moment
    day = shown(name, instant).date()
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001
    assert LocalDays(name).first_reading(day.toordinal(), minute) == first_shown(name, wall)


@given(moments(), st.integers(min_value=-3, max_value=3))
def test_days_follow_each_other_without_gap_or_overlap(
    moment: tuple[str, int], distance: int
) -> None:
    name, instant = moment
    days = LocalDays(name)
    day = days.day_of(instant) + distance
    assert (days.day_start(day) <= instant) == (day <= days.day_of(instant))


@given(moments())
def test_the_minute_is_what_the_clock_shows(moment: tuple[str, int]) -> None:
    name, instant = moment
    clock = shown(name, instant)
    assert LocalDays(name).minute_of_day(instant) == clock.hour * 60 + clock.minute


@pytest.mark.parametrize(
    ("name", "day", "start"),
    [
        ("Asia/Bangkok", "2025-06-17", "2025-06-17T00:00:00+07:00"),
        ("Asia/Kathmandu", "2025-06-17", "2025-06-17T00:00:00+05:45"),
        ("Asia/Kathmandu", "1986-01-01", "1986-01-01T00:15:00+05:45"),
        ("America/Sao_Paulo", "2017-10-15", "2017-10-15T01:00:00-02:00"),
        ("America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00:00-03:00"),
        ("Asia/Beirut", "2025-03-30", "2025-03-30T01:00:00+03:00"),
        ("America/Havana", "2025-11-02", "2025-11-02T00:00:00-04:00"),
        ("America/St_Johns", "2006-10-29", "2006-10-29T00:00:00-02:30"),
        ("Pacific/Apia", "2011-12-29", "2011-12-29T00:00:00-10:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"),
    ],
)
def test_days_on_which_the_clock_is_set(name: str, day: str, start: str) -> None:
    days = LocalDays(name)
    number = date.fromisoformat(day).toordinal()
    assert days.day_start(number) == parse_instant(start)
    assert days.day_of(parse_instant(start) - 1) < number <= days.day_of(parse_instant(start))


def test_a_skipped_day_holds_no_instant() -> None:
    days = LocalDays("Pacific/Apia")
    border = parse_instant("2011-12-30T10:00:00Z")
    assert days.day_of(border - 1) == date(2011, 12, 29).toordinal()
    assert days.day_of(border) == date(2011, 12, 31).toordinal()


def test_a_day_does_not_come_back() -> None:
    days = LocalDays("America/St_Johns")
    day = date(2006, 10, 29).toordinal()
    again = parse_instant("2006-10-28T23:30:00-03:30")  # after the 29th had begun for one minute
    assert shown("America/St_Johns", again).date() == date(2006, 10, 28)
    assert days.day_of(again) == day


@pytest.mark.parametrize("name", ["UTC", "Pacific/Kiritimati", "Pacific/Niue", "America/New_York"])
def test_the_calendar_has_two_ends(name: str) -> None:
    days = LocalDays(name)
    for day in (FIRST_DAY, LAST_DAY - 1):
        assert days.day_of(days.day_start(day)) == day
    for day in (FIRST_DAY - 1, LAST_DAY + 1, 0, -1, 10**12):
        with pytest.raises(OutOfCalendar, match="0001-01-03 to 9999-12-29"):
            days.day_start(day)
    for instant in (
        days.day_start(FIRST_DAY) - 2 * DAY,
        days.day_start(LAST_DAY) + 2 * DAY,
        10**30,
    ):
        with pytest.raises(OutOfCalendar):
            days.day_of(instant)


def test_an_instant_without_year_has_no_time_of_day() -> None:
    with pytest.raises(OutOfCalendar):
        LocalDays("UTC").minute_of_day(10**30)


def test_an_unknown_zone_has_no_days() -> None:
    with pytest.raises(UnknownZone):
        LocalDays("Asia/Bankok")


@example(name="America/New_York", offsets=list(range(40)))
@given(
    st.sampled_from(ZONES),
    st.lists(st.integers(min_value=0, max_value=400), min_size=30, max_size=60),
)
def test_forgetting_changes_nothing(name: str, offsets: list[int]) -> None:
    instants = [1_700_000_000_000_000 + offset * DAY for offset in offsets]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(days_module, "_REMEMBERED", 4)
        small = LocalDays(name)
        found = [small.day_of(instant) for instant in instants]
    assert len(small._blocks) <= 4
    assert len(small._starts) <= 4
    assert found == [LocalDays(name).day_of(instant) for instant in instants]


def test_days_travel_between_processes() -> None:
    days = LocalDays("America/Sao_Paulo")
    days.day_of(0)
    for other in (pickle.loads(pickle.dumps(days)), copy.deepcopy(days)):  # noqa: S301 -- made here
        assert other == days
        assert hash(other) == hash(days)
        assert other.day_of(10**15) == days.day_of(10**15)


def offset_changes(name: str) -> list[int]:
    """The seconds since 1970 at which the offset of a zone changes, as its file has them."""
    data = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    at = 0
    for size in (5, 9):  # the part with 32-bit times, then the one with 64-bit times
        isut, isstd, leaps, times, types, chars = struct.unpack_from(">6l", data, at + 20)
        start, at = at + 44, at + 44 + times * size + types * 6 + chars + leaps * 8 + isstd + isut
    instants = struct.unpack_from(f">{times}q", data, start)
    kinds = data[start + 8 * times : start + 9 * times]
    offset = [struct.unpack_from(">l", data, start + 9 * times + 6 * i)[0] for i in range(types)]
    seen = [offset[0], *(offset[kind] for kind in kinds)]
    return [instants[i] for i, (old, new) in enumerate(pairwise(seen)) if old != new]


def test_no_zone_changes_its_offset_twice_within_six_days() -> None:
    changes = {name: offset_changes(name) for name in zone_names()}
    assert len(changes["America/New_York"]) > 100
    shortest = min(b - a for each in changes.values() for a, b in pairwise(each))
    assert shortest > 6 * 86_400
