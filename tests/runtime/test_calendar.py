"""Windows, deadlines and opening hours, compared with a calendar whose leaves are turned by hand.

The reference knows days as `date` and steps through them; instants come from a clock that is read
minute by minute. It shares nothing with the calendar but the database of zones.
"""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.language.program import CalendarSpec, Length
from revlex.engine.language.source import embed
from revlex.engine.language.syntax import Hours, Period, Unit
from revlex.engine.runtime.calendar import Calendar, Window
from revlex.engine.runtime.instants import OutOfCalendar, parse_instant
from revlex.engine.runtime.zones import UnknownZone, zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPAN = embed("").span
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
ONE = timedelta(days=1)

# zones, and days on which their clocks were set or their months were short
NOTABLE = [
    ("Asia/Bangkok", date(2024, 2, 29)),
    ("Asia/Ho_Chi_Minh", date(2025, 1, 31)),
    ("Asia/Kathmandu", date(1986, 1, 1)),
    ("America/New_York", date(2025, 3, 9)),
    ("America/New_York", date(2025, 11, 2)),
    ("America/Sao_Paulo", date(2017, 10, 15)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("Africa/Cairo", date(2024, 4, 26)),
    ("Africa/Cairo", date(2024, 11, 1)),
    ("Asia/Beirut", date(2025, 3, 30)),
    ("Asia/Beirut", date(2025, 10, 26)),
    ("Australia/Lord_Howe", date(2024, 4, 7)),
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("America/St_Johns", date(2006, 10, 29)),
    ("UTC", date(2023, 12, 31)),
]
ZONES = sorted({name for name, _ in NOTABLE})
WEEKENDS = [frozenset({5, 6}), frozenset({4, 5}), frozenset({6}), frozenset[int]()]


def period(count: int, unit: Unit) -> Period:
    return Period(span=SPAN, count=count, unit=unit)


def hours(start: int, end: int) -> Hours:
    return Hours(span=SPAN, start=start, end=end)


def calendar_days(count: int) -> Period:
    return period(count, Unit.CALENDAR_DAYS)


def business_days(count: int) -> Period:
    return period(count, Unit.BUSINESS_DAYS)


def months(count: int) -> Period:
    return period(count, Unit.CALENDAR_MONTHS)


# ------------------------------------------------------------- the reference


def shown(name: str, instant: int) -> datetime:
    """What the clock of a zone shows, without its offset."""
    moment = EPOCH + timedelta(microseconds=instant)
    return moment.astimezone(zone(name)).replace(tzinfo=None)


def first_of(name: str, day: date) -> int:
    """The first instant at which the clock shows that date or a later one."""
    instant = (day - EPOCH.date()).days * DAY - DAY
    while shown(name, instant).date() < day:
        instant += MINUTE
    return instant


def date_of(name: str, instant: int) -> date:
    """The latest date that the clock has shown so far."""
    tomorrow = shown(name, instant).date() + ONE
    return tomorrow if first_of(name, tomorrow) <= instant else tomorrow - ONE


def months_before(day: date, count: int) -> date:
    """The same day of the month, or the last one of a shorter month."""
    first = day.replace(day=1)
    for _ in range(count):
        first = (first - ONE).replace(day=1)
    same = [first + ONE * i for i in range(day.day) if (first + ONE * i).month == first.month]
    return same[-1]


def months_after(day: date, count: int) -> date:
    first = day.replace(day=1)
    for _ in range(count):
        first = (first + 31 * ONE).replace(day=1)
    same = [first + ONE * i for i in range(day.day) if (first + ONE * i).month == first.month]
    return same[-1]


def is_business_day(calendar: Calendar, day: date) -> bool:
    return day.weekday() not in calendar.weekend and day not in calendar.holidays


def oldest_in_window(calendar: Calendar, today: date, length: Period) -> date:
    """The first day of the window that ends today, by turning leaves back."""
    if length.unit is Unit.CALENDAR_MONTHS:
        return months_before(today, length.count) + ONE
    if length.unit is not Unit.BUSINESS_DAYS:
        return today - ONE * (length.count * (7 if length.unit is Unit.CALENDAR_WEEKS else 1) - 1)
    seen = 0
    for back in range(1000):
        day = today - ONE * back
        seen += is_business_day(calendar, day)
        if seen == length.count:
            return day
    raise AssertionError("the reference gave up")


def last_in_time(calendar: Calendar, anchor: date, length: Period) -> date:
    """The last day of a deadline, by turning leaves on."""
    if length.unit is Unit.CALENDAR_MONTHS:
        return months_after(anchor, length.count)
    if length.unit is not Unit.BUSINESS_DAYS:
        return anchor + ONE * length.count * (7 if length.unit is Unit.CALENDAR_WEEKS else 1)
    seen = 0
    day = anchor
    while seen < length.count:
        day += ONE
        seen += is_business_day(calendar, day)
    return day


def is_open(name: str, instant: int, opening: Hours) -> bool:
    """Whether the minute that the clock shows is one of the hours' minutes, counted round."""
    clock = shown(name, instant)
    size = (opening.end - opening.start) % 1440 or 1440
    return (clock.hour * 60 + clock.minute - opening.start) % 1440 < size


# ---------------------------------------------------------------- strategies


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, int]:
    """A calendar, and an instant between 1973 and 2099: often one on which something happens."""
    name = draw(st.sampled_from(ZONES))
    instant = draw(st.integers(min_value=3 * 365 * DAY, max_value=130 * 365 * DAY))
    if draw(st.booleans()):
        name, day = draw(st.sampled_from(NOTABLE))
        near = day + ONE * draw(st.integers(-70, 70))
        part = draw(st.sampled_from([-1, 0, 1, 30 * MINUTE, 12 * HOUR, 23 * HOUR + 30 * MINUTE]))
        instant = first_of(name, near) + part
    around = shown(name, instant).date()
    closed = draw(st.frozensets(st.integers(min_value=-60, max_value=60), max_size=30))
    holidays = frozenset(around + ONE * distance for distance in closed)
    return Calendar(name, draw(st.sampled_from(WEEKENDS)), holidays), instant


def periods() -> st.SearchStrategy[Period]:
    return st.one_of(
        st.builds(calendar_days, st.integers(1, 400)),
        st.builds(lambda count: period(count, Unit.CALENDAR_WEEKS), st.integers(1, 60)),
        st.builds(months, st.integers(1, 30)),
        st.builds(business_days, st.integers(1, 60)),
    )


def lengths() -> st.SearchStrategy[Length]:
    return st.one_of(st.integers(min_value=1, max_value=400 * DAY), periods())


# ------------------------------------------------------------------- windows


@given(calendars(), periods())
def test_a_window_starts_with_its_oldest_day(case: tuple[Calendar, int], length: Period) -> None:
    calendar, now = case
    oldest = oldest_in_window(calendar, date_of(calendar.zone, now), length)
    window = calendar.window_start(now, length)
    assert window == Window(first_of(calendar.zone, oldest), start_included=True, end=now)


@given(calendars(), periods())
def test_an_entity_leaves_on_the_first_day_whose_window_is_without_it(
    case: tuple[Calendar, int], length: Period
) -> None:
    calendar, instant = case
    day = date_of(calendar.zone, instant)
    today = day
    while oldest_in_window(calendar, today, length) <= day:
        today += ONE
    assert calendar.window_leave(instant, length) == first_of(calendar.zone, today)


@given(calendars(), lengths(), st.data())
def test_inside_the_window_until_it_leaves(
    case: tuple[Calendar, int], length: Length, data: st.DataObject
) -> None:
    calendar, instant = case
    leave = calendar.window_leave(instant, length)
    border = data.draw(st.sampled_from([instant, leave]), label="border")
    distance = st.one_of(st.integers(-2, 2), st.integers(-3 * DAY, 3 * DAY))
    now = border + data.draw(distance, label="distance")
    inside = instant in calendar.window_start(now, length)
    assert inside == (instant <= now < leave)


@given(calendars(), lengths(), st.integers(min_value=0, max_value=40 * DAY))
def test_who_comes_later_does_not_leave_earlier(
    case: tuple[Calendar, int], length: Length, later: int
) -> None:
    calendar, instant = case
    leave = calendar.window_leave(instant, length)
    assert instant < leave <= calendar.window_leave(instant + later, length)


def test_a_duration_is_open_at_its_start() -> None:
    calendar = Calendar("Asia/Bangkok")
    now = parse_instant("2025-06-17T12:00:00+07:00")
    window = calendar.window_start(now, 30 * DAY)
    assert window == Window(now - 30 * DAY, start_included=False, end=now)
    assert now - 30 * DAY not in window
    assert now - 30 * DAY + 1 in window
    assert now in window
    assert now + 1 not in window


@pytest.mark.parametrize(
    ("length", "first"),
    [
        (calendar_days(30), "2025-05-19"),
        (calendar_days(1), "2025-06-17"),
        (period(8, Unit.CALENDAR_WEEKS), "2025-04-23"),
        (months(1), "2025-05-18"),
        (months(12), "2024-06-18"),
        (business_days(1), "2025-06-17"),
        (business_days(2), "2025-06-16"),
        (business_days(3), "2025-06-13"),
        (business_days(4), "2025-06-11"),
    ],
)
def test_windows_on_a_tuesday(length: Period, first: str) -> None:
    calendar = Calendar("Asia/Bangkok", holidays=frozenset({date(2025, 6, 12)}))
    window = calendar.window_start(parse_instant("2025-06-17T23:59:59.999999+07:00"), length)
    assert window.start == parse_instant(f"{first}T00:00:00+07:00")
    assert window.start in window
    assert window.start - 1 not in window


@pytest.mark.parametrize(
    ("posted", "length", "leaves"),
    [
        ("2025-01-28", months(1), "2025-02-28"),
        ("2025-01-31", months(1), "2025-03-01"),
        ("2025-01-29", months(1), "2025-03-01"),
        ("2024-01-29", months(1), "2024-02-29"),
        ("2024-02-29", months(12), "2025-03-01"),
        ("2025-12-31", months(2), "2026-03-01"),
        ("2025-06-13", business_days(2), "2025-06-17"),  # friday, as saturday and sunday
        ("2025-06-14", business_days(2), "2025-06-17"),
        ("2025-06-15", business_days(2), "2025-06-17"),
        ("2025-06-16", business_days(2), "2025-06-18"),
    ],
)
def test_when_an_entity_leaves(posted: str, length: Period, leaves: str) -> None:
    calendar = Calendar("Asia/Bangkok")
    instant = parse_instant(f"{posted}T18:00:00+07:00")
    assert calendar.window_leave(instant, length) == parse_instant(f"{leaves}T00:00:00+07:00")


# ----------------------------------------------------------------- deadlines


@given(calendars(), periods())
def test_a_deadline_lasts_to_the_end_of_its_last_day(
    case: tuple[Calendar, int], length: Period
) -> None:
    calendar, anchor = case
    last = last_in_time(calendar, date_of(calendar.zone, anchor), length)
    late = first_of(calendar.zone, last + ONE)
    assert calendar.deadline(anchor, length) == late
    assert calendar.within(late - 1, length, anchor)
    assert not calendar.within(late, length, anchor)


@given(calendars(), lengths())
def test_within_begins_with_its_anchor(case: tuple[Calendar, int], length: Length) -> None:
    calendar, anchor = case
    assert calendar.within(anchor, length, anchor)
    assert not calendar.within(anchor - 1, length, anchor)


def test_a_duration_is_in_time_to_its_last_microsecond() -> None:
    calendar = Calendar("Asia/Bangkok")
    assert calendar.deadline(0, 24 * HOUR) == 24 * HOUR + 1
    assert calendar.within(24 * HOUR, 24 * HOUR, 0)
    assert not calendar.within(24 * HOUR + 1, 24 * HOUR, 0)


@pytest.mark.parametrize(
    ("anchor", "length", "in_time", "late"),
    [
        # the first appeal, 30 days from the notice
        ("2025-03-01T15:00:00", calendar_days(30), "2025-03-31T23:59:59", "2025-04-01T00:00:00"),
        # the second appeal, 15 days from the rejection
        ("2025-04-10T23:59:59", calendar_days(15), "2025-04-25T23:59:59", "2025-04-26T00:00:00"),
        # the first review, on day 60 after delivery and on day 61
        ("2025-01-01T00:00:00", calendar_days(60), "2025-03-02T23:59:59", "2025-03-03T00:00:00"),
        ("2024-01-01T00:00:00", calendar_days(60), "2024-03-01T23:59:59", "2024-03-02T00:00:00"),
        ("2025-01-31T12:00:00", months(1), "2025-02-28T23:59:59", "2025-03-01T00:00:00"),
        ("2024-01-31T12:00:00", months(1), "2024-02-29T23:59:59", "2024-03-01T00:00:00"),
        ("2024-02-29T12:00:00", months(12), "2025-02-28T23:59:59", "2025-03-01T00:00:00"),
        # friday, and a holiday on the tuesday after
        ("2025-06-13T18:00:00", business_days(2), "2025-06-18T23:59:59", "2025-06-19T00:00:00"),
        ("2025-06-14T18:00:00", business_days(1), "2025-06-16T23:59:59", "2025-06-17T00:00:00"),
        ("2025-06-14T18:00:00", business_days(0), "2025-06-14T23:59:59", "2025-06-15T00:00:00"),
    ],
)
@pytest.mark.parametrize("offset", [("Asia/Bangkok", "+07:00"), ("Asia/Ho_Chi_Minh", "+07:00")])
def test_deadlines(
    anchor: str, length: Period, in_time: str, late: str, offset: tuple[str, str]
) -> None:
    name, suffix = offset
    calendar = Calendar(name, holidays=frozenset({date(2025, 6, 17)}))
    start = parse_instant(anchor + suffix)
    assert calendar.within(parse_instant(f"{in_time}.999999{suffix}"), length, start)
    assert not calendar.within(parse_instant(f"{late}{suffix}"), length, start)


def test_a_day_of_25_hours_is_one_day() -> None:
    calendar = Calendar("America/New_York")
    anchor = parse_instant("2025-11-01T23:00:00-04:00")
    assert calendar.deadline(anchor, calendar_days(1)) == parse_instant("2025-11-03T00:00:00-05:00")
    assert calendar.deadline(anchor, DAY) == parse_instant("2025-11-02T22:00:00-05:00") + 1


def test_millions_of_business_days_are_counted_at_once() -> None:
    calendar = Calendar("UTC", holidays=frozenset({date(2025, 12, 25)}))
    friday = date(2025, 6, 13)
    last = friday + timedelta(weeks=200_000, days=3)  # the holiday makes it a monday
    late = calendar.deadline(parse_instant(f"{friday}T12:00:00Z"), business_days(1_000_000))
    assert late == parse_instant(f"{last + ONE}T00:00:00Z")


# --------------------------------------------------------------------- hours


@given(calendars(), st.integers(0, 1439), st.integers(0, 1440))
def test_the_next_opening_is_the_first_open_instant(
    case: tuple[Calendar, int], start: int, end: int
) -> None:
    calendar, instant = case
    opening = hours(start, end)
    expected = instant
    while not is_open(calendar.zone, expected, opening):
        expected = (expected // MINUTE + 1) * MINUTE
    assert calendar.next_opening(instant, opening) == expected


@pytest.mark.parametrize(
    ("name", "start", "end", "instant", "opens"),
    [
        ("Asia/Bangkok", 540, 1260, "2025-06-17T08:59:59+07:00", "2025-06-17T09:00:00+07:00"),
        ("Asia/Bangkok", 540, 1260, "2025-06-17T20:59:59+07:00", "2025-06-17T20:59:59+07:00"),
        ("Asia/Bangkok", 540, 1260, "2025-06-17T21:00:00+07:00", "2025-06-18T09:00:00+07:00"),
        ("Asia/Bangkok", 1320, 360, "2025-06-17T05:59:59+07:00", "2025-06-17T05:59:59+07:00"),
        ("Asia/Bangkok", 1320, 360, "2025-06-17T06:00:00+07:00", "2025-06-17T22:00:00+07:00"),
        ("Asia/Bangkok", 540, 1440, "2025-06-17T23:59:59+07:00", "2025-06-17T23:59:59+07:00"),
        ("Asia/Bangkok", 540, 540, "2025-06-17T03:00:00+07:00", "2025-06-17T03:00:00+07:00"),
        # 02:00 becomes 03:00: the opening is skipped, then the whole of the hours
        ("America/New_York", 150, 300, "2025-03-09T01:00:00-05:00", "2025-03-09T03:00:00-04:00"),
        ("America/New_York", 120, 180, "2025-03-09T01:00:00-05:00", "2025-03-10T02:00:00-04:00"),
        # 02:00 becomes 01:00: inside twice
        ("America/New_York", 60, 90, "2025-11-02T01:30:00-04:00", "2025-11-02T01:00:00-05:00"),
        ("Pacific/Apia", 540, 600, "2011-12-29T10:00:00-10:00", "2011-12-31T09:00:00+14:00"),
    ],
)
def test_openings(name: str, start: int, end: int, instant: str, opens: str) -> None:
    found = Calendar(name).next_opening(parse_instant(instant), hours(start, end))
    assert found == parse_instant(opens)


# ------------------------------------------------------------- the calendar


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("count", [4_000_000, 10**15])
def test_a_length_may_lead_out_of_the_calendar(unit: Unit, count: int) -> None:
    calendar = Calendar("Asia/Bangkok")
    length = period(count, unit)
    for ask in (calendar.window_start, calendar.window_leave, calendar.deadline):
        with pytest.raises(OutOfCalendar):
            ask(0, length)


@pytest.mark.parametrize("weekend", [frozenset(range(7)), frozenset({7}), frozenset({-1, 5})])
def test_a_weekend_is_made_of_weekdays_and_ends(weekend: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="weekdays 0 to 6"):
        Calendar("Asia/Bangkok", weekend)


def test_an_unknown_zone_has_no_calendar() -> None:
    with pytest.raises(UnknownZone):
        Calendar("Asia/Bankok")


def test_a_calendar_is_made_from_a_program() -> None:
    holiday = date(2025, 12, 31)
    spec = CalendarSpec(frozenset({4, 5}), frozenset({holiday.toordinal()}))
    assert Calendar.of("Africa/Cairo", spec) == Calendar(
        "Africa/Cairo", frozenset({4, 5}), frozenset({holiday})
    )


def test_calendars_are_compared_by_what_they_say() -> None:
    calendar = Calendar("Asia/Bangkok", holidays=frozenset({date(2025, 12, 31)}))
    calendar.day_of(0)
    assert calendar == Calendar("Asia/Bangkok", holidays=frozenset({date(2025, 12, 31)}))
    assert calendar != Calendar("Asia/Bangkok")
    assert calendar != Calendar("Asia/Ho_Chi_Minh", holidays=frozenset({date(2025, 12, 31)}))
    assert calendar != Calendar("Asia/Bangkok", frozenset({6}), frozenset({date(2025, 12, 31)}))


@given(calendars(), periods())
def test_a_calendar_travels_between_processes(case: tuple[Calendar, int], length: Period) -> None:
    calendar, instant = case
    other = pickle.loads(pickle.dumps(calendar))  # noqa: S301 -- made on this line
    assert other == calendar
    assert hash(other) == hash(calendar)
    assert other.deadline(instant, length) == calendar.deadline(instant, length)


@pytest.mark.parametrize("name", ["zone", "clock", "weekend", "holidays"])
def test_a_calendar_cannot_be_changed(name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(Calendar("Asia/Bangkok"), name, None)
