"""When thresholds are checked, compared with a diary that is written day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import Schedule, ScheduleKind
from revlex.engine.runtime.calendar import Calendar
from revlex.engine.runtime.instants import OutOfCalendar, parse_instant
from revlex.engine.runtime.schedule import next_check
from revlex.engine.runtime.zones import zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPAN = embed("").span
MINUTE = 60_000_000
DAY = 1440 * MINUTE
ONE = timedelta(days=1)

# zones, and instants at which their clocks were set
CHANGES = [
    ("UTC", "2024-02-29T00:00:00Z"),
    ("Asia/Bangkok", "2025-01-31T17:00:00Z"),
    ("Asia/Ho_Chi_Minh", "2025-12-31T17:00:00Z"),
    ("Asia/Kathmandu", "1985-12-31T18:30:00Z"),
    ("America/New_York", "2025-03-09T07:00:00Z"),
    ("America/New_York", "2025-11-02T06:00:00Z"),
    ("America/Sao_Paulo", "2017-10-15T03:00:00Z"),
    ("America/Sao_Paulo", "2018-02-18T02:00:00Z"),
    ("Africa/Cairo", "2024-04-25T22:00:00Z"),
    ("Asia/Beirut", "2025-03-29T22:00:00Z"),
    ("Australia/Lord_Howe", "2024-04-06T15:00:00Z"),
    ("Australia/Lord_Howe", "2024-10-05T15:30:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("America/St_Johns", "2006-10-29T02:31:00Z"),
]
ZONES = sorted({name for name, _ in CHANGES})
TIMED = [kind for kind in ScheduleKind if kind is not ScheduleKind.ON_CHANGE]


def schedule(kind: ScheduleKind, day: int = 0, minute: int = 0) -> Schedule:
    return Schedule(span=SPAN, kind=kind, day=day, minute=minute)


def is_marked(day: date, plan: Schedule) -> bool:
    """Whether the diary has a check on that day."""
    tomorrow = day + ONE
    match plan.kind:
        case ScheduleKind.WEEKLY:
            return day.isoweekday() == plan.day + 1
        case ScheduleKind.MONTHLY:
            return day.day == plan.day or (tomorrow.month != day.month and day.day < plan.day)
        case ScheduleKind.QUARTERLY:
            return (day.month, day.day) in {(1, 1), (4, 1), (7, 1), (10, 1)}
        case _:
            return True


def first_shown(name: str, wall: datetime) -> int:
    """The first instant at which the clock shows this or more, trying every minute."""
    instant = (wall.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1) - DAY
    while True:
        clock = (EPOCH + timedelta(microseconds=instant)).astimezone(zone(name))
        if clock.replace(tzinfo=None) >= wall:
            return instant
        instant += MINUTE


def diary(plan: Schedule, name: str, start: date) -> Iterator[int]:
    """The checks from a day on."""
    for distance in range(400):
        day = start + ONE * distance
        if is_marked(day, plan):
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- a local clock's
            yield first_shown(name, midnight + timedelta(minutes=plan.minute))


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, int]:
    """A zone and an instant, often near a change of its clock."""
    if draw(st.booleans()):
        anywhen = st.integers(min_value=3 * 365 * DAY, max_value=130 * 365 * DAY)
        return draw(st.sampled_from(ZONES)), draw(anywhen)
    name, change = draw(st.sampled_from(CHANGES))
    minutes, micros = draw(st.integers(-3000, 3000)), draw(st.integers(-1, 1))
    return name, parse_instant(change) + minutes * MINUTE + micros


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    kind = draw(st.sampled_from(TIMED))
    low, high = (1, 31) if kind is ScheduleKind.MONTHLY else (0, 6)
    return schedule(kind, draw(st.integers(low, high)), draw(st.integers(0, 1439)))


@given(moments(), schedules())
def test_the_next_check_is_the_first_later_one_in_the_diary(
    moment: tuple[str, int], plan: Schedule
) -> None:
    name, after = moment
    start = (EPOCH + timedelta(microseconds=after)).date() - 2 * ONE
    expected = next(check for check in diary(plan, name, start) if check > after)
    assert next_check(plan, Calendar(name), after) == expected


@given(moments(), schedules())
def test_no_check_is_skipped_or_repeated(moment: tuple[str, int], plan: Schedule) -> None:
    name, after = moment
    calendar = Calendar(name)
    check = next_check(plan, calendar, after)
    assert check > after
    assert next_check(plan, calendar, check - 1) == check
    assert next_check(plan, calendar, check) > check


@pytest.mark.parametrize(
    ("name", "plan", "after", "check"),
    [
        (
            "Asia/Bangkok",
            schedule(ScheduleKind.DAILY),
            "2025-06-17T00:00:00+07:00",
            "2025-06-18T00:00:00+07:00",
        ),
        (
            "Asia/Bangkok",
            schedule(ScheduleKind.DAILY, minute=360),
            "2025-06-17T05:59:59.999999+07:00",
            "2025-06-17T06:00:00+07:00",
        ),
        (
            "Asia/Bangkok",
            schedule(ScheduleKind.WEEKLY),  # monday
            "2025-06-17T12:00:00+07:00",
            "2025-06-23T00:00:00+07:00",
        ),
        (
            "Asia/Bangkok",
            schedule(ScheduleKind.MONTHLY, day=20),
            "2025-06-20T00:00:00+07:00",
            "2025-07-20T00:00:00+07:00",
        ),
        (
            "Asia/Bangkok",
            schedule(ScheduleKind.MONTHLY, day=31),
            "2024-01-31T00:00:00+07:00",
            "2024-02-29T00:00:00+07:00",
        ),
        (
            "Asia/Bangkok",
            schedule(ScheduleKind.MONTHLY),  # the first
            "2025-06-17T00:00:00+07:00",
            "2025-07-01T00:00:00+07:00",
        ),
        (
            "Asia/Bangkok",
            schedule(ScheduleKind.QUARTERLY),
            "2025-10-01T00:00:00+07:00",
            "2026-01-01T00:00:00+07:00",
        ),
        (  # 02:30 does not exist
            "America/New_York",
            schedule(ScheduleKind.DAILY, minute=150),
            "2025-03-08T12:00:00-05:00",
            "2025-03-09T03:00:00-04:00",
        ),
        (  # 01:30 comes twice: once only
            "America/New_York",
            schedule(ScheduleKind.DAILY, minute=90),
            "2025-11-02T01:30:00-04:00",
            "2025-11-03T01:30:00-05:00",
        ),
        (
            "America/New_York",
            schedule(ScheduleKind.DAILY, minute=90),
            "2025-11-02T01:29:00-04:00",
            "2025-11-02T01:30:00-04:00",
        ),
        (  # midnight does not exist
            "America/Sao_Paulo",
            schedule(ScheduleKind.DAILY),
            "2017-10-14T12:00:00-03:00",
            "2017-10-15T01:00:00-02:00",
        ),
        (  # the whole day does not exist
            "Pacific/Apia",
            schedule(ScheduleKind.DAILY),
            "2011-12-31T00:00:00+14:00",
            "2012-01-01T00:00:00+14:00",
        ),
    ],
)
def test_checks(name: str, plan: Schedule, after: str, check: str) -> None:
    assert next_check(plan, Calendar(name), parse_instant(after)) == parse_instant(check)


def test_a_check_on_change_is_not_scheduled() -> None:
    with pytest.raises(ValueError, match="on change"):
        next_check(schedule(ScheduleKind.ON_CHANGE), Calendar("UTC"), 0)


@pytest.mark.parametrize(
    ("plan", "after"),
    [
        (schedule(ScheduleKind.DAILY), "9999-12-29T00:00:00Z"),
        (schedule(ScheduleKind.WEEKLY), "9999-12-28T12:00:00Z"),
        (schedule(ScheduleKind.MONTHLY, day=31), "9999-12-28T12:00:00Z"),
        (schedule(ScheduleKind.QUARTERLY), "9999-12-28T12:00:00Z"),
    ],
)
def test_the_calendar_ends_before_the_next_check(plan: Schedule, after: str) -> None:
    with pytest.raises(OutOfCalendar):
        next_check(plan, Calendar("UTC"), parse_instant(after))
