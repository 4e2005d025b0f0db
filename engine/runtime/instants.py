"""Instants: whole microseconds since 1970-01-01T00:00:00Z, and their text.

Everything is computed with integers. A binary float of seconds could not even hold the microseconds
of our own century, and two instants that differ by one would compare as equal.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
DAY: Final = 24 * 60 * MINUTE

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_WHOLE_MINUTE: Final = timedelta(minutes=1)

EPOCH_DAY: Final = _EPOCH.toordinal()
"""The day number (`date.toordinal`) of 1970-01-01."""

FIRST_INSTANT: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
"""0001-01-01T00:00:00Z, the earliest instant that can be written."""

LAST_INSTANT: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
"""9999-12-31T23:59:59.999999Z, the latest instant that can be written."""

_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6}0*)?"
    r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_COMPLAINTS: Final = tuple(
    (re.compile(r"\d{4}-\d\d-\d\d[Tt ]" + pattern, re.ASCII), complaint)
    for pattern, complaint in (
        (r"\d\d:\d\d:60.*", "is a leap second, which the clocks of shops do not have"),
        (r"\d\d:\d\d:\d\d(?:\.\d+)?", "has no offset: add `Z` or one like `+07:00`"),
        (r".{8}\.\d{7,}.*", "is finer than a microsecond: cut it to six digits"),
    )
)


class InvalidInstant(ValueError):  # noqa: N818 -- says what was given, which is not our failure
    """A text or a datetime that names no instant; the message says why, for whoever wrote it."""


class OutOfCalendar(Exception):  # noqa: N818 -- says where the date lies; a rule's result, no crash
    """A date that no calendar covers: before the year 1 or after the year 9999.

    What is evaluated with it has the result `error`, and everything else goes on.
    """


def parse_instant(text: str) -> int:
    """Read an RFC 3339 time such as `2025-06-17T09:30:00+07:00` or `2025-06-17T02:30:00.25Z`.

    The offset is required. A fraction has at most six digits that count; a blank may stand for the
    `T`, as the standard allows.

    Raises:
        InvalidInstant: the text is something else, or lies outside the years 1 to 9999 in UTC.
    """
    if not _RFC_3339.fullmatch(text):
        raise InvalidInstant(f"the time `{text}` {_complaint(text)}")
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise InvalidInstant(f"the time `{text}` names a day that does not exist") from None
    return from_datetime(moment)


def _complaint(text: str) -> str:
    """What keeps a text from being an RFC 3339 time."""
    for pattern, complaint in _COMPLAINTS:
        if pattern.fullmatch(text):
            return complaint
    return "is not written like `2025-06-17T09:30:00+07:00`"


def from_datetime(moment: datetime) -> int:
    """The instant of a datetime that knows its offset.

    Raises:
        InvalidInstant: it has no offset, or lies outside the years 1 to 9999 in UTC.
    """
    if moment.utcoffset() is None:
        raise InvalidInstant(f"the time `{moment.isoformat()}` has no offset")
    instant = (moment - _EPOCH) // _MICROSECOND
    if not FIRST_INSTANT <= instant <= LAST_INSTANT:
        raise InvalidInstant(f"the time `{moment.isoformat()}` is outside the years 1 to 9999")
    return instant


def to_datetime(instant: int, zone: tzinfo) -> datetime:
    """The instant as the clocks of a zone show it.

    Raises:
        OutOfCalendar: they would show a year before 1 or after 9999.
    """
    try:
        return (_EPOCH + timedelta(microseconds=instant)).astimezone(zone)
    except OverflowError:
        raise OutOfCalendar("the instant is outside the years 1 to 9999") from None


def offset_of(moment: datetime) -> int:
    """By how many microseconds the clock of an aware datetime is ahead of UTC."""
    return (moment.utcoffset() or timedelta()) // _MICROSECOND


def format_instant(instant: int, zone: tzinfo) -> str:
    """Write an instant as RFC 3339 with the zone's offset, and a fraction only if there is one.

    Until about 1920 clocks showed local solar time, with offsets that have seconds. RFC 3339 has no
    place for those, so such a time is written with its offset cut down to whole minutes; what is
    written always reads back as the same instant.

    Raises:
        OutOfCalendar: the year would be before 1 or after 9999.
    """
    moment = to_datetime(instant, zone)
    offset = timedelta(microseconds=offset_of(moment))
    if offset % _WHOLE_MINUTE:
        moment = to_datetime(instant, timezone(offset // _WHOLE_MINUTE * _WHOLE_MINUTE))
    return moment.isoformat()
