"""Parts of the week and first moments, compared with what a calendar on the wall says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language import ir
from revlex.engine.language.catalog import standard_catalog
from revlex.engine.language.checking import check_expression
from revlex.engine.language.diagnostics import Report
from revlex.engine.language.environment import Environment
from revlex.engine.language.parser import parse_expression
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import DayKind
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.errors import EvaluationError
from revlex.engine.runtime.instants import parse_instant
from revlex.engine.runtime.week import during, first_after
from revlex.engine.runtime.zones import zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000
EVERY_DAY = frozenset(range(7))
NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

CHANGES = [
    ("UTC", "2024-02-29T00:00:00Z"),
    ("Asia/Bangkok", "2025-01-31T17:00:00Z"),
    ("America/New_York", "2025-03-09T07:00:00Z"),
    ("America/New_York", "2025-11-02T06:00:00Z"),
    ("America/Sao_Paulo", "2017-10-15T03:00:00Z"),
    ("America/Sao_Paulo", "2018-02-18T02:00:00Z"),
    ("Australia/Lord_Howe", "2024-10-05T15:30:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("America/St_Johns", "2006-10-29T02:31:00Z"),
]
"""Zones, and instants at which their clocks were set, or a leap day began."""


def on_the_wall(name: str, instant: int) -> datetime:
    """What the clock shows, without its zone."""
    return (EPOCH + timedelta(microseconds=instant)).astimezone(zone(name)).replace(tzinfo=None)


def covered(wall: datetime, days: frozenset[int], start: int, end: int) -> bool:
    """Whether a part that began today or yesterday still goes on."""
    for begun in (wall.date(), wall.date() - timedelta(days=1)):
        midnight = datetime(begun.year, begun.month, begun.day)  # noqa: DTZ001 -- a local clock's
        last = midnight + timedelta(minutes=end if end > start else end + 1440)
        if begun.weekday() in days and midnight + timedelta(minutes=start) <= wall < last:
            return True
    return False


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, int]:
    name, change = draw(st.sampled_from(CHANGES))
    minutes, micros = draw(st.integers(-3000, 3000)), draw(st.integers(-1, 1))
    return name, parse_instant(change) + minutes * MINUTE + micros


@given(
    moments(),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439) | st.sampled_from([0, 60, 120, 1380]),
    st.integers(0, 1440) | st.sampled_from([0, 60, 120, 1440]),
)
def test_the_clock_on_the_wall_decides(
    moment: tuple[str, int], days: frozenset[int], start: int, end: int
) -> None:
    name, instant = moment
    if end in {start, 0}:
        end += 1
    expected = covered(on_the_wall(name, instant), days, start, end)
    assert during(Calendar(name), instant, days, start, end) is expected


def days_of(text: str) -> tuple[int, ...]:
    tree = parse_expression(embed(f"now during {text}"), Report())
    assert tree is not None
    found = check_expression(tree, Environment(standard_catalog()), None, Report())
    assert isinstance(found, ir.During)
    return found.days


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_days_go_on_from_the_first_to_the_last(first: str, last: str) -> None:
    day, expected = date(2025, 3, 3) + timedelta(days=NAMES.index(first)), set()
    while True:
        expected.add(day.weekday())
        if NAMES[day.weekday()] == last:
            break
        day += timedelta(days=1)
    assert days_of(f"{first} to {last}") == tuple(sorted(expected))
    assert days_of(f"{first} to {last} 22:00 to 06:00") == tuple(sorted(expected))
    assert days_of(first) == (NAMES.index(first),)


@pytest.mark.parametrize(
    ("when", "start", "end", "expected"),
    [
        ("2025-03-03T08:59:59.999999Z", 540, 1080, False),
        ("2025-03-03T09:00:00Z", 540, 1080, True),
        ("2025-03-03T17:59:59.999999Z", 540, 1080, True),
        ("2025-03-03T18:00:00Z", 540, 1080, False),
        ("2025-03-03T00:00:00Z", 0, 1440, True),
        ("2025-03-03T23:59:59.999999Z", 1080, 0, True),
        ("2025-03-03T00:00:00Z", 1080, 0, False),
        ("2024-02-29T12:00:00Z", 0, 1440, True),
    ],
)
def test_borders(when: str, start: int, end: int, *, expected: bool) -> None:
    assert during(Calendar("UTC"), parse_instant(when), EVERY_DAY, start, end) is expected


def test_the_night_of_a_day_belongs_to_that_day() -> None:
    friday = frozenset({4})
    saturday_morning = parse_instant("2025-03-08T03:00:00Z")
    friday_morning = parse_instant("2025-03-07T03:00:00Z")
    assert during(Calendar("UTC"), saturday_morning, friday, 22 * 60, 6 * 60)
    assert not during(Calendar("UTC"), friday_morning, friday, 22 * 60, 6 * 60)


def test_an_hour_that_is_skipped_never_comes_and_one_that_is_repeated_comes_twice() -> None:
    calendar = Calendar("America/New_York")

    def minutes(day: str, start: int, end: int) -> int:
        midnight = parse_instant(f"{day}T04:00:00Z")
        instants = (midnight + minute * MINUTE for minute in range(26 * 60))
        return sum(during(calendar, one, frozenset({6}), start, end) for one in instants)

    assert minutes("2025-03-09", 120, 180) == 0
    assert minutes("2025-11-02", 60, 120) == 120


def test_beyond_the_calendar() -> None:
    with pytest.raises(EvaluationError, match="does not cover"):
        during(Calendar("Asia/Bangkok"), 253_402_300_799_000_000, EVERY_DAY, 0, 1440)


# ------------------------------------------------------------------ the first moment

HOLIDAYS = frozenset({date(2025, 3, 10), date(2025, 3, 11), date(2024, 3, 1), date(2025, 11, 3)})


def is_wanted(day: date, kind: int | DayKind) -> bool:
    if kind is DayKind.BUSINESS:
        return day.weekday() < 5 and day not in HOLIDAYS
    return kind is DayKind.ANY or day.weekday() == kind


def first_shown(name: str, wall: datetime) -> int:
    """The first instant at which the clock shows this or more, trying every minute."""
    instant = (wall.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1) - 1440 * MINUTE
    while on_the_wall(name, instant) < wall:
        instant += MINUTE
    return instant


def in_a_diary(name: str, anchor: int, kind: int | DayKind, minute: int) -> int:
    """The first moment of a kind after another, going through the days on the wall."""
    day = (EPOCH + timedelta(microseconds=anchor)).date() - timedelta(days=2)
    while True:
        if is_wanted(day, kind):
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- a local clock's
            found = first_shown(name, midnight + timedelta(minutes=minute))
            if found > anchor:
                return found
        day += timedelta(days=1)


KINDS = st.sampled_from([*range(7), DayKind.ANY, DayKind.BUSINESS])


@given(moments(), KINDS, st.integers(0, 1439) | st.sampled_from([0, 60, 120, 150, 720]))
def test_the_first_moment_is_the_first_later_one_in_a_diary(
    moment: tuple[str, int], kind: int | DayKind, minute: int
) -> None:
    name, anchor = moment
    found = first_after(Calendar(name, holidays=HOLIDAYS), anchor, kind, minute)
    assert found == in_a_diary(name, anchor, kind, minute)


@pytest.mark.parametrize(
    ("after", "kind", "expected"),
    [
        ("2025-03-03T11:59:59.999999Z", 0, "2025-03-03T12:00:00Z"),
        ("2025-03-03T12:00:00Z", 0, "2025-03-10T12:00:00Z"),
        ("2025-03-01T08:00:00Z", 0, "2025-03-03T12:00:00Z"),
        ("2025-03-01T12:00:00Z", DayKind.ANY, "2025-03-02T12:00:00Z"),
        ("2025-03-07T12:00:00Z", DayKind.BUSINESS, "2025-03-12T12:00:00Z"),
        ("2024-02-28T12:00:00Z", DayKind.ANY, "2024-02-29T12:00:00Z"),
        ("2024-02-29T12:00:00Z", DayKind.BUSINESS, "2024-03-04T12:00:00Z"),
    ],
)
def test_the_first_noon_after(after: str, kind: int | DayKind, expected: str) -> None:
    calendar = Calendar("UTC", holidays=HOLIDAYS)
    assert first_after(calendar, parse_instant(after), kind, 720) == parse_instant(expected)


def test_no_moment_comes_after_the_end_of_the_calendar() -> None:
    with pytest.raises(EvaluationError, match="does not cover"):
        first_after(Calendar("UTC"), 253_402_300_799_000_000, 0, 0)
