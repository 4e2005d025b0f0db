"""Instants and their text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from revlex.engine.runtime.instants import (
    DAY,
    FIRST_INSTANT,
    LAST_INSTANT,
    InvalidInstant,
    OutOfCalendar,
    format_instant,
    from_datetime,
    parse_instant,
    to_datetime,
)
from revlex.engine.runtime.zones import zone

ZONES = ("UTC", "Asia/Bangkok", "Asia/Kathmandu", "America/New_York", "Africa/Monrovia")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01 00:00:00-00:00", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("1970-01-01T00:00:00.5Z", 500_000),
        ("1970-01-01T00:00:00.1234560000Z", 123_456),
        ("1970-01-01T07:00:00+07:00", 0),
        ("1969-12-31T23:30:00-00:30", 0),
        ("2025-06-17T00:00:00+07:00", 1_750_093_200_000_000),
        ("2024-02-29T23:59:59Z", 1_709_251_199_000_000),
        ("0001-01-01T00:00:00Z", FIRST_INSTANT),
        ("9999-12-31T23:59:59.999999Z", LAST_INSTANT),
    ],
)
def test_reads_rfc_3339(text: str, instant: int) -> None:
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("2025-06-17T00:00:00", "has no offset"),
        ("2025-06-17 00:00:00.25", "has no offset"),
        ("2016-12-31T23:59:60Z", "leap second"),
        ("2016-12-31T23:59:60", "leap second"),
        ("2025-06-17T00:00:00.1234567Z", "finer than a microsecond"),
        ("2025-02-29T00:00:00Z", "names a day that does not exist"),
        ("2025-13-01T00:00:00Z", "names a day that does not exist"),
        ("0000-12-31T00:00:00Z", "names a day that does not exist"),
        ("0001-01-01T00:00:00+00:01", "outside the years 1 to 9999"),
        ("9999-12-31T23:59:59-00:01", "outside the years 1 to 9999"),
        ("2025-06-17T24:00:00Z", "is not written like"),
        ("2025-06-17T00:60:00Z", "is not written like"),
        ("2025-06-17T00:00:00+24:00", "is not written like"),
        ("2025-06-17T00:00:00+07:60", "is not written like"),
        ("2025-06-17T00:00:00+0700", "is not written like"),
        ("2025-06-17T00:00:00+07", "is not written like"),
        ("2025-06-17T00:00:00.Z", "is not written like"),
        ("2025-06-17T00:00Z", "is not written like"),
        ("2025-06-17", "is not written like"),
        ("20250617T000000Z", "is not written like"),
        ("2025-W25-2T00:00:00Z", "is not written like"),
        ("2025-06-17T00:00:00Z ", "is not written like"),
        ("2025-06-17T00:00:00Z\n", "is not written like"),
        ("٢٠٢٥-06-17T00:00:00Z", "is not written like"),
        ("1750093200", "is not written like"),
        ("", "is not written like"),
    ],
)
def test_says_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(InvalidInstant, match=complaint):
        parse_instant(text)


@given(st.text(alphabet="0123456789-+:.TZ ", max_size=35))
def test_any_other_text_is_refused_in_words(text: str) -> None:
    try:
        instant = parse_instant(text)
    except InvalidInstant:
        return
    assert FIRST_INSTANT <= instant <= LAST_INSTANT


@given(
    st.datetimes(),
    st.integers(min_value=-1439, max_value=1439),
)
def test_a_datetime_is_counted_in_whole_microseconds(wall: datetime, offset: int) -> None:
    moment = wall.replace(tzinfo=timezone(timedelta(minutes=offset)))
    days = moment.date().toordinal() - date(1970, 1, 1).toordinal()
    seconds = (moment.hour * 60 + moment.minute - offset) * 60 + moment.second
    expected = days * DAY + seconds * 1_000_000 + moment.microsecond
    if FIRST_INSTANT <= expected <= LAST_INSTANT:
        assert from_datetime(moment) == expected
    else:
        with pytest.raises(InvalidInstant):
            from_datetime(moment)


def test_a_datetime_without_offset_is_refused() -> None:
    with pytest.raises(InvalidInstant, match="has no offset"):
        from_datetime(datetime(2025, 6, 17))  # noqa: DTZ001 -- the case is a datetime without zone


def test_a_repeated_hour_is_two_instants() -> None:
    first = datetime(2025, 11, 2, 1, 30, tzinfo=zone("America/New_York"))
    assert from_datetime(first.replace(fold=1)) - from_datetime(first) == DAY // 24


@pytest.mark.parametrize(
    ("instant", "name", "text"),
    [
        (0, "UTC", "1970-01-01T00:00:00+00:00"),
        (0, "Asia/Kathmandu", "1970-01-01T05:30:00+05:30"),
        (1, "Asia/Bangkok", "1970-01-01T07:00:00.000001+07:00"),
        (1_750_093_200_000_000, "Asia/Bangkok", "2025-06-17T00:00:00+07:00"),
        (1_750_093_200_000_000, "America/New_York", "2025-06-16T13:00:00-04:00"),
        # local solar time: +06:42:04 is written with the whole minutes of its offset
        (-2_208_988_800_000_000, "Asia/Bangkok", "1900-01-01T06:42:00+06:42"),
        (0, "Africa/Monrovia", "1969-12-31T23:15:00-00:45"),
    ],
)
def test_writes_rfc_3339(instant: int, name: str, text: str) -> None:
    assert format_instant(instant, zone(name)) == text


@given(
    st.integers(min_value=FIRST_INSTANT + DAY, max_value=LAST_INSTANT - DAY),
    st.sampled_from(ZONES),
)
@example(instant=-2_208_988_800_000_000, name="Africa/Monrovia")
def test_what_is_written_reads_back(instant: int, name: str) -> None:
    assert parse_instant(format_instant(instant, zone(name))) == instant


@given(st.integers(min_value=FIRST_INSTANT, max_value=LAST_INSTANT))
def test_a_datetime_reads_back(instant: int) -> None:
    assert from_datetime(to_datetime(instant, UTC)) == instant


@pytest.mark.parametrize(
    ("instant", "name"),
    [
        (FIRST_INSTANT - 1, "UTC"),
        (LAST_INSTANT + 1, "UTC"),
        (FIRST_INSTANT, "America/New_York"),
        (LAST_INSTANT, "Asia/Bangkok"),
        (10**30, "UTC"),
    ],
)
def test_no_clock_shows_a_year_outside_the_calendar(instant: int, name: str) -> None:
    with pytest.raises(OutOfCalendar):
        format_instant(instant, zone(name))
